from __future__ import annotations

from hypothesis import example, given

from hub.matching.compare import levels
from hub.matching.features import Features
from hub.matching.rules import namesakes, only_names_may_match
from tests.matching.builders import ELSEWHERE, child, household
from tests.matching.strategies import FEATURES

AMELIA, NAMESAKE = household(child())[0], household(child(born="2009-01-31", home=ELSEWHERE))[0]


@given(FEATURES, FEATURES)
@example(AMELIA, NAMESAKE)
@example(AMELIA, AMELIA)
def test_namesakes_are_told_without_comparing_their_names(one: Features, other: Features) -> None:
    assert only_names_may_match(one, other) is namesakes(levels(one, other))


def test_who_shares_but_a_name_and_was_born_years_apart_is_passed_over() -> None:
    assert only_names_may_match(AMELIA, NAMESAKE)
    assert not only_names_may_match(AMELIA, household(child(born="2009-01-31"))[0])  # the same home
