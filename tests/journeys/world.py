"""A whole hub for a journey: real PostgreSQL, a real port, real projectors, and agencies that speak HTTP."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from uuid import UUID, uuid4

import asyncpg
import httpx
from pydantic import SecretStr

from consumers.work import working
from events.basis import AgencyKind, LawfulBasis, Purpose
from hub.api.serve import address_of, listen, serve
from hub.arrival import Agency
from hub.bootstrap import Hub, joined
from hub.clock import system_clock
from hub.connectors import CONNECTORS
from hub.settings import Engine, Settings
from projections import ALL
from projections.progress import wait_for
from tests.waiting import LONG

AGENCIES = {
    "school": ("Invented Primary", AgencyKind.SCHOOL),
    "trust": ("Invented Community Trust", AgencyKind.HEALTH),
    "police": ("Fenmarch Police (invented)", AgencyKind.POLICE),
    "jobcentre": ("Inventown Jobcentre", AgencyKind.DWP),
}


@dataclass(frozen=True)
class World:
    """A hub that is up, and a token for each agency."""

    hub: Hub
    http: httpx.AsyncClient
    tokens: dict[str, str]

    async def sends(self, agency: str, connector: str, content: bytes) -> httpx.Response:
        """An agency sends its own file."""
        return await self.http.post(
            f"/v1/files/{connector}",
            content=content,
            headers={
                "Authorization": f"Bearer {self.tokens[agency]}",
                "Idempotency-Key": str(uuid4()),
                "Content-Type": CONNECTORS[connector].media_type,
            },
        )

    async def asks(self, agency: str, submission_id: UUID | str) -> httpx.Response:
        """An agency asks what became of a submission."""
        headers = {"Authorization": f"Bearer {self.tokens[agency]}"}
        return await self.http.get(f"/v1/submissions/{submission_id}", headers=headers)

    async def is_shown(self) -> None:
        """Wait until all that is on the log is in the read models."""
        heads = await self.hub.log.heads()
        assert await wait_for(self.hub.pool, heads.sequences, ALL, LONG), "the read models did not follow"

    async def families(self) -> list[UUID]:
        """Every family, oldest first."""
        rows = await self.hub.pool.fetch(
            "SELECT substr(stream, 8)::uuid AS id FROM log.event WHERE type = 'family.opened' ORDER BY position"
        )
        return [row["id"] for row in rows]


@asynccontextmanager
async def a_world(database: str, folder: Path, kafka: str | None = None) -> AsyncIterator[World]:
    """Everything up; with a Kafka address the projectors read the topic."""
    listening = listen("127.0.0.1", 0)
    address = address_of(listening)
    settings = Settings(
        area=f"journey-{uuid4().hex[:8]}",
        engine=Engine.KAFKA if kafka else Engine.EMBEDDED,
        kafka_bootstrap=kafka,
        database_url=SecretStr(database),
        data_dir=folder,
        public_url=address,
        pages_without_sign_in=True,
    )
    async with asyncpg.create_pool(database, min_size=2, max_size=12) as pool:
        hub = joined(settings, system_clock, database, pool)
        await hub.log.install()
        async with working(hub), httpx.AsyncClient(base_url=address, timeout=LONG) as http:
            up, stop = asyncio.Event(), asyncio.Event()
            server = asyncio.create_task(serve(hub, stop=stop, listening=listening, started=lambda _: up.set()))
            await up.wait()
            try:
                yield World(hub, http, {code: await _token(hub, http, code) for code in AGENCIES})
            finally:
                stop.set()
                await server


async def _token(hub: Hub, http: httpx.AsyncClient, code: str) -> str:
    title, kind = AGENCIES[code]
    agency = Agency(code, kind, title, code, frozenset(Purpose), frozenset(LawfulBasis))
    await hub.agencies.register(agency, "test")
    client_id, secret = await hub.agencies.issue_credentials(code)
    answer = await http.post(
        "/oauth/token", data={"grant_type": "client_credentials"}, auth=httpx.BasicAuth(client_id, secret)
    )
    return str(answer.raise_for_status().json()["access_token"])
