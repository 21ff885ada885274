"""`POST /fhir/$process-message`: the NHS BaRS door. A message Bundle in, an OperationOutcome out (standards.md §3)."""

from __future__ import annotations

import io
import re
from typing import TYPE_CHECKING, Final
from uuid import uuid4

import uuid_utils.compat
from starlette.requests import Request
from starlette.responses import Response

from events.basis import Purpose
from events.referral import Channel
from hub.api.body import whole_body
from hub.api.door import Callers, Waiting, heads_of
from hub.api.messages import decide, told
from hub.api.problems import Problem, fhir_answer, of_bad_input
from hub.arrival import Arrival, Decided
from hub.arrival import Outcome as Ended
from hub.connectors.bars import read_bundle
from hub.connectors.bars_outcome import Outcome, bars_refusal, outcome_of
from hub.connectors.bars_reader import Node, parse_json, parse_xml
from hub.guard import BadInput, check_json
from hub.submission import FileRefused, Refusal

if TYPE_CHECKING:
    from collections.abc import Mapping

    from hub.bootstrap import Hub

_GUID: Final = re.compile(r"[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}")
_KINDS: Final = {
    b"application/fhir+json": "bars-json",
    b"application/json": "bars-json",
    b"application/fhir+xml": "bars-xml",
    b"application/xml": "bars-xml",
    b"text/xml": "bars-xml",
}


class FhirDoor:
    """The endpoint over one hub."""

    def __init__(self, hub: Hub, callers: Callers, waiting: Waiting) -> None:
        self._hub = hub
        self._callers = callers
        self._waiting = waiting

    async def process_message(self, request: Request) -> Response:
        """A referral, its update, or an answer from a health service. Answers once it is durable and decided."""
        heads = heads_of(request)
        ids = _guid(heads, "X-Request-ID"), _guid(heads, "X-Correlation-ID")
        caller = await self._callers.of(heads)
        if Purpose.EARLY_HELP not in caller.agency.purposes:
            raise Problem("scope-missing", f"This door needs the scope purpose:{Purpose.EARLY_HELP}.")
        kind = heads.get(b"content-type", b"").partition(b";")[0].strip().lower()
        if kind not in _KINDS:
            raise Problem("media-type", "Send application/fhir+json or application/fhir+xml.")
        body = await whole_body(request, heads, self._hub.settings.body_limit)
        index, agency, submission_id = self._hub.index, caller.agency.code, uuid_utils.compat.uuid7()
        name = _KINDS[kind]
        tree = _tree(body, name)
        if isinstance(tree, Refusal):
            return fhir_answer(outcome_of(tree, uuid4()), request)
        arrival = Arrival(
            agency=caller.agency,
            actor=caller.client,
            channel=Channel.FHIR,
            format=name,
            submission_id=submission_id,
            correlation_id=submission_id,
            received_at=self._hub.clock(),
            idempotency=index.hex("idempotency", agency, "bars", *ids),
            fingerprint=index.hex("fingerprint", body),
            read=read_bundle(tree, ids[1], self._hub.settings.bars_addresses),
            original=body,
        )
        decided = await decide(self._hub, self._waiting, arrival)
        request.scope["told"] = told(arrival, decided)
        return _answer(arrival, decided, request)


def _guid(heads: Mapping[bytes, bytes], name: str) -> str:
    value = heads.get(name.lower().encode(), b"").decode("latin-1")
    if not value:
        raise Problem("header-missing", f"{name} is required.")
    if not _GUID.fullmatch(value):
        raise Problem("header-malformed", f"{name} must be a GUID.")
    return value.lower()


def _tree(body: bytes, name: str) -> Node | Refusal:
    """The bundle's tree, or why there is none. Then nothing is kept: a body that cannot be read is no submission."""
    try:
        if name == "bars-json":
            check_json(body)
            root = parse_json(io.BytesIO(body))
        else:
            root = parse_xml(io.BytesIO(body))
    except BadInput as fault:
        raise of_bad_input(fault) from None
    except FileRefused as refused:
        return refused.refusal
    if root.get("resourceType") != "Bundle":
        return bars_refusal("REC_BAD_REQUEST", "structure", "The body is not a FHIR Bundle.", "/resourceType")
    return root


def _answer(arrival: Arrival, decided: Decided, request: Request) -> Response:
    headers = {"Location": f"/v1/submissions/{decided.submission_id}", "Cache-Control": "no-store"}
    if decided.outcome is Ended.REFUSED:
        refusal = arrival.read if isinstance(arrival.read, Refusal) else _refusal(decided)
        return fhir_answer(outcome_of(refusal, uuid4()), request, headers)
    if decided.repeated:
        raise Problem("duplicate", "This message was already processed.", headers=headers)
    words = "The message was accepted." if decided.outcome is Ended.ACCEPTED else "A person will look at the message."
    done = Outcome(decided.submission_id, "REC_OK", "informational", words, severity="information")
    return fhir_answer(done, request, headers)


def _refusal(decided: Decided) -> Refusal:
    """A refusal by the hub's own rules, in BaRS's words."""
    if decided.code in {"purpose-not-agreed", "basis-not-agreed"}:
        return Refusal("REC_FORBIDDEN:forbidden", decided.detail or "Not in the sharing agreement.", decided.pointer)
    if decided.code == "case-not-known":
        return Refusal("REC_NOT_FOUND:not-found", "No referral of yours has this correlation id.")
    return Refusal("REC_UNPROCESSABLE_ENTITY:value", decided.detail or "The message was refused.", decided.pointer)
