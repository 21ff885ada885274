from __future__ import annotations

import pytest

from events.description import Birth, Person
from hub.matching.dates import one_slip, swapped, unordered, usable
from hub.matching.features import features
from hub.matching.same_birth import BirthLevel, birth_level


def level(one: Birth, other: Birth) -> int:
    a, b = features(Person(birth=one)), features(Person(birth=other))
    assert birth_level(a, b) == birth_level(b, a)
    return birth_level(a, b)


@pytest.mark.parametrize(
    ("one", "other", "found"),
    [
        ("2016-04-09", "2016-04-09", BirthLevel.SAME),
        ("2016-01-01", "2016-01-01", BirthLevel.SAME_MONTH_GIVEN),  # written where only the year is known
        ("2016-04-09", "2016-04", BirthLevel.SAME_MONTH_GIVEN),
        ("2016-04-09", "2016-09-04", BirthLevel.SWAPPED),
        ("2016-04-09", "2016-04-08", BirthLevel.SLIP),
        ("2016-04-12", "2016-04-21", BirthLevel.SLIP),
        ("2016-04-09", "2061-04-09", BirthLevel.SLIP),
        ("2016-04-09", "2016-04-27", BirthLevel.PARTLY),
        ("2016-04-09", "2003-04-09", BirthLevel.PARTLY),
        ("2016-04-09", "2016", BirthLevel.YEAR_GIVEN),
        ("2016-04", "2016", BirthLevel.YEAR_GIVEN),
        ("2016-04", "2016-05", BirthLevel.DIFFERS),
        ("2016-04-09", "2018-11-27", BirthLevel.DIFFERS),
        ("2016-04-09", "1986-11-27", BirthLevel.FAR),
        ("1900-01-01", "2016-04-09", 0),
    ],
)
def test_two_dates_agree_so_far(one: str, other: str, found: int) -> None:
    assert level(Birth(date=one), Birth(date=other)) == found


def test_an_estimated_date_is_not_an_exact_one() -> None:
    assert level(Birth(date="2016-04-09", estimated=True), Birth(date="2016-04-09")) == BirthLevel.YEAR_GIVEN
    assert level(Birth(date="2016-04-09", estimated=True), Birth(date="2013-04-09")) == BirthLevel.DIFFERS


def test_a_child_is_born_near_the_date_it_was_expected_at() -> None:
    expected = Birth(date="2026-04-09", expected=True)

    assert level(expected, Birth(date="2026-03-20")) == BirthLevel.EXPECTED
    assert level(expected, Birth(date="2025-12-20")) == BirthLevel.DIFFERS
    assert level(expected, Birth(date="2026-03")) == BirthLevel.YEAR_GIVEN
    assert level(expected, expected) == BirthLevel.SAME


def test_a_date_and_the_same_with_day_and_month_swapped_are_one_without_order() -> None:
    assert unordered("2016-04-09") == unordered("2016-09-04")
    assert swapped("2016-04-09", "2016-09-04")
    assert not swapped("2016-04-09", "2017-09-04")


def test_two_slips_are_not_one() -> None:
    assert not one_slip("2016-04-09", "2016-05-08")
    assert not one_slip("2016-04-09", "2016-04-09")


def test_dates_that_systems_write_for_none_are_not_used() -> None:
    assert usable("1900-01-01") == ""
    assert usable("1971-01-01") == "1971-01-01"
