"""Facts about doubts: somebody new who may be known already, and how a person settled it."""

from __future__ import annotations

from enum import StrEnum
from uuid import UUID

from events.envelope import Details, Erased, Event
from events.identity import DecisionDetails


class DoubtedPair(Details):
    """Somebody whom the new person may be: match weights in hundredths of a bit, and the reasons in words.

    `score` and `reasons` say how far the two are one person and not two strangers, `within` and `within_reasons` how
    far they are not two people of one household, such as twins. Events of before this was told have no `within`.
    """

    person_id: UUID
    score: int
    reasons: tuple[str, ...] = ()
    within: int | None = None
    within_reasons: tuple[str, ...] = ()


class Reopened(Details):
    """Who took back how this doubt had been settled (an opaque id), and the reason."""

    actor: str
    reason: str


class DoubtDetails(Details):
    """Why the hub was unsure: in a sentence (`why`) and by pair, by which model (its SHA-256 in hex).

    `if_one_family`: the candidate that this person is if that one's family is found to be theirs, where that is certain
    then; so one answer may be enough for everybody told of together.
    """

    pairs: tuple[DoubtedPair, ...]
    why: str | None = None
    model: str | None = None
    if_one_family: UUID | None = None
    reopened: Reopened | None = None


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
