"""Small made-up facts for tests of the log."""

from __future__ import annotations

from datetime import UTC, datetime
from uuid import UUID, uuid4

from events.basis import LawfulBasis, Purpose
from events.envelope import Draft, Provenance
from events.family import FamilyOpened, MatterRouted, RouteDetails
from events.log import Append

NOON = datetime(2026, 3, 2, 12, 0, tzinfo=UTC)


def now() -> datetime:
    return NOON


def told_by(agency: str = "fen-primary") -> Provenance:
    return Provenance(
        agency=agency,
        actor="client-1",
        basis=(LawfulBasis.ART6_1_E, LawfulBasis.CA2004_S10),
        purpose=Purpose.EARLY_HELP,
        correlation_id=uuid4(),
    )


def opened(family: UUID) -> Draft:
    """A fact without anything personal."""
    return Draft(f"family/{family}", FamilyOpened(family_id=family), NOON)


def routed(family: UUID, matter: UUID, reason: str = "lives in Fenland") -> Draft:
    """A fact with a sealed part, under the matter's key."""
    details = RouteDetails(queue="fenland", reason=reason, rules="2026-01")
    return Draft(f"family/{family}", MatterRouted(family_id=family, matter_id=matter, details=details), NOON, matter)


def one(draft: Draft, *, expected: int | None = None, key: str | None = None) -> Append:
    return Append((draft,), told_by(), {} if expected is None else {draft.stream: expected}, key)
