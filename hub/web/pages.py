"""People's pages: one list of routes. Served without sign-in, so by a server on a loopback address alone."""

from __future__ import annotations

from http import HTTPStatus
from pathlib import Path
from typing import TYPE_CHECKING, Final

from fastapi import APIRouter, FastAPI
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response
from starlette.staticfiles import StaticFiles

from hub.web.consequences import ConsequencesPages
from hub.web.deciding import Decisions
from hub.web.doubts import DoubtPages
from hub.web.errors import error_page
from hub.web.family import FamilyPages
from hub.web.finding import FindPages
from hub.web.forms import Forms
from hub.web.identity import IdentityPages
from hub.web.packs import PackPages
from hub.web.queues import QueuePages
from hub.web.route import PageRoute, from_this_machine
from hub.web.same import SamePages

if TYPE_CHECKING:
    from hub.bootstrap import Hub

STATIC: Final = Path(__file__).parent / "static"
_MACHINES: Final = ("/v1/", "/fhir/", "/oauth/", "/problems", "/health/", "/.well-known/", "/static/")


def add_pages(app: FastAPI, hub: Hub) -> None:
    """Add the pages to the application; the caller has made sure that it listens on a loopback address."""
    router = APIRouter(route_class=PageRoute, include_in_schema=False, default_response_class=Response)
    forms = Forms(hub.index)
    queues, families, packs = QueuePages(hub, forms), FamilyPages(hub), PackPages(hub)
    decisions = Decisions(hub, forms)
    doubts, identity = DoubtPages(hub, decisions), IdentityPages(hub, decisions)
    finding, same = FindPages(hub, forms), SamePages(hub, decisions)
    router.get("/")(queues.start)
    router.get("/queues/{queue}")(queues.show)
    router.post("/queues/{queue}/acknowledge")(queues.acknowledge)
    router.get("/families/{family_id}")(families.show)
    router.get("/doubts")(doubts.list)
    router.api_route("/doubts/{doubt_id}", methods=["GET", "POST"])(doubts.review)
    router.api_route("/identity/decisions/{decision_id}/undo", methods=["GET", "POST"])(identity.undo)
    router.api_route("/people/{person_id}/part", methods=["GET", "POST"])(identity.part)
    router.api_route("/people/{person_id}/same", methods=["GET", "POST"])(finding.person)
    router.api_route("/people/{person_id}/same/{other_id}", methods=["GET", "POST"])(same.people)
    router.api_route("/families/{family_id}/part", methods=["GET", "POST"])(identity.part_family)
    router.api_route("/families/{family_id}/same", methods=["GET", "POST"])(finding.family)
    router.api_route("/families/{family_id}/same/{other_id}", methods=["GET", "POST"])(same.families)
    router.api_route("/families/{family_id}/take-out/{submission_id}", methods=["GET", "POST"])(identity.take_out)
    router.get("/identity/consequences/{event_id}")(ConsequencesPages(hub).show)
    router.get("/packs")(packs.start)
    router.get("/packs/{locality}.pdf")(packs.download)
    router.get("/packs/{locality}")(packs.show)
    app.include_router(router)
    app.mount("/static", StaticFiles(directory=STATIC), name="static")
    _not_found_as_page(app)


def _not_found_as_page(app: FastAPI) -> None:
    """A browser that asks for an address that there is not gets a page; machines get what they got before."""
    before = app.exception_handlers.get(HTTPException)

    async def handle(request: Request, failure: Exception) -> Response:
        status = failure.status_code if isinstance(failure, HTTPException) else 500
        asked_by_person = "text/html" in request.headers.get("accept", "") and from_this_machine(request)
        if asked_by_person and status == HTTPStatus.NOT_FOUND and not request.url.path.startswith(_MACHINES):
            return error_page(status)
        if before is None:
            return Response(status_code=status)
        answer = before(request, failure)
        return await answer if not isinstance(answer, Response) else answer

    app.add_exception_handler(HTTPException, handle)
