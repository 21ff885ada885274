"""What the hub's answer means: sent, refused for good, or try later."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from http import HTTPStatus
from typing import Final

import httpx
from pydantic import ValidationError

from hub.client.backoff import retry_after
from hub.client.entry import Problem, Receipt

_LATER: Final = frozenset({HTTPStatus.REQUEST_TIMEOUT, HTTPStatus.TOO_EARLY, HTTPStatus.TOO_MANY_REQUESTS})
_BUSY: Final = frozenset({HTTPStatus.TOO_MANY_REQUESTS, HTTPStatus.SERVICE_UNAVAILABLE})


@dataclass(frozen=True, slots=True)
class Later:
    """Not delivered; the file stays in the spool.

    `reason` is for people. `everything`: other files would fare no better now. `hopeless`: waiting will not mend it.
    """

    reason: str
    asked: float | None = None
    everything: bool = False
    hopeless: bool = False


Result = Receipt | Problem | Later


def meaning(response: httpx.Response, now: datetime) -> Result:
    """Only a well-formed answer of a hub ends a file's wait: an error page of a proxy or a login page never does."""
    status = response.status_code
    asked = retry_after(response.headers.get("Retry-After"), now)
    if status in _LATER or status >= HTTPStatus.INTERNAL_SERVER_ERROR:
        return Later(f"the hub answered {status}", asked, everything=status in _BUSY)
    if status == HTTPStatus.CONFLICT and asked is not None:  # an earlier try of ours is still being decided
        return Later("the hub is still deciding an earlier try", asked)
    try:
        if status in (HTTPStatus.OK, HTTPStatus.CREATED):
            return Receipt.model_validate_json(response.content)
        if response.headers.get("Content-Type", "").startswith("application/problem+json"):
            return Problem.model_validate_json(response.content)
    except ValidationError:
        pass
    return Later(f"the address does not answer like a hub (status {status})", hopeless=True)
