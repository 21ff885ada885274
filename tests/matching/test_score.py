from __future__ import annotations

from hypothesis import given

from events.description import Sex
from hub.matching.compare import PLACE_OF
from hub.matching.features import Features
from hub.matching.model import shipped
from hub.matching.reasons import reasons, reasons_within
from hub.matching.score import score
from tests.matching.builders import AT, ELSEWHERE, adult, child, compared, household
from tests.matching.strategies import FEATURES


def test_the_same_description_twice_scores_above_the_link_threshold() -> None:
    found = compared(child(), child())

    assert found.total >= AT.link
    assert found.within >= AT.link_within


def test_the_total_is_the_sum_of_the_weights() -> None:
    found = compared(child(), child(given="Millie", home=ELSEWHERE))

    assert found.total == sum(found.weights)


def test_what_is_said_against_two_of_one_household_is_what_was_counted() -> None:
    """The same of two adults, who have weights of their own, and of one name whose sex was mistyped."""
    for found in (
        compared(child(), child(given="Millie")),
        compared(adult(), adult(family="Otherwise")),
        compared(child(sex=Sex.FEMALE), child(sex=Sex.MALE)),
    ):
        assert found.within == sum(found.weights_within)
        assert len(reasons_within(found)) == len([weight for weight in found.weights_within if weight])
        assert not any(reason.startswith("Sex differs") for reason in reasons_within(found))


@given(FEATURES, FEATURES)
def test_a_score_is_the_same_from_both_sides_for_anybody(one: Features, other: Features) -> None:
    assert score(one, other, shipped()) == score(other, one, shipped())


def test_a_score_is_the_same_from_both_sides() -> None:
    one, other = household(child(given="Amelia Rose"))[0], household(child(given="Rose", born="2016-09-04"))[0]

    assert score(one, other, shipped()) == score(other, one, shipped())


def test_reasons_are_the_strongest_first_and_name_nobody() -> None:
    found = compared(child(), child(given="Zofia"))
    told = reasons(found)

    weights = [abs(weight) for weight in found.weights if weight]
    assert len(told) == len(weights)
    assert "Date of birth matches exactly: strong evidence" in told
    assert "Given names differ: good evidence against" in told
    assert not [each for each in told if "Amelia" in each or "2016" in each]


def test_what_one_of_the_two_does_not_say_counts_nothing() -> None:
    found = compared(child(born=None), child())

    assert found.levels[PLACE_OF["birth"]] == 0
    assert found.weights[PLACE_OF["birth"]] == 0
