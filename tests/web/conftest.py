from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import suppress
from pathlib import Path

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
from tests.web.world import WEDNESDAY, World


@pytest_asyncio.fixture
async def world(database: str, pool: Pool, tmp_path: Path) -> AsyncIterator[World]:
    """A hub of this test's own with its pages and a running projector; its clock says Wednesday noon."""
    clock = [WEDNESDAY]
    settings = Settings(_env_file=None, data_dir=tmp_path, pages_without_sign_in=True)
    hub = joined(settings, lambda: clock[0], database, pool)
    await hub.log.install()
    for projection in ALL:
        await Carrier(pool, projection).install()
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
