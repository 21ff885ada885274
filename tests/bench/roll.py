"""A school roll of 144,000 pupils through the CTF connector and the whole intake, in one file over HTTP."""

from __future__ import annotations

import asyncio
from contextlib import AbstractAsyncContextManager, nullcontext
from dataclasses import replace
from pathlib import Path

import orjson
import psutil

from hub.synth.ctf import write_roll
from tests.bench.figures import Figure
from tests.bench.filling import last_week
from tests.bench.ground import Place, database
from tests.bench.http import head, token
from tests.bench.process import serving, working
from tests.bench.size import FULL, Size, label

_SETTLED = 0.2  # of the way: caches are full and what is grown beyond is not flat
_PIECE = 1 << 20


async def roll_figures(ground: Place, size: Size) -> list[Figure]:
    """Seconds from the first byte sent to the receipt, and what the server's memory grew after the first fifth.

    The whole roll alone, as the target is worded; a quarter of it beside the projectors, as an install runs.
    """
    async with database(ground, "bench_roll") as empty:
        alone = await _figures(empty, size.pupils, nullcontext())
    async with database(ground, "bench_roll") as empty:
        beside = await _figures(empty, size.pupils // 4, working(empty))
    return [*alone, *(replace(each, name=f"{each.name}.beside_projectors") for each in beside)]


async def _figures(empty: Place, pupils: int, beside: AbstractAsyncContextManager[None]) -> list[Figure]:
    path = Path(empty.folder) / "roll.ctf.xml"
    with path.open("wb") as out:
        await asyncio.to_thread(write_roll, out, pupils, 1, last_week())
    async with serving(empty) as (place, process), beside:
        bearer = await token(place)
        memory: list[float] = []
        watching = asyncio.create_task(_watch(process, memory))
        began = asyncio.get_running_loop().time()
        receipt = await send_roll(place, path, bearer)
        seconds = asyncio.get_running_loop().time() - began
        watching.cancel()
    assert receipt["items"] == pupils, receipt
    assert receipt["refused_count"] == 0, receipt
    settled = memory[int(len(memory) * _SETTLED)]
    print(f"  school roll: {path.stat().st_size >> 20} MB, server's memory at most {max(memory):.0f} MB")
    name = f"roll.{label(pupils)}"
    return [
        Figure(name, "s", 300 * pupils / FULL.pupils, (seconds,), at_most=True),
        Figure(f"{name}.memory_growth", "MB", 32, (max(memory) - settled,), at_most=True),
    ]


async def send_roll(place: Place, path: Path, bearer: str) -> dict[str, int]:
    """The receipt for a whole roll."""
    reader, writer = await asyncio.open_connection("127.0.0.1", place.port)
    writer.write(head("/v1/files/ctf", bearer, "application/xml", path.stat().st_size))
    with path.open("rb") as file:
        while piece := file.read(_PIECE):
            writer.write(piece)
            await writer.drain()
    status = (await reader.readline()).split()[1]
    length = 0
    while (line := await reader.readline()) != b"\r\n":
        name, _, value = line.partition(b":")
        if name.lower() == b"content-length":
            length = int(value)
    body = await reader.readexactly(length)
    writer.close()
    assert status == b"201", body
    told: dict[str, int] = orjson.loads(body)
    return told


async def _watch(process: psutil.Process, memory: list[float]) -> None:
    """Resident memory in MB, four times a second."""
    while True:
        memory.append(process.memory_info().rss / (1 << 20))
        await asyncio.sleep(0.25)
