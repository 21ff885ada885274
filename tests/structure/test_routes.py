"""Every route is on this list with how whoever knocks is known. A new one does not pass until somebody has decided."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Final

import asyncpg
import httpx
import pytest
from fastapi import FastAPI
from fastapi.routing import APIRoute
from starlette.routing import BaseRoute, Mount, Route

from hub.api.app import create_app
from hub.bootstrap import joined
from hub.clock import system_clock
from hub.settings import Settings

TOKEN: Final = "an agency's access token"
CREDENTIALS: Final = "an agency's client id and secret"
NOBODY: Final = "open: no personal data"
MACHINE: Final = "whoever sits at this machine; served by the demo alone"

API: Final = {
    "POST /v1/referrals": TOKEN,
    "POST /v1/receipts": TOKEN,
    "POST /v1/files/{format}": TOKEN,
    "POST /fhir/$process-message": TOKEN,
    "GET /v1/submissions/{submission_id}": TOKEN,
    "POST /oauth/token": CREDENTIALS,
    "GET /.well-known/jwks.json": NOBODY,
    "GET /health/live": NOBODY,
    "GET /health/ready": NOBODY,
    "GET /metrics": NOBODY,
    "GET /docs": NOBODY,
    "GET /problems": NOBODY,
    "GET /problems/{code}": NOBODY,
    "GET /openapi.json": NOBODY,
}
PAGES: Final = {
    "GET /": MACHINE,
    "GET /queues/{queue}": MACHINE,
    "POST /queues/{queue}/acknowledge": MACHINE,
    "GET /families/{family_id}": MACHINE,
    "GET /doubts": MACHINE,
    "GET /doubts/{doubt_id}": MACHINE,
    "POST /doubts/{doubt_id}": MACHINE,
    "GET /identity/decisions/{decision_id}/undo": MACHINE,
    "POST /identity/decisions/{decision_id}/undo": MACHINE,
    "GET /identity/consequences/{event_id}": MACHINE,
    "GET /people/{person_id}/part": MACHINE,
    "POST /people/{person_id}/part": MACHINE,
    "GET /people/{person_id}/same": MACHINE,
    "POST /people/{person_id}/same": MACHINE,
    "GET /people/{person_id}/same/{other_id}": MACHINE,
    "POST /people/{person_id}/same/{other_id}": MACHINE,
    "GET /families/{family_id}/part": MACHINE,
    "POST /families/{family_id}/part": MACHINE,
    "GET /families/{family_id}/same": MACHINE,
    "POST /families/{family_id}/same": MACHINE,
    "GET /families/{family_id}/same/{other_id}": MACHINE,
    "POST /families/{family_id}/same/{other_id}": MACHINE,
    "GET /families/{family_id}/take-out/{submission_id}": MACHINE,
    "POST /families/{family_id}/take-out/{submission_id}": MACHINE,
    "GET /packs": MACHINE,
    "GET /packs/{locality}": MACHINE,
    "GET /packs/{locality}.pdf": MACHINE,
    "GET /static": NOBODY,
}


def routes_of(app: FastAPI) -> Iterator[str]:
    """`METHOD /path` of every route, whatever it was added with."""
    for found in app.router.routes:
        yield from _named(found)


def _named(found: BaseRoute) -> Iterator[str]:
    match found:
        case APIRoute() | Route():
            yield from (f"{method} {found.path}" for method in sorted(found.methods or ()) if method != "HEAD")
        case Mount():
            yield f"GET {found.path}"
        case _:
            inner = getattr(getattr(found, "original_router", None), "routes", None)
            assert inner is not None, f"a kind of route this test does not know: {found!r}"
            for each in inner:
                yield from _named(each)


def an_app(folder: Path, *, pages: bool) -> FastAPI:
    settings = Settings(data_dir=folder, pages_without_sign_in=pages, host="127.0.0.1")
    return create_app(joined(settings, system_clock, "", asyncpg.create_pool("postgresql://nowhere.invalid")))


async def test_every_route_of_the_api_is_on_the_list(tmp_path: Path) -> None:
    assert sorted(routes_of(an_app(tmp_path, pages=False))) == sorted(API)


async def test_peoples_pages_are_on_the_list_and_nowhere_but_in_the_demo(tmp_path: Path) -> None:
    assert sorted(routes_of(an_app(tmp_path, pages=True))) == sorted(API | PAGES)


@pytest.mark.parametrize("route", [route for route, known_by in API.items() if known_by in {TOKEN, CREDENTIALS}])
async def test_a_route_that_needs_to_know_who_knocks_refuses_whoever_does_not_say(tmp_path: Path, route: str) -> None:
    method, path = route.split(" ")
    transport = httpx.ASGITransport(an_app(tmp_path, pages=False))
    ids = {
        "X-Request-ID": "00000000-0000-4000-8000-00000000000a",
        "X-Correlation-ID": "00000000-0000-4000-8000-00000000000b",
    }
    async with httpx.AsyncClient(transport=transport, base_url="http://hub.invalid") as client:
        form = {"grant_type": "client_credentials"} if path == "/oauth/token" else None
        answer = await client.request(method, path, headers=ids, data=form)
    assert answer.status_code == 401, answer.text
    assert answer.headers["www-authenticate"]
