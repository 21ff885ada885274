"""HTTP/1.1 as uvicorn speaks it, with limits on what comes before the body.

Neither uvicorn nor its parser limits headers, and neither minds a client that sends one byte a minute. Both limits hold
before any of our code runs for the request.
"""

from __future__ import annotations

import asyncio
from asyncio.events import TimerHandle
from typing import Any, Final

import orjson
from uvicorn.config import Config
from uvicorn.protocols.http.httptools_impl import STATUS_LINE, HttpToolsProtocol
from uvicorn.server import ServerState

from hub.api.problems import KINDS, PROBLEM_JSON, Problem, described

HEAD_BYTES: Final = 32_768
HEAD_LINES: Final = 100
HEAD_SECONDS: Final = 10.0


class HeadTooLarge(Exception):
    """More header bytes or lines than any of our senders needs."""


class GuardedProtocol(HttpToolsProtocol):
    """One connection; see the module."""

    def __init__(
        self,
        config: Config,
        server_state: ServerState,
        app_state: dict[str, Any],
        _loop: asyncio.AbstractEventLoop | None = None,
    ) -> None:
        super().__init__(config, server_state, app_state, _loop)
        self._in_head = True
        self._head_bytes = 0
        self._head_lines = 0
        self._head_timer: TimerHandle | None = None
        self._refused = "bad-request"

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        super().connection_made(transport)
        self._arm()

    def connection_lost(self, exc: Exception | None) -> None:
        self._disarm()
        super().connection_lost(exc)

    def data_received(self, data: bytes) -> None:
        fresh = not self._in_head
        super().data_received(data)
        if self._in_head and not self.transport.is_closing():
            self._head_bytes += len(data)  # lines that are not whole yet: the parser does not tell of them
            if self._head_bytes > HEAD_BYTES:
                self._refuse("head-too-large")
            elif fresh:
                self._arm()

    def on_message_begin(self) -> None:
        super().on_message_begin()
        self._in_head, self._head_bytes, self._head_lines = True, 0, 0

    def on_url(self, url: bytes) -> None:
        self._count(url)
        super().on_url(url)

    def on_header(self, name: bytes, value: bytes) -> None:
        self._head_lines += 1
        self._count(name + value)
        super().on_header(name, value)

    def on_headers_complete(self) -> None:
        self._in_head, self._head_bytes = False, 0
        self._disarm()
        super().on_headers_complete()

    def send_400_response(self, msg: str) -> None:
        """The problem, though no request was read that could be answered; what the parser says of it stays here."""
        del msg
        body = orjson.dumps(described(Problem(self._refused)))
        head = f"content-type: {PROBLEM_JSON}\r\nconnection: close\r\ncontent-length: {len(body)}\r\n\r\n"
        self.transport.write(STATUS_LINE[KINDS[self._refused].status] + head.encode("ascii") + body)
        self.transport.close()

    def _count(self, part: bytes) -> None:
        self._head_bytes += len(part)
        if self._head_bytes > HEAD_BYTES or self._head_lines > HEAD_LINES:
            self._refused = "head-too-large"
            raise HeadTooLarge  # ends parsing; the caller answers by `send_400_response`

    def _refuse(self, code: str) -> None:
        self._refused = code
        self.send_400_response(code)

    def _arm(self) -> None:
        self._disarm()
        self._head_timer = self.loop.call_later(HEAD_SECONDS, self._too_slow)

    def _disarm(self) -> None:
        if self._head_timer is not None:
            self._head_timer.cancel()
            self._head_timer = None

    def _too_slow(self) -> None:
        if self._in_head and not self.transport.is_closing():
            self._refuse("too-slow")
