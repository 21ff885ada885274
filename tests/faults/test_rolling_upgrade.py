"""Two releases at work side by side: what only the newer one can read stops the older one alone."""

from __future__ import annotations

from uuid import UUID

import pytest

from consumers.project import ProjectorPace
from events.catalogue import CATALOGUE
from events.database import Pool
from events.envelope import Draft, Event
from events.log import Append
from projections.progress import status, wait_for
from tests.projections.small import SMALL, matter, opened
from tests.projections.worker import a_worker, open_sources, projecting
from tests.spec import AT, provenance
from tests.waiting import LONG, until

pytestmark = pytest.mark.faults
LEASE = 2.0


class FamilyGreeted(Event, name="family.greeted", version=1):
    """What the newer release writes, and only this process, which is the newer one, has in its catalogue."""

    family_id: UUID


@pytest.fixture(autouse=True)
def _newer_here(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(CATALOGUE._types, ("family.greeted", 1), FamilyGreeted)
    monkeypatch.setitem(CATALOGUE._newest, "family.greeted", 1)


async def test_an_event_of_a_newer_release_stops_the_older_worker_there_and_the_newer_one_carries_it(
    pool: Pool, database: str
) -> None:
    async with open_sources(database) as sources, a_worker(database, LEASE) as older:
        first = await sources.log.append(Append(tuple(opened(number) for number in range(20)), provenance()))
        assert await wait_for(pool, first, [SMALL], LONG)
        known = min(first, key=lambda record: record.partition)  # the one that a worker gives back last
        greeted = Draft(known.stream, FamilyGreeted(family_id=UUID(known.stream.removeprefix("family/"))), AT)
        [unknown] = await sources.log.append(Append((greeted,), provenance()))

        async def stopped() -> bool:
            found = (await status(pool, [SMALL])).troubles
            return [each[:4] for each in found] == [("*", unknown.partition, unknown.sequence, "UnknownEvent")]

        await until(stopped)
        async with projecting(sources, ProjectorPace(lease=LEASE, first_wait=0.05), SMALL):
            more = await sources.log.append(Append(tuple(matter(number, 1) for number in range(20)), provenance()))

            assert await wait_for(pool, more, [SMALL], LONG)
            assert (await status(pool, [SMALL])).troubles == ()
            holders = await pool.fetch("SELECT owner FROM projection.lease WHERE expires_at > now()")
            assert len(holders) == len((await sources.log.heads()).sequences), "every partition is somebody's"
            assert len({row["owner"] for row in holders}) == 2, "the older one goes on with what it can read"
        assert older.returncode is None
