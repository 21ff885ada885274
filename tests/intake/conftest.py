from __future__ import annotations

from pathlib import Path

import pytest_asyncio

from events.database import Pool
from hub.bootstrap import Hub, joined
from hub.settings import Settings
from tests.identity.words import Register
from tests.intake.words import NOW, SCHOOL, TRUST


@pytest_asyncio.fixture
async def hub(database: str, pool: Pool, tmp_path: Path) -> Hub:
    """A hub over this test's database, with a school and a trust registered."""
    hub = joined(Settings(data_dir=tmp_path), lambda: NOW, database, pool)
    await hub.log.install()
    for agency in (SCHOOL, TRUST):
        await hub.agencies.register(agency, "test")
    return hub


@pytest_asyncio.fixture
async def register(hub: Hub) -> Register:
    """What reviewers decide about the people of this test."""
    return Register(hub)
