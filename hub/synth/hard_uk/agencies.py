"""What each kind of agency writes down about a family, and how carefully."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from random import Random
from typing import Final

from hub.matching.quality.told import Submission, Told
from hub.synth.hard_uk.families import Family, Human
from hub.synth.hard_uk.homes import Home
from hub.synth.hard_uk.slips import with_slips
from hub.synth.hard_uk.written import Written

_SEX_LEFT_OUT, _SEX_WRONG, _PHONE_CHANGED, _MIDDLE_GIVEN = 0.05, 0.004, 0.15, 0.5
_WRONG_NUMBER, _POSTCODE_LEFT_OUT, _POSTCODE_SLIP, _HOUSE_LEFT_OUT, _TOWN_LEFT_OUT = 0.03, 0.03, 0.015, 0.04, 0.4
_RELATIONSHIP_LEFT_OUT, _RELATIONSHIP_VAGUE, _RELATIONSHIP_WRONG, _STEP_LEFT_OUT = 0.15, 0.1, 0.01, 1 / 3
_LETTERS: Final = "ABDEFGHJLNPQRSTUWXYZ"


@dataclass(frozen=True, slots=True)
class Agency:
    """Shares of people, from 0 to 1, of whom it says each thing; `careless` multiplies the rate of every slip.

    siblings, adults: who is told of beside the child it is about; of all the other shares, the first is of children and
    the second of adults
    """

    name: str
    siblings: float
    adults: float
    birth: tuple[float, float]
    nhs: tuple[float, float] = (0, 0)
    upn: float = 0
    ni: float = 0
    phone: float = 0.5
    address: float = 0.97
    careless: float = 1
    short_names: float = 0.04


SCHOOL: Final = Agency("school", 0.3, 0.8, (1, 0.1), upn=0.9, phone=0.8, careless=0.8)
HEALTH: Final = Agency("health", 0.3, 0.6, (1, 0.6), nhs=(0.92, 0.3), careless=0.8)
DWP: Final = Agency("dwp", 0.9, 0.7, (0.95, 0.95), ni=0.95, phone=0.4, careless=0.6, short_names=0.01)
POLICE: Final = Agency("police", 0.6, 0.7, (0.85, 0.8), phone=0.3, address=0.93, careless=2, short_names=0.08)
NURSERY: Final = Agency("nursery", 0.2, 0.7, (0.98, 0.1), phone=0.7, short_names=0.06)
CHARITY: Final = Agency("charity", 0.5, 0.7, (0.75, 0.4), phone=0.6, address=0.9, careless=1.3, short_names=0.1)
AGENCIES: Final = (SCHOOL, HEALTH, DWP, POLICE, NURSERY, CHARITY)


def told(rng: Random, family: Family, agency: Agency, home: Home, strangers: Sequence[Human]) -> Submission:
    """One agency's account of some of the family, living at `home`."""
    child = rng.choice(family.children)
    siblings = [other for other in family.children if other is not child and rng.random() < agency.siblings]
    adults = [adult for adult in family.adults if rng.random() < agency.adults]
    return account(rng, family, agency, home, (child, *siblings, *adults), strangers)


def account(
    rng: Random, family: Family, agency: Agency, home: Home, of: Sequence[Human], strangers: Sequence[Human]
) -> Submission:
    """What the agency says of just these; the first of them carries the address."""
    shown = _written_home(rng, home) if rng.random() < agency.address else None
    found = []
    for place, human in enumerate(of):
        written = _written(rng, human, agency)
        with_slips(rng, written, human, family, agency.careless, agency.short_names)
        _wrong_numbers(rng, written, human, family, strangers)
        person = written.as_person(shown if place == 0 else None, adult=human.adult)
        groups = {"ethnicity": family.ethnicity, "sex": human.sex, "area": family.home.district}
        found.append(Told(person, human.key, groups, (agency.name, *written.slips), f"{human.key[:7]} {human.born}"))
    return tuple(found)


def _written(rng: Random, human: Human, agency: Agency) -> Written:
    grown = human.adult

    def says(share: float) -> bool:
        return rng.random() < share

    sex = human.sex if not says(_SEX_WRONG) else "FM"[human.sex == "F"]
    return Written(
        given=human.given,
        family=human.family,
        middle=human.middle if says(_MIDDLE_GIVEN) else "",
        birth=human.born.isoformat() if says(agency.birth[grown]) else "",
        sex="U" if says(_SEX_LEFT_OUT) else sex,
        nhs=human.nhs or "" if says(agency.nhs[grown]) else "",
        upn=human.upn or "" if says(agency.upn) else "",
        ni=human.ni or "" if says(agency.ni) else "",
        phone=_phone(rng, human) if says(agency.phone) else "",
        school=_school(human) if agency is SCHOOL and not grown else "",
        relationship=_relationship(rng, human.relationship) if grown else "",
    )


def _relationship(rng: Random, truly: str) -> str:
    """What an adult is said to be to the child: left out, said vaguely, or of a step-father that he is the father."""
    chance = rng.random()
    if chance < _RELATIONSHIP_LEFT_OUT:
        return ""
    if chance < _RELATIONSHIP_LEFT_OUT + _RELATIONSHIP_VAGUE:
        return "carer" if truly == "grandmother" else rng.choice(("parent", "carer"))
    if chance > 1 - _RELATIONSHIP_WRONG:
        return rng.choice(("mother", "father", "grandmother", "aunt"))
    return "father" if truly == "step-father" and rng.random() < _STEP_LEFT_OUT else truly


def _phone(rng: Random, human: Human) -> str:
    if human.phone and rng.random() < _PHONE_CHANGED:
        return f"07{rng.randrange(700_900_000, 799_900_000):09d}"
    return human.phone


def _school(human: Human) -> str:
    return f"{100_000 + hash_of(human.key[:7]) % 300}"


def hash_of(text: str) -> int:
    """The same on every run, unlike the built-in one."""
    return sum(ord(sign) * 31**place for place, sign in enumerate(text))


def _wrong_numbers(rng: Random, written: Written, human: Human, family: Family, strangers: Sequence[Human]) -> None:
    """3 % of the numbers: half with a wrong check, a quarter a relative's, a quarter a stranger's."""
    for scheme in ("nhs", "upn", "ni"):
        value: str = getattr(written, scheme)
        if not value or rng.random() >= _WRONG_NUMBER:
            continue
        kind = rng.choice(("check", "check", "relative", "stranger"))
        own = [other for other in (*family.children, *family.adults) if other.key != human.key]
        others = own if kind == "relative" else [rng.choice(strangers)]
        wrong = next((found for other in others if (found := getattr(other, scheme)) and found != value), None)
        if kind == "check":
            wrong = value[:-1] + str((int(value[-1]) + 1) % 10) if scheme != "ni" else value[1:]
        if wrong:
            setattr(written, scheme, wrong)
            written.slips.append(f"{scheme}-{kind}")


def _written_home(rng: Random, home: Home) -> Home:
    if home.postcode and rng.random() < _POSTCODE_LEFT_OUT:
        home = replace(home, postcode="")
    elif rng.random() < _POSTCODE_SLIP:
        home = replace(home, postcode=home.postcode[:-1] + rng.choice(_LETTERS))
    if rng.random() < _TOWN_LEFT_OUT:
        home = replace(home, town="")
    return replace(home, flat="", house="") if rng.random() < _HOUSE_LEFT_OUT else home
