"""Who is this? Compares one described person with those who are known: anywhere, or in the family already settled.

A wrong link shows one family's life to another, so what points at two people is not guessed at.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, replace
from itertools import chain
from typing import Final
from uuid import UUID

from hub.deciders.evidence import holds, is_namesake, is_parent_and_child, why_not_held, worth_asking
from hub.deciders.recognised import NAME_IN_FAMILY, SAME_WORDS, Hit, Recognised, doubtful, linked, unknown
from hub.matching.choose import Choice, Outcome, candidate, choose, why_doubtful
from hub.matching.described import Described
from hub.matching.features import Features
from hub.matching.known import Known, KnownPerson
from hub.matching.model import Model
from hub.matching.rules import only_names_may_match
from hub.matching.score import score
from hub.matching.thresholds import Thresholds, thresholds

# Of 10,000 links, so many may be to another one of the same household, which shows nobody another family's life.
_FALSE_AT_HOME: Final = 100
_NO_BOUND: Final = -1_000_000
_NUMBER_OF_ANOTHER: Final = "A number told of this person is known of somebody else"
_BETTER: Final = 100  # one bit: of two people known to be two, the one who is more alike

Taken = AbstractSet[UUID]


@dataclass(frozen=True, slots=True)
class Matching:
    """By which weights people are compared, and from which score on they are one person."""

    model: Model
    at: Thresholds


@dataclass(frozen=True, slots=True)
class Rules:
    """What an install has chosen: the model, and how many of 10,000 decisions may be wrong either way."""

    model: Model
    false_links: int
    missed_links: int

    def matching(self, size: int) -> Matching:
        """The same for a register of `size` people."""
        at = thresholds(self.false_links, self.missed_links, size)
        home = thresholds(_FALSE_AT_HOME, self.missed_links, size)
        return Matching(self.model, replace(at, link_within=home.link_within))


class Recognising:
    """Compares people with those who are known. `taken` are identities that others of the submission have."""

    def __init__(self, known: Known, matching: Matching) -> None:
        self._known = known
        self._model = matching.model
        self.at = matching.at
        # The others of a household are few, so there only what tells them apart counts.
        self._within = replace(matching.at, link=_NO_BOUND, doubt=_NO_BOUND)

    def anywhere(self, described: Described, taken: Taken) -> Recognised:
        """Among everybody."""
        said_before = self._known.in_these_words(described)
        if said_before is not None and said_before.belongs_to not in taken:
            hits = list(self._compared(described, [said_before]))
            if choose((hit.candidate for hit in hits), self.at).outcome is not Outcome.NEW:
                return linked(hits[0], SAME_WORDS)
        hits = list(self._compared(described, _worth_scoring(described, self._known.candidates(described))))
        found = _recognised(self._chosen(hits, self.at, taken), hits, self._known.too_common(described))
        if found.person is None:
            asked = [hit for hit in found.hits if worth_asking(hit, self.at.link)]
            return doubtful(asked, self._why(asked, found), found.common) if asked else unknown(found.common)
        if others := _with_numbers_of_another(described, found.person, hits):
            return doubtful((*found.hits, *others), _NUMBER_OF_ANOTHER, found.common)
        return found if holds(found.hits[0]) else found.doubted(why_not_held(found.hits[0]))

    def in_family(self, described: Described, family: UUID, taken: Taken) -> Recognised:
        """Among the people of a family that is known to be the right one; `family` speaks for its identity."""
        members = [each for each in self._known.members.get(family, ()) if each.belongs_to not in taken]
        # In one family a parent and a child of the same name are two people, and need not be asked about.
        hits = [hit for hit in self._compared(described, members) if not is_parent_and_child(hit)]
        choice = self._chosen(hits, self._within, taken)
        if choice.outcome is not Outcome.LINKED:
            namesakes = [hit for hit in hits if is_namesake(hit)]
            if len({hit.person.belongs_to for hit in namesakes}) == 1:
                return linked(namesakes[0], NAME_IN_FAMILY)
        return _recognised(choice, hits, ())

    def _why(self, asked: list[Hit], found: Recognised) -> str:
        """Why somebody must look, where not all are asked about whom the choice was between."""
        best = asked[0]
        if best is found.hits[0] and len(asked) == len(found.hits):
            return found.why
        return why_doubtful(best.candidate, self.at) or found.why

    def _compared(self, described: Described, people: Iterable[KnownPerson]) -> Iterator[Hit]:
        told = described.features
        for person in people:
            for known in person.descriptions:
                yield Hit(person, candidate(person.belongs_to, told, known, score(told, known, self._model)))

    def _chosen(self, hits: list[Hit], at: Thresholds, taken: Taken) -> Choice:
        """The choice, once without those whom somebody decided to be another than the likeliest."""
        candidates = [hit.candidate for hit in hits]
        choice = choose(candidates, at, taken)
        if choice.outcome is not Outcome.DOUBTFUL or not self._known.distinct:
            return choice
        best = choice.candidates[0]
        others = [
            each
            for each in candidates
            if (best.block, each.block) not in self._known.distinct or each.score.total > best.score.total - _BETTER
        ]
        again = choose(others, at, taken)
        return again if again.outcome is Outcome.LINKED else choice


def _worth_scoring(described: Described, people: Sequence[KnownPerson]) -> list[KnownPerson]:
    """Without whom `choose` would pass over in any case, for nothing but the name may be the same of anything told."""
    told = described.features
    blocks = {
        person.belongs_to
        for person in people
        if not all(only_names_may_match(told, known) for known in person.descriptions)
    }
    return [person for person in people if person.belongs_to in blocks]


def _with_numbers_of_another(described: Described, person: KnownPerson, hits: Iterable[Hit]) -> list[Hit]:
    """Others who have a number that was told of this one, and that this one is not known to have."""
    strange = set(_numbers(described.features)).difference(*map(_numbers, person.descriptions))
    others = {
        hit.person.belongs_to: hit
        for hit in hits
        if hit.person.belongs_to != person.belongs_to
        and not strange.isdisjoint(chain(*map(_numbers, hit.person.descriptions)))
    }
    return list(others.values())


def _numbers(features: Features) -> tuple[tuple[str, str], ...]:
    return tuple((scheme, value) for scheme in ("nhs", "upn", "ni") for value in getattr(features, scheme))


def _recognised(choice: Choice, hits: list[Hit], common: Iterable[str]) -> Recognised:
    chosen = [next(hit for hit in hits if hit.candidate is each) for each in choice.candidates]
    match choice.outcome:
        case Outcome.LINKED:
            return linked(chosen[0])
        case Outcome.DOUBTFUL:
            return doubtful(chosen, choice.why, tuple(common))
        case _:
            return unknown(tuple(common))
