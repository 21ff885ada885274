"""Who else somebody, or a family, may be: offered with reasons, or found by a reference; never by a hidden home."""

from __future__ import annotations

import re
from uuid import UUID, uuid4

import pytest

from events.description import Address, Adult, Name
from tests.web.doubting import looked_up_again, told
from tests.web.merging import ELSEWHERE, two
from tests.web.world import SCHOOL, TRUST, World, child, referral, text_of


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
    assert "Sam Madeup Who else may be the same person?" in text
    assert "Sam Inventedson, born 9 April 2016" in text
    assert "Family of Sam Inventedson. Date of birth matches exactly" in text
    assert "Evidence: " in text
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
