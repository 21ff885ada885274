"""Learns the weights of a model from a data set without ever looking at its truth.

u and m come from Splink (`splink_training.py`). What tells the people of one household apart, h, is counted among those
whom one submission names side by side: they are two people for certain. Adults are told from children by that alone, so
everything else is counted among the children and among the adults, each for itself. A household shares its address,
telephones and school, so those weigh nothing within it.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from itertools import chain, combinations
from math import log2
from typing import Final

import orjson

from hub.matching.compare import FIELDS, PLACE_OF
from hub.matching.features import Features
from hub.matching.quality.splink_training import NUMBER, Rules, Shares, shares
from hub.matching.quality.told import Dataset, featured

VERSION: Final = 1
PAIRS: Final = 1_000_000
RULES: Final[dict[str, Rules]] = {
    "uk": ((NUMBER,), ("birth", "given", "family")),
    "febrl": (("given", "family"), ("birth",), ("place",)),
}

_BIT: Final = 100
_STRONGEST: Final = 20 * _BIT
_LEAST_M: Final = 0.0005  # a slip that was not seen in training still happens
_LEAST_U: Final = 1 / PAIRS
_LEAST_H: Final = 0.0001
# A valid number stands beside the wrong one of a household more often than chance: 1 in 500, a guess.
_LEAST_H_OF_A_NUMBER: Final = 0.002
_NUMBERS: Final = ("nhs", "upn", "ni")
_WITHIN: Final = ("given", "family", "birth", "sex", "role", "kin", *_NUMBERS, "children")
_TERMS: Final = {"given": 1, "family": 1}  # by field, the level of an equal name
_LEAST_COUNT, _MOST_FOR_RARE = 4, 300

Levels = dict[str, dict[str, int]]
Pair = tuple[Features, Features]


def train(dataset: Dataset, name: str, rules: Rules, seed: int, pairs: float = PAIRS) -> bytes:
    """The model as JSON: the same bytes for the same data, rules and seed. Raises `splink_training.Missing`."""
    submissions = [featured(submission) for submission in chain(dataset.register, dataset.arrivals)]
    records = list(chain.from_iterable(submissions))
    found = shares(submissions, rules, pairs, seed)
    pairs_at_home = [pair for people in submissions for pair in combinations(people, 2)]
    model = {
        "name": name,
        "version": VERSION,
        "trained": f"{dataset.name}, {len(records)} descriptions, seed {seed}",
        "stranger": _weights(found.m, found.u, dict.fromkeys(PLACE_OF, _LEAST_U)),
        "household": _household(found, pairs_at_home, adult=False),
        "grown": _household(found, pairs_at_home, adult=True),
        "terms": {field: _terms(records, field) for field in _TERMS},
    }
    return orjson.dumps(model, option=orjson.OPT_INDENT_2 | orjson.OPT_SORT_KEYS) + b"\n"


def _weights(
    m: dict[str, tuple[float | None, ...]], u: dict[str, tuple[float | None, ...]], least: dict[str, float]
) -> Levels:
    return {
        field.name: {
            level.name: _weight(same, other, least[field.name])
            for level, same, other in zip(field.levels, m[field.name], u[field.name], strict=True)
        }
        for field in FIELDS
        if field.name in u
    }


def _weight(same: float | None, other: float | None, least: float) -> int:
    """log2(m / u) in hundredths of a bit; nothing for a level that was never seen."""
    if same is None and other is None:
        return 0
    weight = round(_BIT * log2(max(same or 0, _LEAST_M) / max(other or 0, least)))
    return max(-_STRONGEST, min(_STRONGEST, weight))


def _household(found: Shares, pairs: Sequence[Pair], *, adult: bool) -> Levels:
    """The weights within a household, of two adults or two children; none where the data set has no households."""
    if not pairs:
        return {}
    alike = [(one, other) for one, other in pairs if one.adult == other.adult == adult]
    h = {name: _seen(pairs if name == "role" else alike, name) for name in _WITHIN}
    least = {name: _LEAST_H_OF_A_NUMBER if name in _NUMBERS else _LEAST_H for name in _WITHIN}
    weights = _weights(found.m, h, least)
    each_other = weights["children"]["EACH_OTHER"]
    weights["children"] = dict.fromkeys(weights["children"], 0) | {"EACH_OTHER": min(0, each_other)}
    return weights if adult else weights | {"kin": dict.fromkeys(weights["kin"], 0)}


def _seen(pairs: Sequence[Pair], name: str) -> tuple[float | None, ...]:
    field = FIELDS[PLACE_OF[name]]
    counts = Counter(field.compare(one, other) for one, other in pairs)
    compared = sum(counts.values()) - counts[0]
    return tuple(counts[level] / compared if counts[level] else None for level in field.levels)


def _terms(records: Sequence[Features], field: str) -> dict[str, int]:
    """What an equal name counts more or less than the average equal name; names seen too seldom are left out."""
    counts = Counter(getattr(record, field)[0] for record in records if getattr(record, field))
    every = sum(counts.values())
    average = sum((count / every) ** 2 for count in counts.values())
    adjusted = {
        name: min(_MOST_FOR_RARE, round(_BIT * log2(average * every / count)))
        for name, count in counts.items()
        if count >= _LEAST_COUNT
    }
    return {name: weight for name, weight in adjusted.items() if weight}
