"""`hub serve`: the web application on a port until told to stop, then drained within 15 seconds."""

from __future__ import annotations

import asyncio
import signal
import socket
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Final

import structlog
import uvicorn

from events.durability import require_durable_postgres
from hub.api.app import create_app
from hub.api.protocol import GuardedProtocol

if TYPE_CHECKING:
    from hub.bootstrap import Hub

log = structlog.get_logger()

DRAIN_SECONDS: Final = 12
_MOST_CONNECTIONS: Final = 1_000
_BACKLOG: Final = 1_024


class _Server(uvicorn.Server):
    """Says when it is up; without uvicorn's signal handling, which raises the signal again after a clean stop."""

    def __init__(self, config: uvicorn.Config) -> None:
        super().__init__(config)
        self.up = asyncio.Event()

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        await super().startup(sockets)
        self.up.set()

    @contextmanager
    def capture_signals(self) -> Iterator[None]:
        yield


async def serve(
    hub: Hub,
    *,
    stop: asyncio.Event | None = None,
    listening: socket.socket | None = None,
    started: Callable[[str], None] | None = None,
) -> None:
    """Serve until `stop` is set; without one, until SIGTERM or SIGINT.

    `listening` is a socket to serve on instead of the settings' host and port. `started` gets the address once it
    answers. Raises `DataAtRisk` on a PostgreSQL that may lose what it acknowledges, `OSError` on a port in use.
    """
    async with hub.pool.acquire() as connection:
        await require_durable_postgres(connection)
    server = _Server(_config(hub))
    own = listening or listen(hub.settings.host, hub.settings.port)
    stopping = stop or _signalled()
    running = asyncio.create_task(server.serve(sockets=[own]))
    waiting = asyncio.create_task(_until(server.up, stopping, address_of(own), started))
    try:
        await asyncio.wait({running, waiting}, return_when=asyncio.FIRST_COMPLETED)
    finally:
        server.should_exit = True
        waiting.cancel()
        await running
        own.close()
        log.info("stopped serving")


async def _until(up: asyncio.Event, stop: asyncio.Event, address: str, started: Callable[[str], None] | None) -> None:
    await up.wait()
    log.info("serving", address=address)
    if started is not None:
        started(address)
    await stop.wait()


def listen(host: str, port: int, *, shared: bool = False) -> socket.socket:
    """A listening socket; `shared` lets several processes listen on one port."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    opened = socket.socket(family, socket.SOCK_STREAM)
    opened.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    if shared:
        opened.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEPORT, 1)
    try:
        opened.bind((host, port))
        opened.listen(_BACKLOG)
    except OSError:
        opened.close()
        raise
    opened.settimeout(0)
    return opened


def address_of(listening: socket.socket) -> str:
    """Its address as a URL."""
    host, port = listening.getsockname()[:2]
    return f"http://[{host}]:{port}" if ":" in host else f"http://{host}:{port}"


def _config(hub: Hub) -> uvicorn.Config:
    return uvicorn.Config(
        create_app(hub),
        http=GuardedProtocol,
        ws="none",
        lifespan="off",
        log_config=None,
        access_log=False,
        proxy_headers=False,
        server_header=False,
        limit_concurrency=_MOST_CONNECTIONS,
        timeout_keep_alive=30,
        timeout_graceful_shutdown=DRAIN_SECONDS,
    )


def _signalled() -> asyncio.Event:
    stop, loop = asyncio.Event(), asyncio.get_running_loop()
    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, stop.set)
    return stop
