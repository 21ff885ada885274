"""What a door hands to intake, and what intake answers: the port between every channel and the one decision."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import NamedTuple, Protocol
from uuid import UUID

from events.basis import AgencyKind, LawfulBasis, Purpose
from events.referral import Channel
from hub.matching.described import Described
from hub.submission import ForReview, Refusal, Submission


@dataclass(frozen=True, slots=True)
class Agency:
    """A registered agency, as decisions see it. It comes from the sender's credentials, never from a body."""

    code: str
    kind: AgencyKind
    title: str
    identifier: str
    purposes: frozenset[Purpose]
    bases: frozenset[LawfulBasis]
    suspended: bool = False

    @property
    def default_purpose(self) -> Purpose:
        """What a message is kept for until it can be read: the first purpose agreed."""
        return min(self.purposes)

    @property
    def default_basis(self) -> tuple[LawfulBasis, ...]:
        """The basis it is kept on until then: everything agreed."""
        return tuple(sorted(self.bases))


class Outcome(StrEnum):
    """Every submission ends as exactly one of these."""

    ACCEPTED = "accepted"
    REVIEW = "review"
    REFUSED = "refused"


class KeyReused(Exception):
    """The idempotency key was used before for other bytes: send it under a new key, naming what it supersedes."""


@dataclass(frozen=True, slots=True)
class Arrival:
    """One submission at the door, read but not decided.

    `idempotency` and `fingerprint` are keyed hashes in hex. `correlation_id` is the submission id of the message or
    file that it came in; `part` its number in a file (0: it is the whole). `original` is None where the file's bytes
    are kept apart.
    """

    agency: Agency
    actor: str
    channel: Channel
    format: str
    submission_id: UUID
    correlation_id: UUID
    received_at: datetime
    idempotency: str
    fingerprint: str
    read: Submission | ForReview | Refusal
    part: int = 0
    original: bytes | None = None


@dataclass(frozen=True, slots=True)
class Decided:
    """What became of an arrival. `repeated`: it was decided before, and this is that answer.

    `places` is the last sequence written in each partition, for waiting until a page shows it.
    """

    submission_id: UUID
    received_at: datetime
    outcome: Outcome
    code: str = ""
    detail: str = ""
    pointer: str = ""
    repeated: bool = False
    places: dict[int, int] = field(default_factory=dict)


class Ready(NamedTuple):
    """An arrival and the people in it, made ready to be looked up."""

    arrival: Arrival
    people: Sequence[Described]


class Intake(Protocol):
    """Decides arrivals; concurrent calls share one transaction."""

    async def submit(self, arrival: Arrival) -> Decided:
        """Decide one. Raises `KeyReused`."""
        ...

    async def ready(self, arrivals: Sequence[Arrival]) -> list[Ready]:
        """Make many ready to be decided, while others run."""
        ...

    async def decide(self, batch: Sequence[Ready]) -> list[Decided | KeyReused]:
        """Decide many in one transaction, in order."""
        ...


@dataclass(frozen=True, slots=True)
class Receipt:
    """The answer to a file or message: how many parts ended how, and each one that did not go through."""

    submission_id: UUID
    received_at: datetime
    items: int
    accepted: int
    review: int
    refused: int
    refusals: tuple[tuple[int, Refusal], ...] = ()
    repeated: bool = False
    places: dict[int, int] = field(default_factory=dict)

    @property
    def outcome(self) -> str:
        """`accepted`, `review`, `refused`, or `mixed`."""
        kinds = [name for name in ("accepted", "review", "refused") if getattr(self, name)]
        return kinds[0] if len(kinds) == 1 else "mixed"
