"""A rebuild is made beside, compared, and swapped in; nobody sees it half done, and a crashed one leaves nothing."""

from __future__ import annotations

import asyncio
import signal
import sys
from collections.abc import AsyncGenerator, AsyncIterator, Iterable, Mapping
from contextlib import asynccontextmanager, suppress
from functools import partial
from pathlib import Path

import pytest

from consumers.project import ProjectorPace, run_projector
from events.database import Pool
from events.envelope import Record, Recorded
from events.family import MatterOpened
from events.log import Append, EventLog, Heads
from projections import ALL
from projections import rebuild as rebuilding
from projections.building import Sources
from projections.opening import open_batch
from projections.progress import wait_for
from projections.projection import Operation, Projection
from projections.rebuild import LiveBehind, LogShort, RebuildRunning, plan_rebuild, rebuild
from projections.runner import Carrier
from tests.projections.small import SMALL, matter, opened, registered, small, with_handler
from tests.projections.test_all import one_of_each
from tests.projections.worker import open_sources
from tests.spec import Rows, in_memory, provenance, rows_of
from tests.waiting import LONG

ROOT = Path(__file__).parents[2]


@pytest.fixture
async def sources(database: str) -> AsyncIterator[Sources]:
    async with open_sources(database) as opened_sources:
        yield opened_sources


@asynccontextmanager
async def these(sources: Sources) -> AsyncIterator[Sources]:
    yield sources


async def tell(sources: Sources, families: range) -> None:
    drafts = [draft for n in families for draft in (opened(n), matter(n, 1), matter(n, 2))]
    await sources.log.append(Append((*drafts, registered("a", "A")), provenance()))


async def carried(sources: Sources, projection: Projection) -> Carrier:
    """The read model brought to the end of the log, as live workers would."""
    carrier = Carrier(sources.pool, projection)
    await carrier.install()
    await carrier.locate(range(4))
    async for records in sources.log.follow(carrier.positions, until_end=True):
        await carrier.apply(await open_batch(records, sources.keys))
    return carrier


async def schemas(pool: Pool) -> list[str]:
    rows = await pool.fetch("SELECT nspname FROM pg_namespace WHERE nspname LIKE 'rm\\_%' ORDER BY 1")
    return [row["nspname"] for row in rows]


async def test_the_rebuilt_model_equals_the_live_one(sources: Sources) -> None:
    await tell(sources, range(30))
    await carried(sources, SMALL)
    live = await rows_of(sources.pool, SMALL)
    told: list[tuple[int, int]] = []

    done = await rebuild([SMALL], partial(these, sources), processes=1, diff=True, progress=lambda *at: told.append(at))

    assert done.differences == {"rm_small_1": []}
    assert (done.events, done.parked, done.swapped) == (91, 0, True)
    assert told[-1] == (91, 91)
    assert await rows_of(sources.pool, SMALL) == live
    assert await schemas(sources.pool) == ["rm_small_1"]
    assert await plan_rebuild([SMALL], sources) == (("rm_small_1",), 91, 4, 91 / rebuilding.RATE)


async def test_every_read_model_of_the_hub_rebuilt_is_what_it_was_live(sources: Sources) -> None:
    for append in one_of_each():
        await sources.log.append(append)
    for projection in ALL:
        await carried(sources, projection)

        done = await rebuild([projection], partial(these, sources), processes=1, diff=True)

        assert done.differences == {projection.schema: []}
        assert (done.parked, done.swapped) == (0, True)


async def test_indexes_and_keys_are_those_of_a_live_model(sources: Sources) -> None:
    await carried(sources, SMALL)
    query = "SELECT tablename, indexdef FROM pg_indexes WHERE schemaname = 'rm_small_1' ORDER BY indexname"
    before = await sources.pool.fetch(query)

    await rebuild([SMALL], partial(these, sources), processes=1)

    after = [(row["tablename"], row["indexdef"]) for row in await sources.pool.fetch(query)]
    assert after == [(row["tablename"], row["indexdef"]) for row in before]


async def test_the_live_worker_goes_on_after_the_swap(sources: Sources) -> None:
    await tell(sources, range(20))
    live = await carried(sources, SMALL)
    await tell(sources, range(20, 25))
    await rebuild([SMALL], partial(these, sources), processes=1)
    await tell(sources, range(25, 30))

    carrier = await carried(sources, SMALL)

    assert carrier.positions == (await sources.log.heads()).sequences
    assert live.positions != carrier.positions
    assert (await rows_of(sources.pool, SMALL))["visit"] == (await _fold(sources))["visit"]


async def _fold(sources: Sources) -> Rows:
    recorded: list[Recorded] = []
    async for records in sources.log.follow(dict.fromkeys(range(4), 0), until_end=True):
        recorded += (await open_batch(records, sources.keys)).recorded
    return in_memory(SMALL, recorded)


async def test_rebuilt_under_load_nothing_is_lost_or_doubled_and_readers_see_only_whole_models(
    sources: Sources,
) -> None:
    await tell(sources, range(200))
    await carried(sources, SMALL)
    pace = ProjectorPace(lease=2, first_wait=0.05)
    worker = asyncio.create_task(run_projector(sources.pool, sources.log, sources.keys, [SMALL], pace))
    least: list[int] = []

    async def read() -> None:
        while True:
            least.append(await sources.pool.fetchval("SELECT count(*) FROM rm_small_1.family"))

    async def write() -> None:
        for start in range(200, 300, 5):
            await tell(sources, range(start, start + 5))

    reader = asyncio.create_task(read())
    try:
        await asyncio.gather(write(), rebuild([SMALL], partial(these, sources), processes=1))
        await rebuild([SMALL], partial(these, sources), processes=1, diff=True)
        assert await wait_for(sources.pool, (await sources.log.heads()).sequences, [SMALL], LONG)
    finally:
        for task in (reader, worker):
            task.cancel()
            with suppress(asyncio.CancelledError):
                await task

    assert min(least) == 200
    assert await rows_of(sources.pool, SMALL) == await _fold(sources)


async def test_a_difference_is_told_by_table_and_key(sources: Sources) -> None:
    await tell(sources, range(9))
    await carried(sources, SMALL)
    spoilt = await sources.pool.fetch(
        """UPDATE rm_small_1.family SET trail = 'spoilt' WHERE family_id IN
           (SELECT family_id FROM rm_small_1.family ORDER BY 1 LIMIT 2) RETURNING family_id"""
    )
    await sources.pool.execute("DELETE FROM rm_small_1.agency")

    done = await rebuild([SMALL], partial(these, sources), processes=1, diff=True, swap=False)

    assert done.differences is not None
    found = {difference.table: difference for difference in done.differences["rm_small_1"]}
    assert found.keys() == {"family", "agency"}
    assert set(found["family"].keys) == {str(row["family_id"]) for row in spoilt}
    assert found["agency"].keys == ("a",)
    assert (found["agency"].live.rows, found["agency"].rebuilt.rows) == (0, 1)
    assert await sources.pool.fetchval("SELECT count(*) FROM rm_small_1.family WHERE trail = 'spoilt'") == 2
    assert await schemas(sources.pool) == ["rm_small_1"]


async def test_a_new_version_is_built_beside_the_old_one(sources: Sources) -> None:
    await tell(sources, range(5))
    await carried(sources, SMALL)
    newer = small(version=2)

    await rebuild([newer], partial(these, sources), processes=1)

    assert await schemas(sources.pool) == ["rm_small_1", "rm_small_2"]
    assert await rows_of(sources.pool, newer) == await rows_of(sources.pool, SMALL)


CRASH = """
import asyncio, os, signal, sys
from functools import partial
from projections.rebuild import rebuild
from tests.projections.small import SMALL
from tests.projections.test_all import one_of_each
from tests.projections.worker import open_sources

def die(done: int, events: int) -> None:
    os.kill(os.getpid(), signal.SIGKILL)

if __name__ == "__main__":
    asyncio.run(rebuild([SMALL], partial(open_sources, sys.argv[1]), processes=1, progress=die))
"""


@pytest.mark.faults
async def test_a_killed_rebuild_leaves_no_trace_and_the_next_starts_clean(database: str, sources: Sources) -> None:
    await tell(sources, range(20))
    await carried(sources, SMALL)
    live = await rows_of(sources.pool, SMALL)

    killed = await asyncio.create_subprocess_exec(sys.executable, "-c", CRASH, database, cwd=ROOT)
    assert await killed.wait() == -signal.SIGKILL
    assert await schemas(sources.pool) == ["rm_small_1", "rm_small_1_next"]
    assert await rows_of(sources.pool, SMALL) == live

    await rebuild([SMALL], partial(these, sources), processes=1, diff=True)

    assert await rows_of(sources.pool, SMALL) == live
    assert await schemas(sources.pool) == ["rm_small_1"]


async def test_two_rebuilds_of_one_model_are_refused(sources: Sources) -> None:
    async with sources.pool.acquire() as other:
        await other.execute("SELECT pg_advisory_lock(hashtextextended('rm_small_1', 4))")
        with pytest.raises(RebuildRunning):
            await rebuild([SMALL], partial(these, sources), processes=1)


async def test_without_a_live_model_at_that_place_there_is_nothing_to_compare(
    sources: Sources, monkeypatch: pytest.MonkeyPatch
) -> None:
    await tell(sources, range(3))
    await Carrier(sources.pool, SMALL).install()
    monkeypatch.setattr(rebuilding, "PATIENCE", 0.2)

    with pytest.raises(LiveBehind):
        await rebuild([SMALL], partial(these, sources), processes=1, diff=True)


async def test_a_bad_event_is_parked_in_the_rebuilt_model_too(sources: Sources) -> None:
    def fails(event: MatterOpened, recorded: Recorded) -> Iterable[Operation]:
        raise LookupError(event, recorded)

    await sources.log.append(Append((opened(7), matter(7, 1), matter(7, 2), opened(8)), provenance()))

    done = await rebuild([with_handler(fails)], partial(these, sources), processes=1)

    assert done.parked == 2
    assert await sources.pool.fetchval("SELECT count(*) FROM projection.parked WHERE model = 'rm_small_1'") == 2


async def test_two_processes_build_the_same(database: str, sources: Sources) -> None:
    await tell(sources, range(40))
    for start in range(40, 400, 60):
        await tell(sources, range(start, start + 60))
    await carried(sources, SMALL)

    done = await rebuild([SMALL], partial(open_sources, database), processes=2, diff=True)

    assert done.differences == {"rm_small_1": []}


class CutTopic:
    """A log whose records are gone but for the first, though its heads tell of them."""

    def __init__(self, log: EventLog) -> None:
        self._log = log

    async def append(self, append: Append) -> tuple[Record, ...]:
        return await self._log.append(append)

    async def read_stream(self, stream: str, after: int = 0) -> list[Record]:
        return await self._log.read_stream(stream, after)

    async def heads(self) -> Heads:
        return await self._log.heads()

    async def follow(
        self, after: Mapping[int, int], *, limit: int = 1_000, until_end: bool = False
    ) -> AsyncGenerator[list[Record], None]:
        assert until_end
        async for records in self._log.follow(after, limit=limit, until_end=True):
            if records[0].sequence == 1:
                yield records[:1]
            return


async def test_a_log_that_was_cut_does_not_cut_the_read_model(
    sources: Sources, monkeypatch: pytest.MonkeyPatch
) -> None:
    await tell(sources, range(30))
    await carried(sources, SMALL)
    live = await rows_of(sources.pool, SMALL)
    monkeypatch.setattr(rebuilding, "PATIENCE", 0.2)
    cut = Sources(sources.pool, CutTopic(sources.log), sources.keys)

    with pytest.raises(LogShort):
        await rebuild([SMALL], partial(these, cut), processes=1)

    assert await rows_of(sources.pool, SMALL) == live
