"""The projector process from inside: one read model fails alone, one bad record halts its partition, storms pass."""

from __future__ import annotations

from collections.abc import AsyncGenerator, AsyncIterator, Collection, Iterable, Mapping
from datetime import datetime
from uuid import UUID

import pytest

from consumers.project import ProjectorPace
from events.envelope import Draft, Erased, Event, Record, Recorded
from events.family import FamilyOpened
from events.keys import KeyRing
from events.log import Append, EventLog, Heads, Tampered
from events.sealing import Key
from projections.building import Sources
from projections.parking import Caps, retry_now
from projections.progress import Trouble, status, wait_for
from projections.projection import Operation, Projection
from tests.projections.small import SMALL, family, matter, opened, registered, small, with_handler
from tests.projections.worker import open_sources, projecting
from tests.spec import AT, provenance, rows_of
from tests.waiting import LONG, until

PACE = ProjectorPace(lease=2, parked=0.1, first_wait=0.05, longest_wait=0.2)


class UnheardOf(Event, name="unheard.of", version=1):
    """Written by a newer hub than this one."""

    family_id: UUID


@pytest.fixture
async def sources(database: str) -> AsyncIterator[Sources]:
    async with open_sources(database) as opened_sources:
        yield opened_sources


async def tell(sources: Sources, *drafts: Draft) -> dict[int, int]:
    """Append; returns how far the log then reaches."""
    await sources.log.append(Append(drafts, provenance()))
    return dict((await sources.log.heads()).sequences)


async def troubles(sources: Sources, *projections: Projection) -> tuple[Trouble, ...]:
    return (await status(sources.pool, projections)).troubles


async def test_people_see_their_own_change(sources: Sources) -> None:
    async with projecting(sources, PACE, SMALL):
        records = await sources.log.append(Append((opened(1), matter(1, 1)), provenance()))

        assert await wait_for(sources.pool, records, [SMALL], LONG)

        assert (await rows_of(sources.pool, SMALL))["family"][0][2] == 2


async def test_waiting_for_what_nobody_carries_ends(sources: Sources) -> None:
    heads = await tell(sources, opened(1))

    assert not await wait_for(sources.pool, heads, [SMALL], 0.05)


async def test_a_read_model_without_its_tables_stops_alone_and_comes_back(sources: Sources) -> None:
    other = small("other")
    async with projecting(sources, PACE, SMALL, other):
        assert await wait_for(sources.pool, await tell(sources, opened(1)), [SMALL, other], LONG)
        await sources.pool.execute("ALTER TABLE rm_other_1.visit RENAME TO gone")

        heads = await tell(sources, *(opened(number) for number in range(2, 9)))
        assert await wait_for(sources.pool, heads, [SMALL], LONG)

        async def noted() -> bool:
            return bool(await troubles(sources, SMALL, other))

        await until(noted)
        (trouble,) = await troubles(sources, SMALL, other)
        assert trouble[:4] == ("rm_other_1", -1, None, "UndefinedTableError")
        seen = await status(sources.pool, [SMALL, other])
        assert (seen.lag("rm_small_1"), seen.lag("rm_other_1")) == (0, 7)
        assert seen.oldest_seconds("rm_small_1") == 0
        assert seen.oldest_seconds("rm_other_1") > 0

        await sources.pool.execute("ALTER TABLE rm_other_1.gone RENAME TO visit")
        assert await wait_for(sources.pool, heads, [SMALL, other], LONG)
        heads = await tell(sources, opened(9))
        assert await wait_for(sources.pool, heads, [SMALL, other], LONG)

        async def over() -> bool:
            return not await troubles(sources, SMALL, other)

        await until(over)
    assert await rows_of(sources.pool, other) == await rows_of(sources.pool, SMALL)


async def test_above_the_cap_one_read_model_stops_and_the_others_go_on(sources: Sources) -> None:
    def fails(event: FamilyOpened, recorded: Recorded) -> Iterable[Operation]:
        raise LookupError(event, recorded)

    broken = small("broken")
    broken.handlers[FamilyOpened] = fails
    async with projecting(sources, PACE, SMALL, broken, caps=Caps(streams=3)):
        heads = await tell(sources, *(opened(number) for number in range(8)))
        assert await wait_for(sources.pool, heads, [SMALL], LONG)

        async def stopped() -> bool:
            return [t.error for t in await troubles(sources, SMALL, broken)] == ["TooManyParked"]

        await until(stopped)
    assert (await status(sources.pool, [broken])).parked[0].events == 0


async def test_a_record_that_does_not_open_halts_its_partition_alone(sources: Sources) -> None:
    async with projecting(sources, PACE, SMALL):
        before = await tell(sources, opened(1), *(opened(number) for number in range(2, 20)))
        assert await wait_for(sources.pool, before, [SMALL], LONG)
        stream = f"family/{family(1)}"
        (bad,) = await sources.log.append(Append((Draft(stream, UnheardOf(family_id=family(1)), AT),), provenance()))
        after = await tell(sources, *(matter(number, 1) for number in range(1, 20)))

        others = {partition: sequence for partition, sequence in after.items() if partition != bad.partition}
        assert await wait_for(sources.pool, others, [SMALL], LONG)

        (trouble,) = await troubles(sources, SMALL)
        assert trouble[:4] == ("*", bad.partition, bad.sequence, "UnknownEvent")
        (lag,) = [lag for lag in (await status(sources.pool, [SMALL])).lags if lag.events]
        assert (lag.partition, lag.events) == (bad.partition, after[bad.partition] - bad.sequence + 1)
        assert (await status(sources.pool, [SMALL])).parked[0].events == 0


class AwayKeys:
    """A key store that cannot be reached for a while."""

    def __init__(self, keys: KeyRing) -> None:
        self.away = True
        self.asked = 0
        self._keys = keys

    async def fetch(self, ids: Collection[UUID]) -> Mapping[UUID, Key | Erased]:
        self.asked += 1
        if self.away:
            raise ConnectionRefusedError
        return await self._keys.fetch(ids)

    async def destroy(self, key_id: UUID, at: datetime) -> None:
        await self._keys.destroy(key_id, at)


async def test_while_the_key_store_is_away_nothing_is_parked(sources: Sources) -> None:
    keys = AwayKeys(sources.keys)
    async with projecting(sources, PACE, SMALL, keys=keys):
        heads = await tell(sources, opened(1))

        async def tried_thrice() -> bool:
            return keys.asked >= 3

        await until(tried_thrice)
        assert (await status(sources.pool, [SMALL])).parked[0].events == 0
        keys.away = False

        assert await wait_for(sources.pool, heads, [SMALL], LONG)


async def test_connections_cut_by_the_server_are_made_anew(sources: Sources) -> None:
    async with projecting(sources, PACE, SMALL):
        for number in range(10):
            heads = await tell(sources, opened(number))
            await sources.pool.execute(
                """SELECT pg_terminate_backend(pid) FROM pg_stat_activity
                   WHERE datname = current_database() AND pid <> pg_backend_pid()"""
            )
        assert await wait_for(sources.pool, heads, [SMALL], LONG)
    assert len((await rows_of(sources.pool, SMALL))["family"]) == 10


async def test_parked_events_drain_once_asked_for(sources: Sources) -> None:
    def fails(event: FamilyOpened, recorded: Recorded) -> Iterable[Operation]:
        raise LookupError(event, recorded)

    async with projecting(sources, PACE, with_handler(fails)):
        heads = await tell(sources, opened(1), matter(1, 1), matter(1, 2), registered("a", "A"))
        assert await wait_for(sources.pool, heads, [SMALL], LONG)
    assert (await status(sources.pool, [SMALL])).parked[0].events == 2

    async with projecting(sources, PACE, SMALL):
        await retry_now(sources.pool, SMALL.schema)

        async def drained() -> bool:
            return not (await status(sources.pool, [SMALL])).parked[0].events

        await until(drained)
    assert (await rows_of(sources.pool, SMALL))["family"][0][3] == "1 2 3"


class TornLog:
    """A log that cannot be read on at its end, until it is mended."""

    def __init__(self, log: EventLog) -> None:
        self.torn = True
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
        if self.torn:
            raise Tampered
        async for records in self._log.follow(after, limit=limit, until_end=until_end):
            yield records


async def test_a_log_that_does_not_read_raises_an_alarm_until_it_does(sources: Sources) -> None:
    torn = TornLog(sources.log)
    heads = await tell(sources, opened(1))
    async with projecting(Sources(sources.pool, torn, sources.keys), PACE, SMALL):

        async def noted() -> bool:
            return [t[:4] for t in await troubles(sources, SMALL)] == [("*", -1, None, "Tampered")]

        await until(noted)
        torn.torn = False
        assert await wait_for(sources.pool, heads, [SMALL], LONG)

        async def over() -> bool:
            return not await troubles(sources, SMALL)

        await until(over)
