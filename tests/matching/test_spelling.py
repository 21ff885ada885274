from __future__ import annotations

import pytest

from hub.matching.given_names import is_given_name
from hub.matching.spelling import spelling


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("finlay", "finley"),
        ("maisie", "maisy"),
        ("wiktoria", "viktoria"),
        ("szymon", "simon"),
        ("yasmin", "jasmin"),
        ("aleksander", "alexander"),
        ("sumaiyah", "sumayya"),
        ("rahim", "raheem"),
        ("hannah", "hana"),
    ],
)
def test_two_spellings_of_one_name_are_one(one: str, other: str) -> None:
    assert spelling(one) == spelling(other)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("sarah", "zara"),
        ("isa", "isha"),
        ("mia", "maya"),
        ("ella", "ellie"),
        ("jack", "jake"),
        ("emma", "jemma"),
        ("daniel", "danielle"),
        ("hassan", "hussain"),
        ("lily", "lola"),
        ("kai", "kian"),
    ],
)
def test_two_names_that_twins_may_have_stay_two(one: str, other: str) -> None:
    assert spelling(one) != spelling(other)


def test_names_of_all_who_live_here_are_given_names_and_slips_are_none() -> None:
    for name in ("amelia", "muhammad", "agnieszka", "oluwaseun", "harpreet", "niamh", "ugne", "fadumo"):
        assert is_given_name(name), name
    for slip in ("amleia", "muhammd", "hrary", "olvier", "madeupbridge", ""):
        assert not is_given_name(slip), slip
