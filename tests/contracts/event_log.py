"""What every `EventLog` promises; each adapter inherits this and says only how it is built."""

from __future__ import annotations

import asyncio
import random
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from itertools import pairwise
from uuid import uuid4

import pytest

from events.codec import opened as open_records
from events.envelope import Erased, Record
from events.family import MatterRouted
from events.keys import KeyDestroyed, KeyRing
from events.log import Append, EventLog, WrongVersion
from tests.events.facts import NOON, one, opened, routed, told_by
from tests.waiting import ending

PARTITIONS = 4


async def _at_once() -> None:
    """Nothing to wait for: what was appended can be read."""


@dataclass
class Built:
    """An adapter ready for use. `settle` returns once followers can read everything appended so far."""

    log: EventLog
    keys: KeyRing
    settle: Callable[[], Awaitable[None]] = _at_once


async def everything(log: EventLog) -> list[Record]:
    """All records there are, in position order."""
    found = [r async for batch in log.follow(dict.fromkeys(range(PARTITIONS), 0), until_end=True) for r in batch]
    return sorted(found)


async def outcome(log: EventLog, append: Append) -> tuple[Record, ...] | None:
    """The records, or None where the stream had moved on."""
    try:
        return await log.append(append)
    except WrongVersion:
        return None


def assert_without_gaps(records: list[Record]) -> None:
    """Positions count the log from 1, sequences each partition, versions each stream, all in one order."""
    assert [r.position for r in records] == list(range(1, len(records) + 1))
    for partition in range(PARTITIONS):
        here = [r.sequence for r in records if r.partition == partition]
        assert here == list(range(1, len(here) + 1))
    by_stream: dict[str, list[int]] = {}
    for record in records:
        by_stream.setdefault(record.stream, []).append(record.stream_version)
    assert all(versions == list(range(1, len(versions) + 1)) for versions in by_stream.values())


class EventLogContract:
    """Subclasses give a fixture `built`."""

    async def test_what_was_appended_is_read_back_equal(self, built: Built) -> None:
        family, matter = uuid4(), uuid4()
        append = Append((opened(family), routed(family, matter)), told_by(), {f"family/{family}": 0})

        written = await built.log.append(append)
        await built.settle()

        assert [r.stream_version for r in written] == [1, 2]
        assert await built.log.read_stream(f"family/{family}") == list(written)
        assert await built.log.read_stream(f"family/{family}", after=1) == [written[1]]
        assert await everything(built.log) == list(written)
        events = open_records(written, await built.keys.fetch([matter]))
        assert [e.event for e in events] == [draft.event for draft in append.drafts]

    async def test_a_stream_that_moved_on_is_not_written(self, built: Built) -> None:
        family = uuid4()
        await built.log.append(one(opened(family), expected=0))

        with pytest.raises(WrongVersion):
            await built.log.append(one(opened(family), expected=0))
        await built.log.append(one(opened(family), expected=1))

        assert (await built.log.heads()).position == 2

    async def test_an_append_over_several_streams_is_all_or_nothing(self, built: Built) -> None:
        first, second = uuid4(), uuid4()
        await built.log.append(one(opened(second)))

        with pytest.raises(WrongVersion):
            await built.log.append(Append((opened(first), opened(second)), told_by(), {f"family/{second}": 0}))
        assert await built.log.read_stream(f"family/{first}") == []
        written = await built.log.append(
            Append((opened(first), opened(second)), told_by(), {f"family/{first}": 0, f"family/{second}": 1})
        )

        assert [(r.stream, r.stream_version) for r in written] == [(f"family/{first}", 1), (f"family/{second}", 2)]

    async def test_a_version_can_be_expected_of_a_stream_that_is_not_written(self, built: Built) -> None:
        watched, written = uuid4(), uuid4()
        await built.log.append(Append((opened(written),), told_by(), {f"family/{watched}": 0}))

        with pytest.raises(WrongVersion):
            await built.log.append(Append((opened(written),), told_by(), {f"family/{watched}": 1}))
        await built.log.append(one(opened(watched), expected=0))

    async def test_an_append_of_nothing_is_refused(self) -> None:
        with pytest.raises(ValueError, match="at least one event"):
            Append((), told_by())

    async def test_a_repeated_key_writes_nothing_and_answers_as_before(self, built: Built) -> None:
        family = uuid4()
        first = await built.log.append(Append((opened(family), opened(uuid4())), told_by(), idempotency="k"))

        again = await built.log.append(one(opened(family), expected=0, key="k"))

        assert again == first
        assert (await built.log.heads()).position == 2

    async def test_fifty_twins_in_parallel_are_one_event(self, built: Built) -> None:
        answers = await asyncio.gather(*(built.log.append(one(opened(uuid4()), key="twin")) for _ in range(50)))

        assert len(set(answers)) == 1
        assert (await built.log.heads()).position == 1

    async def test_one_bad_append_harms_no_other_that_came_with_it(self, built: Built) -> None:
        erased, fine = uuid4(), [uuid4() for _ in range(20)]
        await built.log.append(one(routed(uuid4(), erased)))
        await built.keys.destroy(erased, NOON)
        no_key = one(routed(uuid4(), uuid4()))
        no_key = Append((no_key.drafts[0].__class__(no_key.drafts[0].stream, no_key.drafts[0].event, NOON),), told_by())

        answers = await asyncio.gather(
            built.log.append(one(opened(fine[0]), expected=7)),
            built.log.append(one(routed(uuid4(), erased))),
            built.log.append(no_key),
            *(built.log.append(one(opened(family), expected=0)) for family in fine),
            return_exceptions=True,
        )

        assert [type(a) for a in answers[:3]] == [WrongVersion, KeyDestroyed, ValueError]
        assert all(isinstance(a, tuple) for a in answers[3:])
        assert (await built.log.heads()).position == 1 + len(fine)

    async def test_sixteen_writers_leave_no_gap(self, built: Built) -> None:
        families = [uuid4() for _ in range(12)]

        async def write(seed: int) -> int:
            chance = random.Random(seed)
            count = 0
            for _ in range(25):
                drafts = tuple(opened(chance.choice(families)) for _ in range(chance.randint(1, 4)))
                stale = {drafts[0].stream: 10_000} if chance.random() < 0.3 else {}
                count += len(await outcome(built.log, Append(drafts, told_by(), stale)) or ())
            return count

        written = sum(await asyncio.gather(*(write(seed) for seed in range(16))))
        await built.settle()

        records = await everything(built.log)
        assert len(records) == written
        assert_without_gaps(records)
        heads = await built.log.heads()
        assert heads.position == written
        assert sum(heads.sequences.values()) == written

    async def test_followers_miss_nothing_while_writers_write(self, built: Built) -> None:
        families = [uuid4() for _ in range(40)]
        seen: dict[int, list[Record]] = {p: [] for p in range(PARTITIONS)}
        complete = asyncio.Event()

        async def follow(partition: int) -> None:
            async for batch in built.log.follow({partition: 0}, limit=7):
                seen[partition] += batch
                if sum(map(len, seen.values())) >= 480:
                    complete.set()

        async def write(family_numbers: range) -> None:
            for number in family_numbers:
                await built.log.append(Append((opened(families[number % 40]), opened(uuid4())), told_by()))

        followers = [asyncio.create_task(follow(p)) for p in range(PARTITIONS)]
        try:
            await asyncio.gather(*(write(range(start, start + 30)) for start in range(0, 240, 30)))
            await ending(complete.wait(), "the followers have seen everything")
        finally:
            for follower in followers:
                follower.cancel()
            await asyncio.gather(*followers, return_exceptions=True)

        for partition, records in seen.items():
            assert [r.sequence for r in records] == list(range(1, len(records) + 1))
            assert all(r.partition == partition for r in records)
            assert all(a.position < b.position for a, b in pairwise(records))

    async def test_a_follower_starts_behind_what_it_has_seen(self, built: Built) -> None:
        written = [(await built.log.append(one(opened(uuid4()))))[0] for _ in range(30)]
        await built.settle()
        after = {0: 2, 1: 0}

        batches = [batch async for batch in built.log.follow(after, limit=2, until_end=True)]

        expected = sorted(r for r in written if r.partition in after and r.sequence > after[r.partition])
        assert sorted(r for batch in batches for r in batch) == expected
        assert all(batches)
        assert max(sum(r.partition == p for r in batch) for batch in batches for p in after) <= 2

    async def test_the_end_of_an_empty_log_is_reached_at_once(self, built: Built) -> None:
        assert await everything(built.log) == []

    async def test_what_a_destroyed_key_sealed_reads_as_erased(self, built: Built) -> None:
        family, matter, other = uuid4(), uuid4(), uuid4()
        await built.log.append(Append((routed(family, matter), routed(family, other)), told_by()))
        await built.settle()

        await built.keys.destroy(matter, NOON)

        records = await everything(built.log)
        erased, kept = [r.event for r in open_records(records, await built.keys.fetch([matter, other]))]
        assert isinstance(erased, MatterRouted)
        assert isinstance(kept, MatterRouted)
        assert erased.details == Erased(since=NOON)
        assert not isinstance(kept.details, Erased)

    async def test_nothing_more_is_sealed_under_a_destroyed_key(self, built: Built) -> None:
        family, matter = uuid4(), uuid4()
        await built.log.append(one(routed(family, matter)))
        await built.keys.destroy(matter, NOON)

        with pytest.raises(KeyDestroyed):
            await built.log.append(one(routed(family, matter)))

        assert (await built.log.heads()).position == 1
