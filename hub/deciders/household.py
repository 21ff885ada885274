"""Decides the household of a submission: which family and matter it belongs to, and what is recorded of everybody."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from uuid import UUID, uuid4

from events.description import Adult, Person
from events.doubt import DoubtDetails, PersonDoubted
from events.envelope import Draft, Event, stream
from events.family import FamilyOpened, MatterOpened, PersonLinked
from events.person import PersonDetails, PersonKind, PersonRecorded
from hub.arrival import Arrival
from hub.deciders.recognised import SAME_WORDS, Recognised
from hub.deciders.recognising import Matching, Recognising
from hub.deciders.whose_family import WhoseFamily
from hub.identifiers import is_pseudo_postcode, postcode
from hub.matching.choose import Outcome
from hub.matching.described import Described, everybody
from hub.matching.known import Known, KnownFamily, KnownPerson
from hub.submission import Submission


@dataclass(slots=True)
class Household:
    """The family and matter a submission belongs to, everybody in it (the child first), and what had to be written.

    `keys` are match keys new to a person, `touched` the people who are new or described anew, `made` the ids that were
    made for it: its matter's, where that was opened now, and those of new people.
    """

    family: KnownFamily
    matter_id: UUID
    people: list[UUID] = field(default_factory=list)
    drafts: list[Draft] = field(default_factory=list)
    keys: list[tuple[int, UUID]] = field(default_factory=list)
    touched: list[KnownPerson] = field(default_factory=list)
    made: set[UUID] = field(default_factory=set)

    @property
    def family_id(self) -> UUID:
        """The family's id."""
        return self.family.family_id


def household_postcode(submission: Submission) -> str | None:
    """The child's postcode, else the first of the others that stands for a place."""
    return home_postcode(everybody(submission))


def home_postcode(people: Iterable[Person]) -> str | None:
    """The first postcode among them that stands for a place."""
    return next((found for person in people if (found := _settled(person))), None)


class HouseholdDecider:
    """Decides one household against what is known, and brings `known` up to date."""

    def __init__(
        self, arrival: Arrival, submission: Submission, people: Sequence[Described], known: Known, matching: Matching
    ) -> None:
        self._arrival = arrival
        self._submission = submission
        self._people = people
        self._known = known
        self._matching = matching

    def decide(self) -> Household:
        """The household. Who everybody is is settled before anything is changed."""
        recognising = Recognising(self._known, self._matching)
        family, found = WhoseFamily(self._known, recognising, self._people).settle()
        household = self._opened(family)
        for described, each in zip(self._people, found, strict=True):
            household.people.append(self._person(described, each, household))
        return household

    def _opened(self, family: KnownFamily | None) -> Household:
        opened: list[Event] = []
        made: set[UUID] = set()
        if family is None:
            family_id = uuid4()
            family = KnownFamily(family_id, family_id)
            self._known.families[family_id] = family
            self._known.members[family_id] = []
            opened.append(FamilyOpened(family_id=family_id))
        if family.matter_id is None:
            family.matter_id = uuid4()
            made.add(family.matter_id)
            opened.append(MatterOpened(family_id=family.family_id, matter_id=family.matter_id))
        name = stream("family", family.family_id)
        drafts = [Draft(name, event, self._submission.occurred_at) for event in opened]
        return Household(family, family.matter_id, drafts=drafts, made=made)

    def _person(self, described: Described, found: Recognised, household: Household) -> UUID:
        """Record a new or changed description, say how the person was found, keep what the next is compared with."""
        person = found.person or self._new(household)
        anew = person.described != described.described
        if found.person is None or (anew and found.method != SAME_WORDS):
            household.drafts.append(self._linked(person, found, household))
        if anew:
            household.drafts.append(self._recorded(person.person_id, described.person))
        if found.outcome is Outcome.DOUBTFUL:
            household.drafts.append(self._doubted(person, found))
        if person.learn(described.features) or anew:
            person.described = described.described
            household.touched.append(person)
        household.keys += [(key, person.person_id) for key in self._known.finds(person, described)]
        return person.person_id

    def _new(self, household: Household) -> KnownPerson:
        known, person_id = self._known, uuid4()
        household.made.add(person_id)
        known.size += 1
        person = KnownPerson(person_id, household.family_id, person_id, known.size)
        known.people[person_id] = person
        known.members.setdefault(household.family.belongs_to, []).append(person)
        return person

    def _linked(self, person: KnownPerson, found: Recognised, household: Household) -> Draft:
        """Under the person's own family, which need not be the one that the submission is about."""
        family = self._known.families[person.family_id]
        matter_id = family.matter_id or household.matter_id
        event = PersonLinked(
            family_id=family.family_id,
            person_id=person.person_id,
            matter_id=matter_id,
            submission_id=self._arrival.submission_id,
            details=found.link(self._matching.model),
        )
        return Draft(stream("family", family.family_id), event, self._submission.occurred_at, matter_id)

    def _recorded(self, person_id: UUID, person: Person) -> Draft:
        if isinstance(person, Adult):
            details = PersonDetails(kind=PersonKind.ADULT, adult=person)
        else:
            details = PersonDetails(kind=PersonKind.CHILD, child=person)
        event = PersonRecorded(person_id=person_id, submission_id=self._arrival.submission_id, details=details)
        return Draft(stream("person", person_id), event, self._submission.occurred_at, person_id)

    def _doubted(self, person: KnownPerson, found: Recognised) -> Draft:
        model = self._matching.model
        event = PersonDoubted(
            doubt_id=uuid4(),
            person_id=person.person_id,
            family_id=person.family_id,
            submission_id=self._arrival.submission_id,
            candidates=tuple(hit.person.person_id for hit in found.hits),
            details=DoubtDetails(
                pairs=tuple(hit.pair() for hit in found.hits),
                why=found.why,
                model=model.sha256,
                if_one_family=found.there.person_id if found.there else None,
            ),
        )
        return Draft(stream("person", person.person_id), event, self._submission.occurred_at, person.person_id)


def _settled(person: Person) -> str | None:
    """A postcode that stands for a place: valid in shape and not a pseudo code."""
    if person.address is None or not person.address.postcode:
        return None
    check = postcode(person.address.postcode)
    return check.value if check.valid and not is_pseudo_postcode(check.value) else None
