"""What intake decides from can be had again from the log alone: from the journal, and from the topic (design.md §4)."""

from __future__ import annotations

from datetime import date
from io import BytesIO
from random import Random

from events.codec import key_ids, opened
from events.doubt import DoubtOutcome, DoubtSettled, PersonDoubted
from events.envelope import Recorded
from events.kafka_topics import TopicPlan, create_topics
from events.log import EventLog
from hub.bootstrap import Hub
from hub.connectors import CONNECTORS
from hub.identity.commands import SettleDoubt
from hub.synth.week import Week, content
from tests.consumers.relaying import Carrying
from tests.deciders.test_invented_week import arrival
from tests.faults.reckoning import everything
from tests.identity.words import BECAUSE, REVIEWER, Register
from tests.intake.folding import NOT_FOLDED, Fold, live
from tests.intake.words import TRUST, a_child, a_referral, an_arrival, case

FAMILIES = 60


async def a_week(hub: Hub) -> None:
    """Through every connector, file by file, as intake takes them."""
    for file in Week(FAMILIES, 2, date(2026, 11, 23)):
        items = list(CONNECTORS[file.format].read(BytesIO(content(file))))
        arrivals = [arrival(file, item) for item in items]
        if arrivals:
            await hub.agencies.register(arrivals[0].agency, "test")
        await hub.intake.decide(await hub.intake.ready(arrivals))


async def decisions(hub: Hub, register: Register) -> None:
    """Reviewers merge, split, take out, settle, and take some of it back."""
    ann, anna, anne, hannah = [await register.child() for _ in range(4)]
    await register.merge(ann, anna, one_family=True)
    merged = await register.merge(anna, anne)
    await register.split(anna)
    await register.merge(anne, hannah, one_family=True)
    await register.undo(merged)
    parted = await register.split(hannah)
    await register.undo(parted)
    families = await register.merge_families(ann, hannah)
    await register.undo(families)
    await register.merge_families(anne, anna)
    await register.split_family(anne)
    await register.take_out(ann.submission_id)
    await register.take_out(await register.told_again(anne))
    first, again = await register.doubted(ann, anna), await register.doubted(anne)
    await register.same(first, anna, one_family=True)
    different = await register.different(again)
    await register.undo(different)
    told = [each.event for each in await opened_from(hub, hub.log)]
    settled = {event.doubt_id for event in told if isinstance(event, DoubtSettled)}
    waiting = [event for event in told if isinstance(event, PersonDoubted) and event.doubt_id not in settled]
    assert len(waiting) > 1, "the week leaves doubts"
    for event in Random(7).sample(waiting, len(waiting) // 2 + 1):
        await register.decide(
            SettleDoubt(
                event.doubt_id,
                event.person_id,
                DoubtOutcome.DIFFERENT,
                actor=REVIEWER,
                key=str(event.doubt_id),
                reason=BECAUSE,
            )
        )


async def opened_from(hub: Hub, log: EventLog) -> list[Recorded]:
    """Everything on a log, by position; opened with the keys that are kept apart from it."""
    records = await everything(log)
    return opened(records, await hub.keys.fetch(key_ids(records)))


async def lived(hub: Hub, register: Register) -> None:
    await a_week(hub)
    same_case = [a_referral(a_child(given), source=case("C-1")) for given in ("Sam", "Xan")]
    first, _ = [await hub.intake.submit(an_arrival(told, TRUST)) for told in same_case]
    await decisions(hub, register)
    await register.take_out(first.submission_id)
    await hub.agencies.suspend(TRUST.code, "test")


async def test_decision_tables_folded_from_the_journal_are_the_live_ones(hub: Hub, register: Register) -> None:
    await lived(hub, register)

    folded = Fold(hub.index).all(await opened_from(hub, hub.log))

    found = await live(hub)
    assert all(folded.values()), "no table is empty"
    for table in found:
        assert folded[table] == found[table], table


async def test_decision_tables_folded_from_the_topic_are_the_live_ones(
    hub: Hub, register: Register, kafka: str
) -> None:
    await lived(hub, register)
    carrying = Carrying(hub.pool, kafka, hub.log)
    await create_topics(kafka, [TopicPlan(carrying.topic, hub.settings.partitions)])

    async with carrying.relay():
        await carrying.carried()
    folded = Fold(hub.index).all(await opened_from(hub, carrying.log))

    found = await live(hub)
    for table in found:
        assert folded[table] == found[table], table


async def test_every_column_of_a_decision_table_is_folded_or_named_with_the_reason_why_not(hub: Hub) -> None:
    columns = await hub.pool.fetch(
        "SELECT table_name::text, array_agg(column_name::text) AS columns FROM information_schema.columns "
        "WHERE table_schema = 'decide' GROUP BY 1"
    )
    compared = {
        "agency": {"code", "kind", "title", "identifier", "purposes", "bases", "suspended"},
        "submission": {"agency", "idempotency", "fingerprint", "submission_id", "received_at", "outcome", "code"},
        "family": {"family_id", "matter_id", "queue", "belongs_to"},
        "person": {"person_id", "family_id", "belongs_to", "described", "sealed"},
        "match_key": {"key", "person_id"},
        "referral": {"agency", "reference", "referral_id", "family_id", "matter_id"},
        "distinct": {"one", "other", "decision_id"},
    }

    for row in columns:
        table = row["table_name"]
        assert set(row["columns"]) == compared.get(table, set()) | NOT_FOLDED.get(table, set()), table
