from __future__ import annotations

import asyncio
from uuid import uuid4

import pytest

from events.doubt import DoubtOutcome, DoubtSettled
from events.identity import DecisionDetails
from hub.bootstrap import Hub
from hub.identity.commands import SettleDoubt
from hub.identity.reading import open_all
from hub.identity.refusals import AlreadyDecided, AlreadyOne, NotACandidate, NothingKnown
from tests.identity.words import BECAUSE, REVIEWER, Register, blocks_of, families_of


async def test_the_same_person_joins_the_candidate_and_with_one_family_so_does_theirs(
    hub: Hub, register: Register
) -> None:
    ann, bea = await register.child(), await register.child()
    doubted = await register.doubted(ann, bea)
    new, doubt_id = doubted
    done = await register.same(doubted, ann, one_family=True)
    assert await register.people() == blocks_of([ann, new], [bea])
    assert await register.families() == families_of([ann, new], [bea])
    assert await register.told(done) == ["person.doubt_settled", "person.merged", "family.merged"]
    settled, merged, _ = await open_all(hub, await hub.log.read_correlated(done.decision_id))
    assert settled.record.stream == merged.record.stream == f"person/{new.person_id}"
    assert settled.event == DoubtSettled(
        doubt_id=doubt_id,
        person_id=new.person_id,
        outcome=DoubtOutcome.SAME,
        same_as=ann.person_id,
        decision_id=done.decision_id,
        details=DecisionDetails(reason=BECAUSE),
    )


async def test_a_brother_of_the_same_doubtful_household_is_settled_on_his_own(register: Register) -> None:
    ann = await register.child()
    doubted = await register.doubted(ann)
    await register.same(doubted, ann)
    assert await register.people() == blocks_of([ann, doubted[0]])
    assert await register.families() == families_of([ann], [doubted[0]]), "two homes, one child"


async def test_a_different_person_is_held_apart_from_everybody_the_candidates_are(register: Register) -> None:
    ann, anna, bea = [await register.child() for _ in range(3)]
    await register.merge(ann, anna)
    doubted = await register.doubted(ann, bea)
    done = await register.different(doubted)
    new = doubted[0]
    assert await register.people() == blocks_of([ann, anna], [bea], [new])
    assert await register.apart() == blocks_of([new, ann], [new, anna], [new, bea])
    assert await register.told(done) == ["person.doubt_settled"]


async def test_one_answer_settles_everybody_told_of_together_and_is_taken_back_whole(register: Register) -> None:
    ann, bea = await register.child(), await register.child()
    await register.merge_families(ann, bea)
    first = await register.doubted(ann)
    second = await register.doubted(bea, beside=first[0])
    before = await register.people()
    done = await register.both(DoubtOutcome.SAME, (first, ann), (second, bea), one_family=True)
    assert await register.people() == blocks_of([ann, first[0]], [bea, second[0]])
    assert await register.told(done) == [*2 * ["person.doubt_settled"], *2 * ["person.merged"], "family.merged"]
    await register.undo(done)
    assert await register.people() == before
    with pytest.raises(AlreadyDecided):
        await register.same(second, bea)


async def test_one_answer_holds_everybody_told_of_together_apart(register: Register) -> None:
    ann, bea = await register.child(), await register.child()
    first = await register.doubted(ann)
    second = await register.doubted(bea, beside=first[0])
    await register.both(DoubtOutcome.DIFFERENT, (first, ann), (second, bea), one_family=False)
    assert await register.apart() == blocks_of([ann, first[0]], [bea, second[0]])
    with pytest.raises(AlreadyDecided):
        await register.different(second)


async def test_one_answer_is_for_one_submission_one_family_and_open_doubts_alone(register: Register) -> None:
    ann, bea = await register.child(), await register.child()
    first, elsewhere = await register.doubted(ann), await register.doubted(bea)
    beside = await register.doubted(bea, beside=first[0])
    with pytest.raises(NothingKnown):
        await register.both(DoubtOutcome.SAME, (first, ann), (elsewhere, bea), one_family=True)
    with pytest.raises(NotACandidate):
        await register.both(DoubtOutcome.SAME, (first, ann), (beside, bea), one_family=False)
    with pytest.raises(NotACandidate):
        await register.both(DoubtOutcome.SAME, (first, ann), (beside, ann), one_family=True)
    await register.different(beside)
    with pytest.raises(AlreadyDecided):
        await register.both(DoubtOutcome.SAME, (first, ann), (beside, bea), one_family=True)
    assert await register.people() == blocks_of([ann], [bea], [first[0]], [elsewhere[0]], [beside[0]]), "or nothing"


async def test_a_doubt_is_settled_once_and_the_second_reviewer_is_told_when(register: Register) -> None:
    ann = await register.child()
    doubted = await register.doubted(ann)
    answers = await asyncio.gather(
        register.same(doubted, ann), register.different(doubted), register.same(doubted, ann), return_exceptions=True
    )
    refused = [answer for answer in answers if isinstance(answer, AlreadyDecided)]
    assert len(refused) == 2
    assert str(refused[0]) == "Somebody decided this already, on 2026-11-25 at 09:00 UTC."
    assert len(await register.people()) + len(await register.apart()) in {1, 3}, "one of the two, whole"


async def test_only_a_candidate_or_who_is_one_with_a_candidate_can_be_the_same(hub: Hub, register: Register) -> None:
    ann, anna, stranger = [await register.child() for _ in range(3)]
    doubted = await register.doubted(ann)
    before = await hub.log.heads()
    with pytest.raises(NotACandidate):
        await register.same(doubted, stranger)
    with pytest.raises(NotACandidate):
        await register.decide(
            SettleDoubt(doubted[1], doubted[0].person_id, DoubtOutcome.SAME, actor=REVIEWER, key="k", reason=BECAUSE)
        )
    with pytest.raises(NothingKnown):
        await register.same((doubted[0], uuid4()), ann)
    with pytest.raises(NothingKnown):
        await register.same((ann, doubted[1]), ann)
    assert await hub.log.heads() == before
    await register.merge(ann, anna)
    await register.same(doubted, anna)
    assert await register.people() == blocks_of([ann, anna, doubted[0]], [stranger])


async def test_a_doubt_about_two_who_were_merged_meanwhile_can_only_end_as_the_same(register: Register) -> None:
    ann = await register.child()
    doubted = await register.doubted(ann)
    await register.merge(ann, doubted[0])
    with pytest.raises(AlreadyOne):
        await register.different(doubted)
    assert await register.told(await register.same(doubted, ann)) == ["person.doubt_settled"]
