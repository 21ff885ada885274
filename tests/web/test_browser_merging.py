"""People and families are found to be one in a real Chromium: accessible, whole on a narrow screen, without script."""

from __future__ import annotations

import asyncio

import pytest
from playwright.async_api import Browser, Page, expect

from events.description import Adult, Name
from tests.web.browsing import complaints, too_wide, violations_of
from tests.web.doubting import WHY, looked_up_again, told
from tests.web.merging import ELSEWHERE
from tests.web.world import HOSTILE, TRUST, World, child, referral

LONG = "Wolfeschlegelsteinhausenbergerdorffinvented"
REASON = "What is the reason for your decision?"


async def two_families(world: World, name: str = "Sam") -> str:
    """The address of the first of two families whose children were born on one day."""
    mother = Adult(name=Name(given="Ann", family=LONG), relationship="mother")
    first = await told(world, referral(child(name, LONG), adults=(mother,)))
    await told(world, referral(child(name, "Inventedson", address=ELSEWHERE)), TRUST)
    await looked_up_again(world)
    return f"/families/{first.family_id}"


async def sound(page: Page) -> None:
    """Nothing to complain of, however narrow the screen."""
    assert await violations_of(page) == "", page.url
    assert await too_wide(page) == {}, page.url


@pytest.mark.parametrize("script", [True, False], ids=["with script", "without script"])
async def test_somebody_is_found_compared_and_found_to_be_one_and_it_is_undone(
    world: World, served: str, browser: Browser, *, script: bool
) -> None:
    family = await two_families(world)
    page = await (await browser.new_context(java_script_enabled=script)).new_page()
    complained = complaints(page)

    await page.goto(served + family)
    await page.get_by_role("link", name=f"Find a second record of Sam {LONG}").click()
    await page.get_by_role("button", name="Compare them").click()
    await page.get_by_role("link", name="Select who it may be").click()
    await page.get_by_label("Sam Inventedson, born 9 April 2016").check()
    await page.get_by_role("button", name="Compare them").click()
    await expect(page.get_by_role("heading", level=1)).to_have_text("Are they the same person?")
    await page.get_by_label("Yes, and their families are one").check()
    await page.get_by_label(REASON).fill(WHY)
    await page.get_by_role("button", name="Continue").click()
    await page.get_by_role("button", name="Change your answer").click()
    await expect(page.get_by_label("Yes, and their families are one")).to_be_checked()
    await page.get_by_role("button", name="Continue").click()
    await page.get_by_role("button", name="Confirm and decide").click()
    await expect(page.get_by_role("alert")).to_contain_text("Decided: they are the same person.")

    await page.get_by_role("link", name="What has used it").click()
    await page.get_by_role("link", name="Undo this decision").click()
    await page.get_by_label(REASON).fill("They are cousins.")
    await page.get_by_role("button", name="Continue").click()
    await page.get_by_role("button", name="Confirm and undo").click()
    await expect(page.get_by_role("alert")).to_contain_text("The decision has been undone.")
    await page.close()
    assert complained == []


async def test_every_step_about_people_meets_wcag_2_2_aa_and_fits_a_telephone(
    world: World, served: str, browser: Browser
) -> None:
    family = await two_families(world)
    page = await browser.new_page()
    complained = complaints(page)

    await page.goto(served + family)
    await sound(page)
    await page.get_by_role("link", name=f"Find a second record of Sam {LONG}").click()
    await sound(page)
    await page.get_by_label("Reference of another record").fill(HOSTILE)
    await page.get_by_role("button", name="Find the record").click()
    await expect(page.get_by_role("alert")).to_contain_text("There is no record with this reference")
    await sound(page)
    await page.get_by_label("Sam Inventedson, born 9 April 2016").check()
    await page.get_by_role("button", name="Compare them").click()
    await sound(page)
    await page.get_by_role("button", name="Continue").click()
    await sound(page)
    await page.get_by_label("Yes, in two families").check()
    await page.get_by_label(REASON).fill(WHY)
    await page.get_by_role("button", name="Continue").click()
    await sound(page)
    here = page.url
    await page.get_by_role("button", name="Confirm and decide").click()
    await sound(page)
    await page.get_by_role("link", name="What has used it").click()
    await sound(page)
    await page.goto(here)
    await expect(page.get_by_role("heading", level=1)).to_have_text("They are one already")
    await sound(page)
    await page.close()
    assert complained == []


async def test_every_step_about_families_meets_wcag_2_2_aa_and_fits_a_telephone(
    world: World, served: str, browser: Browser
) -> None:
    family = await two_families(world)
    page = await browser.new_page()
    complained = complaints(page)

    await page.goto(served + family)
    await page.get_by_role("link", name="Find a second record of this family").click()
    await sound(page)
    await page.get_by_label("Family of Sam Inventedson").check()
    await page.get_by_role("button", name="Compare them").click()
    await sound(page)
    left, right = [await each.bounding_box() for each in await page.locator("dt").get_by_text("Told by").all()]
    assert left is not None
    assert right is not None
    assert left["y"] == right["y"]
    await page.get_by_label("Yes", exact=True).check()
    await page.get_by_label(REASON).fill(WHY)
    await page.get_by_role("button", name="Continue").click()
    await sound(page)
    await page.get_by_role("button", name="Confirm and decide").click()
    await expect(page.get_by_role("alert")).to_contain_text("Decided: they are one family.")
    await page.get_by_role("link", name="Take a family out").click()
    await sound(page)
    await page.get_by_role("button", name="Continue").click()
    await sound(page)
    await page.get_by_label("Family of Sam Inventedson").check()
    await page.get_by_label(REASON).fill(WHY)
    await page.get_by_role("button", name="Continue").click()
    await page.get_by_role("button", name="Confirm and take out").click()
    await expect(page.get_by_role("alert")).to_contain_text("They are different families from now on.")
    await page.close()
    assert complained == []


async def test_two_reviewers_at_once_decide_once(world: World, served: str, browser: Browser) -> None:
    family = await two_families(world)
    pages = [await (await browser.new_context()).new_page() for _ in range(2)]
    for page, answer in zip(pages, ("Yes, and their families are one", "Yes, in two families"), strict=True):
        await page.goto(served + family)
        await page.get_by_role("link", name=f"Find a second record of Sam {LONG}").click()
        await page.get_by_label("Sam Inventedson, born 9 April 2016").check()
        await page.get_by_role("button", name="Compare them").click()
        await page.get_by_label(answer).check()
        await page.get_by_label(REASON).fill(WHY)
        await page.get_by_role("button", name="Continue").click()

    await asyncio.gather(*(page.get_by_role("button", name="Confirm and decide").click() for page in pages))

    headings = sorted([await page.get_by_role("heading", level=1).inner_text() for page in pages])
    assert headings == ["Family record", "They are one already"]
    assert (await world.types()).count("person.merged") == 1
