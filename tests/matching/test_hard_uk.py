from __future__ import annotations

from collections import Counter
from itertools import chain

import pytest

from events.description import Adult
from hub.identifiers import RULES
from hub.matching.quality.told import Dataset, Told, everybody
from hub.synth.hard_uk import hard_uk

FAMILIES = 1_500


@pytest.fixture(scope="module")
def made() -> Dataset:
    return hard_uk(FAMILIES, 5)


@pytest.fixture(scope="module")
def told(made: Dataset) -> list[Told]:
    return [*everybody(made.register), *everybody(made.arrivals)]


def share(told: list[Told], slip: str) -> float:
    return sum(slip in each.slips for each in told) / len(told)


def test_one_seed_makes_one_set_and_another_seed_another() -> None:
    assert hard_uk(40, 1) == hard_uk(40, 1)
    assert hard_uk(40, 1) != hard_uk(40, 2)


def test_who_arrives_is_partly_known_and_partly_new(made: Dataset) -> None:
    known = {each.truth for each in everybody(made.register)}
    arriving = [each.truth in known for each in everybody(made.arrivals)]
    assert 0.35 < sum(arriving) / len(arriving) < 0.65


def test_every_ethnic_group_of_the_code_list_that_people_state_is_in_it(told: list[Told]) -> None:
    groups = Counter(each.groups["ethnicity"] for each in told)
    assert len(groups) == 18


def test_twins_are_in_it_with_one_sex_and_near_names(told: list[Told]) -> None:
    litters: dict[str, dict[str, Told]] = {}
    for each in told:
        if "C" in each.truth[7:]:
            litters.setdefault(each.litter, {})[each.truth] = each
    twins = [list(litter.values()) for litter in litters.values() if len(litter) == 2]

    assert len(twins) > 15
    assert any(one.groups["sex"] == other.groups["sex"] for one, other in twins)


def test_one_telling_names_each_person_once(made: Dataset) -> None:
    for submission in chain(made.register, made.arrivals):
        truths = [each.truth for each in submission]
        assert len(set(truths)) == len(truths)


def test_a_twentieth_of_the_numbers_is_wrong_some_of_them_valid_and_somebody_elses(told: list[Told]) -> None:
    numbers = [(each, one) for each in told for one in each.person.identifiers]
    failing = [one for _, one in numbers if not RULES[one.scheme](one.value).valid]
    marked = sum(slip.endswith(("-check", "-relative", "-stranger")) for each in told for slip in each.slips)

    assert 0.008 < len(failing) / len(numbers) < 0.022
    assert 0.02 < marked / len(numbers) < 0.04
    assert any("nhs-stranger" in each.slips for each in told)


def test_agencies_give_what_they_hold(told: list[Told]) -> None:
    schemes = {name: Counter[str]() for name in ("school", "health", "dwp", "police")}
    for each in told:
        if each.slips[0] in schemes:
            schemes[each.slips[0]].update(one.scheme for one in each.person.identifiers)

    assert set(schemes["school"]) == {"UPN"}
    assert set(schemes["health"]) == {"NHS_NUMBER"}
    assert set(schemes["dwp"]) == {"NI_NUMBER"}
    assert not schemes["police"]


@pytest.mark.parametrize(
    "slip",
    ["given-typed", "family-typed", "short-name", "swapped", "given-spelt", "former-name", "day-month", "guessed"],
)
def test_every_kind_of_slip_happens_but_not_to_everybody(told: list[Told], slip: str) -> None:
    assert 0 < share(told, slip) < 0.1


def test_dates_of_birth_are_missing_partial_or_estimated_for_some(told: list[Told]) -> None:
    births = [each.person.birth for each in told]
    assert 0.1 < sum(birth is None for birth in births) / len(births) < 0.5
    assert any(birth and len(birth.date) == 4 for birth in births)
    assert any(birth and birth.estimated for birth in births)


def test_numbers_of_adults_are_not_given_to_children(told: list[Told]) -> None:
    for each in told:
        schemes = {one.scheme for one in each.person.identifiers}
        assert isinstance(each.person, Adult) or "NI_NUMBER" not in schemes
