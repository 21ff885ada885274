"""The outermost layer of the web application: ids that tie log lines together, one line and one count per request.

Pure ASGI, because it runs on every request. A request's own id is kept if it is a UUID and made otherwise: whatever
else a client chooses to write there would end in our logs.
"""

from __future__ import annotations

import re
from functools import lru_cache
from time import perf_counter
from typing import TYPE_CHECKING, Final
from uuid import uuid4

import structlog
from prometheus_client import Counter, Histogram
from starlette.requests import ClientDisconnect, Request

from hub.api.door import away
from hub.api.problems import Problem, answer
from hub.telemetry import REQUESTS, SECONDS, TURNED_AWAY

if TYPE_CHECKING:
    from starlette.types import ASGIApp, Message, Receive, Scope, Send

log = structlog.get_logger()

_UUID: Final = re.compile(rb"[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}")
_TRACE: Final = re.compile(rb"[0-9a-f]{2}-([0-9a-f]{32})-([0-9a-f]{16})-[0-9a-f]{2}(-.*)?", re.DOTALL)
_QUIET: Final = frozenset({"/health/live", "/health/ready", "/metrics"})
_GONE: Final = 499  # the sender hung up before an answer
_NONE: Final = frozenset({b"0" * 32, b"0" * 16})
_SAFE: Final = [(b"x-content-type-options", b"nosniff"), (b"referrer-policy", b"no-referrer")]


class Watched:
    """ASGI middleware; see the module. Exceptions end here as a problem without their text."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        started, status, failure = perf_counter(), 0, None
        scope["request_id"], scope["trace_id"] = request_id, _ = _ids(scope)

        async def watched(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = int(message["status"])
                headers = message["headers"]
                if not any(name == b"x-request-id" for name, _ in headers):
                    headers.append((b"x-request-id", request_id.encode()))
                headers.extend(_SAFE)
            await send(message)

        try:
            await self._app(scope, receive, watched)
        except ClientDisconnect:
            status = _GONE
        except Exception as caught:  # noqa: BLE001 - logged below, and answered
            failure = caught
            if not status:
                response = answer(_problem(caught), Request(scope))
                await response(scope, receive, watched)
        finally:
            _tell(scope, status, perf_counter() - started, failure)


def _problem(failure: Exception) -> Problem:
    """The database may go away under any request, also while the sender is being looked up."""
    if not away(failure):
        return Problem("failed")
    TURNED_AWAY.labels("unavailable").inc()
    return Problem("unavailable")


def _ids(scope: Scope) -> tuple[str, str]:
    request_id = trace_id = ""
    for name, value in scope["headers"]:
        if name == b"x-request-id" and _UUID.fullmatch(value):
            request_id = value.decode().lower()
        elif name == b"traceparent":
            found = _TRACE.fullmatch(value)
            if found and not _NONE & {found[1], found[2]} and value[:2] != b"ff":
                trace_id = found[1].decode()
    return request_id or str(uuid4()), trace_id or uuid4().hex


def _tell(scope: Scope, status: int, seconds: float, failure: Exception | None) -> None:
    route = getattr(scope.get("route"), "path", "unmatched")
    count, timing = _metrics(scope["method"] if route != "unmatched" else "", route, status)
    count.inc()
    timing.observe(seconds)
    if route in _QUIET and failure is None:
        return
    line: dict[str, object] = {
        "request_id": scope["request_id"],
        "trace_id": scope["trace_id"],
        "method": scope["method"],
        "route": route,
        "status": status,
        "ms": round(seconds * 1_000, 1),
        **scope.get("told", {}),
    }
    if failure is None:
        log.info("request", **line)
    else:
        log.error("request failed", exc_info=failure, **line)


@lru_cache(maxsize=1_024)
def _metrics(method: str, route: str, status: int) -> tuple[Counter, Histogram]:
    return REQUESTS.labels(method, route, str(status)), SECONDS.labels(route)
