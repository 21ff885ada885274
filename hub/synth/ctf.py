"""A school's common transfer file (CTF XML), written pupil by pupil: a roll of any size at flat memory.

Element paths as in standards.md §6; values are invented.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date, datetime
from itertools import islice
from random import Random

from lxml import etree

from hub.synth.agencies import School, school_of
from hub.synth.ctf_pupil import authority, pupil
from hub.synth.people import Child, Family, academic_year, at_school, families
from hub.synth.places import AREAS
from hub.synth.xml import Output, Part, element


def file_name(school: School, number: int) -> str:
    """`LLLEEEE_CTF_LLLLLLL_nnn`, from the school to its authority, with the ending that tells it from other XML."""
    lea = authority(school)
    return f"{lea}{school.establishment}_CTF_{lea}LLLL_{number:03d}.ctf.xml"


def roll(count: int, seed: int, on: date) -> Iterator[tuple[Family, Child]]:
    """That many pupils of one district, for a roll of any size."""
    on_roll = ((family, child) for family in families(count * 9, seed, on, AREAS[0]) for child in at_school(family, on))
    return islice(on_roll, count)


def roll_name() -> str:
    """File name of that roll."""
    return file_name(school_of(AREAS[0], primary=True), 999)


def write_roll(out: Output, count: int, seed: int, start: date) -> None:
    """One CTF with `count` pupils."""
    at = datetime.combine(start, datetime.min.time()).replace(hour=6)
    write(out, school_of(AREAS[0], primary=True), at, roll(count, seed, start), Random(f"roll {seed}"))  # noqa: S311


def write(out: Output, school: School, at: datetime, on_roll: Iterable[tuple[Family, Child]], rng: Random) -> None:
    """The file as the school's system exports it; `at` is local time, without an offset, as these files have it."""
    with etree.xmlfile(out, encoding="utf-8") as file:
        file.write_declaration()
        with file.element("CTfile"):
            file.write(element("Header", _header(school, at)))
            with file.element("CTFpupilData"):
                for family, child in on_roll:
                    file.write(element("Pupil", pupil(school, family, child, at.date(), rng)))
                    file.write("\n")


def _header(school: School, at: datetime) -> list[Part]:
    lea = authority(school)
    return [
        ("DocumentName", "Common Transfer File"),
        ("CTFversion", "25.0"),
        ("DateTime", at.isoformat(timespec="seconds")),
        ("DocumentQualifier", "full"),
        ("SupplierID", "Invented MIS"),
        ("SourceSchool", [
            ("LEA", lea),
            ("Estab", school.establishment),
            ("URN", school.identifier),
            ("SchoolName", school.name),
            ("AcademicYear", str(academic_year(at.date()))),
        ]),
        ("DestSchool", [("LEA", lea), ("Estab", "LLLL")]),
    ]  # fmt: skip
