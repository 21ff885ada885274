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


def route(
    place: str | None, birth: Birth | None, year_group: str | None, on: date, *, unborn: bool = False
) -> Route: