"""What agrees between a described person and a known one, beyond the score: when a link holds, and when to ask.

Names of whole families are alike in a way that no sum of weights, each for itself, accounts for: a father, a mother
and a child of common names are found again in the next street. So names alone neither link anybody nor make a doubt.
"""

from __future__ import annotations

from typing import Final

from hub.deciders.recognised import Hit
from hub.matching.compare import PLACE_OF
from hub.matching.same_birth import SAME_BIRTH, UNLIKE_BIRTH, BirthLevel
from hub.matching.same_household import ONE_HOME, PeopleLevel, PlaceLevel, SameLevel
from hub.matching.same_name import FamilyLevel, GivenLevel

_NEAR_BIRTH: Final = frozenset({*SAME_BIRTH, BirthLevel.SWAPPED, BirthLevel.SLIP, BirthLevel.EXPECTED})
_ELSEWHERE: Final = frozenset({PlaceLevel.DISTRICT, PlaceLevel.DIFFERS})  # a district has many of every common name
# Hundredths of a bit below the score that links, which is at odds of 1,000 to 1.
_LIKELY: Final = 1_150
_UNLIKE: Final = 664
_SAME_FAMILY_NAME: Final = frozenset({FamilyLevel.SAME, FamilyLevel.ALSO_KNOWN_AS, FamilyLevel.ONE_OF_SEVERAL})
_WRITTEN_FAMILY: Final = frozenset({0, *_SAME_FAMILY_NAME, FamilyLevel.CLOSE})  # 0: in the given name's place
_WRITTEN_GIVEN: Final = frozenset(
    {GivenLevel.SAME, GivenLevel.ALSO_KNOWN_AS, GivenLevel.SPELT, GivenLevel.SLIP, GivenLevel.SWAPPED}
)
_NOTHING_OWN: Final = "Names match, but no number, date of birth or telephone does"
_NOTHING_AROUND: Final = "The person matches, but the home, school, telephone or adults around them differ"


def shares_home(hit: Hit) -> bool:
    """Whether the address is the same."""
    return _level(hit, "place") in ONE_HOME


def lives_with_the_same(hit: Hit) -> bool:
    """Whether the address is the same; where none is known, a telephone or somebody else around them.

    A parent with children in two homes has one telephone, and places a child of the one home in the other for nobody.
    """
    if _level(hit, "place"):
        return shares_home(hit)
    return _level(hit, "contacts") == SameLevel.SAME or PeopleLevel.SHARED in _around(hit)


def others_are_told_of(hit: Hit) -> bool:
    """Whether both are told of with an adult or with a child."""
    return any(_around(hit))


def by_number(hit: Hit) -> bool:
    """Whether a valid number of a national scheme is the same."""
    return SameLevel.SAME in _numbers(hit)


def holds(hit: Hit) -> bool:
    """Whether a high score is enough: a number is; else something of the person's own must agree beside the name.

    And around them something too, unless nothing there is known to differ.
    """
    if by_number(hit):
        return True
    home = shares_home(hit)
    people = _is_among_the_same(hit)
    if is_same_name_and_day(hit):
        return True
    if _level(hit, "birth") in UNLIKE_BIRTH and _level(hit, "place") == PlaceLevel.POSTCODE:
        return False
    if not _own_agrees(hit):
        return home and (people or _level(hit, "birth") in _NEAR_BIRTH or _is_named_alike(hit))
    apart = (
        _level(hit, "place") == PlaceLevel.DIFFERS
        or _level(hit, "adults") == PeopleLevel.DIFFER
        or SameLevel.DIFFERS in {_level(hit, "contacts"), _level(hit, "school")}
    )
    return home or people or _level(hit, "school") == SameLevel.SAME or not apart


def why_not_held(hit: Hit) -> str:
    """Why a high score is not enough, in a sentence for the person who looks; where `holds` says that it is not."""
    return _NOTHING_AROUND if _own_agrees(hit) else _NOTHING_OWN


def _own_agrees(hit: Hit) -> bool:
    """Whether a telephone, an email or the date of birth is the same."""
    return _level(hit, "contacts") == SameLevel.SAME or _level(hit, "birth") in {*SAME_BIRTH, BirthLevel.SWAPPED}


def is_same_name_and_day(hit: Hit) -> bool:
    """The whole name, one slip allowed, and the whole date of birth: who moves to others elsewhere keeps these."""
    given, family = _level(hit, "given"), _level(hit, "family")
    if _level(hit, "birth") != BirthLevel.SAME:
        return False
    if given == GivenLevel.SAME:
        return family in _SAME_FAMILY_NAME or family == FamilyLevel.CLOSE
    return given in {GivenLevel.SPELT, GivenLevel.SLIP} and family == FamilyLevel.SAME


def _is_named_alike(hit: Hit) -> bool:
    """The whole name but for how it is written, nothing against one person: at one address that is enough."""
    same_kin = _level(hit, "kin") == SameLevel.SAME
    if _level(hit, "place") == PlaceLevel.POSTCODE and not same_kin:
        return False
    # Families of one name share a site, and a grandmother the mother's.
    exactly = _level(hit, "given") == GivenLevel.SAME and _level(hit, "family") == FamilyLevel.SAME
    here = exactly and _level(hit, "place") == PlaceLevel.HOUSE
    if not here and not hit.candidate.grown and _level(hit, "adults") == PeopleLevel.DIFFER:
        return False
    if _level(hit, "contacts") == SameLevel.DIFFERS and PeopleLevel.DIFFER in _around(hit) and not same_kin:
        return False
    return _nothing_against(hit)


def _nothing_against(hit: Hit) -> bool:
    """The whole name but for how it is written, and neither role, sex nor date of birth speaks against one person."""
    if not _whole_name_agrees(hit):
        return False
    if _level(hit, "role") != SameLevel.SAME or _level(hit, "sex") == SameLevel.DIFFERS:
        return False
    return _level(hit, "birth") not in UNLIKE_BIRTH


def worth_asking(hit: Hit, link: int) -> bool:
    """Whether more than the name speaks for one person, so that somebody should look; `link`: the score that links."""
    if by_number(hit) or _level(hit, "contacts") == SameLevel.SAME:
        return True
    if is_parent_and_child(hit) or _is_a_neighbour(hit) or _lives_apart(hit):
        return False
    if shares_home(hit) or _level(hit, "birth") in _NEAR_BIRTH:
        return _whole_name_agrees(hit) or hit.candidate.score.total >= link - _UNLIKE
    if _level(hit, "given") == GivenLevel.DIFFERS:
        return False
    shared = PeopleLevel.SHARED in _around(hit)
    if _level(hit, "place") in _ELSEWHERE:
        return shared and hit.candidate.score.total >= link and _nothing_against(hit)
    return shared or (hit.candidate.score.total >= link - _LIKELY and _nothing_against(hit))


def _is_a_neighbour(hit: Hit) -> bool:
    """Of one postcode without a house number, born another day, with others around them."""
    other_day = _level(hit, "birth") == BirthLevel.DIFFERS
    return other_day and _level(hit, "place") == PlaceLevel.POSTCODE and not _is_among_the_same(hit)


def _lives_apart(hit: Hit) -> bool:
    """Somewhere else with nobody the same around them, and a digit of the date of birth differs."""
    near = _level(hit, "birth") == BirthLevel.SLIP
    return near and _level(hit, "place") in _ELSEWHERE and not _is_among_the_same(hit)


def _is_among_the_same(hit: Hit) -> bool:
    return not {PeopleLevel.SHARED, PeopleLevel.CLOSE}.isdisjoint(_around(hit))


def _whole_name_agrees(hit: Hit) -> bool:
    return _level(hit, "given") in _WRITTEN_GIVEN and _level(hit, "family") in _WRITTEN_FAMILY


def is_parent_and_child(hit: Hit) -> bool:
    """One is an adult and one a child, and not of one date of birth: two people, however alike their names."""
    return _level(hit, "role") == SameLevel.DIFFERS and _level(hit, "birth") not in SAME_BIRTH


def is_namesake(hit: Hit) -> bool:
    """The whole name is the same and nothing speaks against one person; inside one family that is enough."""
    if _level(hit, "given") != GivenLevel.SAME or _level(hit, "family") != FamilyLevel.SAME:
        return False
    if _level(hit, "role") != SameLevel.SAME or _level(hit, "sex") == SameLevel.DIFFERS:
        return False
    birth = _level(hit, "birth") in {0, *SAME_BIRTH, BirthLevel.YEAR_GIVEN}
    return birth and SameLevel.DIFFERS not in _numbers(hit)


def _around(hit: Hit) -> set[int]:
    return {_level(hit, "adults"), _level(hit, "children")}


def _numbers(hit: Hit) -> set[int]:
    return {_level(hit, scheme) for scheme in ("nhs", "upn", "ni")}


def _level(hit: Hit, field: str) -> int:
    return hit.candidate.score.levels[PLACE_OF[field]]
