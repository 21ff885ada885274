"""Known, new or doubtful, told as families."""

from __future__ import annotations

from dataclasses import replace
from uuid import UUID, uuid4

import pytest

from events.description import Name, Person, Sex
from hub.matching.choose import Choice, Outcome, candidate, choose
from hub.matching.features import Features, features
from hub.matching.model import shipped
from hub.matching.score import score
from tests.matching.builders import AT, ELSEWHERE, HOME, NHS, OTHER_NHS, adult, child, household

SOME, OTHER = UUID(int=1), UUID(int=2)


def chosen(told: Features, *known: tuple[UUID, Features], taken: frozenset[UUID] = frozenset()) -> Choice:
    return choose([candidate(block, told, each, score(told, each, shipped())) for block, each in known], AT, taken)


def outcome(told: Person, known: Person) -> Outcome:
    return chosen(features(told), (SOME, features(known))).outcome


def in_household(told: Person, known: Person) -> Outcome:
    """Both described with the same mother."""
    mother = adult(phone="07700 900123")
    return chosen(household(told, mother)[0], (SOME, household(known, mother)[0])).outcome


def test_nobody_to_compare_with_is_new() -> None:
    assert chosen(features(child())) == Choice(Outcome.NEW)


def test_the_same_child_is_linked() -> None:
    choice = chosen(features(child()), (SOME, features(child())))

    assert choice.outcome is Outcome.LINKED
    assert [each.block for each in choice.candidates] == [SOME]


def test_a_child_is_linked_in_spite_of_one_slip() -> None:
    for told in (
        child(family="Madeup"),
        child(born="2016-09-04"),
        child(born="2016-04-19"),
        child(home=ELSEWHERE),
        child(family="Inventedson-Madeup"),
        child(given="Inventedson", family="Amelia"),
        child(born="2016-04"),
    ):
        assert in_household(told, child()) is Outcome.LINKED, told.name


def test_twins_whose_names_were_both_written_the_wrong_way_round_are_two() -> None:
    father = adult(given="Suresh", family="Kumaran", phone="07700 900123")
    told, known = (household(child(given="Suresh", family=family), father)[0] for family in ("Sivani", "Ravani"))

    choice = chosen(told, (SOME, known))

    assert choice.outcome is Outcome.DOUBTFUL
    assert choice.why == "The name they share may be the family's, written in the given name's place"


def test_a_child_told_of_by_an_initial_or_a_short_name_may_be_the_twin() -> None:
    for given, born in (("A", "2016-04-09"), ("Elizabeth", "2016")):
        known = child(given="Lily" if born == "2016" else "Amelia")
        assert in_household(child(given=given, born=born), known) is Outcome.DOUBTFUL, given


def test_a_brother_told_of_by_the_familys_name_is_not_his_sister() -> None:
    told = child(given="Miah", family="Tanvir", sex=Sex.MALE)

    choice = chosen(features(told), (SOME, features(child(given="Miah", family="Nadia"))))

    assert choice.outcome is Outcome.DOUBTFUL
    assert choice.why == "Neither the family name nor the sex is the same"


def test_a_mother_without_a_date_of_birth_is_linked_by_name_home_and_telephone() -> None:
    mother = adult(phone="07700 900123")

    assert chosen(features(mother), (SOME, features(mother))).outcome is Outcome.LINKED


def test_twins_are_told_apart() -> None:
    for twin in (child("Rosie"), child("Oliver", sex=Sex.MALE), child("Amy-Lou"), child("Amelie")):
        assert in_household(twin, child("Amelia")) is not Outcome.LINKED, twin.name


def test_twins_with_nearly_the_same_name_are_for_a_person_to_look_at() -> None:
    for one, other in (("Mia", "Maya"), ("Hassan", "Hasnain"), ("Jayden", "Hayden"), ("Ann", "Annie")):
        assert in_household(child(one), child(other)) is Outcome.DOUBTFUL


def test_a_slip_of_the_pen_or_another_spelling_is_no_twin() -> None:
    """Twins have two names; a word that nobody is called, one letter from a name, is a slip."""
    for one, other in (("Amelia", "Amleia"), ("Hassan", "Hasssan"), ("Aisha", "Aysha"), ("Finlay", "Finley")):
        assert in_household(child(one), child(other)) is Outcome.LINKED, one


def test_brothers_may_have_one_middle_name() -> None:
    def named(given: str) -> Person:
        return child(name=Name(given=given, middle="Figment", family="Madeup"))

    assert in_household(named("Jack"), named("Jake")) is Outcome.DOUBTFUL
    assert in_household(named("Jack"), named("Jcak")) is Outcome.LINKED


def test_a_short_form_is_linked_where_it_cannot_be_a_twins_name() -> None:
    """Emily and Millie, Ella and Isabella are twins as well as one child."""
    assert in_household(child("Millie"), child("Amelia")) is Outcome.DOUBTFUL
    assert in_household(child("Millie", born="2016-09-04"), child("Amelia")) is Outcome.LINKED
    assert in_household(child("Millie", nhs=NHS), child("Amelia", nhs=NHS)) is Outcome.LINKED


def test_a_grandmother_of_the_mothers_name_is_not_the_mother() -> None:
    """They share the house, the telephone and the children, and no date of birth is told."""
    told, known = (
        household(adult("Katherine", family, phone="07700 900123"), child())[0] for family in ("Madeup", "Kalpanik")
    )

    choice = chosen(told, (SOME, known))
    assert choice.outcome is Outcome.DOUBTFUL
    assert choice.why == "Family names differ, and the date of birth does not tell"


@pytest.mark.parametrize(
    ("told", "known", "outcome"),
    [("mother", "Mum", Outcome.LINKED), ("mother", "grandmother", Outcome.DOUBTFUL)],
)
def test_a_mother_with_two_family_names_is_one_where_both_are_told_to_be_the_mother(
    told: str, known: str, outcome: Outcome
) -> None:
    one, other = (
        adult("Katherine", family, phone="07700 900123").model_copy(update={"relationship": said})
        for family, said in (("Madeup", told), ("Kalpanik", known))
    )
    choice = chosen(household(one, child())[0], (SOME, household(other, child())[0]))
    assert choice.outcome is outcome


def test_who_has_the_name_but_was_born_ten_years_apart_is_asked_about() -> None:
    choice = chosen(household(child(), adult())[0], (SOME, household(child(born="2004-08-30"), adult())[0]))

    assert choice.outcome is Outcome.DOUBTFUL
    assert choice.why == "They have one name and were born ten years or more apart"


def test_of_near_names_without_a_home_it_is_not_known_that_they_are_no_twins() -> None:
    one, other = (child(name).model_copy(update={"address": None}) for name in ("Olivia", "Alivia"))
    assert chosen(features(one), (SOME, features(other))).outcome is not Outcome.LINKED


def test_a_number_in_common_settles_a_name_nearly_the_same() -> None:
    assert in_household(child("Mia", nhs=NHS), child("Maya", nhs=NHS)) is Outcome.LINKED


def test_a_twin_who_is_told_of_as_the_sister_is_not_linked_even_with_her_number() -> None:
    known = household(child("Aisha"), child("Ayesha"))[0]

    assert chosen(features(child("Ayesha")), (SOME, known)).outcome is not Outcome.LINKED


def test_a_brother_or_sister_is_new() -> None:
    for sibling in (child("Rosie", born="2018-11-27"), child("Oliver", born="2012-01-30", sex=Sex.MALE)):
        assert in_household(sibling, child()) is Outcome.NEW


def test_different_valid_numbers_are_never_linked() -> None:
    assert in_household(child(nhs=NHS), child(nhs=OTHER_NHS)) is not Outcome.LINKED


def test_a_number_that_differs_from_any_description_of_a_person_bars_all_of_them() -> None:
    told = features(child(nhs=NHS))
    choice = chosen(told, (SOME, features(child())), (SOME, features(child(nhs=OTHER_NHS))))

    assert choice.outcome is Outcome.DOUBTFUL
    assert choice.why


def test_a_sisters_number_typed_for_a_child_is_not_believed() -> None:
    assert in_household(child("Rosie", born="2018-11-27", nhs=NHS), child(nhs=NHS)) is Outcome.DOUBTFUL


def test_cousins_of_one_name_are_two_people() -> None:
    cousin = child(born="2015-12-30", home=ELSEWHERE)

    assert outcome(cousin, child()) is not Outcome.LINKED


def test_names_alone_are_not_enough_though_all_the_family_has_them() -> None:
    """Where few names are shared by many, a mother and a daughter of the same names are no rarity."""
    told, known = (
        household(child("Priya", "Kalpanik", born=None, home=home), adult("Ananya", "Kalpanik", home=home))[0]
        for home in (HOME, ELSEWHERE)
    )

    choice = chosen(told, (SOME, known))
    assert choice.outcome is Outcome.DOUBTFUL
    assert choice.why == "Only names match"


def test_namesakes_of_another_birth_date_are_not_worth_a_look() -> None:
    told, known = (
        household(child("Priya", "Kalpanik", born=born, home=home), adult("Ananya", "Kalpanik", home=home))[0]
        for born, home in (("2013-11-27", HOME), ("2016-04-09", ELSEWHERE))
    )

    assert chosen(told, (SOME, known)).outcome is Outcome.NEW


def test_names_are_enough_inside_a_family_that_is_known_to_be_the_right_one() -> None:
    told, known = (features(child("Priya", "Kalpanik", born=None, home=home)) for home in (HOME, ELSEWHERE))
    one_family = replace(AT, link=0, doubt=0)

    found = candidate(SOME, told, known, score(told, known, shipped()))
    assert choose([found], one_family).outcome is Outcome.LINKED


def test_a_parent_and_a_child_of_one_name_are_two_people() -> None:
    father = adult("William", "Madeup", born="1988-02-03", sex=Sex.MALE)
    son = child("William", "Madeup", sex=Sex.MALE)

    assert outcome(son, father) is not Outcome.LINKED
    assert outcome(son, adult("William", "Madeup", sex=Sex.MALE)) is not Outcome.LINKED


def test_husband_and_wife_are_two_people() -> None:
    assert outcome(adult("Thomas", sex=Sex.MALE), adult("Katherine")) is Outcome.NEW


def test_a_child_not_yet_born_is_never_linked_without_a_person() -> None:
    due = child(given=None, born="2026-04-09", unborn=True, sex=Sex.NOT_KNOWN)

    assert in_household(due, due) is Outcome.DOUBTFUL
    assert in_household(child(born="2026-03-30"), due) is Outcome.DOUBTFUL
    assert in_household(child(born="2018-03-30"), due) is Outcome.NEW


def test_a_child_without_a_name_is_not_linked_without_a_number() -> None:
    assert in_household(child("Baby"), child()) is not Outcome.LINKED
    assert in_household(child("Baby", nhs=NHS), child(nhs=NHS)) is Outcome.LINKED


def test_two_people_who_match_equally_well_are_both_shown() -> None:
    told = features(child())
    choice = chosen(told, (SOME, told), (OTHER, told))

    assert choice.outcome is Outcome.DOUBTFUL
    assert {each.block for each in choice.candidates} == {SOME, OTHER}


def test_two_descriptions_of_one_identity_are_no_rivals() -> None:
    told = features(child())

    assert chosen(told, (SOME, told), (SOME, features(child(home=ELSEWHERE)))).outcome is Outcome.LINKED


def test_a_rival_who_matches_much_less_does_not_matter() -> None:
    told = features(child(nhs=NHS))

    choice = chosen(told, (OTHER, features(child())), (SOME, told))
    assert [each.block for each in choice.candidates] == [SOME]


def test_who_was_linked_to_somebody_else_of_the_submission_is_no_candidate_for_a_twin() -> None:
    choice = chosen(features(child("Rosie")), (SOME, features(child())), taken=frozenset({SOME}))

    assert choice == Choice(Outcome.NEW)


def test_one_child_told_of_twice_in_a_submission_is_for_a_person_to_look_at() -> None:
    choice = chosen(features(child()), (SOME, features(child())), taken=frozenset({SOME}))

    assert choice.outcome is Outcome.DOUBTFUL


def test_the_choice_does_not_depend_on_the_order_of_candidates() -> None:
    told = features(child())
    known = [(uuid4(), features(each)) for each in (child(), child(given="Millie"), child(home=ELSEWHERE))]

    assert chosen(told, *known) == chosen(told, *reversed(known))
