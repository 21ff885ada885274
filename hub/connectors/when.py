"""Dates and times as agencies write them: `dd/mm/yyyy`, never `mm/dd`, never a two-digit year; clock time of London."""

from __future__ import annotations

import re
from datetime import UTC, date, datetime, time
from functools import lru_cache
from typing import Final
from zoneinfo import ZoneInfo

LONDON: Final = ZoneInfo("Europe/London")

_DAY: Final = re.compile(r"([0-9]{2})/([0-9]{2})/([0-9]{4})")
_MONTH: Final = re.compile(r"([0-9]{2})/([0-9]{4})")
_YEAR: Final = re.compile(r"[0-9]{4}")
_CLOCK: Final = re.compile(r"([0-9]{2}):([0-9]{2})(?::([0-9]{2}))?")
_FIRST_YEAR: Final = 1900
_LAST_YEAR: Final = 2100


def day(text: str) -> date:
    """`dd/mm/yyyy`; anything else is a ValueError."""
    match = _DAY.fullmatch(text)
    if not match:
        raise ValueError("must be dd/mm/yyyy")
    return date(_year(match[3]), int(match[2]), int(match[1]))


def partial(text: str) -> str:
    """`dd/mm/yyyy`, `mm/yyyy` or `yyyy`, as ISO 8601 to the precision given; anything else is a ValueError."""
    if _YEAR.fullmatch(text):
        return str(_year(text))
    if match := _MONTH.fullmatch(text):
        return date(_year(match[2]), int(match[1]), 1).isoformat()[:7]
    return day(text).isoformat()


def clock(text: str) -> time:
    """`HH:MM` or `HH:MM:SS`, 24 hours; anything else is a ValueError."""
    match = _CLOCK.fullmatch(text)
    if not match:
        raise ValueError("must be HH:MM")
    return time(int(match[1]), int(match[2]), int(match[3] or 0))


@lru_cache(maxsize=4096)
def instant(on: date, at: time = time.min) -> datetime:
    """That moment in London as UTC. A time the clocks skip is a ValueError; of a doubled hour the first is meant."""
    local = datetime.combine(on, at, LONDON)
    moment = local.astimezone(UTC)
    if moment.astimezone(LONDON).replace(tzinfo=None) != local.replace(tzinfo=None):
        raise ValueError("the clocks went forward over that time")
    return moment


def written(text: str) -> datetime:
    """An ISO 8601 date and time as UTC, London's clock where it has no offset; anything else is a ValueError."""
    moment = datetime.fromisoformat(text)
    if not _FIRST_YEAR <= moment.year <= _LAST_YEAR:
        raise ValueError("the year is out of range")
    return (moment if moment.tzinfo else moment.replace(tzinfo=LONDON)).astimezone(UTC)


def _year(text: str) -> int:
    year = int(text)
    if not _FIRST_YEAR <= year <= _LAST_YEAR:
        raise ValueError("the year is out of range")
    return year
