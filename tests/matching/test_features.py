from __future__ import annotations

import orjson
import pytest
from hypothesis import given

from events.description import Birth, Identifier, IdentifierScheme, Name, Person
from hub.matching.features import Features, OtherVersion, features
from tests.matching.builders import ELSEWHERE, NHS, adult, child, household
from tests.matching.strategies import FEATURES


@given(FEATURES)
def test_features_are_the_same_after_keeping(found: Features) -> None:
    assert Features.from_bytes(found.to_bytes()) == found


def test_features_of_another_version_are_not_read() -> None:
    with pytest.raises(OtherVersion):
        Features.from_bytes(orjson.dumps([0, *Features()]))


def test_all_names_that_somebody_goes_by_are_kept_the_legal_one_first() -> None:
    name = Name(given="Amelia", preferred_given="Millie", family="Madeup", former_family="Inventedson-Madeup")
    found = features(Person(name=name))

    assert found.given == ("amelia", "millie")
    assert found.family == ("madeup", "inventedsonmadeup")
    assert found.family_words == ("madeup", "inventedson")


def test_a_child_is_described_with_the_household_around_it() -> None:
    first, second, mother, lodger = household(
        child(), child(given="Oliver", home=None), adult(), adult(given="Thomas", home=ELSEWHERE)
    )

    assert first.adults == ("katherine inventedson", "thomas inventedson")
    assert first.children == ("oliver",)
    assert (second.postcode, second.house) == ("PE291AA", "12")
    assert mother.children == ("amelia", "oliver")
    assert mother.adults == ("thomas inventedson",)
    assert lodger.postcode == "PE139ZZ"


@pytest.mark.parametrize("beside", [child("Oliver"), adult()], ids=["brother", "mother"])
def test_a_child_whose_names_changed_places_is_told_by_the_familys_name(beside: Person) -> None:
    told = household(child("Inventedson", "Amelia"), beside)[0]

    assert (told.given, told.family) == (("amelia",), ("inventedson",))


def test_names_stay_in_their_places_where_the_family_has_both() -> None:
    father = household(adult("Inventedson", "Madeup"), child())[0]
    daughter = household(child("Grace", "Inventedson"), adult("Katherine", "Grace"), child("Oliver"))[0]

    assert (father.given, father.family) == (("inventedson",), ("madeup",)), "the father's name is the children's"
    assert (daughter.given, daughter.family) == (("grace",), ("inventedson",))


def test_only_valid_numbers_are_relied_on() -> None:
    assert features(child(nhs="900 000 0009")).nhs == (NHS,)
    assert features(child(nhs="9000000008")).nhs == ()


def test_a_national_insurance_number_counts_for_adults_alone() -> None:
    number = (Identifier(scheme=IdentifierScheme.NI_NUMBER, value="AB123456C"),)

    assert features(adult().model_copy(update={"identifiers": number})).ni == ("AB123456C",)
    assert features(child().model_copy(update={"identifiers": number})).ni == ()


def test_the_date_of_an_unborn_child_is_an_expected_one() -> None:
    found = features(Person(unborn=True, birth=Birth(date="2026-04-09")))

    assert found.expected
    assert found.unborn


def test_a_description_of_nothing_has_no_features() -> None:
    assert features(Person()) == Features()
