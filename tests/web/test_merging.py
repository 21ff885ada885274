"""Two people, or two families, are found to be one where the hub has no doubt: offered, side by side, decided once."""

from __future__ import annotations

import asyncio
import re
from uuid import UUID, uuid4

import pytest

from events.description import Address, Adult, Name
from hub.identity.commands import MergeFamilies, MergePeople
from hub.identity.deciding import decide_identity
from tests.web.doubting import WHY, Told, decide, doubted, fields_of, form_of, looked_up_again, told
from tests.web.world import HOSTILE, SCHOOL, TRUST, World, child, lines_in_order, referral, text_of

ELSEWHERE = Address(lines=("77 Whimsy Road",), town="Ramsaywhat", postcode="PE26 1VV")


async def two(world: World) -> tuple[Told, Told]:
    """Sam and Samuel, in two families."""
    one = await told(world, referral(child()))
    return one, await told(world, referral(child("Samuel", born="2016-04-08", address=ELSEWHERE)), TRUST)


async def three(world: World) -> tuple[Told, Told, Told]:
    return *await two(world), await told(world, referral(child("Sammy", born="2016-04-07")))


def by() -> dict[str, str]:
    return {"actor": "reviewer-7", "key": str(uuid4()), "reason": f"{WHY} {HOSTILE}"}


async def checked(world: World, address: str, **answer: str) -> dict[str, str]:
    """The form of a decision that waits to be confirmed."""
    page = await world.client.post(address, data=await form_of(world, address) | {"step": "check"} | answer)
    assert "Check before you decide" in page.text, text_of(page.text)
    return fields_of(page.text) | {"step": "decide"}


async def same_person(world: World, one: Told, other: Told) -> str:
    del world
    return f"/people/{one.person_id}/same/{other.person_id}"


async def reference(world: World, address: str, typed: str) -> tuple[int, str, str]:
    """Status, location and text of what follows when a reference is typed on a page that finds somebody."""
    page = await world.page(address)
    (token, *_) = re.findall('name="token" value="([^"]*)"', page)
    answer = await world.client.post(address, data={"token": token, "reference": typed})
    return answer.status_code, answer.headers.get("location", ""), text_of(answer.text) if answer.text else ""


async def test_the_family_leads_to_finding_the_same_person_and_the_same_family(world: World) -> None:
    one = await told(world, referral(child()))
    page = await world.page(f"/families/{one.family_id}")
    assert f'href="/people/{one.person_id}/same"' in page
    assert f'href="/families/{one.family_id}/same"' in page
    assert f"Reference: {one.family_id}" in text_of(page)
    assert f"/families/{one.family_id}/part" not in page


@pytest.mark.parametrize(
    "typed", ["{other.person_id}", "{other.family_id}", " http://127.0.0.1/families/{other.family_id} "]
)
async def test_somebody_is_found_by_the_reference_of_a_record(world: World, typed: str) -> None:
    one, other = await two(world)
    address = f"/people/{one.person_id}/same"

    status, location, _ = await reference(world, address, typed.format(other=other))
    choice = location if "family=" in location else ""
    page = await world.page(location)

    assert status == 303
    if choice:
        assert location == f"{address}?family={other.family_id}"
        form = {"token": re.findall('name="token" value="([^"]*)"', page)[0], "chosen": str(other.person_id)}
        location = (await world.client.post(location, data=form)).headers["location"]
    assert location == f"{address}/{other.person_id}"


@pytest.mark.parametrize("typed", ["{other.person_id}", "{other.family_id}"])
async def test_a_family_is_found_by_the_reference_of_a_record(world: World, typed: str) -> None:
    one, other = await two(world)
    found = await reference(world, f"/families/{one.family_id}/same", typed.format(other=other))
    assert found[:2] == (303, f"/families/{one.family_id}/same/{other.family_id}")


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ("", "Enter the reference of a record"),
        ("Sam Madeup", "There is no record with this reference. Check that you copied all of it"),
        (str(UUID(int=7)), "There is no record with this reference. Check that you copied all of it"),
        ("{one.family_id}", "This is the reference of the record you came from. Enter the other one"),
        ("{one.person_id}", "This is the reference of the record you came from. Enter the other one"),
    ],
)
async def test_what_is_no_reference_of_another_record_is_said(world: World, typed: str, said: str) -> None:
    one = await told(world, referral(child()))
    for address in (f"/families/{one.family_id}/same", f"/people/{one.person_id}/same"):
        if "/people/" in address and "family_id" in typed:
            continue
        status, location, text = await reference(world, address, typed.format(one=one))
        assert (status, location) == (200, "")
        assert f"There is a problem {said}" in text


async def test_who_is_like_somebody_is_offered_with_the_reasons_in_words(world: World) -> None:
    await world.tell(SCHOOL, referral(child()))
    await world.tell(TRUST, referral(child("Sam", "Inventedson", born="2016-04-09", address=ELSEWHERE)))
    await world.tell(TRUST, referral(child("Zebedee", "Otherwise", born="2009-12-01", address=ELSEWHERE, postcode="")))
    first, second, _ = await world.families()
    (person,) = re.findall('href="(/people/[^"]*/same)"', await world.page(f"/families/{first}"))

    page, of_family = await world.page(person), await world.page(f"/families/{first}/same")

    text = text_of(page)
    assert "Who else may Sam Madeup be?" in text
    assert "Sam Inventedson, born 9 April 2016" in text
    assert "Date of birth matches exactly" in text
    assert "Zebedee" not in text
    assert "checked" not in page
    assert "Family of Sam Inventedson" in text_of(of_family)
    assert "Sam Inventedson is like Sam Madeup." in text_of(of_family)
    assert f'value="{second}"' in of_family


async def test_choosing_nobody_is_said_at_the_field(world: World) -> None:
    await world.tell(SCHOOL, referral(child()))
    await world.tell(TRUST, referral(child("Sam", "Inventedson", address=ELSEWHERE)))
    (first, _) = await world.families()
    (person,) = re.findall('href="(/people/[^"]*/same)"', await world.page(f"/families/{first}"))
    page = await world.page(person)
    (token, *_) = re.findall('name="token" value="([^"]*)"', page)

    answer = await world.client.post(person, data={"token": token})

    assert "There is a problem Select who it may be" in text_of(answer.text)
    assert 'href="#chosen"' in answer.text
    assert (await world.client.post(person, data={"chosen": str(uuid4())})).status_code == 403


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


async def test_nobody_there_is_not_found(world: World) -> None:
    one = await told(world, referral(child()))
    for address in (
        f"/people/{uuid4()}/same",
        f"/families/{uuid4()}/same",
        f"/people/{one.person_id}/same/{uuid4()}",
        f"/families/{one.family_id}/same/{uuid4()}",
        f"/families/{uuid4()}/part",
        "/people/Sam-Madeup/same",
    ):
        assert "Page not found" in await world.read(address, 404)


async def test_a_protected_home_is_neither_shown_nor_compared(world: World) -> None:
    secret = Address(lines=("9 Hidden Court",), town="Nowhereton", postcode="PE13 9VV", restricted=True)
    there = Address(lines=("9 Hidden Court",), town="Nowhereton", postcode="PE13 9VV")
    mother = Adult(name=Name(given="Ann", family="Madeup"), address=secret)
    await told(world, referral(child(address=secret), adults=(mother,)))
    await told(world, referral(child("Sam", "Otherwise", address=there)), TRUST)
    await told(world, referral(child("Quentin", "Neighbour", born="2009-01-02", address=there)), TRUST)
    await looked_up_again(world)
    hidden, alike, neighbour = await world.families()
    people = {
        each: re.findall('href="/people/([^"]*)/same"', await world.page(f"/families/{each}"))[0]
        for each in (hidden, alike, neighbour)
    }
    assert "9 Hidden Court" in await world.page(f"/families/{alike}"), "searched where nothing is"

    offered = await world.page(f"/people/{people[neighbour]}/same"), await world.page(f"/families/{neighbour}/same")
    pages = [
        await world.page(address)
        for address in (
            f"/people/{people[alike]}/same",
            f"/families/{alike}/same",
            f"/people/{people[alike]}/same/{people[hidden]}",
            f"/people/{people[neighbour]}/same/{people[hidden]}",
            f"/families/{alike}/same/{hidden}",
        )
    ]

    assert "Sam Madeup, born" not in "".join(map(text_of, offered)), "told by the address alone"
    assert "Sam Madeup, born" in text_of(pages[0]), "told by the name and the date of birth"
    assert "Quentin Neighbour" in text_of(pages[1]), "told by the address, which is open on both"
    for page in (*pages, *offered):
        assert "9 Hidden Court" not in page
    for page in pages[2:]:
        assert "Address is the same" not in text_of(page)
        assert "and nothing says whether they agree" in text_of(page)
        assert "Address Address protected Contacts Address protected" in text_of(page)
