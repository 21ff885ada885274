"""An event that cannot be shown stops its own family; every other family goes on, and the page says what is missing."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path
from uuid import UUID

import httpx
import orjson
import pytest

from events.database import Pool
from hub.synth.referrals import referral_bodies
from projections.chronicle import timeline
from projections.parking import retry_now, waiting_events
from projections.timeline import TIMELINE
from tests.faults.install import Install
from tests.faults.ledger import SENDER
from tests.faults.reckoning import then_read_models_are_the_fold_of_the_log
from tests.waiting import LONG, until

pytestmark = pytest.mark.faults
LATELY = datetime.now(UTC).date() - timedelta(days=14)
BODIES = [orjson.loads(body) for body in referral_bodies(12, 21, LATELY)]


class Referrer:
    """An agency that refers families, again and again."""

    def __init__(self, http: httpx.AsyncClient, token: str) -> None:
        self._http = http
        self._heads = {"Authorization": f"Bearer {token}", "Content-Type": "application/json"}

    async def refers(self, body: dict[str, object], message_id: str) -> None:
        told = orjson.dumps(body | {"source": {"system": "Invented", "message_id": message_id}})
        answer = await self._http.post(
            "/v1/referrals", content=told, headers=self._heads | {"Idempotency-Key": message_id}
        )
        assert answer.status_code == 201, answer.text


async def entries(pool: Pool, family: UUID) -> int:
    async with pool.acquire() as connection:
        return len(await timeline(connection, family, limit=1_000))


async def test_a_poisoned_family_waits_and_is_said_to_be_incomplete_while_the_others_go_on(
    database: str, pool: Pool, tmp_path: Path
) -> None:
    install = Install(database, tmp_path, pages=True)
    credentials = await install.register(SENDER)
    async with install.web(), install.worker() as worker, httpx.AsyncClient(base_url=install.url, timeout=LONG) as http:
        token = await http.post("/oauth/token", data={"grant_type": "client_credentials"}, auth=credentials)
        agency = Referrer(http, token.json()["access_token"])
        for number, body in enumerate(BODIES):
            await agency.refers(body, f"first-{number}")
        async with install.hub() as hub:
            await then_read_models_are_the_fold_of_the_log(hub)
        stream = await pool.fetchval(
            "SELECT stream FROM log.event WHERE type = 'family.opened' ORDER BY position LIMIT 1"
        )
        poisoned = UUID(stream.removeprefix("family/"))
        shown = await entries(pool, poisoned)
        await pool.execute(
            f"ALTER TABLE rm_timeline_2.entry ADD CONSTRAINT poison CHECK (family_id <> '{poisoned}') NOT VALID"
        )

        for number, body in enumerate(BODIES):
            await agency.refers(body, f"second-{number}")

        async def carried() -> bool:
            behind = await pool.fetchval(
                """SELECT sum(h.last - p.sequence) FROM log.head AS h JOIN projection.position AS p USING (partition)"""
            )
            return not behind

        await until(carried)
        async with pool.acquire() as connection:
            waiting = await waiting_events(connection, TIMELINE.schema, stream)
        assert waiting > 0
        assert await entries(pool, poisoned) == shown, "nothing of it is shown out of order"
        page = (await http.get(f"/families/{poisoned}", headers={"Accept": "text/html"})).text
        assert f"Timeline incomplete: {waiting} event{'' if waiting == 1 else 's'} waiting" in page
        others = await pool.fetch("SELECT DISTINCT stream FROM projection.parked")
        assert [row["stream"] for row in others] == [stream], "no other family waits"

        await pool.execute("ALTER TABLE rm_timeline_2.entry DROP CONSTRAINT poison")
        await retry_now(pool, TIMELINE.schema)

        async def mended() -> bool:
            return not await pool.fetchval("SELECT count(*) FROM projection.parked")

        await until(mended)
        async with install.hub() as hub:
            await then_read_models_are_the_fold_of_the_log(hub)
        page = (await http.get(f"/families/{poisoned}", headers={"Accept": "text/html"})).text
        assert "Timeline incomplete" not in page
        assert not worker.ends
