"""Processes are killed at random moments while an agency sends: nothing acknowledged is lost, nothing is done twice."""

from __future__ import annotations

import asyncio
import os
import random
from collections.abc import Awaitable, Callable, Mapping
from pathlib import Path

import pytest

from hub.engine.kafka import KafkaServer
from hub.engine.postgres import PostgresServer
from tests.faults.install import Install
from tests.faults.ledger import Ledger, acknowledged, client
from tests.faults.program import Program
from tests.faults.reckoning import then_all_is_well
from tests.servers import own_postgres

pytestmark = pytest.mark.faults

# More of them make a soak: HUB_FAULT_SEEDS=1,2,3 make test …; a failing one is in the test's name.
SEEDS = [int(seed) for seed in os.environ.get("HUB_FAULT_SEEDS", "20261125").split(",")]
Strike = Callable[[], Awaitable[None]]


def killing(server: Program | PostgresServer | KafkaServer, chance: random.Random) -> Strike:
    """Kills it, and starts it again a random while later."""

    async def strike() -> None:
        await server.kill()
        await asyncio.sleep(chance.uniform(0, 0.5))
        await server.start()

    return strike


async def strike_all(victims: Mapping[str, Strike], chance: random.Random, ledger: Ledger, rounds: int) -> None:
    """Every victim once a round, in random order at random moments, each while referrals are being acknowledged."""
    for _ in range(rounds):
        for name in chance.sample(sorted(victims), len(victims)):
            await acknowledged(ledger, chance.randint(1, 12))
            await asyncio.sleep(chance.uniform(0, 0.2))
            await victims[name]()
    await acknowledged(ledger, 5)


def assert_only_told_to_come_back(ledger: Ledger) -> None:
    """What is not a 201 is a cut connection or a 503: no client was told that it had done something wrong."""
    answered = {answer.removeprefix("token ") for answer in ledger.other if answer.removeprefix("token ").isdigit()}
    assert answered <= {"201", "503"}, ledger.other


@pytest.mark.parametrize("seed", SEEDS)
async def test_web_worker_and_postgresql_are_killed(tmp_path: Path, seed: int) -> None:
    async with own_postgres() as postgres:
        await kill_and_reckon(Install(postgres.dsn, tmp_path), {"postgresql": postgres}, seed)


@pytest.mark.parametrize("seed", SEEDS)
async def test_web_worker_postgresql_and_kafka_are_killed(tmp_path: Path, kafka_server: KafkaServer, seed: int) -> None:
    async with own_postgres() as postgres:
        install = Install(postgres.dsn, tmp_path, kafka_server.bootstrap)
        await kill_and_reckon(install, {"postgresql": postgres, "kafka": kafka_server}, seed)


async def kill_and_reckon(install: Install, servers: Mapping[str, PostgresServer | KafkaServer], seed: int) -> None:
    chance = random.Random(seed)
    async with install.web() as web, install.worker() as worker:
        victims: dict[str, Program | PostgresServer | KafkaServer] = {"web": web, "worker": worker, **servers}
        strikes = {name: killing(victim, chance) for name, victim in victims.items()}
        async with client(install, seed) as ledger:
            await strike_all(strikes, chance, ledger, rounds=1 if "kafka" in servers else 2)
        await then_all_is_well(install, ledger)
        for end in web.ends + worker.ends:
            assert end.code == 3, end.said
            # Only one that is just being started may end because a server is away; one that works stays.
            assert not any(word in end.said for word in ('"event":"serving"', '"event":"working"', "Traceback")), (
                end.said
            )
    assert_only_told_to_come_back(ledger)
