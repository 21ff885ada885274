"""Whose family is it? Settles who everybody in one submission is, and which family it is about.

All of it is settled before anything is written.

The child decides the family, and nobody is moved by a submission. Where the child is new, a brother or sister who is
known places it in theirs, and so does an adult of the same household. People who point at several families, or at one
where nothing but themselves speaks for it, are put together in a new family and doubted there: a person must look.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Final
from uuid import UUID

from events.description import Adult
from hub.deciders.evidence import by_number, is_same_name_and_day, lives_with_the_same, others_are_told_of
from hub.deciders.recognised import Recognised, doubtful, unknown
from hub.deciders.recognising import Recognising
from hub.matching.described import Described
from hub.matching.known import Known, KnownFamily, KnownPerson
from hub.matching.rules import ONLY_NAMES

_FAMILY_IN_QUESTION: Final = "Somebody told of with them may be of this family"
_ONE_NAME: Final = "Two children told of together have this given name"
_NOT_ONE_FAMILY: Final = "Those who were told of together do not point at one family"


class WhoseFamily:
    """Settles one submission's people, the child first."""

    def __init__(self, known: Known, recognising: Recognising, people: Sequence[Described]) -> None:
        self._known = known
        self._recognising = recognising
        self._people = people
        self._taken: set[UUID] = set()

    def settle(self) -> tuple[KnownFamily | None, list[Recognised]]:
        """The family (None: a new one), and who everybody is."""
        found: list[Recognised] = []
        for person in self._people:
            found.append(self._told_apart(person, self._recognising.anywhere(person, self._taken)))
            self._take(found[-1])
        found = [unknown(each.common) if self._is_alone(place, found) else each for place, each in enumerate(found)]
        family = self._child_decides(found) or self._others_decide(found)
        if family is None:
            return None, self._provisional(found)
        return family, [self._inside(person, each, family) for person, each in zip(self._people, found, strict=True)]

    def _provisional(self, found: list[Recognised]) -> list[Recognised]:
        """Where no family is settled, whoever is known is asked about, and who has a name of the family in question."""
        asked = {self._known.family_of(hit.person) for each in found for hit in each.hits[:1]}
        if len(asked) == 1:
            [family] = asked
            found = [
                each if each.hits else self._asked_in(person, family)
                for person, each in zip(self._people, found, strict=True)
            ]
        doubts = [each.doubted(_NOT_ONE_FAMILY) if each.person else each for each in found]
        return [self._following(person, each) for person, each in zip(self._people, doubts, strict=True)]

    def _following(self, person: Described, each: Recognised) -> Recognised:
        """Who it is if the one family of all whom they may be turns out to be theirs."""
        families = {self._known.family_of(hit.person) for hit in each.hits}
        if len(families) != 1:
            return each
        sure = self._in_family(person, families.pop())
        if sure is None:
            return each
        there = next((hit.person for hit in each.hits if hit.person.belongs_to == sure.belongs_to), None)
        return replace(each, there=there)

    def _in_family(self, person: Described, family: UUID) -> KnownPerson | None:
        """Who it is in that family, whoever else was found to be of it."""
        return self._recognising.in_family(person, family, frozenset()).person

    def _told_apart(self, person: Described, found: Recognised) -> Recognised:
        """Doubted where another child told of with this one has the same given name, which does not tell whom it is."""
        given = person.features.given
        if found.person is None or not given or person.features.adult or by_number(found.hits[0]):
            return found
        others = (each.features for each in self._people if each is not person)
        shared = any(each.given[:1] == given[:1] and not each.adult for each in others)
        return found.doubted(_ONE_NAME) if shared else found

    def _is_alone(self, place: int, found: list[Recognised]) -> bool:
        """Somebody has but the name of one who is known, and few of the others are like anybody of that family."""
        if found[place].why != ONLY_NAMES or len(found) == 1:
            return False
        hit = found[place].hits[0]
        family = self._known.family_of(hit.person)
        others = [person for at, person in enumerate(self._people) if at != place]
        alike = sum(self._in_family(person, family) is not None for person in others)
        if 2 * alike < len(others):
            return len(others) > 1 or others_are_told_of(hit)
        return alike < len(others) and hit.candidate.score.total < self._recognising.at.link

    def _asked_in(self, person: Described, family: UUID) -> Recognised:
        again = self._recognising.in_family(person, family, self._taken)
        return again.doubted(_FAMILY_IN_QUESTION) if again.person else again

    def _take(self, found: Recognised) -> None:
        if found.person is not None:
            self._taken.add(found.person.belongs_to)

    def _child_decides(self, found: list[Recognised]) -> KnownFamily | None:
        """The child's family, if it is known; but not by likeness alone while all others are of another family."""
        child = found[0]
        if child.person is None:
            return None
        family = self._known.families[child.person.family_id]
        elsewhere = [place for place, each in enumerate(found) if each.person and not self._is_of(each, family)]
        others = sum(each.person is not None for each in found[1:])
        if by_number(child.hits[0]) or len(elsewhere) < max(others, 1):
            return family
        if not is_same_name_and_day(child.hits[0]) or any(by_number(found[place].hits[0]) for place in elsewhere):
            return None
        # One question is enough to tell whether the two families are one.
        found[elsewhere[0]] = found[elsewhere[0]].doubted(_NOT_ONE_FAMILY)
        return family

    def _is_of(self, found: Recognised, family: KnownFamily) -> bool:
        return found.person is not None and self._known.family_of(found.person) == family.belongs_to

    def _others_decide(self, found: list[Recognised]) -> KnownFamily | None:
        """The one family in which the others place a child who is not known for certain."""
        if found[0].person is not None:
            return None
        placing = [
            each.person
            for described, each in zip(self._people[1:], found[1:], strict=True)
            if each.person and (not isinstance(described.person, Adult) or lives_with_the_same(each.hits[0]))
        ]
        if len({self._known.family_of(person) for person in placing}) != 1:
            return None
        return self._known.families[placing[0].family_id]

    def _inside(self, person: Described, found: Recognised, family: KnownFamily) -> Recognised:
        """Who is not known for certain is looked for once more, among the people of the settled family."""
        if found.person is not None:
            return found
        again = self._told_apart(person, self._recognising.in_family(person, family.belongs_to, self._taken))
        self._take(again)
        if again.person is not None:
            return again
        outside = [hit for hit in found.hits if self._known.family_of(hit.person) != family.belongs_to]
        hits = [*again.hits, *outside]
        return doubtful(hits, again.why or found.why, found.common) if hits else unknown(found.common)
