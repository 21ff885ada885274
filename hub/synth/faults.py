"""What is wrong on purpose in some tellings, and what the hub must make of each."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from random import Random
from typing import Final

from hub.synth.formats import BARS_JSON, BARS_XML, DWP, ENCOMPASS, PPN
from hub.synth.telling import REFUSED, REVIEW, Telling

_GROWN_UP: Final = timedelta(days=31 * 365)
_FAULTS: Final = {"bad-date": REFUSED, "no-name": REVIEW, "grown-up": REVIEW, "unknown-grade": REVIEW}


def spoilt(telling: Telling, rng: Random) -> Telling:
    """The same telling with something wrong that the hub must notice."""
    child = telling.child
    if child is None or child.unborn:
        return telling
    fault = rng.choice(_possible_faults(telling.format))
    match fault:
        case "grown-up":
            child = replace(child, born=child.born - _GROWN_UP)
        case "no-name":
            child = replace(child, given="", surname="")
    return replace(telling, child=child, fault=fault, expected=_FAULTS[fault])


def _possible_faults(of_format: str) -> tuple[str, ...]:
    if of_format in {BARS_JSON, BARS_XML}:
        return ("grown-up",)
    if of_format.startswith(PPN):
        return "grown-up", "bad-date", "unknown-grade"
    if of_format.startswith(ENCOMPASS) or of_format == DWP:
        return "grown-up", "bad-date"
    return "grown-up", "bad-date", "no-name"
