"""A bearer token by OAuth 2 client credentials, kept in memory until shortly before it ends."""

from __future__ import annotations

import time
from http import HTTPStatus
from typing import Final

import httpx
from pydantic import BaseModel, ValidationError

from hub.client.answer import Later
from hub.client.credentials import Credentials

_RENEW_BEFORE_SECONDS: Final = 10.0


class NoToken(Exception):
    """The hub gives none; `later` says why."""

    def __init__(self, later: Later) -> None:
        super().__init__(later.reason)
        self.later = later


class _Answer(BaseModel):
    access_token: str
    expires_in: float


class TokenSource:
    """See the module."""

    def __init__(self, http: httpx.AsyncClient, url: str, credentials: Credentials) -> None:
        self._http = http
        self._url = url
        self._credentials = credentials
        self._token = ""
        self._until = 0.0

    def forget(self) -> None:
        """The next call fetches a new one."""
        self._until = 0.0

    async def bearer(self) -> str:
        """The token. Raises `NoToken`, `httpx.RequestError`."""
        if time.monotonic() < self._until:
            return self._token
        secret = self._credentials.client_secret.get_secret_value()
        response = await self._http.post(
            f"{self._url}/oauth/token",
            data={"grant_type": "client_credentials"},
            auth=httpx.BasicAuth(self._credentials.client_id, secret),
        )
        token = _read(response)
        early = min(_RENEW_BEFORE_SECONDS, token.expires_in / 2)
        self._token, self._until = token.access_token, time.monotonic() + token.expires_in - early
        return self._token


def _read(response: httpx.Response) -> _Answer:
    try:
        return _Answer.model_validate_json(response.raise_for_status().content)
    except httpx.HTTPStatusError:
        ours = response.status_code in (HTTPStatus.BAD_REQUEST, HTTPStatus.UNAUTHORIZED, HTTPStatus.FORBIDDEN)
        said = "the hub does not accept these credentials" if ours else "the hub issues no token now"
        raise NoToken(Later(said, everything=True, hopeless=ours)) from None
    except ValidationError:
        raise NoToken(Later("the address does not answer like a hub", everything=True, hopeless=True)) from None
