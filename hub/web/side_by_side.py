"""People side by side: the same rows in the same order, and in words where two of them differ."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date
from typing import Final
from uuid import UUID

from events.description import Adult, Name
from hub.web import dates, household_view, words
from hub.web.described import Compared, Described
from hub.web.told import PROTECTED
from projections.household import Member

DIFFERS: Final = "Differs"
IN_PART: Final = "Differs in part"
_NOT_KNOWN: Final = ("Not known",)
_NOT_COMPARED: Final = ("Told by",)


@dataclass(frozen=True, slots=True)
class Row:
    """A label and what is said under it, one text a line. `mark` says that it is not what is said of the new person."""

    label: str
    texts: tuple[str, ...]
    mark: str = ""


@dataclass(frozen=True, slots=True)
class Side:
    """One person, or one family."""

    title: str
    name: str
    families: tuple[UUID, ...]
    rows: tuple[Row, ...]


def sides(compared: Compared, today: date, first: str = "New", others: str = "Known already") -> list[Side]:
    """The new person first; every side has the same labels in the same order."""
    new = _rows(compared.new, compared, today)
    found = [_side(compared.new, first, new)]
    for number, candidate in enumerate(compared.candidates, start=1):
        title = others if len(compared.candidates) == 1 else f"{others}, {number}"
        rows = marked(_rows(candidate, compared, today), new)
        alike = {"Born"} if _may_be_one_day(candidate.birth, compared.new.birth) else set[str]()
        if set(candidate.families) & set(compared.new.families):
            alike.add("Others in the family")
        rows = [replace(row, mark="") if row.label in alike else row for row in rows]
        found.append(_side(candidate, title, rows))
    return found


def marked(rows: Iterable[Row], of_first: Iterable[Row]) -> list[Row]:
    """The rows, with a mark where they do not say the same as the first side's."""
    return [_marked(row, of_new) for row, of_new in zip(rows, of_first, strict=True)]


def labelled(told: Mapping[str, Iterable[str]]) -> list[Row]:
    """Rows of these labels; what nothing is said of is not known."""
    return [Row(label, tuple(filter(None, texts)) or _NOT_KNOWN) for label, texts in told.items()]


def _plain(text: str) -> str:
    """What is written in two ways is not two things: case, spaces, stops and commas do not count."""
    return "".join(letter for letter in text.casefold() if letter.isalnum())


def _of_one_scheme(row: Row, other: Row) -> set[str]:
    """The identifiers of this row whose scheme is on the other too: an NHS number does not differ from a pupil's."""
    schemes = [scheme for scheme in words.SCHEME.values() if any(text.startswith(scheme) for text in other.texts)]
    return {_plain(text) for text in row.texts if text.startswith(tuple(schemes))}


def _may_be_one_day(one: str | None, other: str | None) -> bool:
    """Whether one date of birth only says less than the other: `2016-04` and `2016-04-09`."""
    return bool(one and other) and (str(one).startswith(str(other)) or str(other).startswith(str(one)))


def _side(person: Described, title: str, rows: Iterable[Row]) -> Side:
    return Side(title, person.name, person.families, tuple(rows))


def _marked(row: Row, of_new: Row) -> Row:
    """Only what both say can differ."""
    if row.label in _NOT_COMPARED or _NOT_KNOWN in (row.texts, of_new.texts):
        return row
    said, of_new_said = set(map(_plain, row.texts)), set(map(_plain, of_new.texts))
    if row.label == "Identifiers":
        said, of_new_said = _of_one_scheme(row, of_new), _of_one_scheme(of_new, row)
    if said == of_new_said:
        return row
    return replace(row, mark=IN_PART if said & of_new_said else DIFFERS)


def _rows(person: Described, compared: Compared, today: date) -> list[Row]:
    member = person.member
    if person.erased_since is not None or member is None:
        gone = f"Erased on {dates.day(person.erased_since)}" if person.erased_since else "Not known"
        told: dict[str, list[str]] = {label: [gone] for label in _LABELS}
    else:
        told = _of_member(member, compared.schools, today)
    if compared.hidden:
        told |= {"Address": [PROTECTED], "Contacts": [PROTECTED]}
    told["Others in the family"] = list(person.others)
    told["Told by"] = [words.agency(code, title) for code, title in person.agencies]
    return labelled(told)


_LABELS: Final = ("Name", "Former names", "Born", "Sex", "Address", "Contacts", "School or setting", "Identifiers")


def _of_member(member: Member, schools: Mapping[str, str], today: date) -> dict[str, list[str]]:
    person = member.person
    told = (
        [_full(person.name) or member.display_name, _preferred(person.name)],
        [_full(name) for name in (*member.former_names, *_former(person.name))],
        [household_view.birth(person, today)],
        [words.say(words.SEX, person.sex)],
        [PROTECTED] if member.hidden else _homes(member),
        [PROTECTED] if member.hidden else [contact.value for contact in person.contacts],
        [schools.get(person.school or "", person.school or "")],
        list(_identifiers(person)),
    )
    return dict(zip(_LABELS, told, strict=True))


def _homes(member: Member) -> list[str]:
    """Where they live as far as anybody says."""
    return [household_view.address(home.address) for home in member.homes if home.until is None]


def _full(name: Name) -> str:
    return " ".join(part for part in (name.given, name.middle, name.family) if part)


def _preferred(name: Name) -> str:
    parts = [part for part in (name.preferred_given, name.preferred_family) if part]
    return f"Called {' '.join(parts)}" if parts else ""


def _former(name: Name) -> Iterable[Name]:
    if name.former_given or name.former_family:
        yield Name(given=name.former_given, family=name.former_family)


def _identifiers(person: Adult) -> Iterable[str]:
    validity = {True: "valid", False: "not valid", None: "not checked"}
    for item in person.identifiers:
        yield f"{words.say(words.SCHEME, item.scheme)} {item.value} ({validity[item.valid]})"
