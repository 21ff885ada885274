"""How far the read models have come: what a page says about its own age, and waiting until it shows one's change."""

from __future__ import annotations

import asyncio
from collections.abc import Collection, Mapping
from datetime import datetime
from typing import Final
from uuid import UUID

from events.database import Connection, Pool
from events.envelope import stream
from projections.parking import waiting_events
from projections.projection import Projection
from projections.timeline import TIMELINE

_FIRST_NOT_SHOWN: Final = """SELECT min(event.recorded_at)
FROM projection.position AS at
JOIN log.event ON event.partition = at.partition AND event.sequence = at.sequence + 1
WHERE at.model = ANY($1::text[])"""
_BEHIND: Final = """SELECT count(*)
FROM unnest($1::text[]) AS model
CROSS JOIN unnest($2::smallint[], $3::bigint[]) AS wanted (partition, sequence)
LEFT JOIN projection.position AS at ON at.model = model AND at.partition = wanted.partition
WHERE coalesce(at.sequence, 0) < wanted.sequence"""
_PAUSE: Final = 0.02


async def up_to(connection: Connection, models: Collection[Projection], now: datetime) -> datetime:
    """The instant up to which these read models show everything: now, unless an older event has not been carried."""
    found: datetime | None = await connection.fetchval(_FIRST_NOT_SHOWN, [model.schema for model in models])
    return now if found is None else min(found, now)


async def wait_until_shown(
    pool: Pool, models: Collection[Projection], places: Mapping[int, int], seconds: float = 3.0
) -> bool:
    """Waits until the models have carried these sequences of their partitions; False if it takes too long."""
    names = [model.schema for model in models]
    try:
        async with asyncio.timeout(seconds):
            # Asked and not listened for: the answer comes after a few tries, and a page needs no connection of its own.
            while await pool.fetchval(_BEHIND, names, list(places), list(places.values())):  # noqa: ASYNC110
                await asyncio.sleep(_PAUSE)
    except TimeoutError:
        return False
    return True


async def incomplete(connection: Connection, family_id: UUID) -> str | None:
    """What to say on a family's page if some of its events could not be shown yet."""
    waiting = await waiting_events(connection, TIMELINE.schema, stream("family", family_id))
    if not waiting:
        return None
    return f"Timeline incomplete: {waiting} {'event' if waiting == 1 else 'events'} waiting"
