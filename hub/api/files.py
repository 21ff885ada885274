"""`POST /v1/files/{format}`: an agency's own file, as its own system writes it."""

from __future__ import annotations

from http import HTTPStatus
from typing import TYPE_CHECKING

import orjson
from starlette.requests import Request
from starlette.responses import Response

from events.referral import Channel
from hub.api.body import refuse_by_head, streamed
from hub.api.door import Callers, away, heads_of
from hub.api.messages import idempotency_key
from hub.api.problems import Problem
from hub.arrival import KeyReused, Receipt
from hub.connectors import CONNECTORS, connector_for
from hub.files import REFUSALS_LISTED, Sent
from hub.submission import FileRefused
from hub.telemetry import SUBMISSIONS

if TYPE_CHECKING:
    from hub.bootstrap import Hub


class FileDoor:
    """The endpoint over one hub."""

    def __init__(self, hub: Hub, callers: Callers) -> None:
        self._hub = hub
        self._callers = callers

    async def send_file(self, request: Request) -> Response:
        """A whole file. It is refused whole or decided part by part; sent again, it gets the same answer."""
        heads = heads_of(request)
        caller = await self._callers.of(heads)
        caller.may_send()
        connector = connector_for(request.path_params["format"])
        if connector is None:
            raise Problem("not-found", f"The formats are: {', '.join(CONNECTORS)}.")
        key = idempotency_key(heads).decode("ascii")
        limit = self._hub.settings.file_limit
        refuse_by_head(heads, limit)
        sent = Sent(caller.agency, caller.client, Channel.FILE, connector, key)
        request.scope["told"] = {"agency": caller.agency.code, "client": caller.client, "format": connector.name}
        try:
            receipt = await self._hub.files.take(sent, streamed(request, limit))
        except KeyReused:
            raise Problem("key-reused") from None
        except FileRefused as refused:
            fault = refused.refusal
            errors = [(fault.pointer, fault.code, fault.detail)]
            raise Problem("file-refused", fault.detail, errors=errors) from None
        except Exception as failure:
            if not away(failure):
                raise
            raise Problem("unavailable") from None
        if not receipt.repeated:
            for outcome in ("accepted", "review", "refused"):
                SUBMISSIONS.labels(Channel.FILE.value, outcome).inc(getattr(receipt, outcome))
        request.scope["told"] |= {"outcome": receipt.outcome, "items": receipt.items, "repeated": receipt.repeated}
        return _answer(receipt)


def _answer(receipt: Receipt) -> Response:
    headers = {"Location": f"/v1/submissions/{receipt.submission_id}", "Cache-Control": "no-store"}
    if receipt.repeated:
        headers["Idempotency-Replayed"] = "true"
    body = {
        "submission_id": str(receipt.submission_id),
        "received_at": receipt.received_at,
        "outcome": receipt.outcome,
        "items": receipt.items,
        "accepted": receipt.accepted,
        "review": receipt.review,
        "refused_count": receipt.refused,
        "refused": [
            {"number": number, "code": refusal.code, "detail": refusal.detail, "pointer": refusal.pointer}
            for number, refusal in receipt.refusals[:REFUSALS_LISTED]
        ],
    }
    return Response(orjson.dumps(body), HTTPStatus.CREATED, headers, "application/json")
