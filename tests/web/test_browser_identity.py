"""The pages of who is who in a real Chromium, in every step: accessible, whole on a narrow screen, without script."""

from __future__ import annotations

import asyncio
import re

import pytest
from playwright.async_api import Browser, Page, expect

from events.description import Adult, Identifier, IdentifierScheme, Name
from tests.web.browsing import complaints, too_wide, violations_of
from tests.web.doubting import WHY, a_household, decide, doubted, told
from tests.web.world import HOSTILE, SCHOOL, TRUST, World, child, receipt, referral

LONG = "Wolfeschlegelsteinhausenbergerdorffinvented"
IMAGE = '"><img src=x onerror=alert(1)>'
REASON = "What is the reason for your decision?"
UPN = Identifier(scheme=IdentifierScheme.UPN, value="B801200005001", valid=True)


async def a_doubt(world: World, name: str = "Samuel", family: str = "Madeup") -> str:
    """The page of a doubt: a child in a household may be the new one."""
    mother = Adult(name=Name(given="Ann", family=family), relationship="mother")
    known = await told(world, referral(child("Sam", family, identifiers=(UPN,)), adults=(mother,)))
    new = await told(world, referral(child(name, family, born="2016-04-08")), TRUST)
    return f"/doubts/{await doubted(world, new, known, agency=TRUST)}"


async def test_one_answer_for_a_household_is_asked_for_on_a_page_for_everybody(
    world: World, served: str, browser: Browser
) -> None:
    address, _ = await a_household(world)
    page = await browser.new_page()
    await page.goto(served + address)
    await expect(page.get_by_role("heading", name="Told of with them")).to_be_visible()
    await sound(page)
    await page.get_by_label("Different people, and so are the others told of with them").check()
    await page.get_by_label(REASON).fill(WHY)
    await page.get_by_role("button", name="Continue").click()
    await sound(page)
    await page.get_by_role("button", name="Confirm and decide").click()
    await expect(page.get_by_text("they are different people, and so are the others told of with them")).to_be_visible()
    await page.close()


async def sound(page: Page) -> None:
    """Nothing to complain of, however narrow the screen."""
    assert await violations_of(page) == "", page.url
    assert await too_wide(page) == {}, page.url


@pytest.mark.parametrize("script", [True, False], ids=["with script", "without script"])
async def test_a_reviewer_decides_undoes_and_decides_again(
    world: World, served: str, browser: Browser, *, script: bool
) -> None:
    address = await a_doubt(world)
    world.pass_days(6)
    context = await browser.new_context(java_script_enabled=script)
    page = await context.new_page()
    complained = complaints(page)

    await page.goto(served)
    await page.get_by_role("main").get_by_role("link", name="People to review").click()
    await page.get_by_role("link", name="Review Samuel Madeup").click()
    assert page.url == served + address
    await page.get_by_role("button", name="Continue").click()
    await expect(page.get_by_role("link", name="Enter the reason for your decision")).to_be_visible()
    assert await page.title() == "Error: Are they the same person? - Early Help hub"
    await page.get_by_role("link", name="Select whether they are the same person").click()
    await page.get_by_label("The same person as Sam Madeup, and their families are one").check()
    await page.get_by_label(REASON).fill(WHY)
    await page.get_by_role("button", name="Continue").click()
    await page.get_by_role("button", name="Change your answer").click()
    await expect(page.get_by_label("and their families are one")).to_be_checked()
    await expect(page.get_by_label(REASON)).to_have_value(WHY)
    await page.get_by_role("button", name="Continue").click()
    await page.get_by_role("button", name="Confirm and decide").click()
    await expect(page.get_by_role("alert")).to_contain_text("Decided: they are the same person")

    await page.get_by_role("link", name="See the family's record").click()
    await page.get_by_role("link", name="Undo").click()
    await page.get_by_label(REASON).fill("They are cousins.")
    await page.get_by_role("button", name="Continue").click()
    await page.get_by_role("button", name="Confirm and undo").click()
    await expect(page.get_by_role("alert")).to_contain_text("The decision has been undone.")
    await page.get_by_role("link", name="People to review").click()
    await expect(page.get_by_role("link", name="Review Samuel Madeup")).to_be_visible()
    await context.close()
    assert complained == []


async def test_every_step_of_a_doubt_meets_wcag_2_2_aa_and_fits_a_telephone(
    world: World, served: str, browser: Browser
) -> None:
    page = await browser.new_page()
    complained = complaints(page)
    await page.goto(f"{served}/doubts")
    await sound(page)
    address = await a_doubt(world, LONG, "Notarealname-Fictionally-Doublebarrelled")
    world.pass_days(6)

    for each in ("/", "/doubts", "/queues/TRIAGE", address):
        await page.goto(served + each)
        await sound(page)
    await page.get_by_role("button", name="Continue").click()
    await sound(page)
    await page.get_by_label("in two families").check()
    await page.get_by_label(REASON).fill(LONG * 10)
    await page.get_by_role("button", name="Continue").click()
    await sound(page)
    await page.get_by_role("button", name="Confirm and decide").click()
    await sound(page)
    await page.get_by_role("link", name="See the family's record").click()
    await sound(page)
    await page.goto(served + address)
    await expect(page.get_by_role("heading", name="This has been decided already")).to_be_visible()
    await sound(page)
    await page.close()
    assert complained == []


async def test_every_step_back_meets_wcag_2_2_aa_and_fits_a_telephone(
    world: World, served: str, browser: Browser
) -> None:
    address = await a_doubt(world, LONG)
    page = await browser.new_page()
    complained = complaints(page)
    await page.goto(served + address)
    (same, *_) = await page.get_by_role("radio").all()
    await decide(world, address, chosen=str(await same.get_attribute("value")), reason=WHY)

    await page.goto(f"{served}/families/{(await world.families())[0]}")
    await page.get_by_role("link", name="Take a record out").click()
    await sound(page)
    await page.get_by_role("button", name="Continue").click()
    await sound(page)
    await page.get_by_label(LONG).check()
    await page.get_by_label(REASON).fill(WHY)
    await page.get_by_role("button", name="Continue").click()
    await sound(page)
    await page.get_by_role("button", name="Confirm and take out").click()
    await sound(page)
    await page.get_by_role("link", name=re.compile("Undo.*Found to be somebody else")).click()
    await sound(page)
    here = page.url
    await page.get_by_role("button", name="Continue").click()
    await sound(page)
    await page.get_by_label(REASON).fill(WHY)
    await page.get_by_role("button", name="Continue").click()
    await decide(world, here.removeprefix(served), reason=WHY)
    await page.get_by_role("button", name="Confirm and undo").click()
    await expect(page.get_by_role("heading", name="Nothing was decided")).to_be_visible()
    await sound(page)
    await page.close()
    assert complained == []


async def test_taking_out_what_was_told_meets_wcag_2_2_aa_and_fits_a_telephone(
    world: World, served: str, browser: Browser
) -> None:
    one = await told(world, referral(child(LONG)))
    await world.tell(TRUST, receipt(child(LONG), "Seen at the clinic."))
    page = await browser.new_page()
    complained = complaints(page)

    await page.goto(f"{served}/families/{one.family_id}?agency=elm")
    await page.locator("details").filter(has_text="What has used this link").locator("summary").first.click()
    await page.get_by_role("link", name="What has used this link").first.click()
    await sound(page)
    await page.get_by_role("link", name="Family record").click()
    entry = page.locator("details").filter(has_text="Information received")
    await entry.locator("summary").click()
    await entry.get_by_role("link", name="This is about another family: take it out").click()
    await sound(page)
    await page.get_by_role("button", name="Continue").click()
    await sound(page)
    await page.get_by_label(REASON).fill(WHY)
    await page.get_by_role("button", name="Continue").click()
    await sound(page)
    await page.get_by_role("button", name="Confirm and take out").click()
    await expect(page.get_by_role("alert")).to_contain_text("Taken out.")
    await sound(page)
    await page.get_by_role("link", name="See the family it went to").click()
    await expect(page.get_by_text("Seen at the clinic.")).to_be_visible()
    await page.close()
    assert complained == []


async def test_a_hostile_name_does_nothing_in_any_step(world: World, served: str, browser: Browser) -> None:
    address = await a_doubt(world, HOSTILE, IMAGE)
    page = await browser.new_page()
    complained, alerts = complaints(page), []
    page.on("dialog", lambda dialog: alerts.append(dialog.message))
    await page.goto(f"{served}/doubts")
    await expect(page.get_by_text(HOSTILE).first).to_be_visible()
    await page.goto(served + address)
    await page.get_by_label("and their families are one").check()
    await page.get_by_label(REASON).fill(HOSTILE + IMAGE)
    await page.get_by_role("button", name="Continue").click()
    await expect(page.get_by_text(HOSTILE + IMAGE)).to_be_visible()
    await page.get_by_role("button", name="Confirm and decide").click()
    await page.get_by_role("link", name="See the family's record").click()
    await expect(page.get_by_text(HOSTILE + IMAGE).first).to_be_visible()
    await page.close()
    assert alerts == []
    assert complained == []


async def test_two_reviewers_at_once_decide_once(world: World, served: str, browser: Browser) -> None:
    address = await a_doubt(world)
    pages = [await (await browser.new_context()).new_page() for _ in range(2)]
    for page, answer in zip(pages, ("Different people", "in two families"), strict=True):
        await page.goto(served + address)
        await page.get_by_label(answer).check()
        await page.get_by_label(REASON).fill(WHY)
        await page.get_by_role("button", name="Continue").click()

    await asyncio.gather(*(page.get_by_role("button", name="Confirm and decide").click() for page in pages))

    headings = sorted([await page.get_by_role("heading", level=1).inner_text() for page in pages])
    assert headings == ["People to review", "This has been decided already"]
    assert (await world.types()).count("person.doubt_settled") == 1


async def test_two_people_stand_level_and_side_by_side(world: World, served: str, browser: Browser) -> None:
    address = await a_doubt(world)
    page = await browser.new_page(viewport={"width": 1280, "height": 900})
    await page.goto(served + address)
    for label in ("Name", "Identifiers", "Contacts"):
        left, right = [
            await each.bounding_box() for each in await page.locator("dt").get_by_text(label, exact=True).all()
        ]
        assert left is not None
        assert right is not None
        assert left["y"] == right["y"]
        assert left["x"] < right["x"]
    assert SCHOOL.title in await page.get_by_role("region", name="Known already").inner_text()
    await page.close()
