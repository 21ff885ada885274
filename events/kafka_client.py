"""Starting clients of Kafka so that nothing is left open, whenever the caller goes away."""

from __future__ import annotations

import asyncio
from typing import Protocol

_START_SECONDS = 10.0


class Startable(Protocol):
    """A consumer, producer or admin client of aiokafka."""

    async def start(self) -> None:
        """Connect."""
        ...


async def start(client: Startable) -> None:
    """Start it; the caller stops it, also if this raises.

    The library leaves its first connection open if it is cancelled on the way (aiokafka 0.14, `bootstrap`), so a
    cancelled start is seen through before the cancellation goes on.
    """
    starting = asyncio.ensure_future(client.start())
    try:
        await asyncio.shield(starting)
    except asyncio.CancelledError:
        await asyncio.wait({starting}, timeout=_START_SECONDS)
        if not starting.done():
            starting.cancel()
        elif not starting.cancelled():
            starting.exception()  # looked at, so that nobody complains of it
        raise
