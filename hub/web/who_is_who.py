"""What was decided of a family's identity, in words: when, by whom, why, and whether it was taken back."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from uuid import UUID

from events.database import Connection
from hub.veil_words import Veil
from hub.web import dates, words
from hub.web.records import PersonRecord, records
from hub.web.told import Line, veiled
from hub.web.veiling import veil_of
from projections.identity import DecisionKind
from projections.identity_history import Decision, identity_history


@dataclass(frozen=True, slots=True)
class Decided:
    """One decision. `family`: where what was taken out went; `can_undo`: there is something to be taken back."""

    decision_id: UUID
    what: str
    lines: tuple[Line, ...]
    undone: bool
    can_undo: bool
    family: UUID | None


async def who_is_who(connection: Connection, family_id: UUID, veil: Veil | None) -> list[Decided]:
    """The family's decisions, newest first; `veil` hides the places of a protected family in their reasons."""
    found = await identity_history(connection, family_id)
    people = await records(connection, {person_id for each in found for person_id in each.people})
    return [decided(each, people, veil) for each in found]


async def found_to_be_one(connection: Connection, family_id: UUID, atoms: Collection[UUID]) -> Decided | None:
    """The newest decision that stands by which these ids of people or of families became one."""
    for found in await identity_history(connection, family_id):
        if found.kind is DecisionKind.MERGED and found.stands and {*found.people, *found.families} & set(atoms):
            people = await records(connection, found.people)
            return decided(found, people, await veil_of(connection, [family_id]))
    return None


def decided(decision: Decision, people: Mapping[UUID, PersonRecord], veil: Veil | None) -> Decided:
    """One decision in words; `veil` hides the places of a protected family in its reason."""
    erased = f"Erased on {dates.day(decision.erased_since)}" if decision.erased_since else "Not known"
    lines = (
        Line("When", dates.moment(decision.at)),
        Line("By", words.actor(decision.actor)),
        Line("Reason", decision.reason or erased),
    )
    return Decided(
        decision_id=decision.decision_id,
        what=what(decision, people),
        lines=veiled(lines, veil),
        undone=decision.undone_by is not None,
        can_undo=can_undo(decision),
        family=decision.families[-1] if decision.kind is DecisionKind.TAKEN_OUT and decision.families else None,
    )


def can_undo(decision: Decision) -> bool:
    """Whether undoing it does anything: it stands, and what it would be written under was not erased."""
    return decision.stands and decision.erased_since is None


def what(decision: Decision, people: Mapping[UUID, PersonRecord]) -> str:
    """`Found to be one person: …`, after `Taken back.` where it undoes another decision."""
    who = "; ".join(people[person_id].words for person_id in decision.people)
    families = bool(decision.families)
    match decision.kind:
        case DecisionKind.MERGED if who:
            said = f"Found to be one person{', and their families one family' if families else ''}: {who}"
        case DecisionKind.MERGED:
            said = "Found to be one family with another"
        case DecisionKind.SPLIT if len(decision.people) == 1 and not families:
            said = f"Found to be somebody else: {who}"
        case DecisionKind.SPLIT if who:
            said = f"Found to be different people{', in different families' if families else ''}: {who}"
        case DecisionKind.SPLIT:
            said = "Found to be another family"
        case DecisionKind.DIFFERENT:
            said = f"Found to be none of those the hub thought of: {who}"
        case DecisionKind.TAKEN_OUT:
            said = "What a submission told was taken out of this family, and recorded in a family of its own"
    return f"An earlier decision was taken back. {said}" if decision.undoes else said
