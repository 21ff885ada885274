"""How strongly something speaks for two descriptions being one person, in words."""

from __future__ import annotations

from typing import Final

_BIT: Final = 100
# From how many hundredths of a bit. In a register of 10,000 people 13.3 bits are an even chance (log2 of 10,000), and
# 6.64 bits more are odds of 100 to 1.
_STRENGTHS: Final = ((1993, "Very strong"), (1329, "Strong"), (664, "Moderate"), (1, "Weak"))


def strength(score: int | None) -> str:
    """A match weight in hundredths of a bit: `Strong`; `Speaks against it` below nothing."""
    if score is None:
        return "Not scored"
    return next((words for least, words in _STRENGTHS if score >= least), "Speaks against it")


def bits(score: int | None) -> str:
    """`Strong (15.2 bits)`."""
    return strength(score) if score is None else f"{strength(score)} ({score / _BIT:.1f} bits)"
