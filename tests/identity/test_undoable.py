"""What the read model says can be undone is what can be undone."""

from __future__ import annotations

import random
from contextlib import suppress
from uuid import UUID

import pytest

from events.identity import DecisionDetails
from hub.bootstrap import Hub
from hub.identity import history, tables, undoing
from hub.identity.commands import Done, Undo
from hub.identity.known import Deciding
from hub.identity.reading import open_all
from hub.identity.refusals import IdentityRefused
from projections.identity import IDENTITY
from projections.identity_history import decision
from tests.identity.words import BECAUSE, REVIEWER, Register
from tests.intake.words import NOW
from tests.projections.delivery import shown


async def carried(hub: Hub) -> None:
    """The read model has everything."""
    upto = dict.fromkeys(range(64), 0)
    records = [record async for batch in hub.log.follow(upto, until_end=True) for record in batch]
    await shown(hub.pool, await open_all(hub, records), [IDENTITY])


async def can_be_undone(hub: Hub, decision_id: UUID) -> bool:
    """As the decider sees it, deciding nothing."""
    told = await history.of_decision(hub, decision_id)
    deciding = Deciding(UUID(int=1), REVIEWER, NOW, DecisionDetails(reason=BECAUSE))
    async with hub.pool.acquire() as connection, connection.transaction():
        known = await tables.find_known(connection, *undoing.concerned(told))
    try:
        undoing.undo(Undo(decision_id, actor=REVIEWER, key="k", reason=BECAUSE), told, known, deciding)
    except IdentityRefused:
        return False
    return True


async def test_two_told_apart_are_asked_about_again_and_that_is_settled_and_the_first_decision_stays_undone(
    hub: Hub, register: Register
) -> None:
    ann = await register.child()
    new, doubt_id = await register.doubted(ann)
    different = await register.different((new, doubt_id))
    undone = await register.undo(different)
    again = await hub.log.read_correlated(undone.decision_id)
    [raised] = await open_all(hub, again)
    await register.same((new, raised.event.doubt_id), ann)  # type: ignore[attr-defined]  # a doubt
    await carried(hub)

    async with hub.pool.acquire() as connection:
        found = await decision(connection, different.decision_id)

    assert found is not None
    assert (found.undone_by, found.undone_at, found.stands) == (undone.decision_id, NOW, False)


async def a_history(register: Register, chance: random.Random) -> list[Done]:
    """Decisions as they come, doubts among them."""
    children = [await register.child() for _ in range(5)]
    doubts = [await register.doubted(*chance.sample(children, 2)) for _ in range(4)]
    everybody = [*children, *(child for child, _ in doubts)]
    done: list[Done] = []
    for _ in range(30):
        one, other = chance.sample(everybody, 2)
        doubt = chance.choice(doubts)
        with suppress(IdentityRefused):
            match chance.randrange(8 if done else 6):
                case 0:
                    done.append(await register.merge(one, other, one_family=chance.random() < 0.5))
                case 1:
                    done.append(await register.merge_families(one, other))
                case 2:
                    done.append(await register.split(one))
                case 3:
                    done.append(await register.split_family(one))
                case 4:
                    done.append(await register.same(doubt, chance.choice(children), one_family=True))
                case 5:
                    done.append(await register.different(doubt))
                case _:
                    done.append(await register.undo(chance.choice(done)))
    return done


@pytest.mark.parametrize("seed", [1, 2, 3])
async def test_whatever_was_decided_undo_is_offered_where_it_does_something(
    hub: Hub, register: Register, seed: int
) -> None:
    done = await a_history(register, random.Random(seed))
    await carried(hub)

    offered, possible = set(), set()
    for each in done:
        async with hub.pool.acquire() as connection:
            found = await decision(connection, each.decision_id)
        if found is None:  # a doubt told anew moves nobody, and is no decision to be shown
            continue
        if found.stands:
            offered.add(each.decision_id)
        if await can_be_undone(hub, each.decision_id):
            possible.add(each.decision_id)

    assert offered == possible
    assert offered
    assert len(offered) < len(done)
