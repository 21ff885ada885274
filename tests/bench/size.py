"""How much is measured: everything, or enough to see within three minutes that nothing is badly wrong."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Size:
    """`small` and `large` are events in the two journals; `peer` events for a peer that takes them one by one.

    `register` is people who are known before `arrivals` are matched, `enrolled` those of the `pupils` of a roll who are
    known before it, `families` those of the hard UK set.
    """

    small: int
    large: int
    runs: int
    peer: int
    api_seconds: float
    latency_seconds: float
    pupils: int
    register: int
    arrivals: int
    enrolled: int
    families: int


FULL = Size(
    small=100_000,
    large=1_000_000,
    runs=5,
    peer=4_000,
    api_seconds=10,
    latency_seconds=8,
    pupils=144_000,
    register=300_000,
    arrivals=300,
    enrolled=57_600,
    families=20_000,
)
QUICK = Size(
    small=30_000,
    large=60_000,
    runs=2,
    peer=1_500,
    api_seconds=3,
    latency_seconds=3,
    pupils=2_000,
    register=10_000,
    arrivals=150,
    enrolled=800,
    families=2_000,
)


def label(count: int) -> str:
    """`500` as it is, `100000` as `100k`, `1000000` as `1m`: part of a figure's name."""
    for size, letter in ((1_000_000, "m"), (1_000, "k")):
        if count >= size:
            return f"{count // size}{letter}"
    return str(count)
