"""The servers every test may ask for: a PostgreSQL database of its own, a Kafka, a Chromium.

What cannot be had is left out loudly, and where CI=true it is a failure: see `missing`.
"""

from __future__ import annotations

import itertools
import os
import shutil
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import NoReturn
from urllib.parse import urlsplit, urlunsplit

import asyncpg
import pytest
import pytest_asyncio
from playwright.async_api import Browser, async_playwright

from events.database import Pool
from hub.engine.chromium import find_chromium
from hub.engine.kafka import KafkaServer
from hub.engine.kafka_ladder import open_kafka
from hub.engine.postgres import PostgresServer
from hub.engine.process import EngineError
from tests.servers import upgraded

LEFT_OUT = pytest.StashKey[set[str]]()
TEMPLATE = f"hub_template_{os.getpid()}"
MEMORY = Path("/dev/shm")  # noqa: S108 - Linux's own; a private folder is made in it
MEMORY_NEEDED = 3 << 30  # bytes; the suite's databases take less than a third
_numbers = itertools.count(1)


def missing(config: pytest.Config, what: str, why: object) -> NoReturn:
    """Skips the test for want of a server, and says so again at the end; with CI=true it fails instead."""
    if os.environ.get("CI", "").lower() in {"1", "true"}:
        pytest.fail(f"{what} is missing, and with CI=true no test may be left out: {why}", pytrace=False)
    config.stash.setdefault(LEFT_OUT, set[str]()).add(f"{what}: {why}")
    pytest.skip(f"{what} is missing: {why}")


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter, config: pytest.Config) -> None:
    for reason in sorted(config.stash.get(LEFT_OUT, ())):
        terminalreporter.write_line(f"LEFT OUT, tests that need {reason}", red=True, bold=True)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """A test's marks follow from what it asks for, so that `-m "not kafka"` leaves none behind."""
    for item in items:
        asked = set(getattr(item, "fixturenames", ()))
        if asked & {"kafka", "kafka_server"}:
            item.add_marker("kafka")
        if "browser" in asked:
            item.add_marker("browser")


def in_database(dsn: str, name: str) -> str:
    """The same server's address with another database."""
    return urlunsplit(urlsplit(dsn)._replace(path=f"/{name}"))


async def run_sql(dsn: str, *statements: str) -> None:
    connection = await asyncpg.connect(dsn)
    try:
        for statement in statements:
            await connection.execute(statement)
    finally:
        await connection.close()


@asynccontextmanager
async def a_postgres() -> AsyncIterator[str]:
    """HUB_TEST_DSN, else our own in memory where there is room: no test kills this one, so no test needs its disk."""
    if given := os.environ.get("HUB_TEST_DSN"):
        yield given
        return
    roomy = MEMORY.is_dir() and os.access(MEMORY, os.W_OK) and shutil.disk_usage(MEMORY).free > MEMORY_NEEDED
    async with PostgresServer(scratch=MEMORY if roomy else None, settings={"max_wal_size": "512MB"}) as server:
        yield server.dsn


@pytest_asyncio.fixture(scope="session")
async def postgres(pytestconfig: pytest.Config) -> AsyncIterator[str]:
    """The address of a PostgreSQL server holding the template database."""
    try:
        async with a_postgres() as dsn:
            await run_sql(dsn, f"CREATE DATABASE {TEMPLATE}")
            try:
                await upgraded(in_database(dsn, TEMPLATE))
                yield dsn
            finally:
                await run_sql(dsn, f"DROP DATABASE IF EXISTS {TEMPLATE} WITH (FORCE)")
    except EngineError as failure:
        missing(pytestconfig, "PostgreSQL", failure)


@pytest_asyncio.fixture
async def database(postgres: str) -> AsyncIterator[str]:
    """The address of a database of this test's own, with the whole schema and nothing in it."""
    name = f"hub_test_{os.getpid()}_{next(_numbers)}"
    await run_sql(postgres, f"CREATE DATABASE {name} TEMPLATE {TEMPLATE}")
    yield in_database(postgres, name)
    await run_sql(postgres, f"DROP DATABASE {name} WITH (FORCE)")


@pytest_asyncio.fixture
async def pool(database: str) -> AsyncIterator[Pool]:
    """A small connection pool on this test's database."""
    async with asyncpg.create_pool(database, min_size=1, max_size=8) as opened:
        yield opened


@pytest_asyncio.fixture(scope="session")
async def kafka(pytestconfig: pytest.Config) -> AsyncIterator[str]:
    """The address of a real Kafka shared by the session: name topics and areas so that no other test's are met."""
    try:
        async with open_kafka(os.environ.get("HUB_TEST_KAFKA")) as bootstrap:
            yield bootstrap
    except EngineError as failure:
        missing(pytestconfig, "Kafka", failure)


@pytest_asyncio.fixture(scope="module")
async def kafka_server(pytestconfig: pytest.Config) -> AsyncIterator[KafkaServer]:
    """A broker of this module's own, for tests that kill, pause or restart it (Java and Maven, no container)."""
    try:
        async with KafkaServer() as server:
            yield server
    except EngineError as failure:
        missing(pytestconfig, "Kafka from its own jars", failure)


@pytest_asyncio.fixture(scope="session")
async def browser(pytestconfig: pytest.Config) -> AsyncIterator[Browser]:
    """A headless Chromium shared by the session; open a context of your own in it."""
    try:
        program = find_chromium()
    except EngineError as failure:
        missing(pytestconfig, "Chromium", failure)
    sandbox = [] if os.geteuid() else ["--no-sandbox"]  # Chromium refuses its sandbox to root
    async with async_playwright() as playwright:
        opened = await playwright.chromium.launch(executable_path=program, args=[*sandbox, "--disable-gpu"])
        yield opened
        await opened.close()
