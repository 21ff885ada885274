"""Names that stand for each other: short forms, the same name in another language, the same name spelt otherwise.

`nicknames.json` is this project's own short list of names common here. Groups are symmetric and not transitive: Alex
may be Alexander or Alexandra, who are not each other.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable
from pathlib import Path
from typing import Any, Final

import orjson

from hub.matching.spelling import spelling

_LISTS: Final[dict[str, Any]] = orjson.loads((Path(__file__).parent / "nicknames.json").read_bytes())
SHARED_BY_MANY: Final = frozenset[str](_LISTS["shared_by_many"])  # says little when it is only one of several names

# Family names of Chinese origin: many of these families use an English given name beside their own.
ENGLISH_BESIDE: Final = frozenset[str](_LISTS["english_beside"])


def _groups(lists: Iterable[list[str]]) -> dict[str, frozenset[str]]:
    found: dict[str, set[str]] = defaultdict(set)
    for group in lists:
        for name in group:
            found[name].update(group)
    return {name: frozenset(related) for name, related in found.items()}


_SHORT: Final = _groups(_LISTS["nicknames"])
_SPELT: Final = _groups(_LISTS["spellings"])
_PET_ENDING: Final = re.compile("(?:ie|ey|ek|us|[yioa])$")
_LEFT_AWAY, _STEM, _PET_NAME = 3, 3, 4  # letters
_NOBODY: Final = frozenset[str]()


def short_for(one: str, other: str) -> bool:
    """One is a nickname of the other, or both are of the same name. Both folded."""
    return other in _SHORT.get(one, _NOBODY)


def shortened(one: str, other: str) -> bool:
    """Of two names that stand for each other: one is what is left of the other, as Franek of Franciszek.

    Twins may be Ann and Annie, Elizabeth and Eliza, or Emily and Emma, but not Theodore and Theo.
    """
    short, long = sorted((one, other), key=len)
    if long.startswith(short):
        return len(long) - len(short) >= _LEFT_AWAY and len(short) <= _PET_NAME
    stem = _PET_ENDING.sub("", short)
    return len(stem) >= _STEM and len(long) - len(short) > 1 and long.startswith(stem)


def spelt(one: str, other: str) -> bool:
    """The same name in another spelling, by the list or by `spelling.py`: Maisie, Maisy. Both folded."""
    return other in _SPELT.get(one, _NOBODY) or spelling(one) == spelling(other)


def _heads(lists: Iterable[list[str]]) -> dict[str, str]:
    """The first name of the first group that a name stands in."""
    found: dict[str, str] = {}
    for group in lists:
        for name in group:
            found.setdefault(name, group[0])
    return found


_SHORT_HEADS: Final = _heads(_LISTS["nicknames"])
_SPELT_HEADS: Final = _heads(_LISTS["spellings"])


def stand_in(name: str) -> str:
    """One name for its spellings and short forms, for finding candidates only; itself if nothing is known of it."""
    name = _SPELT_HEADS.get(name, name)
    return _SHORT_HEADS.get(name, name)
