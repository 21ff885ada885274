"""The relay: carries the journal to Kafka, in sequence, to the partition that stands in each row.

Producing can fail in ways that leave the outcome open, so nothing here is trusted but Kafka's acknowledgement: each
partition sends one batch at a time and waits for it; after any error the producer is thrown away and everything starts
again behind the last confirmed sequence. What that sends twice, readers skip. The lease is for quiet, not for safety:
two relays at once write a topic that every reader reads alike.
"""

from __future__ import annotations

import asyncio
import random
from collections import defaultdict
from collections.abc import Mapping, Sequence
from contextlib import aclosing, suppress
from dataclasses import dataclass
from typing import Final
from uuid import uuid4

import structlog
from aiokafka import AIOKafkaProducer

from consumers.relay_tail import TopicAndJournalDiffer, learn_tail
from events.envelope import Record
from events.kafka_client import start
from events.kafka_codec import headers_of, key_of
from events.kafka_follower import KafkaFollower
from events.kafka_topics import MESSAGE_BYTES
from events.log import Tampered
from events.postgres_log import PostgresLog
from events.published import LeaseLost, Published, Run, runs_of

log = structlog.get_logger(__name__)

BATCH_BYTES: Final = 256 << 10
_FATAL: Final = (TopicAndJournalDiffer, Tampered)


@dataclass(frozen=True, slots=True)
class RelayPace:
    """How long the relay waits for what, in seconds, and how much it carries at once."""

    lease: float = 15.0
    send: float = 30.0
    first_wait: float = 0.2
    longest_wait: float = 10.0
    chunk: int = 500


async def run_relay(journal: PostgresLog, published: Published, bootstrap: str, pace: RelayPace | None = None) -> None:
    """Carry for ever; cancel it to stop. Raises only when topic and journal disagree, which a person must mend."""
    await Relay(journal, published, bootstrap, pace or RelayPace()).run()


class Relay:
    """One relay process."""

    def __init__(self, journal: PostgresLog, published: Published, bootstrap: str, pace: RelayPace) -> None:
        self._journal = journal
        self._published = published
        self._bootstrap = bootstrap
        self._pace = pace
        self._holder = uuid4()
        self._failures = 0

    async def run(self) -> None:
        """Take the lease when it is free, carry while it is held, start again after errors, ever more slowly."""
        while True:
            try:
                epoch = await self._published.take(self._holder, self._pace.lease)
                if epoch is None:
                    await asyncio.sleep(self._pace.lease / 4)
                    continue
                await self._serve(epoch)
            except _FATAL:
                raise
            except LeaseLost:
                log.warning("relay lease lost")
            except Exception as failure:  # noqa: BLE001 - Kafka or PostgreSQL is away: nothing is lost, try again
                log.warning("relay interrupted", failure=type(failure).__name__)
                await self._pause()

    async def _pause(self) -> None:
        self._failures += 1
        longest = min(self._pace.longest_wait, self._pace.first_wait * 2 ** min(self._failures, 16))
        await asyncio.sleep(random.uniform(longest / 2, longest))  # noqa: S311 - jitter

    async def _serve(self, epoch: int) -> None:
        """Carry until something fails."""
        try:
            async with asyncio.TaskGroup() as tasks:
                tasks.create_task(self._keep(epoch))
                tasks.create_task(self._carry(epoch))
        except ExceptionGroup as failures:
            raise _worst(failures) from None
        finally:
            with suppress(Exception):  # the lease runs out by itself
                await asyncio.wait_for(asyncio.shield(self._published.release(epoch)), 2)

    async def _keep(self, epoch: int) -> None:
        while True:
            await asyncio.sleep(self._pace.lease / 3)
            await self._published.keep(epoch, self._pace.lease)

    async def _carry(self, epoch: int) -> None:
        heads = await self._journal.heads()
        confirmed = dict.fromkeys(heads.sequences, 0) | dict(await self._published.confirmed())
        topic = KafkaFollower(self._journal, self._bootstrap, self._published.topic)
        found = await learn_tail(topic, self._journal, self._bootstrap, self._published.topic, confirmed)
        await self._published.confirm(epoch, found, self._pace.lease)
        for run in found:
            confirmed[run.partition] = run.last
        producer = await _producer(self._bootstrap)
        try:
            await self._pipeline(producer, epoch, confirmed)
        finally:
            await _throw_away(producer)

    async def _pipeline(self, producer: AIOKafkaProducer, epoch: int, after: Mapping[int, int]) -> None:
        """Reading, sending and confirming at the same time, a chunk each; the first failure ends all three."""
        read: asyncio.Queue[list[Record]] = asyncio.Queue(1)
        sent: asyncio.Queue[list[Run]] = asyncio.Queue(4)

        async def reading() -> None:
            async with aclosing(self._journal.follow(after, limit=self._pace.chunk)) as batches:
                async for batch in batches:
                    await read.put(batch)

        async def sending() -> None:
            while True:
                batch = await read.get()
                await sent.put(await asyncio.wait_for(self._send(producer, batch), self._pace.send))

        async def confirming() -> None:
            while True:
                await self._published.confirm(epoch, await sent.get(), self._pace.lease)
                self._failures = 0

        async with asyncio.TaskGroup() as tasks:
            for part in (reading, sending, confirming):
                tasks.create_task(part())

    async def _send(self, producer: AIOKafkaProducer, batch: Sequence[Record]) -> list[Run]:
        apart: defaultdict[int, list[Record]] = defaultdict(list)
        for record in batch:
            apart[record.partition].append(record)
        runs = await asyncio.gather(*(self._send_partition(producer, p, records) for p, records in apart.items()))
        return [run for several in runs for run in several]

    async def _send_partition(self, producer: AIOKafkaProducer, partition: int, records: list[Record]) -> list[Run]:
        """One batch at a time: a later one must never be on the topic without the earlier."""
        places: list[tuple[int, int]] = []
        while len(places) < len(records):
            batch = producer.create_batch()
            count = 0
            for record in records[len(places) :]:
                written = batch.append(
                    timestamp=int(record.recorded_at.timestamp() * 1000),
                    key=key_of(record),
                    value=record.data,
                    headers=headers_of(record),
                )
                if written is None:
                    break
                count += 1
            batch.close()
            acknowledged = await (await producer.send_batch(batch, self._published.topic, partition=partition))
            first = records[len(places)].sequence
            places += [(first + number, acknowledged.offset + number) for number in range(count)]
        return runs_of(partition, places)


async def _producer(bootstrap: str) -> AIOKafkaProducer:
    producer = AIOKafkaProducer(
        bootstrap_servers=bootstrap,
        client_id="hub-relay",
        acks="all",
        enable_idempotence=True,
        compression_type=None,  # ciphertext does not compress
        max_batch_size=BATCH_BYTES,
        max_request_size=MESSAGE_BYTES,
        linger_ms=0,
        request_timeout_ms=10_000,
        retry_backoff_ms=100,
    )
    try:
        await start(producer)
    except BaseException:
        await _throw_away(producer)
        raise
    return producer


async def _throw_away(producer: AIOKafkaProducer) -> None:
    """Stop it, and where it waits for a broker that is away, take its connections from it."""
    try:
        await asyncio.wait_for(producer.stop(), 3)
    except Exception:  # noqa: BLE001 - it is of no more use either way
        with suppress(Exception):
            await producer.client.close()
        with suppress(Exception):
            await asyncio.wait_for(producer._sender.close(), 3)  # noqa: SLF001 - `stop` may not be called twice


def _worst(failures: ExceptionGroup[Exception]) -> Exception:
    """The one failure that decides what happens next."""
    flat = [_worst(failure) if isinstance(failure, ExceptionGroup) else failure for failure in failures.exceptions]
    return next((f for kind in (*_FATAL, LeaseLost) for f in flat if isinstance(f, kind)), flat[0])
