"""Decides the household of a submission: who is known, who is new, and which family and matter they belong to."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from uuid import UUID, uuid4

from events.codec import canonical
from events.description import Adult, Person
from events.envelope import Draft, stream
from events.family import FamilyOpened, LinkDetails, MatterOpened, PersonLinked
from events.person import PersonDetails, PersonKind, PersonRecorded
from hub.arrival import Arrival
from hub.index import Index
from hub.matching.exact import Conflict, Match, MatchKey, match, match_keys, prepared, settled_postcode
from hub.matching.known import Known, KnownFamily, KnownPerson
from hub.submission import Submission


@dataclass(slots=True)
class Household:
    """The family and matter a submission belongs to, everybody in it (the child first), and what had to be written.

    `keys` are match keys new to a person, `touched` the people who are new or described anew.
    """

    family_id: UUID
    matter_id: UUID
    people: list[UUID] = field(default_factory=list)
    postcode: str | None = None
    queue: str | None = None
    drafts: list[Draft] = field(default_factory=list)
    keys: list[tuple[bytes, UUID]] = field(default_factory=list)
    touched: list[KnownPerson] = field(default_factory=list)


def everybody(submission: Submission) -> Iterator[Person]:
    """The child, the siblings, the adults."""
    yield submission.subject
    yield from submission.siblings
    yield from submission.adults


def household_postcode(submission: Submission) -> str | None:
    """The child's postcode, else the first of the others that stands for a place."""
    return next((found for person in everybody(submission) if (found := settled_postcode(person))), None)


Keyed = list[tuple[Person, list[MatchKey]]]


def keyed_people(submission: Submission, index: Index) -> Keyed:
    """Everybody prepared for matching, with their keys."""
    home = household_postcode(submission)
    people = [prepared(person) for person in everybody(submission)]
    return [(person, match_keys(person, home, index)) for person in people]


class HouseholdDecider:
    """Decides one household against what is known. Raises `Conflict` where it points at two families."""

    def __init__(self, arrival: Arrival, submission: Submission, people: Keyed, known: Known, index: Index) -> None:
        self._arrival = arrival
        self._submission = submission
        self._people = people
        self._known = known
        self._index = index

    def decide(self) -> Household:
        """The household, with `known` brought up to date."""
        family, matches = self._settled([keys for _, keys in self._people])
        household = self._opened(family)
        household.postcode = household_postcode(self._submission)
        for (person, keys), found in zip(self._people, matches, strict=True):
            household.people.append(self._person(person, keys, found, household))
        return household

    def _settled(self, people: list[list[MatchKey]]) -> tuple[KnownFamily | None, list[Match]]:
        """The family and everybody's match, all settled before anything is changed."""
        matches = [match(keys, self._known) for keys in people]
        family = self._family(matches)
        if family is not None:
            matches = [
                found if found.person_id else match(keys, self._known, family.family_id)
                for keys, found in zip(people, matches, strict=True)
            ]
        known = [found.person_id for found in matches if found.person_id]
        if len(set(known)) != len(known):
            raise Conflict
        return family, matches

    def _family(self, matches: list[Match]) -> KnownFamily | None:
        """The child's family; where the child is new, the one family that everybody else found belongs to.

        A sibling or adult who is known in another family stays there: a person is moved by a decision of its own.
        """
        ids = [self._known.people[m.person_id].family_id if m.person_id else None for m in matches]
        if ids[0] is None and len(set(ids) - {None}) > 1:
            raise Conflict
        family_id = next((found for found in ids if found), None)
        return self._known.families[family_id] if family_id else None

    def _opened(self, family: KnownFamily | None) -> Household:
        at = self._submission.occurred_at
        if family is None:
            family = KnownFamily(uuid4(), None, None)
            self._known.families[family.family_id] = family
            opened = [Draft(stream("family", family.family_id), FamilyOpened(family_id=family.family_id), at)]
        else:
            opened = []
        if family.matter_id is None:
            family.matter_id = uuid4()
            event = MatterOpened(family_id=family.family_id, matter_id=family.matter_id)
            opened.append(Draft(stream("family", family.family_id), event, at))
        return Household(family.family_id, family.matter_id, queue=family.queue, drafts=opened)

    def _person(self, person: Person, keys: list[MatchKey], found: Match, household: Household) -> UUID:
        """Record a new or changed description, link a new person, keep the match keys."""
        described = self._index.of("described", canonical(person.model_dump(mode="json", exclude_none=True)))
        known = self._known.people.get(found.person_id) if found.person_id else None
        if known is None:
            known = KnownPerson(uuid4(), household.family_id, b"")
            self._known.people[known.person_id] = known
            household.drafts.append(self._linked(known.person_id, found, household))
        if known.described != described:
            known.described = described
            household.drafts.append(self._recorded(known.person_id, person))
            household.touched.append(known)
        for item in keys:
            owners = self._known.by_key.setdefault(item.key, set())
            if known.person_id not in owners:
                owners.add(known.person_id)
                household.keys.append((item.key, known.person_id))
        return known.person_id

    def _linked(self, person_id: UUID, found: Match, household: Household) -> Draft:
        event = PersonLinked(
            family_id=household.family_id,
            person_id=person_id,
            matter_id=household.matter_id,
            submission_id=self._arrival.submission_id,
            details=LinkDetails(method=found.method, reasons=found.reasons),
        )
        family = stream("family", household.family_id)
        return Draft(family, event, self._submission.occurred_at, household.matter_id)

    def _recorded(self, person_id: UUID, person: Person) -> Draft:
        if isinstance(person, Adult):
            details = PersonDetails(kind=PersonKind.ADULT, adult=person)
        else:
            details = PersonDetails(kind=PersonKind.CHILD, child=person)
        event = PersonRecorded(person_id=person_id, submission_id=self._arrival.submission_id, details=details)
        return Draft(stream("person", person_id), event, self._submission.occurred_at, person_id)
