"""Facts about doubts: somebody new who may be known already, and how a person settled it."""

from __future__ import annotations

from enum import StrEnum
from uuid import UUID

from events.envelope import Details, Erased, Event
from events.identity import DecisionDetails


class DoubtedPair(Details):
    """Somebody whom the new person may be: match weight in hundredths of a bit, and the reasons in words."""

    person_id: UUID
    score: int
    reasons: tuple[str, ...] = ()


class DoubtDetails(Details):
    """Why the hub was unsure, by which model (its SHA-256 in hex)."""

    pairs: tuple[DoubtedPair, ...]
    model: str | None = None


class PersonDoubted(Event, name="person.doubted", version=1):
    """A new person may be one who is known already: until somebody decides they are two, in a family of their own.

    On the new person's stream. `candidates` are ids of known people, the likeliest first.
    """

    doubt_id: UUID
    person_id: UUID
    family_id: UUID
    submission_id: UUID
    candidates: tuple[UUID, ...]
    details: DoubtDetails | Erased


class DoubtOutcome(StrEnum):
    """How a doubt ended."""

    SAME = "SAME"
    DIFFERENT = "DIFFERENT"


class DoubtSettled(Event, name="person.doubt_settled", version=1):
    """Somebody decided whether the doubted person is `same_as` a known one, or none of the candidates."""

    doubt_id: UUID
    person_id: UUID
    outcome: DoubtOutcome
    same_as: UUID | None = None
    decision_id: UUID
    details: DecisionDetails | Erased
