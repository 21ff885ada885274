"""Finding who else a person or a family may be: among those who are like them, or by the reference of a record.

What is typed is sent in a form and never stands in an address; there stand ids alone.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final
from uuid import UUID

from fastapi import HTTPException, Request
from fastapi.responses import RedirectResponse
from starlette.responses import Response

from events.database import Connection
from hub.identity import likeness
from hub.identity.likeness import Alike
from hub.web import likely
from hub.web.family_sides import Families, families
from hub.web.forms import Forms
from hub.web.rendering import guarded, page
from hub.web.sent import Fault
from projections.belonging import block_of_family, block_of_person
from projections.doubts import families_of
from projections.household import household, names

if TYPE_CHECKING:
    from hub.bootstrap import Hub

_MOST: Final = 8
_LONGEST: Final = 500
_ID: Final = re.compile("[0-9a-f]{8}-(?:[0-9a-f]{4}-){3}[0-9a-f]{12}", re.IGNORECASE)
_UNKNOWN: Final = Fault("There is no record with this reference. Check that you copied all of it", "reference")
_ITSELF: Final = Fault("This is the reference of the record you came from. Enter the other one", "reference")


@dataclass(frozen=True, slots=True)
class Option:
    """Somebody, or a family, to choose."""

    id: UUID
    text: str
    hint: str


@dataclass(frozen=True, slots=True)
class Looking:
    """What a page looks for: a second record of `who`. `own` are all ids of it, `options` whom to choose from.

    `people`: they are people, not families. `among` says what the options are, `none` that there are none.
    """

    title: str
    who: str
    address: str
    back: str
    people: bool
    own: Collection[UUID]
    options: Sequence[Option]
    among: str
    none: str


class FindPages:
    """See the module."""

    def __init__(self, hub: Hub, forms: Forms) -> None:
        self._hub = hub
        self._forms = forms

    async def person(self, request: Request, person_id: UUID) -> Response:
        """Who else this person may be; with `family`, somebody of that family."""
        family_id = _id(request.query_params.get("family", ""))
        async with self._hub.pool.acquire() as connection:
            block = await block_of_person(connection, person_id)
            home = (await families_of(connection, [block.representative]))[block.representative]
            if not home:
                raise HTTPException(404)
            called = (await names(connection, [block.representative]))[block.representative].display_name
            of_family = await self._members(connection, family_id, block.atoms) if family_id else []
        options = of_family if family_id else await self._alike(block.representative, block.atoms, set(home))
        looking = Looking(
            title="Who else may be the same person?",
            who=called,
            address=f"/people/{person_id}/same",
            back=f"/families/{home[0]}",
            people=True,
            own=block.atoms,
            options=options,
            among="People in that family" if family_id else "People who are like this person",
            none="Nobody whom the hub knows is like this person.",
        )
        return await self._answer(request, looking)

    async def family(self, request: Request, family_id: UUID) -> Response:
        """Which other family this one may be."""
        async with self._hub.pool.acquire() as connection:
            block = await block_of_family(connection, family_id)
            own = await families(connection, [block.representative])
        if not own.members[block.representative]:
            raise HTTPException(404)
        looking = Looking(
            title="Which other family may be the same as this one?",
            who=own.name(block.representative),
            address=f"/families/{family_id}/same",
            back=f"/families/{block.representative}",
            people=False,
            own=block.atoms,
            options=await self._alike_families(own, block.representative),
            among="Families that are like this one",
            none="No family that the hub knows is like this one.",
        )
        return await self._answer(request, looking)

    async def _answer(self, request: Request, looking: Looking) -> Response:
        """The page, or once somebody is chosen the way to both side by side."""
        if request.method != "POST":
            return self._page(request, looking)
        form = await self._forms.read(request)
        typed = str(form.get("reference", ""))[:_LONGEST]
        if "reference" in form:
            found = await self._by_reference(looking, typed)
        else:
            chosen = next((each.id for each in looking.options if str(each.id) == form.get("chosen")), None)
            nobody = "Select who it may be" if looking.people else "Select which family it may be"
            found = f"/{chosen}" if chosen else Fault(nobody, "chosen")
        if isinstance(found, Fault):
            return self._page(request, looking, typed, [found])
        return guarded(RedirectResponse(f"{looking.address}{found}", 303))

    def _page(self, request: Request, looking: Looking, typed: str = "", faults: Sequence[Fault] = ()) -> Response:
        cookie, token = self._forms.token(request)
        response = page(
            "find.html",
            looking=looking,
            typed=typed,
            faults=faults,
            fault_of={fault.field: fault.text for fault in faults},
            token=token,
            section="queues",
        )
        self._forms.remember(request, response, cookie)
        return response

    async def _by_reference(self, looking: Looking, typed: str) -> str | Fault:
        """What follows on the page's own address for the record of this reference."""
        found = _ID.search(typed)
        if found is None:
            text = "Enter the reference of a record" if not typed.strip() else _UNKNOWN.text
            return Fault(text, "reference")
        id_ = UUID(found[0])
        async with self._hub.pool.acquire() as connection:
            at_home = (await families_of(connection, [id_]))[id_]
            members = await household(connection, id_)
            family = (await block_of_family(connection, id_)).representative if members else None
            person = (await block_of_person(connection, id_)).representative if at_home else None
        if {id_, family, person} & set(looking.own):
            return _ITSELF
        if looking.people:
            return f"/{person}" if person else f"?family={family}" if family else _UNKNOWN
        if person and len(at_home) == 1:
            family = at_home[0]
        return _ITSELF if family in looking.own else f"/{family}" if family else _UNKNOWN

    async def _members(self, connection: Connection, family_id: UUID, own: Collection[UUID]) -> list[Option]:
        """Everybody in a family but the person themselves."""
        found = [each for each in await household(connection, family_id) if each.person_id not in own]
        called = await names(connection, [each.person_id for each in found])
        return [Option(id_, likely.named(each), "") for id_, each in called.items()]

    async def _alike(self, own: UUID, atoms: Collection[UUID], home: Collection[UUID]) -> list[Option]:
        """Who is like this person; of their own family only who may be them."""
        found = await likeness.alike(self._hub, atoms)
        async with self._hub.pool.acquire() as connection:
            at_home = await families_of(connection, [own, *(each.other for each in found)])
            around = await families(connection, list({each for of_one in at_home.values() for each in of_one}))
            called = await names(connection, [each.other for each in found])
        options = []
        for each in found:
            hidden = around.hidden_in({*home, *at_home[each.other]})
            there = set(at_home[each.other])
            near = each.at_one_home and not hidden and not there & set(home)
            if at_home[each.other] and (each.speaks_for or near):
                where = "In the same family" if there & set(home) else around.name(at_home[each.other][0])
                said = f"{where}. {likely.hint(each, hidden=hidden)}"
                options.append(Option(each.other, likely.named(called[each.other]), said))
        return options[:_MOST]

    async def _alike_families(self, own: Families, family_id: UUID) -> list[Option]:
        """Families in which somebody is like somebody here, or lives where they live."""
        found = await likeness.alike(self._hub, own.people(family_id))
        async with self._hub.pool.acquire() as connection:
            at_home = await families_of(connection, [each.other for each in found])
            around = await families(connection, list({each for of_one in at_home.values() for each in of_one}))
        best: dict[UUID, Alike] = {}
        for each in found:
            for other in at_home[each.other]:
                hidden = own.hidden or around.hidden_in({other})
                if other != family_id and (each.speaks_for or (each.at_one_home and not hidden)):
                    best.setdefault(other, each)
        return [
            Option(
                other, around.name(other), self._why(each, own, around, hidden=own.hidden or around.hidden_in({other}))
            )
            for other, each in list(best.items())[:_MOST]
        ]

    def _why(self, found: Alike, own: Families, around: Families, *, hidden: bool) -> str:
        """Whom of one family somebody in the other is like, and how."""
        if not found.speaks_for:
            return f"{'. '.join(found.shared)}."
        one, other = own.called(found.one), around.called(found.other)
        return f"{other} is like {one}. {likely.hint(found, hidden=hidden)}"


def _id(asked: str) -> UUID | None:
    try:
        return UUID(asked)
    except ValueError:
        return None
