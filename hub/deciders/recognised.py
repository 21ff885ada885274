"""What was found out about one described person: known, new, or somebody must look; and how that is told."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final, NamedTuple

from events.doubt import DoubtedPair
from events.family import LinkDetails
from hub.matching.choose import Candidate, Outcome
from hub.matching.known import KnownPerson
from hub.matching.model import Model
from hub.matching.reasons import reasons, reasons_within

LIKENESS: Final = "PROBABILISTIC"
SAME_WORDS: Final = "SAME_WORDS"
NAME_IN_FAMILY: Final = "NAME_IN_FAMILY"
NEW: Final = "NEW"
DOUBTFUL: Final = "DOUBTFUL"

_NOBODY: Final = "Nobody who is known is like this person"
_SOMEBODY: Final = "Somebody who is known may be this person"
_SAME_WORDS: Final = "The same agency used the same words about this person before"
_SAME_NAME: Final = "Nobody else of this name is known in the family"
TOO_COMMON: Final = {
    "nhs": "NHS number",
    "upn": "UPN",
    "ni": "NI number",
    "birth-name": "date of birth and a name",
    "birth-street": "date of birth and street",
    "name": "whole name",
    "written": "whole name as it is written",
    "name-street": "name and street",
    "postcode-name": "postcode and a name",
    "house": "house",
    "street": "house number and street",
    "contact": "telephone number or email",
    "parent": "given name and an adult's name",
    "couple": "names of two adults",
    "child": "name and a child's name",
}


class Hit(NamedTuple):
    """A known person who was compared, by the description that is most alike."""

    person: KnownPerson
    candidate: Candidate

    def pair(self) -> DoubtedPair:
        """How they compare, for the person who looks."""
        score = self.candidate.score
        return DoubtedPair(
            person_id=self.person.person_id,
            score=score.total,
            reasons=reasons(score),
            within=score.within,
            within_reasons=reasons_within(score),
        )


@dataclass(frozen=True, slots=True)
class Recognised:
    """The outcome for one person, and why.

    hits: LINKED has one; DOUBTFUL those whom a person is asked about, the likeliest first; NEW has none
    method: how it is known; one of the words above
    common: kinds of keys that too many people share for them to be of use
    why: if DOUBTFUL, why a person must look, in a sentence
    there: if DOUBTFUL, which of the hits it is where that one's family is found to be theirs, if that is certain then
    """

    outcome: Outcome
    method: str
    hits: tuple[Hit, ...] = ()
    common: tuple[str, ...] = ()
    why: str = ""
    there: KnownPerson | None = None

    @property
    def person(self) -> KnownPerson | None:
        """Who it is, if that is certain."""
        return self.hits[0].person if self.outcome is Outcome.LINKED else None

    def doubted(self, why: str) -> Recognised:
        """The same people, but somebody must look."""
        return Recognised(Outcome.DOUBTFUL, DOUBTFUL, self.hits, self.common, why)

    def link(self, model: Model) -> LinkDetails:
        """How the person came to be where they are."""
        if self.outcome is not Outcome.LINKED:
            told = _NOBODY if self.outcome is Outcome.NEW else _SOMEBODY
            unused = (f"Too many people share this {TOO_COMMON[kind]} to look by it" for kind in self.common)
            return LinkDetails(method=self.method, reasons=(told, *unused), model=model.sha256)
        score = self.hits[0].candidate.score
        rule = {SAME_WORDS: (_SAME_WORDS,), NAME_IN_FAMILY: (_SAME_NAME,)}.get(self.method, ())
        return LinkDetails(method=self.method, score=score.total, reasons=(*rule, *reasons(score)), model=model.sha256)


def linked(hit: Hit, method: str = LIKENESS) -> Recognised:
    """It is this one."""
    return Recognised(Outcome.LINKED, method, (hit,))


def doubtful(hits: Sequence[Hit], why: str, common: Sequence[str] = ()) -> Recognised:
    """It may be one of these."""
    return Recognised(Outcome.DOUBTFUL, DOUBTFUL, tuple(hits), tuple(common), why)


def unknown(common: Sequence[str] = ()) -> Recognised:
    """It is nobody who is known."""
    return Recognised(Outcome.NEW, NEW, (), tuple(common))
