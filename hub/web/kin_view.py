"""Who is what to whom in a family, and who holds parental responsibility, in words with who says so."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from uuid import UUID

from hub.web import dates, words
from hub.web.told import Line
from projections.household import Member
from projections.relations import Relations, Responsibility


def kin_lines(relations: Relations, members: Iterable[Member]) -> dict[UUID, tuple[Line, ...]]:
    """Lines of each member. Agencies that say different things of parental responsibility stand one under the other."""
    names = {member.person_id: member.display_name for member in members}
    return {person_id: tuple(_lines(relations, person_id, names)) for person_id in names}


def _lines(relations: Relations, person_id: UUID, names: Mapping[UUID, str]) -> Iterable[Line]:
    related = [
        f"{each.word[:1].upper()}{each.word[1:]} of {names[each.other_id]}, told by {', '.join(each.told_by)}"
        for each in relations.relationships
        if each.person_id == person_id and each.other_id in names
    ]
    responsible = [
        _responsible(each, names)
        for each in relations.responsibilities
        if each.person_id == person_id and each.child_id in names
    ]
    yield Line("Relationships", "\n".join(related))
    yield Line("Parental responsibility", "\n".join(responsible))


def _responsible(said: Responsibility, names: Mapping[UUID, str]) -> str:
    answer = words.say(words.ANSWER, said.answer)
    return f"{answer} for {names[said.child_id]}, told by {said.told_by} on {dates.day(said.told_at)}"
