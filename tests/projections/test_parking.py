"""One bad event stops its own stream, and nothing else."""

from __future__ import annotations

import random
from collections.abc import Iterable
from datetime import UTC, datetime

import pytest

from events.database import Pool
from events.envelope import Draft, Recorded
from events.family import MatterOpened
from events.keys import MemoryKeys
from events.log import Append
from events.memory_log import MemoryLog
from projections.opening import batch_of
from projections.parking import Caps, TooManyParked, retry_now, waiting_events
from projections.progress import status
from projections.projection import Fold, Operation, Put, Row
from projections.runner import Carrier
from tests.projections.small import DAY, FAMILY, VISIT, family, matter, opened, small, with_handler
from tests.spec import AT, in_memory, opened_all, provenance, rows_of

POISON = matter(7, 666)
POISONED = "family/" + str(family(7))


class _History:
    """A log in memory, what is on it, and the model that shows it."""

    def __init__(self) -> None:
        self.keys = MemoryKeys()
        self.log = MemoryLog(self.keys, lambda: AT)

    async def tell(self, *drafts: Draft) -> list[Recorded]:
        await self.log.append(Append(drafts, provenance()))
        return await opened_all(self.log, self.keys)


def refusing_handler(event: MatterOpened, recorded: Recorded) -> Iterable[Operation]:
    """Fails before it has said anything."""
    if event == POISON.event:
        raise LookupError(event)
    yield from small().operations(recorded)


def refusing_fold(event: MatterOpened, recorded: Recorded) -> Iterable[Operation]:
    """Fails in the second of two changes: the first one must not stay."""

    def refuse(former: Row | None) -> Row | None:
        raise ArithmeticError(former)

    yield from small().operations(recorded)
    if event == POISON.event:
        yield Fold(FAMILY, (event.family_id,), refuse)


def refused_by_the_server(event: MatterOpened, recorded: Recorded) -> Iterable[Operation]:
    """A text that PostgreSQL does not take."""
    yield from small().operations(recorded)
    if event == POISON.event:
        yield Put(FAMILY, (event.family_id, (), 0, "a \x00 inside"))


def refused_by_the_driver(event: MatterOpened, recorded: Recorded) -> Iterable[Operation]:
    """A number that no integer column holds: refused on this side, before the server sees it."""
    yield from small().operations(recorded)
    if event == POISON.event:
        yield Put(FAMILY, (event.family_id, (), 2**40, ""))


def refused_by_a_key(event: MatterOpened, recorded: Recorded) -> Iterable[Operation]:
    """Breaks the promise that a row of an append-only table is put once."""
    yield from small().operations(recorded)
    if event == POISON.event:
        yield Put(VISIT, (1, event.family_id, recorded.at))


async def fifty_families() -> tuple[_History, list[Recorded]]:
    chance = random.Random(4)
    history = _History()
    told = [matter(number, of, step=of) for number in range(50) for of in range(19)]
    chance.shuffle(told)
    told.insert(len(told) // 2, POISON)
    return history, await history.tell(*(opened(number) for number in range(50)), *told)


@pytest.mark.parametrize(
    "handler",
    [refusing_handler, refusing_fold, refused_by_the_server, refused_by_the_driver, refused_by_a_key],
)
async def test_forty_nine_families_complete_and_the_bad_one_stops_at_its_event(pool: Pool, handler: object) -> None:
    history, recorded = await fifty_families()
    carrier = Carrier(pool, with_handler(handler))
    await carrier.install()
    await carrier.locate(range(4))
    for start in range(0, len(recorded), 400):
        await carrier.apply(batch_of(recorded[start : start + 400]))

    poison = next(event for event in recorded if event.event == POISON.event).record
    applied = [
        event
        for event in recorded
        if event.record.stream != POISONED or event.record.stream_version < poison.stream_version
    ]
    assert await rows_of(pool, small()) == in_memory(small(), applied)
    parked = await pool.fetch("SELECT stream, stream_version, error FROM projection.parked ORDER BY stream_version")
    assert [row["stream_version"] for row in parked] == list(range(poison.stream_version, 22))
    assert {row["stream"] for row in parked} == {POISONED}
    assert [row["error"] is not None for row in parked] == [True] + [False] * (len(parked) - 1)
    assert await waiting_events(pool, carrier.model, POISONED) == len(parked)

    mended = Carrier(pool, small())
    await mended.locate(range(4))
    assert await mended.retry_parked(history.log, history.keys) == 0, "tried before its time"
    assert await retry_now(pool, mended.model) == 1
    assert await mended.retry_parked(history.log, history.keys) == len(parked)
    assert await rows_of(pool, small()) == in_memory(small(), recorded), "the trail tells the order of the drain"


async def test_what_comes_while_a_stream_is_parked_waits_behind_it(pool: Pool) -> None:
    history = _History()
    recorded = await history.tell(opened(7), POISON)
    carrier = Carrier(pool, with_handler(refusing_handler))
    await carrier.install()
    await carrier.locate(range(4))
    await carrier.apply(batch_of(recorded))

    recorded = await history.tell(matter(7, 1), opened(8))
    await carrier.apply(batch_of(recorded))

    assert await waiting_events(pool, carrier.model, POISONED) == 2
    assert await waiting_events(pool, carrier.model, f"family/{family(8)}") == 0


async def test_a_bad_event_tried_again_is_put_off_and_keeps_its_place(pool: Pool) -> None:
    history = _History()
    recorded = await history.tell(opened(7), POISON, matter(7, 1))
    carrier = Carrier(pool, with_handler(refusing_fold))
    await carrier.install()
    await carrier.locate(range(4))
    await carrier.apply(batch_of(recorded))
    await retry_now(pool, carrier.model)

    assert await carrier.retry_parked(history.log, history.keys) == 0

    parked = await pool.fetch(
        "SELECT attempts, error, next_try > now() AS later FROM projection.parked ORDER BY 1 DESC"
    )
    assert [tuple(row) for row in parked] == [(2, "ArithmeticError", True), (1, None, False)]
    assert await rows_of(pool, small()) == in_memory(small(), recorded[:1])


async def test_nothing_of_the_payload_or_the_error_text_is_kept(pool: Pool) -> None:
    history = _History()
    carrier = Carrier(pool, with_handler(refusing_handler))
    await carrier.install()
    await carrier.locate(range(4))

    await carrier.apply(batch_of(await history.tell(opened(7), POISON)))

    row = await pool.fetchval("SELECT p::text FROM projection.parked AS p")
    assert "LookupError" in row
    assert str(POISON.event.matter_id) not in row  # type: ignore[attr-defined]


async def test_above_the_cap_the_read_model_stops_and_keeps_its_place(pool: Pool) -> None:
    history = _History()
    recorded = await history.tell(*(draft for number in range(5) for draft in (opened(number), matter(number, 1))))

    def fails(event: MatterOpened, recorded: Recorded) -> Iterable[Operation]:
        raise RuntimeError(event, recorded)

    carrier = Carrier(pool, with_handler(fails), caps=Caps(streams=4))
    await carrier.install()
    await carrier.locate(range(4))

    with pytest.raises(TooManyParked):
        await carrier.apply(batch_of(recorded))

    assert (await status(pool, [small()])).parked[0].events == 0
    assert (await rows_of(pool, small()))[DAY.name] == []
    assert await carrier.locate(range(4)) == dict.fromkeys(range(4), 0)


async def test_status_tells_what_is_parked(pool: Pool) -> None:
    history = _History()
    carrier = Carrier(pool, with_handler(refusing_handler))
    await carrier.install()
    await carrier.locate(range(4))
    await carrier.apply(batch_of(await history.tell(opened(7), POISON, matter(7, 1))))

    seen = await status(pool, [small()])

    assert [(count.streams, count.events) for count in seen.parked] == [(1, 2)]
    assert (datetime.now(UTC) - seen.at).total_seconds() < 60
