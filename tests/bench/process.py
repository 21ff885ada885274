"""`hub serve` and `hub work` as they run in production: processes of their own, stopped by SIGTERM."""

from __future__ import annotations

import asyncio
import signal
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from dataclasses import replace
from pathlib import Path

import asyncpg
import httpx
import psutil

from hub.engine.kafka import free_ports
from projections import ALL
from tests.bench.ground import Place
from tests.bench.task import ROOT

_HUB = Path(sys.executable).parent / "hub"
_START_SECONDS = 60.0


@asynccontextmanager
async def serving(place: Place) -> AsyncIterator[tuple[Place, psutil.Process]]:
    """A server that answers, and its process; the place has its port."""
    placed = replace(place, port=free_ports(1)[0])
    async with _command(placed, "serve") as process, httpx.AsyncClient() as http:
        async with asyncio.timeout(_START_SECONDS):
            while True:
                with suppress(httpx.TransportError):
                    await http.get(f"http://127.0.0.1:{placed.port}/health/live")
                    break
                await asyncio.sleep(0.05)
        yield placed, process


@asynccontextmanager
async def working(place: Place) -> AsyncIterator[None]:
    """A worker that has brought every read model to the end of the log, as it was when asked."""
    async with _command(place, "work"):
        await shown(place)
        yield


async def shown(place: Place, patience: float = _START_SECONDS) -> None:
    """Wait until every read model stands at the end of the log."""
    connection = await asyncpg.connect(place.dsn)
    try:
        async with asyncio.timeout(patience):
            while True:
                end = await connection.fetchval("SELECT last FROM log.head WHERE partition = -1")
                rows = await connection.fetch("SELECT sum(sequence)::bigint FROM projection.position GROUP BY model")
                if [row[0] for row in rows] == [end] * len(ALL):
                    return
                await asyncio.sleep(0.1)
    finally:
        await connection.close()


@asynccontextmanager
async def _command(place: Place, name: str) -> AsyncIterator[psutil.Process]:
    """Its log goes to a file, as it would to a collector."""
    with (Path(place.folder) / f"{name}.log").open("ab") as log:
        process = await asyncio.create_subprocess_exec(
            _HUB, name, cwd=ROOT, env=place.environment(), stdout=log, stderr=log
        )
    try:
        yield psutil.Process(process.pid)
    finally:
        if process.returncode is None:
            process.send_signal(signal.SIGTERM)
        await process.wait()
