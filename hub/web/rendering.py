"""Templates, and the headers under which every page leaves: no caching, no inline script, nothing from elsewhere."""

from __future__ import annotations

import secrets
from functools import cache
from http import HTTPStatus
from typing import Final, TypeVar

from fastapi.responses import HTMLResponse
from jinja2 import ChainableUndefined, ChoiceLoader, Environment, PackageLoader, PrefixLoader
from starlette.responses import Response

from hub.web.letters import shown

R = TypeVar("R", bound=Response)
_POLICY: Final = (
    "default-src 'none'; script-src 'self' 'nonce-{nonce}'; style-src 'self'; img-src 'self'; form-action 'self'; "
    "base-uri 'none'; frame-ancestors 'none'"
)
_HEADERS: Final = {
    "Cache-Control": "no-store",
    "X-Frame-Options": "DENY",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=()",
}


@cache
def environment() -> Environment:
    """Our templates beside GOV.UK's. Those call macros without arguments, hence the chainable undefined."""
    components = PrefixLoader({"govuk_frontend_jinja": PackageLoader("govuk_frontend_jinja")})
    return Environment(
        loader=ChoiceLoader([PackageLoader("hub.web"), components]),
        undefined=ChainableUndefined,
        autoescape=True,
        finalize=shown,
        trim_blocks=True,
        lstrip_blocks=True,
    )


def page(template: str, *, status: int = HTTPStatus.OK, **values: object) -> HTMLResponse:
    """A page. What agencies wrote goes in as values, so it is escaped."""
    nonce = secrets.token_urlsafe(16)
    text = environment().get_template(template).render(cspNonce=nonce, **values)
    return guarded(HTMLResponse(text, int(status)), nonce)


def guarded(response: R, nonce: str = "") -> R:
    """The response with the headers of personal data."""
    response.headers.update(_HEADERS)
    response.headers["Content-Security-Policy"] = _POLICY.format(nonce=nonce or secrets.token_urlsafe(16))
    return response
