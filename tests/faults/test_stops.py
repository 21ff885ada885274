"""Processes that are asked to stop, or stopped against their will, while an agency sends."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from pathlib import Path

import pytest

from consumers.work import STOP_SECONDS
from events.database import Pool
from hub.api.serve import DRAIN_SECONDS
from hub.engine.kafka import KafkaServer
from tests.faults.install import Install
from tests.faults.ledger import acknowledged, client
from tests.faults.program import Program
from tests.faults.reckoning import then_all_is_well
from tests.waiting import until

pytestmark = pytest.mark.faults


def working(worker: Program) -> Callable[[], Awaitable[bool]]:
    """Whether it has begun to work."""

    async def begun() -> bool:
        return '"event":"working"' in worker.said

    return begun


def test_what_a_stop_waits_for_is_less_than_the_fifteen_seconds_that_are_promised() -> None:
    assert max(DRAIN_SECONDS, STOP_SECONDS) < 15


async def test_web_and_worker_that_are_asked_to_stop_under_load_do_so_and_lose_nothing(
    database: str, tmp_path: Path
) -> None:
    install = Install(database, tmp_path)
    async with install.web() as web, install.worker() as worker, client(install, seed=5) as ledger:
        for program in (web, worker, web):
            await acknowledged(ledger, 20)
            assert await program.terminate() == 0, program.said[-2_000:]
            await program.start()
        await acknowledged(ledger, 20)
    async with install.worker("last"):
        await then_all_is_well(install, ledger)
    assert {answer for answer in ledger.other if answer.isdigit()} <= {"201", "503"}


async def test_a_worker_stopped_past_its_lease_wakes_as_a_zombie_and_does_no_harm(
    database: str, pool: Pool, tmp_path: Path
) -> None:
    async def holders() -> set[object]:
        rows = await pool.fetch("SELECT owner FROM projection.lease WHERE expires_at > now()")
        return {row["owner"] for row in rows}

    install = Install(database, tmp_path)
    async with install.web(), install.worker("first") as first, install.worker("second", start=False) as second:
        async with client(install, seed=6) as ledger:
            await acknowledged(ledger, 20)
            await until(holders)
            [zombie] = await holders()
            await first.pause()
            await second.start()

            async def taken_over() -> bool:
                return len(await holders() - {zombie}) == 1 and zombie not in await holders()

            await until(taken_over)
            await acknowledged(ledger, 20)
            first.resume()
            await acknowledged(ledger, 20)

            async def shared() -> bool:
                return len(await holders()) == 2

            await until(shared)
        await then_all_is_well(install, ledger)
        assert not first.ends
        assert "Traceback" not in first.said


async def test_while_kafka_is_away_two_relays_and_intake_go_on_and_all_is_carried_after(
    database: str, tmp_path: Path, kafka_server: KafkaServer
) -> None:
    install = Install(database, tmp_path, kafka_server.bootstrap)
    async with install.web() as web, install.worker("first") as first, install.worker("second") as second:
        await until(working(first))
        await until(working(second))
        async with client(install, seed=8) as ledger:
            await acknowledged(ledger, 20)
            await kafka_server.kill()
            await acknowledged(ledger, 250)  # several seconds' worth: intake goes on
            await first.kill()
            await kafka_server.start()
            await acknowledged(ledger, 5)
        await then_all_is_well(install, ledger)
        assert not web.ends
        assert not second.ends
    assert set(ledger.other) <= {"201"}, "nobody was turned away for Kafka's sake"
    assert second.said.count("\n") < 500, "an absence is told, not shouted"
