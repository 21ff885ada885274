from __future__ import annotations

import random
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from uuid import UUID

import pytest

from events.database import Pool
from hub.bootstrap import Hub
from hub.identity.commands import Done
from hub.identity.reading import open_all
from hub.identity.refusals import IdentityRefused
from projections.belonging import blocks_of_families, blocks_of_people
from projections.building import Sources
from projections.identity import IDENTITY
from projections.rebuild import rebuild
from tests.identity.words import Child, Register
from tests.projections.delivery import shown
from tests.spec import rows_of


async def a_history(register: Register, chance: random.Random) -> list[Child]:
    """Thirty decisions as they come; those that cannot be taken are not."""
    children = [await register.child() for _ in range(8)]
    done: list[Done] = []
    for _ in range(30):
        with suppress(IdentityRefused):
            done.append(await a_decision(register, children, done, chance))
    return children


async def a_decision(register: Register, children: list[Child], done: list[Done], chance: random.Random) -> Done:
    one, other = chance.sample(children, 2)
    match chance.randrange(6 if done else 5):
        case 0 | 1:
            return await register.merge(one, other, one_family=chance.random() < 0.5)
        case 2:
            return await register.merge_families(one, other)
        case 3:
            return await register.split(one)
        case 4:
            return await register.split_family(one)
        case _:
            return await register.undo(chance.choice(done))


async def belongs_to(pool: Pool, query: str) -> dict[UUID, UUID]:
    return {row[0]: row[1] for row in await pool.fetch(query)}


@pytest.mark.parametrize("seed", [1, 2, 3])
async def test_the_read_model_and_its_rebuild_show_what_the_decision_tables_hold(
    hub: Hub, register: Register, seed: int
) -> None:
    await a_history(register, random.Random(seed))
    records = [
        record async for batch in hub.log.follow(dict.fromkeys(range(64), 0), until_end=True) for record in batch
    ]
    await shown(hub.pool, await open_all(hub, records), [IDENTITY])
    people = await belongs_to(hub.pool, "SELECT person_id, belongs_to FROM decide.person")
    families = await belongs_to(hub.pool, "SELECT family_id, belongs_to FROM decide.family")
    live = await rows_of(hub.pool, IDENTITY)

    @asynccontextmanager
    async def sources() -> AsyncIterator[Sources]:
        yield Sources(hub.pool, hub.log, hub.keys)

    for _ in range(2):
        async with hub.pool.acquire() as connection:
            found = await blocks_of_people(connection, list(people))
            of_families = await blocks_of_families(connection, list(families))
        assert {each: block.representative for each, block in found.items()} == people
        assert {each: set(block.atoms) for each, block in of_families.items()} == {
            each: {other for other in families if families[other] == families[each]} for each in families
        }
        rebuilt = await rebuild([IDENTITY], sources, processes=1)
        assert rebuilt.swapped
        assert await rows_of(hub.pool, IDENTITY) == live
    assert len(set(people.values())) < len(people), "somebody was merged"
