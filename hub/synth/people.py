"""The invented population: families, whose members keep the same identity in every agency's file."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date, timedelta
from random import Random
from typing import Final

from hub.synth import identifiers, names
from hub.synth.places import AREA_WEIGHTS, AREAS, Area, Home, a_home, no_home

_SIZES: Final = (1, 2, 3, 4, 5)
_SIZE_WEIGHTS: Final = (36, 72, 89, 97, 100)  # of a hundred families, so many have at most this size
_MOST_CHILDREN: Final = 5
_MOST_ADULTS: Final = 3
_PEOPLE_PER_FAMILY: Final = _MOST_CHILDREN + _MOST_ADULTS  # so numbers never overlap
RECEPTION_AGE: Final = 4
SCHOOL_YEAR_STARTS: Final = 9
LAST_YEAR: Final = 11
_HOUSEHOLDS: Final = (
    (("mother", "F"),),
    (("mother", "F"), ("father", "M")),
    (("mother", "F"), ("step-father", "M")),
    (("father", "M"),),
    (("mother", "F"), ("father", "M"), ("grandmother", "F")),
    (("grandmother", "F"),),
    (("mother", "F"), ("mother", "F")),
)
_HOUSEHOLD_WEIGHTS: Final = (36, 76, 86, 90, 95, 98, 100)
# Shares of families or people: rare enough to look like life, common enough to meet in a small week.
_MOVING, _MOVING_NEARBY, _NO_FIXED_ABODE, _SAFE_ADDRESS = 0.07, 0.7, 0.02, 0.04
_TWINS, _EXPECTING, _FIRST, _ONE_NAME, _OTHER_SURNAME = 0.06, 0.03, 0.5, 0.01, 0.2


@dataclass(frozen=True, slots=True)
class Child:
    """`key` names the person in the ground truth. `sex` is F or M. An unborn child has only an expected date."""

    key: str
    given: str
    surname: str
    born: date
    sex: str
    nhs: str | None
    upn: str | None
    unborn: bool = False


@dataclass(frozen=True, slots=True)
class Grownup:
    """`relationship` is mother, father, step-father, grandmother …, as people say it."""

    key: str
    given: str
    surname: str
    born: date
    sex: str
    relationship: str
    responsible: bool
    nino: str
    phone: str | None

    @property
    def email(self) -> str:
        """An address in a domain that nobody can own."""
        return f"{self.key.lower()}@example.org"


@dataclass(frozen=True, slots=True)
class Family:
    """People who live together. `moved` is the new home when they move during the week."""

    key: str
    number: int
    origin: names.Origin
    children: tuple[Child, ...]
    adults: tuple[Grownup, ...]
    home: Home
    moved: Home | None = None


def families(count: int, seed: int, on: date, area: Area | None = None) -> Iterator[Family]:
    """Invented families, one by one and always the same for one seed; none is kept in memory here.

    `on` is the day their ages are counted at.
    """
    rng = Random(f"families {seed}")  # noqa: S311 - repeatable on purpose
    for number in range(count):
        yield a_family(rng, number, on, area)


def a_family(rng: Random, number: int, on: date, area: Area | None = None) -> Family:
    """The family with that number; `rng` decides everything else."""
    origin = rng.choices(names.ORIGINS, cum_weights=names.WEIGHTS)[0]
    where = area or rng.choices(AREAS, cum_weights=AREA_WEIGHTS)[0]
    surname = rng.choice(origin.surnames)
    home = _home(rng, where)
    children = _children(rng, number, surname, origin, where, on)
    oldest = min(child.born for child in children)
    adults = _adults(rng, number, surname, origin, oldest)
    moved = a_home(rng, where if rng.random() < _MOVING_NEARBY else None) if rng.random() < _MOVING else None
    return Family(f"F{number:06d}", number, origin, children, adults, home, moved)


def reception_year(born: date) -> int:
    """The calendar year in which a child starts Reception: the September after the fourth birthday."""
    return born.year + RECEPTION_AGE + (born.month >= SCHOOL_YEAR_STARTS)


def academic_year(on: date) -> int:
    """The year in which the school year of that day began."""
    return on.year - (on.month < SCHOOL_YEAR_STARTS)


def year_group(child: Child, on: date) -> int:
    """National curriculum year; 0 is Reception, below it the child has not begun."""
    return academic_year(on) - reception_year(child.born)


def at_school(family: Family, on: date) -> Iterator[Child]:
    """The children from Reception to the last year of school."""
    return (child for child in family.children if not child.unborn and 0 <= year_group(child, on) <= LAST_YEAR)


def _home(rng: Random, area: Area) -> Home:
    if rng.random() < _NO_FIXED_ABODE:
        return no_home(area)
    return replace(a_home(rng, area), restricted=rng.random() < _SAFE_ADDRESS)


def _children(rng: Random, number: int, surname: str, origin: names.Origin, area: Area, on: date) -> tuple[Child, ...]:
    size = rng.choices(_SIZES, cum_weights=_SIZE_WEIGHTS)[0]
    born = sorted(on - timedelta(days=rng.randrange(20, 17 * 365)) for _ in range(size))
    if size > 1 and rng.random() < _TWINS:
        born[1] = born[0]
    children: list[Child] = []
    for place, day in enumerate(born):
        sex = rng.choice("FM")
        taken = {child.given for child in children}
        free = [name for name in (origin.daughters if sex == "F" else origin.sons) if name not in taken]
        given = rng.choice(free) if free else f"{rng.choice(origin.daughters)}-{place}"
        name = ("", given) if rng.random() < _ONE_NAME else (given, surname)
        children.append(_child(number, place, name, day, sex, area, on))
    if size < _MOST_CHILDREN and rng.random() < _EXPECTING:
        due = on + timedelta(days=rng.randrange(20, 200))
        unborn = Child(f"F{number:06d}-C{size}", "", surname, due, "", None, None, unborn=True)
        # Half of the small families wait for their first.
        children = [unborn] if size == 1 and rng.random() < _FIRST else [*children, unborn]
    return tuple(children)


def _child(number: int, place: int, name: tuple[str, str], born: date, sex: str, area: Area, on: date) -> Child:
    n = number * _PEOPLE_PER_FAMILY + place
    started = reception_year(born)
    schooled = date(started, SCHOOL_YEAR_STARTS, 1) <= on
    return Child(
        key=f"F{number:06d}-C{place}",
        given=name[0],
        surname=name[1],
        born=born,
        sex=sex,
        nhs=identifiers.nhs_number(number * _MOST_CHILDREN + place),
        upn=identifiers.upn(n, area.authority, started) if schooled else None,
    )


def _adults(rng: Random, number: int, surname: str, origin: names.Origin, oldest: date) -> tuple[Grownup, ...]:
    who = rng.choices(_HOUSEHOLDS, cum_weights=_HOUSEHOLD_WEIGHTS)[0]
    return tuple(
        _adult(rng, number, place, relationship, sex, surname, origin, oldest)
        for place, (relationship, sex) in enumerate(who)
    )


def _adult(
    rng: Random, number: int, place: int, relationship: str, sex: str, surname: str, origin: names.Origin, oldest: date
) -> Grownup:
    n = number * _PEOPLE_PER_FAMILY + _MOST_CHILDREN + place
    older = rng.randrange(45, 60) if relationship == "grandmother" else rng.randrange(18, 40)
    other_name = relationship == "step-father" or rng.random() < _OTHER_SURNAME
    return Grownup(
        key=f"F{number:06d}-A{place}",
        given=rng.choice(origin.daughters if sex == "F" else origin.sons),
        surname=rng.choice(rng.choice(names.ORIGINS).surnames) if other_name else surname,
        born=oldest - timedelta(days=older * 365 + rng.randrange(365)),
        sex=sex,
        relationship=relationship,
        responsible=relationship in {"mother", "father"},
        nino=identifiers.ni_number(n),
        phone=identifiers.telephone(number * _MOST_ADULTS + place),
    )
