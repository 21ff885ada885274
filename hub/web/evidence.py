"""How strongly something speaks for two descriptions being one person, in words."""

from __future__ import annotations

from typing import Final

_BIT: Final = 100
# From how many hundredths of a bit. In a register of 10,000 people 13.3 bits are an even chance (log2 of 10,000), and
# 6.64 bits more are odds of 100 to 1. Among the four of a household an even chance is 1.58 bits (log2 of 3).
_STRANGERS: Final = ((1993, "Very strong"), (1329, "Strong"), (664, "Moderate"), (1, "Weak"))
_HOUSEHOLD: Final = ((822, "Very strong"), (583, "Strong"), (158, "Moderate"), (1, "Weak"))
_NONE: Final = "None"
_AGAINST: Final = "Speaks against it"
_MILLION: Final = 1_000_000


def not_strangers(score: int) -> str:
    """That this is one person and not two strangers: `Strong: 38,000 times likelier`."""
    return _said(score, _STRANGERS)


def not_of_one_household(score: int) -> str:
    """That this is one person and not two of one household: `None`, where nothing tells them apart."""
    return _said(score, _HOUSEHOLD)


def _said(score: int, strengths: tuple[tuple[int, str], ...]) -> str:
    words = next((words for least, words in strengths if score >= least), _AGAINST if score else _NONE)
    return f"{words}: {_likelier(score)}" if score else words


def _likelier(score: int) -> str:
    """A match weight in hundredths of a bit as the factor it is, in two figures."""
    times = 2.0 ** (abs(score) / _BIT)
    than = "likelier" if score > 0 else "less likely"
    if times > _MILLION:
        return f"over a million times {than}"
    return f"{float(f'{times:.2g}'):,g} times {than}" if times >= 2 else f"slightly {than}"  # noqa: PLR2004 - twice
