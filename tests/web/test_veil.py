"""A protected address is found in free text in whatever spelling, and nothing else is blacked out."""

from __future__ import annotations

from random import Random
from typing import Any

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from events.description import Address
from hub.synth.places import Home, a_home
from hub.synth.words import CONCERNS, DWP_REASONS, INCIDENTS, UNBORN, VOICES, said
from hub.veil_words import HIDDEN, Veil

SEPARATORS = st.sampled_from((" ", ", ", ",\n", "\n", "\r\n", "  ", " - ", "; "))
SHORT = {"Road": "Rd", "Lane": "ln", "Close": "Cl.", "Street": "St", "Avenue": "ave", "Court": "Ct", "Crescent": "cres"}
HOUSE = Address(lines=("The Old Pretend Mill", "Fable Drove"), town="Orton Pretend", postcode="PE13 4VV")


def home(seed: int) -> Home:
    return a_home(Random(seed))


def told(where: Home) -> Address:
    return Address(lines=(where.line,), town=where.town, postcode=where.postcode, restricted=True)


@st.composite
def written(draw: st.DrawFn) -> tuple[Home, str]:
    """A home of the generator as somebody types it in a hurry: parts in any case, shortened, run on or broken up."""
    where = home(draw(st.integers(0, 100_000)))
    kind = where.street.rsplit(" ", 1)[-1]
    street = where.street.replace(kind, SHORT.get(kind, kind)) if draw(st.booleans()) else where.street
    street = street.replace("'", draw(st.sampled_from(("'", "\u2019", ""))))
    postcode = where.postcode.replace(" ", draw(st.sampled_from(("", " ", "  ", "-"))))
    number = where.number.replace("Flat", draw(st.sampled_from(("Flat", "flat", "FLAT"))))
    parts = [draw(st.sampled_from((number, number.rstrip(",")))), street, where.town, postcode]
    parts = parts[draw(st.integers(0, 1)) :]
    text = "".join(f"{part}{draw(SEPARATORS)}" for part in parts)
    change: Any = draw(st.sampled_from((str, str.lower, str.upper)))
    return where, change(text)


@given(
    written(),
    st.sampled_from(("Fled to ", "now at:\n", "(", "address ")),
    st.sampled_from(("", ". Knows nobody.", ")")),
)
def test_an_address_of_the_family_is_hidden_in_any_spelling(there: tuple[Home, str], before: str, after: str) -> None:
    where, text = there

    shown = Veil([told(where)]).over(f"{before}{text}. Knows nobody.")

    left = shown.replace(HIDDEN, "").casefold()
    words = [word for word in where.street.casefold().replace("'s", "").split() if word != "st"]
    for word in (
        *words[:1],
        where.town.casefold(),
        where.postcode.casefold(),
        where.postcode.casefold().replace(" ", ""),
    ):
        assert word not in left
    assert not any(sign.isdigit() for sign in left)
    assert shown.startswith(before)


@given(written())
@example((home(1), "7 storybook lane\nmarchless\npe139vv"))
def test_without_knowing_it_street_and_postcode_are_hidden_where_they_look_like_one(there: tuple[Home, str]) -> None:
    where, text = there
    left = Veil().over(text).replace(HIDDEN, "").casefold()
    assert where.postcode.casefold().split()[1] not in left
    assert where.postcode.casefold().replace(" ", "") not in left


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("Now at the old pretend mill, fable drove.", "Now at [protected], [protected]."),
        ("Seen near Old Pretend Mill", "Seen near Old Pretend Mill"),
        ("Moved to\nThe Old\nPretend Mill\nOrton  Pretend", "Moved to\n[protected]\n[protected]"),
        ("lives in pe13", "lives in [protected]"),
        ("PE 13 4vv", "[protected]"),
        ("pe134vv", "[protected]"),
        ("Flat 2, 7 Fable Drove", "[protected]"),
    ],
)
def test_house_names_and_villages_are_hidden_where_they_are_known(text: str, shown: str) -> None:
    assert Veil([HOUSE]).over(text) == shown


@pytest.mark.parametrize(
    "text",
    [
        "12 new lane",
        "12a New Lane",
        "12 New Ln",
        "flat 3",
        "Flat B",
        "Flat 3, 12 New Road",
        "12 st mary's way",
        "New Lane",
        "7\nNew\nLane",
        "cb11vv",
        "CB1-1VV",
        "4 Court",
    ],
)
def test_what_looks_like_a_place_is_hidden_though_nobody_knows_it(text: str) -> None:
    assert Veil().over(f"Go to {text}.") == f"Go to {HIDDEN}."


@pytest.mark.parametrize(
    "text",
    [
        "Missed 12 lessons on the way.",
        "3 days in a row",
        "5 minutes walk from school",
        "2 children and the house is cold",
        "Year 4 is a close group",
        "at 9 they close",
        "a flat a long way off",
        "He is 7 and has a court date",
        "the 2 of them drive",
        "Grade 4b in maths, 26 weeks",
        "It happened 3 times this way",
    ],
)
def test_ordinary_words_are_left_alone(text: str) -> None:
    assert Veil().over(text) == text


def test_nothing_in_the_words_of_the_invented_week_is_blacked_out() -> None:
    everything = [part for each in (*CONCERNS, UNBORN) for part in (each.text, each.ask, each.tick)]
    everything += [*INCIDENTS, *VOICES, *(reason for _, reason in DWP_REASONS)]
    veils = [Veil(), *(Veil([told(home(seed))]) for seed in range(50))]
    for text in everything:
        plain = said(text, "Sam", "mother")
        for veil in veils:
            assert veil.over(plain) == plain


def test_an_address_of_common_words_alone_hides_no_other_word() -> None:
    veil = Veil([Address(lines=("The House", "c/o"), town="", postcode=None)])
    assert veil.over("The house is cold, care of the school.") == "The house is cold, care of the school."
