"""Who says something about one family in the week: several agencies, on different days, some of it late or wrong."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta
from random import Random
from typing import Final

from hub.synth.agencies import CHARITY, HEALTH, JOBCENTRE, NURSERY, POLICE, SPECIALIST, YOUTH, Agency, School, school_of
from hub.synth.faults import spoilt
from hub.synth.formats import (
    BARS_JSON,
    BARS_XML,
    DWP,
    ENCOMPASS,
    FORM_CSV,
    FORM_JSON,
    PPN,
    SCHOOL_ATTENDANCE,
    SCHOOL_REFERRAL,
)
from hub.synth.people import LAST_YEAR, Child, Family, year_group
from hub.synth.slips import as_known
from hub.synth.telling import ACCEPTED, REVIEW, Telling
from hub.synth.words import a_concern

_MONDAY_TO_FRIDAY: Final = range(5)
_ANY_DAY: Final = range(7)
_WEDNESDAY: Final = range(2, 3)
_FRIDAY: Final = range(4, 5)
_LAST_PRIMARY_YEAR: Final = 6
_TEENAGE_YEAR: Final = 8
_LATE: Final = 0.08
_CHANGED: Final = 0.2
_TAKEN_BACK: Final = 0.25
_CLAIM_NAMES_NO_CHILD: Final = 0.25
_NOTICE_NAMES_NO_CHILD: Final = 0.06


@dataclass(frozen=True, slots=True)
class Opening:
    """An occasion to tell: the chance that it is taken, and on which days of the week (0 is Monday)."""

    chance: float
    agency: Agency
    format: str
    child: Child | None
    days: range


def tellings(family: Family, rng: Random, monday: date, faults: float) -> Iterator[Telling]:
    """What is told about this family in the week; at least one thing. `faults` is the share told wrong on purpose."""
    openings = list(_openings(family, rng, monday))
    taken = [opening for opening in openings if rng.random() < opening.chance] or [rng.choice(openings)]
    for n, opening in enumerate(taken):
        telling = _told(family, opening, f"W{monday:%G%V}-{family.number:05d}-{n}", rng, monday, faults)
        yield telling
        if telling.format in {BARS_JSON, BARS_XML} and telling.expected == ACCEPTED and rng.random() < _CHANGED:
            yield _changed(family, telling, rng)


def school_for(family: Family, child: Child, on: date) -> School:
    """The school of their district; they keep it when they move during the week."""
    return school_of(family.home.area, primary=year_group(child, on) <= _LAST_PRIMARY_YEAR)


def _changed(family: Family, first: Telling, rng: Random) -> Telling:
    """A day later the trust sends what it has learnt, or takes its referral back."""
    right = next(child for child in family.children if child.key == first.person_key)
    return replace(
        first,
        reference=f"{first.reference}-2",
        case=first.reference,
        change="revoked" if rng.random() < _TAKEN_BACK else "update",
        sent=first.sent + timedelta(days=1),
        occurred=first.sent + timedelta(hours=20),
        known=family,
        child=right,
        slips={},
    )


def _openings(family: Family, rng: Random, on: date) -> Iterator[Opening]:
    police = POLICE[0] if family.home.area.district in {"PETERBOROUGH", "FENLAND"} else POLICE[1]
    born = [child for child in family.children if not child.unborn]
    for child in born:
        yield from _everyday(family, child, on)
    for unborn in family.children[len(born) :]:
        yield Opening(0.7, SPECIALIST, FORM_CSV, unborn, _MONDAY_TO_FRIDAY)
    first = born[0] if born else None
    if first:
        yield Opening(0.25, police, PPN + police.identifier, _sometimes(first, _NOTICE_NAMES_NO_CHILD, rng), _ANY_DAY)
        yield Opening(0.2, police, ENCOMPASS + police.identifier, first, _ANY_DAY)
        yield Opening(0.15, CHARITY, FORM_CSV, first, _MONDAY_TO_FRIDAY)
    yield Opening(0.3, JOBCENTRE, DWP, _sometimes(first, _CLAIM_NAMES_NO_CHILD, rng), _WEDNESDAY)


def _everyday(family: Family, child: Child, on: date) -> Iterator[Opening]:
    year = year_group(child, on)
    school = school_for(family, child, on)
    yield Opening(0.12, HEALTH, BARS_JSON, child, _ANY_DAY)
    yield Opening(0.08, HEALTH, BARS_XML, child, _ANY_DAY)
    if year < 0:
        yield Opening(0.35, NURSERY, FORM_JSON, child, _MONDAY_TO_FRIDAY)
    elif year <= LAST_YEAR:
        yield Opening(0.35, school, SCHOOL_REFERRAL, child, _MONDAY_TO_FRIDAY)
        yield Opening(0.3, school, SCHOOL_ATTENDANCE, child, _FRIDAY)
    if year >= _TEENAGE_YEAR:
        yield Opening(0.2, YOUTH, FORM_CSV, child, _MONDAY_TO_FRIDAY)


def _sometimes(child: Child | None, missing: float, rng: Random) -> Child | None:
    return None if rng.random() < missing else child


def _told(family: Family, opening: Opening, reference: str, rng: Random, monday: date, faults: float) -> Telling:
    sent = datetime.combine(monday, time(7)) + timedelta(days=rng.choice(opening.days), minutes=rng.randrange(600))
    late = rng.random() < _LATE
    # Late: the thing itself is one to seven months old. Otherwise of yesterday or today.
    ago = timedelta(days=rng.randrange(30, 210)) if late else timedelta(minutes=rng.randrange(20, 2_000))
    known, slips = as_known(family, rng)
    named = next((child for child in known.children if opening.child and child.key == opening.child.key), None)
    telling = Telling(
        reference=reference,
        agency=opening.agency,
        format=opening.format,
        sent=sent,
        occurred=max(sent - ago, _everybody_born(family, sent) or sent - ago),
        known=known,
        child=named,
        concern=a_concern(rng, unborn=bool(named and named.unborn)),
        slips={key: (*made, "late") for key, made in slips.items()} if late else slips,
        expected=ACCEPTED if named else REVIEW,
    )
    return spoilt(telling, rng) if named and rng.random() < faults else telling


def _everybody_born(family: Family, on: datetime) -> datetime | None:
    """The morning after the last birth: nothing is told of a child before."""
    born = [child.born for child in family.children if child.born < on.date()]
    return datetime.combine(max(born), time(9)) + timedelta(days=1) if born else None
