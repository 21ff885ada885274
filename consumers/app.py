"""Binds intake topics to FastStream, every option written out: the library's defaults lose data (design.md §5)."""

from __future__ import annotations

import asyncio
import logging
import random
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping, Sequence
from contextlib import asynccontextmanager, suppress
from functools import partial
from pathlib import Path
from typing import Final, cast

import structlog
from aiokafka import TopicPartition as AssignedPartition
from faststream.kafka import KafkaBroker
from faststream.kafka.message import FAKE_CONSUMER, KafkaMessage
from faststream.kafka.schemas import TopicPartition
from faststream.message import StreamMessage
from faststream.middlewares import AckPolicy
from faststream.specification import AsyncAPI

from consumers.intake import TopicIntake
from consumers.intake_blocked import missing, probe
from consumers.intake_message import Incoming
from events.kafka_topics import MESSAGE_BYTES, TopicPlan, Topics, create_topics
from events.kafka_unpacking import limit_unpacking

log = structlog.get_logger(__name__)

INTAKE_PARTITIONS: Final = 1  # an agency's records stay in their order
INTAKE_DAYS: Final = 14  # the bytes lie in clear there; what was taken is kept sealed elsewhere
MOST_AT_ONCE: Final = 64
ASYNCAPI: Final = Path(__file__).with_name("asyncapi.yaml")
_STOP_SECONDS: Final = 5.0

Records = tuple[Incoming, ...]
_DESCRIPTION: Final = (
    "A partner agency's submissions, one record each. The agency is the topic's. Headers: `format` (or `ce_type`, or "
    "`content-type`) names the format of the value, `idempotency-key` (or `ce_id`) is the sender's own key. What "
    "cannot be read is kept, sealed, and refused by name. A batch comes as it is or in gzip and holds at most 32 MiB. "
    "Nothing is answered on Kafka: ask `GET /v1/submissions/{id}`."
)


def intake_plan(topic: str, replication: int) -> TopicPlan:
    """How an intake topic must be."""
    return TopicPlan(topic, INTAKE_PARTITIONS, replication, keep_days=INTAKE_DAYS)


def bind_intake(broker: KafkaBroker, topics: Sequence[str], handler: Callable[[Records], Awaitable[None]]) -> None:
    """One batch subscriber on all intake topics, partitions assigned by hand, places kept by the handler."""

    async def take(records: list[bytes]) -> None:
        """The annotation is for the document: what comes are the records as the client library has them."""
        await handler(cast("Records", records))

    broker.subscriber(
        partitions=[
            TopicPartition(topic, number, declare=False)  # we make topics ourselves, with settings that we know
            for topic in topics
            for number in range(INTAKE_PARTITIONS)
        ],
        batch=True,
        max_records=MOST_AT_ONCE,
        batch_timeout_ms=200,
        group_id=None,  # no group, no rebalance, nothing committed to Kafka
        auto_offset_reset="earliest",
        ack_policy=AckPolicy.MANUAL,
        no_reply=True,  # a sender's `reply_to` must not choose where we publish
        parser=parse,
        decoder=pass_through,
        isolation_level="read_committed",
        check_crcs=True,
        fetch_min_bytes=1,
        fetch_max_wait_ms=500,
        fetch_max_bytes=2 * MESSAGE_BYTES,
        max_partition_fetch_bytes=1 << 20,
        title="Intake",
        description=_DESCRIPTION,
    )(take)


async def parse(records: Records) -> StreamMessage[Records]:
    """Hands records on untouched. The library's own parser drops what it cannot decode, and commits past it."""
    return KafkaMessage(body=b"", headers={}, raw_message=records, consumer=FAKE_CONSUMER)


async def pass_through(message: StreamMessage[Records]) -> Records:
    """The records themselves: decoding is the door's business, record by record."""
    return message.raw_message


def intake_broker(bootstrap: str) -> KafkaBroker:
    """The broker, with nothing left to its defaults that matters, and what comes unpacks only so far."""
    limit_unpacking()
    return KafkaBroker(
        bootstrap,
        client_id="hub-intake",
        acks="all",
        enable_idempotence=True,
        allow_auto_create_topics=False,
        apply_types=False,  # the handler gets the records, not somebody's idea of their type
        graceful_timeout=_STOP_SECONDS,
        logger=logging.getLogger(__name__),
        log_level=logging.DEBUG,  # a line for every record is not news
    )


async def run_intake(
    bootstrap: str,
    replication: int,
    topics: Topics,
    agencies: Callable[[], Awaitable[Sequence[str]]],
    intake: TopicIntake,
    look_seconds: float = 10.0,
) -> None:
    """Take every agency's records for ever; cancel it to stop.

    Agencies registered meanwhile, and partitions that no longer move, are found by looking every `look_seconds`.
    """
    failures = 0
    while True:
        try:
            names = [topics.intake(code) for code in sorted(await agencies())]
            await create_topics(bootstrap, [intake_plan(name, replication) for name in names])
            await _step_over(bootstrap, names, intake)
            async with _running(bootstrap, names, intake):
                failures = 0
                await _until_changed(bootstrap, names, topics, agencies, intake, look_seconds)
        except Exception as failure:  # noqa: BLE001 - Kafka or PostgreSQL is away: places stand, so try again
            failures += 1
            log.warning("intake interrupted", failure=type(failure).__name__)
            await asyncio.sleep(min(10.0, 0.2 * 2 ** min(failures, 10)) * random.uniform(0.5, 1))  # noqa: S311 - jitter


@asynccontextmanager
async def _running(bootstrap: str, names: Sequence[str], intake: TopicIntake) -> AsyncIterator[None]:
    broker = intake_broker(bootstrap)

    async def take(records: Records) -> None:
        await intake.take(records, partial(missing, bootstrap))

    if names:
        bind_intake(broker, names, take)
    places = await intake.places()
    try:
        await broker.start()
        for (topic, partition), offset in places.items():
            if topic in names:  # what is read before this seek is skipped by its offset
                _seek(broker, topic, partition, offset)
        yield
    finally:
        intake.stop()
        with suppress(Exception):
            await asyncio.wait_for(broker.stop(), 2 * _STOP_SECONDS)
        intake.resume()


async def _until_changed(
    bootstrap: str,
    names: Sequence[str],
    topics: Topics,
    agencies: Callable[[], Awaitable[Sequence[str]]],
    intake: TopicIntake,
    look_seconds: float,
) -> None:
    """Returns when there are other agencies, or a partition holds records and has not moved since the last look."""
    before = dict(await intake.places())
    while True:
        await asyncio.sleep(look_seconds)
        if [topics.intake(code) for code in sorted(await agencies())] != list(names):
            return
        now = _of(names, await intake.places())
        unmoved = {place: offset for place, offset in now.items() if before.get(place, 0) == offset}
        before = now
        if unmoved and not intake.busy:
            async with probe(bootstrap) as looking:
                if await looking.behind(unmoved) and not intake.busy:
                    return


async def _step_over(bootstrap: str, names: Sequence[str], intake: TopicIntake) -> None:
    """Take by hand what stands before a record that the client library cannot read, and refuse that one."""
    if not names:
        return
    async with probe(bootstrap) as looking:
        places = _of(names, await intake.places())
        for topic, partition in await looking.behind(places):
            await intake.take(await looking.blocked(topic, partition, places[topic, partition]))


def _of(names: Sequence[str], places: Mapping[tuple[str, int], int]) -> dict[tuple[str, int], int]:
    """The next offset of every partition of these topics, 0 where nothing was read yet."""
    return {(name, number): places.get((name, number), 0) for name in names for number in range(INTAKE_PARTITIONS)}


def _seek(broker: KafkaBroker, topic: str, partition: int, offset: int) -> None:
    for subscriber in broker.subscribers:
        consumer = getattr(subscriber, "consumer", None)
        if consumer is not None:
            consumer.seek(AssignedPartition(topic, partition), offset)


def write_asyncapi() -> None:
    """Write the document again, as it is committed."""
    ASYNCAPI.write_text(asyncapi_document(), "utf-8")


def asyncapi_document(area: str = "cp") -> str:
    """AsyncAPI 3.0 of what the hub reads and writes on Kafka, as YAML; committed as `consumers/asyncapi.yaml`."""
    topics = Topics(area)
    broker = intake_broker("localhost:9092")

    async def take(records: Records) -> None:
        """Never run."""

    bind_intake(broker, [topics.intake("{agency}")], take)
    broker.publisher(
        topics.events,
        title="Events",
        description="The log: CloudEvents 1.0 in binary mode; personal parts sealed. Key: the stream id.",
        schema=bytes,
    )
    about = "What partners may send by Kafka, and the log."
    text: str = AsyncAPI(broker, title="Early Help hub", version="1", description=about).to_specification().to_yaml()
    return text
