from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import suppress
from pathlib import Path
from urllib.parse import urlsplit

import asyncpg
import httpx
import pytest_asyncio

from consumers.project import run_projector
from events.database import Pool
from hub.api.app import create_app
from hub.api.serve import listen, serve
from hub.bootstrap import joined
from hub.settings import Settings
from projections import ALL
from projections.runner import Carrier
from tests.conftest import TEMPLATE
from tests.servers import a_copy
from tests.web.world import WEDNESDAY, World


@pytest_asyncio.fixture(scope="session")
async def with_read_models(postgres: str) -> AsyncIterator[str]:
    """The name of a database with the tables of every read model, to be copied: making them anew takes longest here."""
    async with a_copy(postgres, TEMPLATE) as dsn:
        async with asyncpg.create_pool(dsn, min_size=1, max_size=1) as pool:
            for projection in ALL:
                await Carrier(pool, projection).install()
        yield urlsplit(dsn).path.removeprefix("/")


@pytest_asyncio.fixture
async def database(postgres: str, with_read_models: str) -> AsyncIterator[str]:
    """The address of a database of this test's own, with every table and nothing in it."""
    async with a_copy(postgres, with_read_models) as dsn:
        yield dsn


@pytest_asyncio.fixture
async def world(database: str, pool: Pool, tmp_path: Path) -> AsyncIterator[World]:
    """A hub of this test's own with its pages and a running projector; its clock says Wednesday noon."""
    clock = [WEDNESDAY]
    settings = Settings(_env_file=None, data_dir=tmp_path, pages_without_sign_in=True)
    hub = joined(settings, lambda: clock[0], database, pool)
    await hub.log.install()
    projector = asyncio.create_task(run_projector(pool, hub.log, hub.keys, ALL))
    transport = httpx.ASGITransport(create_app(hub), raise_app_exceptions=False)
    async with httpx.AsyncClient(transport=transport, base_url="http://127.0.0.1") as client:
        yield World(hub, client, clock)
    projector.cancel()
    with suppress(asyncio.CancelledError):
        await projector


@pytest_asyncio.fixture
async def served(world: World) -> AsyncIterator[str]:
    """The address of a server of this world, for a real browser."""
    stop, address = asyncio.Event(), asyncio.get_running_loop().create_future()
    serving = asyncio.create_task(
        serve(world.hub, stop=stop, listening=listen("127.0.0.1", 0), started=address.set_result)
    )
    await asyncio.wait({serving, address}, return_when=asyncio.FIRST_COMPLETED)
    yield await address
    stop.set()
    await serving
