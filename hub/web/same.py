"""Two people, or two families, side by side, to be found to be one where the hub has no doubt of its own."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import replace
from typing import TYPE_CHECKING, Final
from uuid import UUID

from fastapi import HTTPException, Request
from fastapi.responses import RedirectResponse
from starlette.responses import Response

from events.database import Connection
from hub.identity import likeness
from hub.identity.refusals import AlreadyOne
from hub.identity.seen import seen
from hub.web import dates, same_view
from hub.web.deciding import Decisions, Shown
from hub.web.described import people_compared
from hub.web.family_sides import families
from hub.web.merging import NOT, OF_FAMILIES, OF_ONE_FAMILY, OF_TWO_FAMILIES, Merging
from hub.web.rendering import guarded, page
from hub.web.sent import Sent, Step
from hub.web.who_is_who import found_to_be_one
from projections.belonging import Block, blocks_of_families, blocks_of_people
from projections.doubts import families_of, open_doubts_of

if TYPE_CHECKING:
    from hub.bootstrap import Hub

_SECTION: Final = "queues"
_CONFIRM: Final = "Confirm and decide"


class SamePages:
    """See the module."""

    def __init__(self, hub: Hub, decisions: Decisions) -> None:
        self._hub = hub
        self._decisions = decisions

    async def people(self, request: Request, person_id: UUID, other_id: UUID) -> Response:
        """Whether two people are one."""
        sent = await self._decisions.read(request)
        async with self._hub.pool.acquire() as connection:
            blocks = await blocks_of_people(connection, [person_id, other_id])
            one, other = blocks[person_id], blocks[other_id]
            homes = await families_of(connection, [one.representative, other.representative])
            at_home = {each.representative: homes[each.representative] for each in (one, other)}
            if not all(at_home.values()):
                raise HTTPException(404)
            doubt_id = await self._open_doubt(
                connection, {each for found in at_home.values() for each in found}, blocks
            )
            both = await people_compared(connection, at_home)
        home = at_home[one.representative]
        if one == other and sent.step is not Step.DECIDE:
            return await self._one_already(home[0], one.atoms)
        if doubt_id is not None and sent.step is not Step.DECIDE:
            return guarded(RedirectResponse(f"/doubts/{doubt_id}", 303))
        found = await likeness.compared(self._hub, one.atoms, other.atoms)
        together = set(home) & set(at_home[other.representative])
        answers = OF_ONE_FAMILY if together else OF_TWO_FAMILIES
        values = same_view.of_people(both, found, dates.london_day(self._hub.clock())) | {"verdicts": answers}
        address = f"/people/{person_id}/same/{other_id}"
        title = "Are they the same person?"
        shown = Shown("doubt.html", title, address, f"/families/{home[0]}", _CONFIRM, _SECTION, values)
        names = tuple(same_view.named(each) for each in (both.new, *both.candidates))
        ids = (person_id, other_id)
        question = Merging(*ids, names, people=True, shown=shown)
        return await self._answer(request, question, await self._as_seen(sent, people=ids), one)

    async def families(self, request: Request, family_id: UUID, other_id: UUID) -> Response:
        """Whether two families are one."""
        sent = await self._decisions.read(request)
        async with self._hub.pool.acquire() as connection:
            blocks = await blocks_of_families(connection, [family_id, other_id])
            one, other = blocks[family_id], blocks[other_id]
            ids = (one.representative, other.representative)
            both = await families(connection, ids)
        if not all(both.members.values()):
            raise HTTPException(404)
        if one == other and sent.step is not Step.DECIDE:
            return await self._one_already(one.representative, one.atoms)
        found = await likeness.compared(self._hub, *(both.people(each) for each in (ids[0], ids[-1])))
        values = same_view.of_families(both, *ids, found) | {"verdicts": OF_FAMILIES}
        address = f"/families/{family_id}/same/{other_id}"
        back = f"/families/{one.representative}"
        shown = Shown("doubt.html", "Are they one family?", address, back, _CONFIRM, _SECTION, values)
        names = tuple(both.name(each) for each in ids)
        question = Merging(family_id, other_id, names, people=False, shown=shown)
        seen_of = await self._as_seen(sent, families=(family_id, other_id))
        return await self._answer(request, question, seen_of, one)

    async def _open_doubt(
        self, connection: Connection, homes: Collection[UUID], blocks: dict[UUID, Block]
    ) -> UUID | None:
        """The open doubt whether these two are one, which is settled on its own page."""
        one, other = (set(block.atoms) for block in blocks.values()) if len(blocks) > 1 else (set(), set())
        families = await blocks_of_families(connection, homes)
        atoms = {atom for block in families.values() for atom in block.atoms}
        for doubt in await open_doubts_of(connection, self._hub.clock(), atoms):
            about, maybe = {doubt.person_id}, {each.person_id for each in doubt.candidates}
            if (about & one and maybe & other) or (about & other and maybe & one):
                return doubt.doubt_id
        return None

    async def _as_seen(self, sent: Sent, people: Collection[UUID] = (), families: Collection[UUID] = ()) -> Sent:
        """The form with how they stand, as it was when somebody first opened it."""
        if sent.step is not Step.SHOW:
            return sent
        return replace(sent, seen=await seen(self._hub, people, families))

    async def _answer(self, request: Request, question: Merging, sent: Sent, one: Block) -> Response:
        if sent.step is Step.CHECK and sent.chosen == (NOT,):
            return guarded(RedirectResponse(question.shown.back, 303))
        try:
            return await self._decisions.answer(request, question, sent)
        except AlreadyOne:
            await self._decisions.caught_up()
            family_id = UUID(question.shown.back.rpartition("/")[2])
            return await self._one_already(family_id, one.atoms)

    async def _one_already(self, family_id: UUID, atoms: Collection[UUID]) -> Response:
        """When and by whom they were found to be one, and the way to undo it."""
        async with self._hub.pool.acquire() as connection:
            decided = await found_to_be_one(connection, family_id, atoms)
        return page("one_already.html", decided=decided, back=f"/families/{family_id}", section=_SECTION)
