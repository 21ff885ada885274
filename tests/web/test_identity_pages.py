from __future__ import annotations

import asyncio
import re
from uuid import UUID, uuid4

import pytest

from hub.identity.commands import MergePeople
from hub.identity.deciding import decide_identity
from tests.web.doubting import WHY, Told, decide, doubted, form_of, told
from tests.web.world import HOSTILE, TRUST, World, child, inputs_of, lines_in_order, receipt, referral, text_of


async def merged(world: World, *, one_family: bool = True) -> tuple[Told, Told, UUID]:
    """Sam and Samuel, found to be one by a person; the id of the decision."""
    one = await told(world, referral(child()))
    other = await told(world, referral(child("Samuel", born="2016-04-08")), TRUST)
    by = {"actor": "reviewer-7", "key": str(uuid4()), "reason": f"{WHY} {HOSTILE}"}
    done = await decide_identity(world.hub, MergePeople(one.person_id, other.person_id, one_family, **by))
    await world.until_shown()
    return one, other, done.decision_id


async def test_a_family_of_which_nothing_was_decided_says_so(world: World) -> None:
    one = await told(world, referral(child()))
    text = await world.read(f"/families/{one.family_id}")
    assert "Who is who Nobody had to decide who anybody in this family is." in text


async def test_the_family_shows_what_was_decided_by_whom_and_why(world: World) -> None:
    one, other, decision = await merged(world)

    for family in (one.family_id, other.family_id):
        page = await world.page(f"/families/{family}")
        text = text_of(page)
        assert "Found to be one person, and their families one family: " in text
        assert "Sam Madeup, born 9 April 2016" in text
        assert "Samuel Madeup, born 8 April 2016" in text
        assert "When 25 November 2026 at midday By Reviewer reviewer-7 Reason The school knows" in text
        assert HOSTILE in text
        assert "<script>alert" not in page
        assert f'href="/identity/decisions/{decision}/undo"' in page
        assert "Records 2 found to be one" in text


async def test_an_open_doubt_stands_on_the_family_it_is_about(world: World) -> None:
    known = await told(world, referral(child()))
    new = await told(world, referral(child("Samuel")), TRUST)
    doubt = await doubted(world, new, known)
    page = await world.page(f"/families/{new.family_id}")
    assert "Samuel Madeup may be known already. Review who they are" in text_of(page)
    assert f'href="/doubts/{doubt}"' in page


async def test_a_decision_is_undone_with_a_reason_and_both_stay_in_the_history(world: World) -> None:
    one, other, decision = await merged(world)
    address = f"/identity/decisions/{decision}/undo"

    text = await world.read(address)
    answer = await decide(world, address, reason="They are cousins.")

    assert lines_in_order(text, ["Undo this decision?", "Found to be one person", "By Reviewer reviewer-7"])
    assert answer.status_code == 303
    assert answer.headers["location"].endswith("?done=undone")
    after = await world.read(answer.headers["location"])
    assert "Success The decision has been undone." in after
    assert "An earlier decision was taken back. Found to be different people" in after
    assert "They are cousins." in after
    assert "Found to be one person, and their families one family" in after
    for family, name in ((one.family_id, "Sam Madeup, Child"), (other.family_id, "Samuel Madeup, Child")):
        assert name in await world.read(f"/families/{family}")


async def test_undoing_needs_a_reason(world: World) -> None:
    *_, decision = await merged(world)
    address = f"/identity/decisions/{decision}/undo"
    answer = await world.client.post(address, data=await form_of(world, address) | {"step": "check", "reason": " "})
    assert "There is a problem Enter the reason for your decision" in text_of(answer.text)
    assert "person.split" not in await world.types()


async def test_of_two_who_undo_the_second_is_told_so(world: World) -> None:
    *_, decision = await merged(world)
    address = f"/identity/decisions/{decision}/undo"
    forms = [await form_of(world, address) | {"step": "decide", "reason": WHY} for _ in range(2)]

    answers = await asyncio.gather(*(world.client.post(address, data=form) for form in forms))

    assert sorted(answer.status_code for answer in answers) == [303, 409]
    (late,) = [answer for answer in answers if answer.status_code == 409]
    assert "Nothing was decided Somebody undid this decision already, on 25 November 2026" in text_of(late.text)
    assert (await world.types()).count("person.split") == 1


async def test_one_record_is_taken_out_of_a_person(world: World) -> None:
    one, other, _ = await merged(world)
    address = f"/people/{one.person_id}/part"

    text = await world.read(address)
    answer = await decide(world, address, chosen=str(other.person_id), reason="They are twins.")

    assert "Samuel Madeup, born 8 April 2016 Told by Madeup NHS Trust since 25 November 2026" in text
    assert answer.status_code == 303
    after = await world.read(answer.headers["location"])
    assert "Success Taken out. They are different people from now on." in after
    assert "Found to be somebody else: Samuel Madeup, born 8 April 2016" in after
    assert "Samuel Madeup, Child" in after
    assert "Sam Madeup, Child" in after


@pytest.mark.parametrize(
    ("number", "said"),
    [(0, "Select the records that are about somebody else"), (2, "Leave at least one record that is about this")],
)
async def test_neither_none_nor_all_records_are_taken_out(world: World, number: int, said: str) -> None:
    one, other, _ = await merged(world)
    address = f"/people/{one.person_id}/part"
    chosen = [str(one.person_id), str(other.person_id)][:number]

    form = await form_of(world, address) | {"step": "check", "reason": WHY}
    answer = await world.client.post(address, data={**form, "chosen": chosen})

    assert said in text_of(answer.text)
    assert "person.split" not in await world.types()


async def test_who_is_known_by_one_record_cannot_be_parted(world: World) -> None:
    one = await told(world, referral(child()))
    assert "Page not found" in await world.read(f"/people/{one.person_id}/part", 404)
    assert "Page not found" in await world.read(f"/people/{uuid4()}/part", 404)
    assert "Page not found" in await world.read(f"/identity/decisions/{uuid4()}/undo", 404)
    assert "/part" not in await world.page(f"/families/{one.family_id}")


async def test_who_was_told_apart_can_be_asked_about_again(world: World) -> None:
    known = await told(world, referral(child()))
    new = await told(world, referral(child("Samuel", born="2016-04-08")), TRUST)
    await decide(world, f"/doubts/{await doubted(world, new, known)}", chosen="different", reason=WHY)
    family = f"/families/{new.family_id}"
    before = await world.page(family)
    assert "Found to be none of those the hub thought of: Samuel Madeup" in text_of(before)

    (undo,) = re.findall('href="(/identity/decisions/[^"]*/undo)"', before)
    await decide(world, undo, reason=WHY)

    page = await world.page(family)
    assert "Samuel Madeup may be known already." in text_of(page)
    assert "Undone When" in text_of(page)
    assert "1 new person may be known already." in await world.read("/doubts")


async def test_what_was_undone_is_not_offered_again_after_the_next_decision(world: World) -> None:
    known = await told(world, referral(child()))
    new = await told(world, referral(child("Samuel", born="2016-04-08")), TRUST)
    await decide(world, f"/doubts/{await doubted(world, new, known)}", chosen="different", reason=WHY)
    family = f"/families/{new.family_id}"
    (undo,) = re.findall('href="(/identity/decisions/[^"]*/undo)"', await world.page(family))
    await decide(world, undo, reason=WHY)
    (again,) = re.findall('href="(/doubts/[^"]*)"', await world.page("/doubts"))
    await decide(world, again, chosen=f"two:{known.person_id}", reason=WHY)

    page = await world.page(family)

    assert undo not in page
    assert len(re.findall('href="/identity/decisions/[^"]*/undo"', page)) == 1
    assert "Nothing was decided Somebody undid this decision already, on 25 November 2026" in await world.read(undo)


async def test_what_no_longer_stands_cannot_be_undone_and_is_not_offered(world: World) -> None:
    one, other, decision = await merged(world, one_family=False)
    await decide(world, f"/people/{one.person_id}/part", chosen=str(other.person_id), reason=WHY)
    undo = f"/identity/decisions/{decision}/undo"
    assert undo not in await world.page(f"/families/{one.family_id}")
    assert "Nothing of this decision stands any more, so there is nothing to undo." in await world.read(undo)


async def test_what_a_submission_told_of_another_family_is_taken_out(world: World) -> None:
    one = await told(world, referral(child()))
    await world.tell(TRUST, receipt(child(), "Sam was seen at the clinic."))
    family = f"/families/{one.family_id}"
    (take_out,) = re.findall(f'href="({family}/take-out/[^"]*)"', await world.page(f"{family}?kind=INFORMATION"))

    text = await world.read(take_out)
    answer = await decide(world, take_out, reason="It was another Sam.")

    assert "Take this out of the family? Information received from Madeup NHS Trust, about Sam Madeup." in text
    assert "recorded again in a family of its own. Nothing is deleted." in text
    after = await world.page(answer.headers["location"])
    assert "Success Taken out. It stands on the record of another family from now on." in text_of(after)
    assert "Sam was seen at the clinic." not in text_of(after)
    assert "It was another Sam." in text_of(after)
    (decision,) = re.findall('href="/identity/consequences/([^"]*)">What has used it', after)
    assert "What was taken out is not put back" in await world.read(f"/identity/decisions/{decision}/undo")
    (elsewhere,) = re.findall('href="(/families/[^"]*)">See the family it went to', after)
    assert "Sam was seen at the clinic." in await world.read(elsewhere)
    assert "Page not found" in await world.read(take_out, 404)


async def test_what_came_with_an_open_doubt_is_not_taken_out(world: World) -> None:
    known = await told(world, referral(child()))
    new = await told(world, referral(child("Samuel")), TRUST)
    await doubted(world, new, known, agency=TRUST)
    address = f"/families/{new.family_id}/take-out/{new.submission_id}"

    answer = await decide(world, address, reason=WHY)

    assert answer.status_code == 409
    assert "Nothing was decided A doubt about somebody in this submission is open" in text_of(answer.text)
    assert "submission.taken_out" not in await world.types()


async def test_what_used_a_decision_is_told_before_and_after_it_is_undone(world: World) -> None:
    one, _, decision = await merged(world)
    queue = await world.page("/queues/FENLAND")
    await world.client.post("/queues/FENLAND/acknowledge", data=inputs_of(queue, one.family_id))
    undo, used = f"/identity/decisions/{decision}/undo", f"/identity/consequences/{decision}"

    before, told_so = await world.read(undo), await world.read(used)
    world.pass_days(1)
    await decide(world, undo, reason=WHY)

    for text in (before, told_so):
        assert "It stood from 25 November 2026 at midday and stands now." in text
        assert "Queues it was shown in Fenland district team, from 25 November 2026 at midday" in text
        assert "Agencies that were told their referral has arrived Elm Pretend School, on 25 November 2026" in text
        assert "Panel packs it was in None on record." in text
        assert "Told by Madeup NHS Trust, from 25 November 2026 at midday" in text
    assert "It stood from 25 November 2026 at midday until 26 November 2026 at midday." in await world.read(used)
    assert f'href="{used}"' in await world.page(f"/families/{one.family_id}")
    assert "Page not found" in await world.read(f"/identity/consequences/{uuid4()}", 404)


async def test_what_used_a_link_is_told_from_the_timeline_and_before_it_is_taken_out(world: World) -> None:
    one = await told(world, referral(child()))
    await world.tell(TRUST, receipt(child(), "Sam was seen at the clinic."))
    family = f"/families/{one.family_id}"
    page = await world.page(family)

    links = re.findall('href="(/identity/consequences/[^"]*)"', page)
    texts = [await world.read(link) for link in links]
    (take_out,) = re.findall(f'href="({family}/take-out/[^"]*)"', await world.page(f"{family}?kind=INFORMATION"))

    assert links
    assert all("What has used this A person was added to this family." in text for text in texts)
    assert "Told by Elm Pretend School, from 25 November 2026 at midday" in texts[0]
    assert "Told by Madeup NHS Trust, from 25 November 2026 at midday (this is it)" in (await world.read(take_out))
