"""How far the read models have come: what a page says about its own age and its gaps."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime
from typing import Final
from uuid import UUID

from events.database import Connection
from events.envelope import stream
from projections.belonging import block_of_family
from projections.parking import waiting_events
from projections.projection import Projection
from projections.timeline import TIMELINE

_FIRST_NOT_SHOWN: Final = """SELECT min(event.recorded_at)
FROM projection.position AS at
JOIN log.event ON event.partition = at.partition AND event.sequence = at.sequence + 1
WHERE at.model = ANY($1::text[])"""


async def up_to(connection: Connection, models: Collection[Projection], now: datetime) -> datetime:
    """The instant up to which these read models show everything: now, unless an older event has not been carried."""
    found: datetime | None = await connection.fetchval(_FIRST_NOT_SHOWN, [model.schema for model in models])
    return now if found is None else min(found, now)


async def incomplete(connection: Connection, family_id: UUID) -> str | None:
    """What to say on a family's page if some of its events could not be shown yet, under whichever of its ids."""
    atoms = (await block_of_family(connection, family_id)).atoms
    waiting = await waiting_events(connection, TIMELINE.schema, *(stream("family", atom) for atom in atoms))
    if not waiting:
        return None
    return f"Timeline incomplete: {waiting} {'event' if waiting == 1 else 'events'} waiting"
