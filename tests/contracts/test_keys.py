"""Keys that two transactions make at once."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from functools import partial
from uuid import UUID, uuid4

from events.database import Pool
from events.envelope import Erased
from events.keys import KeyFile, PostgresKeys
from events.sealing import Key
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


async def _ensured(pool: Pool, keys: PostgresKeys, *ids: UUID) -> dict[UUID, Key]:
    async with pool.acquire() as connection, connection.transaction():
        return await keys.ensure(connection, ids)


def _secrets(keys: Mapping[UUID, Key | Erased]) -> dict[UUID, bytes]:
    return {key_id: key.secret for key_id, key in keys.items() if isinstance(key, Key)}
