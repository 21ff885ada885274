"""When things are in FHIR: instants, periods that have ended, births and ages."""

from __future__ import annotations

import calendar
import re
from datetime import UTC, date, datetime, time, timedelta
from typing import Final
from zoneinfo import ZoneInfo

from pydantic import ValidationError

from events.description import Birth
from hub.connectors.bars_nodes import line, node
from hub.connectors.bars_reader import Node

ADULT_AT: Final = 18
LONDON: Final = ZoneInfo("Europe/London")
_PREGNANCY: Final = timedelta(days=300)
_DATE: Final = re.compile(r"\d{4}(-\d{2}(-\d{2})?)?", re.ASCII)


def instant(value: str | None) -> datetime | None:
    """A FHIR dateTime as UTC. A whole day begins at midnight in London; less precise or without offset is none."""
    try:
        moment = datetime.fromisoformat(value or "")
        if value and _DATE.fullmatch(value):
            moment = datetime.combine(moment, time.min, LONDON)
        return moment.astimezone(UTC) if moment.tzinfo else None
    except (ValueError, OverflowError):
        return None


def ended(parent: Node, on: date) -> bool:
    """Whether the thing's period had ended before that day; an end of `2025` lasts through 2025."""
    end = line(node(parent, "period"), "end") or ""
    found = _DATE.match(end)
    return found is not None and found[0] < on.isoformat()[: len(found[0])]


def birth_of(source: Node, on: date) -> Birth | None:
    """The birth date as precise as given; a day up to ten months ahead is an expected one, any other future is none."""
    given = line(source, "birthDate")
    if given is None:
        return None
    try:
        birth = Birth(date=given)
    except ValidationError:
        return None
    if given <= on.isoformat()[: len(given)]:
        return birth
    return Birth(date=given, expected=True) if _latest(birth) - on <= _PREGNANCY else None


def is_adult(birth: Birth | None, on: date) -> bool:
    """Whether somebody was certainly 18 that day; in doubt they are a child."""
    if birth is None:
        return False
    latest = _latest(birth)
    return (on.year - latest.year, on.month, on.day) >= (ADULT_AT, latest.month, latest.day)


def _latest(birth: Birth) -> date:
    year, month, day = (*(int(part) for part in birth.date.split("-")), 0, 0)[:3]
    month = month or 12
    return date(year, month, day or calendar.monthrange(year, month)[1])
