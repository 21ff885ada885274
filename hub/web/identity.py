"""Taking back who was taken for whom: undo a decision, or take one record out of a person."""

from __future__ import annotations

from typing import TYPE_CHECKING
from uuid import UUID

from fastapi import HTTPException, Request
from starlette.responses import Response

from hub.identity.refusals import AlreadyDecided
from hub.web import dates
from hub.web.deciding import Decisions, Shown
from hub.web.parting import Parting
from hub.web.records import records
from hub.web.rendering import page
from hub.web.undoing import Undoing
from hub.web.who_is_who import decided
from projections.belonging import block_of_person
from projections.doubts import families_of
from projections.identity_history import decision

if TYPE_CHECKING:
    from hub.bootstrap import Hub

SECTION = "queues"


class IdentityPages:
    """See the module."""

    def __init__(self, hub: Hub, decisions: Decisions) -> None:
        self._hub = hub
        self._decisions = decisions

    async def undo(self, request: Request, decision_id: UUID) -> Response:
        """Take a decision back."""
        sent = await self._decisions.read(request)
        async with self._hub.pool.acquire() as connection:
            found = await decision(connection, decision_id)
            if found is None:
                raise HTTPException(404)
            people = await records(connection, found.people)
            at_home = await families_of(connection, found.people)
        families = [*found.families, *(family for person in found.people for family in at_home[person])]
        said = decided(found, people)
        values = {"what": said.what, "about": said.lines, "options": ()}
        back = f"/families/{families[0]}"
        address = f"/identity/decisions/{decision_id}/undo"
        shown = Shown("decide.html", "Undo this decision?", address, back, "Confirm and undo", SECTION, values)
        try:
            return await self._decisions.answer(request, Undoing(decision_id, said.what, shown), sent)
        except AlreadyDecided as already:
            text = f"Somebody undid this decision already, on {dates.moment(already.at)}."
            return page("refused.html", status=409, question=shown, text=text, section=SECTION)

    async def part(self, request: Request, person_id: UUID) -> Response:
        """Take one or more records out of a person who is known by several."""
        sent = await self._decisions.read(request)
        async with self._hub.pool.acquire() as connection:
            block = await block_of_person(connection, person_id)
            known = await records(connection, block.atoms)
            at_home = await families_of(connection, [person_id])
        if len(block.atoms) == 1 or not at_home[person_id]:
            raise HTTPException(404)
        values = {"what": "", "about": (), "options": list(known.values())}
        back = f"/families/{at_home[person_id][0]}"
        address = f"/people/{person_id}/part"
        title = "Which of these records are about somebody else?"
        shown = Shown("decide.html", title, address, back, "Confirm and take out", SECTION, values)
        return await self._decisions.answer(request, Parting(known, shown), sent)
