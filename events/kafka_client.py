"""Starting and stopping clients of Kafka so that nothing is left open and no cancellation is lost."""

from __future__ import annotations

import asyncio
from collections.abc import Coroutine
from typing import Any, Protocol

from events.kafka_unpacking import limit_unpacking

_SECONDS = 10.0


class Startable(Protocol):
    """A consumer, producer or admin client of aiokafka."""

    async def start(self) -> None:
        """Connect."""
        ...


class Stoppable(Protocol):
    """A consumer or producer of aiokafka."""

    async def stop(self) -> None:
        """Disconnect."""
        ...


async def start(client: Startable) -> None:
    """Start it; the caller stops it, also if this raises. What it reads unpacks only so far.

    The library leaves its first connection open if it is cancelled on the way (aiokafka 0.14, `bootstrap`).
    """
    limit_unpacking()
    await _seen_through(client.start())


async def stop(client: Stoppable) -> None:
    """Stop it.

    The library takes a cancellation of its caller for the one of its own tasks that it waits for, and swallows it
    (aiokafka 0.14, `close`): the caller would go on for ever.
    """
    await _seen_through(client.stop())


async def _seen_through(work: Coroutine[Any, Any, None]) -> None:
    """Await it; if we are cancelled, it is seen through before the cancellation goes on."""
    working = asyncio.ensure_future(work)
    try:
        await asyncio.shield(working)
    except asyncio.CancelledError:
        await asyncio.wait({working}, timeout=_SECONDS)
        if not working.done():
            working.cancel()
        elif not working.cancelled():
            working.exception()  # looked at, so that nobody complains of it
        raise
