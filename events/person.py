"""Facts about who somebody is. Identity lives here and nowhere else, sealed under the person's own key."""

from __future__ import annotations

from enum import StrEnum
from uuid import UUID

from events.description import Adult, Person
from events.envelope import Details, Erased, Event


class PersonKind(StrEnum):
    """Whether the description is of a child or an adult."""

    CHILD = "CHILD"
    ADULT = "ADULT"


class PersonDetails(Details):
    """One agency's description of one person."""

    kind: PersonKind
    child: Person | None = None
    adult: Adult | None = None

    @property
    def person(self) -> Person:
        """The description, whichever kind it is."""
        found = self.adult or self.child
        return found if found is not None else Person()


class PersonRecorded(Event, name="person.recorded", version=1):
    """An agency described a person, for the first time or again."""

    person_id: UUID
    submission_id: UUID
    details: PersonDetails | Erased
