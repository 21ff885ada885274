"""Rows of the two school lists: the referral form and the attendance and suspension list."""

from __future__ import annotations

from datetime import timedelta
from random import Random
from typing import Final

from hub.synth.agencies import School
from hub.synth.people import Child, year_group
from hub.synth.telling import Telling, birth, day, yes
from hub.synth.words import said

_ATTENDING: Final = ["/", "\\", "/", "\\", "/", "\\", "/", "\\", "/", "\\"]
_ABSENT: Final = ("N", "O", "I", "U", "L")
_SUSPENSION_REASONS: Final = ("DB", "VA", "PA", "PP", "DM", "VP")
_SUSPENDED: Final = 0.25
_SCHOOL_WEEK: Final = timedelta(days=4)


def referral(telling: Telling, child: Child, rng: Random) -> dict[str, str]:
    """One row of the school referral form."""
    home, concern = telling.known.home, telling.concern
    carer = telling.known.adults[0]
    row = _pupil(telling, child) | {
        "Date of referral": day(telling.occurred),
        "Referrer": "A. Pretend-Teacher, designated safeguarding lead",
        "NHS number": child.nhs or "",
        "Sex": child.sex,
        "Ethnicity": telling.known.origin.dfe,
        "Home language": telling.known.origin.language,
        "Address line 1": home.line,
        "Town": home.town,
        "Restricted address": yes(home.restricted),
        "SEN provision": rng.choice(("N", "N", "K", "E")),
        "Concern codes": concern.need,
        "Reason": said(concern.text, child.given, carer.relationship),
        "Help asked for": said(concern.ask, child.given, carer.relationship),
        "Family agrees": rng.choice(("yes", "yes", "no", "not asked", "")),
        "Urgency": rng.choice(("routine", "routine", "soon", "urgent")),
        "Lawful basis": rng.choice(("", "ART6_1_E;ART9_2_H;CA2004_S10")),
    }
    for n, adult in enumerate(telling.known.adults[:2], start=1):
        row |= {
            f"Parent {n} surname": adult.surname,
            f"Parent {n} forename": adult.given,
            f"Parent {n} relationship": adult.relationship,
            f"Parent {n} parental responsibility": yes(adult.responsible),
            f"Parent {n} phone": adult.phone or "",
            f"Parent {n} email": adult.email,
        }
    return row


def attendance(telling: Telling, child: Child, rng: Random) -> dict[str, str]:
    """One row of the attendance and suspension list."""
    monday = (telling.occurred - timedelta(days=telling.occurred.weekday())).date()
    row = _pupil(telling, child) | {"Lawful basis": rng.choice(("", "ART6_1_C;ART9_2_G;CA2004_S10"))}
    if rng.random() < _SUSPENDED:
        return row | {
            "Record": "suspension",
            "Date": day(telling.occurred),
            "Category": "suspension",
            "Reason 1": rng.choice(_SUSPENSION_REASONS),
            "Sessions lost": str(rng.randrange(1, 10)),
            "Note": "Invented incident in the made-up dining hall.",
        }
    codes = [rng.choice(_ABSENT) if rng.random() < 0.4 else mark for mark in _ATTENDING]  # noqa: PLR2004 - two in five
    return row | {
        "Record": "attendance",
        "Date": day(monday),
        "End date": day(monday + _SCHOOL_WEEK),
        "Attendance codes": " ".join(codes),
    }


def _pupil(telling: Telling, child: Child) -> dict[str, str]:
    school = telling.agency
    year = year_group(child, telling.sent.date())
    return {
        "Reference": telling.reference,
        "School URN": school.identifier,
        "DfE number": f"{school.area.authority}{school.establishment}"
        if isinstance(school, School) and school.area
        else "",
        "School name": school.name,
        "UPN": child.upn or "",
        "Surname": child.surname,
        "Forename": child.given,
        "Date of birth": birth(telling, child),
        "Year group": str(year) if year > 0 else "R",
        "Postcode": telling.known.home.postcode,
    }
