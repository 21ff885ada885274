from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path
from uuid import UUID, uuid4

import pytest

from events.database import Pool
from hub.bootstrap import Hub, joined
from hub.commands import Acknowledge, acknowledge
from hub.identity.consequences import Consequences, consequences
from hub.reveal import reveal
from hub.settings import Settings
from tests.identity.words import Register
from tests.intake.words import NOW, SCHOOL, TRUST, a_child, a_referral, an_arrival, nhs

KNOWN = a_child(identifiers=(nhs("9000000009"),))


class Clock:
    """Half an hour passes whenever somebody looks."""

    def __init__(self) -> None:
        self.now = NOW - timedelta(hours=12)

    def __call__(self) -> datetime:
        self.now += timedelta(minutes=30)
        return self.now


@pytest.fixture
async def ticking(database: str, pool: Pool, tmp_path: Path) -> Hub:
    hub = joined(Settings(data_dir=tmp_path), Clock(), database, pool)
    await hub.log.install()
    for agency in (SCHOOL, TRUST):
        await hub.agencies.register(agency, "test")
    return hub


async def found(hub: Hub, event_id: UUID) -> Consequences:
    answer = await consequences(hub, event_id)
    assert answer is not None
    return answer


async def event_of(hub: Hub, correlation_id: UUID, kind: str) -> UUID:
    return next(each.id for each in await hub.log.read_correlated(correlation_id) if each.type == kind)


async def answer_everybody(hub: Hub, person_id: UUID) -> UUID:
    """Somebody acknowledges the referrals of this person's family; the family."""
    row = await hub.pool.fetchrow(
        """SELECT f.family_id, f.matter_id FROM decide.person JOIN decide.family AS f USING (family_id)
           WHERE person_id = $1""",
        person_id,
    )
    assert row is not None
    await acknowledge(hub, Acknowledge(row["family_id"], row["matter_id"], "worker-1", str(uuid4())))
    return UUID(bytes=row["family_id"].bytes)


async def test_a_wrong_link_is_followed_from_its_beginning_to_its_end(ticking: Hub) -> None:
    hub, register = ticking, Register(ticking)
    right = await hub.intake.submit(an_arrival(a_referral(KNOWN)))
    wrong = await hub.intake.submit(an_arrival(a_referral(a_child(), concern="Another Sam."), TRUST))
    [person] = await register.people()
    family = await answer_everybody(hub, *person)
    await reveal(hub, await hub.log.read_stream(f"family/{family}"), "cli:auditor", "checked")
    done = await register.take_out(wrong.submission_id)
    await reveal(hub, await hub.log.read_stream(f"family/{family}"), "cli:auditor", "checked again")
    later = await hub.intake.submit(an_arrival(a_referral(KNOWN, concern="Later.")))
    answer = await found(hub, await event_of(hub, done.decision_id, "submission.taken_out"))
    assert answer.until is not None
    assert answer.since < answer.until
    assert answer.decision_id == done.decision_id
    assert [(each.queue, each.family_id) for each in answer.queues] == [("MASG_CENTRAL", family)]
    assert answer.queues[0].since == answer.since, "it waited there before, and counts from the link"
    assert [each.locality for each in answer.packs] == ["MASG_CENTRAL"]
    assert {each.agency for each in answer.acknowledgements} == {SCHOOL.code, TRUST.code}
    assert [(each.stream, each.actor) for each in answer.reveals] == [(f"family/{family}", "cli:auditor")]
    shown = {each.submission_id: (each.agency, each.wrong) for each in answer.submissions}
    assert shown == {right.submission_id: (SCHOOL.code, False), wrong.submission_id: (TRUST.code, True)}
    assert later.submission_id not in shown
    assert await found(hub, done.decision_id) == replace(answer, event_id=done.decision_id)


async def test_a_link_that_stands_has_no_end_yet(ticking: Hub) -> None:
    hub = ticking
    first = await hub.intake.submit(an_arrival(a_referral(KNOWN)))
    second = await hub.intake.submit(an_arrival(a_referral(KNOWN, concern="More."), TRUST))
    link = await event_of(hub, first.submission_id, "family.person_linked")
    answer = await found(hub, link)
    assert answer.until is None
    assert {each.submission_id: each.wrong for each in answer.submissions} == {
        first.submission_id: True,
        second.submission_id: False,
    }


async def test_a_merge_shows_two_families_together_until_it_is_undone(ticking: Hub) -> None:
    hub, register = ticking, Register(ticking)
    ann, anna, other = [await register.child() for _ in range(3)]
    done = await register.merge(ann, anna, one_family=True)
    family = await answer_everybody(hub, anna.person_id)
    await reveal(hub, await hub.log.read_stream(f"person/{ann.person_id}"), "cli:auditor", "checked")
    standing = await found(hub, done.decision_id)
    assert (standing.until, set(standing.families)) == (None, {ann.family_id, anna.family_id})
    assert {each.submission_id for each in standing.submissions} == {ann.submission_id, anna.submission_id}
    assert [each.stream for each in standing.reveals] == [f"person/{ann.person_id}"]
    assert len(standing.acknowledgements) == 1
    await register.undo(done)
    await answer_everybody(hub, ann.person_id)
    ended = await found(hub, await event_of(hub, done.decision_id, "person.merged"))
    assert ended.until is not None
    assert ended.acknowledgements == standing.acknowledgements, "who was answered later was answered rightly"
    assert family in ended.families
    assert other.family_id not in ended.families


async def test_a_settled_doubt_concerns_the_candidates_too(ticking: Hub) -> None:
    hub, register = ticking, Register(ticking)
    ann = await register.child()
    doubted = await register.doubted(ann)
    done = await register.different(doubted)
    answer = await found(hub, await event_of(hub, done.decision_id, "person.doubt_settled"))
    assert set(answer.families) == {ann.family_id, doubted[0].family_id}
    await register.undo(done)
    assert (await found(hub, done.decision_id)).until is not None


async def test_other_events_have_none(hub: Hub, register: Register) -> None:
    ann = await register.child()
    assert await consequences(hub, await event_of(hub, ann.submission_id, "person.recorded")) is None
    assert await consequences(hub, ann.submission_id) is None
    assert await consequences(hub, ann.person_id) is None
