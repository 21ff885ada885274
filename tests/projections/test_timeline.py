"""A family's timeline: two clocks, newest first, by agency and kind."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

from events.database import Pool
from projections.chronicle import Teller, tellers, timeline
from projections.timeline import ENTRY, TIMELINE, Kind
from tests.builders import (
    ERASED_ON,
    SCHOOL,
    TUESDAY,
    Story,
    a_family,
    a_referral,
    a_withdrawal,
    an_acknowledgement,
    an_agency,
    an_amendment,
    an_id,
    an_information_receipt,
)
from tests.projections.delivery import rows, shown

PIP = a_family()
HEALTH = "health.fen"
DAY = timedelta(days=1)
WHAT = ENTRY.column_names.index("what")
DETAILS = ENTRY.column_names.index("details")


def a_story() -> Story:
    """A referral on Tuesday, an answer on Wednesday; on Thursday the trust tells what happened on Monday."""
    return (
        Story()
        .tell(an_agency(), an_agency(HEALTH, "Fen Health Trust (invented)"))
        .tell(an_agency("council.early-help", "Early Help (invented)"))
        .tell(a_referral(PIP), at=TUESDAY)
        .tell(an_acknowledgement(PIP, at=TUESDAY + DAY), at=TUESDAY + DAY)
        .tell(an_information_receipt(PIP, agency=HEALTH, at=TUESDAY - DAY), at=TUESDAY + 2 * DAY)
    )


def test_every_told_and_every_done_thing_is_one_entry() -> None:
    story = a_story().tell(an_amendment(PIP), a_withdrawal(PIP), a_withdrawal(PIP, "mistake", change="VOID"))

    found = rows(TIMELINE, story.recorded(), ENTRY)

    assert sorted(row[WHAT] for row in found) == [
        "Family first known",
        "Information received",
        "Matter opened",
        "Person added to the family",
        "Person added to the family",
        "Referral acknowledged",
        "Referral changed by its sender",
        "Referral received",
        "Referral sent by mistake, taken back",
        "Referral withdrawn by its sender",
        "Sent to Fenland district team",
    ]


def test_an_erased_matter_leaves_that_it_happened_and_not_what() -> None:
    found = rows(TIMELINE, a_story().recorded(erased={PIP.matter_id}), ENTRY)

    sealed = [row for row in found if row[-1] is not None]
    assert {row[-1] for row in sealed} == {ERASED_ON}
    assert {row[DETAILS] for row in found} == {None}
    assert sorted(row[WHAT] for row in sealed) == [
        "Information received",
        "Person added to the family",
        "Person added to the family",
        "Referral received",
        "Sent to a team",
    ]


async def test_newest_first_by_when_it_happened_and_not_by_when_it_was_learnt(pool: Pool) -> None:
    await shown(pool, a_story().recorded())

    async with pool.acquire() as connection:
        found = await timeline(connection, PIP.id)

    assert (found[0].what, found[-1].what) == ("Referral acknowledged", "Information received")
    late = found[-1]
    assert (late.occurred_at, late.recorded_at) == (TUESDAY - DAY, TUESDAY + 2 * DAY)
    assert [entry.what for entry in found if entry.learnt_late] == ["Information received"]
    assert late.details["summary"] == "Present for 71 of 100 sessions."
    assert late.details["facts"] == [{"name": "attendance", "value": "71 %"}]
    assert (late.basis, late.purpose) == (("CA2004_S10", "ART9_2_H"), "EARLY_HELP")
    assert late.subject_id == PIP.child_id


async def test_agency_and_kind_narrow_it_and_the_agencies_are_named(pool: Pool) -> None:
    await shown(pool, a_story().recorded())

    async with pool.acquire() as connection:
        by_health = await timeline(connection, PIP.id, agency=HEALTH)
        referrals = await timeline(connection, PIP.id, kind=Kind.REFERRAL)
        told_by = await tellers(connection, PIP.id)

    assert [(entry.what, entry.agency_title) for entry in by_health] == [
        ("Information received", "Fen Health Trust (invented)")
    ]
    assert [entry.referral_id for entry in referrals] == [an_id("referral case")]
    assert told_by == [
        Teller("council.early-help", "Early Help (invented)", 1),
        Teller(HEALTH, "Fen Health Trust (invented)", 1),
        Teller(SCHOOL, "Quillmere Primary School (invented)", 6),
    ]


async def test_pages_follow_each_other_without_a_gap_or_a_double(pool: Pool) -> None:
    await shown(pool, a_story().tell(a_referral(a_family(2), "of another family")).recorded())

    async with pool.acquire() as connection:
        whole = await timeline(connection, PIP.id)
        paged = await timeline(connection, PIP.id, limit=3)
        while page := await timeline(connection, PIP.id, before=paged[-1], limit=3):
            paged += page

    assert paged == whole


async def test_days_are_days_in_london(pool: Pool) -> None:
    """In summer half past eleven at night in UTC is past midnight in London."""
    midsummer = datetime(2026, 6, 23, 23, 30, tzinfo=UTC)
    story = Story().tell(an_information_receipt(PIP, at=midsummer, first=True), at=midsummer + timedelta(hours=1))
    await shown(pool, story.recorded())

    async with pool.acquire() as connection:
        found = await timeline(connection, PIP.id)

    assert {(entry.day, entry.learnt_late) for entry in found} == {(date(2026, 6, 24), False)}
