from __future__ import annotations

import re
from datetime import timedelta
from itertools import combinations, islice

import pytest

from events.description import Birth, Name
from hub.submission import ForReview, Urgency
from tests.web.world import CENTRAL, HOSTILE, SCHOOL, TRUST, WEDNESDAY, World, child, lines_in_order, referral


async def test_the_start_page_says_how_long_each_queue_is(world: World) -> None:
    await world.tell(SCHOOL, referral(child()), referral(child("Ada", postcode=CENTRAL)))
    await world.tell(SCHOOL, ForReview("no-name", {"told": "somebody is sad"}))

    text = await world.read("/")

    assert "Fenland district team 1 new, 0 acknowledged" in text
    assert "Peterborough Central MASG panel 1 new, 0 acknowledged" in text
    assert "Cambridge district team Nothing is waiting" in text
    assert "Triage 0 new, 0 acknowledged, 1 to look at" in text
    assert "Up to date to midday" in text
    assert "Demonstration: invented data, no sign-in" in text


async def test_a_row_says_who_since_when_until_when_and_why_here(world: World) -> None:
    await world.tell(SCHOOL, referral(child(), urgency=Urgency.SOON))

    text = await world.read("/queues/FENLAND")

    assert "1 family. Up to date to midday" in text
    assert lines_in_order(text, ["Sam Madeup", "10 years", "25 November 2026", "26 November 2026 (1 working day)"])
    assert lines_in_order(text, ["(1 working day)", "New", "Soon", "Elm Pretend School", "Lives in PE13"])
    assert "Acknowledge Sam Madeup" in text


async def test_what_nobody_answered_in_time_is_overdue_and_first(world: World) -> None:
    await world.tell(SCHOOL, referral(child("Old")))
    world.pass_days(6)
    await world.tell(SCHOOL, referral(child("Young")))

    text = await world.read("/queues/FENLAND")

    assert "26 November 2026 (overdue by 3 working days)" in text
    assert lines_in_order(text, ["Old Madeup", "New Overdue", "Young Madeup"])
    assert "2 new, 0 acknowledged, 1 overdue" in await world.read("/")


async def test_filters_narrow_the_queue_and_can_be_removed_one_by_one(world: World) -> None:
    await world.tell(SCHOOL, referral(child("Ada"), urgency=Urgency.URGENT), referral(child("Bea")))
    await world.tell(TRUST, referral(child("Cid"), urgency=Urgency.URGENT))

    page = await world.page("/queues/FENLAND?urgency=URGENT&agency=elm")
    text = await world.read("/queues/FENLAND?urgency=URGENT&agency=elm")

    assert "Ada Madeup" in text
    assert "Bea Madeup" not in text
    assert "Cid Madeup" not in text
    assert "Remove this filter Urgency: Urgent" in text
    assert "Remove this filter Referrer: Elm Pretend School" in text
    assert 'href="/queues/FENLAND?agency=elm"' in page
    assert 'href="/queues/FENLAND?urgency=URGENT"' in page


@pytest.mark.parametrize(
    "nonsense", ["status=X", "urgency=%27--", "agency=nobody", "page=-1", "page=x", "page=999999999999"]
)
async def test_a_filter_that_there_is_not_is_no_filter(world: World, nonsense: str) -> None:
    await world.tell(SCHOOL, referral(child()))
    assert "Sam Madeup" in await world.read(f"/queues/FENLAND?{nonsense}")


async def test_twenty_five_families_stand_on_a_page(world: World) -> None:
    numbers = islice(combinations("0123456789", 2), 26)  # in none have two letters of another changed places
    await world.tell(SCHOOL, *(referral(child(f"Kid{one}{other}")) for one, other in numbers))

    first, second = await world.page("/queues/FENLAND"), await world.page("/queues/FENLAND?page=2")

    assert first.count("Acknowledge<span") == 25
    assert second.count("Acknowledge<span") == 1
    assert "Page 1 of 2." in first
    assert 'href="/queues/FENLAND?page=2"' in first


async def test_an_empty_queue_says_so(world: World) -> None:
    assert "There are no families waiting in Cambridge district team." in await world.read("/queues/CAMBRIDGE")
    text = await world.read("/queues/CAMBRIDGE?overdue=yes")
    assert "There are no families in Cambridge district team with these filters." in text


async def test_triage_lists_what_no_rule_could_place_with_the_reason_in_words(world: World) -> None:
    found = {"given name": "Nobody", "told": HOSTILE}
    await world.tell(SCHOOL, ForReview("not-a-child", found), *[ForReview("no-name", {})] * 25)

    text, rest = await world.read("/queues/TRIAGE"), await world.read("/queues/TRIAGE?reviews=2")

    assert "26 to look at: could not be placed by rule" in text
    assert "The person named is an adult at the date of the concern" in text + rest
    assert f"Given name Nobody What was told {HOSTILE}" in text + rest
    assert text.count("From Elm Pretend School") == 25
    assert rest.count("From Elm Pretend School") == 1
    assert "to look at" not in await world.read("/queues/FENLAND")


async def test_names_are_text_whatever_they_are(world: World) -> None:
    await world.tell(SCHOOL, referral(child(HOSTILE, "O'Neill \u202eesrever")))

    page = await world.page("/queues/FENLAND")

    assert f"{HOSTILE} O'Neill esrever" in await world.read("/queues/FENLAND")
    assert "<script>alert" not in page
    assert "\u202e" not in page


async def test_no_address_on_a_page_holds_anything_personal(world: World) -> None:
    await world.tell(SCHOOL, referral(child("Samantha", "Madeuppery")))
    (family,) = await world.families()

    for address in ("/", "/queues/FENLAND", f"/families/{family}", "/packs"):
        page = await world.page(address)
        assert not re.findall(r'(?:href|action|src)="[^"]*(?:Sam|Madeup|Storybook|PE13)[^"]*"', page)
    assert f'href="/families/{family}"' in await world.page("/queues/FENLAND")
    title = re.search("<title>(.*?)</title>", await world.page(f"/families/{family}"))
    assert title is not None
    assert title[1] == "Family record - Early Help hub"


async def test_a_child_whose_birth_is_expected_is_not_given_an_age(world: World) -> None:
    birth = Birth(date=(WEDNESDAY + timedelta(days=60)).date().isoformat(), expected=True)
    await world.tell(SCHOOL, referral(child(name=Name(), birth=birth, unborn=True)))
    assert "Unborn child not born yet" in await world.read("/queues/ESP_0_5")


async def test_a_date_that_stands_under_due_does_not_say_so_again(world: World) -> None:
    await world.tell(SCHOOL, referral(child()))
    page = await world.page("/queues/FENLAND")
    assert 'data-label="Due">26 November 2026 (1 working day)</td>' in page


async def test_a_queue_without_families_has_nothing_to_filter(world: World) -> None:
    await world.tell(SCHOOL, referral(child()))
    assert "Apply filters" not in await world.page("/queues/CAMBRIDGE")
    assert "Apply filters" in await world.page("/queues/CAMBRIDGE?status=NEW")
    assert "Apply filters" in await world.page("/queues/FENLAND")
