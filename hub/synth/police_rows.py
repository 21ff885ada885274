"""Police protection notices and Operation Encompass notices, each in the columns of its own force."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from random import Random
from typing import Any, Final

from hub.connectors.police_forces import FORCES, NoticeMap
from hub.synth.people import Child, Grownup
from hub.synth.telling import Telling, birth, day, yes
from hub.synth.words import INCIDENTS, VOICES, said

FieldMap = Mapping[str, Any]
_UNKNOWN_GRADE: Final = "PURPLE (invented grade)"
_PRESENT: Final = 0.7
_ASKING: Final = 0.6
_BASES: Final = {"ppn": "DPA2018_P3;ART6_1_E;ART9_2_G;CA2004_S11", "encompass": "VPA2024;DPA2018_P3;ART6_1_E"}


def notice_map(telling: Telling) -> NoticeMap:
    """The columns of the telling's force for its kind of notice; ValueError if the force has no map."""
    for force in FORCES:
        if force.force == telling.agency.identifier:
            return force.ppn if telling.format.startswith("police-ppn") else force.encompass
    raise ValueError("no field map for this force")


def children(telling: Telling) -> tuple[Child, ...]:
    """The children that fit on the force's form, the one told about first."""
    if telling.child is None:
        return ()
    return (telling.child, *telling.siblings)[: len(notice_map(telling).children)]


def notice(telling: Telling, rng: Random) -> dict[str, str]:
    """One notice. A field the force has no column for is left unsaid."""
    names: FieldMap = notice_map(telling).model_dump(exclude_none=True)
    family, told = telling.known, telling.child
    given, carer = (told.given if told else ""), family.adults[0].relationship
    said_cells = {
        "reference": telling.reference,
        "incident": f"INC-{telling.reference}",
        "date": day(telling.occurred),
        "time": f"{telling.occurred:%H:%M}",
        "place": family.home.line,
        "officer": "PC 0000 Invented",
        "circumstances": said(rng.choice(INCIDENTS), given, carer),
        "request": said(telling.concern.ask, given, carer) if rng.random() < _ASKING else "",
        "agreement": rng.choice(("yes", "no", "not asked")),
        "grade": _UNKNOWN_GRADE if telling.fault == "unknown-grade" else rng.choice([*names["grades"]] or [""]),
        "marac": yes(rng.random() < 0.1),  # noqa: PLR2004 - one in ten
        "basis": _BASES["ppn" if telling.format.startswith("police-ppn") else "encompass"],
        "welfare_check": yes(rng.random() < 0.5),  # noqa: PLR2004 - a coin
    }
    row = {names[field]: cell for field, cell in said_cells.items() if field in names}
    row |= _address(telling, names.get("address", {}))
    for place, child in zip(names["children"], children(telling), strict=False):
        row |= _cells(place, _child(telling, child, rng))
    for n, (place, adult) in enumerate(zip(names["adults"], family.adults, strict=False)):
        row |= _cells(place, _adult(adult, n, [*names["roles"]]))
    return row


def _address(telling: Telling, names: FieldMap) -> dict[str, str]:
    home = telling.known.home
    cells = {"town": home.town, "postcode": home.postcode, "restricted": yes(home.restricted)}
    row = _cells(names, cells)
    if names.get("lines"):
        row[names["lines"][0]] = home.line
    return row


def _child(telling: Telling, child: Child, rng: Random) -> dict[str, str]:
    return {
        "family": child.surname,
        "given": child.given,
        "born": birth(telling, child),
        "sex": child.sex,
        "present": yes(rng.random() < _PRESENT),
        "where": rng.choice(("upstairs", "in the kitchen", "at a grandparent's")),
        "home_educated": "no",
        "voice": rng.choice(VOICES),
    }


def _adult(adult: Grownup, n: int, roles: Sequence[str]) -> dict[str, str]:
    return {
        "family": adult.surname,
        "given": adult.given,
        "born": day(adult.born),
        "role": roles[n] if n < len(roles) else "",
        "relationship": adult.relationship,
        "phone": adult.phone or "",
    }


def _cells(names: FieldMap, cells: Mapping[str, str]) -> dict[str, str]:
    return {names[field]: cell for field, cell in cells.items() if field in names}
