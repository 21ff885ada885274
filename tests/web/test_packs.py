from __future__ import annotations

import io
import re
from datetime import timedelta

import pypdf

from events.description import Address, Adult, Identifier, IdentifierScheme, Name
from hub.submission import Change, Fact, Source
from tests.web.world import CENTRAL, HOSTILE, SCHOOL, TRUST, WEDNESDAY, World, child, receipt, referral, text_of

PACK = "/packs/MASG_CENTRAL"
MARKING = "OFFICIAL-SENSITIVE"


async def download(world: World) -> bytes:
    answer = await world.client.get(f"{PACK}.pdf")
    assert answer.status_code == 200
    assert answer.headers["content-type"] == "application/pdf"
    return answer.content


def pages_of(made: bytes) -> list[str]:
    return [page.extract_text() for page in pypdf.PdfReader(io.BytesIO(made)).pages]


def body_of(made: bytes) -> str:
    """What is printed between head and foot of the pages, without spaces: lines break elsewhere than on a screen."""
    pages = pages_of(made)
    body = ""
    for number, text in enumerate(pages, start=1):
        foot = f"{MARKING} Page {number} of {len(pages)}"
        assert text.startswith(MARKING)
        assert text.endswith(foot), text[-80:]
        body += text.removeprefix(MARKING).removesuffix(foot)
    return tight(body)


def tight(text: str) -> str:
    return re.sub(r"[\s\u00a0:]", "", text)


async def two_families(world: World) -> None:
    early = WEDNESDAY - timedelta(days=2)
    mother = Adult(name=Name(given="Ann", family="Madeup"), relationship="mother")
    number = Identifier(scheme=IdentifierScheme.NHS_NUMBER, value="9990000018")
    sam = child(postcode=CENTRAL, identifiers=(number,))
    await world.tell(TRUST, receipt(sam, "Sam was seen at the clinic.", occurred_at=early))
    await world.tell(SCHOOL, referral(sam, adults=(mother,), facts=(Fact(name="sen-provision", value="SEN support"),)))
    await world.tell(
        SCHOOL, referral(child("Bea", "Fictional", postcode=CENTRAL), concern="First line.\n\nThird line.")
    )


async def test_the_pack_has_a_section_for_each_family_with_sources_and_bases(world: World) -> None:
    await two_families(world)

    text = text_of(await world.page(PACK), "article")

    assert "Peterborough Central MASG panel 2 families are waiting for this panel." in text
    assert "1. Sam Madeup Waiting since 25 November 2026 Why this panel Lives in PE1" in text
    assert "Who is in the family Sam Madeup, Child Born 9 April 2016 (10 years)" in text
    assert "Ann Madeup, Mother" in text
    assert "What is asked for Referral by Elm Pretend School When Happened 25 November 2026" in text
    assert "Concern Sam is missing lessons." in text
    assert "Does the family agree? Yes" in text
    assert "Special educational needs provision SEN support" in text
    assert "What else was told 23 November 2026: Madeup NHS Trust" in text
    assert "Happened 23 November 2026; the hub learnt of it 25 November 2026" in text
    assert "Who told us, and on what basis Elm Pretend School Told us Once, on 25 November 2026" in text
    assert "Madeup NHS Trust Told us Once, on 25 November 2026 Lawful basis Children Act 2004, section 11" in text
    assert "2. Bea Fictional" in text
    assert re.search("Content reference [0-9a-f]{16}, made from the log up to event", text)


async def test_a_pack_holds_no_national_number(world: World) -> None:
    await two_families(world)
    assert "9990000018" not in await world.page(PACK)
    assert "9990000018" not in body_of(await download(world))


async def test_page_and_pdf_say_the_same(world: World) -> None:
    await two_families(world)
    await world.tell(SCHOOL, referral(child(HOSTILE, "*Bold* _it_ @ref", postcode=CENTRAL), concern=HOSTILE * 40))

    page = text_of(await world.page(PACK), "article")

    assert body_of(await download(world)) == tight(page)


async def test_hostile_names_are_printed_as_they_are(world: World) -> None:
    await world.tell(SCHOOL, referral(child(HOSTILE, "#let x = 1 \\ `raw`", postcode=CENTRAL)))

    page = await world.page(PACK)

    assert f"1. {HOSTILE} #let x = 1 \\ `raw`" in text_of(page)
    assert "<script>alert" not in page
    assert tight(f"1. {HOSTILE} #let x = 1 \\ `raw`") in body_of(await download(world))


async def test_the_same_pack_is_the_same_bytes_and_another_is_not(world: World) -> None:
    await two_families(world)
    first = await download(world)
    world.pass_days(400)
    assert await download(world) == first

    await world.tell(TRUST, receipt(child(postcode=CENTRAL), "More was told."))

    assert await download(world) != first


async def test_every_printed_page_bears_the_marking_and_its_number(world: World) -> None:
    await world.tell(SCHOOL, referral(child(postcode=CENTRAL), concern="A long story. " * 900))

    pages = pages_of(await download(world))

    assert len(pages) > 2
    assert all(page.count(MARKING) == 2 for page in pages)
    assert f"Page 1 of {len(pages)}" in pages[0]
    assert f"Page {len(pages)} of {len(pages)}" in pages[-1]


async def test_the_pdf_is_tagged_named_and_says_its_language(world: World) -> None:
    await two_families(world)
    made = await download(world)
    reader = pypdf.PdfReader(io.BytesIO(made))

    assert reader.metadata is not None
    assert reader.metadata.title == "Peterborough Central MASG panel: panel pack"
    assert reader.root_object.get("/Lang") == "en-GB"
    assert "/StructTreeRoot" in reader.root_object
    assert b"<pdfuaid:part>1</pdfuaid:part>" in made


async def test_what_the_pdf_has_no_letters_for_is_named(world: World) -> None:
    said = "She says \u6211\u5f88\u597d and \U0001f600, all good."
    await world.tell(SCHOOL, referral(child("Mei", postcode=CENTRAL), concern=said))

    assert said in text_of(await world.page(PACK))
    printed = body_of(await download(world))
    assert tight("She says [Cjk text: see the page] and [picture text: see the page], all good.") in printed


async def test_a_protected_address_is_in_neither(world: World) -> None:
    address = Address(lines=("9 Hidden Court",), postcode=CENTRAL, restricted=True)
    mother = Adult(name=Name(given="Ann", family="Madeup"), address=address)
    place = (Fact(name="incident-place", value="9 Hidden Court"),)
    await world.tell(SCHOOL, referral(child(postcode=CENTRAL), adults=(mother,), facts=place))

    page, printed = await world.page(PACK), body_of(await download(world))

    assert "Hidden Court" not in page
    assert "HiddenCourt" not in printed
    assert tight("Where it happened Address protected") in printed


async def test_the_newest_version_is_read_and_a_withdrawn_one_is_not(world: World) -> None:
    source = Source(case_reference="case-1")
    sam = child(postcode=CENTRAL)
    await world.tell(SCHOOL, referral(sam, source=source))
    await world.tell(SCHOOL, referral(sam, source=source, change=Change.UPDATE, concern="It has become worse."))

    text = text_of(await world.page(PACK), "article")
    assert "It has become worse." in text
    assert "Sam is missing lessons." not in text
    assert "Changed This is the newest version; the first came on 25 November 2026" in text

    await world.tell(SCHOOL, referral(sam, source=source, change=Change.WITHDRAW, concern="Moved away."))
    assert "There are no families waiting for this panel." in await world.read(PACK)


async def test_an_empty_pack_says_so_as_page_and_pdf(world: World) -> None:
    assert "There are no families waiting for this panel." in await world.read(PACK)
    assert tight("There are no families waiting for this panel.") in body_of(await download(world))
    assert (await world.read("/packs")).count("No families are waiting") == 3


async def test_there_are_packs_for_the_three_panels_alone(world: World) -> None:
    for address in ("/packs/FENLAND", "/packs/FENLAND.pdf", "/packs/nowhere"):
        assert "Page not found" in await world.read(address, 404)
