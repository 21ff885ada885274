"""What waits in which queue, since when, until when, and what a person must look at."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

from events.database import Pool
from projections.places import EVERY_QUEUE
from projections.queues import ENTRY, QUEUES, REVIEW, EntryRow, Status
from projections.waiting import PAGE_SIZE, Count, Filter, counts, of_family, reviews, waiting
from tests.builders import (
    ERASED_ON,
    TUESDAY,
    Story,
    a_family,
    a_referral,
    a_review,
    a_withdrawal,
    an_acknowledgement,
    an_agency,
    an_amendment,
    an_id,
    an_information_receipt,
    told,
)
from tests.projections.delivery import rows, shown

PIP = a_family()
WEDNESDAY = TUESDAY + timedelta(days=1)
THURSDAY = TUESDAY + timedelta(days=2)


def the_entry(story: Story) -> EntryRow:
    """The one entry of the family's matter."""
    (row,) = rows(QUEUES, story.recorded(), ENTRY)
    return EntryRow(*row)


def test_a_referral_waits_in_the_queue_its_matter_was_sent_to() -> None:
    entry = the_entry(told(a_referral(PIP, urgency="SOON")))

    assert (entry.queue, entry.reason, entry.rules) == ("FENLAND", "Lives in PE15", "2026-11-01")
    assert (entry.status, entry.urgency, entry.waiting_since) == ("NEW", "SOON", TUESDAY)


def test_an_acknowledged_one_waits_no_more() -> None:
    entry = the_entry(Story().tell(a_referral(PIP)).tell(an_acknowledgement(PIP), at=WEDNESDAY))

    assert (entry.status, entry.waiting_since, entry.received_at) == ("ACKNOWLEDGED", None, TUESDAY)


def test_a_second_referral_is_the_same_matter_and_waits_again() -> None:
    second = a_referral(PIP, "second", agency="health.fen", urgency="URGENT", first=False)

    entry = the_entry(Story().tell(a_referral(PIP), an_acknowledgement(PIP)).tell(second, at=WEDNESDAY))

    assert (entry.status, entry.urgency, entry.waiting_since) == ("NEW", "URGENT", WEDNESDAY)
    assert (entry.received_at, entry.agency) == (TUESDAY, "health.fen")


def test_one_withdrawn_of_two_leaves_the_other_waiting() -> None:
    second = a_referral(PIP, "second", agency="health.fen", urgency="URGENT", first=False)
    both = Story().tell(a_referral(PIP)).tell(second, at=WEDNESDAY)

    one_left = the_entry(both.tell(a_withdrawal(PIP, "second")))
    none_left = the_entry(both.tell(a_withdrawal(PIP)))

    assert (one_left.status, one_left.urgency, one_left.waiting_since) == ("NEW", "ROUTINE", TUESDAY)
    assert (none_left.status, none_left.waiting_since) == ("WITHDRAWN", None)


def test_an_amendment_may_make_it_urgent_and_asks_for_no_second_answer() -> None:
    entry = the_entry(told(a_referral(PIP), an_acknowledgement(PIP), an_amendment(PIP, urgency="URGENT")))

    assert (entry.status, entry.urgency) == ("ACKNOWLEDGED", "URGENT")


def test_the_first_answer_counts() -> None:
    story = Story().tell(a_referral(PIP)).tell(an_acknowledgement(PIP), at=WEDNESDAY)

    assert the_entry(story) == the_entry(story.tell(an_acknowledgement(PIP), at=THURSDAY))


def test_information_alone_waits_in_no_queue() -> None:
    assert rows(QUEUES, told(an_information_receipt(PIP, first=True)).recorded(), ENTRY) == []


def test_an_erased_matter_is_in_no_queue_and_says_since_when() -> None:
    (row,) = rows(QUEUES, told(a_referral(PIP)).recorded(erased={PIP.matter_id}), ENTRY)

    entry = EntryRow(*row)
    assert (entry.queue, entry.reason, entry.urgency, entry.erased_since) == (None, None, None, ERASED_ON)


def test_an_erased_review_keeps_no_reason() -> None:
    (row,) = rows(QUEUES, told(a_review()).recorded(erased={an_id("review")}), REVIEW)

    assert (row[1], row[-1]) == (None, ERASED_ON)


async def test_the_soonest_due_comes_first_and_the_answered_last(pool: Pool) -> None:
    answered, late, new = a_family(1), a_family(2), a_family(3)
    story = Story().tell(an_agency()).tell(a_referral(answered, "answered"), a_referral(late, "late"))
    story.tell(a_referral(new, "new"), at=WEDNESDAY).tell(an_acknowledgement(answered, "answered"), at=WEDNESDAY)
    await shown(pool, story.recorded())

    async with pool.acquire() as connection:
        page = await waiting(connection, Filter(queue="FENLAND"), THURSDAY)

    assert [(entry.family_id, entry.due_on, entry.overdue) for entry in page.entries] == [
        (late.id, date(2026, 11, 25), True),
        (new.id, date(2026, 11, 26), False),
        (answered.id, None, False),
    ]
    first = page.entries[0]
    assert (first.subject_id, first.agency_title) == (late.child_id, "Quillmere Primary School (invented)")
    assert [asked.referral_id for asked in first.referrals] == [an_id("late case")]


async def test_filters_narrow_a_queue(pool: Pool) -> None:
    urgent, answered, elsewhere = a_family(1), a_family(2), a_family(3, queue="MASG_NORTH")
    story = Story().tell(a_referral(urgent, "urgent", urgency="URGENT"), a_referral(answered, "answered"))
    story.tell(an_acknowledgement(answered, "answered")).tell(a_referral(elsewhere, "elsewhere"), at=WEDNESDAY)
    await shown(pool, story.recorded())

    async with pool.acquire() as connection:
        found = {
            name: [entry.family_id for entry in (await waiting(connection, wanted, THURSDAY)).entries]
            for name, wanted in {
                "queue": Filter(queue="MASG_NORTH"),
                "status": Filter(status=Status.ACKNOWLEDGED),
                "urgency": Filter(urgency="URGENT"),
                "overdue": Filter(overdue=True),
                "both": Filter(queue="MASG_NORTH", overdue=True),
            }.items()
        }
        own = await of_family(connection, urgent.id, THURSDAY)

    assert found == {
        "queue": [elsewhere.id],
        "status": [answered.id],
        "urgency": [urgent.id],
        "overdue": [urgent.id],
        "both": [],
    }
    assert [entry.matter_id for entry in own] == [urgent.matter_id]


async def test_a_long_queue_comes_in_pages(pool: Pool) -> None:
    families = [a_family(number) for number in range(PAGE_SIZE + 3)]
    story = Story()
    for number, family in enumerate(families):
        story.tell(a_referral(family, f"referral {number}"), at=TUESDAY + timedelta(minutes=number))
    await shown(pool, story.recorded())

    async with pool.acquire() as connection:
        first, second, beyond = [await waiting(connection, Filter(), TUESDAY, page) for page in (1, 2, 99)]

    assert (first.total, first.pages, first.number, second.number) == (PAGE_SIZE + 3, 2, 1, 2)
    assert [entry.family_id for entry in (*first.entries, *second.entries)] == [family.id for family in families]
    assert beyond == second


async def test_every_queue_says_how_long_it_is_and_reviews_stand_in_triage(pool: Pool) -> None:
    story = Story().tell(a_referral(a_family(1), "one"), a_review())
    story.tell(a_referral(a_family(2), "two"), an_acknowledgement(a_family(2), "two"))
    story.tell(a_referral(a_family(3), "three"), a_withdrawal(a_family(3), "three"))
    await shown(pool, story.recorded())

    async with pool.acquire() as connection:
        found = {count.queue: count for count in await counts(connection, THURSDAY)}

    assert list(found) == list(EVERY_QUEUE)
    assert found["FENLAND"] == Count("FENLAND", "Fenland district team", 1, 1, 1, overdue=1)
    assert found["TRIAGE"] == Count("TRIAGE", "Triage", reviews=1)
    assert found["CAMBRIDGE"] == Count("CAMBRIDGE", "Cambridge district team")


async def test_review_items_say_why_and_until_when(pool: Pool) -> None:
    story = Story().tell(a_review("old"), at=datetime(2026, 11, 20, 17, tzinfo=UTC)).tell(a_review("new"), at=WEDNESDAY)
    await shown(pool, story.recorded())

    async with pool.acquire() as connection:
        found = await reviews(connection, WEDNESDAY)

    assert [(item.submission_id, item.reason, item.due_on, item.overdue) for item in found] == [
        (an_id("old"), "no-family", date(2026, 11, 23), True),
        (an_id("new"), "no-family", date(2026, 11, 26), False),
    ]
