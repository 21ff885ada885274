"""What intake knows while it decides: a snapshot of the decision tables, kept current as a batch is decided."""

from __future__ import annotations

from dataclasses import dataclass, field
from uuid import UUID


@dataclass(slots=True)
class KnownPerson:
    """A person in the decision tables. `described`: keyed hash of the newest description."""

    person_id: UUID
    family_id: UUID
    described: bytes


@dataclass(slots=True)
class KnownFamily:
    """A family; `matter_id` is its open matter, `queue` where that was routed to."""

    family_id: UUID
    matter_id: UUID | None
    queue: str | None


@dataclass(slots=True)
class KnownReferral:
    """A referral found by its sender's own case reference."""

    referral_id: UUID
    family_id: UUID
    matter_id: UUID


@dataclass(slots=True)
class Known:
    """Everything one batch may look up, by key."""

    people: dict[UUID, KnownPerson] = field(default_factory=dict)
    families: dict[UUID, KnownFamily] = field(default_factory=dict)
    by_key: dict[bytes, set[UUID]] = field(default_factory=dict)
    referrals: dict[tuple[str, str], KnownReferral] = field(default_factory=dict)

    def found(self, key: bytes) -> set[UUID]:
        """Ids of the people who have this key."""
        return self.by_key.get(key, set())
