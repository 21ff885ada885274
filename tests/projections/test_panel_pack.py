"""The pack a MASG panel reads: who waits, what was asked, what was told before, by whom."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

from events.database import Pool
from events.description import Answer
from projections.packing import pack
from projections.panel_pack import PANEL_PACK, ROUTE, TOLD
from projections.places import LOCALITIES
from tests.builders import (
    CHILD,
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
    described_again,
    told,
)
from tests.projections.delivery import rows, shown

PIP = a_family(queue="MASG_NORTH")
DAY = timedelta(days=1)


def test_a_matter_sent_elsewhere_leaves_the_panel() -> None:
    story = told(a_referral(PIP))
    moved = a_referral(PIP, "second", first=False)
    story.tell(replace(moved, drafts=(*moved.drafts, PIP.routed(TUESDAY, "FENLAND"))))

    assert [row[2] for row in rows(PANEL_PACK, story.recorded(), ROUTE)] == ["FENLAND"]


def test_an_erased_matter_is_on_no_panel_and_its_words_are_gone() -> None:
    story = told(a_referral(PIP), an_amendment(PIP), a_withdrawal(PIP), an_information_receipt(PIP))
    erased = story.recorded(erased={PIP.matter_id})

    assert [row[2:4] for row in rows(PANEL_PACK, erased, ROUTE)] == [(None, None)]
    assert [row[-2:] for row in rows(PANEL_PACK, erased, TOLD)] == [(None, ERASED_ON)] * 4


async def test_a_waiting_family_comes_with_all_the_panel_needs(pool: Pool) -> None:
    story = Story().tell(an_agency(), an_agency("health.fen", "Fen Health Trust (invented)"))
    story.tell(an_information_receipt(PIP, agency="health.fen", first=True))
    asked = a_referral(PIP, first=False)
    story.tell(replace(asked, drafts=(PIP.routed(TUESDAY), *asked.drafts)), at=TUESDAY + DAY)
    await shown(pool, story.recorded())

    async with pool.acquire() as connection:
        north = await pack(connection, "MASG_NORTH")

    assert (north.title, north.position) == ("Peterborough North MASG panel", len(story.records))
    (family,) = north.families
    assert (family.family_id, family.matter_ids, family.reason) == (PIP.id, (PIP.matter_id,), "Lives in PE15")
    assert [member.display_name for member in family.members] == ["Pip Quillmere", "Odette Quillmere"]
    (request,) = family.requests
    assert (request.agency, request.received_at, request.changed_at) == (SCHOOL, TUESDAY + DAY, None)
    assert request.details is not None
    assert request.details.concern == "Pip is missing lessons to look after a brother."
    assert request.details.concerns[0].text == "Young carer"
    assert (request.details.request, request.details.family_agreement) == ("Family support worker", Answer.YES)
    (contact,) = family.contacts
    assert contact.details is not None
    assert (contact.agency_title, contact.details.summary) == (
        "Fen Health Trust (invented)",
        "Present for 71 of 100 sessions.",
    )
    assert [(source.agency, source.tellings) for source in family.sources] == [("health.fen", 1), (SCHOOL, 1)]


async def test_the_newest_version_is_read_and_a_withdrawn_request_is_not(pool: Pool) -> None:
    story = told(a_referral(PIP), a_referral(PIP, "second", first=False))
    story.tell(an_amendment(PIP), a_withdrawal(PIP, "second"), an_acknowledgement(PIP), at=TUESDAY + DAY)
    await shown(pool, story.recorded())

    async with pool.acquire() as connection:
        (family,) = (await pack(connection, "MASG_NORTH")).families

    (request,) = family.requests
    assert (request.referral_id, request.changed_at) == (an_id("referral case"), TUESDAY + DAY)
    assert request.details is not None
    assert (request.details.urgency, request.details.concern) == ("URGENT", "Pip now misses every Monday.")
    assert (request.received_at, family.withdrawn) == (TUESDAY, 1)


async def test_who_asks_for_nothing_any_more_is_on_no_panel(pool: Pool) -> None:
    other = a_family(2, queue="MASG_SOUTH")
    await shown(pool, told(a_referral(PIP), a_withdrawal(PIP), a_referral(other, "other")).recorded())

    async with pool.acquire() as connection:
        packs = {locality: await pack(connection, locality) for locality in LOCALITIES}

    assert {locality: [family.family_id for family in found.families] for locality, found in packs.items()} == {
        "MASG_NORTH": [],
        "MASG_CENTRAL": [],
        "MASG_SOUTH": [other.id],
    }


async def test_families_stand_in_the_order_they_began_to_wait(pool: Pool) -> None:
    late, early = a_family(1, queue="MASG_NORTH"), a_family(2, queue="MASG_NORTH")
    story = Story().tell(a_referral(early, "early")).tell(a_referral(late, "late"), at=TUESDAY + DAY)
    await shown(pool, story.recorded())

    async with pool.acquire() as connection:
        north = await pack(connection, "MASG_NORTH")

    assert [family.family_id for family in north.families] == [early.id, late.id]


async def test_the_hash_changes_with_what_was_told_and_not_with_a_name(pool: Pool) -> None:
    hashes = []
    story = told(a_referral(PIP))
    for more in (
        described_again(PIP.child_id, CHILD.model_copy(update={"language": "Welsh"})),
        an_information_receipt(PIP),
    ):
        await shown(pool, story.recorded())
        async with pool.acquire() as connection:
            north = await pack(connection, "MASG_NORTH")
        hashes.append((north.content_hash, north.families[0].content_hash))
        story.tell(more)
    await shown(pool, story.recorded())
    async with pool.acquire() as connection:
        north = await pack(connection, "MASG_NORTH")
    hashes.append((north.content_hash, north.families[0].content_hash))

    assert hashes[0] == hashes[1]
    assert hashes[1] != hashes[2]
    assert all(len(each) == 64 for pair in hashes for each in pair)
