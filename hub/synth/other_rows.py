"""Rows of the Jobcentre's list and of the referral form of nurseries, charities, youth and specialist services."""

from __future__ import annotations

from random import Random
from typing import Final

from events.basis import AgencyKind
from hub.synth.people import Child
from hub.synth.telling import Telling, birth, day, yes
from hub.synth.words import DWP_REASONS, said

_LISTED_CHILDREN: Final = 4
_SETTINGS: Final = {
    AgencyKind.NURSERY: "nursery",
    AgencyKind.CHARITY: "charity",
    AgencyKind.YOUTH: "youth",
    AgencyKind.SPECIALIST_SUPPORT: "specialist support",
}


def jobcentre(telling: Telling, rng: Random) -> dict[str, str]:
    """One row of the DWP list: a claimant, and the children where the claim names them."""
    family, claimant = telling.known, telling.known.adults[0]
    concern, reason = rng.choice(DWP_REASONS)
    row = {
        "Reference": telling.reference,
        "Date": day(telling.occurred),
        "Office": telling.agency.name,
        "NI number": claimant.nino,
        "Surname": claimant.surname,
        "Forename": claimant.given,
        "Date of birth": day(claimant.born),
        "Address line 1": family.home.line,
        "Town": family.home.town,
        "Postcode": family.home.postcode,
        "Restricted address": yes(family.home.restricted),
        "Phone": claimant.phone or "",
        "Relationship": claimant.relationship,
        "Children": str(len(family.children)),
        "Kind": rng.choice(("state", "involvement")),
        "Concern": concern,
        "Reason": reason,
        "Sharing gateway": "Invented gateway 2026/1",
        "Lawful basis": "ART6_1_E;CA2004_S10",
    }
    if telling.child is None:
        return row
    for n, child in enumerate((telling.child, *telling.siblings)[:_LISTED_CHILDREN], start=1):
        row |= {
            f"Child {n} surname": child.surname,
            f"Child {n} forename": child.given,
            f"Child {n} date of birth": birth(telling, child),
        }
    return row


def form(telling: Telling, child: Child, rng: Random) -> dict[str, str]:
    """One referral form, with the siblings on it."""
    agency, family, concern = telling.agency, telling.known, telling.concern
    carer = family.adults[0]
    row = {
        "Reference": telling.reference,
        "Date": day(telling.occurred),
        "Setting name": agency.name,
        "Setting type": _SETTINGS[agency.kind],
        "Ofsted number": agency.identifier if agency.kind is AgencyKind.NURSERY else "",
        "Charity number": agency.identifier if agency.kind is AgencyKind.CHARITY else "",
        "Referrer": "B. Madeup-Keyworker",
        "Child surname": child.surname,
        "Child forename": child.given,
        "Child date of birth": birth(telling, child),
        "Child unborn": yes(child.unborn),
        "Child sex": child.sex,
        "Child ethnicity": family.origin.dfe,
        "Child home language": family.origin.language,
        "Child NHS number": child.nhs or "",
        "Address line 1": family.home.line,
        "Town": family.home.town,
        "Postcode": family.home.postcode,
        "Restricted address": yes(family.home.restricted),
        "Concern ticks": concern.tick,
        "Concern": said(concern.text, child.given, carer.relationship),
        "Help asked for": said(concern.ask, child.given, carer.relationship),
        "Family agrees": rng.choice(("yes", "yes", "no", "not asked", "")),
        "Urgency": rng.choice(("routine", "soon", "urgent")),
        "Lawful basis": rng.choice(("", "ART6_1_E;ART9_2_H;CA2004_S10")),
    }
    return row | _people(telling)


def _people(telling: Telling) -> dict[str, str]:
    cells: dict[str, str] = {}
    for n, adult in enumerate(telling.known.adults[:2], start=1):
        cells |= {
            f"Adult {n} surname": adult.surname,
            f"Adult {n} forename": adult.given,
            f"Adult {n} date of birth": day(adult.born),
            f"Adult {n} relationship": adult.relationship,
            f"Adult {n} parental responsibility": yes(adult.responsible),
            f"Adult {n} phone": adult.phone or "",
            f"Adult {n} email": adult.email,
        }
    for n, sibling in enumerate(telling.siblings[:_LISTED_CHILDREN], start=1):
        cells |= {
            f"Sibling {n} surname": sibling.surname,
            f"Sibling {n} forename": sibling.given,
            f"Sibling {n} date of birth": day(sibling.born),
            f"Sibling {n} sex": sibling.sex,
            f"Sibling {n} UPN": sibling.upn or "",
            f"Sibling {n} NHS number": sibling.nhs or "",
        }
    return cells
