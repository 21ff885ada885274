"""Whom each part of a file is really about: for judging matching, never for the hub."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace

from hub.synth import formats, police_rows
from hub.synth.telling import ACCEPTED, Telling


@dataclass(frozen=True, slots=True)
class Truth:
    """Whom one part of a file is really about, and what the hub should make of it. `item` counts from 1."""

    item: int
    family: str
    person: str
    expected: str
    fault: str = ""
    slips: tuple[str, ...] = ()


def truths(told: Iterable[Telling]) -> tuple[Truth, ...]:
    """The truth about every part of a file, in its order."""
    parts = (part for telling in told for part in _parts(telling))
    return tuple(replace(part, item=number) for number, part in enumerate(parts, start=1))


def _parts(telling: Telling) -> Iterator[Truth]:
    """Usually one. The police tell of several children in one row, and each is a part; not all need be at fault."""
    truth = Truth(
        0,
        telling.known.key,
        telling.person_key,
        telling.expected,
        telling.fault,
        telling.slips.get(telling.person_key, ()),
    )
    yield truth
    if telling.format.startswith((formats.PPN, formats.ENCOMPASS)):
        alone = telling.fault == "grown-up"
        for child in police_rows.children(telling)[1:]:
            expected = ACCEPTED if alone else truth.expected
            yield replace(truth, person=child.key, expected=expected, slips=telling.slips.get(child.key, ()))
