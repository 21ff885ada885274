"""People of a family in words. What may be shown of a protected household is decided in `projections.household`."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from events.description import Address, Adult, Answer, Name
from hub.web import dates, words
from hub.web.told import PROTECTED, Line
from projections.household import Member


@dataclass(frozen=True, slots=True)
class Person:
    """One person: what to call them, who they are in the family, and what is known.

    `id`: who they are, None of whom everything was erased; `several`: several records were found to be about them.
    """

    name: str
    role: str
    lines: tuple[Line, ...]
    id: UUID | None = None
    several: bool = False


def people(
    members: Iterable[Member],
    today: date,
    schools: Mapping[str, str],
    *,
    numbers: bool = True,
    kin: Mapping[UUID, tuple[Line, ...]] | None = None,
) -> tuple[Person, ...]:
    """In the order given. `schools` maps a setting's public number to its title; `numbers`: with identifiers.

    `kin`: for each person what is said of relationships and parental responsibility, instead of the newest word alone.
    """
    told = kin or {}
    return tuple(_person(member, today, schools, told.get(member.person_id), numbers=numbers) for member in members)


def is_protected(members: Iterable[Member]) -> bool:
    """Whether places are to be left out everywhere on this family's pages."""
    return any(member.hidden for member in members)


def _person(
    member: Member, today: date, schools: Mapping[str, str], kin: tuple[Line, ...] | None, *, numbers: bool
) -> Person:
    if member.erased_since is not None:
        line = Line("Erased", f"Everything about this person was erased on {dates.day(member.erased_since)}")
        return Person("Erased", "Person", (line,))
    person = member.person
    said = person.relationship or ""
    role = words.RELATIONSHIP.get(said, said[:1].upper() + said[1:]) or words.say(words.PERSON, member.kind, "Person")
    found = [
        Line("Expected" if person.unborn else "Born", birth(person, today)),
        Line("Former names", "; ".join(filter(None, map(_full, member.former_names)))),
        *_homes(member),
        Line("Contacts", PROTECTED if member.hidden else ", ".join(contact.value for contact in person.contacts)),
        *((Line("Parental responsibility", _responsibility(person)),) if kin is None else kin),
        Line("School or setting", schools.get(person.school or "", person.school or "")),
        Line("Year group", person.year_group or ""),
        Line("Language", words.LANGUAGE.get(person.language or "", person.language or "")),
        Line("Ethnic group", _ethnicity(person)),
        *(_identifiers(person) if numbers else ()),
        Line("Last described by", member.recorded_by_title or ""),
        Line("Records", f"{len(member.atoms)} found to be one" if len(member.atoms) > 1 else ""),
    ]
    lines = tuple(line for line in found if line.text)
    return Person(member.display_name, role, lines, member.person_id, len(member.atoms) > 1)


def _homes(member: Member) -> Iterator[Line]:
    """The present homes, then the former ones; with who says so wherever there is more than one."""
    if member.hidden or len(member.homes) <= 1:
        yield Line("Address", PROTECTED if member.hidden else address(member.person.address))
        return
    for home in member.homes:
        said = f"Told by {', '.join(home.told_by)}, {dates.day(home.since)}"
        if home.until is None:
            yield Line("Address", f"{address(home.address)}\n{said}")
        else:
            yield Line("Former address", f"{address(home.address)}\n{said} to {dates.day(home.until)}")


def birth(person: Adult, today: date) -> str:
    """When they were born or are expected, to the precision known, with their age."""
    if person.birth is None:
        return ""
    said = dates.birth(person.birth.date)
    if person.unborn or person.birth.expected:
        return said
    estimated = ", estimated" if person.birth.estimated else ""
    return f"{said} ({dates.age(person.birth.date, today)}{estimated})"


def _ethnicity(person: Adult) -> str:
    told = person.ethnicity
    return words.ethnicity(told.scheme, told.code, told.text) if told else ""


def _identifiers(person: Adult) -> Iterator[Line]:
    for item in person.identifiers:
        yield Line(words.say(words.SCHEME, item.scheme), item.value + (" (not valid)" if item.valid is False else ""))


def _responsibility(person: Adult) -> str:
    answer = person.parental_responsibility
    return "" if answer in (Answer.NOT_KNOWN, Answer.NOT_ASKED) else words.say(words.ANSWER, answer)


def address(told: Address | None) -> str:
    """On one line."""
    if told is None:
        return "Not known"
    # Senders end some lines with the comma that stands between them here.
    parts = (part.rstrip(" ,") for part in (*told.lines, told.town, told.postcode) if part)
    return ", ".join(part for part in parts if part) or "Not known"


def _full(name: Name) -> str:
    return " ".join(part for part in (name.given, name.family) if part)
