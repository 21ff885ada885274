from __future__ import annotations

from tests.web.doubting import TWINS, doubted, told
from tests.web.world import TRUST, World, child, lines_in_order, referral


async def test_the_list_says_who_may_be_whom_since_when_and_until_when(world: World) -> None:
    known = await told(world, referral(child()))
    new = await told(world, referral(child("Samuel", born="2016-04-08")), TRUST)
    await doubted(world, new, known)

    text = await world.read("/doubts")

    assert "1 new person may be known already. Somebody must decide. Up to date to midday" in text
    assert lines_in_order(text, ["Review Samuel Madeup", "born 8 April 2016", "Sam Madeup, born 9 April 2016"])
    assert f"{TWINS}. Elm Pretend School 25 November 2026 26 November 2026 (1 working day)" in text


async def test_the_start_page_and_triage_say_how_many_wait(world: World) -> None:
    assert "People to review Nobody is waiting" in await world.read("/")
    known = await told(world, referral(child()))
    await doubted(world, await told(world, referral(child("Ada"))), known)
    world.pass_days(6)
    await doubted(world, await told(world, referral(child("Bea"))), known)

    assert "People to review 2 waiting, 1 overdue" in await world.read("/")
    assert "2 people may be known already. Review who they are" in await world.read("/queues/TRIAGE")
    assert "may be known" not in await world.read("/queues/FENLAND")
    text = await world.read("/doubts")
    assert lines_in_order(text, ["Ada Madeup", "(overdue by 3 working days) Overdue", "Bea Madeup"])


async def test_an_empty_list_says_so(world: World) -> None:
    text = await world.read("/doubts")
    assert "Nobody is waiting. Up to date to midday" in text
    assert "keeps them apart until somebody decides" in text


async def test_twenty_five_stand_on_a_page(world: World) -> None:
    known = await told(world, referral(child()))
    for number in range(26):
        await doubted(world, await told(world, referral(child(f"Kid{number:02}"))), known)

    first, second = await world.page("/doubts"), await world.page("/doubts?page=2")

    assert first.count("Review </span>") == 25
    assert second.count("Review </span>") == 1
    assert 'href="/doubts?page=2"' in first
    assert "Page 1 of 2." in first
