"""Where a family's matter goes for help, by place and age, with the reason in words.

The place table (`routing_places.json`) is dated data; its version stands in every routing event, so a later table does
not change what an old decision meant.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from functools import cache
from importlib.resources import files
from typing import Final

import orjson

from events.description import Birth
from hub.identifiers import is_pseudo_postcode, postcode

_AUGUST: Final = 8
TRIAGE: Final = "TRIAGE"
PATHWAY: Final = "ESP_0_5"
_NOT_BEYOND_RECEPTION: Final = frozenset({"R", "0", "-1", "-2", "N1", "N2"})


@dataclass(frozen=True, slots=True)
class Route:
    """The queue, the reason in words, and the version of the rules."""

    queue: str
    reason: str
    rules: str


@cache
def _places() -> tuple[str, dict[str, str]]:
    table = orjson.loads((files("hub") / "routing_places.json").read_bytes())
    return table["version"], {place: queue for queue, places in table["queues"].items() for place in places}


def route(place: str | None, birth: Birth | None, year_group: str | None, on: date, *, unborn: bool = False) -> Route:
    """Route for a child living at `place` (a postcode, or None) at the date of the concern."""
    rules, places = _places()
    if place is None or is_pseudo_postcode(place):
        return Route(TRIAGE, "No postcode that stands for a place", rules)
    check = postcode(place)
    if not check.valid:
        return Route(TRIAGE, "The postcode is not one that can be read", rules)
    outward, _, inward = check.value.partition(" ")
    sector = f"{outward} {inward[0]}"
    area = sector if sector in places else outward
    queue = places.get(area)
    if queue is None:
        return Route(TRIAGE, f"Postcode area {outward} is not one of ours", rules)
    if unborn or before_end_of_reception(birth, year_group, on):
        return Route(PATHWAY, f"Not yet through Reception, and lives in {area}", rules)
    return Route(queue, f"Lives in {area}", rules)


def before_end_of_reception(birth: Birth | None, year_group: str | None, on: date) -> bool:
    """Under 5, or in the school year of Reception: it ends on 31 August after the fifth birthday's year began.

    A child starts Reception in the September after turning 4, so Reception ends on the 31 August by which the child
    is 5. Incomplete dates are read at their latest, so that nobody is taken for older than they may be.
    """
    if year_group is not None and year_group.upper() in _NOT_BEYOND_RECEPTION:
        return True
    if birth is None:
        return False
    year, month, day = _latest(birth.date)
    end = date(year + (5 if month <= _AUGUST else 6), _AUGUST, 31)
    fifth = date(year + 5, month, 28 if (month, day) == (2, 29) else day)
    return on < fifth or on <= end


def _latest(text: str) -> tuple[int, int, int]:
    parts = [int(part) for part in text.split("-")]
    if len(parts) == 1:
        return parts[0], 12, 31
    if len(parts) == 2:  # noqa: PLR2004 - year and month
        return parts[0], parts[1], 28
    return parts[0], parts[1], parts[2]
