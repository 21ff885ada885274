from __future__ import annotations

import asyncio
from uuid import uuid4

import pytest

from hub.commands import Acknowledge, acknowledge
from hub.deciders.acknowledgement import NoSuchMatter
from hub.submission import Change, Source
from tests.web.world import SCHOOL, TRUST, World, child, inputs_of, referral, text_of

QUEUE = "/queues/FENLAND"
POST = f"{QUEUE}/acknowledge"


async def form_of(world: World, address: str = QUEUE) -> dict[str, str]:
    (family, *_) = await world.families()
    return inputs_of(await world.page(address), family)


async def test_acknowledging_is_on_record_and_shown_at_once(world: World) -> None:
    await world.tell(SCHOOL, referral(child()))
    form = await form_of(world)

    answer = await world.client.post(POST, data=form)

    assert answer.status_code == 303
    assert answer.headers["location"] == f"{QUEUE}?done=shown"
    text = await world.read(answer.headers["location"])
    assert "Success Acknowledged. The agencies that asked can see that their referral has arrived." in text
    assert "Acknowledged Routine Elm Pretend School Lives in PE13 Not needed" in text
    assert "Nobody is waiting" in text
    assert (await world.types())[-1] == "referral.acknowledged"
    family = await world.read(f"/families/{form['family']}")
    assert "Referral acknowledged by Early Help hub" in family


async def test_one_answer_goes_to_everybody_who_asked_about_the_family(world: World) -> None:
    await world.tell(SCHOOL, referral(child()))
    await world.tell(TRUST, referral(child()))

    await world.client.post(POST, data=await form_of(world))

    assert (await world.types()).count("referral.acknowledged") == 2


async def test_a_form_sent_twice_answers_once(world: World) -> None:
    await world.tell(SCHOOL, referral(child()))
    form = await form_of(world)

    answers = await asyncio.gather(*(world.client.post(POST, data=form) for _ in range(4)))
    later = await world.client.post(POST, data=form)

    assert {answer.status_code for answer in answers} == {303}
    assert (await world.types()).count("referral.acknowledged") == 1
    assert "This had been acknowledged already." in await world.read(later.headers["location"])


async def test_a_withdrawn_referral_is_not_answered(world: World) -> None:
    source = Source(case_reference="case-1")
    await world.tell(SCHOOL, referral(child(), source=source))
    form = await form_of(world)
    await world.tell(SCHOOL, referral(child(), source=source, change=Change.WITHDRAW))

    await world.client.post(POST, data=form)

    assert "referral.acknowledged" not in await world.types()
    assert "Withdrawn" in await world.read(QUEUE)


async def test_the_filters_stay_as_they_were(world: World) -> None:
    await world.tell(SCHOOL, referral(child()))
    form = await form_of(world, f"{QUEUE}?agency=elm&status=NEW")

    answer = await world.client.post(POST, data=form)

    assert answer.headers["location"] == f"{QUEUE}?status=NEW&agency=elm&done=shown"


@pytest.mark.parametrize("spoilt", ["no cookie", "no token", "another token", "another site"])
async def test_a_form_that_is_not_ours_changes_nothing(world: World, spoilt: str) -> None:
    await world.tell(SCHOOL, referral(child()))
    form, headers = await form_of(world), {}
    if spoilt == "no cookie":
        world.client.cookies.clear()
    elif spoilt == "no token":
        del form["token"]
    elif spoilt == "another token":
        form["token"] = "0" * 32
    else:
        headers["Sec-Fetch-Site"] = "cross-site"

    answer = await world.client.post(POST, data=form, headers=headers)

    assert answer.status_code == 403
    assert "You cannot do this" in text_of(answer.text)
    assert "referral.acknowledged" not in await world.types()


@pytest.mark.parametrize("field", ["family", "matter", "key"])
async def test_a_form_about_nobody_is_not_found(world: World, field: str) -> None:
    await world.tell(SCHOOL, referral(child()))
    form = await form_of(world)
    missing = form | {field: "Sam Madeup" if field == "key" else str(uuid4())}

    answer = await world.client.post(POST, data=missing)

    assert answer.status_code == 404
    assert "Sam" not in answer.text
    assert "referral.acknowledged" not in await world.types()


async def test_a_form_that_is_too_long_is_not_read(world: World) -> None:
    await world.tell(SCHOOL, referral(child()))
    answer = await world.client.post(POST, data=await form_of(world) | {"more": "x" * 70_000})
    assert answer.status_code == 413


async def test_the_cookie_is_for_this_browser_and_this_service_alone(world: World) -> None:
    answer = await world.client.get(QUEUE)
    cookie = answer.headers["set-cookie"].lower()
    assert "httponly" in cookie
    assert "samesite=strict" in cookie


async def test_acknowledging_a_matter_of_nobody_is_refused(world: World) -> None:
    with pytest.raises(NoSuchMatter):
        await acknowledge(world.hub, Acknowledge(uuid4(), uuid4(), "test", "key"))
