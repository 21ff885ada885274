"""What used a link or a decision about identity: a page of its own, and a part of the page that takes it back."""

from __future__ import annotations

from typing import TYPE_CHECKING
from uuid import UUID

from fastapi import HTTPException
from starlette.responses import Response

from hub.identity.consequences import consequences
from hub.web.consequences_view import Used, used
from hub.web.records import records
from hub.web.rendering import page
from hub.web.who_is_who import decided
from projections.agencies import agencies
from projections.identity_history import decision

if TYPE_CHECKING:
    from hub.bootstrap import Hub


class ConsequencesPages:
    """See the module."""

    def __init__(self, hub: Hub) -> None:
        self._hub = hub

    async def show(self, event_id: UUID) -> Response:
        """By the id of a link, of a decision, or of an event of it."""
        found = await used_by(self._hub, event_id)
        if found is None:
            raise HTTPException(404)
        async with self._hub.pool.acquire() as connection:
            taken = await decision(connection, found.decision_id) if found.decision_id else None
            people = await records(connection, taken.people if taken else ())
        said = decided(taken, people, None) if taken else None
        what = said.what if said else "A person was added to this family."
        can_undo = said is not None and said.can_undo
        return page("consequences.html", what=what, used=found, can_undo=can_undo, section="queues")


async def used_by(hub: Hub, event_id: UUID) -> Used | None:
    """In words; None if it is neither a link nor a decision about identity."""
    found = await consequences(hub, event_id)
    if found is None:
        return None
    async with hub.pool.acquire() as connection:
        titles = {agency.code: agency.title for agency in await agencies(connection)}
    return used(found, titles)
