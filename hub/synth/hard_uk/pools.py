"""The names of `names.json`, drawn as often as they are common."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import accumulate
from pathlib import Path
from random import Random
from typing import Any, Final

import orjson

_TOLD: Final[dict[str, Any]] = orjson.loads((Path(__file__).parent / "names.json").read_bytes())
_COMPOSED: Final[tuple[str, ...]] = tuple(
    head + tail for head in _TOLD["composed"]["heads"].split() for tail in _TOLD["composed"]["tails"].split()
)


@dataclass(frozen=True, slots=True)
class Group:
    """Families of one origin. `code` is their DfE ethnicity, `style` how surnames are made, shares from 0 to 1."""

    code: str
    style: str
    middle: float
    double: float
    girls: tuple[str, ...]
    boys: tuple[str, ...]
    surnames: tuple[str, ...]
    female_last: tuple[str, ...]
    male_first: str
    english: tuple[str, ...]

    def given(self, rng: Random, sex: str) -> str:
        """A given name; two of five sons are called Muhammad and by a second name where that is the custom."""
        name = common(rng, self.girls if sex == "F" else self.boys)
        first = self.male_first
        return f"{first} {name}" if sex == "M" and first and name != first and rng.random() < _MUHAMMAD else name

    def surname(self, rng: Random) -> str:
        """A surname in its plain form."""
        if self.code == "WBRI" and rng.random() < 1 / 3:
            return rng.choice(_COMPOSED)
        return common(rng, self.surnames)


def common(rng: Random, names: tuple[str, ...]) -> str:
    """The n-th is drawn 1 / (n + 5) as often: many names, a few of them everywhere."""
    return rng.choices(names, cum_weights=_zipf(len(names)))[0]


def _zipf(count: int) -> list[float]:
    if count not in _WEIGHTS:
        _WEIGHTS[count] = list(accumulate(1 / (rank + 6) for rank in range(count)))
    return _WEIGHTS[count]


def _words(told: dict[str, Any], key: str) -> tuple[str, ...]:
    return tuple(str(told.get(key, "")).split())


def _alike(lists: list[str]) -> dict[str, tuple[str, ...]]:
    found: dict[str, tuple[str, ...]] = {}
    for names in map(str.split, lists):
        for name in names:
            found[name] = (*found.get(name, ()), *(other for other in names if other != name))
    return found


_MUHAMMAD: Final = 0.4
_WEIGHTS: Final[dict[int, list[float]]] = {}
GROUPS: Final = tuple(
    Group(
        told["code"],
        told["style"],
        told["middle"],
        told["double"],
        _words(told, "girls"),
        _words(told, "boys"),
        _words(told, "surnames"),
        _words(told, "female_last"),
        told.get("male_first", ""),
        _words(told, "english"),
    )
    for told in _TOLD["groups"]
)
GROUP_WEIGHTS: Final = tuple(accumulate(told["weight"] for told in _TOLD["groups"]))
NICKNAMES: Final = {name: tuple(short.split()) for name, short in _TOLD["nicknames"].items()}
SPELLINGS: Final = _alike(_TOLD["spellings"])
TWINS: Final = _alike(_TOLD["twins"])
