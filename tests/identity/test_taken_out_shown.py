"""What the pages, the packs and the sender see once a submission was taken out, over real tables."""

from __future__ import annotations

from uuid import UUID, uuid4

import pytest

from hub.bootstrap import Hub
from hub.commands import Acknowledge, acknowledge
from hub.deciders.acknowledgement import NoSuchMatter
from hub.identity.reading import open_all
from projections.chronicle import timeline
from projections.household import household
from projections.packing import pack
from projections.receipts import submission
from projections.waiting import Filter, of_family, waiting
from tests.identity.words import Register
from tests.intake.words import NOW, SCHOOL, TRUST, a_child, a_referral, an_arrival, nhs
from tests.projections.delivery import shown

KNOWN = a_child(identifiers=(nhs("9000000009"),))


async def carry(hub: Hub) -> None:
    """All read models have seen the whole log, each event twice."""
    after = dict.fromkeys((await hub.log.heads()).sequences, 0)
    records = [record async for batch in hub.log.follow(after, until_end=True) for record in batch]
    await shown(hub.pool, await open_all(hub, records))


async def families(hub: Hub) -> list[UUID]:
    """In the order they were opened."""
    rows = await hub.pool.fetch("SELECT stream FROM log.event WHERE type = 'family.opened' ORDER BY position")
    return [UUID(row["stream"].partition("/")[2]) for row in rows]


async def test_each_family_shows_its_own_and_the_new_one_waits(hub: Hub, register: Register) -> None:
    right = await hub.intake.submit(an_arrival(a_referral(KNOWN, concern="The first Sam.")))
    wrong = await hub.intake.submit(an_arrival(a_referral(a_child(), concern="Another Sam."), TRUST))
    await register.take_out(wrong.submission_id)
    await carry(hub)
    one, other = await families(hub)
    async with hub.pool.acquire() as connection:
        for family_id, submission_id, agency in ((one, right, SCHOOL), (other, wrong, TRUST)):
            entries = await timeline(connection, family_id)
            told = {entry.submission_id for entry in entries if entry.kind == "REFERRAL"}
            assert told == {submission_id.submission_id}
            [member] = await household(connection, family_id)
            assert member.recorded_by == agency.code
            [entry] = await of_family(connection, family_id, NOW)
            assert (entry.queue, entry.agency) == ("MASG_CENTRAL", agency.code)
            status = await submission(connection, submission_id.submission_id, agency.code)
            assert status is not None
            assert status.queue == "MASG_CENTRAL"
        page = await waiting(connection, Filter("MASG_CENTRAL"), NOW)
        assert {entry.family_id for entry in page.entries} == {one, other}
        requests = {
            f.family_id: [r.agency for r in f.requests] for f in (await pack(connection, "MASG_CENTRAL")).families
        }
    assert requests == {one: [SCHOOL.code], other: [TRUST.code]}


async def test_nobody_waits_any_more_where_only_this_was_asked(hub: Hub, register: Register) -> None:
    only = await hub.intake.submit(an_arrival(a_referral(KNOWN)))
    await register.take_out(only.submission_id)
    await carry(hub)
    one, other = await families(hub)
    async with hub.pool.acquire() as connection:
        page = await waiting(connection, Filter("MASG_CENTRAL"), NOW)
        assert [entry.family_id for entry in page.entries] == [other]
        assert await household(connection, one) == []
    matter_id = await hub.pool.fetchval("SELECT matter_id FROM decide.family WHERE family_id = $1", one)
    with pytest.raises(NoSuchMatter):
        await acknowledge(hub, Acknowledge(one, matter_id, "worker-1", str(uuid4())))
