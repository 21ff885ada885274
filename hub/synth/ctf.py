"""A school's common transfer file (CTF XML), written pupil by pupil: a roll of any size at flat memory.

Element paths as in standards.md §6; values are invented.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date, datetime, timedelta
from itertools import islice
from random import Random
from typing import Final

from lxml import etree

from hub.synth.agencies import School, school_of
from hub.synth.people import Child, Family, Grownup, academic_year, at_school, families, reception_year, year_group
from hub.synth.places import AREAS, Home
from hub.synth.xml import Output, Part, element

_RELATIONS: Final = {"mother": "PAM", "father": "PAF", "step-father": "STP", "grandmother": "REL"}
_SEN_TYPES: Final = ("SEMH", "SLCN", "ASD", "MLD", "SPLD", "PD")
_FREE_MEALS, _SEN_SUPPORT, _SEN_PLAN, _CARE = 0.3, 0.25, 0.06, 0.02


def file_name(school: School, number: int) -> str:
    """`LLLEEEE_CTF_LLLLLLL_nnn`, from the school to its authority, with the ending that tells it from other XML."""
    authority = _authority(school)
    return f"{authority}{school.establishment}_CTF_{authority}LLLL_{number:03d}.ctf.xml"


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
                    file.write(element("Pupil", _pupil(school, family, child, at.date(), rng)))
                    file.write("\n")


def _authority(school: School) -> str:
    return school.area.authority if school.area else ""


def _header(school: School, at: datetime) -> list[Part]:
    authority = _authority(school)
    return [
        ("DocumentName", "Common Transfer File"),
        ("CTFversion", "25.0"),
        ("DateTime", at.isoformat(timespec="seconds")),
        ("DocumentQualifier", "full"),
        ("SupplierID", "Invented MIS"),
        ("SourceSchool", [
            ("LEA", authority),
            ("Estab", school.establishment),
            ("URN", school.identifier),
            ("SchoolName", school.name),
            ("AcademicYear", str(academic_year(at.date()))),
        ]),
        ("DestSchool", [("LEA", authority), ("Estab", "LLLL")]),
    ]  # fmt: skip


def _pupil(school: School, family: Family, child: Child, on: date, rng: Random) -> list[Part]:
    return [
        ("UPN", child.upn),
        ("Surname", child.surname),
        ("Forename", child.given),
        ("DOB", child.born.isoformat()),
        ("Sex", child.sex),
        ("BasicDetails", [
            ("NCyearActual", _year_code(year_group(child, on))),
            ("Ethnicity", family.origin.dfe),
            ("EthnicitySource", "P"),
            ("Languages", [("Type", [("LanguageType", "F"), ("Language", family.origin.language)])]),
            ("ServiceChild", "N"),
            ("MedicalFlag", "false"),
            ("EnrolStatus", "C"),
        ]),
        ("FSMhistory", _free_meals(on, rng)),
        ("LookedAfter", [("InCare", "true" if rng.random() < _CARE else "false")]),
        ("SENhistory", _special_needs(on, rng)),
        ("Address", _address(family.home)),
        ("Contacts", [("Contact", _contact(place, adult)) for place, adult in enumerate(family.adults, start=1)]),
        ("Attendance", [("YearData", _attendance(school, on, rng))]),
        ("SchoolHistory", [("School", [
            ("LEA", _authority(school)),
            ("Estab", school.establishment),
            ("SchoolName", school.name),
            ("EntryDate", date(reception_year(child.born), 9, 3).isoformat()),
        ])]),
    ]  # fmt: skip


def _year_code(year: int) -> str:
    return str(year) if year else "R"


def _free_meals(on: date, rng: Random) -> list[Part] | None:
    if rng.random() >= _FREE_MEALS:
        return None
    begun = on - timedelta(days=rng.randrange(100, 900))
    return [
        ("FSMreviewDate", (on + timedelta(days=200)).isoformat()),
        ("FSMinstance", [("FSMstartDate", begun.isoformat()), ("UKcountry", "ENG")]),
    ]


def _special_needs(on: date, rng: Random) -> list[Part] | None:
    chance = rng.random()
    if chance >= _SEN_SUPPORT + _SEN_PLAN:
        return None
    provision = "E" if chance < _SEN_PLAN else "K"
    begun = on - timedelta(days=rng.randrange(60, 700))
    need: list[Part] = [("SENtypeRank", "1"), ("SENtype", rng.choice(_SEN_TYPES))]
    return [
        ("SEN", [("StartDate", begun.isoformat()), ("SENprovision", provision)]),
        ("SENneeds", [("SENneed", need)]),
    ]


def _address(home: Home) -> list[Part]:
    if not home.line:
        return [("PostCode", home.postcode)]
    return [
        ("BS7666Address", [("PAON", home.number), ("Street", home.street), ("Town", home.town)]),
        ("PostCode", home.postcode),
    ]


def _contact(order: int, adult: Grownup) -> list[Part]:
    return [
        ("Order", str(order)),
        ("Surname", adult.surname),
        ("Forename", adult.given),
        ("Gender", adult.sex),
        ("Relationship", _RELATIONS[adult.relationship]),
        ("Responsibility", "true" if adult.responsible else "false"),
        ("AddressAsPupil", "true"),
        ("Phones", [("Phone", [("TelephoneType", "M"), ("PhoneNo", adult.phone)])]),
        ("Email", adult.email),
    ]


def _attendance(school: School, on: date, rng: Random) -> list[Part]:
    possible = 190
    authorised, unauthorised = rng.randrange(20), rng.choice((0, 0, 0, 2, 6, 30))
    return [
        ("Year", str(academic_year(on))),
        ("LEA", _authority(school)),
        ("Estab", school.establishment),
        ("SchoolName", school.name),
        ("SessionsPossible", str(possible)),
        ("SessionsAuthorised", str(authorised)),
        ("SessionsAttended", str(possible - authorised - unauthorised)),
        ("SessionsUnauthorised", str(unauthorised)),
    ]
