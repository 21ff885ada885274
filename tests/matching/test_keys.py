from __future__ import annotations

from collections.abc import Callable

import pytest
from hypothesis import given

from events.description import Name, Person
from hub.matching.features import Features, features
from hub.matching.keys import KINDS, blocking_keys
from tests.matching.builders import ELSEWHERE, adult, child, household
from tests.matching.strategies import FEATURES

MOST = 20


def shared(one: Features, other: Features) -> set[str]:
    return {kind for kind, _ in set(blocking_keys(one)) & set(blocking_keys(other))}


@given(FEATURES)
def test_keys_are_few_each_once_and_have_no_empty_part(found: Features) -> None:
    keys = blocking_keys(found)

    assert len(keys) <= MOST
    assert len(set(keys)) == len(keys)
    assert {kind for kind, _ in keys} <= set(KINDS)
    assert all(part.strip() for kind, value in keys for part in (kind, *value.split("|")))


@given(FEATURES)
def test_no_key_is_a_date_of_birth_or_a_postcode_alone(found: Features) -> None:
    values = {value for _, value in blocking_keys(found)}

    assert values.isdisjoint({found.birth, found.birth[:4], found.postcode} - {""})


@pytest.mark.parametrize(
    "told",
    [
        child(given="Millie", family="Madeup", home=ELSEWHERE),
        child(family="Madeup", home=ELSEWHERE),
        child(given="Zofia", home=ELSEWHERE),
        child(born="2016-09-04", home=ELSEWHERE),
        child(born="2016-04-19", home=ELSEWHERE),
        child(given="Inventedson", family="Amelia", home=ELSEWHERE),
        child(given="Inventedson", family="Amelia", born=None),
        child(born=None),
        child(born="2011-12-30", family="Madeup"),
        child(given=None, family="Madeup"),
        child(given="Zofia", family="Madeup", born=None),
        child(family="Inventedson-Madeup", home=ELSEWHERE),
        child(given="Emelia", family="Inventidsen", born=None),
    ],
    ids=lambda told: f"{told.name.given} {told.name.family} {told.birth and told.birth.date} {told.address.postcode}",
)
def test_somebody_is_found_in_spite_of_these_slips(told: Person) -> None:
    assert shared(features(child()), features(told))


def test_somebody_who_moved_is_found_through_an_adult_without_any_date() -> None:
    known, mother = household(child(), adult("Katherine", "Madeup"))
    told, told_mother = household(
        child(family="Madeup", born=None, home=ELSEWHERE), adult("Kate", "Madep", home=ELSEWHERE)
    )

    assert shared(known, told) == {"parent"}
    assert shared(mother, told_mother) == {"child", "name"}


def test_a_couple_who_moved_is_found_by_both_their_names() -> None:
    known, _ = household(adult("Katherine", "Madeup"), adult("Thomas", "Madeup"))
    told, _ = household(adult("Kate", "Madeup", home=ELSEWHERE), adult("Thomas", "Madep", home=ELSEWHERE))

    assert shared(known, told) == {"couple", "name"}


@pytest.mark.parametrize(
    "written", [lambda n: n.upper(), lambda n: n.replace("O\u2019", "O'"), lambda n: n.replace("O\u2019", "O ")]
)
def test_keys_do_not_depend_on_how_a_name_is_written(written: Callable[[str], str]) -> None:
    name = "O\u2019Fictional"

    assert blocking_keys(features(child(family=written(name)))) == blocking_keys(features(child(family=name)))


@pytest.mark.parametrize("given", ["Hamza", "Muhammad", "Muhammadhamza"])
def test_of_several_given_names_each_is_looked_up(given: str) -> None:
    told = features(child(given, born=None, home=None))
    assert "name" in shared(told, features(child("Muhammad Hamza", born=None, home=None)))


def test_a_whole_name_is_looked_up_as_written_beside_all_that_sound_like_it() -> None:
    one, other = features(child("Begum", "Nadia", born=None)), features(child("Nadia", "Begum", born=None))
    alike = features(child("Nadeya", "Bagam", born=None))

    assert {"name", "written"} <= shared(one, other)
    assert "written" not in shared(one, alike)


def test_people_who_share_nothing_have_no_key_in_common() -> None:
    other = child(given="Zofia", family="Kalpanik", born="2011-12-30", home=ELSEWHERE)

    assert shared(features(child()), features(other)) == set()


def test_what_is_no_name_is_no_key() -> None:
    assert blocking_keys(features(Person(name=Name(given="Baby", family="Unknown")))) == (("", ""),)[:0]
