"""`hub work`: what keeps running behind the doors: projectors, erasures, and with Kafka the relay and intake topics."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager

import structlog

from consumers.app import run_intake
from consumers.intake import TopicIntake
from consumers.intake_door import IntakeDoor
from consumers.project import run_projector
from consumers.relay import run_relay
from events.durability import require_durable_postgres
from events.kafka_topics import TopicPlan, Topics, create_topics, require_durable_topics
from events.published import Published
from hub.bootstrap import Hub, read_log
from hub.erasing import finish
from hub.settings import Engine
from projections import ALL

log = structlog.get_logger(__name__)

STOP_SECONDS = 12.0
ERASURES_LOOK_SECONDS = 5.0


@asynccontextmanager
async def working(hub: Hub, *, agencies_look_seconds: float = 30.0) -> AsyncIterator[asyncio.Task[None]]:
    """Everything that runs behind the doors, for as long as the block lasts; the task ends only by failing.

    Raises `DataAtRisk` before anything starts if PostgreSQL or a topic is set up so that it loses data.
    """
    async with hub.pool.acquire() as connection:
        await require_durable_postgres(connection)
    if hub.settings.engine is Engine.KAFKA:
        plan = events_topic(hub)
        await create_topics(bootstrap(hub), [plan])
        await require_durable_topics(bootstrap(hub), [plan])
    task = asyncio.create_task(_work(hub, agencies_look_seconds))
    try:
        yield task
    finally:
        task.cancel()
        await asyncio.wait([task], timeout=STOP_SECONDS)
        log.info("stopped working")


async def work(hub: Hub, stop: asyncio.Event) -> None:
    """Run until `stop` is set. Raises what no retry can mend: topic and journal that disagree."""
    async with working(hub) as task:
        log.info("working", engine=hub.settings.engine)
        stopping = asyncio.create_task(stop.wait())
        await asyncio.wait({task, stopping}, return_when=asyncio.FIRST_COMPLETED)
        stopping.cancel()
        if task.done():
            await task


def events_topic(hub: Hub) -> TopicPlan:
    """The log's topic as it must be."""
    settings = hub.settings
    return TopicPlan(Topics(settings.area).events, settings.partitions, settings.kafka_replication)


def bootstrap(hub: Hub) -> str:
    """Kafka's address; the settings have made sure that there is one."""
    return hub.settings.kafka_bootstrap or ""


async def _work(hub: Hub, agencies_look_seconds: float) -> None:
    async with asyncio.TaskGroup() as tasks:
        tasks.create_task(run_projector(hub.pool, read_log(hub.settings, hub.log), hub.keys, ALL))
        tasks.create_task(_finish_erasures(hub, ERASURES_LOOK_SECONDS))
        if hub.settings.engine is Engine.KAFKA:
            published = Published(hub.pool, Topics(hub.settings.area).events)
            tasks.create_task(run_relay(hub.log, published, bootstrap(hub)))
            tasks.create_task(_take_topics(hub, agencies_look_seconds))


async def _finish_erasures(hub: Hub, look_seconds: float) -> None:
    """Read models forget who was erased; what a process that died has left undone is found on the log."""
    while True:
        try:
            for subject_id in await finish(hub):
                log.info("erasure completed", subject_id=str(subject_id))
        except Exception as failure:  # noqa: BLE001 - the database is away: it is there to be done the next time
            log.warning("erasures not completed", failure=type(failure).__name__)
        await asyncio.sleep(look_seconds)


async def _take_topics(hub: Hub, look_seconds: float) -> None:
    topics = Topics(hub.settings.area)
    limit, ours = hub.settings.body_limit, hub.settings.bars_addresses
    door = IntakeDoor(hub.agencies, hub.intake, hub.files, hub.index, hub.clock, limit, ours)

    async def agencies() -> Sequence[str]:
        return [agency.code for agency in await hub.agencies.every() if not agency.suspended]

    intake = TopicIntake(hub.pool, door, topics)
    await run_intake(bootstrap(hub), hub.settings.kafka_replication, topics, agencies, intake, look_seconds)
