from __future__ import annotations

import asyncio
from dataclasses import replace

import pytest

from hub.arrival import KeyReused, Outcome
from hub.bootstrap import Hub
from hub.intake import PostgresIntake
from hub.originals import read_original
from hub.submission import ForReview
from tests.intake.words import RULES, TRUST, a_child, a_receipt, a_referral, an_adult, an_arrival, nhs


async def count(hub: Hub, kind: str) -> int:
    found: int = await hub.pool.fetchval("SELECT count(*) FROM log.event WHERE type = $1", kind)
    return found


async def test_the_same_key_again_gets_the_first_answer_and_writes_nothing(hub: Hub) -> None:
    arrival = an_arrival(key="K-1")
    first = await hub.intake.submit(arrival)
    again = await hub.intake.submit(replace(an_arrival(arrival.read, key="K-1"), fingerprint=arrival.fingerprint))
    assert (again.submission_id, again.outcome, again.repeated) == (first.submission_id, first.outcome, True)
    assert await count(hub, "referral.received") == 1


async def test_the_same_key_for_other_words_is_refused(hub: Hub) -> None:
    await hub.intake.submit(an_arrival(key="K-1"))
    answers = await hub.intake.decide(
        await hub.intake.ready([an_arrival(a_referral(concern="Other words."), key="K-1")])
    )
    assert [type(answer) for answer in answers] == [KeyReused]


async def test_another_agency_may_use_the_same_key(hub: Hub) -> None:
    await hub.intake.submit(an_arrival(key="K-1"))
    assert not (await hub.intake.submit(an_arrival(agency=TRUST, key="K-1"))).repeated


async def test_fifty_twins_of_one_submission_are_one(hub: Hub) -> None:
    told = a_referral()
    answers = await asyncio.gather(*(hub.intake.submit(an_arrival(told, key="K-1")) for _ in range(50)))
    assert len({answer.submission_id for answer in answers}) == 1
    assert sum(not answer.repeated for answer in answers) == 1
    assert await count(hub, "referral.received") == 1


async def test_two_agencies_reporting_the_same_new_child_at_once_make_one_family(hub: Hub) -> None:
    other = PostgresIntake(hub.pool, hub.log, hub.keys, hub.index, RULES)  # another process would have its own
    for number in range(20):
        child = a_child(f"Sam{number}")
        await asyncio.gather(
            hub.intake.submit(an_arrival(a_referral(child))),
            other.submit(an_arrival(a_receipt(child), TRUST)),
        )
    assert await count(hub, "family.opened") == 20
    assert await count(hub, "matter.opened") == 20


async def test_a_family_can_be_found_again_over_its_decision_tables(hub: Hub) -> None:
    await hub.intake.submit(an_arrival(a_referral(a_child(identifiers=(nhs("9000000009"),)), adults=(an_adult(),))))
    moved = a_child("Samuel", born=None, postcode="CB4 7CK", identifiers=(nhs("9000000009"),))
    await hub.intake.submit(an_arrival(a_receipt(moved), TRUST))
    at_new_home = a_receipt(a_child("Sam", postcode="PE1 9VV"), adults=(an_adult(),))
    await hub.intake.submit(an_arrival(at_new_home, TRUST))
    assert await count(hub, "family.opened") == 1
    assert await hub.pool.fetchval("SELECT count(*) FROM decide.person") == 2, "the child and one adult"


async def test_the_exact_bytes_can_be_read_again_and_stand_nowhere_in_clear(hub: Hub) -> None:
    arrival = an_arrival(a_referral(concern="A sentence to look for."))
    decided = await hub.intake.submit(arrival)
    async with hub.pool.acquire() as connection:
        chunks = [chunk async for chunk in read_original(connection, hub.keys, decided.submission_id)]
        sealed = await connection.fetchval("SELECT string_agg(sealed, '') FROM original.chunk")
        events = await connection.fetchval("SELECT string_agg(data, '') FROM log.event")
    assert chunks == [arrival.original]
    for secret in (b"A sentence", b"Inventedson", b"PE1 9VV"):
        assert secret not in sealed
        assert secret not in events


async def test_a_review_item_is_kept_with_its_original(hub: Hub) -> None:
    decided = await hub.intake.submit(an_arrival(ForReview("unmapped-grade", {"grade": "PURPLE"})))
    assert (decided.outcome, decided.code) == (Outcome.REVIEW, "unmapped-grade")
    assert await count(hub, "review.raised") == 1
    async with hub.pool.acquire() as connection:
        assert [chunk async for chunk in read_original(connection, hub.keys, decided.submission_id)]


async def test_one_that_cannot_be_written_does_not_take_the_others_with_it(hub: Hub) -> None:
    key = "K-poison"
    poison = replace(an_arrival(key=key), format="\x00")  # PostgreSQL refuses it
    good = [an_arrival(a_referral(a_child(f"Sam{number}"))) for number in range(10)]
    answers = await asyncio.gather(
        *(hub.intake.submit(arrival) for arrival in [*good[:5], poison, *good[5:]]), return_exceptions=True
    )
    assert sum(isinstance(answer, BaseException) for answer in answers) == 1
    assert await count(hub, "referral.received") == 10


async def test_the_sequences_answered_are_those_on_the_log(hub: Hub) -> None:
    decided = await hub.intake.submit(an_arrival())
    rows = await hub.pool.fetch(
        "SELECT partition, max(sequence) AS last FROM log.event WHERE correlation_id = $1 GROUP BY partition",
        decided.submission_id,
    )
    assert decided.places == {row["partition"]: row["last"] for row in rows}


async def test_credentials_open_only_their_agencys_door_and_close_when_it_is_suspended(hub: Hub) -> None:
    client_id, secret = await hub.agencies.issue_credentials(TRUST.code)
    found = await hub.agencies.authenticate(client_id, secret)
    assert found == TRUST
    assert await hub.agencies.authenticate(client_id, secret + "x") is None
    assert await hub.agencies.authenticate("nobody", secret) is None
    await hub.agencies.suspend(TRUST.code, "test")
    assert await hub.agencies.authenticate(client_id, secret) is None


async def test_registering_an_agency_again_as_it_was_writes_nothing(hub: Hub) -> None:
    assert await hub.agencies.register(TRUST, "test") == ()
    assert await hub.agencies.register(replace(TRUST, title="Madeup Trust, renamed"), "test")
    assert await count(hub, "agency.registered") == 3


@pytest.mark.parametrize("times", [1, 3])
async def test_a_batch_knows_what_its_earlier_submissions_decided(hub: Hub, times: int) -> None:
    arrivals = [an_arrival(a_receipt(summary=f"Told {number}.")) for number in range(times)]
    await hub.intake.decide(await hub.intake.ready(arrivals))
    assert await count(hub, "family.opened") == 1
    assert await count(hub, "information.received") == times


async def test_a_batch_finds_in_other_words_whom_its_earlier_submissions_made(hub: Hub) -> None:
    arrivals = [an_arrival(a_receipt(a_child(each))) for each in ("Samuel", "SAMUEL", "Samuell")]
    await hub.intake.decide(await hub.intake.ready(arrivals))
    assert await count(hub, "family.opened") == 1
    assert await hub.pool.fetchval("SELECT count(*) FROM decide.person") == 1
