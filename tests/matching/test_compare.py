from __future__ import annotations

import pytest
from hypothesis import given

from events.description import Address, Name, Sex
from hub.matching.compare import FIELDS, PLACE_OF, levels
from hub.matching.features import Features, features
from hub.matching.same_household import PeopleLevel, PlaceLevel, SameLevel
from hub.matching.same_name import FamilyLevel, GivenLevel
from tests.matching.builders import HOME, NHS, OTHER_NHS, adult, child, household
from tests.matching.strategies import FEATURES


def found(field: str, one: Features, other: Features) -> int:
    return levels(one, other)[PLACE_OF[field]]


@given(FEATURES, FEATURES)
def test_comparing_anybody_with_anybody_is_symmetric_and_gives_a_known_level(one: Features, other: Features) -> None:
    both = levels(one, other)

    assert both == levels(other, one)
    assert all(level in {0, *field.levels} for field, level in zip(FIELDS, both, strict=True))


@given(FEATURES)
def test_nobody_differs_from_themselves(one: Features) -> None:
    names = {field.levels(level).name for field, level in zip(FIELDS, levels(one, one), strict=True) if level}

    assert names.isdisjoint({"DIFFERS", "DIFFER", "FAR", "NEAR", "SIMILAR"})


def test_every_level_has_words_for_a_person() -> None:
    for field in FIELDS:
        said = [field.words[level] for level in field.levels]
        unsaid = {"EACH_OTHER"} if field.name == "adults" else set()
        assert {level.name for level, words in zip(field.levels, said, strict=True) if not words} == unsaid


@pytest.mark.parametrize(
    ("one", "other", "level"),
    [
        ("Amelia", "AMÉLIA", GivenLevel.SAME),
        ("Mei-Ling", "Meiling", GivenLevel.SAME),
        ("Mei Ling", "Ling", GivenLevel.ONE_OF_SEVERAL),
        ("Aisha", "Aysha", GivenLevel.SPELT),
        ("Mohammed", "Muhammad", GivenLevel.SPELT),
        ("Katherine", "Kate", GivenLevel.NICKNAME),
        ("Katherine", "Kasia", GivenLevel.SHORTENED),
        ("John", "Johnny", GivenLevel.NICKNAME),
        ("Elizabeth", "Eliza", GivenLevel.NICKNAME),
        ("Archie", "Arch", GivenLevel.SHORTENED),
        ("Samuel", "Sam", GivenLevel.SHORTENED),
        ("Theodore", "Theo", GivenLevel.NICKNAME),
        ("Sivakumar", "Siva", GivenLevel.SHORTENED),
        ("Sam", "Samina", GivenLevel.SIMILAR),
        ("Ann", "Annie", GivenLevel.NICKNAME),
        ("Emily", "Emma", GivenLevel.NICKNAME),
        ("Maryam", "Maryarn", GivenLevel.SLIP),
        ("Maryam", "Mariyarn", GivenLevel.SLIP),
        ("Inventedson", "Inventedsen", GivenLevel.SLIP),
        ("Isla", "Ila", GivenLevel.SLIP),
        ("Olivia", "Alivia", GivenLevel.CLOSE),
        ("Mei-Ling", "Mei-Lign", GivenLevel.SLIP),
        ("Muhammad Hamza", "Muhammmad Hamza", GivenLevel.SLIP),
        ("Amelia", "A.", GivenLevel.INITIAL),
        ("A", "A", GivenLevel.INITIAL),
        ("Amelia", "Z", GivenLevel.DIFFERS),
        ("Amelia", "Zofia", GivenLevel.DIFFERS),
        ("Muhammad Bilal", "Muhammad Yusuf", GivenLevel.DIFFERS),
        ("Muhammad Ali", "Muhammad Adil", GivenLevel.DIFFERS),
        ("Muhammad Ali", "Ali", GivenLevel.SAME),
        ("Maisie", "Maisy", GivenLevel.SPELT),
        ("Muhammad", "Mohammed Bilal", GivenLevel.ONE_OF_SEVERAL),
        ("Muhammad Bilal", "Bilal", GivenLevel.SAME),
        ("Baby", "Amelia", 0),
        ("???", "Unknown", 0),
    ],
)
def test_given_names_agree_so_far(one: str, other: str, level: int) -> None:
    assert found("given", features(child(given=one)), features(child(given=other))) == level


def test_middle_names_tell_two_people_of_one_first_name_apart() -> None:
    def named(middle: str) -> Features:
        return features(child(name=Name(given="Muhammad", middle=middle, family="Wahmi")))

    assert found("given", named("Bilal"), named("Yusuf")) == GivenLevel.OTHER_MIDDLE
    assert found("given", named("Bilal"), named("B")) == GivenLevel.SAME
    assert found("given", named("Bilal"), named("Bilaal")) == GivenLevel.SAME
    assert found("given", named("Bilal"), named("")) == GivenLevel.SAME


def test_names_given_crosswise_to_two_children_are_not_one_name() -> None:
    one = features(child(name=Name(given="Harley", middle="Charlie", family="Madeup")))
    other = features(child(name=Name(given="Charlie", middle="Noah", family="Madeup")))

    assert found("given", one, other) == GivenLevel.OTHER_MIDDLE
    assert found("given", one, features(child("Charlie", "Madeup"))) == GivenLevel.ONE_OF_SEVERAL


def test_a_middle_name_written_into_the_given_one_is_the_same() -> None:
    one = features(child(name=Name(given="Tia", middle="Mae", family="Madeup")))
    other = features(child(name=Name(given="Tia-Mae", family="Madeup")))

    assert found("given", one, other) == GivenLevel.SAME


def test_a_preferred_name_is_a_name() -> None:
    one = features(child(name=Name(given="Amelia", preferred_given="Poppy", family="Madeup")))

    assert found("given", one, features(child(given="Poppy"))) == GivenLevel.ALSO_KNOWN_AS


def test_swapped_names_count_once() -> None:
    one, other = features(child("Amelia", "Madeup")), features(child("Madeup", "Amelia"))
    slip = features(child("Madeup", "Ameila"))

    assert found("given", one, other) == found("given", one, slip) == GivenLevel.SWAPPED
    assert found("family", one, other) == found("family", one, slip) == 0


@pytest.mark.parametrize(
    ("one", "other", "level"),
    [
        ("O\u2019Fictional", "OFictional", FamilyLevel.SAME),
        ("van der Madeup", "Madeup", FamilyLevel.SAME),
        ("MacPretend", "McPretend", FamilyLevel.SAME),
        ("Inventedson-Madeup", "Madeup", FamilyLevel.ONE_OF_SEVERAL),
        ("Inventedson-Madeup", "Madeup-Inventedson", FamilyLevel.ONE_OF_SEVERAL),
        ("Wahmi Begum", "Farzi Begum", FamilyLevel.DIFFERS),
        ("Inventedson", "Inventedsen", FamilyLevel.CLOSE),
        ("Qureshi", "Quraishi", FamilyLevel.CLOSE),
        ("Zhang", "Cheung", FamilyLevel.CLOSE),
        ("Alkhayali", "Khayali", FamilyLevel.CLOSE),
        ("Al", "Khayali", 0),
        ("Madeup", "Maydup", FamilyLevel.SIMILAR),
        ("Madeup", "Kalpanik", FamilyLevel.DIFFERS),
        ("Madeup", "Not known", 0),
    ],
)
def test_family_names_agree_so_far(one: str, other: str, level: int) -> None:
    assert found("family", features(child(family=one)), features(child(family=other))) == level


def test_names_of_several_words_are_swapped_word_for_word() -> None:
    one, other = features(child("Muhammad Bilal", "Wahmi")), features(child("Wahmi", "Bilal"))

    assert found("given", one, other) == GivenLevel.SWAPPED
    assert found("family", one, other) == 0


@pytest.mark.parametrize(
    ("line", "postcode", "level"),
    [
        ("12 Invented Rd", "pe291aa", PlaceLevel.HOUSE),
        ("14 Invented Road", "PE29 1AA", PlaceLevel.NEIGHBOURS),
        ("Flat 2, 12 Invented Road", "PE29 1AA", PlaceLevel.POSTCODE),
        ("Invented Road", "PE29 1AA", PlaceLevel.POSTCODE),
        ("12 Invented Road", "PE26 3AA", PlaceLevel.STREET),
        ("7 Imagined Close", "PE29 1AB", PlaceLevel.NEAR),
        ("7 Imagined Close", "PE29 6ZZ", PlaceLevel.DISTRICT),
        ("7 Imagined Close", "CB1 1AA", PlaceLevel.DIFFERS),
        ("7 Imagined Close", "ZZ99 3VZ", 0),
    ],
)
def test_addresses_agree_so_far(line: str, postcode: str, level: int) -> None:
    other = features(child(home=Address(lines=(line,), postcode=postcode)))

    assert found("place", features(child(home=HOME)), other) == level


def test_valid_numbers_are_the_same_or_differ_and_one_alone_says_nothing() -> None:
    one = features(child(nhs=NHS))

    assert found("nhs", one, one) == SameLevel.SAME
    assert found("nhs", one, features(child(nhs=OTHER_NHS))) == SameLevel.DIFFERS
    assert found("nhs", one, features(child())) == 0
    assert found("nhs", one, features(child(nhs="9000000008"))) == 0


def test_a_brother_or_sister_in_one_description_is_not_the_other_person() -> None:
    known, _ = household(child("Aisha"), child("Aysha"))
    told = features(child("Aysha"))

    assert found("children", known, told) == PeopleLevel.EACH_OTHER


def test_adults_around_a_child_are_compared_by_name() -> None:
    one = household(child(), adult("Katherine"))[0]

    assert found("adults", one, household(child(), adult("Thomas"), adult("Katherine"))[0]) == PeopleLevel.SHARED
    assert found("adults", one, household(child(), adult("Kathrine"))[0]) == PeopleLevel.CLOSE
    assert found("adults", one, household(child(), adult("Thomas"))[0]) == PeopleLevel.DIFFER


def test_of_several_forms_of_a_name_each_is_compared() -> None:
    told = features(child(name=Name(given="Młagorzata", family="Madeup")))
    known = features(child(name=Name(given="Małgorzata", preferred_given="Gosia", family="Madeup")))

    assert found("given", told, known) == GivenLevel.SLIP


def test_families_of_chinese_names_may_use_an_english_name_beside_their_own() -> None:
    assert found("given", features(child("Vincent", "Wong")), features(child("Tsz-Hin", "Wong"))) == GivenLevel.SECOND
    assert found("given", features(child("Vincent", "Madeup")), features(child("Tsz-Hin", "Madeup"))) == (
        GivenLevel.DIFFERS
    )


@pytest.mark.parametrize(
    ("one", "other", "level"),
    [
        ("mother", "Mum", SameLevel.SAME),
        ("father", "step-father", 0),
        ("mother", "Nan", SameLevel.DIFFERS),
        ("carer", "mother", 0),
        ("mother", None, 0),
    ],
)
def test_what_adults_are_to_the_child_is_compared_where_it_is_told(one: str, other: str | None, level: int) -> None:
    told, known = (features(adult().model_copy(update={"relationship": relationship})) for relationship in (one, other))
    assert found("kin", told, known) == level


def test_a_parent_is_the_mother_or_the_father_by_their_sex() -> None:
    mother, parent = (adult().model_copy(update={"relationship": said}) for said in ("mother", "parent"))
    assert found("kin", features(mother), features(parent)) == SameLevel.SAME


def test_that_the_mother_and_the_father_have_two_names_says_nothing() -> None:
    def beside(given: str, relationship: str | None) -> Features:
        return household(child(), adult(given).model_copy(update={"relationship": relationship}))[0]

    assert found("adults", beside("Katherine", "mother"), beside("Thomas", "father")) == 0
    assert found("adults", beside("Katherine", "mother"), beside("Zofia", "mother")) == PeopleLevel.DIFFER
    assert found("adults", beside("Katherine", "mother"), beside("Thomas", None)) == PeopleLevel.DIFFER


def test_an_unknown_sex_says_nothing() -> None:
    assert found("sex", features(child(sex=Sex.MALE)), features(child(sex=Sex.NOT_KNOWN))) == 0
