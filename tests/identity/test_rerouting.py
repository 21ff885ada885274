"""Where a matter goes once the submission that had led it there was taken out, and since when whoever asked waits."""

from __future__ import annotations

from datetime import datetime, timedelta
from uuid import UUID, uuid4

from events.family import MatterRouted, RouteDetails
from events.referral import ReferralReceived
from hub.bootstrap import Hub
from hub.commands import Acknowledge, acknowledge
from hub.identity.commands import Done
from hub.identity.reading import open_all
from projections.chronicle import timeline
from projections.packing import pack
from projections.waiting import of_family
from tests.identity.test_taken_out_shown import carry, families
from tests.identity.words import REVIEWER, Register
from tests.intake.words import NOW, TRUST, a_child, a_receipt, a_referral, an_arrival, nhs

CENTRAL, FENLAND = "PE1 9VV", "PE13 1VV"
NUMBER = (nhs("9000000009"),)


async def told(hub: Hub, postcode: str, *, asks: bool = True) -> UUID:
    """Of the same child, by a number; lives here or there."""
    child = a_child(postcode=postcode, identifiers=NUMBER)
    decided = await hub.intake.submit(an_arrival(a_referral(child) if asks else a_receipt(child), TRUST))
    return decided.submission_id


async def routes(hub: Hub, done: Done) -> list[tuple[UUID, str, UUID | None]]:
    """What the decision sent where: the family, the queue, by which submission."""
    written = await open_all(hub, await hub.log.read_correlated(done.decision_id))
    return [
        (each.event.family_id, each.event.details.queue, each.event.submission_id)
        for each in written
        if isinstance(each.event, MatterRouted) and isinstance(each.event.details, RouteDetails)
    ]


async def queue_of(hub: Hub, family_id: UUID) -> str | None:
    found: str | None = await hub.pool.fetchval("SELECT queue FROM decide.family WHERE family_id = $1", family_id)
    return found


async def what(hub: Hub, family_id: UUID) -> list[str]:
    """The lines of a timeline, the newest first."""
    async with hub.pool.acquire() as connection:
        return [entry.what for entry in await timeline(connection, family_id)]


async def test_the_way_of_what_was_taken_out_is_gone_and_the_next_referral_finds_its_own(
    hub: Hub, register: Register
) -> None:
    wrong = await told(hub, CENTRAL)
    await told(hub, FENLAND, asks=False)
    [family] = await families(hub)
    done = await register.take_out(wrong)
    new = (await families(hub))[1]
    await carry(hub)

    assert await routes(hub, done) == [(new, "MASG_CENTRAL", wrong)]
    assert await queue_of(hub, family) is None
    assert not [line for line in await what(hub, family) if line.startswith("Sent to")]
    assert [line for line in await what(hub, new) if line.startswith("Sent to")]

    await hub.intake.submit(an_arrival(a_referral(a_child(postcode=FENLAND)), TRUST))
    await carry(hub)

    assert await queue_of(hub, family) == "FENLAND"
    assert "Sent to Fenland district team" in await what(hub, family)


async def test_a_referral_that_stays_goes_by_where_its_own_child_lives(hub: Hub, register: Register) -> None:
    wrong = await told(hub, CENTRAL)
    stays = await told(hub, FENLAND)
    [family] = await families(hub)
    assert await queue_of(hub, family) == "MASG_CENTRAL"

    done = await register.take_out(wrong)
    await carry(hub)

    assert (family, "FENLAND", stays) in await routes(hub, done)
    assert await queue_of(hub, family) == "FENLAND"
    async with hub.pool.acquire() as connection:
        [entry] = await of_family(connection, family, NOW)
        assert entry.queue == "FENLAND"
        assert [each.family_id for each in (await pack(connection, "MASG_CENTRAL")).families] != [family]
    assert [line for line in await what(hub, family) if line.startswith("Sent to")] == ["Sent to Fenland district team"]


async def test_a_matter_that_went_another_ones_way_stays_where_it_is(hub: Hub, register: Register) -> None:
    await told(hub, CENTRAL)
    wrong = await told(hub, FENLAND)
    [family] = await families(hub)

    done = await register.take_out(wrong)

    assert [queue for _, queue, _ in await routes(hub, done)] == ["FENLAND"], "the new family's alone"
    assert await queue_of(hub, family) == "MASG_CENTRAL"


async def received_at(hub: Hub, done: Done) -> datetime | None:
    written = await open_all(hub, await hub.log.read_correlated(done.decision_id))
    [event] = [each.event for each in written if isinstance(each.event, ReferralReceived)]
    return event.received_at


async def test_the_clock_of_who_asked_goes_on_however_often_we_were_wrong(hub: Hub, register: Register) -> None:
    wrong = await told(hub, CENTRAL)
    [first] = [each.recorded_at for each in await hub.log.read_correlated(wrong) if each.type == "referral.received"]
    once = await register.take_out(wrong)
    twice = await register.take_out(wrong)
    await carry(hub)

    assert [await received_at(hub, once), await received_at(hub, twice)] == [first, first]
    newest = (await families(hub))[-1]
    async with hub.pool.acquire() as connection:
        [entry] = await of_family(connection, newest, first + timedelta(days=9))
        [asked] = (await pack(connection, "MASG_CENTRAL")).families[0].requests
    assert (entry.received_at, entry.overdue) == (first, True)
    assert asked.received_at == first


async def test_who_was_answered_waits_no_more_and_the_new_teams_day_begins(hub: Hub, register: Register) -> None:
    wrong = await told(hub, CENTRAL)
    [family] = await families(hub)
    matter = await hub.pool.fetchval("SELECT matter_id FROM decide.family WHERE family_id = $1", family)
    await acknowledge(hub, Acknowledge(family, matter, REVIEWER, str(uuid4())))

    done = await register.take_out(wrong)
    await carry(hub)

    assert await received_at(hub, done) is None
    [again] = [
        each.recorded_at for each in await hub.log.read_correlated(done.decision_id) if each.type == "referral.received"
    ]
    async with hub.pool.acquire() as connection:
        [entry] = await of_family(connection, (await families(hub))[-1], NOW)
    assert (entry.status, entry.received_at) == ("NEW", again)
