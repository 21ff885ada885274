"""DfE Common Transfer File (XML): each pupil is information about a state, never a referral by itself.

Element names: standards.md §6. Elements are read by name, in any order; unknown ones are ignored. A pupil in one of
the known variants (a `CTF` root, names inside `BasicDetails`, `Postcode`, no name) is for a person to look at.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import datetime
from itertools import islice
from typing import BinaryIO, Final

from pydantic import ValidationError

from events.basis import LawfulBasis, Purpose
from hub.connectors import ctf_facts, ctf_people, parties, when
from hub.connectors.cells import CellRefused
from hub.connectors.contract import Connector, Read
from hub.connectors.xml_stream import Branch, elements, refused, root_of
from hub.submission import ForReview, InformationKind, InformationReceipt, Item, Refusal, Source

# Maintained schools must send pupils' common transfer files (Education (Pupil Information) Regulations 2005).
AGREED_BASIS: Final = (LawfulBasis.ART6_1_C, LawfulBasis.ART9_2_G)

_OTHERS: Final = {
    "Message": "This is a DfE Message file, such as the CIN census, SEN2 or the school census: not a CTF",
    "ATfile": "This is an admissions file (ATfile): not a CTF",
}
_MOST_FOUND: Final = 200
_MOST_FACTS: Final = 200  # more is in the raw copy


def check(stream: BinaryIO) -> None:
    """Reads the whole file for its form. Raises `FileRefused`."""
    for _ in _pupils(stream):
        pass


def read(stream: BinaryIO) -> Iterator[Item]:
    """One item for each pupil, numbered from 1. Raises `FileRefused`."""
    for number, (header, pupil) in enumerate(_pupils(stream), start=1):
        yield Item(number, _translate(header, pupil))


@dataclass(frozen=True, slots=True)
class _Header:
    """Who sent the file, from which school, when it was written, and whether its root is the known one."""

    source: Source
    school: str | None
    at: datetime
    known_root: bool


def _pupils(stream: BinaryIO) -> Iterator[tuple[_Header, Branch]]:
    root, head = root_of(stream)
    if root not in {"CTfile", "CTF"}:
        raise refused("wrong-root", _OTHERS.get(root, "The root element is not CTfile"), "/")
    header: _Header | None = None
    pupils = 0
    for name, part in elements(stream, head, {"Header": 1, "Pupil": 2}):
        if name == "Header":
            header = _header(part, known_root=root == "CTfile")
        elif header is None:
            raise refused("no-header", "There is no Header before the first Pupil", f"/{root}/Header")
        else:
            pupils += 1
            yield header, part
    if not pupils:
        raise refused("no-pupils", "The file has no Pupil", f"/{root}/CTFpupilData")


def _header(header: Branch, *, known_root: bool) -> _Header:
    name, urn, lea, estab = (header.get(f"SourceSchool/{part}") for part in ("SchoolName", "URN", "LEA", "Estab"))
    number = f"{lea}/{estab}" if lea and estab else None
    parts = (name, f"URN {urn}" if urn else None, f"DfE {number}" if number else None)
    try:
        return _Header(
            source=Source(system=header.get("SupplierID"), organisation=", ".join(filter(None, parts)) or None),
            school=urn or number or name,
            at=when.written(header.get("DateTime") or ""),
            known_root=known_root,
        )
    except ValueError:  # a ValidationError too
        raise refused("bad-header", "DateTime must be a date and time, names one line each", "/CTfile/Header") from None


def _translate(header: _Header, pupil: Branch) -> Read:
    """What became of one pupil."""
    try:
        if not header.known_root or ctf_people.is_variant(pupil):
            return ForReview("unknown-shape", _found(pupil), header.at)
        subject = ctf_people.subject(pupil, header.school)
        if to_review := parties.review(subject, (), header.at, {}, "Pupil/DOB"):
            return replace(to_review, found=_found(pupil))
        sender = header.source.organisation
        return InformationReceipt(
            source=header.source,
            lawful_basis=AGREED_BASIS,
            purpose=Purpose.SCHOOL_ROLL,
            occurred_at=header.at,
            subject=subject,
            adults=ctf_people.contacts(pupil, subject.address),
            facts=tuple(islice(ctf_facts.facts(pupil), _MOST_FACTS)),
            information=InformationKind.STATE,
            summary=f"School record from {sender}" if sender else "School record",
        )
    except CellRefused as fault:
        return fault.refusal
    except ValidationError as fault:
        place = "/".join(str(step) for step in fault.errors()[0]["loc"])
        return Refusal("bad-value", "A value is too long, or has control characters", f"Pupil: {place}")


def _found(pupil: Branch) -> dict[str, str]:
    return dict(islice(pupil.leaves(), _MOST_FOUND))


CONNECTOR: Final = Connector("ctf", "DfE Common Transfer File (XML)", "application/xml", (".ctf.xml",), check, read)
