"""What `hub match evaluate` measures on people with households, and what the matching promises of them."""

from __future__ import annotations

import pytest
from typer.testing import CliRunner

from events.description import Address, Adult, Birth, Name, Person
from hub.cli import app
from hub.deciders.recognising import Rules
from hub.matching.model import shipped
from hub.matching.quality.at_intake import at_intake
from hub.matching.quality.report import Report
from hub.matching.quality.told import Dataset, Told
from hub.synth.hard_uk import hard_uk

RULES = Rules(shipped(), 10, 500)
HOME = Address(lines=("7 Invented Road",), postcode="PE1 5CC")


def child(truth: str, given: str, born: str = "2016-04-09", litter: str = "") -> Told:
    name = Name(given=given, family="Inventedson")
    return Told(Person(name=name, birth=Birth(date=born), address=HOME), truth, {"sex": "F"}, ("school",), litter)


def mother(truth: str, given: str) -> Told:
    return Told(Adult(name=Name(given=given, family="Inventedson"), address=HOME), truth)


def measured(known: Told, *arriving: Told) -> Report:
    return at_intake(Dataset("made", ((known, mother("m", "Katherine")),), tuple((each,) for each in arriving)), RULES)


def test_somebody_known_who_comes_again_is_a_right_link() -> None:
    report = measured(child("a", "Amelia"), child("a", "Amelia"))

    assert (report.precision.hits, report.precision.total) == (1, 1)
    assert report.subgroups["sex"]["F"].value == 1.0


def test_a_new_person_is_neither_a_link_nor_missed() -> None:
    report = measured(child("a", "Amelia"), child("b", "Oliver", "2009-11-30"))

    assert (report.precision.total, report.recall.total) == (0, 0)


def test_a_link_to_somebody_else_counts_against_precision_with_its_reasons() -> None:
    report = measured(child("a", "Amelia"), child("b", "Amelia"))

    assert report.precision.value == 0.0
    assert "Given names are the same" in report.false_links[0]


def test_a_twin_taken_for_the_other_is_counted_by_itself() -> None:
    report = measured(child("a", "Amelia", litter="1"), child("b", "Amelia", litter="1"))
    assert report.twin_merges == 1


def test_a_doubt_that_names_the_right_one_is_found_but_no_link() -> None:
    report = measured(child("a", "Amelia"), child("a", "Amalie"))

    assert report.precision.total == 0
    assert report.found is not None
    assert report.found.value == 1.0
    assert report.review is not None
    assert report.review.hits == 1


def test_what_was_doubted_and_settled_is_known_to_the_next() -> None:
    report = measured(child("a", "Amelia"), child("a", "Amalie"), child("a", "Amalie"))
    assert (report.recall.hits, report.recall.total) == (1, 2)


def alone(told: Told, agency: str = "school") -> Told:
    return Told(told.person.model_copy(update={"address": None, "birth": None}), told.truth, slips=(agency,))


@pytest.mark.parametrize(("again", "found"), [(("a", "m"), 1.0), (("b", "n"), None)], ids=["the same", "others"])
def test_one_answer_is_asked_for_where_it_settles_all_who_were_told_of_together(
    again: tuple[str, str], found: float | None
) -> None:
    known = (alone(child("a", "Amelia")), alone(mother("m", "Katherine")))
    told = (alone(child(again[0], "Amelia"), "police"), alone(mother(again[1], "Katherine"), "police"))
    report = at_intake(Dataset("made", (known,), (told,)), RULES)
    assert report.review is not None
    assert report.doubtful is not None
    assert (report.review.hits, report.doubtful.hits, report.doubtful.total) == (1, 2, 2)
    assert report.precision.hits == report.precision.total
    assert report.found is not None
    assert found is None or report.found.value == found


def test_false_links_of_real_people_are_not_told() -> None:
    made = Dataset("csv", ((child("a", "Amelia"),),), ((child("b", "Amelia"),),), invented=False)
    assert at_intake(made, RULES).false_links == ()


@pytest.fixture(scope="module")
def hard() -> Report:
    return at_intake(hard_uk(1_500, 3), RULES)


def test_on_the_hard_set_nobody_is_taken_for_a_twin_and_links_are_right(hard: Report) -> None:
    assert hard.twin_merges == 0
    assert hard.precision.value >= 0.9985


def test_on_the_hard_set_nearly_everybody_known_is_found_or_asked_about(hard: Report) -> None:
    assert hard.found is not None
    assert hard.recall.value >= 0.92
    assert hard.found.value >= 0.985
    assert hard.review is not None
    assert hard.review.value <= 0.035


def test_the_command_prints_stable_json() -> None:
    done = CliRunner().invoke(app, ["match", "evaluate", "hard-uk", "--size", "40", "--json"])

    assert done.exit_code == 0
    for key in ("precision", "recall", "f1", "intervals", "review", "twin_merges", "subgroups", "sha256"):
        assert f'"{key}"' in done.stdout


@pytest.mark.parametrize("asked", [["nobody"], ["hard-uk", "--model", "none.json"]])
def test_what_is_not_there_is_a_usage_error(asked: list[str]) -> None:
    done = CliRunner().invoke(app, ["match", "evaluate", *asked])
    assert done.exit_code == 2
