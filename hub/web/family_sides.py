"""Two families side by side: who is in them, where, and told by which agencies."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from uuid import UUID

from events.database import Connection
from hub.web import dates, household_view
from hub.web.side_by_side import Row, Side, labelled, marked
from hub.web.told import PROTECTED
from hub.web.words import HUB, called_family
from projections.agencies import agencies
from projections.chronicle import tellers
from projections.household import Member, households


@dataclass(frozen=True, slots=True)
class Families:
    """Some families as they may be shown beside each other, by representative.

    `hidden`: somebody in one of them is protected, so no place may be shown of any of them here.
    """

    members: Mapping[UUID, Sequence[Member]]
    agencies: Mapping[UUID, tuple[str, ...]]
    schools: Mapping[str, str]

    @property
    def hidden(self) -> bool:
        """See the class."""
        return self.hidden_in(self.members)

    def hidden_in(self, family_ids: Iterable[UUID]) -> bool:
        """Whether somebody in one of these is protected; one that was not asked for counts as if so."""
        return any(
            household_view.is_protected(self.members[each]) if each in self.members else True for each in family_ids
        )

    def called(self, person_id: UUID) -> str:
        """What to call somebody in one of them."""
        everybody = (each for members in self.members.values() for each in members)
        return next((each.display_name for each in everybody if each.person_id == person_id), "Somebody")

    def name(self, family_id: UUID) -> str:
        """What to call it."""
        return called_family((each.display_name, each.kind) for each in self.members[family_id])

    def people(self, family_id: UUID) -> list[UUID]:
        """The ids that speak for its people."""
        return [each.person_id for each in self.members[family_id]]


async def families(connection: Connection, family_ids: Sequence[UUID]) -> Families:
    """These families; one that nobody knows has nobody in it."""
    told_by = {each: tuple(t.title for t in await tellers(connection, each) if t.code != HUB) for each in family_ids}
    schools = {agency.identifier: agency.title for agency in await agencies(connection)}
    return Families(await households(connection, family_ids), told_by, schools)


def family_sides(found: Families, one: UUID, other: UUID) -> list[Side]:
    """The same labels in the same order on both sides."""
    first, second = _rows(found, one), _rows(found, other)
    return [
        Side("This family", found.name(one), (one,), tuple(first)),
        Side("The other family", found.name(other), (other,), tuple(marked(second, first))),
    ]


def _rows(found: Families, family_id: UUID) -> list[Row]:
    members = found.members[family_id]
    homes = [household_view.address(home.address) for each in members for home in each.homes if home.until is None]
    contacts = [contact.value for each in members for contact in each.person.contacts]
    schools = [found.schools.get(school, school) for each in members if (school := each.person.school)]
    told = {
        "Children": [_words(each) for each in members if each.kind == "CHILD"],
        "Adults": [_words(each) for each in members if each.kind != "CHILD"],
        "Address": [PROTECTED] if found.hidden else homes,
        "Contacts": [PROTECTED] if found.hidden else contacts,
        "School or setting": schools,
        "Told by": found.agencies[family_id],
    }
    return labelled({label: dict.fromkeys(texts) for label, texts in told.items()})


def _words(member: Member) -> str:
    birth = member.person.birth
    return f"{member.display_name}, born {dates.birth(birth.date)}" if birth else member.display_name
