"""Erasure: whatever dies on the way, and whatever comes back from a backup, nothing is left in the end."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from functools import partial
from pathlib import Path
from uuid import UUID, uuid4

import asyncpg
import httpx
import pytest
from typer.testing import CliRunner, Result

from consumers.project import run_projector
from events.database import Pool
from events.envelope import Erased
from events.rights import ErasureGround
from hub.api.app import create_app
from hub.bootstrap import Hub
from hub.cli.app import app
from hub.erasing import erase, unfinished
from projections import ALL
from projections.progress import wait_for
from tests.api.sending import Sender, referral
from tests.faults.install import Install
from tests.faults.ledger import SENDER
from tests.faults.reckoning import then_read_models_are_the_fold_of_the_log
from tests.faults.test_database_troubles import a_school, all_sent
from tests.journeys import canary_family
from tests.journeys.canary_family import CANARIES
from tests.journeys.test_canary import what_is_stored
from tests.waiting import LONG, until

pytestmark = pytest.mark.faults
GROUND = ErasureGround.NOT_NECESSARY
TOLD = json.dumps(canary_family.referral())


@asynccontextmanager
async def told_of_canaries(install: Install) -> AsyncIterator[tuple[Hub, Sender]]:
    """A hub that was told of the family of canaries, and the agency that told it."""
    credentials = await install.register(SENDER)
    async with install.hub() as hub:
        transport = httpx.ASGITransport(create_app(hub))
        async with httpx.AsyncClient(transport=transport, base_url="http://hub.invalid") as client:
            agency = await Sender.of(client, *credentials)
            sent = await agency.post("/v1/referrals", TOLD, key="first")
            assert sent.status_code == 201, sent.text
            yield hub, agency


async def people_and_matter(hub: Hub) -> list[UUID]:
    rows = await hub.pool.fetch("SELECT person_id AS id FROM decide.person UNION SELECT matter_id FROM decide.family")
    return [row["id"] for row in rows]


async def found_in_read_models(hub: Hub) -> set[str]:
    stored = await what_is_stored(hub, models=True)
    return {canary for canary in CANARIES if canary in stored}


async def test_an_erasure_that_is_killed_once_its_key_is_destroyed_is_finished_by_the_next_worker(
    database: str, tmp_path: Path
) -> None:
    install = Install(database, tmp_path)
    async with told_of_canaries(install) as (hub, _):
        projector = asyncio.create_task(run_projector(hub.pool, hub.log, hub.keys, ALL))
        assert await wait_for(hub.pool, (await hub.log.heads()).sequences, ALL, LONG)
        projector.cancel()
        await asyncio.wait({projector})
        assert await found_in_read_models(hub)
        first, *others = await people_and_matter(hub)
        # Whoever writes read models waits for this lock: the command is caught between key and clean-up.
        holder = await asyncpg.connect(database)
        await holder.execute("SELECT pg_advisory_lock(hashtextextended($1, 2))", ALL[0].schema)
        command = install.program("erase", "erase", str(first), "--ground", GROUND, "--execute")
        async with install.running(command):
            await until(partial(a_writer_waits, hub.pool))
            await command.kill()
        await holder.close()
        for subject_id in others:
            await erase(hub, subject_id, GROUND, "test")
        assert set(await unfinished(hub.pool)) == {first, *others}
        assert await found_in_read_models(hub), "nothing is cleaned up yet"

        async with install.worker(), install.hub() as another:  # which remembers no key

            async def finished() -> bool:
                return not await unfinished(hub.pool)

            await until(finished)
            assert await found_in_read_models(hub) == set()
            assert not await hub.pool.fetchval("SELECT count(*) FROM original.chunk")
            assert not await hub.pool.fetchval("SELECT count(*) FROM decide.match_key")
            await then_read_models_are_the_fold_of_the_log(another)


async def a_writer_waits(pool: Pool) -> bool:
    return bool(await pool.fetchval("SELECT count(*) FROM pg_locks WHERE locktype = 'advisory' AND NOT granted"))


async def test_a_key_that_comes_back_from_a_backup_is_destroyed_before_anything_is_served(
    database: str, tmp_path: Path
) -> None:
    install = Install(database, tmp_path)
    async with told_of_canaries(install) as (hub, _):
        subjects = await people_and_matter(hub)
        await hub.pool.execute("CREATE TABLE public.backup AS SELECT * FROM keys.data_key")
        for subject_id in subjects[:2]:
            await erase(hub, subject_id, GROUND, "test")
        await hub.pool.execute("TRUNCATE keys.data_key; INSERT INTO keys.data_key SELECT * FROM public.backup")

    async with install.hub() as hub:
        erased = await hub.pool.fetch("SELECT id FROM keys.data_key WHERE wrapped IS NULL AND destroyed_at IS NOT NULL")
        assert {row["id"] for row in erased} == set(subjects[:2])
        assert {type(key) for key in (await hub.keys.fetch(subjects[:2])).values()} == {Erased}


async def test_what_is_told_of_the_erased_later_is_taken_as_of_somebody_new(database: str, tmp_path: Path) -> None:
    async with told_of_canaries(Install(database, tmp_path)) as (hub, agency):
        before = await people_and_matter(hub)
        for subject_id in before:
            await erase(hub, subject_id, GROUND, "test")

        again = await agency.post("/v1/referrals", TOLD, key="first")
        assert again.headers["Idempotency-Replayed"] == "true"
        people = await hub.pool.fetchval("SELECT count(*) FROM decide.person")
        assert await hub.pool.fetchval("SELECT count(*) FROM decide.match_key") == 0, "a repeat brings nobody back"

        anew = await agency.post("/v1/referrals", TOLD, key="second")
        assert anew.status_code == 201, anew.text
        assert await hub.pool.fetchval("SELECT count(*) FROM decide.person") == 2 * people


async def test_a_family_whose_matter_is_erased_is_known_and_gets_a_new_matter(database: str, tmp_path: Path) -> None:
    async with told_of_canaries(Install(database, tmp_path)) as (hub, agency):
        families = await hub.pool.fetch("SELECT family_id, matter_id FROM decide.family")
        await erase(hub, families[0]["matter_id"], GROUND, "test")

        anew = await agency.post("/v1/referrals", TOLD, key="second")

        assert anew.status_code == 201, anew.text
        after = await hub.pool.fetch("SELECT family_id, matter_id FROM decide.family")
        assert [row["family_id"] for row in after] == [row["family_id"] for row in families]
        assert after[0]["matter_id"] not in {None, families[0]["matter_id"]}


async def test_whoever_sends_while_somebody_is_erased_is_answered_as_ever(pool: Pool, tmp_path: Path) -> None:
    async with a_school(pool, tmp_path) as (hub, school):
        assert (await school.post("/v1/referrals", referral())).status_code == 201
        subjects = await people_and_matter(hub)

        async def erased() -> None:
            for subject_id in subjects:
                await erase(hub, subject_id, GROUND, "test")

        answers, _ = await asyncio.gather(all_sent(school), erased())

        assert {answer.status_code for answer in answers} == {201}, {answer.text for answer in answers}
        assert await pool.fetchval("SELECT count(*) FROM keys.data_key WHERE wrapped IS NULL") == len(subjects)


async def test_the_command_says_what_it_would_destroy_and_destroys_only_when_told(
    database: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    install = Install(database, tmp_path)
    for name, value in install.environment().items():
        monkeypatch.setenv(name, value)

    async def command(*words: str) -> Result:
        return await asyncio.to_thread(lambda: CliRunner().invoke(app, ["erase", *words, "--ground", GROUND]))

    async with told_of_canaries(install) as (hub, _):
        subject_id = await hub.pool.fetchval("SELECT person_id FROM decide.person ORDER BY number LIMIT 1")

        plan = await command(str(subject_id))
        assert (plan.exit_code, await unfinished(hub.pool)) == (0, [])
        assert f"1 events are sealed under 1 keys:\n  {subject_id}\n" in plan.stdout
        done = await command(str(subject_id), "--execute")
        assert (done.exit_code, await unfinished(hub.pool)) == (0, [subject_id])
        assert "The keys are destroyed. Read models forget it once" in done.stdout
        nobody = await command(str(uuid4()), "--execute")
        assert (nobody.exit_code, nobody.stdout) == (1, "")
