"""When a person must look, however high the score is. Each rule is a sentence that the person reads."""

from __future__ import annotations

from typing import Final

from hub.matching.compare import PLACE_OF
from hub.matching.features import Features
from hub.matching.same_birth import SAME_BIRTH, UNLIKE_BIRTH, BirthLevel, birth_level
from hub.matching.same_household import (
    ONE_HOME,
    PeopleLevel,
    PlaceLevel,
    SameLevel,
    contacts_level,
    home_level,
    nhs_level,
    ni_level,
    upn_level,
)
from hub.matching.same_name import FamilyLevel, GivenLevel

ONLY_NAMES: Final = "Only names match"
DIFFERENT_NUMBERS: Final = "They have different valid numbers of the same kind"

_GIVEN, _FAMILY, _BIRTH = (PLACE_OF[name] for name in ("given", "family", "birth"))
_PLACE, _ROLE, _SEX, _KIN = (PLACE_OF[name] for name in ("place", "role", "sex", "kin"))
_ADULTS, _CHILDREN, _CONTACTS = (PLACE_OF[name] for name in ("adults", "children", "contacts"))
_NHS, _UPN, _NI = (PLACE_OF[name] for name in ("nhs", "upn", "ni"))
_WRITTEN: Final = frozenset({GivenLevel.SAME, GivenLevel.SPELT, GivenLevel.SLIP})
_NEAR_NAMES: Final = frozenset({GivenLevel.CLOSE, GivenLevel.NICKNAME, GivenLevel.INITIAL})
_TWINS_NAMES: Final = _NEAR_NAMES | {GivenLevel.ONE_OF_SEVERAL}
_OTHER_NAMES: Final = frozenset({0, GivenLevel.SIMILAR, GivenLevel.OTHER_MIDDLE, GivenLevel.SECOND, GivenLevel.DIFFERS})
_MAY_BE_ONE_DAY: Final = SAME_BIRTH | {BirthLevel.PARTLY, BirthLevel.YEAR_GIVEN}
_BORN_ALIKE: Final = SAME_BIRTH | {BirthLevel.SWAPPED, BirthLevel.SLIP}


def rule_against(levels: tuple[int, ...], *, unborn: bool, grown: bool, one_family: bool) -> str:
    """The rule that forbids to link what agrees in these levels of `compare.FIELDS`; empty if none does.

    unborn: either is not yet born; grown: both are adults
    one_family: it is known already that this is the right family, so names alone may tell who it is.
    """
    if numbers_differ(levels):
        return DIFFERENT_NUMBERS
    if levels[_CHILDREN] == PeopleLevel.EACH_OTHER:
        return "One is told of as a brother or sister of the other"
    if numbers_agree(levels):
        return _with_a_number(levels)
    if unborn:
        return "A child not yet born has no name to go by"
    if one_family and _is_the_same_to_the_child(levels):
        return ""
    return _without_numbers(levels, grown=grown) or ("" if one_family or _more_than_names(levels) else ONLY_NAMES)


def numbers_differ(levels: tuple[int, ...]) -> bool:
    """Both have a valid number of the same kind, and it is not the same number."""
    return SameLevel.DIFFERS in (levels[_NHS], levels[_UPN], levels[_NI])


def numbers_agree(levels: tuple[int, ...]) -> bool:
    """A valid number is the same."""
    return SameLevel.SAME in (levels[_NHS], levels[_UPN], levels[_NI])


def namesakes(levels: tuple[int, ...]) -> bool:
    """Names match and nothing else does, and they were not born on one day: two people, not worth a look."""
    return levels[_BIRTH] in UNLIKE_BIRTH and not numbers_agree(levels) and not _more_than_names(levels)


def may_be_twins(levels: tuple[int, ...]) -> bool:
    """Born on one day in one household, and no number says that they are one."""
    return levels[_BIRTH] in SAME_BIRTH and _one_household(levels) and not numbers_agree(levels)


def only_names_may_match(a: Features, b: Features) -> bool:
    """Whether they are `namesakes` unless their names differ; told without comparing these, which takes longest."""
    if birth_level(a, b) not in UNLIKE_BIRTH or home_level(a, b) in ONE_HOME:
        return False
    return SameLevel.SAME not in (contacts_level(a, b), nhs_level(a, b), upn_level(a, b), ni_level(a, b))


def _with_a_number(levels: tuple[int, ...]) -> str:
    """A number typed for a brother, a sister or a namesake does not outweigh everything else."""
    if levels[_BIRTH] not in UNLIKE_BIRTH:
        return ""
    if levels[_GIVEN] in _OTHER_NAMES:
        return "A number is the same, but neither name nor date of birth is"
    return "" if _more_than_names(levels) else "A number and the name are the same, but nothing else is"


def _without_numbers(levels: tuple[int, ...], *, grown: bool) -> str:
    given, birth = levels[_GIVEN], levels[_BIRTH]
    if given in _OTHER_NAMES:
        return "The given names are not the same"
    said = _with_another_birth(levels) or _with_another_role(levels)
    if not said and levels[_FAMILY] == FamilyLevel.DIFFERS:
        said = _with_other_family_names(levels, grown=grown)
    if said:
        return said
    if given in _TWINS_NAMES and birth in _MAY_BE_ONE_DAY and not grown and _one_household(levels):
        return "Twins may have names that are nearly the same"
    return ""


def _with_another_birth(levels: tuple[int, ...]) -> str:
    if levels[_BIRTH] == BirthLevel.FAR:
        return "They have one name and were born ten years or more apart"
    elsewhere = levels[_PLACE] and levels[_PLACE] not in ONE_HOME
    differs = levels[_BIRTH] == BirthLevel.DIFFERS
    return "Neither the date of birth nor the home is the same" if differs and elsewhere else ""


def _with_another_role(levels: tuple[int, ...]) -> str:
    if levels[_ROLE] == SameLevel.DIFFERS and levels[_BIRTH] not in SAME_BIRTH:
        return "A parent and a child may have the same name"
    whole_name = levels[_GIVEN] == GivenLevel.SAME and levels[_FAMILY] == FamilyLevel.SAME
    if levels[_KIN] == SameLevel.DIFFERS and levels[_BIRTH] not in _BORN_ALIKE and not whole_name:
        return "They are not the same to the child, and the date of birth does not tell"
    return ""


def _with_other_family_names(levels: tuple[int, ...], *, grown: bool) -> str:
    if levels[_BIRTH] not in _BORN_ALIKE and not _other_surname(levels, grown=grown):
        return "Family names differ, and the date of birth does not tell"
    return "Neither the family name nor the sex is the same" if levels[_SEX] == SameLevel.DIFFERS else ""


def _is_the_same_to_the_child(levels: tuple[int, ...]) -> bool:
    """In one family: the mother by her given name, whatever her family name; or the mother born on that very day."""
    if levels[_KIN] != SameLevel.SAME or levels[_SEX] == SameLevel.DIFFERS:
        return False
    given, birth = levels[_GIVEN], levels[_BIRTH]
    return birth == BirthLevel.SAME or (given not in _OTHER_NAMES and birth not in UNLIKE_BIRTH)


def _more_than_names(levels: tuple[int, ...]) -> bool:
    """Where few names are shared by many, the names of parents and children come with each other."""
    return (
        levels[_BIRTH] in {*SAME_BIRTH, BirthLevel.SWAPPED}
        or levels[_PLACE] in ONE_HOME
        or levels[_CONTACTS] == SameLevel.SAME
    )


def _other_surname(levels: tuple[int, ...], *, grown: bool) -> bool:
    """The same given name in the same house with the same adult, brother or sister: a person with two family names.

    Of adults it must be told that they are the same to the child: a grandmother may have the mother's given name.
    """
    if grown and levels[_KIN] != SameLevel.SAME:
        return False
    people = PeopleLevel.SHARED in {levels[_ADULTS], levels[_CHILDREN]}
    here = levels[_PLACE] == PlaceLevel.HOUSE or levels[_CONTACTS] == SameLevel.SAME
    return levels[_GIVEN] in _WRITTEN and people and here


def _one_household(levels: tuple[int, ...]) -> bool:
    return (
        levels[_PLACE] in ONE_HOME
        or not levels[_PLACE]  # where nothing says that they live apart
        or levels[_ADULTS] in {PeopleLevel.SHARED, PeopleLevel.CLOSE}
        or levels[_CONTACTS] == SameLevel.SAME
    )
