"""How an identity stands, from the decision tables and the log themselves: its block, and every decision about it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from events.doubt import DoubtSettled, PersonDoubted
from events.envelope import Recorded, stream
from events.identity import FamilyMerged, FamilySplit, PersonMerged, PersonSplit
from hub.bootstrap import Hub
from hub.identity.history import DECIDED
from hub.identity.reading import read_streams


@dataclass(frozen=True, slots=True)
class Decided:
    """One decision, by the types of what it wrote about this identity, and the decision that undid it."""

    decision_id: UUID
    at: datetime
    actor: str
    events: tuple[str, ...]
    undone_by: UUID | None


@dataclass(frozen=True, slots=True)
class Standing:
    """A person or family: all ids that are one, and the decisions on their streams.

    `related`: for a person the families its ids were made in, for a family the people made in it.
    """

    kind: str
    representative: UUID
    block: tuple[UUID, ...]
    related: tuple[UUID, ...]
    decisions: tuple[Decided, ...]


async def standing(hub: Hub, identity: UUID) -> Standing | None:
    """How this id stands; None if intake made nobody of that id."""
    people = await hub.pool.fetch(
        """SELECT p.person_id AS id, p.belongs_to, p.family_id AS related FROM decide.person AS p
           JOIN decide.person AS own ON own.person_id = $1
           WHERE p.person_id = own.belongs_to OR (p.belongs_to = own.belongs_to AND p.belongs_to <> p.person_id)
           ORDER BY 1""",
        identity,
    )
    families = await hub.pool.fetch(
        """SELECT f.family_id AS id, f.belongs_to, p.person_id AS related
           FROM decide.family AS f LEFT JOIN decide.person AS p ON p.family_id = f.family_id
           JOIN decide.family AS own ON own.family_id = $1
           WHERE f.family_id = own.belongs_to OR (f.belongs_to = own.belongs_to AND f.belongs_to <> f.family_id)
           ORDER BY 1, 3""",
        identity,
    )
    kind, rows = ("person", people) if people else ("family", families)
    if not rows:
        return None
    block = tuple(dict.fromkeys(row["id"] for row in rows))
    told = await read_streams(hub, [stream(kind, one) for one in block])
    return Standing(
        kind,
        rows[0]["belongs_to"],
        block,
        tuple(dict.fromkeys(row["related"] for row in rows if row["related"])),
        _decisions([each for stream_told in told.values() for each in stream_told]),
    )


def _decisions(told: Sequence[Recorded]) -> tuple[Decided, ...]:
    """All decisions, the oldest first."""
    undone = _undone(told)
    found: dict[UUID, list[Recorded]] = {}
    for each in sorted(told, key=lambda recorded: recorded.record.position):
        if isinstance(each.event, DECIDED):
            found.setdefault(each.event.decision_id, []).append(each)
    return tuple(
        Decided(
            decision_id,
            wrote[0].record.recorded_at,
            wrote[0].record.actor,
            tuple(dict.fromkeys(each.record.type for each in wrote)),
            undone.get(decision_id),
        )
        for decision_id, wrote in found.items()
    )


def _undone(told: Sequence[Recorded]) -> dict[UUID, UUID]:
    """Decisions that were taken back, and by which; a settled doubt is by the doubt that was raised anew for it."""
    settled = {each.record.id: each.event.decision_id for each in told if isinstance(each.event, DoubtSettled)}
    undone: dict[UUID, UUID] = {}
    for each in told:
        match each.event:
            case PersonMerged() | PersonSplit() | FamilyMerged() | FamilySplit() as event if event.undoes is not None:
                undone[event.undoes] = event.decision_id
            case PersonDoubted() if each.record.causation_id in settled:
                undone[settled[each.record.causation_id]] = each.record.correlation_id
            case _:
                pass
    return undone
