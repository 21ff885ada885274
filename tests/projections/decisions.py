"""Decisions about who is who, in domain words: doubts, merges, splits, submissions taken out again."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any, Final
from uuid import UUID

from events.basis import LawfulBasis, Purpose
from events.doubt import DoubtDetails, DoubtedPair, DoubtOutcome, DoubtSettled, PersonDoubted
from events.envelope import Draft, Provenance, stream
from events.identity import (
    DecisionDetails,
    FamilyMerged,
    FamilySplit,
    PersonMerged,
    PersonSplit,
    SubmissionTakenOut,
)
from events.log import Append
from tests.builders import SCHOOL, TUESDAY, Family, an_id

REVIEWER: Final = "reviewer-7"
WHY: Final = "The school told us that they are one."


def a_doubt(
    family: Family, *candidates: UUID, of: str = "referral", about: UUID | None = None, at: datetime = TUESDAY
) -> Append:
    """The child of a family that was just opened may be one of these, the likeliest first."""
    person_id = about or family.child_id
    pairs = tuple(a_pair(candidate, 1240 - 100 * place) for place, candidate in enumerate(candidates))
    event = PersonDoubted(
        doubt_id=doubt_id(person_id),
        person_id=person_id,
        family_id=family.id,
        submission_id=an_id(of),
        candidates=candidates,
        details=DoubtDetails(pairs=pairs, why="Only names match", model="ab" * 32),
    )
    return Append((_of_person(person_id, event, at),), _by(SCHOOL, "client-1", an_id(of)))


def a_pair(person_id: UUID, score: int) -> DoubtedPair:
    """How a candidate compares."""
    alike = ("Surnames sound alike",)
    return DoubtedPair(person_id=person_id, score=score, reasons=alike, within=120, within_reasons=alike)


def settled(person_id: UUID, same_as: UUID | None = None, decision: str = "settled", at: datetime = TUESDAY) -> Append:
    """A reviewer decided: `same_as`, or none of the candidates."""
    event = DoubtSettled(
        doubt_id=doubt_id(person_id),
        person_id=person_id,
        outcome=DoubtOutcome.DIFFERENT if same_as is None else DoubtOutcome.SAME,
        same_as=same_as,
        decision_id=an_id(decision),
        details=DecisionDetails(reason=WHY),
    )
    return decided(_of_person(person_id, event, at))


def people_merged(
    into: UUID, *atoms: UUID, decision: str = "merge", undoes: str | None = None, at: datetime = TUESDAY
) -> Append:
    """These people are the one who is called `into`."""
    return decided(
        *(
            _of_person(
                atom,
                PersonMerged(person_id=atom, belongs_to=into, **_decision(decision, undoes)),
                at,
            )
            for atom in atoms
        )
    )


def people_split(
    into: UUID, *atoms: UUID, decision: str = "split", undoes: str | None = None, at: datetime = TUESDAY
) -> Append:
    """These people are one of their own, called `into`."""
    return decided(
        *(
            _of_person(atom, PersonSplit(person_id=atom, belongs_to=into, **_decision(decision, undoes)), at)
            for atom in atoms
        )
    )


def families_merged(
    into: Family, *atoms: Family, decision: str = "merge", undoes: str | None = None, at: datetime = TUESDAY
) -> Append:
    """These families are the one that is called `into`."""
    return decided(
        *(
            atom.draft(FamilyMerged(family_id=atom.id, belongs_to=into.id, **_decision(decision, undoes)), at)
            for atom in atoms
        )
    )


def families_split(
    into: Family, *atoms: Family, decision: str = "split", undoes: str | None = None, at: datetime = TUESDAY
) -> Append:
    """These families are one of their own, called `into`."""
    return decided(
        *(
            atom.draft(FamilySplit(family_id=atom.id, belongs_to=into.id, **_decision(decision, undoes)), at)
            for atom in atoms
        )
    )


def taken_out(
    family: Family,
    of: str,
    into: Family,
    *,
    people: Sequence[UUID] | None = None,
    decision: str = "taken out",
    at: datetime = TUESDAY,
) -> Append:
    """What this submission told was not about this family."""
    event = SubmissionTakenOut(
        submission_id=an_id(of),
        family_id=family.id,
        matter_id=family.matter_id,
        people=(family.child_id, family.adult_id) if people is None else tuple(people),
        into_family=into.id,
        decision_id=an_id(decision),
        details=DecisionDetails(reason=WHY),
    )
    return decided(family.draft(event, at))


def together(*appends: Append) -> Append:
    """One decision of several parts, in one append."""
    return Append(tuple(draft for append in appends for draft in append.drafts), appends[0].provenance)


def decided(*drafts: Draft) -> Append:
    """By the reviewer."""
    return Append(drafts, _by("HUB", REVIEWER, an_id("a decision")))


def doubt_id(person_id: UUID) -> UUID:
    """The id of the one doubt about somebody."""
    return an_id(f"doubt {person_id}")


def _of_person(
    person_id: UUID, event: PersonDoubted | DoubtSettled | PersonMerged | PersonSplit, at: datetime
) -> Draft:
    return Draft(stream("person", person_id), event, at, person_id)


def _decision(name: str, undoes: str | None) -> dict[str, Any]:
    return {
        "decision_id": an_id(name),
        "undoes": an_id(undoes) if undoes else None,
        "details": DecisionDetails(reason=WHY),
    }


def _by(agency: str, actor: str, correlation_id: UUID) -> Provenance:
    return Provenance(agency, actor, (LawfulBasis.ART6_1_E,), Purpose.EARLY_HELP, correlation_id)
