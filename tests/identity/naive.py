"""What identity decisions mean, told as plainly as can be: dicts from id to representative, and nothing else."""

from __future__ import annotations

from dataclasses import dataclass, field
from uuid import UUID

from tests.identity.words import Child

Pairs = set[frozenset[UUID]]


@dataclass
class Partition:
    """Who belongs to whom."""

    of: dict[UUID, UUID] = field(default_factory=dict)

    def add(self, one: UUID) -> None:
        self.of[one] = one

    def block(self, one: UUID) -> set[UUID]:
        return {each for each in self.of if self.of[each] == self.of[one]}

    def blocks(self) -> set[frozenset[UUID]]:
        return {frozenset(self.block(each)) for each in self.of}

    def merge(self, one: UUID, other: UUID) -> Merged | None:
        """None if they are one."""
        if self.of[one] == self.of[other]:
            return None
        moved, into = self.block(other), self.of[one]
        for each in moved:
            self.of[each] = into
        return Merged(self, moved, into)

    def split(self, out: set[UUID]) -> Split:
        before = self.of[min(out)]
        made = self.block(before) - out if before in out else set(out)
        for each in made:
            self.of[each] = min(made)
        return Split(self, min(made), before)


@dataclass
class Merged:
    """These were moved to where this one is."""

    partition: Partition
    moved: set[UUID]
    into: UUID

    def undo(self) -> Split | None:
        leaving = self.partition.block(self.into) & self.moved
        return self.partition.split(leaving) if leaving else None


@dataclass
class Split:
    """A block that was made, and the representative of what it left."""

    partition: Partition
    made: UUID
    before: UUID

    def undo(self) -> Merged | None:
        return self.partition.merge(self.before, self.made)


Undoable = Merged | Split


@dataclass(frozen=True)
class Doubt:
    """A child who may be one of these."""

    doubt_id: UUID
    child: Child
    candidates: tuple[Child, ...]


@dataclass
class Past:
    """A decision: what it did, which pairs it holds apart, which doubt it ended, and whether it was taken back."""

    decision_id: UUID
    did: list[Undoable]
    apart: Pairs
    ended: Doubt | None
    undone: bool = False


def pairs(some: set[UUID], others: set[UUID]) -> Pairs:
    return {frozenset((one, other)) for one in some for other in others}
