"""How tests wait: for what becomes true, never for a time.

`LONG` is no deadline that anything is held to. It is when a test gives up, so that it can say what it waited for; a
machine that is ten times slower stays within it.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from functools import partial
from typing import Final, TypeVar

from events.database import Pool

LONG: Final = 180.0  # seconds
_LOOK_AGAIN: Final = 0.02

T = TypeVar("T")


async def until(true: Callable[[], Awaitable[object]], what: str = "") -> None:
    """Looks again and again; after `LONG` an AssertionError says that `what`, or the function's name, did not come."""
    name = true.func.__name__ if isinstance(true, partial) else getattr(true, "__name__", repr(true))
    await ending(_looking(true), what or name.replace("_", " "))


async def ending(awaited: Awaitable[T], what: str) -> T:
    """What `awaited` gives; after `LONG` an AssertionError says that `what` did not come."""
    try:
        return await asyncio.wait_for(awaited, LONG)
    except TimeoutError as failure:
        raise AssertionError(f"waited in vain: {what}") from failure


async def somebody_waits(pool: Pool) -> bool:
    """Whether a transaction waits for a lock that another one holds."""
    return bool(await pool.fetchval("SELECT count(*) FROM pg_locks WHERE NOT granted"))


async def _looking(true: Callable[[], Awaitable[object]]) -> None:
    while not await true():  # noqa: ASYNC110 - other processes work on it
        await asyncio.sleep(_LOOK_AGAIN)
