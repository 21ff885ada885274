"""Shares of counts, with how far chance may have moved them."""

from __future__ import annotations

from math import sqrt
from typing import Final, NamedTuple

_Z: Final = 1.959964  # 95 %


class Rate(NamedTuple):
    """`hits` of `total`. Of nothing, every share is 1: nothing went wrong."""

    hits: int
    total: int

    @property
    def value(self) -> float:
        """The share, 0 to 1."""
        return self.hits / self.total if self.total else 1.0

    def interval(self) -> tuple[float, float]:
        """Wilson's 95 % interval (Journal of the American Statistical Association 22, 1927)."""
        if not self.total:
            return 0.0, 1.0
        share, n, square = self.value, self.total, _Z * _Z
        middle = (share + square / (2 * n)) / (1 + square / n)
        half = _Z / (1 + square / n) * sqrt(share * (1 - share) / n + square / (4 * n * n))
        return max(0.0, middle - half), min(1.0, middle + half)

    def as_json(self) -> dict[str, float | int]:
        """Share, interval, counts."""
        low, high = self.interval()
        return {"value": round(self.value, 6), "low": round(low, 6), "high": round(high, 6), "of": self.total}

    def __str__(self) -> str:
        low, high = self.interval()
        return f"{self.value:.4f} ({low:.4f} to {high:.4f} of {self.total:,})"


def f1(precision: float, recall: float) -> float:
    """Their harmonic mean."""
    return 2 * precision * recall / (precision + recall) if precision + recall else 0.0
