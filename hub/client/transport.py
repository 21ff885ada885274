"""Brings one file to the hub in one streamed request."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable
from datetime import datetime
from http import HTTPStatus
from pathlib import Path
from typing import Final, Protocol

import httpx

from hub.client.answer import Later, Result, meaning
from hub.client.credentials import Credentials
from hub.client.entry import Entry
from hub.client.token import NoToken, TokenSource

TIMEOUT: Final = httpx.Timeout(60.0, connect=10.0, read=300.0)  # the hub answers when the whole file is decided
_PIECE: Final = 256 * 1024


class Hub(Protocol):
    """Delivers one file; never raises for what the network or the hub does."""

    async def deliver(self, entry: Entry, data: Path) -> Result:
        """Send the bytes under the entry's key and say what the answer means."""
        ...


class HttpHub:
    """The hub behind a URL."""

    def __init__(
        self, http: httpx.AsyncClient, url: str, credentials: Credentials, clock: Callable[[], datetime]
    ) -> None:
        self._http = http
        self._url = url
        self._tokens = TokenSource(http, url, credentials)
        self._clock = clock

    async def deliver(self, entry: Entry, data: Path) -> Result:
        """See `Hub`. A token the hub no longer takes is renewed once."""
        try:
            response = await self._post(entry, data)
            if response.status_code == HTTPStatus.UNAUTHORIZED:
                self._tokens.forget()
                response = await self._post(entry, data)
        except NoToken as refused:
            return refused.later
        except httpx.RequestError as failure:
            self._tokens.forget()  # an early 401 can look like a cut connection
            return Later(f"cannot reach the hub ({type(failure).__name__})", everything=True)
        if response.status_code == HTTPStatus.UNAUTHORIZED:
            return Later("the hub does not accept its own token", everything=True, hopeless=True)
        return meaning(response, self._clock())

    async def _post(self, entry: Entry, data: Path) -> httpx.Response:
        headers = {
            "Authorization": f"Bearer {await self._tokens.bearer()}",
            "Content-Length": str(entry.size),
            "Content-Type": entry.route.media_type,
            "Idempotency-Key": f'"{entry.key}"',
        }
        address = f"{self._url}/v1/files/{entry.route.format}"
        return await self._http.post(address, content=_pieces(data), headers=headers)


async def _pieces(data: Path) -> AsyncIterator[bytes]:
    file = await asyncio.to_thread(data.open, "rb")
    with file:
        while piece := await asyncio.to_thread(file.read, _PIECE):
            yield piece
