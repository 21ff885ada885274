"""How far two dates of birth agree."""

from __future__ import annotations

from enum import IntEnum
from functools import lru_cache
from typing import Final

from hub.matching.dates import DAYS_AROUND_EXPECTED, FULL, MONTH, days_apart, one_slip, swapped
from hub.matching.features import Features

_A_GENERATION = 10  # years; a parent is older by more, and siblings mostly by less
_ESTIMATE = 1  # years
_FIRST_OF_JANUARY = "01-01"  # what is written where only the year is known


class BirthLevel(IntEnum):
    """Levels of the date of birth, the strongest first."""

    SAME = 1
    SAME_MONTH_GIVEN = 2
    SWAPPED = 3
    SLIP = 4
    EXPECTED = 5
    PARTLY = 6
    YEAR_GIVEN = 7
    DIFFERS = 8
    FAR = 9


SAME_BIRTH: Final = frozenset({BirthLevel.SAME, BirthLevel.SAME_MONTH_GIVEN})
UNLIKE_BIRTH: Final = frozenset({BirthLevel.DIFFERS, BirthLevel.FAR})


def birth_level(a: Features, b: Features) -> int:
    """The dates, to the precision that both have."""
    one, other = a.birth, b.birth
    if not one or not other:
        return 0
    if a.expected != b.expected:
        return _expected(one, other)
    if a.estimated or b.estimated:
        return BirthLevel.YEAR_GIVEN if _years(one, other) <= _ESTIMATE else _apart(one, other)
    if len(one) == FULL == len(other):
        return _both_full(one, other)
    shorter = min(len(one), len(other))
    if one[:shorter] != other[:shorter]:
        return _apart(one, other)
    return BirthLevel.SAME_MONTH_GIVEN if shorter == MONTH else BirthLevel.YEAR_GIVEN


@lru_cache(maxsize=4_096)  # of whom a submission names, each is compared with the same people
def _both_full(one: str, other: str) -> int:
    if one == other:
        return BirthLevel.SAME if one[5:] != _FIRST_OF_JANUARY else BirthLevel.SAME_MONTH_GIVEN
    if swapped(one, other):
        return BirthLevel.SWAPPED
    if one_slip(one, other):
        return BirthLevel.SLIP
    same = (one[:4] == other[:4]) + (one[5:7] == other[5:7]) + (one[8:] == other[8:])
    return BirthLevel.PARTLY if same == 2 else _apart(one, other)  # noqa: PLR2004 - two of year, month and day


def _expected(one: str, other: str) -> int:
    """One is a date of birth, the other the date that this child was expected at."""
    if len(one) == FULL == len(other):
        return BirthLevel.EXPECTED if days_apart(one, other) <= DAYS_AROUND_EXPECTED else _apart(one, other)
    return BirthLevel.YEAR_GIVEN if _years(one, other) <= _ESTIMATE else _apart(one, other)


def _apart(one: str, other: str) -> int:
    return BirthLevel.FAR if _years(one, other) >= _A_GENERATION else BirthLevel.DIFFERS


def _years(one: str, other: str) -> int:
    return abs(int(one[:4]) - int(other[:4]))
