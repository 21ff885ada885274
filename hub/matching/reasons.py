"""A score in words that a person can check; never with anything personal in them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from hub.matching.compare import FIELDS
from hub.matching.score import Score

# From how many hundredths of a bit: 2 ** 6.64 is odds of 100 to 1.
_STRENGTHS: Final = ((664, "strong evidence"), (332, "good evidence"), (100, "some evidence"), (1, "weak evidence"))


def reasons(score: Score) -> tuple[str, ...]:
    """One sentence for each field that says something, the strongest first, whichever way it points."""
    return _told(score.levels, score.weights)


def reasons_within(score: Score) -> tuple[str, ...]:
    """The same against the others of one household."""
    return _told(score.levels, score.weights_within)


def _told(levels: Sequence[int], weights: Sequence[int]) -> tuple[str, ...]:
    told = sorted(
        (-abs(weight), place)
        for place, (level, weight) in enumerate(zip(levels, weights, strict=True))
        if level and weight
    )
    return tuple(f"{FIELDS[place].words[levels[place]]}: {_strength(weights[place])}" for _, place in told)


def _strength(weight: int) -> str:
    words = next(words for least, words in _STRENGTHS if abs(weight) >= least)
    return f"{words} against" if weight < 0 else words
