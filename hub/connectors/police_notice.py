"""What Public Protection Notices and Operation Encompass notices have in common: one incident, several children.

Each child of a notice is a submission of its own with the same incident; the others are told as siblings. Where the
notice carries a MARAC marker or a safe-address marker, every person in it is restricted.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from typing import BinaryIO, Final

from events.description import Address, Adult, Answer, Birth, CodedValue, ContactPoint, Name, Person, Sex
from hub.connectors import facts, parties
from hub.connectors.cells import Row
from hub.connectors.contract import Connector, Read
from hub.connectors.police_forces import AddressMap, NoticeMap, PersonMap
from hub.connectors.table import Once, attempt, rows
from hub.submission import Fact, ForReview, Item, Refusal, Source

_WORDS: Final = {Answer.YES: "yes", Answer.NO: "no", Answer.NOT_KNOWN: "not known", Answer.NOT_ASKED: "not asked"}


@dataclass(frozen=True, slots=True)
class Notice:
    """One child's part of a notice, as far as both kinds read it.

    `source.message_id` is the force's reference and the child's place in the form;
    `source.case_reference` is the incident, which ties them together.
    """

    row: Row
    columns: NoticeMap
    at: datetime
    source: Source
    subject: Person
    siblings: tuple[Person, ...]
    adults: tuple[Adult, ...]
    told: tuple[Fact, ...]


def notice_connector(name: str, title: str, force: str, columns: NoticeMap, say: Callable[[Notice], Read]) -> Connector:
    """A connector for one force's CSV. Items are numbered by child, in the order of the file."""

    def check(stream: BinaryIO) -> None:
        for _ in rows(stream, columns.columns(), columns.required()):
            pass

    def read(stream: BinaryIO) -> Iterator[Item]:
        once = Once(columns.reference)
        number = 0
        for row in rows(stream, columns.columns(), columns.required()):
            for part in _parts(row, once.refused(row), columns, force, say):
                number += 1
                yield Item(number, part)

    return Connector(name, title, "text/csv", (f".{name}.csv",), check, read)


def _parts(
    row: Row, repeated: Refusal | None, columns: NoticeMap, force: str, say: Callable[[Notice], Read]
) -> Iterator[Read]:
    """What became of each child of a notice; a notice that names none is read once, for its adults."""
    if repeated:
        yield repeated
        return
    places = [place for place, child in enumerate(columns.children) if _is_told(row, child)] or [0]
    for place in places:
        others = [other for other in places if other != place]
        yield attempt(partial(_part, columns, force, place, others, say), row)


def _part(
    columns: NoticeMap, force: str, place: int, others: list[int], say: Callable[[Notice], Read], row: Row
) -> Read:
    notice = _notice(row, columns, force, place, others)
    return notice if isinstance(notice, ForReview) else say(notice)


def level(row: Row, columns: NoticeMap, at: datetime) -> tuple[Fact, ...] | ForReview:
    """The force's grade as it wrote it and as normalised; one it has not agreed, or none, is for a person."""
    if not columns.grade:
        return ()
    grade = row.line(columns.grade)
    known = columns.grades.get((grade or "").upper())
    if not grade or not known:
        return ForReview("unmapped-grade", row.found(), at)
    return (
        *facts.of_codes("risk-grade", (CodedValue(scheme="POLICE_GRADE", code=grade[:64], text=grade),)),
        *facts.of_text("risk-level", known),
    )


def _notice(row: Row, columns: NoticeMap, force: str, place: int, others: list[int]) -> Notice | ForReview:
    """The part of a notice that is about the child at that place of the form."""
    at = row.instant(columns.date, columns.time)
    marac = columns.marac is not None and row.marker(columns.marac)
    home = _home(row, columns.address, hidden=marac)
    subject = _child(row, columns.children[place], home)
    adults = tuple(
        _adult(row, adult, columns.roles, hidden=home is not None and home.restricted)
        for adult in columns.adults
        if _is_told(row, adult)
    )
    if to_review := parties.review(subject, adults, at, row.found(), columns.children[place].born):
        return to_review
    reference = row.needed_line(columns.reference)
    return Notice(
        row=row,
        columns=columns,
        at=at,
        source=Source(
            # Always by place: of a notice sent again with one more child, the others keep their ids.
            message_id=f"{reference}/{place + 1}",
            case_reference=row.needed_line(columns.incident),
            organisation=force,
            practitioner=_line(row, columns.officer),
        ),
        subject=subject,
        siblings=tuple(_child(row, columns.children[other], home) for other in others),
        adults=adults,
        told=(*_told(row, columns, columns.children[place]), *facts.of_text("marac", "yes" if marac else None)),
    )


def _home(row: Row, columns: AddressMap, *, hidden: bool) -> Address | None:
    """The home of the children; whether an adult lives there is not told, so no adult is given it."""
    lines = tuple(line for column in columns.lines if (line := row.line(column)))
    safe = hidden or (columns.restricted is not None and row.marker(columns.restricted))
    return parties.home_at(lines, _line(row, columns.town), _line(row, columns.postcode), restricted=safe)


def _child(row: Row, columns: PersonMap, home: Address | None) -> Person:
    return Person(
        name=_name(row, columns),
        birth=_birth(row, columns),
        sex=row.choice(columns.sex, parties.SEXES, Sex.NOT_KNOWN) if columns.sex else Sex.NOT_KNOWN,
        school=_line(row, columns.school),
        address=home,
        restricted=home is not None and home.restricted,
    )


def _adult(row: Row, columns: PersonMap, roles: Mapping[str, str], *, hidden: bool) -> Adult:
    """An adult with the role in the incident; a word for a role that is not in the map is kept as written."""
    role = _line(row, columns.role)
    phone = _line(row, columns.phone)
    return Adult(
        name=_name(row, columns),
        birth=_birth(row, columns),
        contacts=(ContactPoint(kind="phone", value=phone, restricted=hidden),) if phone else (),
        restricted=hidden,
        relationship=_line(row, columns.relationship),
        role=columns.fixed_role or (roles.get(role.upper(), role) if role else None),
    )


def _told(row: Row, columns: NoticeMap, child: PersonMap) -> tuple[Fact, ...]:
    """Answers as yes, no or not known: "not present" is told too, and blank is not "no"."""
    asked = (
        ("present", child.present),
        ("home-educated", child.home_educated),
        ("welfare-check", columns.welfare_check),
    )
    answers = ((name, column, row.answer(column)) for name, column in asked if column)
    return (
        *(Fact(name=name, value=_WORDS[answer]) for name, column, answer in answers if row.line(column)),
        *facts.of_text("where", _line(row, child.where)),
        *facts.of_text("voice", row.text(child.voice) if child.voice else None),
        *facts.of_text("incident-place", _line(row, columns.place)),
    )


def _name(row: Row, columns: PersonMap) -> Name:
    return Name(family=row.line(columns.family), given=row.line(columns.given))


def _birth(row: Row, columns: PersonMap) -> Birth | None:
    born = row.partial(columns.born)
    return Birth(date=born) if born else None


def _is_told(row: Row, columns: PersonMap) -> bool:
    return any(row.cells.get(column) for column in (columns.family, columns.given, columns.born))


def _line(row: Row, column: str | None) -> str | None:
    return row.line(column) if column else None
