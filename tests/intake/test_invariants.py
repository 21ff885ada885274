from __future__ import annotations

from hypothesis import given, settings
from hypothesis import strategies as st

from events.description import Adult, Birth, Name, Person
from hub.arrival import Arrival, Outcome
from hub.matching.known import Known
from hub.submission import Change, ForReview, Refusal, Submission
from tests.deciders.deciding import decided
from tests.intake.words import SCHOOL, TRUST, a_child, a_receipt, a_referral, an_adult, an_arrival, case, nhs, ni

NAMES = st.sampled_from(["Sam", "Samuel", "Kim", "Robin", "Ann", "Baby", "", None])
FAMILIES = st.sampled_from(["Inventedson", "Madeup", "O'Fictional", "van der Madeup", None])
BIRTHS = st.sampled_from(["2015-02-03", "2015-03-02", "2015-01-01", "2015-02", "2019", "1980-01-01", None])
PLACES = st.sampled_from(["PE1 9VV", "CB4 7CK", "ZZ99 3VZ", "nowhere", None])
BORN = Birth(date="2015-02-03")
NUMBERS = st.lists(st.sampled_from([nhs("9000000009"), nhs("9434765919"), nhs("123")]), max_size=2).map(tuple)


@st.composite
def children(draw: st.DrawFn) -> Person:
    return a_child(draw(NAMES), draw(FAMILIES), draw(BIRTHS), postcode=draw(PLACES), identifiers=draw(NUMBERS))


@st.composite
def adults(draw: st.DrawFn) -> Adult:
    numbers = (ni("AA123456A"),) if draw(st.booleans()) else ()
    return an_adult(draw(NAMES) or "", draw(FAMILIES) or "", identifiers=numbers)


@st.composite
def arrivals(draw: st.DrawFn) -> Arrival:
    people = {
        "siblings": tuple(draw(st.lists(children(), max_size=2))),
        "adults": tuple(draw(st.lists(adults(), max_size=2))),
    }
    read: Submission | ForReview | Refusal = draw(
        st.one_of(
            st.builds(lambda child: a_receipt(child, **people), children()),
            st.builds(lambda child: a_referral(child, **people), children()),
            st.builds(
                lambda child, change: a_referral(child, change=change, source=case("C-1"), **people),
                children(),
                st.sampled_from(Change),
            ),
            st.just(ForReview("unknown-shape", {})),
            st.just(Refusal("bad-date", "No such day.", "DOB")),
        )
    )
    return an_arrival(read, draw(st.sampled_from([SCHOOL, TRUST])))


@given(st.lists(arrivals(), min_size=1, max_size=12))
@settings(max_examples=150, deadline=None)
def test_every_submission_ends_as_exactly_one_of_events_a_review_and_a_refusal(told: list[Arrival]) -> None:
    known = Known()
    for arrival in told:
        before = {person.person_id: person.family_id for person in known.people.values()}
        decision = decided(arrival, known)
        kinds = [draft.event.event_name for draft in decision.drafts]
        assert kinds.count("submission.accepted") + kinds.count("submission.refused") == 1
        ends = {
            Outcome.ACCEPTED: {"referral.received", "referral.amended", "referral.withdrawn", "information.received"},
            Outcome.REVIEW: {"review.raised"},
            Outcome.REFUSED: {"submission.refused"},
        }
        assert sum(kind in ends[decision.outcome] for kind in kinds) == 1
        assert not any(kind in ends[other] for other in ends if other is not decision.outcome for kind in kinds)
        assert {each: known.people[each].family_id for each in before} == before, "nobody is moved"
        if decision.household is not None:
            people = decision.household.people
            assert len(set(people)) == len(people), "two people of one submission are two"
            new = [each for each in people if each not in before]
            assert {known.people[each].family_id for each in new} <= {decision.household.family_id}
            assert kinds.count("person.recorded") >= len(new)
            assert kinds.count("person.doubted") <= len(new)


@given(children())
@settings(max_examples=60, deadline=None)
def test_the_same_words_of_one_agency_are_about_the_same_child_where_a_number_or_name_and_birth_are_known(
    child: Person,
) -> None:
    known = Known()
    told = a_receipt(child.model_copy(update={"name": Name(given="Sam", family="Madeup"), "birth": BORN}))
    first, again = (decided(an_arrival(told), known) for _ in range(2))
    assert first.household is not None
    assert again.household is not None
    assert again.household.people == first.household.people
    assert len(again.drafts) == 2
