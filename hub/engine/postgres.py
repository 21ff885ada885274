"""PostgreSQL without an installation: the default engine, and every test's database.

It listens on a Unix socket alone, in a folder that only its own user can enter, so no other account of the machine
reaches it and no password has to be kept.
"""

from __future__ import annotations

import asyncio
import os
import shutil
import signal
import time
import weakref
from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import asynccontextmanager
from pathlib import Path
from types import TracebackType
from typing import Self

from hub.engine.binaries import Programs, find_programs
from hub.engine.cluster import make_cluster, own_folder, short_folder
from hub.engine.joining import alone, answers, running_at, socket_address
from hub.engine.process import EngineError, ServerProcess

START_SECONDS = 60.0
_SOCKET_LIMIT = 107  # bytes of a Unix socket's path, the closing zero not counted
_SOCKET_LINE = 5  # of postmaster.pid: the folder of the socket
_BUILTIN_LOCALE = 17  # the first PostgreSQL that brings its own collation

SETTINGS: Mapping[str, str] = {
    # What was acknowledged is on the disk (the hub refuses to start on anything less).
    "fsync": "on",
    "full_page_writes": "on",
    "synchronous_commit": "on",
    # Suited to one machine with 2 cores that also runs the hub.
    "shared_buffers": "1GB",  # of everybody in a county, what matching asks for again and again (decision 21)
    "max_connections": "60",
    "max_locks_per_transaction": "512",  # a rebuild swaps whole schemas in one transaction
    "max_wal_size": "2GB",
    # A page that is changed first after a checkpoint is written whole: seldom, and without taking time to compress it.
    "checkpoint_timeout": "15min",
    "wal_compression": "off",
    "maintenance_work_mem": "128MB",
    "work_mem": "16MB",
    "jit": "off",  # our statements are short; compiling them costs more than it saves
    "idle_in_transaction_session_timeout": "60s",
    "listen_addresses": "",
    "unix_socket_permissions": "0700",
    "timezone": "UTC",
    "log_timezone": "UTC",
    "log_checkpoints": "off",  # the log of a server that runs for months stays small
    # The server's log must not hold personal data: no statements, no parameters, no DETAIL lines with key values.
    "log_min_error_statement": "panic",
    "log_parameter_max_length_on_error": "0",
    "log_error_verbosity": "terse",
}


class PostgresServer:
    """One PostgreSQL cluster, started and stopped by us.

    `data_dir` keeps the data (made where it does not exist); without it the data lies in a folder in `scratch` (where
    temporary files lie) and goes when the server stops. `settings` are added to `SETTINGS`. The address (`dsn`) stays
    the same over `kill`, `stop` and `restart`.
    """

    def __init__(
        self, data_dir: Path | None = None, *, scratch: Path | None = None, settings: Mapping[str, str] | None = None
    ) -> None:
        self._kept = data_dir
        self._scratch = scratch
        self._settings = {**SETTINGS, **(settings or {})}
        self._folder: Path | None = None
        self._forget: Callable[[], object] | None = None
        self._server: ServerProcess | None = None
        self._programs: Programs | None = None

    @property
    def dsn(self) -> str:
        """The address of the `postgres` database; other databases: the same with another path."""
        return socket_address(self._running_folder)

    @property
    def data_dir(self) -> Path:
        return self._kept or self._running_folder / "data"

    @property
    def pid(self) -> int:
        """The postmaster's process id."""
        return self._process.pid

    async def __aenter__(self) -> Self:
        await self.start()
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self.close()

    async def start(self) -> None:
        """Makes the cluster where there is none, starts it and waits until it answers; EngineError says why not."""
        if self._server is None:
            # Finding and making a cluster blocks for about half a second; the loop goes on meanwhile.
            self._server = await asyncio.to_thread(self._prepare)
        try:
            await self._start_and_wait(self._server)
        except BaseException:
            await self._server.kill()
            raise

    async def stop(self) -> None:
        """A fast shutdown: open transactions are rolled back, everything committed is written."""
        if self._server is not None:
            await self._server.stop()

    async def kill(self) -> None:
        """SIGKILL to the postmaster, as a power cut would; `start` then recovers from the write-ahead log."""
        await self._process.kill()

    async def restart(self) -> None:
        await self.stop()
        await self.start()

    async def pause(self) -> None:
        """Stops the postmaster: no new connection is answered until `resume`."""
        await self._process.pause()

    def resume(self) -> None:
        self._process.resume()

    async def close(self) -> None:
        """Stops the server and removes what was temporary."""
        await self.stop()
        if self._forget is not None:
            await asyncio.to_thread(self._forget)
        self._folder = self._server = None

    @property
    def _running_folder(self) -> Path:
        if self._folder is None:
            raise EngineError("PostgreSQL has not been started")
        return self._folder

    @property
    def _process(self) -> ServerProcess:
        if self._server is None:
            raise EngineError("PostgreSQL has not been started")
        return self._server

    def _prepare(self) -> ServerProcess:
        programs = find_programs()
        self._folder = folder = short_folder(self._scratch)
        # Also where a start fails, or whoever started us only stops.
        self._forget = weakref.finalize(self, shutil.rmtree, folder, ignore_errors=True)
        if programs.user is not None:
            os.chown(folder, programs.user, programs.user)
        data = self._kept or folder / "data"
        own_folder(data, programs.user)
        environment = {"LC_ALL": "C", "PATH": os.environ.get("PATH", os.defpath)}
        if not (data / "PG_VERSION").exists():
            make_cluster(programs, data, environment)
        options = [part for name, value in self._settings.items() for part in ("-c", f"{name}={value}")]
        return ServerProcess(
            command=[str(programs.folder / "postgres"), "-D", str(data), "-k", str(folder), *options],
            log=folder / "server.log",
            stop_signal=signal.SIGINT,
            cwd=folder,
            environment=environment,
            user=programs.user,
            temporary=[folder],
        )

    async def _start_and_wait(self, server: ServerProcess) -> None:
        deadline = time.monotonic() + START_SECONDS
        await server.start()
        while not await answers(self.dsn):
            if time.monotonic() > deadline:
                raise EngineError(f"PostgreSQL did not answer within {START_SECONDS:.0f} s:\n{server.log_tail()}")
            if not server.running:
                # After a kill the old backends may need a moment to notice that they are orphans.
                if "shared memory block" not in server.log_tail(4):
                    raise EngineError(f"PostgreSQL did not start:\n{server.log_tail()}")
                await server.stop()
                await asyncio.sleep(0.2)
                await server.start()
            await asyncio.sleep(0.02)


@asynccontextmanager
async def open_database(url: str | None = None, data_dir: Path | None = None) -> AsyncIterator[str]:
    """The address of a database: `url` (HUB_DATABASE_URL) where one is given, else of a PostgreSQL of our own.

    Where one runs in `data_dir` already it is joined, and goes on running afterwards: whoever started it stops it.
    """
    if url is not None:
        yield url
        return
    server = PostgresServer(data_dir)
    async with alone(data_dir):
        joined = await running_at(data_dir)
        if joined is None:
            await server.start()
    try:
        yield joined or server.dsn
    finally:
        await server.close()
