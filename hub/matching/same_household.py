"""How far the homes, contacts and households of two people agree, and their numbers."""

from __future__ import annotations

from collections.abc import Callable
from enum import IntEnum
from operator import attrgetter
from typing import Final

from rapidfuzz.distance import OSA

from hub.matching.addresses import outward
from hub.matching.features import UNTOLD, Features
from hub.matching.same_name import same_word


class PlaceLevel(IntEnum):
    """Levels of the address, the strongest first."""

    HOUSE = 1
    POSTCODE = 2
    STREET = 3
    NEIGHBOURS = 4
    NEAR = 5
    DISTRICT = 6
    DIFFERS = 7


ONE_HOME: Final = frozenset({PlaceLevel.HOUSE, PlaceLevel.POSTCODE, PlaceLevel.STREET})


class PeopleLevel(IntEnum):
    """Levels of the adults or the children around somebody, the strongest first."""

    SHARED = 1
    CLOSE = 2
    DIFFER = 3
    EACH_OTHER = 4


class SameLevel(IntEnum):
    """Levels of whatever is the same or is not."""

    SAME = 1
    DIFFERS = 2


def place_level(a: Features, b: Features) -> int:
    """Where they live."""
    return home_level(a, b) or (_apart(a, b) if a.postcode and b.postcode else 0)


def home_level(a: Features, b: Features) -> int:
    """The house, the street or the postcode, if it is the same; 0 if they live apart or nothing tells."""
    if a.uprn and a.uprn == b.uprn:
        return PlaceLevel.HOUSE
    if a.postcode and a.postcode == b.postcode:
        return _within_postcode(a.house, b.house)
    return PlaceLevel.STREET if _same_street(a, b) else 0


def _apart(a: Features, b: Features) -> int:
    if OSA.distance(a.postcode, b.postcode, score_cutoff=1) <= 1:
        return PlaceLevel.NEAR
    return PlaceLevel.DISTRICT if _same_district(a, b) else PlaceLevel.DIFFERS


def _same_district(a: Features, b: Features) -> bool:
    district = outward(a.postcode)
    if district and district == outward(b.postcode):
        return True
    return bool(a.town and b.town) and same_word(a.town, b.town)


def _within_postcode(one: str, other: str) -> int:
    """The house, which one may have without its flat."""
    if one and one == other:
        return PlaceLevel.HOUSE
    if not one or not other or one.endswith(f"/{other}") or other.endswith(f"/{one}"):
        return PlaceLevel.POSTCODE
    return PlaceLevel.NEIGHBOURS


def _same_street(a: Features, b: Features) -> bool:
    return bool(a.house and a.street) and a.house == b.house and a.street == b.street


def adults_level(a: Features, b: Features) -> int:
    """The adults around them."""
    if not a.adults or not b.adults:
        return 0
    level = _people(a.adults, b.adults)
    return 0 if level == PeopleLevel.DIFFER and _others_are_told_of(a.kin_around, b.kin_around) else level


def _others_are_told_of(one: tuple[str, ...], other: tuple[str, ...]) -> bool:
    """One tells of the mother and the other of the father: that their names differ says nothing."""
    return UNTOLD not in (*one, *other) and set(one).isdisjoint(other)


def children_level(a: Features, b: Features) -> int:
    """The children around them; EACH_OTHER where the other one is told of as a brother or sister."""
    if not a.children and not b.children:
        return 0
    if not a.adult and not b.adult and (_is_among(a, b) or _is_among(b, a)):
        return PeopleLevel.EACH_OTHER
    if not a.children or not b.children:
        return 0
    return _people(a.children, b.children)


def _is_among(one: Features, other: Features) -> bool:
    """The other's given name is that of a brother or sister of the first, whose own name is another."""
    return bool(one.given and other.given) and one.given[0] != other.given[0] and other.given[0] in one.children


def _people(one: tuple[str, ...], other: tuple[str, ...]) -> int:
    if not set(one).isdisjoint(other):
        return PeopleLevel.SHARED
    return PeopleLevel.CLOSE if any(same_word(a, b) for a in one for b in other) else PeopleLevel.DIFFER


def _same(of: Callable[[Features], tuple[str, ...]]) -> Callable[[Features, Features], int]:
    def level(a: Features, b: Features) -> int:
        one, other = of(a), of(b)
        if not one or not other:
            return 0
        if len(one) == 1 == len(other):  # nearly always, and this is asked of everybody who is compared
            return SameLevel.SAME if one == other else SameLevel.DIFFERS
        return SameLevel.DIFFERS if set(one).isdisjoint(other) else SameLevel.SAME

    return level


contacts_level = _same(attrgetter("contacts"))
nhs_level = _same(attrgetter("nhs"))
upn_level = _same(attrgetter("upn"))
ni_level = _same(attrgetter("ni"))


def sex_level(a: Features, b: Features) -> int:
    """Female or male; anything else says nothing."""
    if not a.sex or not b.sex:
        return 0
    return SameLevel.SAME if a.sex == b.sex else SameLevel.DIFFERS


def school_level(a: Features, b: Features) -> int:
    """The school or nursery."""
    if not a.school or not b.school:
        return 0
    return SameLevel.SAME if a.school == b.school else SameLevel.DIFFERS


def kin_level(a: Features, b: Features) -> int:
    """What two adults are to the child; a step-father is often told of as the father."""
    if not a.kin or not b.kin:
        return 0
    if a.kin == b.kin:
        return SameLevel.SAME
    return 0 if _in_one_word(a.kin) == _in_one_word(b.kin) else SameLevel.DIFFERS


def _in_one_word(kin: str) -> str:
    """Of a step-father, foster father and father: father."""
    return kin.replace("-", " ").rpartition(" ")[2]


def role_level(a: Features, b: Features) -> int:
    """Described as an adult or as a child."""
    return SameLevel.SAME if a.adult == b.adult else SameLevel.DIFFERS
