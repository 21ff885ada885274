"""Forms that change something: sent from our own page, by the browser it was shown to, once.

Each browser holds a random cookie; a form carries a keyed hash of it, which another site can neither read nor make.
"""

from __future__ import annotations

import hmac
import secrets
from typing import Final

from fastapi import HTTPException, Request, Response
from starlette.datastructures import FormData

from hub.index import Index

_COOKIE: Final = "hub-form"
_MOST_BYTES: Final = 65_536  # 2,000 letters outside ASCII take twelve bytes each in a form
_OWN: Final = frozenset({"same-origin", "none"})


class Forms:
    """Makes and checks the tokens of forms."""

    def __init__(self, index: Index) -> None:
        self._index = index

    def token(self, request: Request) -> tuple[str, str]:
        """The browser's cookie, a new one if it has none, and the token that goes with it."""
        cookie = request.cookies.get(_COOKIE) or secrets.token_urlsafe(24)
        return cookie, self._index.hex("form", cookie)

    def remember(self, request: Request, response: Response, cookie: str) -> None:
        """Give the cookie to a browser that has none."""
        if request.cookies.get(_COOKIE) != cookie:
            secure = request.url.scheme == "https"
            response.set_cookie(_COOKIE, cookie, httponly=True, samesite="strict", secure=secure, path="/")

    async def read(self, request: Request) -> FormData:
        """The form's fields; 403 if it is not one of ours, 413 if it is too long to be one."""
        length = request.headers.get("content-length", "")
        if not length.isdigit() or int(length) > _MOST_BYTES:
            raise HTTPException(413)
        form = await request.form(max_files=0, max_fields=20)
        cookie = request.cookies.get(_COOKIE, "")
        sent = form.get("token")
        genuine = bool(cookie) and isinstance(sent, str) and hmac.compare_digest(sent, self._index.hex("form", cookie))
        if not genuine or request.headers.get("sec-fetch-site", "same-origin") not in _OWN:
            raise HTTPException(403)
        return form
