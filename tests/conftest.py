"""The servers every test may ask for: a PostgreSQL database of its own, a Kafka, a Chromium.

What cannot be had is left out loudly, and where CI=true it is a failure: see `missing`. Where several processes share
the tests (`-n`), each has servers of its own.
"""

from __future__ import annotations

import os
from collections.abc import AsyncIterator
from pathlib import Path
from typing import NoReturn

import asyncpg
import psutil
import pytest
import pytest_asyncio
from playwright.async_api import Browser, async_playwright

from events.database import Pool
from hub.engine.chromium import find_chromium
from hub.engine.kafka import KafkaServer
from hub.engine.kafka_ladder import open_kafka
from hub.engine.process import EngineError
from tests.servers import a_copy, a_postgres, in_database, run_sql, upgraded

LEFT_OUT = "LEFT OUT, tests that need "
TEMPLATE = f"hub_template_{os.getpid()}"
WORKER_NEEDS = 3 << 29  # bytes of memory for one process of tests with its servers
MOST_WORKERS = 6  # more do not end sooner: the longest files decide
# Brokers live for seconds here and are killed and started again; a Java that compiles little is up in half the time.
os.environ.setdefault("JDK_JAVA_OPTIONS", "-XX:TieredStopAtLevel=1 -XX:+UseSerialGC")


@pytest.hookimpl(optionalhook=True)  # for whoever has not installed pytest-xdist yet
def pytest_xdist_auto_num_workers() -> int | None:
    """How many processes `-n auto` starts: one for each core, and no more than fit into memory with their servers."""
    if "PYTEST_XDIST_AUTO_NUM_WORKERS" in os.environ:
        return None  # pytest-xdist reads it
    return max(1, min(len(os.sched_getaffinity(0)), psutil.virtual_memory().available // WORKER_NEEDS, MOST_WORKERS))


def missing(what: str, why: object) -> NoReturn:
    """Skips the test for want of a server, and says so again at the end; with CI=true it fails instead."""
    if os.environ.get("CI", "").lower() in {"1", "true"}:
        pytest.fail(f"{what} is missing, and with CI=true no test may be left out: {why}", pytrace=False)
    pytest.skip(f"{LEFT_OUT}{what}: {why}")


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    # Read from the reports, which come from every process.
    reasons = {str(report.longrepr[2]).removeprefix("Skipped: ") for report in terminalreporter.getreports("skipped")}
    for reason in sorted(reasons):
        if reason.startswith(LEFT_OUT):
            terminalreporter.write_line(reason, red=True, bold=True)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """A test's marks follow from what it asks for, so that `-m "not kafka"` leaves none behind.

    Files with marked tests come first: they take longest, and small ones are left to fill up the end of every process.
    """
    long = set[Path]()
    for item in items:
        asked = set(getattr(item, "fixturenames", ()))
        if asked & {"kafka", "kafka_server"}:
            item.add_marker("kafka")
        if "browser" in asked:
            item.add_marker("browser")
        if any(item.get_closest_marker(mark) for mark in ("kafka", "browser", "faults")):
            long.add(item.path)
    items.sort(key=lambda item: item.path not in long)


@pytest_asyncio.fixture(scope="session")
async def postgres() -> AsyncIterator[str]:
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
        missing("PostgreSQL", failure)


@pytest_asyncio.fixture
async def database(postgres: str) -> AsyncIterator[str]:
    """The address of a database of this test's own, with the whole schema and nothing in it."""
    async with a_copy(postgres, TEMPLATE) as dsn:
        yield dsn


@pytest_asyncio.fixture
async def pool(database: str) -> AsyncIterator[Pool]:
    """A small connection pool on this test's database."""
    async with asyncpg.create_pool(database, min_size=1, max_size=8) as opened:
        yield opened


@pytest_asyncio.fixture(scope="session")
async def kafka() -> AsyncIterator[str]:
    """The address of a real Kafka shared by the session: name topics and areas so that no other test's are met."""
    try:
        async with open_kafka(os.environ.get("HUB_TEST_KAFKA")) as bootstrap:
            yield bootstrap
    except EngineError as failure:
        missing("Kafka", failure)


@pytest_asyncio.fixture(scope="module")
async def kafka_server() -> AsyncIterator[KafkaServer]:
    """A broker of this module's own, for tests that kill, pause or restart it (Java and Maven, no container)."""
    try:
        async with KafkaServer() as server:
            yield server
    except EngineError as failure:
        missing("Kafka from its own jars", failure)


@pytest_asyncio.fixture(scope="session")
async def browser() -> AsyncIterator[Browser]:
    """A headless Chromium shared by the session; open a context of your own in it."""
    try:
        program = find_chromium()
    except EngineError as failure:
        missing("Chromium", failure)
    sandbox = [] if os.geteuid() else ["--no-sandbox"]  # Chromium refuses its sandbox to root
    async with async_playwright() as playwright:
        opened = await playwright.chromium.launch(executable_path=program, args=[*sandbox, "--disable-gpu"])
        yield opened
        await opened.close()
