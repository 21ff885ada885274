"""The families of the hard set: who lives together, and who is somebody else of nearly the same name."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date, timedelta
from random import Random
from typing import Final

from hub.synth import identifiers
from hub.synth.hard_uk.homes import Home, Homes
from hub.synth.hard_uk.naming import Naming, family_name
from hub.synth.hard_uk.pools import GROUP_WEIGHTS, GROUPS, TWINS, Group

ON: Final = date(2026, 11, 1)
_SIZES, _SIZE_WEIGHTS = (1, 2, 3, 4, 5), (34, 73, 89, 96, 100)
_TWINS, _SAME_SEX, _NEAR_NAMES = 0.05, 0.6, 0.6
_NAMED_AFTER_PARENT, _COUSINS, _COUSINS_NEAR = 0.03, 0.05, 0.2
_OTHER_ORIGIN, _PHONE = 0.06, 0.67
_ADULTS: Final = ("mother", "mother father", "mother step-father", "father", "mother father grandmother", "grandmother")
_ADULT_WEIGHTS: Final = (34, 78, 88, 92, 98, 100)
_MOST: Final = 8  # people in a family, so that no two have one number
_SCHOOL_AGE: Final = 5 * 365


@dataclass(frozen=True, slots=True)
class Human:
    """One person as they are. `key` is the truth; `sex` F or M; `former` a surname they had."""

    key: str
    given: str
    middle: str
    family: str
    born: date
    sex: str
    nhs: str | None
    upn: str | None = None
    ni: str | None = None
    phone: str = ""
    former: str = ""
    english: str = ""
    relationship: str = ""

    @property
    def adult(self) -> bool:
        return bool(self.relationship)


@dataclass(frozen=True, slots=True)
class Family:
    """People who live together. `ethnicity` is the DfE code of all of them."""

    group: Group
    home: Home
    children: tuple[Human, ...]
    adults: tuple[Human, ...]

    @property
    def ethnicity(self) -> str:
        return self.group.code


def families(rng: Random, count: int) -> tuple[list[Family], Homes]:
    """So many families, some of them cousins of one made before, and the homes that others may move to."""
    homes = Homes(rng, count)
    found: list[Family] = []
    for number in range(count):
        family = _family(rng, number, homes)
        if found and rng.random() < _COUSINS:
            family = _cousins(rng, family, rng.choice(found), homes)
        found.append(family)
    return found, homes


def _family(rng: Random, number: int, homes: Homes) -> Family:
    group = rng.choices(GROUPS, cum_weights=GROUP_WEIGHTS)[0]
    naming = Naming(rng, group)
    born = sorted(ON - timedelta(days=rng.randrange(10, 17 * 365)) for _ in range(_size(rng)))
    adults = _grown_ups(rng, number, group, naming, born[0])
    children = _children(rng, number, group, naming, born)
    if rng.random() < _NAMED_AFTER_PARENT:
        children = _named_after(children, adults)
    return Family(group, homes.one(group), tuple(children), tuple(adults))


def _size(rng: Random) -> int:
    return rng.choices(_SIZES, cum_weights=_SIZE_WEIGHTS)[0]


def _grown_ups(rng: Random, number: int, group: Group, naming: Naming, oldest: date) -> list[Human]:
    who = rng.choices(_ADULTS, cum_weights=_ADULT_WEIGHTS)[0].split()
    found = []
    for place, relationship in enumerate(who):
        n = number * _MOST + 5 + place
        sex = "M" if "father" in relationship else "F"
        of = rng.choice(GROUPS) if relationship == "step-father" and rng.random() < _OTHER_ORIGIN else group
        named = naming if relationship in {"mother", "father"} else Naming(rng, of)
        years = rng.randrange(46, 62) if relationship == "grandmother" else rng.randrange(17, 41)
        found.append(
            Human(
                key=f"H{number:06d}-A{place}",
                given=naming.father if relationship == "father" else of.given(rng, sex),
                middle=of.given(rng, sex) if rng.random() < of.middle else "",
                family=named.family(rng, sex, married=relationship == "mother"),
                born=oldest - timedelta(days=years * 365 + rng.randrange(365)),
                sex=sex,
                nhs=identifiers.nhs_number(n),
                ni=identifiers.ni_number(n),
                phone=f"07{700_900_000 + n * 7 % 99_000_000:09d}" if rng.random() < _PHONE else "",
                former=family_name(rng, group, sex) if relationship == "mother" else "",
                english=rng.choice(of.english) if of.english and rng.random() < 1 / 3 else "",
                relationship=relationship,
            )
        )
    return found


def _children(rng: Random, number: int, group: Group, naming: Naming, born: list[date]) -> list[Human]:
    twins = len(born) > 1 and rng.random() < _TWINS
    if twins:
        born[1] = born[0]
    found: list[Human] = []
    for place, day in enumerate(born):
        n = number * _MOST + place
        sex, given = rng.choice("FM"), ""
        if twins and place == 1:
            sex, given = _twin(rng, group, found[0])
        while not given or given in {child.given for child in found}:
            given = group.given(rng, sex)
        schooled = (ON - day).days >= _SCHOOL_AGE
        found.append(
            Human(
                key=f"H{number:06d}-C{place}",
                given=given,
                middle=group.given(rng, sex) if rng.random() < group.middle else "",
                family=naming.family(rng, sex, married=False),
                born=day,
                sex=sex,
                nhs=identifiers.nhs_number(n),
                upn=identifiers.upn(n, "873", day.year + 5) if schooled else None,
                english=rng.choice(group.english) if group.english and rng.random() < 1 / 3 else "",
            )
        )
    return found


def _twin(rng: Random, group: Group, first: Human) -> tuple[str, str]:
    if rng.random() >= _SAME_SEX:
        return ("M" if first.sex == "F" else "F"), ""
    near = [name for name in TWINS.get(first.given, ()) if name != first.given]
    if near and rng.random() < _NEAR_NAMES:
        return first.sex, rng.choice(near)
    alike = [name for name in (group.girls if first.sex == "F" else group.boys) if name[:2] == first.given[:2]]
    alike = [name for name in alike if name != first.given]
    return first.sex, rng.choice(alike) if alike and rng.random() < _NEAR_NAMES else ""


def _named_after(children: list[Human], adults: list[Human]) -> list[Human]:
    first = children[0]
    parent = next((adult for adult in adults if adult.sex == first.sex), None)
    if parent is None or parent.given in {child.given for child in children}:
        return children
    return [replace(first, given=parent.given), *children[1:]]


def _cousins(rng: Random, family: Family, of: Family, homes: Homes) -> Family:
    """The same surname, and one child with the given name of a cousin of nearly the same age."""
    cousin = rng.choice(of.children)
    born = min(cousin.born + timedelta(days=rng.randrange(-730, 730)), ON)
    namesake = replace(family.children[0], given=cousin.given, sex=cousin.sex, born=born)
    rest = [child for child in family.children[1:] if child.given != cousin.given]
    children = tuple(replace(child, family=cousin.family) for child in (namesake, *rest))
    home = homes.near(of.home) if rng.random() < _COUSINS_NEAR else homes.one(of.group)
    return Family(of.group, home, children, family.adults)
