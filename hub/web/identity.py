"""Taking back who was taken for whom: undo a decision, or take a record out of a person or of a family."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import TYPE_CHECKING, Final
from uuid import UUID

from fastapi import HTTPException, Request
from starlette.responses import Response

from hub.identity.commands import SplitFamily, SplitPeople
from hub.identity.refusals import AlreadyDecided, ErasedSince, NothingToUndo, TakeOutStands
from hub.web import dates, parting, words
from hub.web.consequences import used_by
from hub.web.deciding import Decisions, Shown
from hub.web.parting import Parting, PartWords, Record
from hub.web.records import family_records, records
from hub.web.rendering import page
from hub.web.sent import Step
from hub.web.taking_out import TakingOut
from hub.web.timeline_view import brings
from hub.web.told import Line
from hub.web.undoing import Undoing
from hub.web.veiling import veil_of
from hub.web.who_is_who import decided
from projections.belonging import block_of_family, block_of_person
from projections.chronicle import timeline
from projections.doubts import families_of
from projections.household import names
from projections.identity import DecisionKind
from projections.identity_history import Decision, decision

if TYPE_CHECKING:
    from hub.bootstrap import Hub

SECTION: Final = "queues"
_MOST: Final = 10_000
_WHAT_FOLLOWS: Final = (
    "It will be void here, with everybody whom nothing else names here, and recorded again in a family of its own. "
    "Nothing is deleted."
)
_NOTE: Final = "It cannot be put back, but two families can be found to be one."


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
            said = decided(found, people, await veil_of(connection, families))
        values = {"what": said.what, "about": said.lines, "options": (), "used": await used_by(self._hub, decision_id)}
        back = f"/families/{families[0]}"
        address = f"/identity/decisions/{decision_id}/undo"
        shown = Shown("decide.html", "Undo this decision?", address, back, "Confirm and undo", SECTION, values)
        if not said.can_undo and sent.step is not Step.DECIDE:
            return page("refused.html", question=shown, text=_why_not(found), section=SECTION)
        try:
            return await self._decisions.answer(request, Undoing(decision_id, said.what, shown), sent)
        except AlreadyDecided as already:
            text = _undone_already(already.at)
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
        shown = _which(known, parting.OF_PEOPLE, f"/people/{person_id}/part", f"/families/{at_home[person_id][0]}")
        return await self._decisions.answer(request, Parting(known, SplitPeople, parting.OF_PEOPLE, shown), sent)

    async def part_family(self, request: Request, family_id: UUID) -> Response:
        """Take one or more families out of one that is known by several records."""
        sent = await self._decisions.read(request)
        async with self._hub.pool.acquire() as connection:
            block = await block_of_family(connection, family_id)
            known = await family_records(connection, block.atoms)
        if len(block.atoms) == 1:
            raise HTTPException(404)
        back = f"/families/{block.representative}"
        shown = _which(known, parting.OF_FAMILIES, f"/families/{family_id}/part", back)
        return await self._decisions.answer(request, Parting(known, SplitFamily, parting.OF_FAMILIES, shown), sent)

    async def take_out(self, request: Request, family_id: UUID, submission_id: UUID) -> Response:
        """Take what a submission told out of the family that it was wrongly linked to."""
        sent = await self._decisions.read(request)
        async with self._hub.pool.acquire() as connection:
            entries = await timeline(connection, family_id, limit=_MOST)
            told = next((entry for entry in entries if entry.submission_id == submission_id and brings(entry)), None)
            if told is None:
                raise HTTPException(404)
            called = await names(connection, {told.subject_id} if told.subject_id else set())
        about = "".join(f", about {each.display_name}" for each in called.values())
        what = f"{told.what} from {words.agency(told.agency, told.agency_title)}{about}"
        lines = [Line("Happened", dates.day(told.occurred_at)), Line("Recorded", dates.moment(told.recorded_at))]
        meanwhile = await used_by(self._hub, told.event_id)
        values = {"what": f"{what}. {_WHAT_FOLLOWS}", "about": lines, "options": (), "used": meanwhile}
        back = f"/families/{family_id}"
        address = f"{back}/take-out/{submission_id}"
        title = "Take this out of the family?"
        shown = Shown("decide.html", title, address, back, "Confirm and take out", SECTION, values, _NOTE)
        return await self._decisions.answer(request, TakingOut(submission_id, what, shown), sent)


def _which(known: Mapping[UUID, Record], said: PartWords, address: str, back: str) -> Shown:
    """How it is asked which records are taken out."""
    values = {"options": known, "legend": said.out, "hint": said.hint}
    return Shown("decide.html", said.title, address, back, "Confirm and take out", SECTION, values)


def _why_not(found: Decision) -> str:
    """Why this decision cannot be undone."""
    if found.undone_at is not None:
        return _undone_already(found.undone_at)
    if found.kind is DecisionKind.TAKEN_OUT:
        return str(TakeOutStands())
    return str(ErasedSince() if found.erased_since else NothingToUndo())


def _undone_already(at: datetime) -> str:
    return f"Somebody undid this decision already, on {dates.moment(at)}."
