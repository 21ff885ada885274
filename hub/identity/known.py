"""What a decision about identity is taken on, and what follows from it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from uuid import UUID

from events.basis import LawfulBasis, Purpose
from events.envelope import Draft, Event, Provenance, Record, Recorded
from events.identity import DecisionDetails
from events.log import Append
from hub.identity.blocks import Blocks, Moves
from hub.identity.brought import Brought
from hub.identity.refusals import ErasedSince
from hub.identity.taken_tables import TakenOut

BASIS = (LawfulBasis.ART6_1_E, LawfulBasis.CA2004_S10)


@dataclass(frozen=True, slots=True)
class Known:
    """The present blocks of all people and families concerned, locked.

    `family_of`: the family a person was made in. `matter_of`: the newest matter of a family.
    """

    people: Blocks
    families: Blocks
    family_of: Mapping[UUID, UUID]
    matter_of: Mapping[UUID, UUID]


@dataclass(frozen=True, slots=True)
class History:
    """Whole streams as they were read before the decision.

    `decided`: the events of the decision to be undone. `brought`: by the submission to be taken out.
    """

    streams: Mapping[str, list[Recorded]] = field(default_factory=dict)
    decided: list[Recorded] = field(default_factory=list)
    brought: Brought | None = None

    @property
    def expected(self) -> dict[str, int]:
        """The versions that a decision on these streams may be appended to."""
        return {name: told[-1].record.stream_version if told else 0 for name, told in self.streams.items()}

    def events(self) -> Iterator[Recorded]:
        """Everything in the streams, stream by stream."""
        for told in self.streams.values():
            yield from told


@dataclass(frozen=True, slots=True)
class Deciding:
    """One decision under way: its id, who decides, when, and the sealed reason."""

    decision_id: UUID
    actor: str
    at: datetime
    details: DecisionDetails

    def append(
        self, drafts: Iterable[Draft], expected: Mapping[str, int] | None = None, causation_id: UUID | None = None
    ) -> Append:
        """What the decision writes. Its id is the correlation, so that all it wrote can be found by it."""
        provenance = Provenance("HUB", self.actor, BASIS, Purpose.EARLY_HELP, self.decision_id, causation_id)
        return Append(tuple(drafts), provenance, dict(expected or {}))

    def again(self, original: Record, draft: Draft, causation_id: UUID) -> Append:
        """What was recorded before and is recorded anew: when it happened and who told it, on which basis, stay."""
        basis = tuple(LawfulBasis(code) for code in original.basis.split())
        told = (original.agency, original.actor, basis, Purpose(original.purpose))
        return Append((draft,), Provenance(*told, self.decision_id, causation_id))

    def draft(self, stream: str, event: Event, key_id: UUID | None) -> Draft:
        """An event of this decision. Raises `ErasedSince`: a family whose matter was erased has none to write under."""
        if key_id is None:
            raise ErasedSince
        return Draft(stream, event, self.at, key_id)


@dataclass(frozen=True, slots=True)
class Decision:
    """What follows: what to append, who moves to which block, which pairs are two people from now on.

    `forget`: the earlier decision whose pairs are no longer held apart.
    """

    appends: list[Append]
    people: Moves = field(default_factory=dict)
    families: Moves = field(default_factory=dict)
    distinct: frozenset[tuple[UUID, UUID]] = frozenset()
    forget: UUID | None = None
    taken_out: TakenOut | None = None


def pairs(some: Iterable[UUID], others: Iterable[UUID]) -> frozenset[tuple[UUID, UUID]]:
    """Each of some with each of the others, the smaller id first."""
    against = list(others)
    return frozenset((min(one, other), max(one, other)) for one in some for other in against if one != other)
