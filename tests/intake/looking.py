"""How much intake looks at while it decides: counted, for a clock tells more of the machine than of the work."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

import asyncpg
import pytest

from hub.arrival import Arrival, Decided, Outcome
from hub.bootstrap import Hub
from hub.looking_up import Repeats, find
from hub.matching.known import MOST_OWNERS, Known
from hub.matching.score import score

KINDS = {
    Outcome.ACCEPTED: {"referral.received", "information.received", "referral.amended", "referral.withdrawn"},
    Outcome.REVIEW: {"review.raised"},
    Outcome.REFUSED: {"submission.refused"},
}
EVERY_END = frozenset[str]().union(*KINDS.values())


@dataclass
class Looked:
    """For each batch since the start: people read, pairs scored, statements sent."""

    people: list[int] = field(default_factory=list)
    scored: list[int] = field(default_factory=list)
    statements: list[int] = field(default_factory=list)


@dataclass
class Watched:
    """A hub whose intake is watched."""

    hub: Hub
    looked: Looked = field(default_factory=Looked)

    async def told(self, arrivals: Sequence[Arrival], at_once: int = 1) -> list[Decided]:
        """Decided in order, so many in a transaction; each has ended as exactly one thing."""
        found: list[Decided] = []
        for start in range(0, len(arrivals), at_once):
            for counts in (self.looked.people, self.looked.scored, self.looked.statements):
                counts.append(0)
            ready = await self.hub.intake.ready(arrivals[start : start + at_once])
            for answer in await self.hub.intake.decide(ready):
                assert isinstance(answer, Decided)
                found.append(answer)
        await self._each_has_ended_once(found)
        return found

    async def _each_has_ended_once(self, found: Sequence[Decided]) -> None:
        rows = await self.hub.pool.fetch(
            """SELECT correlation_id, array_agg(type) AS types FROM log.event
               WHERE correlation_id = ANY($1::uuid[]) AND type = ANY($2::text[]) GROUP BY correlation_id""",
            [each.submission_id for each in found],
            list(EVERY_END),
        )
        types = {row["correlation_id"]: row["types"] for row in rows}
        for each in found:
            ends = types[each.submission_id]
            assert len(ends) == 1, f"{each.outcome} ended as {ends}"
            assert ends[0] in KINDS[each.outcome]


@contextmanager
def watching(hub: Hub, monkeypatch: pytest.MonkeyPatch) -> Iterator[Watched]:
    """Count what this hub's intake reads, compares and asks for."""
    watched = Watched(hub)

    def scored(*told: Any) -> Any:
        watched.looked.scored[-1] += 1
        return score(*told)

    async def found(connection: Any, *told: Any) -> tuple[Repeats, Known]:
        def asked(_: asyncpg.connection.LoggedQuery) -> None:
            watched.looked.statements[-1] += 1

        with connection.query_logger(asked):
            repeats, known = await find(connection, *told)
        watched.looked.people[-1] += len(known.people)
        most = max((len(owners) for owners in known.by_key.values()), default=0)
        assert most <= MOST_OWNERS, "of a key that many share, nobody is read"
        return repeats, known

    monkeypatch.setattr("hub.deciders.recognising.score", scored)
    monkeypatch.setattr("hub.intake.find", found)
    yield watched
