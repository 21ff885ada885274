"""Given names that stand for each other: short forms, the same name in another language, the same name spelt otherwise.

`nicknames.json` is this project's own short list of names common here. Groups are symmetric and not transitive: Alex
may be Alexander or Alexandra, who are not each other.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from pathlib import Path
from typing import Any, Final

import orjson

_LISTS: Final[dict[str, Any]] = orjson.loads((Path(__file__).parent / "nicknames.json").read_bytes())
SHARED_BY_MANY: Final = frozenset[str](_LISTS["shared_by_many"])  # says little when it is only one of several names


def _groups(lists: Iterable[list[str]]) -> dict[str, frozenset[str]]:
    found: dict[str, set[str]] = defaultdict(set)
    for group in lists:
        for name in group:
            found[name].update(group)
    return {name: frozenset(related) for name, related in found.items()}


_SHORT: Final = _groups(_LISTS["nicknames"])
_SPELT: Final = _groups(_LISTS["spellings"])
_NOBODY: Final = frozenset[str]()


def short_for(one: str, other: str) -> bool:
    """One is a nickname of the other, or both are of the same name. Both folded."""
    return other in _SHORT.get(one, _NOBODY)


def spelt(one: str, other: str) -> bool:
    """The same name in another spelling. Both folded."""
    return other in _SPELT.get(one, _NOBODY)


def _first_of_all() -> dict[str, str]:
    """Each name's stand-in for keys: one for all that are connected at all, however far."""
    found: dict[str, str] = {}
    for name in sorted({*_SHORT, *_SPELT}):
        waiting = [name]
        while waiting:
            each = waiting.pop()
            if each not in found:
                found[each] = name
                waiting += _SHORT.get(each, _NOBODY) | _SPELT.get(each, _NOBODY)
    return found


_STAND_IN: Final = _first_of_all()


def stand_in(name: str) -> str:
    """One name for everything it is connected with, for finding candidates only; itself if nothing is known."""
    return _STAND_IN.get(name, name)
