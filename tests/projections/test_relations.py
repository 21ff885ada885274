"""Who is what to whom: as told, both ways round, over all ids of a person, without what was taken out."""

from __future__ import annotations

from datetime import timedelta
from uuid import UUID

import pytest

from events.database import Pool
from events.description import Adult, Answer, Name, Sex
from events.envelope import Draft
from events.log import Append
from projections.kinship import kinship
from projections.relations import Relations, relations
from tests.builders import (
    CHILD,
    MOTHER,
    TUESDAY,
    Story,
    a_description,
    a_family,
    a_referral,
    an_agency,
    an_id,
    an_information_receipt,
    told,
)
from tests.projections.decisions import families_merged, people_merged, taken_out
from tests.projections.delivery import shown

PIP = a_family()
SCHOOL_TITLE = "Quillmere Primary School (invented)"
DAY = timedelta(days=1)


async def told_of(pool: Pool, story: Story, family_id: UUID = PIP.id) -> Relations:
    await shown(pool, story.recorded())
    async with pool.acquire() as connection:
        return await relations(connection, family_id)


def words(found: Relations) -> set[tuple[UUID, str, UUID]]:
    return {(each.person_id, each.word, each.other_id) for each in found.relationships}


@pytest.mark.parametrize(
    ("said", "forward", "back"),
    [
        ("PAM", "mother", "son"),
        ("Mum", "mother", "son"),
        ("Step-father", "step-father", "step-son"),
        ("STP", "step-parent", "step-son"),
        ("foster carer", "foster carer", "foster son"),
        ("maternal grandmother", "grandmother", "grandson"),
        ("emergency contact, father", "father", "son"),
        ("Uncle", "uncle", "nephew"),
    ],
)
def test_a_known_word_has_its_inverse(said: str, forward: str, back: str) -> None:
    found = kinship(said)
    assert found is not None
    kin, sex = found
    assert (kin.words.of(sex), kin.inverse.of(Sex.MALE)) == (forward, back)


async def test_a_mother_is_told_to_the_child_that_the_submission_was_about(pool: Pool) -> None:
    found = await told_of(pool, told(an_agency(), a_referral(PIP)))

    assert words(found) == {(PIP.adult_id, "mother", PIP.child_id), (PIP.child_id, "son", PIP.adult_id)}
    mother = next(each for each in found.relationships if each.word == "mother")
    assert (mother.as_told, mother.told_by, mother.told_at) == ("mother", (SCHOOL_TITLE,), TUESDAY)
    assert [
        (each.person_id, each.child_id, each.answer, each.told_by, each.told_at) for each in found.responsibilities
    ] == [(PIP.adult_id, PIP.child_id, Answer.YES, SCHOOL_TITLE, TUESDAY)]


async def test_an_unknown_word_is_kept_as_told_and_a_parent_is_called_by_sex(pool: Pool) -> None:
    unknown = a_family(1, adult=MOTHER.model_copy(update={"relationship": "step-wyxaunt"}))
    parent = a_family(2, adult=MOTHER.model_copy(update={"relationship": "Parent"}))
    story = told(a_referral(unknown), a_referral(parent, "other"))

    assert words(await told_of(pool, story)) == {(unknown.adult_id, "step-wyxaunt", unknown.child_id)}
    assert (parent.adult_id, "mother", parent.child_id) in words(await told_of(pool, story, parent.id))


async def test_other_children_of_a_submission_are_siblings_and_a_mother_told_once_is_theirs_too(pool: Pool) -> None:
    """The second referral is about the sister; it names the mother as she was described already."""
    sister = an_id("sister")
    described = CHILD.model_copy(update={"name": Name(given="Wren", family="Quillmere"), "sex": Sex.FEMALE})
    first = naming(a_referral(PIP), sister, PIP.child_id)
    first = Append((*first.drafts, a_description(sister, described, an_id("referral"), TUESDAY)), first.provenance)
    second = naming(a_referral(PIP, "second", first=False), sister, sister)
    story = Story().tell(first).tell(second, at=TUESDAY + DAY)

    found = words(await told_of(pool, story))

    assert found >= {
        (sister, "sister", PIP.child_id),
        (PIP.child_id, "brother", sister),
        (PIP.adult_id, "mother", PIP.child_id),
        (PIP.adult_id, "mother", sister),
        (sister, "daughter", PIP.adult_id),
    }


async def test_agencies_may_differ_about_parental_responsibility_and_each_is_named(pool: Pool) -> None:
    other = MOTHER.model_copy(update={"parental_responsibility": Answer.NO})
    again = a_referral(PIP, "second", agency="health.fen", at=TUESDAY + DAY, first=False)
    again = Append(
        (*again.drafts, a_description(PIP.adult_id, other, an_id("second"), TUESDAY + DAY)), again.provenance
    )

    found = await told_of(pool, told(an_agency(), a_referral(PIP), again))

    assert [(each.told_by, each.answer) for each in found.responsibilities] == [
        ("health.fen", Answer.NO),
        (SCHOOL_TITLE, Answer.YES),
    ]


async def test_what_was_taken_out_makes_nobody_a_relative_and_a_merge_brings_both_sides(pool: Pool) -> None:
    step = a_family(2, adult=Adult(name=Name(given="Tam", family="Oddlow"), relationship="stepfather", sex=Sex.MALE))
    story = told(a_referral(PIP), a_referral(step, "other"))
    story.tell(people_merged(PIP.child_id, step.child_id), families_merged(PIP, step))
    merged = words(await told_of(pool, story, step.id))
    story.tell(taken_out(PIP, "referral", a_family(3)))
    left = words(await told_of(pool, story))

    assert merged == {
        (PIP.adult_id, "mother", PIP.child_id),
        (PIP.child_id, "son", PIP.adult_id),
        (step.adult_id, "step-father", PIP.child_id),
        (PIP.child_id, "step-son", step.adult_id),
    }
    assert left == {(step.adult_id, "step-father", PIP.child_id), (PIP.child_id, "step-son", step.adult_id)}


async def test_information_alone_names_the_child_and_no_relative(pool: Pool) -> None:
    found = await told_of(pool, told(an_information_receipt(PIP, first=True)))

    assert found == Relations((), ())


def naming(append: Append, person_id: UUID, subject_id: UUID) -> Append:
    """The same referral with one person more, about this child."""
    last = append.drafts[-1]
    people = (subject_id, *(each for each in (PIP.child_id, PIP.adult_id, person_id) if each != subject_id))
    event = last.event.model_copy(update={"subject_id": subject_id, "people": people})
    return Append((*append.drafts[:-1], Draft(last.stream, event, last.occurred_at, last.key_id)), append.provenance)
