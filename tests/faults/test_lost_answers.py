"""A COMMIT whose outcome nobody heard of: asked again with the same key, the hub looks it up and does nothing twice."""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta
from functools import partial
from pathlib import Path

import asyncpg
import httpx
import pytest

from hub.synth.referrals import referral_bodies
from tests.faults.cutting import CuttingProxy, Lose
from tests.faults.install import Install
from tests.faults.ledger import SENDER
from tests.faults.program import Program
from tests.faults.reckoning import everything
from tests.waiting import LONG, until

pytestmark = pytest.mark.faults
BODY = next(referral_bodies(1, 3, datetime.now(UTC).date() - timedelta(days=14)))


@asynccontextmanager
async def behind_a_proxy(database: str, folder: Path) -> AsyncIterator[tuple[CuttingProxy, Install, Program, str]]:
    """A web application that reaches its database through the proxy, and a token."""
    proxy = CuttingProxy(database)
    async with proxy.running():
        install = Install(database, folder)
        credentials = await install.register(SENDER)
        async with install.web(HUB_DATABASE_URL=proxy.dsn) as web:
            async with httpx.AsyncClient() as http:
                answer = await http.post(
                    f"{install.url}/oauth/token", data={"grant_type": "client_credentials"}, auth=credentials
                )
            yield proxy, install, web, answer.json()["access_token"]


async def post(install: Install, token: str) -> httpx.Response:
    heads = {"Authorization": f"Bearer {token}", "Idempotency-Key": "the-key", "Content-Type": "application/json"}
    async with httpx.AsyncClient(timeout=LONG) as http:
        return await http.post(f"{install.url}/v1/referrals", content=BODY, headers=heads)


async def effects(install: Install) -> Counter[str]:
    async with install.hub() as hub:
        return Counter(record.type for record in await everything(hub.log))


async def then_the_same_key_brings_the_one_outcome(install: Install, token: str) -> None:
    again, once_more = await post(install, token), await post(install, token)
    assert again.status_code == once_more.status_code == 201
    assert again.json() == once_more.json()
    found = await effects(install)
    assert (found["submission.accepted"], found["referral.received"]) == (1, 1)


@pytest.mark.parametrize(("what", "stands"), [(Lose.ANSWER, 1), (Lose.COMMIT, 0)])
async def test_a_connection_cut_during_commit_is_answered_and_looked_up(
    database: str, tmp_path: Path, what: Lose, stands: int
) -> None:
    async with behind_a_proxy(database, tmp_path) as (proxy, install, _, token):
        proxy.lose = what
        first = await post(install, token)

        assert proxy.lost.is_set()
        # Coalesced submissions are tried again apart, so the sender may be told at once.
        assert first.status_code in {201, 503}, first.text
        if first.status_code == 503:
            assert first.headers["Retry-After"]
            assert (await effects(install))["submission.accepted"] == stands
        await then_the_same_key_brings_the_one_outcome(install, token)


async def test_a_web_application_killed_after_commit_and_before_its_answer_has_done_it_once(
    database: str, tmp_path: Path
) -> None:
    async with behind_a_proxy(database, tmp_path) as (proxy, install, web, token):
        proxy.lose = Lose.HOLD

        async def killed_when_committed() -> None:
            await proxy.lost.wait()
            await until(partial(accepted, database))
            await web.kill()

        with pytest.raises(httpx.TransportError):
            await asyncio.gather(killed_when_committed(), post(install, token))
        await web.start()
        await install.answers(web)

        again = await post(install, token)
        assert again.headers["Idempotency-Replayed"] == "true"
        await then_the_same_key_brings_the_one_outcome(install, token)


async def accepted(database: str) -> bool:
    connection = await asyncpg.connect(database)
    found = await connection.fetchval("SELECT count(*) FROM log.event WHERE type = 'submission.accepted'")
    await connection.close()
    return bool(found)
