"""A protected place is on no page and in no pack: not the mother's own, and not what others told without knowing."""

from __future__ import annotations

import io
import re
from collections.abc import AsyncIterator
from uuid import UUID

import pypdf
import pytest

from events.description import Address, Adult, ContactPoint, Name, Sex
from hub.reveal import reveal
from hub.submission import Fact
from hub.veil_words import Veil
from tests.web.doubting import Told, decide, doubted, told
from tests.web.world import CENTRAL, SCHOOL, TRUST, World, child, receipt, referral, text_of

PLACES = ("Wyxrefuge", "pe19vv", "Zanderhide", "01632 960417", "zq417@invented.example", "Nooklane", CENTRAL, "PE1")
"""What must not be read anywhere: of the refuge, of the child's address that a school told openly, of a telephone."""
HOME = Address(lines=("4 Nooklane",), town="Zanderhide", postcode=CENTRAL)
MOTHER = Adult(
    name=Name(given="Odette", family="Madeup"),
    sex=Sex.FEMALE,
    relationship="mother",
    address=Address(lines=("7 Wyxrefuge",), town="Zanderhide", postcode=CENTRAL, restricted=True),
    contacts=(
        ContactPoint(kind="phone", value="01632 960417"),
        ContactPoint(kind="email", value="zq417@invented.example"),
    ),
)


async def a_family_in_hiding(world: World) -> tuple[Told, UUID]:
    """The school tells the child's address openly; the trust that the mother's is protected; a doubt is open."""
    facts = (Fact(name="incident-place", value="outside 4 Nooklane"), Fact(name="where", value="Zanderhide"))
    sam = child(address=HOME)
    said = "Fled to 7 Wyxrefuge Road, pe19vv; 01632 960417, zq417@invented.example. Missed 12 lessons on the way."
    first = await told(world, referral(sam, adults=(MOTHER,), facts=facts, concern=said))
    await world.tell(TRUST, receipt(sam, "Sam was seen at the clinic.", facts=facts))
    other = await told(world, referral(child("Sem", "Madeup", born="2016-04-09"), concern="Another child."))
    return first, await doubted(world, first, other)


async def every_page(world: World, families: list[UUID], doubt_id: UUID) -> AsyncIterator[tuple[str, str]]:
    """Address and HTML of whatever the pages can show of them."""
    addresses = ["/", "/queues/MASG_CENTRAL", "/queues/TRIAGE", "/packs", "/packs/MASG_CENTRAL", "/doubts"]
    addresses += [f"/families/{family_id}" for family_id in families] + [f"/doubts/{doubt_id}"]
    for address in addresses:
        yield address, await world.page(address)


async def test_no_page_and_no_pack_tells_where_somebody_hides(world: World) -> None:
    first, doubt_id = await a_family_in_hiding(world)
    families = await world.families()

    pages = {address: html async for address, html in every_page(world, families, doubt_id)}
    made = await world.client.get("/packs/MASG_CENTRAL.pdf")
    printed = " ".join(page.extract_text() for page in pypdf.PdfReader(io.BytesIO(made.content)).pages)

    found = {
        (address, place) for address, text in (pages | {"pdf": printed}).items() for place in PLACES if place in text
    }
    assert found == set()
    own = text_of(pages[f"/families/{first.family_id}"])
    assert own.count("Address protected") > 3, "searched where nothing is"
    assert "Fled to [protected], [protected]; [protected], [protected]. Missed 12 lessons on the way." in own
    assert "Sam Madeup" in printed


async def test_a_reason_that_goes_on_record_opens_no_protected_place(world: World) -> None:
    await a_family_in_hiding(world)
    rows = await world.hub.pool.fetch("SELECT id FROM log.event WHERE key_id IS NOT NULL AND type <> 'person.doubted'")
    records = [record for row in rows if (record := await world.hub.log.find(row["id"])) is not None]

    revealed = await reveal(world.hub, records, "test", "asked by the data protection officer")

    text = repr(revealed)
    assert {place for place in PLACES if place in text} == set()
    assert "Odette" in text


async def test_no_reason_of_a_reviewer_tells_where_somebody_hides(world: World) -> None:
    first, doubt_id = await a_family_in_hiding(world)
    reason = "They live at the wyxrefuge, zanderhide, pe1 9 vv. Ask the school."
    await decide(world, f"/doubts/{doubt_id}", chosen="different", reason=reason)
    settled = await world.page(f"/doubts/{doubt_id}")
    family = await world.page(f"/families/{first.family_id}")
    (undo,) = re.findall('href="(/identity/decisions/[^"]*/undo)"', family)
    before = await world.page(undo)
    await decide(world, undo, reason=reason)
    (again,) = re.findall('href="(/doubts/[^"]*)"', await world.page("/doubts"))

    pages = [settled, family, before, await world.page(again), await world.page(f"/families/{first.family_id}")]

    for page in pages:
        assert "They live at the [protected], [protected], [protected]. Ask the school." in text_of(page)
        assert {place for place in (*PLACES, "wyxrefuge", "zanderhide") if place in page} == set()


async def test_a_place_is_shown_where_nobody_hides(world: World) -> None:
    """So that the search above can fail."""
    await world.tell(SCHOOL, referral(child(address=HOME), adults=(MOTHER.model_copy(update={"address": HOME}),)))
    (family_id,) = await world.families()

    text = await world.read(f"/families/{family_id}")

    assert {place for place in PLACES if place not in text} == {"Wyxrefuge", "pe19vv"}


@pytest.mark.parametrize("part", ["a", "0 ", "1 A ", "1A", "a.", "(0", "AB1 "])
def test_no_text_of_an_agency_makes_the_search_slow(part: str) -> None:
    """It takes milliseconds; one that backtracks would take minutes, which the time limit of tests ends."""
    assert len(Veil([HOME]).over(part * 20_000)) > 0
