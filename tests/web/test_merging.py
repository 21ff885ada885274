"""Two people, or two families, are found to be one where the hub has no doubt: offered, side by side, decided once."""

from __future__ import annotations

import asyncio
import re

import pytest

from hub.identity.commands import MergeFamilies, MergePeople
from hub.identity.deciding import decide_identity
from tests.web.doubting import WHY, decide, doubted, fields_of, form_of
from tests.web.merging import by, three, two
from tests.web.world import HOSTILE, World, lines_in_order, text_of


async def checked(world: World, address: str, **answer: str) -> dict[str, str]:
    """The form of a decision that waits to be confirmed."""
    page = await world.client.post(address, data=await form_of(world, address) | {"step": "check"} | answer)
    assert "Check before you decide" in page.text, text_of(page.text)
    return fields_of(page.text) | {"step": "decide"}


async def test_two_people_stand_side_by_side_with_the_reasons_and_nothing_chosen(world: World) -> None:
    one, other = await two(world)

    page = await world.page(f"/people/{one.person_id}/same/{other.person_id}")

    text = text_of(page)
    parts = ["Are they the same person?", "This person: Sam Madeup", "The other person: Samuel Madeup", "The evidence"]
    assert lines_in_order(
        text, [*parts, "One person, and not two strangers?", "One digit of the date of birth differs"]
    )
    assert "77 Whimsy Road, Ramsaywhat, PE26 1VV Differs" in text
    assert page.count('type="radio"') == 3
    assert "checked" not in page


@pytest.mark.parametrize(
    ("chosen", "types", "said"),
    [
        ("one", ["person.merged", "family.merged"], "Found to be one person, and their families one family:"),
        ("two", ["person.merged"], "Found to be one person:"),
    ],
)
async def test_two_people_are_found_to_be_one_and_that_is_undone(
    world: World, chosen: str, types: list[str], said: str
) -> None:
    one, other = await two(world)
    address = f"/people/{one.person_id}/same/{other.person_id}"

    answer = await decide(world, address, chosen=chosen, reason=f"{WHY} {HOSTILE}")

    assert answer.headers["location"] == f"/families/{one.family_id}?done=one-person"
    assert (await world.types())[-len(types) :] == types
    page = await world.page(answer.headers["location"])
    assert "Success Decided: they are the same person." in text_of(page)
    assert said in text_of(page)
    assert "<script>alert" not in page
    (used,) = set(re.findall('href="(/identity/consequences/[^"]*)">What has used it', page))
    consequences = await world.page(used)
    assert "It stood from 25 November 2026 at midday and stands now." in text_of(consequences)
    (undo,) = re.findall('href="(/identity/decisions/[^"]*/undo)"', consequences)
    await decide(world, undo, reason="They are cousins.")
    assert "/undo" not in await world.page(used)
    assert "Samuel Madeup, Child" in await world.read(f"/families/{other.family_id}")
    assert "Samuel Madeup, Child" not in await world.read(f"/families/{one.family_id}")


async def test_whoever_cannot_tell_changes_nothing(world: World) -> None:
    one, other = await two(world)
    before = await world.types()
    for address in (
        f"/people/{one.person_id}/same/{other.person_id}",
        f"/families/{one.family_id}/same/{other.family_id}",
    ):
        form = await form_of(world, address)
        answer = await world.client.post(address, data=form | {"step": "check", "chosen": "no"})
        assert answer.headers["location"] == f"/families/{one.family_id}"
        forged = await world.client.post(address, data=form | {"step": "decide", "chosen": "no", "reason": WHY})
        assert forged.status_code == 404
    assert await world.types() == before


async def test_what_is_missing_is_said_and_the_answer_can_be_changed(world: World) -> None:
    one, other = await two(world)
    address = f"/people/{one.person_id}/same/{other.person_id}"
    form = await form_of(world, address)

    empty = await world.client.post(address, data=form | {"step": "check"})
    check = await world.client.post(address, data=form | {"step": "check", "chosen": "two", "reason": WHY})
    again = await world.client.post(address, data=fields_of(check.text) | {"step": "change"})

    problem = "There is a problem Select whether they are the same person Enter the reason for your decision"
    assert problem in text_of(empty.text)
    assert fields_of(empty.text)["seen"] == form["seen"]
    assert "Decision The same person: yes, in two families" in text_of(check.text)
    assert "Sam Madeup, born 9 April 2016 Samuel Madeup, born 8 April 2016" in text_of(check.text)
    assert 'value="two" checked' in again.text
    assert "person.merged" not in await world.types()


async def test_two_families_stand_side_by_side_and_are_found_to_be_one(world: World) -> None:
    one, other = await two(world)
    address = f"/families/{one.family_id}/same/{other.family_id}"

    text = await world.read(address)
    answer = await decide(world, address, chosen="same", reason=WHY)

    parts = ["Are they one family?", "This family: Family of Sam Madeup", "The other family: Family of Samuel Madeup"]
    assert lines_in_order(text, [*parts, "The evidence", "Sam Madeup, and Samuel Madeup in the other family"])
    assert "Told by Madeup NHS Trust" in text
    assert answer.headers["location"] == f"/families/{one.family_id}?done=one-family"
    after = await world.read(answer.headers["location"])
    assert "Decided: they are one family." in after
    assert "Sam Madeup, Child" in after
    assert "Samuel Madeup, Child" in after
    assert "Found to be one family with another" in after


async def test_a_family_is_taken_out_of_a_merge_again(world: World) -> None:
    one, other, third = await three(world)
    for each in (other, third):
        await decide_identity(world.hub, MergeFamilies(one.family_id, each.family_id, **by()))
    await world.until_shown()
    address = f"/families/{one.family_id}/part"
    assert f'href="{address}"' in await world.page(f"/families/{one.family_id}")

    text = await world.read(address)
    answer = await decide(world, address, chosen=str(other.family_id), reason=WHY)

    assert "Family of Samuel Madeup Told by Madeup NHS Trust since 25 November 2026" in text
    assert answer.headers["location"] == f"/families/{one.family_id}?done=family-parted"
    after = await world.read(answer.headers["location"])
    assert "Taken out. They are different families from now on." in after
    assert "Sammy Madeup, Child" in after
    assert "Samuel Madeup, Child" not in after
    assert "Samuel Madeup, Child" in await world.read(f"/families/{other.family_id}")
    assert "Page not found" in await world.read(f"/families/{other.family_id}/part", 404)


@pytest.mark.parametrize(
    ("number", "said"),
    [(0, "Select the records that are about another family"), (2, "Leave at least one record that is about this fam")],
)
async def test_neither_none_nor_all_families_are_taken_out(world: World, number: int, said: str) -> None:
    one, other = await two(world)
    await decide_identity(world.hub, MergeFamilies(one.family_id, other.family_id, **by()))
    await world.until_shown()
    address = f"/families/{one.family_id}/part"
    form = await form_of(world, address) | {"step": "check", "reason": WHY}
    answer = await world.client.post(
        address, data={**form, "chosen": [str(one.family_id), str(other.family_id)][:number]}
    )
    assert said in text_of(answer.text)


@pytest.mark.parametrize("kind", ["people", "families"])
async def test_of_two_reviewers_the_second_sees_when_and_how_it_was_decided(world: World, kind: str) -> None:
    one, other = await two(world)
    ids = (one.person_id, other.person_id) if kind == "people" else (one.family_id, other.family_id)
    address = f"/{kind}/{ids[0]}/same/{ids[1]}"
    chosen = "two" if kind == "people" else "same"
    forms = [await checked(world, address, chosen=chosen, reason=WHY) for _ in range(2)]

    answers = await asyncio.gather(*(world.client.post(address, data=form) for form in forms))

    (late,) = [answer for answer in answers if answer.status_code != 303]
    for text in (text_of(late.text), await world.read(address)):
        assert "They are one already" in text
        assert "When 25 November 2026 at midday By Somebody in the demonstration, without sign-in" in text
        assert "The school knows both & says so." in text
    merged = "person.merged" if kind == "people" else "family.merged"
    assert (await world.types()).count(merged) == 1


@pytest.mark.parametrize("kind", ["people", "families"])
async def test_sent_twice_it_is_decided_once(world: World, kind: str) -> None:
    one, other = await two(world)
    ids = (one.person_id, other.person_id) if kind == "people" else (one.family_id, other.family_id)
    address = f"/{kind}/{ids[0]}/same/{ids[1]}"
    form = await checked(world, address, chosen="one" if kind == "people" else "same", reason=WHY)

    answers = [await world.client.post(address, data=form) for _ in range(2)]

    assert [answer.status_code for answer in answers] == [303, 303]
    assert (await world.types()).count("family.merged") == 1


@pytest.mark.parametrize("kind", ["people", "families"])
async def test_what_somebody_else_decided_about_one_of_them_meanwhile_must_be_looked_at_first(
    world: World, kind: str
) -> None:
    one, other, third = await three(world)
    ids = (one.person_id, other.person_id) if kind == "people" else (one.family_id, other.family_id)
    address = f"/{kind}/{ids[0]}/same/{ids[1]}"
    form = await checked(world, address, chosen="one" if kind == "people" else "same", reason=WHY)
    await decide_identity(world.hub, MergeFamilies(other.family_id, third.family_id, **by()))

    answer = await world.client.post(address, data=form)

    assert answer.status_code == 409
    assert "Nothing was decided Somebody decided about one of them after you had opened the page." in text_of(
        answer.text
    )
    assert (await world.types()).count("family.merged") == 1
    assert "person.merged" not in await world.types()


async def test_a_form_without_what_was_seen_decides_nothing(world: World) -> None:
    one, other = await two(world)
    address = f"/people/{one.person_id}/same/{other.person_id}"
    form = await checked(world, address, chosen="one", reason=WHY)
    assert (await world.client.post(address, data=form | {"seen": ""})).status_code == 404
    assert (await world.client.post(address, data=form | {"seen": "Sam"})).status_code == 409
    assert "person.merged" not in await world.types()


async def test_an_open_doubt_about_the_two_is_settled_on_its_own_page(world: World) -> None:
    one, other = await two(world)
    doubt_id = await doubted(world, other, one)
    for address in (
        f"/people/{one.person_id}/same/{other.person_id}",
        f"/people/{other.person_id}/same/{one.person_id}",
    ):
        answer = await world.client.get(address)
        assert (answer.status_code, answer.headers["location"]) == (303, f"/doubts/{doubt_id}")


async def test_a_doubt_about_two_who_were_found_to_be_one_meanwhile_is_no_error(world: World) -> None:
    one, other = await two(world)
    address = f"/doubts/{await doubted(world, other, one)}"
    form = await checked(world, address, chosen="different", reason=WHY)
    await decide_identity(world.hub, MergePeople(one.person_id, other.person_id, **by()))

    answer = await world.client.post(address, data=form)

    assert answer.status_code == 409
    assert "Nothing was decided They are one already." in text_of(answer.text)


async def test_of_two_who_were_told_apart_before_it_is_said_so(world: World) -> None:
    one, other = await two(world)
    await decide(world, f"/doubts/{await doubted(world, other, one)}", chosen="different", reason=WHY)
    text = await world.read(f"/people/{one.person_id}/same/{other.person_id}")
    assert "What speaks against it Somebody decided before that they are two people." in text


async def test_two_of_one_family_are_asked_about_without_their_families(world: World) -> None:
    one, other = await two(world)
    await decide_identity(world.hub, MergeFamilies(one.family_id, other.family_id, **by()))
    await world.until_shown()
    address = f"/people/{one.person_id}/same/{other.person_id}"

    page = await world.page(address)
    await decide(world, address, chosen="same", reason=WHY)

    assert page.count('type="radio"') == 2
    assert (await world.types())[-1] == "person.merged"
    assert "Records 2 found to be one" in await world.read(f"/families/{one.family_id}")
