"""The invariants after every fault: the log is whole, the read models are its fold, the topic is the journal."""

from __future__ import annotations

from contextlib import aclosing

from consumers.work import bootstrap, events_topic
from events.envelope import Record, Recorded
from events.kafka_codec import headers_of, key_of
from events.kafka_log import KafkaLog
from events.kafka_reader import opened
from events.log import EventLog
from hub.bootstrap import Hub
from projections import ALL
from projections.opening import open_batch
from projections.progress import status, wait_for
from tests.contracts.event_log import assert_without_gaps
from tests.faults.install import Install
from tests.faults.ledger import Ledger, assert_nothing_lost_or_doubled
from tests.spec import in_memory, rows_of
from tests.waiting import LONG


async def then_all_is_well(install: Install, *ledgers: Ledger) -> list[Record]:
    """All invariants; the log's records."""
    async with install.hub() as hub:
        records = await everything(hub.log)
        assert_without_gaps(records)
        assert [record.position for record in records] == list(range(1, len(records) + 1))
        for ledger in ledgers:
            assert_nothing_lost_or_doubled(ledger, records)
        await then_read_models_are_the_fold_of_the_log(hub)
        if hub.settings.kafka_bootstrap:
            await then_the_topic_is_the_journal(hub, records)
        return records


async def then_read_models_are_the_fold_of_the_log(hub: Hub) -> None:
    heads = await hub.log.heads()
    arrived = await wait_for(hub.pool, heads.sequences, ALL, LONG)
    assert arrived, f"the read models did not get there: {await status(hub.pool, ALL)}"
    recorded: list[Recorded] = []
    async for records in hub.log.follow(dict.fromkeys(heads.sequences, 0), until_end=True):
        recorded += (await open_batch(records, hub.keys)).recorded
    for model in ALL:
        assert await rows_of(hub.pool, model) == in_memory(model, recorded), f"{model.name} is not the fold of the log"


async def then_the_topic_is_the_journal(hub: Hub, records: list[Record]) -> None:
    """Record by record, byte by byte."""
    topic = KafkaLog(hub.log, bootstrap(hub), events_topic(hub).name)
    messages = []
    async with aclosing(topic.drain(dict.fromkeys(range(hub.settings.partitions), 0), until_end=True)) as batches:
        async for batch in batches:
            messages += batch
    found = sorted(messages, key=lambda message: opened(message).position)
    assert [opened(message) for message in found] == records
    for message, record in zip(found, records, strict=True):
        assert (message.key, message.value) == (key_of(record), record.data)
        assert sorted(message.headers) == sorted(headers_of(record))


async def everything(log: EventLog) -> list[Record]:
    """Every record by position."""
    after = dict.fromkeys((await log.heads()).sequences, 0)
    return sorted([r async for batch in log.follow(after, until_end=True) for r in batch], key=lambda r: r.position)
