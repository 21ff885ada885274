"""The invented population: nobody in it can exist, and everything that makes families hard is in it."""

from __future__ import annotations

from datetime import date

import pytest

from events.description import Birth
from hub.routing import TRIAGE, route
from hub.synth.names import ORIGINS
from hub.synth.people import Family, at_school, families, year_group
from hub.synth.places import AREAS, IMPOSSIBLE_LETTERS, NO_FIXED_ABODE

ON = date(2026, 11, 23)


@pytest.fixture(scope="module")
def everybody() -> list[Family]:
    return list(families(3_000, 1, ON))


def test_the_same_seed_gives_the_same_people(everybody: list[Family]) -> None:
    assert list(families(200, 1, ON)) == everybody[:200]
    assert list(families(200, 2, ON)) != everybody[:200]


def test_no_postcode_can_exist(everybody: list[Family]) -> None:
    outward = {code for area in AREAS for code in area.outward}
    homes = [home for family in everybody for home in (family.home, family.moved) if home]
    for home in homes:
        if home.postcode != NO_FIXED_ABODE:
            first, inward = home.postcode.split(" ")
            assert first in outward
            assert inward[0].isdigit()
            assert set(inward[1:]) <= set(IMPOSSIBLE_LETTERS)
    assert NO_FIXED_ABODE in {home.postcode for home in homes}


def test_an_outward_code_belongs_to_one_district() -> None:
    codes = [code for area in AREAS for code in area.outward]
    assert len(codes) == len(set(codes))
    assert {area.district for area in AREAS} == {
        "PETERBOROUGH", "CAMBRIDGE", "EAST_CAMBS", "FENLAND", "HUNTINGDONSHIRE", "SOUTH_CAMBS",
    }  # fmt: skip


def test_the_hub_routes_a_family_to_its_own_district(everybody: list[Family]) -> None:
    for family in everybody:
        queue = route(family.home.postcode, Birth(date="2014-01-01"), "6", unborn=False, on=ON).queue
        district = family.home.area.district
        if family.home.postcode == NO_FIXED_ABODE:
            assert queue == TRIAGE
        else:
            assert queue == district or (district == "PETERBOROUGH" and queue.startswith("MASG_"))


def test_every_district_and_every_origin_has_families(everybody: list[Family]) -> None:
    assert {family.home.area.district for family in everybody} == {area.district for area in AREAS}
    assert {family.origin.dfe for family in everybody} == {origin.dfe for origin in ORIGINS}


def test_surnames_are_invented(everybody: list[Family]) -> None:
    invented = {name for origin in ORIGINS for name in origin.surnames}
    for family in everybody:
        assert all(adult.surname in invented for adult in family.adults)
        assert all(child.surname in invented for child in family.children if child.given)


def test_no_two_people_share_an_identifier(everybody: list[Family]) -> None:
    children = [child for family in everybody for child in family.children]
    for numbers in (
        [child.nhs for child in children if child.nhs],
        [child.upn for child in children if child.upn],
        [adult.nino for family in everybody for adult in family.adults],
        [child.key for child in children],
    ):
        assert len(numbers) == len(set(numbers))


def test_the_hard_cases_are_there(everybody: list[Family]) -> None:
    children = [child for family in everybody for child in family.children]
    assert {len(family.children) for family in everybody} == {1, 2, 3, 4, 5}
    assert any(len({c.born for c in family.children}) < len(family.children) for family in everybody)  # twins
    assert any(child.unborn and child.born > ON for child in children)
    assert any(len(family.children) == 1 and family.children[0].unborn for family in everybody)
    assert any(not child.given and not child.unborn for child in children)  # one name only
    assert any(family.home.restricted for family in everybody)
    assert any(family.moved and family.moved.area != family.home.area for family in everybody)
    assert any(adult.surname != family.children[0].surname for family in everybody for adult in family.adults)


def test_twins_have_two_names(everybody: list[Family]) -> None:
    for family in everybody:
        named = [(child.given, child.surname) for child in family.children if child.given]
        assert len(named) == len(set(named))


def test_adults_are_grown_up_when_the_first_child_comes(everybody: list[Family]) -> None:
    for family in everybody:
        first = min(child.born for child in family.children)
        assert all((first - adult.born).days >= 18 * 365 for adult in family.adults)


def test_only_children_of_school_age_have_a_pupil_number(everybody: list[Family]) -> None:
    for family in everybody:
        assert all(child.upn for child in at_school(family, ON))
        assert not any(child.upn for child in family.children if year_group(child, ON) < 0)
