"""A hub over this test's own database, a school that may send, and the application with and without a real port."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path

import httpx
import pytest_asyncio

from events.basis import AgencyKind, LawfulBasis, Purpose
from events.database import Pool
from hub.api.app import create_app
from hub.api.serve import listen, serve
from hub.arrival import Agency
from hub.bootstrap import Hub, joined
from hub.clock import system_clock
from hub.settings import Settings
from tests.api.sending import Sender

SCHOOL = Agency(
    code="SCHOOL.LARKMOOR",
    kind=AgencyKind.SCHOOL,
    title="Larkmoor Primary School (invented)",
    identifier="999001",
    purposes=frozenset({Purpose.EARLY_HELP, Purpose.ATTENDANCE, Purpose.SCHOOL_ROLL}),
    bases=frozenset({LawfulBasis.ART6_1_E, LawfulBasis.ART9_2_H, LawfulBasis.CA2004_S10}),
)
TRUST = Agency(
    code="HEALTH.WEALDFORD",
    kind=AgencyKind.HEALTH,
    title="Wealdford Community Trust (invented)",
    identifier="RZZ99",
    purposes=frozenset({Purpose.EARLY_HELP}),
    bases=frozenset(LawfulBasis),
)


@pytest_asyncio.fixture
async def hub(pool: Pool, database: str, tmp_path: Path) -> Hub:
    """A hub whose school and health trust are registered."""
    opened = joined(Settings(data_dir=tmp_path, pages_without_sign_in=False), system_clock, database, pool)
    await opened.log.install()
    for agency in (SCHOOL, TRUST):
        await opened.agencies.register(agency, "operator")
    return opened


@pytest_asyncio.fixture
async def client(hub: Hub) -> AsyncIterator[httpx.AsyncClient]:
    """The application, called without a network."""
    transport = httpx.ASGITransport(create_app(hub))
    async with httpx.AsyncClient(transport=transport, base_url="http://hub.invalid") as opened:
        yield opened


@pytest_asyncio.fixture
async def school(hub: Hub, client: httpx.AsyncClient) -> Sender:
    """The school with a token."""
    return await Sender.of(client, *await hub.agencies.issue_credentials(SCHOOL.code))


@pytest_asyncio.fixture
async def trust(hub: Hub, client: httpx.AsyncClient) -> Sender:
    """The health trust with a token."""
    return await Sender.of(client, *await hub.agencies.issue_credentials(TRUST.code))


@pytest_asyncio.fixture
async def server(hub: Hub) -> AsyncIterator[tuple[str, int]]:
    """Host and port of the application on a real port."""
    stop, up = asyncio.Event(), asyncio.Event()
    listening = listen("127.0.0.1", 0)
    running = asyncio.create_task(serve(hub, stop=stop, listening=listening, started=lambda _: up.set()))
    await up.wait()
    yield listening.getsockname()
    stop.set()
    await running
