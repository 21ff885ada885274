"""The web application over one hub: every route of the API in one list, and what becomes of errors."""

from __future__ import annotations

import ipaddress
from collections.abc import Awaitable, Callable
from functools import cache
from typing import TYPE_CHECKING, Any, Final

from fastapi import FastAPI
from fastapi.routing import APIRoute
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import request_response

from hub.api import examples, pages
from hub.api.described_answers import answers, fhir_answers
from hub.api.description import FORMATS, GUIDS, KEY, SEND, SUBMISSION_ID, body_of, bytes_of, form_of, text
from hub.api.door import Callers, Waiting
from hub.api.fhir import FhirDoor
from hub.api.files import FileDoor
from hub.api.health import Health
from hub.api.messages import Messages
from hub.api.oauth import OAuth
from hub.api.outcomes import Outcomes
from hub.api.problems import Problem, answer
from hub.api.watch import Watched
from hub.connectors import CONNECTORS
from hub.tokens import Tokens, signing_key

if TYPE_CHECKING:
    from hub.bootstrap import Hub
    from hub.settings import Settings

Endpoint = Callable[[Request], Awaitable[Response]]
_OF_STATUS: Final = {404: "not-found", 405: "method-not-allowed", 406: "not-acceptable", 415: "media-type"}


class PlainRoute(APIRoute):
    """A route whose endpoint takes the request and gives the response, with nothing in between.

    Dependencies, exit stacks and response models are a third of a referral's cost at the door, and we use none of them.
    """

    def __init__(self, path: str, endpoint: Endpoint, **options: Any) -> None:  # noqa: ANN401 - FastAPI's own
        super().__init__(path, endpoint, **options)
        self.app = request_response(endpoint)


class PagesNotAllowed(Exception):
    """Pages without sign-in are for `hub demo` on a loopback address alone."""


def create_app(hub: Hub) -> FastAPI:
    """The application; raises `PagesNotAllowed`."""
    app = FastAPI(docs_url=None, redoc_url=None, openapi_url=None, redirect_slashes=False)
    app.state.hub = hub
    app.add_middleware(Watched)
    app.add_exception_handler(Problem, _problem)
    app.add_exception_handler(HTTPException, _http)
    tokens = Tokens(
        signing_key(hub.settings.key_dir / "tokens.key"),
        hub.settings.public_url,
        hub.settings.token_seconds,
        hub.clock,
    )
    callers, waiting = Callers(tokens, hub.agencies), Waiting()
    _sending(app, Messages(hub, callers, waiting), FileDoor(hub, callers), FhirDoor(hub, callers, waiting))
    _asking(app, Outcomes(hub, callers), OAuth(tokens, hub.agencies))
    _running(app, Health(hub))
    _pages(app, hub)
    return app


def _sending(app: FastAPI, messages: Messages, files: FileDoor, fhir: FhirDoor) -> None:
    secured: dict[str, Any] = {"security": [{"agency": []}]}
    taken = answers(201, "Durable and decided", examples.TAKEN, *SEND)
    referral = {"requestBody": body_of("Referral", examples.REFERRAL), "parameters": [KEY], **secured}
    receipt = {"requestBody": body_of("InformationReceipt", examples.RECEIPT), "parameters": [KEY], **secured}
    kinds = sorted({connector.media_type for connector in CONNECTORS.values()})
    file = {"requestBody": bytes_of(*kinds), "parameters": [KEY, FORMATS], **secured}
    bundle = {"requestBody": bytes_of("application/fhir+json", "application/fhir+xml"), "parameters": GUIDS, **secured}
    sent = answers(201, "Every part is decided", examples.FILE_RECEIPT, 404, *SEND)
    outcome = fhir_answers("Durable and decided", 409, *SEND)
    _route(app, "POST", "/v1/referrals", messages.send_referral, referral | {"responses": taken})
    _route(app, "POST", "/v1/receipts", messages.send_receipt, receipt | {"responses": taken})
    _route(app, "POST", "/v1/files/{format}", files.send_file, file | {"responses": sent})
    _route(app, "POST", "/fhir/$process-message", fhir.process_message, bundle | {"responses": outcome})


def _asking(app: FastAPI, outcomes: Outcomes, oauth: OAuth) -> None:
    became = answers(200, "What became of it", examples.BECAME, 401, 403, 404)
    known = {"parameters": [SUBMISSION_ID], "security": [{"agency": []}], "responses": became}
    issued = answers(200, "A bearer token", examples.TOKEN, 400, 401, refused="OAuthError")
    form = {"requestBody": form_of("grant_type", "scope", "client_id", "client_secret"), "responses": issued}
    _route(app, "GET", "/v1/submissions/{submission_id}", outcomes.show_submission, known)
    _route(app, "POST", "/oauth/token", oauth.issue_token, form)
    _route(app, "GET", "/.well-known/jwks.json", oauth.show_keys, {})


def _running(app: FastAPI, health: Health) -> None:
    _route(app, "GET", "/health/live", health.live, None)
    _route(app, "GET", "/health/ready", health.ready, None)
    _route(app, "GET", "/metrics", health.metrics, None)
    _route(app, "GET", "/docs", pages.show_documents, None)
    _route(app, "GET", "/problems", pages.show_problems, None)
    _route(app, "GET", "/problems/{code}", pages.show_problem, None)
    described = cache(lambda: text(app))

    async def show_description(_: Request) -> Response:
        return Response(described(), 200, {"Cache-Control": "no-cache"}, "application/json")

    _route(app, "GET", "/openapi.json", show_description, None)


def _route(app: FastAPI, method: str, path: str, endpoint: Endpoint, extra: dict[str, Any] | None) -> None:
    """One route, in the API description if it has something to add to it."""
    summary, _, more = (endpoint.__doc__ or "").partition(". ")
    app.router.add_api_route(
        path,
        endpoint,
        methods=[method],
        response_class=Response,
        response_model=None,
        include_in_schema=extra is not None,
        openapi_extra=extra,
        summary=summary,
        description=more,
        operation_id=endpoint.__name__,
        route_class_override=PlainRoute,
    )


def _pages(app: FastAPI, hub: Hub) -> None:
    """People's pages, where they may be served without sign-in."""
    if not hub.settings.pages_without_sign_in:
        return
    if not on_loopback(hub.settings):
        raise PagesNotAllowed
    from hub.web.pages import add_pages  # noqa: PLC0415 - templates and PDF are loaded by the demo alone

    add_pages(app, hub)


def on_loopback(settings: Settings) -> bool:
    """Whether nobody but this machine can knock."""
    try:
        return ipaddress.ip_address(settings.host).is_loopback
    except ValueError:
        return settings.host == "localhost"


async def _problem(request: Request, problem: Exception) -> Response:
    return answer(problem if isinstance(problem, Problem) else Problem("failed"), request)


async def _http(request: Request, failure: Exception) -> Response:
    status = failure.status_code if isinstance(failure, HTTPException) else 500
    return answer(Problem(_OF_STATUS.get(status, "bad-request")), request)
