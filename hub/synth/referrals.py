"""Bodies for `POST /v1/referrals` and `POST /v1/receipts`, fast enough to feed a load test.

Written as plain shapes and not through the hub's own models, so that they also check what the API really takes.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, date, datetime, time, timedelta
from random import Random
from typing import Any, Final

import orjson

from hub.synth.people import Child, Family, Grownup, a_family, year_group
from hub.synth.places import Home
from hub.synth.words import a_concern, said

_SEEN_BEFORE: Final = 0.15
_REMEMBERED: Final = 2_000
_SIBLINGS_TOLD: Final = 0.4
_APART: Final = 33_000  # family numbers between one seed and the next: nobody has the number of somebody else
_NUMBERS: Final = 200_000  # families whose children find numbers in the test range
_BASES: Final = ("ART6_1_E", "ART9_2_H", "CA2004_S10")
_START: Final = date(2026, 11, 23)
_URGENCIES: Final = ("ROUTINE", "ROUTINE", "SOON", "URGENT")
_ANSWERS: Final = ("YES", "YES", "NO", "NOT_ASKED")

Json = dict[str, Any]


def referral_bodies(n: int, seed: int, start: date = _START) -> Iterator[bytes]:
    """`n` referrals of 1.3 to 3.5 KB, 1.9 KB on average; about one in seven is about a family that came before."""
    for number, (family, rng) in enumerate(_callers(n, seed, start)):
        child = family.children[0]
        concern = a_concern(rng, unborn=child.unborn)
        carer = family.adults[0].relationship
        body = _told(family, child, f"load-{seed}-{number}", start, rng) | {
            "kind": "referral",
            "concerns": [{"scheme": "CIN-NEED", "code": concern.need, "text": concern.tick}],
            "concern": said(concern.text, child.given, carer),
            "request": said(concern.ask, child.given, carer),
            "family_agreement": rng.choice(_ANSWERS),
            "urgency": rng.choice(_URGENCIES),
        }
        yield orjson.dumps(body)


def receipt_bodies(n: int, seed: int, start: date = _START) -> Iterator[bytes]:
    """`n` information receipts about the same families as `referral_bodies` with the same seed."""
    for number, (family, rng) in enumerate(_callers(n, seed, start)):
        body = _told(family, family.children[0], f"told-{seed}-{number}", start, rng) | {
            "kind": "information",
            "information": rng.choice(("INVOLVEMENT", "STATE", "EVENT")),
            "summary": "An invented worker is in touch with the family.",
            "facts": [{"name": "contacts-this-month", "value": str(rng.randrange(9))}],
        }
        yield orjson.dumps(body)


def _callers(n: int, seed: int, start: date) -> Iterator[tuple[Family, Random]]:
    """A family for each body, sometimes one of the last few thousand, and the randomness for its words.

    Six seeds of 33,000 families have no identifier in common; of more, some do, as records with slips in them have.
    """
    people = Random(f"families {seed}")  # noqa: S311 - repeatable on purpose
    rng = Random(f"bodies {seed}")  # noqa: S311 - repeatable on purpose
    known: list[Family] = []
    born = 0
    for _ in range(n):
        if known and rng.random() < _SEEN_BEFORE:
            yield rng.choice(known), rng
            continue
        family = a_family(people, (seed * _APART + born) % _NUMBERS, start)
        if len(known) < _REMEMBERED:
            known.append(family)
        else:
            known[born % _REMEMBERED] = family
        born += 1
        yield family, rng


def _told(family: Family, child: Child, message_id: str, start: date, rng: Random) -> Json:
    occurred = datetime.combine(start, time(8), UTC) + timedelta(seconds=rng.randrange(604_800))
    home = _home(family.home)
    siblings = family.children[1:] if rng.random() < _SIBLINGS_TOLD else ()
    return {
        "source": {
            "system": "Invented case system 1.0",
            "message_id": message_id,
            "organisation": "Invented Primary School",
            "practitioner": "A. Pretend-Teacher",
        },
        "lawful_basis": _BASES,
        "purpose": "EARLY_HELP",
        "occurred_at": occurred,
        "subject": _child(family, child, start) | home,
        "siblings": [_child(family, sibling, start) for sibling in siblings],
        "adults": [_adult(adult) | home for adult in family.adults[:2]],
    }


def _child(family: Family, child: Child, on: date) -> Json:
    identifiers = [
        {"scheme": scheme, "value": value} for scheme, value in (("NHS_NUMBER", child.nhs), ("UPN", child.upn)) if value
    ]
    person: Json = {
        "name": _name(child.surname, child.given),
        "birth": {"date": child.born, "expected": child.unborn},
        "sex": child.sex or "U",
        "unborn": child.unborn,
        "ethnicity": {"scheme": "DFE-ETHNICITY", "code": family.origin.dfe},
        "language": family.origin.language,
        "identifiers": identifiers,
    }
    if child.upn:
        year = year_group(child, on)
        person |= {"year_group": str(year) if year > 0 else "R", "school": "199001"}
    return person


def _adult(adult: Grownup) -> Json:
    return {
        "name": _name(adult.surname, adult.given),
        "birth": {"date": adult.born},
        "sex": adult.sex,
        "relationship": adult.relationship,
        "parental_responsibility": "YES" if adult.responsible else "NO",
        "contacts": [
            {"kind": kind, "value": value} for kind, value in (("phone", adult.phone), ("email", adult.email)) if value
        ],
        "identifiers": [{"scheme": "NI_NUMBER", "value": adult.nino}],
    }


def _name(family: str, given: str) -> Json:
    return {"family": family, "given": given} if given else {"family": family}


def _home(home: Home) -> Json:
    address: Json = {"postcode": home.postcode, "restricted": home.restricted}
    if home.line:
        address |= {"lines": [home.line], "town": home.town}
    return {"address": address}
