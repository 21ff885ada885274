"""`hub identity doubts` and `show`: what waits to be decided, and what was decided. No names, no reviewers' words."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import asdict
from typing import Annotated, Any
from uuid import UUID

import asyncpg
import typer

from events.doubt import DoubtedPair
from hub.bootstrap import Hub
from hub.cli.running import AsJson, Exit, notice, say, say_json, with_hub
from hub.identity.refusals import NothingKnown
from hub.identity.standing import Standing, standing
from projections.doubts import Doubt, DoubtPage, doubt, open_doubts

_NOT_MADE_YET = (asyncpg.UndefinedTableError, asyncpg.InvalidSchemaNameError)
_REBUILD = "The read models are not made yet: run `hub work`, or `hub rebuild`."


def doubts(
    page: Annotated[int, typer.Option(min=1, help="Page of 25.")] = 1,
    as_json: AsJson = False,
) -> None:
    """What somebody must decide, the oldest first: new people who may be known already. Exit 0 if there are none."""

    async def work(hub: Hub) -> int:
        try:
            async with hub.pool.acquire() as connection:
                found = await open_doubts(connection, hub.clock(), page)
        except _NOT_MADE_YET:
            notice(_REBUILD)
            return Exit.NOT_WELL
        _say_page(found, as_json=as_json)
        return Exit.WELL

    with_hub(work)


def show(
    identity: Annotated[UUID, typer.Argument(metavar="ID", help="Id of a person or of a family.")],
    as_json: AsJson = False,
) -> None:
    """Which ids are one with this one, and the decisions that made it so, the newest last."""

    async def work(hub: Hub) -> int:
        found = await standing(hub, identity)
        if found is None:
            notice(str(NothingKnown()))
            return Exit.NOT_WELL
        say_json(asdict(found)) if as_json else _say_standing(found)
        return Exit.WELL

    with_hub(work)


async def doubted_person(hub: Hub, doubt_id: UUID) -> UUID | None:
    """Whom a doubt is about; None if the read model has no such doubt."""
    try:
        async with hub.pool.acquire() as connection:
            found = await doubt(connection, doubt_id, hub.clock())
    except _NOT_MADE_YET:
        notice(_REBUILD)
        return None
    return found.person_id if found else None


def _say_page(page: DoubtPage, *, as_json: bool) -> None:
    for one in page.doubts:
        if as_json:
            say_json(_as_json(one))
            continue
        late = "  OVERDUE" if one.overdue else ""
        say(f"{one.doubt_id}  since {one.raised_at:%Y-%m-%d %H:%M}  person {one.person_id}  by {one.agency}{late}")
        if one.why:
            say(f"    {one.why}")
        for candidate in one.candidates:
            say(f"    may be {candidate.person_id}  {_compared(candidate.pair)}")
    if not as_json:
        say(f"{page.total} open" + (f", page {page.number} of {page.pages}" if page.pages > 1 else ""))


def _compared(pair: DoubtedPair | None) -> str:
    """Both match weights in bits, and the reasons of the first."""
    if pair is None:
        return "erased"
    within = "" if pair.within is None else f", {pair.within / 100:+.1f} within a household"
    return f"{pair.score / 100:+.1f} bits{within}  {'; '.join(pair.reasons)}"


def _as_json(one: Doubt) -> dict[str, Any]:
    return {
        "doubt": one.doubt_id,
        "person": one.person_id,
        "family": one.family_id,
        "submission": one.submission_id,
        "agency": one.agency,
        "since": one.raised_at,
        "overdue": one.overdue,
        "why": one.why,
        "candidates": [
            {"person": each.person_id} | (each.pair.model_dump(exclude={"person_id"}) if each.pair else {})
            for each in one.candidates
        ],
    }


def _say_standing(found: Standing) -> None:
    say(f"{found.kind} {found.representative}")
    _say_ids("one with it", (one for one in found.block if one != found.representative))
    _say_ids("family" if found.kind == "person" else "person", found.related)
    for decision in found.decisions:
        undone = f"  undone by {decision.undone_by}" if decision.undone_by else ""
        what = ", ".join(decision.events)
        say(f"  {decision.at:%Y-%m-%d %H:%M}  {decision.decision_id}  {what}  by {decision.actor}{undone}")


def _say_ids(what: str, ids: Iterable[UUID]) -> None:
    for one in ids:
        say(f"  {what} {one}")
