from __future__ import annotations

import asyncio

import pytest

from events.doubt import DoubtDetails, PersonDoubted
from events.identity import PersonSplit
from hub.bootstrap import Hub
from hub.identity.commands import Done, Undo
from hub.identity.reading import open_all
from hub.identity.refusals import AlreadyDecided, NothingKnown, NothingToUndo
from tests.identity.words import BECAUSE, REVIEWER, Register, blocks_of, families_of


async def test_an_undone_merge_parts_people_and_families_and_can_itself_be_undone(hub: Hub, register: Register) -> None:
    ann, anna = await register.child(), await register.child()
    merged = await register.merge(ann, anna, one_family=True)
    undone = await register.undo(merged)
    assert await register.people() == blocks_of([ann], [anna])
    assert await register.families() == families_of([ann], [anna])
    assert await register.told(undone) == ["person.split", "family.split"]
    [split, _] = await open_all(hub, await hub.log.read_correlated(undone.decision_id))
    assert isinstance(split.event, PersonSplit)
    assert split.event.undoes == merged.decision_id
    await register.undo(undone)
    assert await register.people() == blocks_of([ann, anna])
    assert await register.families() == families_of([ann, anna])


async def test_what_was_decided_later_stands(register: Register) -> None:
    ann, bea, cat, dot = [await register.child() for _ in range(4)]
    await register.merge(cat, dot)
    merged = await register.merge(ann, cat)
    await register.merge(bea, ann)
    await register.split(dot)
    await register.undo(merged)
    assert await register.people() == blocks_of([ann, bea], [cat], [dot])


async def test_an_undone_split_makes_them_one_again_and_holds_them_apart_no_longer(register: Register) -> None:
    ann, anna = await register.child(), await register.child()
    await register.merge(ann, anna)
    parted = await register.split(ann)
    assert await register.apart() == blocks_of([ann, anna])
    await register.undo(parted)
    assert await register.people() == blocks_of([ann, anna])
    assert await register.apart() == set()


async def test_a_decision_is_undone_once(register: Register) -> None:
    ann, anna = await register.child(), await register.child()
    merged = await register.merge(ann, anna)
    answers = await asyncio.gather(register.undo(merged), register.undo(merged), return_exceptions=True)
    assert [type(answer) for answer in answers if not isinstance(answer, Done)] == [AlreadyDecided]
    await register.merge(ann, anna)
    with pytest.raises(AlreadyDecided, match="2026-11-25"):
        await register.undo(merged)
    assert await register.people() == blocks_of([ann, anna]), "the newer merge is another decision"


async def test_what_no_longer_stands_cannot_be_undone(register: Register) -> None:
    ann, anna = await register.child(), await register.child()
    merged = await register.merge(ann, anna)
    await register.split(anna)
    with pytest.raises(NothingToUndo):
        await register.undo(merged)
    with pytest.raises(NothingKnown):
        await register.decide(Undo(ann.submission_id, actor=REVIEWER, key="k", reason=BECAUSE))


async def test_after_the_undo_of_a_settled_doubt_nobody_has_decided(hub: Hub, register: Register) -> None:
    ann = await register.child()
    doubted = await register.doubted(ann)
    new, doubt_id = doubted
    settled = await register.same(doubted, ann, one_family=True)
    undone = await register.undo(settled)
    assert await register.people() == blocks_of([ann], [new])
    assert await register.families() == families_of([ann], [new])
    assert await register.told(undone) == ["person.split", "family.split", "person.doubted"]
    again = (await open_all(hub, await hub.log.read_correlated(undone.decision_id)))[-1]
    assert again.record.agency != "HUB", "it is still what an agency told"
    assert isinstance(again.event, PersonDoubted)
    assert isinstance(again.event.details, DoubtDetails)
    assert again.event.details.pairs[0].reasons == ("Same name",)
    assert again.event.doubt_id != doubt_id
    with pytest.raises(AlreadyDecided):
        await register.same(doubted, ann)
    await register.different((new, again.event.doubt_id))
    assert await register.apart() == blocks_of([ann, new])


async def test_an_undone_difference_forgets_its_pairs_and_no_others(register: Register) -> None:
    ann = await register.child()
    first = await register.doubted(ann)
    await register.different(first)
    second = await register.doubted(ann)
    done = await register.different(second)
    undone = await register.undo(done)
    assert await register.apart() == blocks_of([ann, first[0]])
    assert await register.told(undone) == ["person.doubted"]
    with pytest.raises(AlreadyDecided):
        await register.undo(done)
    with pytest.raises(NothingToUndo):
        await register.undo(undone)


async def test_a_pair_that_two_decisions_hold_apart_stays_apart_until_both_are_undone(register: Register) -> None:
    ann, anna = await register.child(), await register.child()
    decisions = []
    for _ in range(2):
        await register.merge(ann, anna)
        decisions.append(await register.split(anna))
    await register.undo(decisions[0])
    assert await register.apart() == blocks_of([ann, anna])
    await register.split(anna)
