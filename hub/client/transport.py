"""Talks to the hub: a token by OAuth 2 client credentials, and one file in one streamed request."""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator, Callable
from datetime import datetime
from http import HTTPStatus
from pathlib import Path
from typing import Final, Protocol

import httpx
from pydantic import BaseModel, ValidationError

from hub.client.answer import Later, Result, meaning
from hub.client.credentials import Credentials
from hub.client.entry import Entry

TIMEOUT: Final = httpx.Timeout(60.0, connect=10.0, read=300.0)  # the hub answers when the whole file is decided
_PIECE: Final = 256 * 1024
_RENEW_BEFORE_SECONDS: Final = 10.0


class Hub(Protocol):
    """Delivers one file; never raises for what the network or the hub does."""

    async def deliver(self, entry: Entry, data: Path) -> Result:
        """Send the bytes under the entry's key and say what the answer means."""
        ...


class _Token(BaseModel):
    access_token: str
    expires_in: float


class _NoToken(Exception):
    def __init__(self, later: Later) -> None:
        super().__init__(later.reason)
        self.later = later


class HttpHub:
    """The hub behind a URL; the token is kept in memory alone."""

    def __init__(
        self, http: httpx.AsyncClient, url: str, credentials: Credentials, clock: Callable[[], datetime]
    ) -> None:
        self._http = http
        self._url = url
        self._credentials = credentials
        self._clock = clock
        self._token = ""
        self._token_until = 0.0

    async def deliver(self, entry: Entry, data: Path) -> Result:
        """See `Hub`. A token the hub no longer takes is renewed once."""
        try:
            response = await self._post(entry, data)
            if response.status_code == HTTPStatus.UNAUTHORIZED:
                self._token_until = 0.0
                response = await self._post(entry, data)
        except _NoToken as refused:
            return refused.later
        except httpx.RequestError as failure:
            self._token_until = 0.0  # an early 401 can look like a cut connection
            return Later(f"cannot reach the hub ({type(failure).__name__})", everything=True)
        if response.status_code == HTTPStatus.UNAUTHORIZED:
            return Later("the hub does not accept its own token", everything=True, hopeless=True)
        return meaning(response, self._clock())

    async def _post(self, entry: Entry, data: Path) -> httpx.Response:
        headers = {
            "Authorization": f"Bearer {await self._bearer()}",
            "Content-Length": str(entry.size),
            "Content-Type": entry.route.media_type,
            "Idempotency-Key": f'"{entry.key}"',
        }
        address = f"{self._url}/v1/files/{entry.route.format}"
        return await self._http.post(address, content=_pieces(data), headers=headers)

    async def _bearer(self) -> str:
        if time.monotonic() < self._token_until:
            return self._token
        secret = self._credentials.client_secret.get_secret_value()
        response = await self._http.post(
            f"{self._url}/oauth/token",
            data={"grant_type": "client_credentials"},
            auth=httpx.BasicAuth(self._credentials.client_id, secret),
        )
        try:
            token = _Token.model_validate_json(response.raise_for_status().content)
        except httpx.HTTPStatusError:
            ours = response.status_code in (HTTPStatus.BAD_REQUEST, HTTPStatus.UNAUTHORIZED, HTTPStatus.FORBIDDEN)
            said = "the hub does not accept these credentials" if ours else "the hub issues no token now"
            raise _NoToken(Later(said, everything=True, hopeless=ours)) from None
        except ValidationError:
            raise _NoToken(Later("the address does not answer like a hub", everything=True, hopeless=True)) from None
        self._token = token.access_token
        early = min(_RENEW_BEFORE_SECONDS, token.expires_in / 2)
        self._token_until = time.monotonic() + token.expires_in - early
        return self._token


async def _pieces(data: Path) -> AsyncIterator[bytes]:
    file = await asyncio.to_thread(data.open, "rb")
    with file:
        while piece := await asyncio.to_thread(file.read, _PIECE):
            yield piece
