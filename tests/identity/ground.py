"""One hub for all runs of a state machine, which is not asynchronous itself, and what stands in its tables."""

from __future__ import annotations

import asyncio
from collections.abc import Coroutine, Iterable
from pathlib import Path
from typing import Any, TypeVar
from uuid import UUID

import asyncpg

from events.database import Pool
from events.envelope import Recorded
from hub.bootstrap import joined
from hub.identity.reading import open_all
from hub.settings import Settings
from tests.identity.words import Register
from tests.intake.words import NOW, SCHOOL

T = TypeVar("T")


class Ground:
    """A hub on a loop of its own. The runs share its database, so each asks only about people it has made."""

    def __init__(self, dsn: str, folder: Path) -> None:
        self._runner = asyncio.Runner()
        self._pool = self.run(_pool(dsn))
        self._hub = joined(Settings(data_dir=folder), lambda: NOW, dsn, self._pool)
        self.run(self._hub.log.install())
        self.run(self._hub.agencies.register(SCHOOL, "test"))
        self.register = Register(self._hub)

    def run(self, work: Coroutine[Any, Any, T]) -> T:
        return self._runner.run(work)

    def close(self) -> None:
        self.run(self._pool.close())
        self._runner.close()

    def written(self, correlation_id: UUID) -> list[Recorded]:
        """What one command wrote."""
        return self.run(self._opened(correlation_id))

    def belongs_to(self, kind: str, ids: Iterable[UUID]) -> dict[UUID, UUID]:
        """What the decision table of people, or of families, says of these."""
        query = {
            "person": "SELECT person_id, belongs_to FROM decide.person WHERE person_id = ANY($1::uuid[])",
            "family": "SELECT family_id, belongs_to FROM decide.family WHERE family_id = ANY($1::uuid[])",
        }
        return {row[0]: row[1] for row in self.run(self._pool.fetch(query[kind], list(ids)))}

    def apart(self, ids: Iterable[UUID]) -> set[frozenset[UUID]]:
        """The pairs that the decision table holds apart."""
        rows = self.run(
            self._pool.fetch("SELECT one, other FROM decide.distinct WHERE one = ANY($1::uuid[])", list(ids))
        )
        return {frozenset((row[0], row[1])) for row in rows}

    async def _opened(self, correlation_id: UUID) -> list[Recorded]:
        return await open_all(self._hub, await self._hub.log.read_correlated(correlation_id))


async def _pool(dsn: str) -> Pool:
    return await asyncpg.create_pool(dsn, min_size=1, max_size=4)
