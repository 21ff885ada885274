"""One pupil of a common transfer file."""

from __future__ import annotations

from datetime import date, timedelta
from random import Random
from typing import Final

from hub.synth.agencies import School
from hub.synth.people import Child, Family, Grownup, academic_year, reception_year, year_group
from hub.synth.places import Home
from hub.synth.xml import Part

_RELATIONS: Final = {"mother": "PAM", "father": "PAF", "step-father": "STP", "grandmother": "REL"}
_SEN_TYPES: Final = ("SEMH", "SLCN", "ASD", "MLD", "SPLD", "PD")
_FREE_MEALS, _SEN_SUPPORT, _SEN_PLAN, _CARE = 0.3, 0.25, 0.06, 0.02


def pupil(school: School, family: Family, child: Child, on: date, rng: Random) -> list[Part]:
    """The content of one `Pupil` element."""
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
            ("LEA", authority(school)),
            ("Estab", school.establishment),
            ("SchoolName", school.name),
            ("EntryDate", date(reception_year(child.born), 9, 3).isoformat()),
        ])]),
    ]  # fmt: skip


def authority(school: School) -> str:
    """Three digits of the local authority."""
    return school.area.authority if school.area else ""


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
    called: list[Part] = []
    if adult.phone:
        called = [("Phones", [("Phone", [("TelephoneType", "M"), ("PhoneNo", adult.phone)])])]
    return [
        ("Order", str(order)),
        ("Surname", adult.surname),
        ("Forename", adult.given),
        ("Gender", adult.sex),
        ("Relationship", _RELATIONS[adult.relationship]),
        ("Responsibility", "true" if adult.responsible else "false"),
        ("AddressAsPupil", "true"),
        *called,
        ("Email", adult.email),
    ]


def _attendance(school: School, on: date, rng: Random) -> list[Part]:
    possible = 190
    authorised, unauthorised = rng.randrange(20), rng.choice((0, 0, 0, 2, 6, 30))
    return [
        ("Year", str(academic_year(on))),
        ("LEA", authority(school)),
        ("Estab", school.establishment),
        ("SchoolName", school.name),
        ("SessionsPossible", str(possible)),
        ("SessionsAuthorised", str(authorised)),
        ("SessionsAttended", str(possible - authorised - unauthorised)),
        ("SessionsUnauthorised", str(unauthorised)),
    ]
