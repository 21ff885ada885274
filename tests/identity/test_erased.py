"""Once a key is destroyed nothing is decided about what it sealed, and what was decided stays readable without it."""

from __future__ import annotations

from uuid import UUID

import pytest

from hub.bootstrap import Hub
from hub.identity.consequences import consequences
from hub.identity.refusals import ErasedSince
from hub.identity.standing import standing
from tests.identity.words import Child, Register
from tests.intake.words import NOW


async def matter_of(hub: Hub, child: Child) -> UUID:
    found: UUID = await hub.pool.fetchval("SELECT matter_id FROM decide.family WHERE family_id = $1", child.family_id)
    return found


async def test_a_settled_doubt_about_the_erased_cannot_be_undone(hub: Hub, register: Register) -> None:
    ann = await register.child()
    doubted = await register.doubted(ann)
    done = await register.same(doubted, ann)
    await hub.keys.destroy(doubted[0].person_id, NOW)
    before = await hub.log.heads()
    with pytest.raises(ErasedSince):
        await register.undo(done)
    assert await hub.log.heads() == before


async def test_families_whose_matter_is_erased_are_neither_merged_nor_taken_apart(hub: Hub, register: Register) -> None:
    ann, anna = await register.child(), await register.child()
    await hub.keys.destroy(await matter_of(hub, anna), NOW)
    with pytest.raises(ErasedSince):
        await register.merge_families(ann, anna)
    with pytest.raises(ErasedSince):
        await register.merge(ann, anna, one_family=True)
    with pytest.raises(ErasedSince):
        await register.take_out(anna.submission_id)
    assert len(await register.people()) == len(await register.families()) == 2
    await register.merge(ann, anna)


async def test_what_was_decided_stays_readable(hub: Hub, register: Register) -> None:
    ann, anna = await register.child(), await register.child()
    done = await register.merge(ann, anna, one_family=True)
    for key_id in (anna.person_id, await matter_of(hub, anna), await matter_of(hub, ann)):
        await hub.keys.destroy(key_id, NOW)
    found = await standing(hub, ann.person_id)
    assert found is not None
    assert [each.events for each in found.decisions] == [("person.merged",)]
    followed = await consequences(hub, done.decision_id)
    assert followed is not None
    assert {each.queue for each in followed.queues} == {None}
    assert {each.submission_id for each in followed.submissions} == {ann.submission_id, anna.submission_id}
