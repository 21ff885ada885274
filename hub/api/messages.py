"""`POST /v1/referrals` and `POST /v1/receipts`: the canonical JSON of `hub.submission`, one message at a time."""

from __future__ import annotations

import asyncio
import re
from http import HTTPStatus
from typing import TYPE_CHECKING, Final

import orjson
import uuid_utils.compat
from pydantic import ValidationError
from starlette.requests import Request
from starlette.responses import Response

from events.referral import Channel
from hub.api.body import whole_body
from hub.api.door import ANSWER_SECONDS, Caller, Callers, Waiting, heads_of
from hub.api.problems import KINDS, Problem, of_bad_input, of_validation
from hub.arrival import Arrival, Decided, KeyReused, Outcome
from hub.deciders.faults import faults
from hub.guard import BadInput, check_json
from hub.submission import InformationReceipt, Referral, Refusal, Submission
from hub.telemetry import SUBMISSIONS

if TYPE_CHECKING:
    from collections.abc import Mapping

    from hub.bootstrap import Hub

_KEY: Final = re.compile(rb'"([\x20-\x21\x23-\x5b\x5d-\x7e]{1,255})"|([\x21\x23-\x7e][\x21-\x7e]{0,254})')
_FORMAT: Final = "hub-json"


class Messages:
    """The two endpoints over one hub."""

    def __init__(self, hub: Hub, callers: Callers, waiting: Waiting) -> None:
        self._hub = hub
        self._callers = callers
        self._waiting = waiting

    async def send_referral(self, request: Request) -> Response:
        """An agency asks for help for a family. Answers once the referral is durable and decided."""
        return await self._take(request, Referral)

    async def send_receipt(self, request: Request) -> Response:
        """An agency tells something and asks for nothing. Answers once it is durable and decided."""
        return await self._take(request, InformationReceipt)

    async def _take(self, request: Request, shape: type[Submission]) -> Response:
        heads = heads_of(request)
        caller = await self._callers.of(heads)
        caller.may_send()
        key = idempotency_key(heads)
        json_only(heads)
        body = await whole_body(request, heads, self._hub.settings.body_limit)
        submission = read(body, shape)
        if submission.purpose not in caller.agency.purposes:
            raise Problem("scope-missing", "The token is not for this purpose.", errors=[_PURPOSE])
        arrival = self._arrival(caller, key, body, submission)
        decided = await decide(self._hub, self._waiting, arrival)
        request.scope["told"] = told(arrival, decided)
        return answer(decided, submission, caller)

    def _arrival(self, caller: Caller, key: bytes, body: bytes, submission: Submission) -> Arrival:
        index, agency = self._hub.index, caller.agency.code
        submission_id = uuid_utils.compat.uuid7()
        return Arrival(
            agency=caller.agency,
            actor=caller.client,
            channel=Channel.API,
            format=_FORMAT,
            submission_id=submission_id,
            correlation_id=submission_id,
            received_at=self._hub.clock(),
            idempotency=index.hex("idempotency", agency, key),
            fingerprint=index.hex("fingerprint", body),
            read=submission,
            original=body,
        )


_PURPOSE: Final = ("/purpose", "scope-missing", "The token is not for this purpose.")
_CASE: Final = Refusal("case-not-known", KINDS["case-not-known"].meaning, "/source/case_reference")


async def decide(hub: Hub, waiting: Waiting, arrival: Arrival) -> Decided:
    """Intake's answer in time; raises `Problem`."""
    with waiting.place(arrival.agency.code):
        try:
            async with asyncio.timeout(ANSWER_SECONDS):
                decided = await hub.intake.submit(arrival)
        except KeyReused:
            raise Problem("key-reused") from None
    if not decided.repeated:
        SUBMISSIONS.labels(arrival.channel.value, decided.outcome.value).inc()
    return decided


def read(body: bytes, shape: type[Submission]) -> Submission:
    """The submission in a body; raises `Problem`."""
    try:
        check_json(body)
        return shape.model_validate_json(body)
    except BadInput as fault:
        raise of_bad_input(fault) from None
    except ValidationError as failure:
        raise of_validation(failure) from None


def idempotency_key(heads: Mapping[bytes, bytes]) -> bytes:
    """The sender's key, with or without its quotes; raises `Problem`."""
    found = _KEY.fullmatch(heads.get(b"idempotency-key", b"").strip())
    if found is None:
        raise Problem("idempotency-key-missing")
    return found[1] or found[2]


def json_only(heads: Mapping[bytes, bytes]) -> None:
    """Raises `Problem` for any other media type."""
    kind = heads.get(b"content-type", b"").partition(b";")[0].strip().lower()
    if kind != b"application/json":
        raise Problem("media-type", "Send application/json.")


def told(arrival: Arrival, decided: Decided) -> dict[str, object]:
    """What the log line of this request says."""
    return {
        "agency": arrival.agency.code,
        "client": arrival.actor,
        "channel": arrival.channel.value,
        "submission_id": str(decided.submission_id),
        "outcome": decided.outcome.value,
        "repeated": decided.repeated,
    }


def answer(decided: Decided, submission: Submission, caller: Caller) -> Response:
    """The stored outcome; the same bytes for a repeat. Raises `Problem` for a refusal."""
    headers = {"Location": f"/v1/submissions/{decided.submission_id}", "Cache-Control": "no-store"}
    if decided.repeated:
        headers["Idempotency-Replayed"] = "true"
    body: dict[str, object] = {
        "submission_id": str(decided.submission_id),
        "received_at": decided.received_at,
        "outcome": decided.outcome,
    }
    if decided.outcome is Outcome.REFUSED:
        refusal = _refusal(decided, submission, caller)
        code = decided.code if decided.code in KINDS else "refused"
        errors = [(refusal.pointer, decided.code, refusal.detail)] if refusal.pointer else []
        raise Problem(code, refusal.detail, errors=errors, headers=headers, more=body)
    if decided.code:
        body["review"] = decided.code
    return Response(orjson.dumps(body), HTTPStatus.CREATED, headers, "application/json")


def _refusal(decided: Decided, submission: Submission, caller: Caller) -> Refusal:
    """The words of a refusal. The log keeps its code only; the same bytes have the same fault."""
    if decided.detail:
        return Refusal(decided.code, decided.detail, decided.pointer)
    if decided.code == _CASE.code:
        return _CASE
    found = faults(submission, caller.agency, decided.received_at)
    return found if found is not None and found.code == decided.code else Refusal(decided.code, "")
