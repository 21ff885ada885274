"""A small proxy between the hub and PostgreSQL that can lose the answer to a COMMIT, or the COMMIT itself."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from enum import Enum
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

_READY = b"Z\x00\x00\x00\x05"  # PostgreSQL's "ready for query": it has done what it was told


class Lose(Enum):
    """What is lost. HOLD: the server has the COMMIT, and its answer never comes."""

    NOTHING = "nothing"
    COMMIT = "the connection is cut before the server has the COMMIT"
    ANSWER = "the connection is cut after the server has committed"
    HOLD = "nobody hears of the server's answer, and the connection stays open"


class CuttingProxy:
    """`lose` is done to the next COMMIT; `lost` is set once it is done."""

    def __init__(self, upstream: str) -> None:
        self._upstream = upstream
        self.lose = Lose.NOTHING
        self.lost = asyncio.Event()
        self.port = 0

    @property
    def dsn(self) -> str:
        return f"postgresql://postgres@127.0.0.1:{self.port}{urlsplit(self._upstream).path}"

    @asynccontextmanager
    async def running(self) -> AsyncIterator[None]:
        connections: set[asyncio.Task[None]] = set()

        async def connected(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
            task = asyncio.current_task()
            assert task is not None
            connections.add(task)
            await self._serve(reader, writer)

        server = await asyncio.start_server(connected, "127.0.0.1", 0)
        self.port = server.sockets[0].getsockname()[1]
        try:
            yield
        finally:
            server.close()
            for task in connections:
                task.cancel()
            await asyncio.gather(*connections, return_exceptions=True)

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        up_reader, up_writer = await self._open()
        answering = asyncio.create_task(_pour(up_reader, writer))
        try:
            while piece := await reader.read(1 << 16):
                if b"COMMIT" in piece and self.lose is not Lose.NOTHING:
                    await self._strike(piece, (up_reader, up_writer), answering)
                    break
                up_writer.write(piece)
                await up_writer.drain()
        except ConnectionError:
            pass
        finally:
            answering.cancel()
            for end in (up_writer, writer):
                end.close()
            await asyncio.sleep(0)

    async def _strike(
        self, piece: bytes, up: tuple[asyncio.StreamReader, asyncio.StreamWriter], answering: asyncio.Task[None]
    ) -> None:
        what, self.lose = self.lose, Lose.NOTHING
        if what is not Lose.COMMIT:
            answering.cancel()  # from here on nothing of what the server says gets through
            await asyncio.gather(answering, return_exceptions=True)
            said, (from_server, to_server) = b"", up
            to_server.write(piece)
            while _READY not in said:
                said += await from_server.read(1 << 16) or _READY
        self.lost.set()
        if what is Lose.HOLD:
            await asyncio.Event().wait()

    async def _open(self) -> tuple[asyncio.StreamReader, asyncio.StreamWriter]:
        address = urlsplit(self._upstream)
        host = parse_qs(address.query).get("host", [address.hostname or "127.0.0.1"])[0]
        if host.startswith("/"):
            return await asyncio.open_unix_connection(Path(host) / f".s.PGSQL.{address.port or 5432}")
        return await asyncio.open_connection(host, address.port or 5432)


async def _pour(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    with suppress(ConnectionError):
        while piece := await reader.read(1 << 16):
            writer.write(piece)
            await writer.drain()
        writer.close()
