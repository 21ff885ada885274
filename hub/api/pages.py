"""Plain pages for partners' developers: the list of documents, and one page for each problem type."""

from __future__ import annotations

from html import escape
from typing import Final

from starlette.requests import Request
from starlette.responses import HTMLResponse, Response

from hub.api.problems import KINDS, Problem

_HEADERS: Final = {"Content-Security-Policy": "default-src 'none'; style-src 'unsafe-inline'; frame-ancestors 'none'"}
_STYLE: Final = "body{font:1.1em/1.5 arial,sans-serif;max-width:44em;margin:2em auto;padding:0 1em}"
_LINKS: Final = {
    "/openapi.json": "API description (OpenAPI 3.1), with examples",
    "/problems": "Every problem type and what to do about it",
    "/.well-known/jwks.json": "Public keys of our access tokens",
    "/health/ready": "Whether the hub can take submissions now",
}


async def show_documents(_: Request) -> Response:
    """Links to what a partner's developer needs."""
    items = "".join(f'<li><a href="{link}">{escape(words)}</a></li>' for link, words in _LINKS.items())
    return _page("For partners' developers", f"<ul>{items}</ul>")


async def show_problems(_: Request) -> Response:
    """All problem types."""
    rows = "".join(
        f'<li><a href="/problems/{code}">{code}</a> ({kind.status}): {escape(kind.title)}</li>'
        for code, kind in KINDS.items()
    )
    return _page("Problem types", f"<ul>{rows}</ul>")


async def show_problem(request: Request) -> Response:
    """What one problem type means."""
    code = request.path_params["code"]
    kind = KINDS.get(code)
    if kind is None:
        raise Problem("not-found")
    again = (
        "Retrying with the same key is right." if kind.status in {408, 500, 503} else "A retry gets the same answer."
    )
    return _page(
        kind.title, f"<p><code>{code}</code>, status {kind.status}</p><p>{escape(kind.meaning)}</p><p>{again}</p>"
    )


def _page(title: str, body: str) -> HTMLResponse:
    head = f'<meta charset="utf-8"><meta name="viewport" content="width=device-width"><title>{escape(title)}</title>'
    page = f'<!doctype html><html lang="en"><head>{head}<style>{_STYLE}</style></head>'
    return HTMLResponse(f"{page}<body><main><h1>{escape(title)}</h1>{body}</main></body></html>", headers=_HEADERS)
