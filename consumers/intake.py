"""Intake topics: each agency's records, in their order, through the door; its place in PostgreSQL.

One bad record never holds up the ones behind it, and one agency never holds up another. Only when the database is away
does everything wait, with a growing pause, and nothing is stepped over.
"""

from __future__ import annotations

import asyncio
import random
from collections.abc import Awaitable, Callable, Mapping, Sequence
from itertools import groupby
from typing import Final, Protocol

import asyncpg
import structlog
from aiokafka.errors import KafkaError

from consumers.intake_door import AgencyUnknown
from consumers.intake_message import Incoming, IntakeMessage, read_message
from events.database import Pool, unavailable
from events.kafka_topics import Topics

log = structlog.get_logger(__name__)

Place = tuple[str, int]
Missing = Callable[[str, int, int, int], Awaitable[Sequence[Incoming]]]
_TRIES: Final = 3


class Door(Protocol):
    """What intake asks of the hub; `consumers.intake_door.IntakeDoor` is it."""

    async def take(self, code: str, message: IntakeMessage) -> str:
        """Decide a message; returns the outcome's name."""
        ...

    async def quarantine(self, code: str, message: IntakeMessage) -> str:
        """Set a message aside."""
        ...


class Stopping(Exception):
    """The process is ending: what was not taken is read again by the next one."""


class TopicIntake:
    """Takes batches of records as FastStream hands them over; they may come twice, never in another order."""

    def __init__(self, pool: Pool, door: Door, topics: Topics, longest_wait: float = 30.0) -> None:
        self._pool = pool
        self._door = door
        self._topics = topics
        self._longest_wait = longest_wait
        self._next: dict[Place, int] = {}
        self._batches = 0
        self._stopping = asyncio.Event()

    async def places(self) -> Mapping[Place, int]:
        """The next offset of each topic partition that has been read before."""
        rows = await self._pool.fetch("SELECT topic, partition, next_offset FROM intake.place")
        noted = {(row["topic"], row["partition"]): row["next_offset"] for row in rows}
        for place, offset in noted.items():
            self._next[place] = max(offset, self._next.get(place, 0))
        return noted

    @property
    def busy(self) -> bool:
        """Whether a batch is being taken now, however long that takes."""
        return self._batches > 0

    def stop(self) -> None:
        """End the waiting for a database that is away."""
        self._stopping.set()

    def resume(self) -> None:
        """Take again, with another broker."""
        self._stopping.clear()

    async def take(self, records: Sequence[Incoming], missing: Missing | None = None) -> None:
        """Take a batch: topics side by side, the records of one in order.

        Where offsets jump, `missing` tells what lies between; without it a jump is taken as it is. Returns early when
        stopping, or when that cannot be told; the place then stands where it was.
        """
        apart = sorted(records, key=lambda record: (record.topic, record.partition, record.offset))
        parts = [list(part) for _, part in groupby(apart, key=lambda record: (record.topic, record.partition))]
        self._batches += 1
        try:
            await asyncio.gather(*(self._take_partition(part, missing) for part in parts))
        finally:
            self._batches -= 1

    async def _take_partition(self, records: Sequence[Incoming], missing: Missing | None) -> None:
        place = records[0].topic, records[0].partition
        reached = self._next.get(place, 0)
        fresh = [record for record in records if record.offset >= reached]
        try:
            if missing is not None and fresh and fresh[0].offset > reached:
                fresh = [*await missing(*place, reached, fresh[0].offset), *fresh]
            for record in fresh:
                await self._take_one(record)
                self._next[place] = record.offset + 1
        except Stopping:
            return
        except AgencyUnknown:
            log.warning("intake topic without an agency in good standing", topic=place[0])
            return
        except (KafkaError, TimeoutError):
            log.warning("intake offsets jump", topic=place[0], offset=reached)
            return
        finally:
            if place in self._next:
                await self._note(place)

    async def _take_one(self, record: Incoming) -> None:
        code, message, failures = self._topics.agency(record.topic), read_message(record), 0
        while True:
            try:
                outcome = await (self._door.take if failures < _TRIES else self._door.quarantine)(code, message)
                log.info("intake", topic=record.topic, offset=record.offset, format=message.format, outcome=outcome)
            except AgencyUnknown:
                raise
            except Exception as failure:  # noqa: BLE001 - the class is told, the text may hold content
                away = unavailable(failure) or isinstance(failure, asyncpg.TransactionRollbackError)
                failures += 0 if away else 1
                log.warning("intake failed", topic=record.topic, offset=record.offset, failure=type(failure).__name__)
                await self._pause(failures)
            else:
                return

    async def _note(self, place: Place) -> None:
        try:
            await self._pool.execute(
                """INSERT INTO intake.place AS p (topic, partition, next_offset) VALUES ($1, $2, $3)
                   ON CONFLICT (topic, partition)
                   DO UPDATE SET next_offset = greatest(p.next_offset, excluded.next_offset)""",
                *place,
                self._next[place],
            )
        except Exception as failure:
            if not unavailable(failure):
                raise
            log.warning("intake place not noted", topic=place[0])  # the next batch notes it

    async def _pause(self, failures: int) -> None:
        """Growing with failures, capped, never in step with another process. Raises `Stopping`."""
        longest = min(self._longest_wait, 0.5 * 2 ** min(failures + 1, 10))
        try:
            await asyncio.wait_for(self._stopping.wait(), random.uniform(longest / 2, longest))  # noqa: S311 - jitter
        except TimeoutError:
            return
        raise Stopping
