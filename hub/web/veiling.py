"""Places in free text of a page: hidden where somebody in the family is protected, shown where nobody is."""

from __future__ import annotations

from collections.abc import Collection
from uuid import UUID

from events.database import Connection
from hub.veil_words import Veil
from projections.hiding import hidden_families


async def veil_of(connection: Connection, family_ids: Collection[UUID]) -> Veil | None:
    """What hides the places of these families; None if nobody in them is protected."""
    hidden = await hidden_families(connection, family_ids)
    return Veil(address for homes in hidden.values() for address in homes) if hidden else None
