from __future__ import annotations

from datetime import date

import pytest

from events.description import Birth
from hub.routing import before_end_of_reception, route

AT = date(2026, 11, 25)
TEN = Birth(date="2016-11-01")


@pytest.mark.parametrize(
    ("place", "queue"),
    [
        ("CB1 9VV", "CAMBRIDGE"),
        ("cb69vv", "EAST_CAMBS"),
        ("PE13 9VV", "FENLAND"),
        ("PE7 1VV", "FENLAND"),
        ("PE29 9VV", "HUNTINGDONSHIRE"),
        ("CB24 9VV", "SOUTH_CAMBS"),
        ("PE4 9VV", "MASG_NORTH"),
        ("PE1 9VV", "MASG_CENTRAL"),
        ("PE7 8VV", "MASG_SOUTH"),
        ("PE10 9VV", "TRIAGE"),
        ("SW1A 9VV", "TRIAGE"),
        ("ZZ99 3VZ", "TRIAGE"),
        ("not a code", "TRIAGE"),
        (None, "TRIAGE"),
    ],
)
def test_a_place_has_one_queue_and_an_unknown_place_goes_to_triage(place: str | None, queue: str) -> None:
    found = route(place, TEN, None, AT)
    assert found.queue == queue
    assert found.reason
    assert found.rules


@pytest.mark.parametrize(
    ("born", "on", "before"),
    [
        ("2021-11-26", date(2026, 11, 25), True),
        ("2021-09-01", date(2027, 8, 31), True),
        ("2021-09-01", date(2027, 9, 1), False),
        ("2021-08-31", date(2026, 8, 31), True),
        ("2021-08-31", date(2026, 9, 1), False),
        ("2020-02-29", date(2025, 2, 28), True),
        ("2020-02-29", date(2025, 9, 1), False),
        ("2022", date(2027, 12, 30), True),
        ("2015", date(2026, 11, 25), False),
    ],
)
def test_the_pathway_lasts_to_the_end_of_reception(born: str, on: date, *, before: bool) -> None:
    assert before_end_of_reception(Birth(date=born), None, on) is before


def test_the_pathway_takes_the_young_the_unborn_and_reception_pupils_of_a_known_place() -> None:
    assert route("CB1 9VV", Birth(date="2024-01-01"), None, AT).queue == "ESP_0_5"
    assert route("PE1 9VV", None, None, AT, unborn=True).queue == "ESP_0_5"
    assert route("PE1 9VV", None, "R", AT).queue == "ESP_0_5"
    assert route(None, Birth(date="2024-01-01"), None, AT).queue == "TRIAGE"
