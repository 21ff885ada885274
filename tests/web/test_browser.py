"""The pages in a real Chromium: accessible, whole on a narrow screen, without script, without a word in the console."""

from __future__ import annotations

from typing import Any

import pytest
import pytest_asyncio
from playwright.async_api import Browser, expect

from events.description import Address, Adult, Name
from hub.submission import ForReview, Urgency
from tests.web.browsing import NARROW, NARROWEST, complaints, violations_of
from tests.web.world import CENTRAL, HOSTILE, SCHOOL, TRUST, World, child, receipt, referral


@pytest_asyncio.fixture
async def site(world: World, served: str) -> str:
    """The address of a server with something on every page."""
    hidden = Adult(name=Name(given="Ann", family="Madeup"), address=Address(lines=("9 Hidden Court",), restricted=True))
    long = child("Wolfeschlegelsteinhausenbergerdorffinvented", "Notarealname-Fictionally-Doublebarrelled")
    await world.tell(SCHOOL, referral(child("Old"), urgency=Urgency.URGENT))
    world.pass_days(5)
    await world.tell(SCHOOL, referral(child(), adults=(hidden,)), referral(long, concern=HOSTILE))
    await world.tell(SCHOOL, *(referral(child(f"Kid{number:02}")) for number in range(25)))
    await world.tell(TRUST, receipt(child(), "Sam was seen at the clinic."), referral(child("Bea", postcode=CENTRAL)))
    await world.tell(TRUST, referral(child("Cid", postcode=CENTRAL)), ForReview("no-name", {"told": HOSTILE}))
    return served


async def addresses(world: World) -> list[str]:
    """Every kind of page and every state it can be in."""
    families = await world.families()
    return [
        "/",
        "/queues/FENLAND",
        "/queues/FENLAND?page=2",
        "/queues/FENLAND?status=NEW&urgency=URGENT&overdue=yes&agency=elm",
        "/queues/FENLAND?status=WITHDRAWN",
        "/queues/FENLAND?done=shown",
        "/queues/CAMBRIDGE",
        "/queues/TRIAGE",
        "/doubts",
        *(f"/families/{family}" for family in families[:3]),
        f"/families/{families[1]}?agency=trust&kind=INFORMATION",
        f"/families/{families[1]}?agency=trust&kind=REFERRAL",
        "/packs",
        "/packs/MASG_CENTRAL",
        "/packs/MASG_NORTH",
        "/nothing",
        "/families/none",
    ]


async def test_every_page_in_every_state_meets_wcag_2_2_aa(world: World, site: str, browser: Browser) -> None:
    page = await browser.new_page()
    complained, violations = complaints(page), dict[str, Any]()
    for address in await addresses(world):
        await page.goto(site + address)
        if found := await violations_of(page):
            violations[address] = found
    await page.close()

    assert violations == {}
    assert complained == []


@pytest.mark.parametrize("width", [NARROW, NARROWEST])
async def test_no_page_is_wider_than_a_telephone(world: World, site: str, browser: Browser, width: int) -> None:
    page = await browser.new_page(viewport={"width": width, "height": 800})
    wide: dict[str, Any] = {}
    for address in await addresses(world):
        await page.goto(site + address)
        found = await page.evaluate("document.documentElement.scrollWidth")
        if found > width:
            wide[address] = found
    await page.close()

    assert wide == {}


@pytest.mark.parametrize("width", [NARROW, 700, 1000, 1100, 1240, 1300, 1920])
async def test_text_never_touches_the_edge_of_the_screen(site: str, browser: Browser, width: int) -> None:
    page = await browser.new_page(viewport={"width": width, "height": 800})
    await page.goto(site)
    for words in ("Queues", "Demonstration: invented data, no sign-in", "Panel packs"):
        box = await page.get_by_text(words, exact=True).first.bounding_box()
        assert box is not None
        assert box["x"] >= 15, words
    await page.close()


@pytest.mark.parametrize("script", [True, False], ids=["with script", "without script"])
async def test_a_worker_finds_a_family_answers_and_reads_its_pack(site: str, browser: Browser, *, script: bool) -> None:
    context = await browser.new_context(java_script_enabled=script)
    page = await context.new_page()
    complained = complaints(page)

    await page.goto(site)
    await page.get_by_role("link", name="Fenland district team").click()
    await page.get_by_label("Urgency").select_option("Urgent")
    await page.get_by_label("Overdue only").check()
    await page.get_by_role("button", name="Apply filters").click()
    await expect(page.get_by_text("1 family.")).to_be_visible()
    assert page.url.endswith("/queues/FENLAND?status=&urgency=URGENT&agency=&overdue=yes")

    await page.get_by_role("button", name="Acknowledge Old Madeup").click()
    await expect(page.get_by_role("alert")).to_contain_text("Acknowledged.")
    await page.get_by_role("link", name="Remove this filter Overdue").click()
    await expect(page.get_by_role("row").filter(has_text="Old Madeup")).to_contain_text("Not needed")

    await page.get_by_role("link", name="Old Madeup").click()
    await expect(page.get_by_role("heading", name="Referral acknowledged")).to_be_visible()
    reasons = page.locator("details").filter(has_text="Why the hub holds this: Referral received")
    await reasons.locator("summary").click()
    await expect(reasons.get_by_text("Early help for the family")).to_be_visible()

    await page.get_by_role("link", name="Panel packs").click()
    await page.get_by_role("link", name="Peterborough Central MASG panel", exact=True).click()
    await page.get_by_role("link", name="Cid Madeup").click()
    await expect(page.get_by_role("heading", name="Cid Madeup").first).to_be_in_viewport()
    await context.close()
    assert complained == []


async def test_the_keyboard_reaches_the_content_first(site: str, browser: Browser) -> None:
    page = await browser.new_page()
    await page.goto(f"{site}/queues/FENLAND")
    await page.keyboard.press("Tab")
    await expect(page.get_by_role("link", name="Skip to main content")).to_be_focused()
    await page.keyboard.press("Enter")
    await expect(page.locator("#main-content")).to_be_focused()
    await page.close()


async def test_the_letters_are_the_machines_own(site: str, browser: Browser) -> None:
    page = await browser.new_page()
    await page.goto(site)
    assert await page.evaluate("document.fonts.size") == 0
    assert "arial" in str(await page.evaluate("getComputedStyle(document.querySelector('h1')).fontFamily"))
    await page.close()


async def test_a_hostile_name_does_nothing(world: World, site: str, browser: Browser) -> None:
    await world.tell(SCHOOL, referral(child(HOSTILE, '"><img src=x onerror=alert(1)>'), urgency=Urgency.SOON))
    page = await browser.new_page()
    complained, alerts = complaints(page), []
    page.on("dialog", lambda dialog: alerts.append(dialog.message))
    family = (await world.families())[-1]
    for address in ("/queues/FENLAND?urgency=SOON", f"/families/{family}"):
        await page.goto(site + address)
        await expect(page.get_by_text(HOSTILE).first).to_be_visible()
    await page.close()
    assert alerts == []
    assert complained == []
