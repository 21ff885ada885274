"""The invented agencies are ones that the hub can register."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from events.basis import AgencyKind
from hub import identifiers as rules
from hub.connectors.police_forces import FORCES
from hub.synth.agencies import SCHOOLS, agencies, school_of
from hub.synth.places import AREAS

RULES: dict[AgencyKind, Callable[[str], rules.Check]] = {
    AgencyKind.SCHOOL: rules.urn,
    AgencyKind.NURSERY: rules.ofsted_number,
    AgencyKind.HEALTH: rules.ods_code,
    AgencyKind.CHARITY: rules.charity_number,
}


def test_every_kind_of_partner_takes_part() -> None:
    assert {agency.kind for agency in agencies()} == set(AgencyKind) - {AgencyKind.COUNCIL}


def test_codes_are_distinct_and_fit_a_topic_name() -> None:
    codes = [agency.code for agency in agencies()]
    assert len(codes) == len(set(codes))
    assert all(code.replace("-", "").isalnum() and code == code.lower() for code in codes)


@pytest.mark.parametrize("kind", RULES)
def test_identifiers_are_of_the_right_shape(kind: AgencyKind) -> None:
    found = [agency.identifier for agency in agencies() if agency.kind is kind]
    assert found
    assert all(RULES[kind](identifier).valid for identifier in found)


def test_each_force_has_a_field_map() -> None:
    police = {agency.identifier for agency in agencies() if agency.kind is AgencyKind.POLICE}
    assert police == {force.force for force in FORCES}


def test_each_district_has_a_primary_and_a_secondary_school() -> None:
    assert {school_of(area, primary=primary).code for area in AREAS for primary in (True, False)} == {
        school.code for school in SCHOOLS
    }
    numbers = [f"{school.area.authority}{school.establishment}" for school in SCHOOLS if school.area]
    assert all(rules.dfe_number(number).valid for number in numbers)
    assert len(set(numbers)) == len(SCHOOLS)
