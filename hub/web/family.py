"""The page of one family: who is in it, what waits, and everything that was told and done, newest first."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final
from urllib.parse import urlencode
from uuid import UUID

from fastapi import HTTPException, Request
from starlette.responses import Response

from hub.web import dates, freshness, household_view, queue_rows, timeline_view, words
from hub.web.kin_view import kin_lines
from hub.web.rendering import page
from hub.web.veiling import veil_of
from hub.web.who_is_who import who_is_who
from projections.agencies import AGENCIES, agencies
from projections.belonging import block_of_family
from projections.chronicle import tellers, timeline
from projections.doubts import open_doubts_of
from projections.household import household, names
from projections.identity import IDENTITY
from projections.people import PEOPLE
from projections.places import title
from projections.queues import QUEUES
from projections.relations import relations
from projections.timeline import TIMELINE, Kind
from projections.waiting import of_family

if TYPE_CHECKING:
    from hub.bootstrap import Hub

_MODELS: Final = (TIMELINE, PEOPLE, IDENTITY, QUEUES, AGENCIES)
_DONE: Final = {
    "undone": "The decision has been undone.",
    "parted": "Taken out. They are different people from now on.",
    "taken-out": "Taken out. It stands on the record of another family from now on.",
    "one-person": "Decided: they are the same person.",
    "one-family": "Decided: they are one family. Everything told of both stands here.",
    "family-parted": "Taken out. They are different families from now on.",
    "soon": "Decided and on record. This page shows it in a moment.",
}
_STEP: Final = 200
_MOST: Final = 10_000


class FamilyPages:
    """See the module."""

    def __init__(self, hub: Hub) -> None:
        self._hub = hub

    async def show(self, request: Request, family_id: UUID) -> Response:
        """The family; 404 if nothing is known of it."""
        now, asked = self._hub.clock(), request.query_params
        kind = Kind(asked["kind"]) if asked.get("kind") in set(Kind) else None
        limit = _limit(asked.get("entries", ""))
        async with self._hub.pool.acquire() as connection:
            told_by = await tellers(connection, family_id)
            schools = {each.identifier: each.title for each in await agencies(connection)}
            agency = asked.get("agency") if asked.get("agency") in {teller.code for teller in told_by} else None
            members = await household(connection, family_id)
            protected = household_view.is_protected(members)
            kin = await relations(connection, family_id)
            entries = await timeline(connection, family_id, agency=agency, kind=kind, limit=limit + 1)
            matters = await of_family(connection, family_id, now)
            people = await names(connection, _ids([*entries, *matters]))
            incomplete = await freshness.incomplete(connection, family_id)
            fresh = await freshness.up_to(connection, _MODELS, now)
            block = await block_of_family(connection, family_id)
            doubts = await open_doubts_of(connection, now, block.atoms)
            veil = await veil_of(connection, [family_id]) if protected else None
            decisions = await who_is_who(connection, family_id, veil)
            people |= await names(connection, {doubt.person_id for doubt in doubts})
        if not (members or told_by):
            raise HTTPException(404)
        rows = queue_rows.rows(matters, people, now)
        chosen = {name: value for name, value in (("agency", agency), ("kind", kind)) if value}
        address = f"/families/{family_id}"
        return page(
            "family.html",
            name=words.called_family((each.display_name, each.kind) for each in members),
            people=household_view.people(members, dates.london_day(now), schools, kin=kin_lines(kin, members)),
            protected=protected,
            matters=[(title(m.queue), m.queue, row) for m, row in zip(matters, rows, strict=True)],
            days=timeline_view.days(entries[:limit], people, veil),
            more=f"{address}?{urlencode(chosen | {'entries': limit + _STEP})}" if len(entries) > limit else None,
            address=address,
            agency=agency,
            kind=kind,
            tags=_tags(address, agency, kind, {each.code: words.agency(each.code, each.title) for each in told_by}),
            agencies=[{"value": t.code, "text": f"{words.agency(t.code, t.title)} ({t.entries})"} for t in told_by],
            kinds=[{"value": each.value, "text": words.say(words.KIND, each)} for each in Kind],
            incomplete=incomplete,
            doubts=[(doubt.doubt_id, people[doubt.person_id].display_name) for doubt in doubts],
            decisions=decisions,
            reference=block.representative,
            several=len(block.atoms) > 1,
            done=_DONE.get(asked.get("done", "")),
            fresh=dates.up_to_date(fresh, now),
            section="queues",
        )


def _tags(address: str, agency: str | None, kind: Kind | None, titles: dict[str, str]) -> list[tuple[str, str]]:
    """What the timeline is filtered by, in words, each with the address without it."""
    found = []
    if agency:
        found.append((f"Agency: {titles[agency]}", f"{address}?kind={kind.value}" if kind else address))
    if kind:
        text = f"Kind: {words.say(words.KIND, kind)}"
        found.append((text, f"{address}?{urlencode({'agency': agency})}" if agency else address))
    return found


def _limit(asked: str) -> int:
    return min(int(asked), _MOST) if asked.isascii() and asked.isdigit() and int(asked[:9]) >= _STEP else _STEP


def _ids(items: list[object]) -> set[UUID]:
    return {found for item in items if (found := getattr(item, "subject_id", None)) is not None}
