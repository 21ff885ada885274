from __future__ import annotations

import ast
from datetime import UTC, date, datetime
from enum import StrEnum
from pathlib import Path

import pytest

import hub.connectors
from events.basis import AgencyKind, LawfulBasis, Purpose
from events.description import Answer, IdentifierScheme, Sex
from events.person import PersonKind
from hub.submission import InformationKind, Urgency
from hub.web import dates, evidence, words
from projections.queues import Status
from projections.timeline import Kind

LISTS = [
    (AgencyKind, words.AGENCY_KIND),
    (Answer, words.ANSWER),
    (IdentifierScheme, words.SCHEME),
    (InformationKind, words.INFORMATION),
    (Kind, words.KIND),
    (LawfulBasis, words.BASIS),
    (PersonKind, words.PERSON),
    (Purpose, words.PURPOSE),
    (Sex, words.SEX),
    (Status, words.STATUS),
    (Urgency, words.URGENCY),
]


@pytest.mark.parametrize(("codes", "said"), LISTS, ids=lambda value: getattr(value, "__name__", ""))
def test_every_code_of_a_list_has_words(codes: type[StrEnum], said: dict[str, str]) -> None:
    assert {code.value for code in codes} == set(said)


def test_every_fact_that_a_connector_tells_has_words() -> None:
    told = set()
    for path in Path(hub.connectors.__file__).parent.glob("*.py"):
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            match node:
                case ast.Call(func=ast.Name(id="Fact"), keywords=keywords):
                    values = [keyword.value for keyword in keywords if keyword.arg == "name"]
                case ast.Call(func=ast.Attribute(attr="of_text" | "of_codes"), args=[name, *_]):
                    values = [name]
                case _:
                    continue
            told |= {value.value for value in values if isinstance(value, ast.Constant)}

    assert len(told) > 20
    assert told - set(words.FACT) == set()


def test_an_unknown_code_is_shown_and_is_no_error() -> None:
    assert words.say(words.PURPOSE, "SOMETHING_NEW") == "Something new"
    assert words.say(words.PURPOSE, None) == "Not known"


TODAY = date(2026, 12, 23)  # a Wednesday; Friday is Christmas Day, and Monday stands in for Boxing Day


@pytest.mark.parametrize(
    ("on", "said"),
    [
        (date(2026, 12, 23), "Due 23 December 2026 (today)"),
        (date(2026, 12, 24), "Due 24 December 2026 (1 working day)"),
        (date(2026, 12, 29), "Due 29 December 2026 (2 working days)"),
        (date(2026, 12, 21), "Due 21 December 2026 (overdue by 2 working days)"),
        (date(2026, 12, 18), "Due 18 December 2026 (overdue by 3 working days)"),
    ],
)
def test_due_days_count_working_days_in_england(on: date, said: str) -> None:
    assert dates.due(on, TODAY) == said


@pytest.mark.parametrize(
    ("hour", "minute", "said"),
    [(14, 5, "2:05pm"), (9, 0, "9am"), (0, 0, "midnight"), (12, 0, "midday"), (0, 7, "12:07am"), (12, 30, "12:30pm")],
)
def test_times_are_written_as_gov_uk_writes_them(hour: int, minute: int, said: str) -> None:
    assert dates.clock(datetime(2026, 1, 5, hour, minute, tzinfo=UTC)) == said


def test_times_are_those_of_london_in_summer_too() -> None:
    late = datetime(2026, 7, 1, 23, 30, tzinfo=UTC)
    assert dates.moment(late) == "2 July 2026 at 12:30am"
    assert dates.up_to_date(late, datetime(2026, 7, 2, 8, 0, tzinfo=UTC)) == "Up to date to 12:30am"
    assert dates.up_to_date(late, datetime(2026, 7, 3, 8, 0, tzinfo=UTC)) == "Up to date to 2 July 2026 at 12:30am"


@pytest.mark.parametrize(
    ("born", "said"),
    [
        ("2016-12-23", "10 years"),
        ("2016-12-24", "9 years"),
        ("2016-04", "about 10 years"),
        ("2016", "about 10 years"),
        ("2025-12-24", "11 months"),
        ("2026-11-23", "1 month"),
        ("2027-02-01", "not born yet"),
        (None, "age not known"),
    ],
)
def test_ages_are_no_more_exact_than_what_is_known(born: str | None, said: str) -> None:
    assert dates.age(born, TODAY) == said


@pytest.mark.parametrize(
    ("who", "said"),
    [
        ("demonstration", "Somebody in the demonstration, without sign-in"),
        ("cli:operator", "Operator operator, by command"),
        ("reviewer-7", "Reviewer reviewer-7"),
    ],
)
def test_whoever_decided_is_told_by_an_opaque_id(who: str, said: str) -> None:
    assert words.actor(who) == said


@pytest.mark.parametrize(
    ("score", "strangers", "household"),
    [
        (2500, "Very strong: over a million times likelier", "Very strong: over a million times likelier"),
        (1329, "Strong: 10,000 times likelier", "Very strong: 10,000 times likelier"),
        (1328, "Moderate: 9,900 times likelier", "Very strong: 9,900 times likelier"),
        (600, "Weak: 64 times likelier", "Strong: 64 times likelier"),
        (160, "Weak: 3 times likelier", "Moderate: 3 times likelier"),
        (1, "Weak: slightly likelier", "Weak: slightly likelier"),
        (0, "None", "None"),
        (-200, "Speaks against it: 4 times less likely", "Speaks against it: 4 times less likely"),
    ],
)
def test_evidence_has_words_for_every_score(score: int, strangers: str, household: str) -> None:
    assert (evidence.not_strangers(score), evidence.not_of_one_household(score)) == (strangers, household)
