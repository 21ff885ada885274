"""What a partner agency's software does: get a token, send a message, read the answer."""

from __future__ import annotations

import json
from collections.abc import Mapping
from copy import deepcopy
from dataclasses import dataclass
from typing import Any, Self
from uuid import uuid4

import httpx

from hub.api.examples import RECEIPT, REFERRAL

Json = dict[str, Any]


def referral(**changes: object) -> Json:
    """The example of a referral; `subject__birth={...}` changes what is inside."""
    return _changed(REFERRAL, changes)


def receipt(**changes: object) -> Json:
    """The example of an information receipt, changed likewise."""
    return _changed(RECEIPT, changes)


def _changed(example: Mapping[str, object], changes: Mapping[str, object]) -> Json:
    body: Json = deepcopy(dict(example))
    for path, value in changes.items():
        *outer, last = path.split("__")
        place = body
        for step in outer:
            place = place[step]
        place[last] = value
    return body


@dataclass(frozen=True)
class Sender:
    """An agency's client with its token."""

    client: httpx.AsyncClient
    client_id: str
    secret: str
    token: str

    @classmethod
    async def of(cls, client: httpx.AsyncClient, client_id: str, secret: str) -> Self:
        """The client after it got a token."""
        answer = await client.post("/oauth/token", data={"grant_type": "client_credentials"}, auth=(client_id, secret))
        assert answer.status_code == 200, answer.text
        return cls(client, client_id, secret, answer.json()["access_token"])

    async def post(
        self,
        path: str,
        body: Json | bytes | str,
        *,
        key: str | None = "",
        headers: Mapping[str, str] | None = None,
    ) -> httpx.Response:
        """Send a body. `key`: an empty one is made up, None leaves it out."""
        heads = {"Authorization": f"Bearer {self.token}", "Content-Type": "application/json"}
        if key is not None:
            heads["Idempotency-Key"] = key or str(uuid4())
        content = json.dumps(body).encode() if isinstance(body, dict) else body
        return await self.client.post(path, content=content, headers={**heads, **(headers or {})})

    async def get(self, path: str) -> httpx.Response:
        """Ask for something."""
        return await self.client.get(path, headers={"Authorization": f"Bearer {self.token}"})
