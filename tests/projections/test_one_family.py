"""Two families found to be one are shown whole by every query, and apart after a split; what was taken out is not."""

from __future__ import annotations

from datetime import timedelta
from uuid import UUID

from events.database import Pool
from events.envelope import Draft
from events.log import Append
from projections.chronicle import Entry, tellers, timeline
from projections.household import household, names
from projections.packing import pack
from projections.queues import ENTRY, QUEUES, EntryRow
from projections.receipts import file_status, submission
from projections.waiting import Filter, counts, of_family, waiting
from tests.builders import (
    CHILD,
    SCHOOL,
    TUESDAY,
    Story,
    a_family,
    a_referral,
    a_withdrawal,
    an_amendment,
    an_id,
    an_information_receipt,
    told,
)
from tests.projections.decisions import (
    WHY,
    a_doubt,
    families_merged,
    families_split,
    people_merged,
    people_split,
    settled,
    taken_out,
)
from tests.projections.delivery import rows, shown

ONE, TWO, THREE = a_family(1, queue="MASG_NORTH"), a_family(2, queue="MASG_NORTH"), a_family(3)
DAY = timedelta(days=1)


def both() -> Story:
    """Two agencies told of one family, and the hub took it for two."""
    return told(a_referral(ONE, "one"), a_referral(TWO, "two", agency="health.fen", at=TUESDAY + DAY))


def one_family() -> Story:
    """Somebody found that they are one."""
    merged = (people_merged(ONE.child_id, TWO.child_id), families_merged(ONE, TWO))
    return both().tell(*merged, at=TUESDAY + 2 * DAY)


def apart_again() -> Story:
    """And then that they are not."""
    split = (people_split(TWO.child_id, TWO.child_id, undoes="merge"), families_split(TWO, TWO, undoes="merge"))
    return one_family().tell(*split, at=TUESDAY + 3 * DAY)


async def seen(pool: Pool, story: Story, family_id: UUID) -> list[Entry]:
    await shown(pool, story.recorded())
    async with pool.acquire() as connection:
        return await timeline(connection, family_id)


async def test_either_id_shows_the_timeline_of_both_and_each_entry_keeps_its_own(pool: Pool) -> None:
    first = await seen(pool, one_family(), ONE.id)
    second = await seen(pool, one_family(), TWO.id)

    assert first == second
    assert [(each.family_id, each.agency) for each in first if each.what == "Referral received"] == [
        (TWO.id, "health.fen"),
        (ONE.id, SCHOOL),
    ]
    decided = {each.what: (each.family_id, each.subject_id) for each in first if each.agency == "HUB"}
    assert decided == {
        "Found to be one with a person already known": (None, TWO.child_id),
        "Found to be one with a family already known": (TWO.id, None),
    }
    assert {each.details["reason"] for each in first if each.agency == "HUB"} == {WHY}
    async with pool.acquire() as connection:
        assert [(each.code, each.entries) for each in await tellers(connection, TWO.id)] == [
            ("HUB", 2),
            ("health.fen", 6),
            (SCHOOL, 6),
        ]


async def test_pages_of_a_merged_timeline_follow_each_other(pool: Pool) -> None:
    whole = await seen(pool, one_family(), ONE.id)

    async with pool.acquire() as connection:
        paged = await timeline(connection, TWO.id, limit=3)
        while page := await timeline(connection, TWO.id, before=paged[-1], limit=3):
            paged += page

    assert paged == whole


async def test_after_a_split_each_has_its_own_again(pool: Pool) -> None:
    first, second = await seen(pool, apart_again(), ONE.id), await seen(pool, apart_again(), TWO.id)

    assert {each.family_id for each in first} == {ONE.id}
    assert {each.family_id for each in second} == {TWO.id, None}
    assert "Found to be another family" in {each.what for each in second}


async def test_a_household_is_that_of_both_and_a_person_stands_in_it_once(pool: Pool) -> None:
    await shown(pool, one_family().recorded())

    async with pool.acquire() as connection:
        first, second = await household(connection, ONE.id), await household(connection, TWO.id)
        called = await names(connection, [ONE.child_id, TWO.child_id])

    assert first == second
    assert [each.person_id for each in first] == [ONE.child_id, *sorted((ONE.adult_id, TWO.adult_id))]
    assert (first[0].atoms, first[0].since) == ((ONE.child_id, TWO.child_id), TUESDAY)
    assert (first[0].recorded_by, {each.family_id for each in first}) == ("health.fen", {ONE.id})
    assert {each.display_name for each in called.values()} == {"Pip Quillmere"}


async def test_matters_of_a_merged_family_stand_in_their_queues_under_one_representative(pool: Pool) -> None:
    await shown(pool, one_family().recorded())

    async with pool.acquire() as connection:
        page = await waiting(connection, Filter(queue="MASG_NORTH"), TUESDAY)
        own = await of_family(connection, TWO.id, TUESDAY)

    assert {(each.family_id, each.belongs_to) for each in page.entries} == {(ONE.id, ONE.id), (TWO.id, ONE.id)}
    assert {each.matter_id for each in own} == {ONE.matter_id, TWO.matter_id}


async def test_a_panel_sees_one_family_with_both_requests(pool: Pool) -> None:
    hashes = []
    for story in (both(), one_family(), apart_again()):
        await shown(pool, story.recorded())
        async with pool.acquire() as connection:
            north = await pack(connection, "MASG_NORTH")
        hashes.append((len(north.families), north.content_hash, north.families[0].content_hash))
        if story.records[-1].type == "family.merged":
            (family,) = north.families
            assert (family.family_id, set(family.matter_ids)) == (ONE.id, {ONE.matter_id, TWO.matter_id})
            assert [request.agency for request in family.requests] == [SCHOOL, "health.fen"]
            assert {request.subject_id for request in family.requests} == {ONE.child_id}
            assert [source.agency for source in family.sources] == ["health.fen", SCHOOL]

    before, merged, after = hashes
    assert (before[0], merged[0], after[0]) == (2, 1, 2)
    assert before == after
    assert before[2] != merged[2]


async def test_what_was_taken_out_is_one_line_and_asks_for_nothing(pool: Pool) -> None:
    story = both().tell(a_referral(ONE, "wrong", agency="health.fen", first=False), a_referral(THREE, "three"))
    before = await seen(pool, story, ONE.id)
    after = await seen(pool, story.tell(taken_out(ONE, "wrong", THREE), at=TUESDAY + DAY), ONE.id)

    assert [each.what for each in after if each not in before] == ["Taken out: it was not about this family"]
    assert [each.submission_id for each in before if each not in after] == [an_id("wrong")]
    async with pool.acquire() as connection:
        assert [each.agency for each in await of_family(connection, ONE.id, TUESDAY)] == [SCHOOL]
        north = await pack(connection, "MASG_NORTH")
        assert [request.agency for request in north.families[0].requests] == [SCHOOL]


async def test_a_matter_whose_only_referral_was_taken_out_waits_no_more(pool: Pool) -> None:
    story = told(a_referral(ONE, "one"), a_referral(THREE, "three")).tell(taken_out(ONE, "one", THREE))
    await shown(pool, story.recorded())

    async with pool.acquire() as connection:
        north = await pack(connection, "MASG_NORTH")
        queue = {count.queue: count.new for count in await counts(connection, TUESDAY)}
        members = await household(connection, ONE.id)

    assert (north.families, queue["MASG_NORTH"], queue["FENLAND"], members) == ((), 0, 1, [])


def test_a_taken_out_amendment_or_withdrawal_leaves_the_referral_as_it_was() -> None:
    story = told(a_referral(ONE, "one"), an_amendment(ONE, "one", urgency="URGENT"), a_withdrawal(ONE, "one"))
    withdrawn = entry_of(story)
    urgent = entry_of(story.tell(taken_out(ONE, "one withdrawn", TWO)))
    routine = entry_of(story.tell(taken_out(ONE, "one amended", TWO)))

    assert [(each.status, each.urgency) for each in (withdrawn, urgent, routine)] == [
        ("WITHDRAWN", "URGENT"),
        ("NEW", "URGENT"),
        ("NEW", "ROUTINE"),
    ]


async def test_somebody_named_by_something_else_stays_and_so_does_what_it_told_again(pool: Pool) -> None:
    """The receipt named the child as described before; that the first telling was void takes nothing from it."""
    story = told(a_referral(ONE, "one"), an_information_receipt(ONE, agency="health.fen"))
    await shown(pool, story.tell(taken_out(ONE, "one", TWO)).recorded())

    async with pool.acquire() as connection:
        (child,) = await household(connection, ONE.id)

    assert (child.person_id, child.person.name, child.recorded_by) == (ONE.child_id, CHILD.name, "health.fen")


async def test_a_sender_is_told_where_its_submission_is_now(pool: Pool) -> None:
    story = told(a_referral(ONE, "one"), a_referral(THREE, "three"))
    again = a_referral(THREE, "one", first=False)
    moved = Append(
        (*taken_out(ONE, "one", THREE).drafts, *(draft for draft in again.drafts if not is_submission(draft))),
        again.provenance,
    )
    await shown(pool, story.tell(moved).recorded())

    async with pool.acquire() as connection:
        status = await submission(connection, an_id("one"), SCHOOL)
        whole = await file_status(connection, an_id("one"), SCHOOL)

    assert status is not None
    assert whole is not None
    assert (status.queue, status.last_position, whole.parts) == ("FENLAND", len(story.records), 1)


async def test_a_doubt_stands_on_the_timeline_until_it_is_settled_and_after(pool: Pool) -> None:
    story = both().tell(a_doubt(TWO, ONE.child_id, of="two"))
    await shown(pool, story.recorded())
    async with pool.acquire() as connection:
        open_ones = {count.queue: count.doubts for count in await counts(connection, TUESDAY)}

    found = await seen(pool, story.tell(settled(TWO.child_id), at=TUESDAY + DAY), TWO.id)

    assert (open_ones["TRIAGE"], open_ones["FENLAND"]) == (1, 0)
    assert {each.what for each in found} >= {
        "May be somebody who is known already",
        "Found to be nobody known already",
    }


def entry_of(story: Story) -> EntryRow:
    """The one entry of the family's matter."""
    (row,) = rows(QUEUES, story.recorded(), ENTRY)
    return EntryRow(*row)


def is_submission(draft: Draft) -> bool:
    return draft.stream.startswith("submission/")
