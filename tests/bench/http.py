"""A lean HTTP client for load: keep-alive connections on bare sockets, so that it costs little beside the server."""

from __future__ import annotations

import asyncio
import re
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from typing import Final, NamedTuple
from uuid import uuid4

import httpx

from hub.bootstrap import open_hub
from tests.bench.filling import SENDER, registered
from tests.bench.ground import Place

_LENGTH: Final = re.compile(rb"\r\ncontent-length: (\d+)\r\n", re.IGNORECASE)


class Answer(NamedTuple):
    """Status, body, and when the last byte was here (of the loop's clock)."""

    status: int
    body: bytes
    at: float


class Connection(asyncio.Protocol):
    """One connection, one request at a time."""

    def __init__(self) -> None:
        self._loop = asyncio.get_running_loop()
        self._transport: asyncio.Transport | None = None
        self._received = bytearray()
        self._answer: asyncio.Future[Answer] | None = None

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        assert isinstance(transport, asyncio.Transport)
        self._transport = transport

    def data_received(self, data: bytes) -> None:
        self._received += data
        end = self._received.find(b"\r\n\r\n")
        if end < 0 or self._answer is None:
            return
        length = _LENGTH.search(self._received, 0, end + 2)
        whole = end + 4 + (int(length[1]) if length else 0)
        if len(self._received) >= whole:
            answer, self._answer = self._answer, None
            status = int(self._received[9:12])
            body = bytes(self._received[end + 4 : whole])
            del self._received[:whole]
            answer.set_result(Answer(status, body, self._loop.time()))

    def connection_lost(self, exc: Exception | None) -> None:
        if self._answer is not None and not self._answer.done():
            self._answer.set_exception(exc or ConnectionError("closed by the server"))

    async def send(self, request: bytes) -> Answer:
        """The answer to a whole request."""
        assert self._transport is not None
        self._answer = self._loop.create_future()
        self._transport.write(request)
        return await self._answer

    def close(self) -> None:
        """Hang up."""
        if self._transport is not None:
            self._transport.close()


@asynccontextmanager
async def connections(port: int, count: int) -> AsyncIterator[list[Connection]]:
    """That many open connections to the server."""
    loop = asyncio.get_running_loop()
    opened = [(await loop.create_connection(Connection, "127.0.0.1", port))[1] for _ in range(count)]
    try:
        yield opened
    finally:
        for connection in opened:
            connection.close()


async def token(place: Place) -> str:
    """An access token of the invented school, by client credentials over HTTP."""
    async with open_hub(place.settings()) as hub:
        await registered(hub)
        secret = await hub.agencies.issue_credentials(SENDER)
    async with httpx.AsyncClient() as http:
        answer = await http.post(
            f"http://127.0.0.1:{place.port}/oauth/token", data={"grant_type": "client_credentials"}, auth=secret
        )
        return str(answer.raise_for_status().json()["access_token"])


def head(path: str, bearer: str, kind: str, length: int) -> bytes:
    """The head of a request, under an idempotency key of its own."""
    lines: Sequence[str] = (
        f"POST {path} HTTP/1.1",
        "Host: 127.0.0.1",
        f"Authorization: Bearer {bearer}",
        f"Content-Type: {kind}",
        f"Content-Length: {length}",
        f"Idempotency-Key: {uuid4()}",
    )
    return "\r\n".join((*lines, "", "")).encode()


def referral(body: bytes, bearer: str) -> bytes:
    """A whole request to `POST /v1/referrals`."""
    return head("/v1/referrals", bearer, "application/json", len(body)) + body
