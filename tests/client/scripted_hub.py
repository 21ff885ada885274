"""A real HTTP server in a thread that answers uploads by a script, and remembers every byte it was sent."""

from __future__ import annotations

import asyncio
import base64
import socket
import threading
from collections.abc import Awaitable, Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Final
from urllib.parse import parse_qs
from uuid import NAMESPACE_OID, uuid5

import orjson
import uvicorn
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

CLIENT: Final = ("invented-school", "not-a-real-secret")


@dataclass(frozen=True, slots=True)
class Upload:
    """One request that brought a whole file."""

    path: str
    headers: dict[str, str]
    body: bytes

    @property
    def key(self) -> str:
        return self.headers["idempotency-key"]


Answer = Callable[["ScriptedHub", Upload], Awaitable[Response]]


def receipt(key: str, **changes: object) -> Response:
    """A hub's receipt: the same for the same key."""
    told: dict[str, object] = {
        "submission_id": str(uuid5(NAMESPACE_OID, key)),
        "received_at": "2026-09-14T08:30:00Z",
        "outcome": "accepted",
        "items": 2,
        "accepted": 2,
        "review": 0,
        "refused": [],
        "something_new": True,
    }
    return Response(orjson.dumps(told | changes), 201, media_type="application/json")


async def accept(_hub: ScriptedHub, upload: Upload) -> Response:
    return receipt(upload.key)


def answer(status: int, body: bytes = b"", **headers: str) -> Answer:
    """An answer of that status; header names with `_` for `-`."""

    async def answered(_hub: ScriptedHub, _upload: Upload) -> Response:
        return Response(body, status, {name.replace("_", "-"): value for name, value in headers.items()})

    return answered


def problem(status: int, code: str, detail: str, **headers: str) -> Answer:
    errors = [{"pointer": "/CTfile/Header", "code": "no-header", "detail": "There is no header."}]
    told = {"type": f"/problems/{code}", "title": "No", "status": status, "detail": detail, "errors": errors}
    body = orjson.dumps(told)
    return answer(status, body, content_type="application/problem+json", **headers)


async def hang(hub: ScriptedHub, upload: Upload) -> Response:
    """Take the file, and answer only when the test says so: by then the sender may be dead."""
    hub.hanging.set()
    await asyncio.to_thread(hub.go_on.wait)
    return receipt(upload.key)


@dataclass(slots=True)
class ScriptedHub:
    """Answers uploads with `script` in order, then accepts."""

    script: list[Answer] = field(default_factory=list)
    uploads: list[Upload] = field(default_factory=list)
    token_status: int = 200
    tokens_issued: int = 0
    tokens_revoked: int = 0
    token_seconds: float = 300
    url: str = ""
    hanging: threading.Event = field(default_factory=threading.Event)
    go_on: threading.Event = field(default_factory=threading.Event)

    @property
    def effects(self) -> dict[str, bytes]:
        """What a hub that honours keys would have acted on."""
        return {upload.key: upload.body for upload in self.uploads}

    async def token(self, request: Request) -> Response:
        basic = "Basic " + base64.b64encode(":".join(CLIENT).encode()).decode()
        form = parse_qs((await request.body()).decode())
        if self.token_status != 200 or request.headers.get("authorization") != basic:
            return Response(b"{}", self.token_status if self.token_status != 200 else 401)
        assert form == {"grant_type": ["client_credentials"]}
        self.tokens_issued += 1
        told = {"access_token": f"token-{self.tokens_issued}", "expires_in": self.token_seconds, "token_type": "Bearer"}
        return Response(orjson.dumps(told), media_type="application/json")

    async def file(self, request: Request) -> Response:
        if request.headers.get("authorization") != f"Bearer token-{max(self.tokens_issued, self.tokens_revoked + 1)}":
            return Response(b"", 401)
        upload = Upload(request.url.path, dict(request.headers), await request.body())
        self.uploads.append(upload)
        step = self.script.pop(0) if self.script else accept
        return await step(self, upload)


@contextmanager
def running(hub: ScriptedHub) -> Iterator[ScriptedHub]:
    """Serve it on a free port of this machine."""
    routes = [
        Route("/oauth/token", hub.token, methods=["POST"]),
        Route("/v1/files/{format}", hub.file, methods=["POST"]),
    ]
    listener = socket.socket()
    listener.bind(("127.0.0.1", 0))
    config = uvicorn.Config(Starlette(routes=routes), log_level="warning", lifespan="off", timeout_graceful_shutdown=1)
    server = uvicorn.Server(config)
    thread = threading.Thread(target=server.run, kwargs={"sockets": [listener]})
    thread.start()
    hub.url = f"http://127.0.0.1:{listener.getsockname()[1]}"
    try:
        yield hub
    finally:
        hub.go_on.set()
        server.should_exit = True
        thread.join()
        listener.close()
