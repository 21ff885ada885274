"""A panel pack as a document of plain text: the one model that both the page and the PDF are printed from.

Whatever is to be read stands here, so page and PDF cannot say different things, and the same pack is the same bytes.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from hub.veil_words import Veil
from hub.web import dates, household_view, told, words
from hub.web.told import Line
from projections.packing import Contact, Family, Pack, Request

MARKING: Final = "OFFICIAL-SENSITIVE"
_SHORT: Final = 16


@dataclass(frozen=True, slots=True)
class Entry:
    """A titled group of lines."""

    title: str
    lines: tuple[Line, ...]


@dataclass(frozen=True, slots=True)
class Part:
    """A part of a family's section; `note` stands where it has no entries, or before them."""

    title: str
    entries: tuple[Entry, ...]
    note: str = ""


@dataclass(frozen=True, slots=True)
class Section:
    """One family."""

    title: str
    lines: tuple[Line, ...]
    parts: tuple[Part, ...]


@dataclass(frozen=True, slots=True)
class Document:
    """The whole pack."""

    title: str
    marking: str
    notes: tuple[str, ...]
    sections: tuple[Section, ...]


def document(pack: Pack, schools: Mapping[str, str]) -> Document:
    """The pack in words. National numbers are left out: nobody on a panel needs them to help."""
    number = len(pack.families)
    families = "1 family is" if number == 1 else f"{number} families are"
    if not number:
        notes: tuple[str, ...] = ("There are no families waiting for this panel.",)
    else:
        notes = (
            f"{families} waiting for this panel. Those who have waited longest come first.",
            f"Content reference {_reference(pack.content_hash)}, made from the log up to event {pack.position}.",
            "This pack is for the panel. Do not copy it or show it to anybody who is not on the panel.",
        )
    sections = tuple(_section(family, place, schools) for place, family in enumerate(pack.families, start=1))
    return Document(pack.title, MARKING, notes, sections)


def _section(family: Family, place: int, schools: Mapping[str, str]) -> Section:
    protected = household_view.is_protected(family.members)
    veil = Veil(family.hidden_homes) if protected else None
    child = _child(family)
    facts = [
        Line("Waiting since", dates.day(family.requests[0].received_at)),
        Line("Why this panel", told.PROTECTED if protected else family.reason or "Erased"),
        Line("Referrals taken back", str(family.withdrawn) if family.withdrawn else ""),
        Line("Content reference", _reference(family.content_hash)),
    ]
    people = household_view.people(family.members, dates.london_day(_newest(family)), schools, numbers=False)
    contacts = tuple(_contact(contact, veil) for contact in family.contacts)
    parts = (
        Part("Who is in the family", tuple(Entry(f"{person.name}, {person.role}", person.lines) for person in people)),
        Part("What is asked for", tuple(_request(request, veil) for request in family.requests)),
        Part("What else was told", contacts, "" if contacts else "Nothing else was told."),
        Part("Who told us, and on what basis", tuple(_sources(family))),
    )
    return Section(f"{place}. {child}", tuple(line for line in facts if line.text), parts)


def _child(family: Family) -> str:
    """The child of the newest request stands for the family, as in the queue."""
    names = {member.person_id: member.display_name for member in family.members}
    asked = [names[r.subject_id] for r in reversed(family.requests) if r.subject_id in names]
    return asked[0] if asked else next(iter(names.values()), "Name not known")


def _newest(family: Family) -> datetime:
    """Ages are told as of the newest thing told, so that the same pack stays the same tomorrow."""
    asked = [request.changed_at or request.received_at for request in family.requests]
    return max(asked + [contact.recorded_at for contact in family.contacts])


def _request(request: Request, veil: Veil | None) -> Entry:
    lines = [Line("When", dates.two_clocks(request.occurred_at, request.changed_at or request.received_at))]
    if request.changed_at is not None:
        first = dates.day(request.received_at)
        lines.append(Line("Changed", f"This is the newest version; the first came on {first}"))
    title = f"Referral by {words.agency(request.agency, request.agency_title)}"
    return Entry(title, (*lines, *_told(request, veil), *_basis(request)))


def _contact(contact: Contact, veil: Veil | None) -> Entry:
    when = Line("When", dates.two_clocks(contact.occurred_at, contact.recorded_at))
    title = f"{dates.day(contact.occurred_at)}: {words.agency(contact.agency, contact.agency_title)}"
    return Entry(title, (when, *_told(contact, veil), *_basis(contact)))


def _told(item: Request | Contact, veil: Veil | None) -> tuple[Line, ...]:
    if item.erased_since is not None:
        return (told.erased(item.erased_since),)
    if item.details is None:
        return ()
    return told.lines(item.details.model_dump(mode="json", exclude_defaults=True), veil)


def _basis(item: Request | Contact) -> tuple[Line, ...]:
    return (
        Line("Lawful basis", words.bases(item.basis)),
        Line("Purpose", words.say(words.PURPOSE, item.purpose)),
    )


def _sources(family: Family) -> Iterable[Entry]:
    told_items: tuple[Request | Contact, ...] = (*family.requests, *family.contacts)
    for source in family.sources:
        codes = sorted({code for item in told_items if item.agency == source.agency for code in item.basis})
        first, last = dates.day(source.first), dates.day(source.last)
        times = "Once" if source.tellings == 1 else f"{source.tellings} times"
        when = f"{times}, on {first}" if first == last else f"{times}, from {first} to {last}"
        lines = [Line("Told us", when), Line("Lawful basis", words.bases(tuple(codes)))]
        yield Entry(words.agency(source.agency, source.agency_title), tuple(lines))


def _reference(content_hash: str) -> str:
    return content_hash[:_SHORT]
