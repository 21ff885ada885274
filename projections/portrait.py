"""One picture of somebody, of everything that was told of them under whatever ids."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import datetime

import orjson

from events.description import Adult, Name
from projections.describing import Described, former_names, merged, protected
from projections.tellings import Telling


@dataclass(frozen=True, slots=True)
class Portrait:
    """All tellings of one person made one: the newest word wins, what it leaves out stays.

    `by` is the newest telling that is not erased, None if there is none.
    """

    person: Adult
    kind: str | None
    former_names: tuple[Name, ...]
    by: Telling | None
    erased_since: datetime | None


def portrait(told: Iterable[Telling]) -> Portrait:
    """One picture of all tellings of one person, under whatever ids."""
    everything = sorted(told, key=lambda telling: (telling.at, telling.position))
    known = [telling for telling in everything if telling.described is not None]
    erased = max((telling.erased_since for telling in everything if telling.erased_since), default=None)
    both: Described = {}
    for telling in known:
        both = merged(telling.described or {}, both)
    return Portrait(
        person=Adult.model_validate_json(orjson.dumps(both)),
        kind=known[-1].kind if known else None,
        former_names=tuple(map(Name.model_validate, former_names([t.described or {} for t in known], both))),
        by=known[-1] if known else None,
        erased_since=None if known else erased,
    )


def is_protected(told: Collection[Telling]) -> bool:
    """Whether anybody told so, or nobody can tell: what was told is erased, or nothing is known so far."""
    return not told or any(telling.described is None or protected(telling.described) for telling in told)
