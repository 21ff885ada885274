"""A projector process for the fault tests: `python -m tests.projections.worker DSN LEASE_SECONDS`."""

from __future__ import annotations

import asyncio
import signal
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from datetime import UTC, datetime
from pathlib import Path

import asyncpg

from consumers.project import ProjectorPace, run_projector
from events.keys import KeyFile, KeyRing, PostgresKeys
from events.postgres_log import PostgresLog
from projections.building import Sources
from projections.parking import Caps
from projections.projection import Projection
from tests.projections.small import small

PARTITIONS = 4
ROOT = Path(__file__).parents[2]


@asynccontextmanager
async def open_sources(dsn: str) -> AsyncIterator[Sources]:
    """The journal of a test's database."""
    async with asyncpg.create_pool(dsn, min_size=1, max_size=8) as pool:
        keys = PostgresKeys(pool, KeyFile(b"k" * 32))
        log = PostgresLog(pool, keys, lambda: datetime.now(UTC), PARTITIONS)
        await log.install()
        yield Sources(pool, log, keys)


@asynccontextmanager
async def a_worker(database: str, lease: float) -> AsyncIterator[asyncio.subprocess.Process]:
    """A projector process; whatever the test did to it, it is gone at the end."""
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "tests.projections.worker", database, str(lease), cwd=ROOT
    )
    try:
        yield process
    finally:
        if process.returncode is None:
            process.send_signal(signal.SIGCONT)
            process.kill()
        await process.wait()


@asynccontextmanager
async def projecting(
    sources: Sources,
    pace: ProjectorPace,
    *projections: Projection,
    keys: KeyRing | None = None,
    caps: Caps | None = None,
) -> AsyncIterator[None]:
    """A worker in this process carries into these read models."""
    worker = asyncio.create_task(
        run_projector(sources.pool, sources.log, keys or sources.keys, projections, pace, caps)
    )
    try:
        yield
    finally:
        worker.cancel()
        with suppress(asyncio.CancelledError):
            await worker


async def main(dsn: str, lease: float) -> None:
    async with open_sources(dsn) as sources:
        await run_projector(
            sources.pool, sources.log, sources.keys, [small()], ProjectorPace(lease=lease, first_wait=0.05)
        )


if __name__ == "__main__":
    asyncio.run(main(sys.argv[1], float(sys.argv[2])))
