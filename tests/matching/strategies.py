"""Any person that the hub could be told of, nonsense included."""

from __future__ import annotations

from datetime import date

from hypothesis import strategies as st

from events.description import Address, Adult, Birth, ContactPoint, Identifier, IdentifierScheme, Name, Person, Sex
from hub.matching.features import Features, contexts, features

ODD = (
    *("", "?", "???", "Unknown", "Baby", "-", "'", "\U0001f600", "O\u2019Fictional", "van der Madeup", "X", "x" * 700),
    *("al-Khayali", "\u0645\u062d\u0645\u062f", "\u05d3\u05de\u05d9\u05d5\u05df", "Mei Ling", "Mc Pretend"),
    *("\u0130\u0131\u017f\u1e9e", "\ufdfa" * 100),
)
SIGNS = st.characters(exclude_categories=("Cc", "Cs"))
LINES = st.one_of(st.sampled_from(ODD), st.text(SIGNS, max_size=24), st.text("abs \u0141'-", max_size=8))
MAYBE = st.none() | LINES
NAMES = st.builds(
    Name, family=MAYBE, given=MAYBE, middle=MAYBE, preferred_family=MAYBE, preferred_given=MAYBE, former_family=MAYBE
)
DAYS = st.dates(date(1900, 1, 1), date(2030, 1, 1)).map(date.isoformat)
BIRTHS = st.builds(
    Birth, date=DAYS | DAYS.map(lambda day: day[:7]) | DAYS.map(lambda day: day[:4]),
    estimated=st.booleans(), expected=st.booleans(),
)  # fmt: skip
ADDRESSES = st.builds(
    Address, lines=st.lists(LINES, max_size=3).map(tuple), town=MAYBE,
    postcode=st.none() | st.sampled_from(("PE29 1AA", "pe291ab", "ZZ99 3VZ", "?", "2611")),
    uprn=st.none() | st.just("123"),
)  # fmt: skip
CONTACTS = st.builds(ContactPoint, kind=st.sampled_from(("phone", "email")), value=LINES)
IDENTIFIERS = st.builds(
    Identifier, scheme=st.sampled_from(IdentifierScheme),
    value=st.sampled_from(("9000000009", "9000000017", "B801200005001", "AB123456C", "?")),
)  # fmt: skip
PARTS = {
    "name": NAMES,
    "birth": st.none() | BIRTHS,
    "sex": st.sampled_from(Sex),
    "unborn": st.booleans(),
    "school": MAYBE,
    "address": st.none() | ADDRESSES,
    "contacts": st.lists(CONTACTS, max_size=3).map(tuple),
    "identifiers": st.lists(IDENTIFIERS, max_size=3).map(tuple),
}
PEOPLE = st.builds(Person, **PARTS) | st.builds(Adult, **PARTS)


def _first(people: list[Person]) -> Features:
    return features(people[0], contexts(people)[0])


FEATURES = st.lists(PEOPLE, min_size=1, max_size=4).map(_first)
