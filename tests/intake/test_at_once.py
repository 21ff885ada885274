"""Many who decide at once: whoever tells of the same people meets at a lock, and nobody overtakes another unseen."""

from __future__ import annotations

import asyncio
from collections.abc import Collection
from pathlib import Path
from uuid import UUID

import asyncpg
import pytest

from events.database import Connection
from events.description import Identifier, IdentifierScheme
from events.keys import PostgresKeys
from events.rights import ErasureGround
from events.sealing import Key
from hub.arrival import Outcome
from hub.bootstrap import Hub, joined
from hub.erasing import erase
from hub.intake import PostgresIntake
from hub.settings import Settings
from hub.submission import Referral, Submission
from hub.synth.referrals import referral_bodies
from tests.intake.words import NOW, RULES, SCHOOL, TRUST, a_child, a_receipt, a_referral, an_adult, an_arrival, nhs
from tests.servers import own_postgres
from tests.waiting import ending


def offices(hub: Hub, count: int) -> list[PostgresIntake]:
    """As many processes would be: each joins only its own calls."""
    return [PostgresIntake(hub.pool, hub.log, hub.keys, hub.index, RULES) for _ in range(count)]


async def count(hub: Hub, kind: str) -> int:
    found: int = await hub.pool.fetchval("SELECT count(*) FROM log.event WHERE type = $1", kind)
    return found


async def all_told(hub: Hub, told: list[Submission]) -> None:
    agencies = [SCHOOL, TRUST]
    answers = await asyncio.gather(
        *(
            office.submit(an_arrival(each, agencies[number % 2]))
            for number, (office, each) in enumerate(zip(offices(hub, len(told)), told, strict=True))
        )
    )
    assert {answer.outcome.value for answer in answers} == {"accepted"}


async def test_eight_who_tell_of_the_same_new_child_at_once_make_one_family(hub: Hub) -> None:
    for number in range(6):
        child = a_child(f"Sam{'abcdef'[number]}", born=f"201{number}-02-03", postcode=f"PE{number + 1} 9VV")
        told: list[Submission] = [a_referral(child, adults=(an_adult(f"Alex{number}"),)) for _ in range(4)]
        told += [a_receipt(child, summary=f"Told {each}.") for each in range(4)]
        await all_told(hub, told)
        assert await count(hub, "family.opened") == number + 1
        assert await count(hub, "matter.routed") == number + 1


async def test_slips_in_the_name_at_once_make_one_family(hub: Hub) -> None:
    number = nhs("9000000009")
    spellings = ["Samuel", "SAMUEL", "Samuél", "Samuell", "Sam", "Samuel J"]
    await all_told(hub, [a_receipt(a_child(each, identifiers=(number,))) for each in spellings])
    assert await count(hub, "family.opened") == 1
    assert await hub.pool.fetchval("SELECT count(*) FROM decide.person") == 1


async def test_those_who_learn_of_one_person_by_different_keys_at_once_lose_nothing(hub: Hub) -> None:
    """Their keys share no lock, so the version of the row has to tell that another was faster."""
    numbers = nhs("9000000009"), Identifier(scheme=IdentifierScheme.UPN, value="B801200005001")
    await hub.intake.submit(an_arrival(a_referral(a_child(identifiers=numbers))))
    told: list[Submission] = []
    for at in range(12):
        child = a_child(born=None, postcode=None, identifiers=(numbers[at % 2],), school=f"School {at}")
        told.append(a_receipt(child))
    await all_told(hub, told)
    assert await hub.pool.fetchval("SELECT count(*) FROM decide.person") == 1
    assert await hub.pool.fetchval("SELECT version FROM decide.person") == 12
    assert await count(hub, "person.recorded") == 13


async def test_a_batch_of_thousands_of_keys_fits_postgresqls_locks(hub: Hub) -> None:
    arrivals = [
        an_arrival(
            a_referral(
                a_child(f"Kid{each}", f"House{each}", f"20{each % 10 + 10}-01-{each % 28 + 1:02}"),
                adults=(an_adult(f"Mum{each}", f"House{each}"), an_adult(f"Dad{each}", f"House{each}")),
            )
        )
        for each in range(250)
    ]
    deciding = asyncio.gather(
        *[office.decide(await office.ready(arrivals[at::3])) for at, office in enumerate(offices(hub, 3))]
    )
    answers = await ending(deciding, "three large batches")
    assert sum(len(each) for each in answers) == 250
    assert await count(hub, "referral.received") == 250


async def test_where_postgresql_has_no_room_for_a_batchs_locks_it_goes_alone(tmp_path: Path) -> None:
    few = dict.fromkeys(("max_locks_per_transaction", "max_connections"), "10")
    few |= {"max_wal_senders": "0", "max_worker_processes": "0", "autovacuum_max_workers": "1"}
    async with own_postgres(few) as server, asyncpg.create_pool(server.dsn, min_size=1, max_size=6) as pool:
        hub = joined(Settings(data_dir=tmp_path), lambda: NOW, server.dsn, pool)
        await hub.log.install()
        await hub.agencies.register(SCHOOL, "test")
        told = [an_arrival(Referral.model_validate_json(body)) for body in referral_bodies(28, 1, NOW.date())]
        answers = await hub.intake.decide(await hub.intake.ready(told))
        assert len(answers) == 28
        assert await pool.fetchval("SELECT count(*) FROM decide.submission") == 28


async def test_who_is_erased_while_it_is_decided_that_they_are_known_is_new(
    hub: Hub, monkeypatch: pytest.MonkeyPatch
) -> None:
    first = await hub.intake.submit(an_arrival(a_receipt(a_child("Sam"))))
    known: UUID = await hub.pool.fetchval("SELECT person_id FROM decide.person")

    async def erased_then(connection: Connection, ids: Collection[UUID]) -> dict[UUID, Key]:
        found = await PostgresKeys.peek(hub.keys, connection, ids)
        if known in found:
            await ending(erase(hub, known, ErasureGround.OBJECTION, "test"), "the erasure")
        return found

    monkeypatch.setattr(hub.keys, "peek", erased_then)
    again = await hub.intake.submit(an_arrival(a_receipt(a_child("Samuel"))))

    assert (first.outcome, again.outcome) == (Outcome.ACCEPTED, Outcome.ACCEPTED)
    assert await count(hub, "person.recorded") == 2
    sealed = await hub.pool.fetchval("SELECT count(*) FROM log.event WHERE key_id = $1", known)
    assert sealed == 1, "nothing is sealed under a key that is destroyed"
