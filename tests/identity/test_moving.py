from __future__ import annotations

import asyncio

import pytest

from events.envelope import Erased
from events.identity import DecisionDetails, FamilyMerged, PersonMerged
from hub.bootstrap import Hub
from hub.identity.commands import MergePeople
from hub.identity.reading import open_all
from hub.identity.refusals import AlreadyOne, ErasedSince, NothingKnown, NotTogether, ReasonMissing
from tests.identity.words import BECAUSE, REVIEWER, Child, Register, blocks_of, families_of
from tests.intake.words import NOW
from tests.waiting import ending


async def test_two_people_who_were_merged_are_one_and_the_events_say_who_moved(hub: Hub, register: Register) -> None:
    ann, anna = await register.child(), await register.child()
    done = await register.merge(ann, anna)
    assert await register.people() == blocks_of([ann, anna])
    assert await register.families() == families_of([ann], [anna]), "nobody said that they are one family"
    [written] = await open_all(hub, await hub.log.read_correlated(done.decision_id))
    assert written.record.stream == f"person/{anna.person_id}"
    assert (written.record.actor, written.record.key_id) == (REVIEWER, anna.person_id)
    assert written.event == PersonMerged(
        person_id=anna.person_id,
        belongs_to=ann.person_id,
        decision_id=done.decision_id,
        details=DecisionDetails(reason=BECAUSE),
    )
    assert done.places == {written.record.partition: written.record.sequence}


async def test_one_family_is_sealed_under_its_newest_matters_key(hub: Hub, register: Register) -> None:
    ann, anna = await register.child(), await register.child()
    done = await register.merge(ann, anna, one_family=True)
    assert await register.families() == families_of([ann, anna])
    assert await register.told(done) == ["person.merged", "family.merged"]
    written = await open_all(hub, await hub.log.read_correlated(done.decision_id))
    matter_id = await hub.pool.fetchval("SELECT matter_id FROM decide.family WHERE family_id = $1", anna.family_id)
    assert isinstance(written[1].event, FamilyMerged)
    assert written[1].record.key_id == matter_id


async def test_one_of_three_is_taken_out_and_never_doubted_again(register: Register) -> None:
    ann, bea, cat = [await register.child() for _ in range(3)]
    await register.merge(ann, bea)
    await register.merge(bea, cat)
    await register.split(bea)
    assert await register.people() == blocks_of([ann, cat], [bea])
    assert await register.apart() == blocks_of([ann, bea], [cat, bea])


async def test_families_are_merged_and_split_apart_from_people(register: Register) -> None:
    ann, bea = await register.child(), await register.child()
    await register.merge_families(ann, bea)
    assert await register.families() == families_of([ann, bea])
    await register.split_family(bea)
    assert await register.families() == families_of([ann], [bea])
    assert await register.people() == blocks_of([ann], [bea])
    assert await register.apart() == set()


async def test_the_same_form_sent_twice_decides_once(hub: Hub, register: Register) -> None:
    ann, anna = await register.child(), await register.child()
    done = await register.merge(ann, anna, one_family=True, key="form-1")
    assert await register.merge(ann, anna, one_family=True, key="form-1") == done
    assert await hub.pool.fetchval("SELECT count(*) FROM log.event WHERE type = 'person.merged'") == 1


async def test_what_cannot_be_decided_is_said_and_writes_nothing(hub: Hub, register: Register) -> None:
    ann, anna = await register.child(), await register.child()
    nobody = Child(ann.submission_id, ann.submission_id, ann.submission_id)
    await register.merge(ann, anna)
    before = await hub.log.heads()
    with pytest.raises(AlreadyOne, match="They are one already"):
        await register.merge(anna, ann)
    with pytest.raises(NothingKnown):
        await register.merge(ann, nobody)
    with pytest.raises(NotTogether):
        await register.split(ann, anna)
    with pytest.raises(NotTogether):
        await register.split()
    for reason in ("", "  ", "x" * 2_001, "\x00", "half a pair \ud800"):
        with pytest.raises(ReasonMissing):
            MergePeople(ann.person_id, anna.person_id, actor=REVIEWER, key="k", reason=reason)
    assert await hub.log.heads() == before


async def test_about_the_erased_nothing_is_decided(hub: Hub, register: Register) -> None:
    ann, anna = await register.child(), await register.child()
    await hub.keys.destroy(anna.person_id, NOW)
    with pytest.raises(ErasedSince):
        await register.merge(ann, anna)
    assert await register.people() == blocks_of([ann], [anna])


async def test_a_reason_reads_as_erased_once_its_key_is_gone(hub: Hub, register: Register) -> None:
    ann, anna = await register.child(), await register.child()
    done = await register.merge(ann, anna)
    await hub.keys.destroy(anna.person_id, NOW)
    [written] = await open_all(hub, await hub.log.read_correlated(done.decision_id))
    assert isinstance(written.event, PersonMerged)
    assert isinstance(written.event.details, Erased)


async def test_reviewers_at_once_decide_one_after_the_other(hub: Hub, register: Register) -> None:
    """Ten decisions on ten connections, all about one growing block: none is lost, and none decides on an old state."""
    everybody = [await register.child() for _ in range(6)]
    ann, others = everybody[0], everybody[1:]
    answers = await asyncio.gather(
        *(register.merge(ann, one) for one in others),
        *(register.merge(one, ann) for one in others),
        return_exceptions=True,
    )
    assert await register.people() == blocks_of(everybody)
    assert sum(isinstance(answer, AlreadyOne) for answer in answers) == 5
    assert sum(isinstance(answer, BaseException) for answer in answers) == 5


async def test_a_hub_with_all_connections_in_decisions_does_not_stand_still(hub: Hub, register: Register) -> None:
    everybody = [await register.child() for _ in range(24)]
    pairs = zip(everybody[::2], everybody[1::2], strict=True)
    await ending(
        asyncio.gather(*(register.merge(one, other) for one, other in pairs)), "all merges, none in the way of another"
    )
    assert len(await register.people()) == 12
