from __future__ import annotations

import asyncio
from uuid import UUID

import pytest

from events.description import ContactPoint, Sex
from events.envelope import Recorded
from events.identity import SubmissionTakenOut
from events.person import PersonRecorded
from events.referral import ReferralReceived
from hub.arrival import Agency, Outcome
from hub.bootstrap import Hub, refold
from hub.commands import Acknowledge, acknowledge
from hub.feature_seal import FeatureSeal
from hub.identity.commands import Done
from hub.identity.reading import open_all
from hub.identity.refusals import DoubtOpen, ErasedSince, NothingToTakeOut, TakeOutStands
from hub.matching.features import Features
from hub.originals import read_original
from hub.submission import Change, ForReview, Submission
from tests.identity.words import REVIEWER, Register
from tests.intake.words import NOW, SCHOOL, TRUST, a_child, a_receipt, a_referral, an_adult, an_arrival, case, nhs

KNOWN = a_child(identifiers=(nhs("9000000009"),))
TELEPHONE = (ContactPoint(kind="phone", value="01632 960077"),)


async def told(hub: Hub, submission: Submission, agency: Agency = SCHOOL) -> UUID:
    """Decided and acted on; its submission."""
    decided = await hub.intake.submit(an_arrival(submission, agency))
    assert decided.outcome is Outcome.ACCEPTED
    return decided.submission_id


async def families(hub: Hub, *submissions: UUID) -> list[UUID]:
    """The family that each was put into by intake."""
    found = []
    for submission_id in submissions:
        written = await open_all(hub, await hub.log.read_correlated(submission_id))
        found.append(next(family for each in written if (family := getattr(each.event, "family_id", None))))
    return found


async def wrote(hub: Hub, done: Done) -> list[Recorded]:
    return await open_all(hub, await hub.log.read_correlated(done.decision_id))


async def keys_of(hub: Hub, person_id: UUID) -> set[int]:
    rows = await hub.pool.fetch("SELECT key FROM decide.match_key WHERE person_id = $1", person_id)
    return {row["key"] for row in rows}


async def test_what_a_submission_told_is_void_here_and_recorded_again_in_a_family_of_its_own(
    hub: Hub, register: Register
) -> None:
    right = await told(hub, a_referral(KNOWN))
    wrong = await told(hub, a_referral(a_child(contacts=TELEPHONE), concern="Another Sam."), TRUST)
    [family, same] = await families(hub, right, wrong)
    assert family == same, "linked by likeness"
    done = await register.take_out(wrong)
    written = await wrote(hub, done)
    assert [each.record.type for each in written] == [
        "submission.taken_out",
        "family.opened",
        "matter.opened",
        "family.person_linked",
        "matter.routed",
        "person.recorded",
        "referral.received",
    ]
    void, again = written[0], written[-1]
    assert isinstance(void.event, SubmissionTakenOut)
    assert (void.record.stream, void.record.actor) == (f"family/{family}", REVIEWER)
    originals = {e.record.id: e for e in await open_all(hub, await hub.log.read_correlated(wrong))}
    assert again.record.causation_id is not None
    original = originals[again.record.causation_id]
    assert isinstance(again.event, ReferralReceived)
    assert isinstance(original.event, ReferralReceived)
    assert again.event.referral_id == original.event.referral_id
    assert again.event.submission_id == wrong
    assert again.event.details == original.event.details
    assert again.event.family_id == void.event.into_family != family
    assert again.record.occurred_at == original.record.occurred_at
    assert (again.record.agency, again.record.basis) == (TRUST.code, original.record.basis)
    assert again.record.key_id == again.event.matter_id != original.event.matter_id
    [old], [new] = original.event.people, again.event.people
    assert void.event.people == (old,)
    assert await register.apart() == {frozenset((old, new))}


async def test_who_comes_later_is_found_where_the_words_belong(hub: Hub, register: Register) -> None:
    await told(hub, a_referral(KNOWN))
    wrong = await told(hub, a_referral(a_child(contacts=TELEPHONE)), TRUST)
    done = await register.take_out(wrong)
    moved = next(e.event.into_family for e in await wrote(hub, done) if isinstance(e.event, SubmissionTakenOut))
    again = await told(hub, a_receipt(a_child(contacts=TELEPHONE)), TRUST)
    school = await told(hub, a_receipt(KNOWN))
    [first] = await families(hub, again)
    assert first == moved
    assert (await families(hub, school)) != [moved]


async def test_who_came_only_by_it_is_looked_up_by_nothing_any_more(hub: Hub, register: Register) -> None:
    only = await told(hub, a_referral(a_child(), adults=(an_adult(),)))
    before = {row["person_id"] for row in await hub.pool.fetch("SELECT person_id FROM decide.person")}
    await register.take_out(only)
    rows = await hub.pool.fetch("SELECT person_id, described FROM decide.person")
    assert len(rows) == 4
    for row in rows:
        stays = row["person_id"] in before
        assert bool(await keys_of(hub, row["person_id"])) is not stays
        assert bool(row["described"]) is not stays


async def test_words_that_another_submission_only_repeated_stay_known_by_that_one(hub: Hub, register: Register) -> None:
    first = await told(hub, a_referral(KNOWN))
    second = await told(hub, a_receipt(KNOWN))
    [person] = await register.people()
    before = await keys_of(hub, *person)
    done = await register.take_out(first)
    [kept] = [
        each.event
        for each in await wrote(hub, done)
        if isinstance(each.event, PersonRecorded) and each.event.person_id in person
    ]
    assert kept.submission_id == second
    assert await keys_of(hub, *person) == before
    third = await told(hub, a_receipt(KNOWN))
    assert isinstance(third, UUID)
    await register.take_out(second)
    assert await keys_of(hub, *person) == set(), "nothing that stays describes them"


async def test_what_its_sender_sent_later_goes_with_it_and_the_new_team_has_to_look(
    hub: Hub, register: Register
) -> None:
    first = await told(hub, a_referral(KNOWN, source=case("C-1")))
    amended = await told(hub, a_referral(KNOWN, source=case("C-1"), change=Change.UPDATE, concern="Worse."))
    [family] = await families(hub, first)
    matter = await hub.pool.fetchval("SELECT matter_id FROM decide.family WHERE family_id = $1", family)
    await acknowledge(hub, Acknowledge(family, matter, REVIEWER, "k"))
    written = await wrote(hub, await register.take_out(first))
    void = [each.event.submission_id for each in written if isinstance(each.event, SubmissionTakenOut)]
    assert void == [first, amended]
    types = [each.record.type for each in written]
    assert types[-2:] == ["referral.received", "referral.amended"]
    assert "referral.acknowledged" not in types
    withdrawn = await told(hub, a_referral(KNOWN, source=case("C-1"), change=Change.WITHDRAW))
    moved = next(each.event.into_family for each in written if isinstance(each.event, SubmissionTakenOut))
    assert await families(hub, withdrawn) == [moved], "the sender's own reference means the new family"
    with pytest.raises(NothingToTakeOut):
        await register.take_out(amended)


async def test_it_can_be_taken_out_of_where_it_was_put_and_a_form_sent_twice_does_it_once(
    hub: Hub, register: Register
) -> None:
    only = await told(hub, a_receipt(KNOWN))
    first = await register.take_out(only, key="form-1")
    assert await register.take_out(only, key="form-1") == first
    second = await register.take_out(only, key="form-2")
    [one], [other] = [
        [each.event for each in await wrote(hub, done) if isinstance(each.event, SubmissionTakenOut)]
        for done in (first, second)
    ]
    assert other.family_id == one.into_family
    with pytest.raises(TakeOutStands, match="merge the people"):
        await register.undo(first)


async def test_what_brought_nobody_or_is_in_doubt_is_not_taken_out(hub: Hub, register: Register) -> None:
    review = await hub.intake.submit(an_arrival(ForReview("unmapped-grade", {"grade": "PURPLE"})))
    ann = await register.child()
    new, _ = await register.doubted(ann)
    before = await hub.log.heads()
    for submission_id in (review.submission_id, ann.person_id):
        with pytest.raises(NothingToTakeOut):
            await register.take_out(submission_id)
    with pytest.raises(DoubtOpen):
        await register.take_out(new.submission_id)
    assert await hub.log.heads() == before
    await hub.keys.destroy(ann.person_id, NOW)
    with pytest.raises(ErasedSince):
        await register.take_out(ann.submission_id)


async def test_the_original_bytes_stay_where_they_are(hub: Hub, register: Register) -> None:
    only = await told(hub, a_referral(KNOWN))
    await register.take_out(only)
    async with hub.pool.acquire() as connection:
        assert [chunk async for chunk in read_original(connection, hub.keys, only)]


async def test_a_sister_of_another_family_is_void_in_her_own(hub: Hub, register: Register) -> None:
    sister = a_child("Ida", "Elsewhere", "2012-07-08", postcode="CB1 1AA", identifiers=(nhs("9000000025"),))
    at_home, first = await told(hub, a_referral(sister)), await told(hub, a_referral(KNOWN))
    both = await told(hub, a_referral(KNOWN, siblings=(sister,)), TRUST)
    home, family = await families(hub, at_home, first)
    void = [e.event for e in await wrote(hub, await register.take_out(both)) if isinstance(e.event, SubmissionTakenOut)]
    assert home != family
    assert [(event.family_id, len(event.people)) for event in void] == [(family, 1), (home, 1)]


async def compared(hub: Hub, person_id: UUID) -> tuple[set[int], bytes, list[Features]]:
    """Everything by which somebody is found and compared."""
    row = await hub.pool.fetchrow("SELECT described, sealed FROM decide.person WHERE person_id = $1", person_id)
    assert row is not None
    return await keys_of(hub, person_id), row["described"], FeatureSeal(hub.index).open(person_id, row["sealed"])


async def test_who_stays_is_compared_as_if_it_had_never_been_told(hub: Hub, register: Register) -> None:
    mother = an_adult("Odette", "Inventedson", contacts=TELEPHONE)
    await told(hub, a_referral(KNOWN, adults=(mother,)))
    await told(hub, a_receipt(a_child(contacts=TELEPHONE), adults=(mother,)), TRUST)
    everybody = [one for block in await register.people() for one in block]
    before = {each: await compared(hub, each) for each in everybody}
    wrong = await told(hub, a_receipt(a_child(school="Elsewhere Academy", sex=Sex.MALE), adults=(mother,)), TRUST)
    assert {each: await compared(hub, each) for each in everybody} != before
    done = await register.take_out(wrong)
    assert {each: await compared(hub, each) for each in everybody} == before
    assert len(await register.people()) == len(everybody) + 2
    assert len([each for each in await wrote(hub, done) if isinstance(each.event, PersonRecorded)]) == 2


async def test_what_is_told_meanwhile_is_neither_lost_nor_in_the_way(hub: Hub, register: Register) -> None:
    await told(hub, a_referral(KNOWN))
    wrong = await told(hub, a_referral(a_child(contacts=TELEPHONE)), TRUST)
    later = [a_receipt(KNOWN.model_copy(update={"school": f"School {number}"})) for number in range(12)]
    answers = await asyncio.gather(*(told(hub, each) for each in later), register.take_out(wrong))
    assert len(answers) == 13
    assert await hub.pool.fetchval("SELECT count(*) FROM log.event WHERE type = 'information.received'") == 12
    [old, new] = [await compared(hub, row["person_id"]) for row in await hub.pool.fetch(BY_NUMBER)]
    assert {each.school for each in old[2]} <= {f"school {number}" for number in range(12)} | {""}
    assert [each.contacts for each in old[2]] == [()] * len(old[2])
    assert [bool(each.contacts) for each in new[2]] == [True]


BY_NUMBER = "SELECT person_id FROM decide.person ORDER BY number"


async def test_the_decision_tables_after_it_are_those_that_are_folded_from_the_log(
    hub: Hub, register: Register
) -> None:
    mother = an_adult("Odette", "Inventedson", contacts=TELEPHONE)
    sister = a_child("Ida", "Elsewhere", "2012-07-08", postcode="CB1 1AA", identifiers=(nhs("9000000025"),))
    await told(hub, a_referral(sister))
    first = await told(hub, a_referral(KNOWN, adults=(mother,)))
    await told(hub, a_receipt(KNOWN, adults=(mother,)), TRUST)
    wrong = await told(hub, a_receipt(a_child(school="Elsewhere"), adults=(mother,), siblings=(sister,)), TRUST)
    moved = sister.model_copy(update={"school": "Third Academy"})
    await told(hub, a_receipt(KNOWN, siblings=(moved,)), TRUST)
    for submission_id in (wrong, first):
        await register.take_out(submission_id)
        everybody = [row["person_id"] for row in await hub.pool.fetch(BY_NUMBER)]
        before = {each: await compared(hub, each) for each in everybody}
        assert await refolded(hub) == before


async def refolded(hub: Hub) -> dict[UUID, tuple[set[int], bytes, list[Features]]]:
    await hub.pool.execute("INSERT INTO decide.unfolded SELECT family_id FROM decide.family")
    await refold(hub).all()
    return {row["person_id"]: await compared(hub, row["person_id"]) for row in await hub.pool.fetch(BY_NUMBER)}
