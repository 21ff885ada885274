"""Every refusal of the HTTP doors by its stable code: RFC 9457 problems, OperationOutcome on the FHIR door.

A problem's `detail` and `errors` help the sender mend the request and never repeat what was sent.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from http import HTTPStatus
from typing import Final
from uuid import uuid4

import orjson
from pydantic import ValidationError
from starlette.requests import Request
from starlette.responses import Response

from hub.connectors.bars_outcome import Outcome
from hub.guard import BadInput, step

PROBLEM_JSON: Final = "application/problem+json"
FHIR_PREFIX: Final = "/fhir/"


@dataclass(frozen=True, slots=True)
class Kind:
    """One kind of refusal: its HTTP status, what it means and what to do, and its FHIR issue type."""

    status: int
    title: str
    meaning: str
    issue: str = "invalid"


KINDS: Final[Mapping[str, Kind]] = {
    "not-json": Kind(400, "Not JSON", "Send one JSON value in UTF-8.", "structure"),
    "not-utf8": Kind(400, "Not UTF-8", "Send UTF-8 without a byte-order mark.", "structure"),
    "too-deep": Kind(400, "Nested too deeply", "At most 32 levels of objects and lists.", "too-costly"),
    "too-many-nodes": Kind(400, "Too many values", "At most 10,000 values in one message.", "too-costly"),
    "duplicate-key": Kind(400, "Key used twice", "A key occurs once in an object, however it is escaped.", "structure"),
    "lone-surrogate": Kind(400, "Broken character", "Escapes of surrogates come in pairs.", "structure"),
    "number-not-finite": Kind(400, "Not a number", "NaN, Infinity and numbers beyond a double are not JSON.", "value"),
    "number-out-of-range": Kind(422, "Number too long", "Send identifiers as strings, not as numbers.", "value"),
    "bad-request": Kind(400, "Request not understood", "The request itself is malformed."),
    "idempotency-key-missing": Kind(
        400, "Idempotency-Key is missing", "Send a key of your own: a new one for each message, the same for a retry.",
        "required",
    ),
    "header-missing": Kind(400, "A header is missing", "The FHIR door needs both of its id headers.", "required"),
    "header-malformed": Kind(400, "A header is malformed", "The header's value is not of the form required.", "value"),
    "token-missing": Kind(401, "No access token", "Get a token from /oauth/token and send it as a bearer.", "login"),
    "token-refused": Kind(401, "Access token refused", "It is expired, or not one of ours: get a new one.", "login"),
    "scope-missing": Kind(403, "Not allowed by this token", "The token was not issued for this.", "forbidden"),
    "agency-suspended": Kind(403, "Agency suspended", "This agency may not send at present.", "forbidden"),
    "purpose-not-agreed": Kind(
        403, "Purpose not agreed", "The purpose is not in your sharing agreement with the hub.", "forbidden"
    ),
    "basis-not-agreed": Kind(
        403, "Lawful basis not agreed", "The lawful basis is not in your sharing agreement with the hub.", "forbidden"
    ),
    "not-found": Kind(404, "Not found", "There is nothing here, or it is not yours.", "not-found"),
    "method-not-allowed": Kind(405, "Method not allowed", "See the API description for what this path takes."),
    "not-acceptable": Kind(406, "Not acceptable", "The answer cannot be given in that media type.", "not-supported"),
    "too-slow": Kind(408, "Too slow", "The request did not arrive in time. Send it again.", "timeout"),
    "duplicate": Kind(409, "Processed before", "This very message was processed before: do not retry.", "duplicate"),
    "head-too-large": Kind(431, "Headers too large", "At most 32 KiB and 100 lines of headers, the address with them."),
    "too-large": Kind(413, "Too large", "Messages are limited to 1 MiB; larger files go to /v1/files.", "too-long"),
    "media-type": Kind(415, "Media type not supported", "See the API description for what this path takes."),
    "encoded-body": Kind(415, "Encoded body", "Send the body without Content-Encoding.", "not-supported"),
    "not-valid": Kind(422, "Not valid", "The JSON does not fit the schema: each error names its place."),
    "date-in-future": Kind(422, "Date in the future", "It cannot have happened, or been born, yet.", "value"),
    "case-reference-missing": Kind(
        422, "Case reference missing", "A change needs the case reference of what it changes.", "required"
    ),
    "case-not-known": Kind(422, "Case not known", "No referral of yours has this case reference.", "not-found"),
    "refused": Kind(422, "Refused", "The submission was refused by name: see `detail`.", "processing"),
    "file-refused": Kind(422, "File refused", "Nothing of it was taken: see `errors`, mend it, send it anew.", "value"),
    "key-reused": Kind(
        422, "Key used for something else",
        "This key was used before for other bytes. Send a correction under a new key, naming the case it changes.",
        "conflict",
    ),
    "failed": Kind(500, "Our fault", "Something went wrong here. Retrying with the same key is safe.", "exception"),
    "busy": Kind(503, "Busy", "Too much is waiting. Retry after the time given, with the same key.", "throttled"),
    "unavailable": Kind(503, "Unavailable", "The database does not answer. Retry with the same key.", "transient"),
}  # fmt: skip
"""Published at /problems/<code>; a code is never renamed."""

_REC: Final = {
    400: "REC_BAD_REQUEST",
    401: "REC_UNAUTHORIZED",
    403: "REC_FORBIDDEN",
    404: "REC_NOT_FOUND",
    406: "REC_NOT_ACCEPTABLE",
    408: "REC_TIMEOUT",
    409: "REC_CONFLICT",
    422: "REC_UNPROCESSABLE_ENTITY",
    429: "REC_TOO_MANY_REQUESTS",
    503: "REC_UNAVAILABLE",
}


class Problem(Exception):
    """A refusal on its way to the sender. `errors` are (JSON Pointer, code, sentence)."""

    def __init__(
        self,
        code: str,
        detail: str = "",
        *,
        errors: Sequence[tuple[str, str, str]] = (),
        headers: Mapping[str, str] | None = None,
        more: Mapping[str, object] | None = None,
    ) -> None:
        super().__init__(code)
        self.code = code
        self.kind = KINDS[code]
        self.detail = detail or self.kind.meaning
        self.errors = errors
        self.headers = dict(headers or {})
        self.more = dict(more or {})


def of_bad_input(fault: BadInput) -> Problem:
    """What `hub.guard` found, as a problem."""
    errors = [(fault.pointer, fault.code, fault.detail)] if fault.pointer else []
    return Problem(fault.code, fault.detail, errors=errors)


def of_validation(failure: ValidationError) -> Problem:
    """What does not fit the schema, as a problem; values that were sent are not repeated."""
    found = failure.errors(include_url=False, include_context=False, include_input=False)
    errors = [("".join(map(step, error["loc"])), error["type"], error["msg"]) for error in found[:100]]
    return Problem("not-valid", errors=errors, more={"error_count": len(found)})


def answer(problem: Problem, request: Request) -> Response:
    """The response in the terms of the door that was knocked at."""
    if request.url.path.startswith(FHIR_PREFIX):
        return _outcome(problem, request)
    request_id = request.scope.get("request_id", "")
    body = described(problem) | {"request_id": request_id, **problem.more}
    if problem.errors:
        body["errors"] = [{"pointer": place, "code": code, "detail": text} for place, code, text in problem.errors]
    return Response(orjson.dumps(body), problem.kind.status, _headers(problem), PROBLEM_JSON)


def described(problem: Problem) -> dict[str, object]:
    """What RFC 9457 wants said."""
    return {
        "type": f"/problems/{problem.code}",
        "title": problem.kind.title,
        "status": problem.kind.status,
        "detail": problem.detail,
    }


def fhir_answer(outcome: Outcome, request: Request, headers: Mapping[str, str] | None = None) -> Response:
    """An OperationOutcome in the kind that was sent, with the sender's two ids repeated."""
    repeated = {name: request.headers[name] for name in ("x-request-id", "x-correlation-id") if _is_sent(request, name)}
    xml = "xml" in request.headers.get("content-type", "") or "fhir+xml" in request.headers.get("accept", "")
    kind, body = ("application/fhir+xml", outcome.xml()) if xml else ("application/fhir+json", outcome.json())
    status = outcome.status if outcome.severity == "error" else HTTPStatus.OK
    return Response(body, status, {**repeated, **(headers or {})}, kind)


def _is_sent(request: Request, name: str) -> bool:
    value = request.headers.get(name, "")
    return 0 < len(value) <= len(str(uuid4())) and value.isascii() and value.isprintable()


def _outcome(problem: Problem, request: Request) -> Response:
    places = "; ".join(f"{place}: {text}" for place, _, text in problem.errors[:10])
    words = f"{problem.detail} {places}".strip()
    code = _REC.get(problem.kind.status, "REC_BAD_REQUEST" if problem.kind.status < 500 else "REC_SERVER_ERROR")  # noqa: PLR2004
    response = fhir_answer(Outcome(uuid4(), code, problem.kind.issue, words), request, _headers(problem))
    response.status_code = problem.kind.status
    return response


def _headers(problem: Problem) -> dict[str, str]:
    headers = {"Cache-Control": "no-store"} | problem.headers
    if problem.kind.status == HTTPStatus.UNAUTHORIZED:
        headers.setdefault("WWW-Authenticate", 'Bearer realm="early-help-hub"')
    if problem.kind.status == HTTPStatus.SERVICE_UNAVAILABLE:
        headers.setdefault("Retry-After", "2")
    return headers
