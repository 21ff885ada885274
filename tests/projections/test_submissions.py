"""What a sender may ask: what became of what I sent?"""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

from events.database import Pool
from events.envelope import Draft
from events.log import Append
from projections.receipts import FileStatus, file_status, parts, submission
from projections.submissions import SUBMISSION, SUBMISSIONS, TOLD, Outcome, SubmissionRow
from tests.builders import (
    SCHOOL,
    TUESDAY,
    Story,
    a_family,
    a_referral,
    a_refusal,
    a_review,
    an_acknowledgement,
    an_agency,
    an_amendment,
    an_id,
    an_information_receipt,
    told,
)
from tests.projections.delivery import rows, shown

PIP = a_family()


def test_every_submission_ends_as_exactly_one_of_three() -> None:
    story = told(a_referral(PIP), a_review(), a_refusal())

    found = [SubmissionRow(*row) for row in rows(SUBMISSIONS, story.recorded(), SUBMISSION)]

    assert {(row.submission_id, row.outcome, row.code) for row in found} == {
        (an_id("referral"), "accepted", ""),
        (an_id("review"), "review", "no-family"),
        (an_id("refusal"), "refused", "purpose-not-agreed"),
    }


def test_erasure_takes_the_reason_of_a_review_and_leaves_where_things_stand() -> None:
    story = told(a_referral(PIP), a_review())
    erased = story.recorded(all_erased=True)

    found = {SubmissionRow(*row).submission_id: SubmissionRow(*row) for row in rows(SUBMISSIONS, erased, SUBMISSION)}

    assert (found[an_id("review")].outcome, found[an_id("review")].code) == ("review", "")
    assert rows(SUBMISSIONS, erased, TOLD) == rows(SUBMISSIONS, story.recorded(), TOLD)


async def test_a_sender_is_told_where_it_stands_who_deals_with_it_and_who_answered(pool: Pool) -> None:
    story = Story().tell(an_agency("council.early-help", "Early Help (invented)"), a_referral(PIP))
    answered = TUESDAY + timedelta(hours=3)
    await shown(pool, story.tell(an_acknowledgement(PIP), at=answered).recorded())

    async with pool.acquire() as connection:
        status = await submission(connection, an_id("referral"), SCHOOL)

    assert status is not None
    assert (status.outcome, status.received_at) == (Outcome.ACCEPTED, TUESDAY)
    assert (status.queue, status.queue_title) == ("FENLAND", "Fenland district team")
    assert (status.acknowledged_at, status.acknowledged_by) == (answered, "Early Help (invented)")
    own = [record for record in story.records if record.correlation_id == an_id("referral")]
    assert [(event.event, event.partition, event.sequence, event.position) for event in status.published] == [
        (record.type, record.partition, record.sequence, record.position) for record in (own[0], own[-1])
    ]
    assert (status.first_position, status.last_position) == (own[0].position, own[-1].position)


async def test_nobody_is_told_of_another_agencys(pool: Pool) -> None:
    await shown(pool, told(a_referral(PIP), a_refusal()).recorded())

    async with pool.acquire() as connection:
        for name in ("referral", "refusal", "never sent"):
            assert await submission(connection, an_id(name), "charity.elsewhere") is None
            assert await file_status(connection, an_id(name), "charity.elsewhere") is None
            assert await parts(connection, an_id(name), "charity.elsewhere") == []


async def test_information_is_taken_and_no_queue_deals_with_it(pool: Pool) -> None:
    await shown(pool, told(a_referral(PIP), an_information_receipt(PIP)).recorded())

    async with pool.acquire() as connection:
        status = await submission(connection, an_id("receipt"), SCHOOL)

    assert status is not None
    assert (status.outcome, status.queue, status.acknowledged_at) == (Outcome.ACCEPTED, None, None)


async def test_an_amendment_shares_what_becomes_of_its_referral(pool: Pool) -> None:
    await shown(pool, told(a_referral(PIP), an_amendment(PIP), an_acknowledgement(PIP)).recorded())

    async with pool.acquire() as connection:
        status = await submission(connection, an_id("referral amended"), SCHOOL)

    assert status is not None
    assert (status.queue, status.acknowledged_at) == ("FENLAND", TUESDAY)


async def test_a_file_says_how_many_parts_ended_how_and_gives_each_its_own_status(pool: Pool) -> None:
    file = [
        part_of("file", 1, a_referral(PIP, "first row")),
        part_of("file", 2, a_refusal("second row")),
        part_of("file", 3, a_review("third row")),
        part_of("file", 4, a_referral(a_family(2), "fourth row")),
    ]
    story = told(*file, an_acknowledgement(PIP, "first row"))
    await shown(pool, story.recorded())

    async with pool.acquire() as connection:
        whole = await file_status(connection, an_id("file"), SCHOOL)
        refused = await parts(connection, an_id("file"), SCHOOL, outcome=Outcome.REFUSED)
        last = await parts(connection, an_id("file"), SCHOOL, after=2)

    positions = [record.position for record in story.records if record.correlation_id == an_id("file")]
    assert whole == FileStatus(an_id("file"), TUESDAY, 4, 2, 1, 1, 1, positions[0], positions[-1])
    assert [(part.part, part.submission_id, part.code) for part in refused] == [
        (2, an_id("second row"), "purpose-not-agreed")
    ]
    assert [part.part for part in last] == [3, 4]


def part_of(file: str, number: int, append: Append) -> Append:
    """The same submission, as part `number` of a file."""
    first, *rest = append.drafts
    numbered = first.event.model_copy(update={"part": number})
    provenance = replace(append.provenance, correlation_id=an_id(file))
    return Append((Draft(first.stream, numbered, first.occurred_at), *rest), provenance)
