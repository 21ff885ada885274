"""People to review: the list of doubts, and the page on which a person decides whether two are one."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final
from uuid import UUID

from fastapi import HTTPException, Request
from starlette.responses import Response

from hub.identity.commands import SettleDoubt
from hub.identity.refusals import AlreadyDecided, AlreadyOne
from hub.veil_words import Veil
from hub.web import dates, doubt_view, freshness, words
from hub.web.along import ToldAlong, of_families, told_along
from hub.web.deciding import Decisions, Shown
from hub.web.described import Compared, compared
from hub.web.paging import page_number, pagination
from hub.web.records import records
from hub.web.rendering import page
from hub.web.sent import Fault, Sent, Step
from hub.web.side_by_side import sides
from hub.web.told import Line, veiled
from hub.web.veiling import veil_of
from hub.web.verdict import Choice, Verdict, verdicts
from projections.agencies import AGENCIES
from projections.doubts import Doubt, doubt, open_doubts
from projections.household import names
from projections.identity import IDENTITY
from projections.people import PEOPLE

if TYPE_CHECKING:
    from hub.bootstrap import Hub

_MODELS: Final = (IDENTITY, PEOPLE, AGENCIES)
_LIST: Final = "/doubts"
_SECTION: Final = "doubts"
_HIDDEN: Final = (
    "Somebody in one of these families has a protected address, so no address and no contact is shown here. "
    "Whether they agree is in the evidence."
)
_DONE: Final = {
    "same": "Decided: they are the same person.",
    "one": "Decided: they are the same person, and their families are one.",
    "two": "Decided: they are the same person, in two families.",
    "apart": "Decided: they are different people, and so are the others told of with them.",
    "different": "Decided: they are different people. The hub does not ask about them again.",
    "soon": "Decided and on record. The pages show it in a moment.",
}


class DoubtPages:
    """See the module."""

    def __init__(self, hub: Hub, decisions: Decisions) -> None:
        self._hub = hub
        self._decisions = decisions

    async def list(self, request: Request) -> Response:
        """What somebody must decide, the oldest first."""
        now, asked = self._hub.clock(), request.query_params
        async with self._hub.pool.acquire() as connection:
            found = await open_doubts(connection, now, page_number(asked.get("page", "")))
            people = {id_ for each in found.doubts for id_ in (each.person_id, *(c.person_id for c in each.candidates))}
            called = await names(connection, people)
            fresh = await freshness.up_to(connection, _MODELS, now)
        return page(
            "doubts.html",
            rows=doubt_view.rows(found.doubts, called, now),
            found=found,
            pages=pagination(found.number, found.pages, lambda number: f"{_LIST}?page={number}"),
            done=_DONE.get(asked.get("done", "")),
            family=_id(asked.get("family", "")),
            fresh=dates.up_to_date(fresh, now),
            section=_SECTION,
        )

    async def review(self, request: Request, doubt_id: UUID) -> Response:
        """One doubt: both sides, the reasons, and the decision on its way; how it was decided if somebody did."""
        sent = await self._decisions.read(request)
        found, people, veil, along = await self._find(doubt_id)
        if found.settled is not None and sent.step is not Step.DECIDE:
            return await self._settled(found)
        question = self._question(found, people, veil, along)
        try:
            return await self._decisions.answer(request, question, sent)
        except AlreadyOne as refused:
            return self._decisions.refused(question.shown, refused)
        except AlreadyDecided as already:
            await self._decisions.caught_up()
            found, *_ = await self._find(doubt_id)
            return await self._settled(found, dates.moment(already.at))

    async def _find(self, doubt_id: UUID) -> tuple[Doubt, Compared, Veil | None, Sequence[ToldAlong]]:
        async with self._hub.pool.acquire() as connection:
            now = self._hub.clock()
            found = await doubt(connection, doubt_id, now)
            if found is None:
                raise HTTPException(404)
            people = await compared(connection, found)
            homes = {family_id for each in (people.new, *people.candidates) for family_id in each.families}
            veil = await veil_of(connection, homes) if people.hidden else None
            return found, people, veil, await told_along(connection, found, now)

    def _question(self, found: Doubt, people: Compared, veil: Veil | None, along: Sequence[ToldAlong]) -> Settling:
        now = self._hub.clock()
        home = set(people.new.families)
        ways = verdicts(
            [
                Choice(each.person_id, each.name, bool(home & set(each.families)), of_families(along, each.families))
                for each in people.candidates
            ],
            along,
        )
        values = {
            "sides": sides(people, dates.london_day(now)),
            "why": [veil.over(said) if veil else said for said in doubt_view.why(found)],
            "why_title": "Why you are asked",
            "facts": doubt_view.facts(found, now),
            "evidence": doubt_view.evidence_of(found, people),
            "along": [each.evidence for each in along],
            "verdicts": ways,
            "hidden": _HIDDEN if people.hidden else "",
            "overdue": found.overdue,
        }
        title = "Are they the same person?"
        address = f"{_LIST}/{found.doubt_id}"
        shown = Shown("doubt.html", title, address, _LIST, "Confirm and decide", _SECTION, values)
        return Settling(found, people.new.name, ways, shown)

    async def _settled(self, found: Doubt, at: str = "") -> Response:
        """By the names of before: who was found to be one has one name now."""
        async with self._hub.pool.acquire() as connection:
            called = await records(connection, [found.person_id, *(each.person_id for each in found.candidates)])
            homes = {family_id for each in found.candidates for family_id in each.family_ids}
            veil = await veil_of(connection, {found.family_id, *homes})
        names_of = {person_id: record.words for person_id, record in called.items()}
        lines = doubt_view.settled_as(found.settled, names_of) if found.settled else [Line("When", at)]
        who = names_of[found.person_id]
        return page("settled.html", who=who, decided=veiled(lines, veil), family=found.family_id, section=_SECTION)


@dataclass(frozen=True, slots=True)
class Settling:
    """The question of a doubt."""

    doubt: Doubt
    name: str
    verdicts: Sequence[Verdict]
    shown: Shown

    def faults(self, sent: Sent) -> list[Fault]:
        """A verdict and a reason are needed."""
        chosen = [] if self._chosen(sent) else [Fault("Select whether they are the same person", "chosen")]
        return chosen + sent.reason_faults()

    def said(self, sent: Sent) -> list[Line]:
        """In words."""
        chosen = self._chosen(sent)
        decision = f"{chosen.text}. {chosen.hint}" if chosen and chosen.along else chosen.text if chosen else ""
        return [Line("Who", self.name), Line("Decision", decision), Line("Reason", sent.reason)]

    def command(self, sent: Sent) -> SettleDoubt:
        """To be decided; the faults were none."""
        chosen = self._chosen(sent)
        if chosen is None:
            raise HTTPException(404)
        return SettleDoubt(
            actor=words.NO_SIGN_IN,
            key=sent.key,
            reason=sent.reason,
            doubt_id=self.doubt.doubt_id,
            person_id=self.doubt.person_id,
            outcome=chosen.outcome,
            same_as=chosen.same_as,
            one_family=chosen.one_family,
            along=chosen.along,
        )

    def after(self, sent: Sent, done: str) -> str:
        """The list, with a way to the family's record."""
        chosen = self._chosen(sent)
        code = chosen.done if chosen and done == "shown" else done
        return f"{_LIST}?done={code}&family={self.doubt.family_id}"

    def _chosen(self, sent: Sent) -> Verdict | None:
        return next((verdict for verdict in self.verdicts if sent.chosen == (verdict.value,)), None)


def _id(asked: str) -> UUID | None:
    try:
        return UUID(asked)
    except ValueError:
        return None
