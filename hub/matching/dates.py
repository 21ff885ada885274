"""Dates of birth as they are compared: what can be relied on, and how far two agree."""

from __future__ import annotations

from datetime import date
from typing import Final

from rapidfuzz.distance import OSA

FULL: Final = len("YYYY-MM-DD")
MONTH: Final = len("YYYY-MM")
_PLACEHOLDERS: Final = ("1900-01", "1901-01-01", "1899", "1111", "1753", "1970-01-01", "2000-00", "2999")
DAYS_AROUND_EXPECTED: Final = 45  # most children are born between 37 and 42 weeks, some much earlier


def usable(text: str) -> str:
    """The date, or nothing for one that systems write when they know none."""
    return "" if text.startswith(_PLACEHOLDERS) else text


def unordered(text: str) -> str:
    """A full date in a form that is the same when day and month are swapped: `2016-04-09` and `2016-09-04` are one."""
    year, month, day = text.split("-")
    return f"{year}-{min(month, day)}-{max(month, day)}"


def swapped(one: str, other: str) -> bool:
    """Day and month changed places between two full dates."""
    return one[:4] == other[:4] and one[5:7] == other[8:] and one[8:] == other[5:7]


def one_slip(one: str, other: str) -> bool:
    """One digit differs, or two neighbouring digits changed places, between two full dates."""
    return OSA.distance(one.replace("-", ""), other.replace("-", ""), score_cutoff=1) == 1


def days_apart(one: str, other: str) -> int:
    """Days between two full dates."""
    return abs(date.fromisoformat(one).toordinal() - date.fromisoformat(other).toordinal())
