from __future__ import annotations

import asyncio
import re
from dataclasses import replace
from datetime import UTC, datetime
from uuid import UUID, uuid4

import pytest

from events.description import Address, Adult, ContactPoint, Identifier, IdentifierScheme, Name, Sex
from hub.identity.commands import MergeFamilies
from hub.identity.deciding import decide_identity
from hub.web.described import Compared, Described
from hub.web.side_by_side import DIFFERS, sides
from tests.web.doubting import TWINS, WHY, Told, a_household, decide, doubted, fields_of, form_of, told
from tests.web.world import HOSTILE, SCHOOL, TRUST, World, child, lines_in_order, referral, text_of

SECRET = "9 Hidden Court"
UPN = Identifier(scheme=IdentifierScheme.UPN, value="B801200005001", valid=True)


async def a_pair(world: World) -> tuple[Told, Told, str]:
    """A known child, a new one who may be the same, and the page to decide on."""
    known = await told(world, referral(child(identifiers=(UPN,), school="199001", sex=Sex.MALE)))
    new = await told(world, referral(child("Samuel", born="2016-04-08")), TRUST)
    return known, new, f"/doubts/{await doubted(world, new, known, agency=TRUST)}"


async def send(world: World, address: str, step: str, form: dict[str, str], **more: str) -> str:
    answer = await world.client.post(address, data=form | {"step": step} | more)
    assert answer.status_code == 200, answer.text
    return answer.text


async def test_both_are_shown_side_by_side_with_the_same_rows_and_what_differs_in_words(world: World) -> None:
    known, _, address = await a_pair(world)

    text = await world.read(address)

    new, old = text[text.index("New:") : text.index("Known already:")], text[text.index("Known already:") :]
    labels = [
        "Name",
        "Former names",
        "Born",
        "Sex",
        "Address",
        "Contacts",
        "School",
        "Identifiers",
        "Others",
        "Told by",
    ]
    assert lines_in_order(new, labels)
    assert lines_in_order(old, labels)
    assert "Name Sam Madeup Differs Former names Not known Born 9 April 2016 (10 years) Differs Sex Male Address" in old
    assert "School or setting Elm Pretend School Identifiers Unique pupil number B801200005001 (valid)" in old
    assert "Told by Madeup NHS Trust" in new
    assert DIFFERS not in new
    assert f'href="/families/{known.family_id}"' in await world.page(address)


async def test_one_answer_settles_a_household(world: World) -> None:
    address, mothers = await a_household(world)
    text = await world.read(address)
    assert "Told of with them If the families are one, these are the same people too." in text
    assert "The new Ann Madeup and Ann Madeup" in text
    chosen = re.findall(r'value="(one:[0-9a-f-]+)"', await world.page(address))[0]
    checked = await send(world, address, "check", await form_of(world, address), chosen=chosen, reason=WHY)
    assert "Told of with them: the new Ann Madeup is Ann Madeup, known already." in text_of(checked)
    answer = await world.client.post(address, data=fields_of(checked) | {"step": "decide"})
    await world.until_shown()
    assert answer.status_code == 303
    assert "Nobody is waiting" in await world.read("/doubts")
    assert "Decided The same person as Ann Madeup" in await world.read(mothers)


async def test_one_answer_holds_a_household_apart(world: World) -> None:
    address, mothers = await a_household(world)
    assert (
        "None of them is asked about again: the new Ann Madeup is not Ann Madeup, known already."
        in await world.read(address)
    )
    await decide(world, address, chosen="apart", reason=WHY)
    await world.until_shown()
    assert "Nobody is waiting" in await world.read("/doubts")
    assert "Decided Different people" in await world.read(mothers)


async def test_a_household_can_be_decided_on_one_by_one(world: World) -> None:
    address, mothers = await a_household(world)
    await decide(world, address, chosen="different", reason=WHY)
    await world.until_shown()
    assert "1 new person may be known already" in await world.read("/doubts")
    assert "Told of with them" not in await world.read(mothers)


async def test_the_reasons_are_told_with_their_strength(world: World) -> None:
    *_, address = await a_pair(world)
    text = await world.read(address)
    assert "One person, and not two strangers? Strong: 38,000 times likelier Date of birth matches exactly" in text
    assert "not two of one household, such as twins? Weak: 2.6 times likelier Date of birth matches exactly" in text
    assert "Compared by Matching model abababababab" in text
    assert "Due 26 November 2026 (1 working day)" in text


async def test_why_a_person_must_look_is_said_first(world: World) -> None:
    *_, address = await a_pair(world)
    text = await world.read(address)
    assert lines_in_order(text, ["person?", f"Why you are asked {TWINS}.", "Told by", "New:", "The evidence"])


async def test_of_a_doubt_raised_anew_it_is_said_who_took_the_decision_back_and_why(world: World) -> None:
    known, new, address = await a_pair(world)
    await decide(world, address, chosen="different", reason=WHY)
    (undo,) = re.findall('href="(/identity/decisions/[^"]*/undo)"', await world.page(f"/families/{new.family_id}"))
    await decide(world, undo, reason=f"They are one. {HOSTILE}")
    (again,) = re.findall('href="(/doubts/[^"]*)"', await world.page("/doubts"))

    page = await world.page(again)

    took_back = "It had been decided before. Somebody in the demonstration, without sign-in took that back"
    assert f"{TWINS}. {took_back}, for this reason: They are one. {HOSTILE}" in text_of(page)
    assert "<script>alert" not in page
    assert "Sam Madeup" in text_of(page)
    assert str(known.person_id) in page


async def test_of_a_doubt_of_before_sentences_were_recorded_what_is_missing_is_said(world: World) -> None:
    known, new, _ = await a_pair(world)
    address = f"/doubts/{await doubted(world, new, known, why=None, within=None)}"
    text = await world.read(address)
    assert "Why you are asked The hub recorded no sentence." in text
    assert "not two strangers? Strong" in text
    assert "two of one household, such as twins?" not in text


async def test_nothing_is_chosen_before_somebody_chooses(world: World) -> None:
    *_, address = await a_pair(world)
    assert "checked" not in await world.page(address)


async def test_what_is_missing_is_said_at_the_top_and_at_the_field(world: World) -> None:
    *_, address = await a_pair(world)

    page = await send(world, address, "check", await form_of(world, address), reason=" \n ")

    text = text_of(page)
    assert "There is a problem Select whether they are the same person Enter the reason for your decision" in text
    assert "<title>Error: Are they the same person?" in page
    assert 'href="#chosen"' in page
    assert 'id="chosen"' in page
    assert 'href="#reason"' in page


async def test_a_reason_that_is_too_long_stays_in_the_form(world: World) -> None:
    *_, address = await a_pair(world)
    reason = "\U0001f642" * 2001

    page = await send(world, address, "check", await form_of(world, address), chosen="different", reason=reason)

    assert "The reason must be 2,000 characters or less" in text_of(page)
    assert reason in page
    assert 'value="different" checked' in page


async def test_the_answer_is_checked_before_it_counts_and_can_be_changed(world: World) -> None:
    known, _, address = await a_pair(world)
    chosen = {"chosen": f"one:{known.person_id}", "reason": f"{WHY} {HOSTILE}"}

    check = await send(world, address, "check", await form_of(world, address), **chosen)
    again = await send(world, address, "change", fields_of(check))

    text = text_of(check)
    assert "Decision The same person as Sam Madeup, and their families are one" in text
    assert "The school knows both & says so." in text
    assert "<script>alert" not in check
    assert f'value="one:{known.person_id}" checked' in again
    assert "both &amp; says so." in again
    assert "person.doubt_settled" not in await world.types()


@pytest.mark.parametrize(
    ("verdict", "types", "said"),
    [
        ("one", ["person.doubt_settled", "person.merged", "family.merged"], "and their families are one."),
        ("two", ["person.doubt_settled", "person.merged"], "the same person, in two families."),
        ("different", ["person.doubt_settled"], "different people. The hub does not ask about them again."),
    ],
)
async def test_a_decision_is_on_record_and_shown_at_once(
    world: World, verdict: str, types: list[str], said: str
) -> None:
    known, _, address = await a_pair(world)
    chosen = verdict if verdict == "different" else f"{verdict}:{known.person_id}"
    check = await send(world, address, "check", await form_of(world, address), chosen=chosen, reason=WHY)

    answer = await world.client.post(address, data=fields_of(check) | {"step": "decide"})

    assert answer.status_code == 303
    text = await world.read(answer.headers["location"])
    assert said in text
    assert "Nobody is waiting." in text
    assert (await world.types())[-len(types) :] == types


async def test_sent_twice_it_is_decided_once(world: World) -> None:
    *_, address = await a_pair(world)
    check = await send(world, address, "check", await form_of(world, address), chosen="different", reason=WHY)
    form = fields_of(check) | {"step": "decide"}

    answers = await asyncio.gather(*(world.client.post(address, data=form) for _ in range(3)))

    assert {answer.status_code for answer in answers} == {303}
    assert (await world.types()).count("person.doubt_settled") == 1


async def test_of_two_reviewers_the_second_sees_when_and_how_it_was_decided_and_changes_nothing(world: World) -> None:
    known, _, address = await a_pair(world)
    first, second = [await form_of(world, address) for _ in range(2)]
    reasons = {"chosen": f"two:{known.person_id}", "reason": WHY}
    await world.client.post(address, data=first | reasons | {"step": "decide"})

    answer = await world.client.post(address, data=second | {"step": "decide", "chosen": "different", "reason": "No."})

    for text in (text_of(answer.text), await world.read(address)):
        assert "This has been decided already" in text
        assert "Decided The same person as Sam Madeup, born 9 April 2016 When 25 November 2026 at midday" in text
        assert "By Somebody in the demonstration, without sign-in" in text
        assert "The school knows both & says so." in text
    assert (await world.types()).count("person.doubt_settled") == 1


async def test_a_protected_address_is_on_neither_side(world: World) -> None:
    mother = Adult(
        name=Name(given="Ann", family="Madeup"),
        address=Address(lines=(SECRET,), town="Marchless", restricted=True),
        contacts=(ContactPoint(kind="phone", value="07700 900001"),),
    )
    known = await told(world, referral(child(), adults=(mother,)))
    new = await told(world, referral(child("Samuel")), TRUST)
    address = f"/doubts/{await doubted(world, new, known)}"

    page = await world.page(address)
    check = await send(world, address, "check", await form_of(world, address), chosen="different", reason=WHY)

    family = await world.page(f"/families/{new.family_id}")
    for shown in (page, check, family, await world.page("/doubts")):
        assert SECRET not in shown
        assert "1 Storybook Lane" not in shown
        assert "07700 900001" not in shown
    assert text_of(page).count("Address Address protected Contacts Address protected") == 2
    assert "Ann Madeup" in text_of(page)


@pytest.mark.parametrize(
    "more", [{"step": "x"}, {"key": "Sam Madeup"}, {"step": "decide", "chosen": f"one:{UUID(int=1)}", "reason": "x"}]
)
async def test_a_form_about_nobody_changes_nothing(world: World, more: dict[str, str]) -> None:
    *_, address = await a_pair(world)
    form = await form_of(world, address) | {"step": "check"}
    await world.client.post(address, data=form | more)
    assert "person.doubt_settled" not in await world.types()


async def test_without_the_token_nothing_is_decided(world: World) -> None:
    *_, address = await a_pair(world)
    form = await form_of(world, address) | {"step": "decide", "chosen": "different", "reason": WHY}
    del form["token"]
    assert (await world.client.post(address, data=form)).status_code == 403
    assert "person.doubt_settled" not in await world.types()


async def test_a_doubt_that_there_is_not_is_not_found(world: World) -> None:
    assert "Page not found" in await world.read(f"/doubts/{uuid4()}", 404)
    assert "Page not found" in await world.read("/doubts/Sam-Madeup", 404)


def test_who_was_erased_has_the_same_rows_and_says_when() -> None:
    since = datetime(2026, 11, 3, tzinfo=UTC)
    unknown = Described(uuid4(), "Name not known", None, None, (), (), (uuid4(),), None)
    gone = replace(unknown, name="Erased", erased_since=since, families=(uuid4(),))
    new, old = sides(Compared(unknown, (gone,), {}, hidden=False), since.date())
    assert [row.label for row in new.rows] == [row.label for row in old.rows]
    assert len(old.rows) == 10, "the style sheet lays out this many rows"
    assert old.rows[0].texts == ("Erased on 3 November 2026",)
    assert DIFFERS not in {row.mark for row in old.rows}


async def test_three_candidates_are_three_cards_and_seven_answers(world: World) -> None:
    known = [await told(world, referral(child(name)), SCHOOL) for name in ("Ada", "Bea", "Cid")]
    new = await told(world, referral(child("Adah")), TRUST)
    address = f"/doubts/{await doubted(world, new, *known)}"

    page = await world.page(address)

    assert page.count('type="radio"') == 7
    assert lines_in_order(text_of(page), ["Known already, 1: Ada", "Known already, 2: Bea", "Known already, 3: Cid"])
    assert "Different people: none of these" in text_of(page)


async def test_of_two_in_one_family_only_who_they_are_is_asked(world: World) -> None:
    known, new, _ = await a_pair(world)
    by = {"actor": "reviewer-7", "key": "key", "reason": WHY}
    await decide_identity(world.hub, MergeFamilies(known.family_id, new.family_id, **by))
    address = f"/doubts/{await doubted(world, new, known, agency=TRUST)}"

    text = await world.read(address)
    answer = await decide(world, address, chosen=f"same:{known.person_id}", reason=WHY)

    assert "in two families" not in text
    assert "Others in the family Samuel Madeup Told by" in text
    assert "Decided: they are the same person." in await world.read(answer.headers["location"])


async def test_what_is_written_in_two_ways_or_of_another_kind_does_not_differ(world: World) -> None:
    nhs = Identifier(scheme=IdentifierScheme.NHS_NUMBER, value="9434765919", valid=True)
    there = Address(lines=("1, Storybook LANE",), town="Marchless", postcode="PE131VV")
    known = await told(world, referral(child("Sam", identifiers=(UPN,))))
    new = await told(world, referral(child("SAM", born="2016-04", address=there, identifiers=(nhs,))), TRUST)
    address = f"/doubts/{await doubted(world, new, known, agency=TRUST)}"
    assert DIFFERS not in await world.read(address)
