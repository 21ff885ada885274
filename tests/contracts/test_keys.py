"""Keys that two transactions make, hold or destroy at once."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from functools import partial
from uuid import UUID, uuid4

import pytest

from events.database import Pool
from events.envelope import Erased
from events.keys import KeyDestroyed, KeyFile, PostgresKeys
from events.rows import write
from events.sealing import Key
from tests.events.facts import NOON
from tests.waiting import ending, somebody_waits, until


async def test_two_who_make_a_key_at_once_get_the_one_that_is_stored(pool: Pool) -> None:
    keys = PostgresKeys(pool, KeyFile(bytes(32)))
    shared, own = uuid4(), uuid4()

    async with pool.acquire() as first, first.transaction():
        made = await keys.ensure(first, [shared])
        behind = asyncio.create_task(_ensured(pool, keys, shared, own))
        await until(partial(somebody_waits, pool))
    found = await ending(behind, "the other transaction has committed")

    stored = await keys.fetch([shared, own])
    assert _secrets(found) == _secrets(stored)
    assert _secrets(found)[shared] == _secrets(made)[shared]


async def test_a_key_that_is_held_is_not_destroyed_before_the_end(pool: Pool) -> None:
    keys = PostgresKeys(pool, KeyFile(bytes(32)))
    known, nobodys = uuid4(), uuid4()
    made = await _ensured(pool, keys, known)

    async with pool.acquire() as first, first.transaction():
        assert _secrets(await keys.peek(first, [known, nobodys])) == _secrets(made)
        await write(first, keys.hold([known]))
        behind = asyncio.create_task(keys.destroy(known, NOON))
        await until(partial(somebody_waits, pool))
    await ending(behind, "the other transaction has committed")

    assert await keys.fetch([known]) == {known: Erased(since=NOON)}


async def test_a_key_that_was_destroyed_since_it_was_peeked_at_cannot_be_held(pool: Pool) -> None:
    keys = PostgresKeys(pool, KeyFile(bytes(32)))
    kept, destroyed = uuid4(), uuid4()
    await _ensured(pool, keys, kept, destroyed)

    async with pool.acquire() as first, first.transaction():
        assert (await keys.peek(first, [kept, destroyed])).keys() == {kept, destroyed}
        await keys.destroy(destroyed, NOON)
        with pytest.raises(KeyDestroyed):
            await write(first, keys.hold([kept, destroyed]))
        assert (await keys.peek(first, [kept, destroyed])).keys() == {kept}


async def _ensured(pool: Pool, keys: PostgresKeys, *ids: UUID) -> dict[UUID, Key]:
    async with pool.acquire() as connection, connection.transaction():
        return await keys.ensure(connection, ids)


def _secrets(keys: Mapping[UUID, Key | Erased]) -> dict[UUID, bytes]:
    return {key_id: key.secret for key_id, key in keys.items() if isinstance(key, Key)}
