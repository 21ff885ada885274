from __future__ import annotations

from random import Random
from typing import Any

import pytest

from events.description import Address, Birth, ContactPoint, Identifier, IdentifierScheme, Person
from events.doubt import DoubtDetails, PersonDoubted
from hub.arrival import Outcome
from hub.deciders.recognised import TOO_COMMON
from hub.matching.described import describe
from hub.matching.known import Known
from hub.submission import Change
from tests.deciders.deciding import decided, doubts, household, links, names
from tests.intake.words import INDEX, TRUST, a_child, a_receipt, a_referral, an_adult, an_arrival, case, nhs, ni

SAMS_NHS, KIMS_NHS = "9000000009", "9434765919"
NI = "AA123456A"
FAR = "CB4 7CK"


def told_why(doubt: PersonDoubted) -> DoubtDetails:
    assert isinstance(doubt.details, DoubtDetails)
    return doubt.details


def invented_name(number: int) -> tuple[str, str]:
    """A given and a family name that are like no other number's."""
    letters = Random(number).sample("abcdefghijklmnopqrstuvwxyz", 20)
    return "".join(letters[:8]).title(), "".join(letters[8:]).title()


def sam(**more: Any) -> Person:
    return a_child("Sam", identifiers=(nhs(SAMS_NHS),), **more)


def kim(**more: Any) -> Person:
    return a_child("Kim", born="2013-09-09", postcode=FAR, identifiers=(nhs(KIMS_NHS),), **more)


@pytest.mark.parametrize(
    "other",
    [
        a_child("Kim", born="2018-06-14"),
        a_child(given="Robin", family="Otherwise", postcode=FAR),
        a_child("Sam", "Otherwise", "2011-07-19", postcode=FAR),
    ],
    ids=["brother", "born on the same day", "only the given name"],
)
def test_who_is_not_alike_is_new_and_in_a_family_of_its_own(other: Person) -> None:
    known = Known()
    first = household(an_arrival(), known)
    second = household(an_arrival(a_referral(other)), known)
    assert second.family_id != first.family_id
    assert doubts(second) == []
    assert [link.method for link in links(second)] == ["NEW"]


def test_a_mother_and_child_of_common_names_are_found_again_in_the_same_town_and_nobody_is_asked() -> None:
    known = Known()
    household(an_arrival(a_referral(a_child(), adults=(an_adult(),))), known)
    namesake = a_child(born="2009-11-30", postcode="PE1 4ZZ")
    second = household(an_arrival(a_receipt(namesake, adults=(an_adult(),)), TRUST), known)
    assert doubts(second) == []


@pytest.mark.parametrize(
    ("other", "why"),
    [
        (
            a_child(born="2015-03-02", postcode=FAR),
            "The person matches, but the home, school, telephone or adults around them differ",
        ),
        (a_child("Sam", born=None), "Names match, but no number, date of birth or telephone does"),
        (a_child("Sami", born="2015-02-03"), "Twins may have names that are nearly the same"),
    ],
    ids=["moved", "no date of birth", "a twin's name may be near"],
)
def test_who_may_be_known_is_accepted_in_a_provisional_family_and_doubted(other: Person, why: str) -> None:
    known = Known()
    first = household(an_arrival(a_referral(adults=(an_adult(),))), known)
    decision = decided(an_arrival(a_receipt(other), TRUST), known)
    assert decision.outcome is Outcome.ACCEPTED
    assert decision.household is not None
    [doubt] = doubts(decision.household)
    assert doubt.person_id == decision.household.people[0]
    assert doubt.candidates == (first.people[0],)
    assert doubt.family_id == decision.household.family_id != first.family_id
    assert isinstance(doubt.details, DoubtDetails)
    assert doubt.details.why == why
    [pair] = doubt.details.pairs
    assert pair.reasons
    assert pair.within is not None
    assert pair.within < pair.score, "what a household shares does not count against the others of the household"
    assert not any(reason.startswith("Address") for reason in pair.within_reasons)
    [draft] = [draft for draft in decision.drafts if draft.event is doubt]
    assert (draft.stream, draft.key_id) == (f"person/{doubt.person_id}", doubt.person_id)


@pytest.mark.parametrize(
    "other",
    [
        a_child("SAM", "INVÉNTEDSON", postcode="pe19vv"),
        a_child("Sam", born="2015-02"),
        a_child("Sam", born="2015-03-02"),
    ],
    ids=["another spelling", "no day of birth", "day and month swapped"],
)
def test_who_is_clearly_known_is_known(other: Person) -> None:
    known = Known()
    first = household(an_arrival(), known)
    assert household(an_arrival(a_receipt(other), TRUST), known).people == first.people


def test_a_twin_is_not_taken_for_the_other() -> None:
    known = Known()
    first = household(an_arrival(a_referral(a_child("Sam"), adults=(an_adult(),))), known)
    for twin in ("Kim", "Samina", "Pam"):
        assert (
            household(an_arrival(a_receipt(a_child(twin), adults=(an_adult(),))), known).people[0] not in first.people
        )


def test_the_doubted_in_the_same_words_again_is_the_doubted_again() -> None:
    known = Known()
    household(an_arrival(a_referral(adults=(an_adult(),))), known)
    moved = a_child(postcode=FAR)
    first = household(an_arrival(a_receipt(moved), TRUST), known)
    again = decided(an_arrival(a_receipt(moved), TRUST), known)
    assert again.household is not None
    assert again.household.people == first.people
    assert names(again) == ["submission.accepted", "information.received"]


def test_what_points_at_two_people_is_doubted_and_moves_nobody() -> None:
    known = Known()
    first = household(an_arrival(a_referral(sam())), known)
    second = household(an_arrival(a_referral(kim())), known)
    both = a_referral(a_child(None, None, None, identifiers=(nhs(SAMS_NHS), nhs(KIMS_NHS))))
    decision = decided(an_arrival(both), known)
    assert decision.outcome is Outcome.ACCEPTED
    assert decision.household is not None
    assert decision.household.family_id not in {first.family_id, second.family_id}
    [doubt] = doubts(decision.household)
    assert set(doubt.candidates) == {first.people[0], second.people[0]}
    assert known.people[first.people[0]].family_id == first.family_id


def test_a_number_of_another_child_is_asked_about_however_well_the_rest_fits() -> None:
    known = Known()
    first = household(an_arrival(a_referral(sam())), known)
    second = household(an_arrival(a_referral(kim())), known)
    both = a_child("Sam", identifiers=(nhs(SAMS_NHS), nhs(KIMS_NHS)))
    [doubt] = doubts(household(an_arrival(a_referral(both)), known))
    assert doubt.candidates == (first.people[0], second.people[0])


def test_a_child_known_by_number_decides_the_family_and_moves_nobody() -> None:
    known = Known()
    first = household(an_arrival(a_referral(sam())), known)
    other = household(an_arrival(a_referral(kim())), known)
    found = household(an_arrival(a_referral(sam(), siblings=(kim(),))), known)
    assert found.family_id == first.family_id
    assert found.people == [first.people[0], other.people[0]]
    assert doubts(found) == []
    assert known.people[other.people[0]].family_id == other.family_id


def test_a_new_child_with_siblings_in_two_families_is_in_a_new_one_where_they_are_doubted() -> None:
    known = Known()
    first = household(an_arrival(a_referral(sam())), known)
    second = household(an_arrival(a_referral(kim())), known)
    told = a_referral(a_child("Robin", "Otherwise", "2018-05-05", postcode="PE2 9VV"), siblings=(sam(), kim()))
    found = household(an_arrival(told), known)
    assert found.family_id not in {first.family_id, second.family_id}
    assert [doubt.candidates for doubt in doubts(found)] == [(first.people[0],), (second.people[0],)]
    update = told.model_copy(update={"change": Change.UPDATE, "source": case("C-9")})
    again = household(an_arrival(update), known)
    assert (again.family_id, again.people, doubts(again)) == (found.family_id, found.people, [])


def test_a_sibling_who_is_known_places_a_new_child() -> None:
    known = Known()
    first = household(an_arrival(a_referral(sam())), known)
    found = household(an_arrival(a_referral(a_child("Robin", born="2019-05-05"), siblings=(sam(),))), known)
    assert found.family_id == first.family_id
    assert [link.method for link in links(found)] == ["NEW"], "of the other one nothing new was told"


def test_an_adult_who_is_known_places_a_new_child_of_the_same_home_alone() -> None:
    known = Known()
    parent = an_adult(identifiers=(ni(NI),))
    first = household(an_arrival(a_referral(adults=(parent,))), known)
    at_home = household(an_arrival(a_receipt(a_child("Kim", born=None), adults=(parent,))), known)
    elsewhere = a_receipt(a_child("Robin", born=None, postcode=FAR), adults=(parent,))
    apart = household(an_arrival(elsewhere), known)
    assert at_home.family_id == first.family_id
    assert apart.family_id != first.family_id
    assert [doubt.candidates for doubt in doubts(apart)] == [(first.people[1],)], "one person, and perhaps two homes"


def test_an_adult_without_postcode_is_known_by_name_inside_the_family() -> None:
    known = Known()
    first = household(an_arrival(a_referral(sam(), adults=(an_adult(),))), known)
    moved = sam(postcode=None)
    found = household(an_arrival(a_receipt(moved, adults=(an_adult(),)), TRUST), known)
    assert found.people == first.people
    assert doubts(found) == []


def test_a_parent_and_a_child_of_one_name_are_two() -> None:
    known = Known()
    first = household(an_arrival(a_referral(sam(), adults=(an_adult("Sam"),))), known)
    again = household(an_arrival(a_receipt(sam(), adults=(an_adult("Sam"),)), TRUST), known)
    assert len(set(first.people)) == 2
    assert again.people == first.people
    assert doubts(again) == []


def test_a_child_alone_alike_while_all_others_are_elsewhere_is_doubted() -> None:
    known = Known()
    first = household(an_arrival(a_referral(a_child("Sam"))), known)
    parent = an_adult("Alex", "Otherwise", identifiers=(ni(NI),))
    second = household(an_arrival(a_referral(a_child("Kim", "Otherwise", "2017-07-07"), adults=(parent,))), known)
    found = household(an_arrival(a_receipt(a_child("Sam"), adults=(parent,)), TRUST), known)
    assert found.family_id not in {first.family_id, second.family_id}
    assert {doubt.candidates[0] for doubt in doubts(found)} == {first.people[0], second.people[1]}


def test_two_children_of_one_given_name_told_of_together_are_asked_about() -> None:
    known = Known()
    household(an_arrival(a_referral(a_child("Sam"))), known)
    told = a_receipt(a_child("Sam"), siblings=(a_child("Sam", "Otherwise", born="2019-05-05"),))
    found = household(an_arrival(told, TRUST), known)
    assert told_why(doubts(found)[0]).why == "Two children told of together have this given name"


def test_a_namesake_is_not_asked_about_where_the_others_are_not_of_that_family() -> None:
    known = Known()
    household(an_arrival(a_referral(a_child("Sam", born=None, postcode=None), adults=(an_adult(),))), known)
    alone = a_receipt(a_child("Sam", postcode=None), adults=(an_adult("Robin", "Otherwise"), an_adult("Lee", "Other")))
    found = household(an_arrival(alone, TRUST), known)
    assert doubts(found) == []


def test_who_is_told_of_together_is_one_if_the_families_are() -> None:
    known = Known()
    told = a_referral(a_child("Sam", born=None, postcode=None), adults=(an_adult("Alex"),))
    first = household(an_arrival(told), known)
    found = household(an_arrival(a_receipt(a_child("Sam", postcode=None), adults=(an_adult("Alex"),)), TRUST), known)
    assert [details.if_one_family for details in map(told_why, doubts(found))] == first.people


def test_two_who_were_decided_to_be_two_are_not_doubted_again() -> None:
    known = Known()
    first = household(an_arrival(a_referral(sam(), adults=(an_adult(),))), known)
    second = household(an_arrival(a_receipt(a_child(postcode=FAR), adults=(an_adult("Jo"),)), TRUST), known)
    pair = (first.people[0], second.people[0])
    third = a_receipt(a_child(postcode=FAR), summary="Told once more.", adults=(an_adult("Jo"), an_adult("Lee")))
    known.distinct |= {pair, pair[::-1]}
    found = household(an_arrival(third), known)
    assert found.people[0] == second.people[0]
    assert doubts(found) == []


def test_a_hostel_of_a_thousand_people_makes_no_crowd_of_candidates() -> None:
    known = Known()
    hostel = Address(lines=("1 Hostel Road",), postcode="PE1 9VV")
    for number in range(1_000):
        person = a_child(*invented_name(number), "2015-01-01").model_copy(update={"address": hostel})
        household(an_arrival(a_referral(person)), known)
    assert len(known.families) > 990, "to live in one house and to be born on one day makes nobody the same"
    newcomer = a_child(*invented_name(2_000), "2015-01-01").model_copy(update={"address": hostel})
    [link] = links(household(an_arrival(a_referral(newcomer)), known))
    assert "Too many people share this house to look by it" in link.reasons


def test_every_kind_of_key_has_words_for_when_it_is_too_common() -> None:
    everything = an_adult(
        birth=Birth(date="1990-02-03"),
        address=Address(lines=("1 Storybook Lane",), postcode="PE1 9VV"),
        contacts=(ContactPoint(kind="phone", value="07700 900123"),),
        identifiers=(ni(NI), nhs(KIMS_NHS)),
    )
    pupil = sam().model_copy(update={"identifiers": (Identifier(scheme=IdentifierScheme.UPN, value="B801200005001"),)})
    kinds = {
        kind for one in describe(a_referral(pupil, adults=(everything,)), "school", INDEX) for kind in one.keys.values()
    }
    assert kinds >= {"nhs", "upn", "ni", "contact"}
    assert kinds <= set(TOO_COMMON)


def test_a_number_that_forty_children_were_given_is_no_identity() -> None:
    known = Known()
    everybody = []
    for number in range(40):
        child = a_child(*invented_name(number), f"20{number % 10 + 10}-03-{number % 28 + 1:02}", postcode=FAR)
        told = child.model_copy(update={"identifiers": (nhs(SAMS_NHS),)})
        everybody += household(an_arrival(a_referral(told)), known).people
    assert len(set(everybody)) == 40, "nobody is taken for another by the number alone"
    seventh = a_child(*invented_name(7), "2009-12-24", postcode="PE1 9VV", identifiers=(nhs(SAMS_NHS),))
    [doubt] = doubts(household(an_arrival(a_referral(seventh)), known))
    assert doubt.candidates[0] == everybody[7]
    assert len(doubt.candidates) <= 5
