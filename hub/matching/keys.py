"""By which keys somebody who may be known is looked up. One key in common makes two people candidates, no more.

No key is made of a date of birth or a postcode alone, and none has an empty part. Names go in by their sound, nicknames
by one stand-in, full dates so that day and month may be swapped. Which slips each key outlives:

nhs, upn, ni   everything but a slip in the number itself
birth-name     a move, and either name: there is one for each of them, so they may be swapped too
birth-street   both names and the postcode
name           a move, and any date of birth; names swapped
written        the same, without a slip in it, where too many have names of that sound
name-street    the date of birth, the postcode and the house number; names swapped, and common
postcode-name  the date of birth, and either name; names swapped
house          both names and the date of birth, within one house of one postcode
street         both names, the date of birth and the postcode, with the same number in a street of such a name
contact        everything but the telephone number or e-mail address
parent, child  a move, the date of birth and the child's family name; a child without a name goes by the year
couple         a move, and all the children

What many share is not looked by (`known.MOST_OWNERS`), so where a name is common the keys do that hold it together with
something else. On FEBRL4 (5,000 pairs, most with several slips in one record) they find 99.7 % with 7.3 keys a person;
of the hard UK set 98.8 % with 9.5, for some descriptions there are a name and nothing else. Left out as they found
nobody whom the others did not find: the whole name with a town, and with a year of birth.
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import chain
from typing import Final

from hub.matching.dates import FULL, unordered
from hub.matching.features import Features
from hub.matching.nicknames import stand_in
from hub.matching.sounds import sound
from hub.matching.spelling import spelling

Key = tuple[str, str]

KINDS: Final = {
    "nhs": "NHS number",
    "upn": "UPN",
    "ni": "NI number",
    "birth-name": "date of birth with a name",
    "birth-street": "date of birth with a street",
    "name": "whole name",
    "written": "whole name as it is written",
    "name-street": "whole name with a street",
    "name-town": "whole name with a town",
    "postcode-name": "postcode with a name",
    "house": "postcode with a house number",
    "street": "street with a house number",
    "contact": "telephone number or email",
    "parent": "name of an adult with a child's given name",
    "child": "name of a child with an adult's name",
    "couple": "names of two adults",
}

_MOST = 2  # of what somebody has several of
_ROUGH, _FAIR = 2, 3  # letters of a sound; beside a date or a postcode the roughest will do


def blocking_keys(f: Features) -> tuple[Key, ...]:
    """(kind, plain value), each once. The caller hashes: the values are personal."""
    givens = _givens(f)
    families = tuple(dict.fromkeys(sound(word) for word in f.family_words))[:_MOST]
    street = sound(f.street.split(" ", 1)[0]) if f.street else ""
    rough = [name[:_ROUGH] for name in (*givens, *families)]
    found = [*_numbers(f), *_birth(f, rough, street), *_home(f, rough, street), *_people(f)]
    if f.given and f.family:
        found.append(("written", "|".join(sorted((spelling(f.given[0]), spelling(f.family[0]))))))
    if families:
        found += chain.from_iterable(_whole_name(given, families[0], street) for given in givens)
    return tuple(dict.fromkeys(found))


def _givens(f: Features) -> tuple[str, ...]:
    """The given name; of several words or forms the first, the last and all in one: each may stand alone."""
    words = f.given_words
    found = words if len(words) <= 1 else (words[0], words[-1], f.given[0])
    return tuple(dict.fromkeys(sound(stand_in(word)) for word in found))


def _numbers(f: Features) -> Iterator[Key]:
    yield from (("nhs", value) for value in f.nhs)
    yield from (("upn", value) for value in f.upn)
    yield from (("ni", value) for value in f.ni)


def _birth(f: Features, rough: list[str], street: str) -> Iterator[Key]:
    if len(f.birth) == FULL and not f.expected:
        day = unordered(f.birth)
        yield from (("birth-name", f"{day}|{name}") for name in rough)
        if street:
            yield "birth-street", f"{day}|{street[:_ROUGH]}"


def _home(f: Features, rough: list[str], street: str) -> Iterator[Key]:
    if f.postcode:
        yield from (("postcode-name", f"{f.postcode}|{name}") for name in rough)
        if f.house:
            yield "house", f"{f.postcode}|{f.house}"
    if f.house and street:
        kind = f.street.split(" ")[1:2] or [street]
        yield "street", f"{f.house}|{street}|{kind[0][0]}"


def _whole_name(given: str, family: str, street: str) -> Iterator[Key]:
    """Both names in the order of the alphabet, for they may have changed places."""
    one, other = sorted((given, family))
    yield "name", f"{one}|{other}"
    if street:
        yield "name-street", f"{one[:_FAIR]}|{other[:_FAIR]}|{street[:_FAIR]}"


def _people(f: Features) -> Iterator[Key]:
    yield from (("contact", each) for each in f.contacts[:_MOST])
    if not f.adult:
        child = sound(stand_in(f.given[0])) if f.given else f.birth[:4] or "no name"
        yield from (("parent", f"{_heard(adult)}|{child}") for adult in f.adults[:_MOST])
    elif f.given and f.family:
        adult = _heard(f"{f.given[0]} {f.family[0]}")
        yield from (("child", f"{adult}|{sound(stand_in(child))}") for child in f.children[:_MOST])
        yield from (("couple", "|".join(sorted((adult, _heard(other))))) for other in f.adults[:_MOST])


def _heard(adult: str) -> str:
    given, family = adult.split(" ")
    return f"{sound(stand_in(given))} {sound(family)}"
