"""Who is protected, nobody's address shows it: in their family, in a merged one, in a second one, or while in doubt."""

from __future__ import annotations

from datetime import timedelta
from uuid import UUID

import pytest

from events.database import Pool
from events.description import Address, Adult, ContactPoint
from events.envelope import Draft
from events.log import Append
from projections.fold import Unapplied
from projections.household import household
from projections.packing import pack
from projections.parking import Caps, park
from projections.people import PEOPLE
from projections.waiting import of_family
from tests.builders import CHILD, MOTHER, TUESDAY, Story, a_family, a_referral, described_again, told
from tests.projections.decisions import (
    a_doubt,
    families_merged,
    families_split,
    people_merged,
    people_split,
    settled,
    taken_out,
)
from tests.projections.delivery import shown

REFUGE = Address(lines=("9 Hidden Row",), town="Marchwick", restricted=True)
OPEN, FLED = a_family(1, queue="MASG_NORTH"), a_family(2, adult=MOTHER.model_copy(update={"address": REFUGE}))
DAY = timedelta(days=1)


def both() -> Story:
    """Two families that nobody has looked at; a woman in one of them has fled to a refuge."""
    return told(a_referral(OPEN, "open"), a_referral(FLED, "fled"))


async def guarded(pool: Pool, story: Story, *family_ids: UUID) -> list[bool]:
    """Of each family, whether nothing is shown of where anybody lives or can be reached."""
    await shown(pool, story.recorded())
    async with pool.acquire() as connection:
        found = [await household(connection, family_id) for family_id in family_ids]
    for members in found:
        shows = [m.person.address or m.person.contacts or m.homes for m in members]
        assert all(m.hidden for m in members) or (any(shows) and not any(m.hidden for m in members))
        assert not (members[0].hidden and any(shows))
    return [members[0].hidden for members in found]


@pytest.mark.parametrize(
    "adult",
    [
        MOTHER.model_copy(update={"address": REFUGE}),
        MOTHER.model_copy(update={"restricted": True}),  # NHS restricted patient: `meta.security` R
    ],
    ids=["safe address", "restricted person"],
)
async def test_one_protected_person_guards_everybody_in_the_household(pool: Pool, adult: Adult) -> None:
    family = a_family(3, adult=adult)

    assert await guarded(pool, told(a_referral(OPEN, "open"), a_referral(family)), OPEN.id, family.id) == [False, True]


async def test_a_protected_person_merged_into_a_family_guards_all_of_it(pool: Pool) -> None:
    story = both().tell(families_merged(OPEN, FLED))

    assert await guarded(pool, story, OPEN.id, FLED.id) == [True, True]


async def test_after_a_split_only_the_side_that_was_told_to_be_protected_stays_guarded(pool: Pool) -> None:
    story = both().tell(families_merged(OPEN, FLED), people_merged(OPEN.adult_id, FLED.adult_id))
    story.tell(families_split(FLED, FLED), people_split(FLED.adult_id, FLED.adult_id))

    assert await guarded(pool, story, OPEN.id, FLED.id) == [False, True]


async def test_after_a_split_both_sides_stay_guarded_where_both_were_told(pool: Pool) -> None:
    story = both().tell(families_merged(OPEN, FLED))
    story.tell(described_again(OPEN.child_id, CHILD.model_copy(update={"restricted": True}), agency="health.fen"))
    story.tell(families_split(FLED, FLED))

    assert await guarded(pool, story, OPEN.id, FLED.id) == [True, True]


async def test_who_is_one_with_a_protected_person_is_protected_in_the_other_family_too(pool: Pool) -> None:
    story = both().tell(people_merged(OPEN.adult_id, FLED.adult_id))

    assert await guarded(pool, story, OPEN.id, FLED.id) == [True, True]


async def test_a_child_of_two_families_takes_the_guard_of_one_into_the_other(pool: Pool) -> None:
    """The child lives with the mother who fled too, and was described there: the father's page must not tell where."""
    story = both().tell(people_merged(OPEN.child_id, FLED.child_id))

    assert await guarded(pool, story, OPEN.id, FLED.id) == [True, True]


async def test_while_somebody_may_be_a_protected_person_they_are_hidden_and_no_longer(pool: Pool) -> None:
    story = both().tell(a_doubt(FLED, OPEN.child_id, of="fled"))
    doubtful = await guarded(pool, story, OPEN.id, FLED.id)
    story.tell(settled(FLED.child_id))

    assert doubtful == [True, True]
    assert await guarded(pool, story, OPEN.id, FLED.id) == [False, True]


async def test_who_is_named_in_a_family_without_belonging_to_it_guards_it(pool: Pool) -> None:
    again = a_referral(OPEN, "second", first=False)
    last = again.drafts[-1]
    event = last.event.model_copy(update={"people": (OPEN.child_id, FLED.adult_id)})
    named = Append((*again.drafts[:-1], Draft(last.stream, event, last.occurred_at, last.key_id)), again.provenance)

    assert await guarded(pool, both().tell(named), OPEN.id) == [True]


async def test_protection_told_by_what_was_taken_out_alone_is_lifted(pool: Pool) -> None:
    story = told(a_referral(OPEN, "open"))
    wrong = described_again(OPEN.adult_id, MOTHER.model_copy(update={"address": REFUGE}), at=TUESDAY + DAY)
    story.tell(wrong)
    before = await guarded(pool, story, OPEN.id)
    story.tell(taken_out(OPEN, f"description {TUESDAY + DAY}", FLED, people=[OPEN.adult_id]))

    assert (before, await guarded(pool, story, OPEN.id)) == ([True], [False])


async def test_protection_once_told_stays_whoever_tells_something_newer(pool: Pool) -> None:
    story = told(a_referral(FLED, "fled"))
    story.tell(described_again(FLED.adult_id, MOTHER.model_copy(update={"address": CHILD.address}), at=TUESDAY + DAY))

    assert await guarded(pool, story, FLED.id) == [True]


async def test_whose_last_description_could_not_be_applied_may_be_protected(pool: Pool) -> None:
    story = told(a_referral(OPEN, "open"))
    again = described_again(OPEN.adult_id, MOTHER.model_copy(update={"address": REFUGE}), at=TUESDAY + DAY)
    await shown(pool, story.recorded())
    waits = story.tell(again).records[-1]
    async with pool.acquire() as connection:
        await park(connection, PEOPLE.schema, [Unapplied(waits, ValueError())], Caps())
        members = await household(connection, OPEN.id)

    assert [(each.hidden, each.person.contacts) for each in members] == [(True, ())] * 2


async def test_a_guarded_family_does_not_tell_its_place_by_why_it_waits(pool: Pool) -> None:
    family = a_family(4, queue="MASG_NORTH", adult=MOTHER.model_copy(update={"address": REFUGE}))
    await shown(pool, told(a_referral(OPEN, "open"), a_referral(family)).recorded())

    async with pool.acquire() as connection:
        north = await pack(connection, "MASG_NORTH")
        (entry,) = await of_family(connection, family.id, TUESDAY)
        (other,) = await of_family(connection, OPEN.id, TUESDAY)

    assert {each.family_id: each.reason for each in north.families} == {OPEN.id: "Lives in PE15", family.id: None}
    assert [(each.hidden, each.reason) for each in (entry, other)] == [(True, None), (False, "Lives in PE15")]


async def test_a_protected_telephone_stays_hidden_when_another_record_of_the_person_tells_it_openly(pool: Pool) -> None:
    said = ContactPoint(kind="phone", value="01632 960001", restricted=True)
    one = a_family(5, adult=MOTHER.model_copy(update={"contacts": (said,)}))
    story = told(a_referral(OPEN, "open"), a_referral(one)).tell(people_merged(OPEN.adult_id, one.adult_id))
    await shown(pool, story.recorded())

    async with pool.acquire() as connection:
        contacts = [each.person.contacts for each in await household(connection, OPEN.id)]

    assert contacts == [(), ()]
