"""What is compared, and how far two people can agree in it: the fields of the Fellegi-Sunter model.

The same functions run when the model is trained and when it is used. Every comparison is symmetric.
"""

from __future__ import annotations

from collections.abc import Callable
from enum import IntEnum
from typing import Final, NamedTuple

from hub.matching.features import Features
from hub.matching.same_birth import BirthLevel, birth_level
from hub.matching.same_household import (
    PeopleLevel,
    PlaceLevel,
    SameLevel,
    adults_level,
    children_level,
    contacts_level,
    kin_level,
    nhs_level,
    ni_level,
    place_level,
    role_level,
    school_level,
    sex_level,
    upn_level,
)
from hub.matching.same_name import FamilyLevel, GivenLevel, family_level, given_level


class Field(NamedTuple):
    """One thing compared. `words[level]` tells a person what was found; level 0 says nothing and has no words."""

    name: str
    levels: type[IntEnum]
    words: tuple[str, ...]
    compare: Callable[[Features, Features], int]


FIELDS: Final = (
    Field(
        "given",
        GivenLevel,
        (
            "",
            "Given names are the same",
            "Given names are the same as a preferred or former one",
            "One of several given names is the same",
            "Given names are spellings of the same name",
            "One given name is the other with a slip of the pen",
            "One given name is no more than a short form of the other",
            "One given name is short for the other",
            "Given and family name have changed places",
            "Given names are nearly the same",
            "Given names begin with the same letter, and one is an initial",
            "One given name is the same, the others differ",
            "Given names are similar",
            "One given name is English and may be used beside the other",
            "Given names differ",
        ),
        given_level,
    ),
    Field(
        "family",
        FamilyLevel,
        (
            "",
            "Family names are the same",
            "Family names are the same as a preferred or former one",
            "One part of the family names is the same",
            "Family names differ by a slip of the pen",
            "Family names are similar",
            "Family names differ",
        ),
        family_level,
    ),
    Field(
        "birth",
        BirthLevel,
        (
            "",
            "Date of birth matches exactly",
            "Month and year of birth match, the day is not certain",
            "Day and month of birth have changed places",
            "One digit of the date of birth differs",
            "Date of birth is near the expected date",
            "Date of birth matches in part",
            "Year of birth matches as far as it is given",
            "Dates of birth differ",
            "Dates of birth are ten years or more apart",
        ),
        birth_level,
    ),
    Field("sex", SameLevel, ("", "Sex is the same", "Sex differs"), sex_level),
    Field(
        "role", SameLevel, ("", "Both are adults or both are children", "One is an adult, one is a child"), role_level
    ),
    Field(
        "kin",
        SameLevel,
        ("", "What they are to the child is the same", "They are not the same to the child"),
        kin_level,
    ),
    Field(
        "place",
        PlaceLevel,
        (
            "",
            "Address is the same",
            "Postcode is the same",
            "House and street are the same, the postcode differs",
            "Postcode is the same, the house differs",
            "Postcodes differ in one place",
            "Postcode district or town is the same",
            "Addresses differ",
        ),
        place_level,
    ),
    Field("contacts", SameLevel, ("", "A telephone number or email is the same", "Contacts differ"), contacts_level),
    Field("nhs", SameLevel, ("", "NHS number is valid and the same", "NHS numbers are valid and differ"), nhs_level),
    Field("upn", SameLevel, ("", "UPN is valid and the same", "UPNs are valid and differ"), upn_level),
    Field("ni", SameLevel, ("", "NI number is valid and the same", "NI numbers are valid and differ"), ni_level),
    Field(
        "adults",
        PeopleLevel,
        (
            "",
            "An adult in the household is the same",
            "Adults in the household have names that are close",
            "Adults in the household differ",
            "",
        ),
        adults_level,
    ),
    Field(
        "children",
        PeopleLevel,
        (
            "",
            "Another child in the household is the same",
            "Other children in the household have names that are close",
            "Other children in the household differ",
            "One is told of as a brother or sister of the other",
        ),
        children_level,
    ),
    Field("school", SameLevel, ("", "School is the same", "Schools differ"), school_level),
)
PLACE_OF: Final = {field.name: place for place, field in enumerate(FIELDS)}
_COMPARE: Final = tuple(field.compare for field in FIELDS)


def levels(a: Features, b: Features) -> tuple[int, ...]:
    """The level of each field, in the order of `FIELDS`; 0 where one of the two says nothing."""
    return tuple([compare(a, b) for compare in _COMPARE])
