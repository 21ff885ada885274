"""`POST /oauth/token`: client credentials of an agency for a short-lived token (RFC 6749 §4.4), and the key set.

Answers and errors have the shapes of RFC 6749, because its clients read those.
"""

from __future__ import annotations

import base64
import binascii
from http import HTTPStatus
from typing import TYPE_CHECKING
from urllib.parse import parse_qsl, unquote_plus

import orjson
from starlette.requests import Request
from starlette.responses import Response

from hub.api.body import whole_body
from hub.api.door import heads_of, scopes_of

if TYPE_CHECKING:
    from collections.abc import Mapping

    from hub.agencies import Agencies
    from hub.tokens import Tokens

_FORM_LIMIT = 8_192
_NO_STORE = {"Cache-Control": "no-store", "Pragma": "no-cache"}


class OAuthRefused(Exception):
    """A request for a token is refused: an error code of RFC 6749 §5.2 and a sentence."""

    def __init__(self, error: str, description: str) -> None:
        super().__init__(error)
        self.error = error
        self.description = description


class OAuth:
    """The token endpoint over the register of agencies."""

    def __init__(self, tokens: Tokens, agencies: Agencies) -> None:
        self._tokens = tokens
        self._agencies = agencies

    async def issue_token(self, request: Request) -> Response:
        """A bearer token for an agency's client, of at most five minutes."""
        heads = heads_of(request)
        body = await whole_body(request, heads, _FORM_LIMIT)
        try:
            return await self._issue(heads, body)
        except OAuthRefused as refused:
            status, headers = HTTPStatus.BAD_REQUEST, dict(_NO_STORE)
            if refused.error == "invalid_client":
                status = HTTPStatus.UNAUTHORIZED
                headers["WWW-Authenticate"] = 'Basic realm="early-help-hub"'
            told = {"error": refused.error, "error_description": refused.description}
            return Response(orjson.dumps(told), status, headers, "application/json")

    async def show_keys(self, _: Request) -> Response:
        """The public keys that our tokens are signed with."""
        headers = {"Cache-Control": "public, max-age=300"}
        return Response(orjson.dumps(self._tokens.published()), 200, headers, "application/json")

    async def _issue(self, heads: Mapping[bytes, bytes], body: bytes) -> Response:
        form = _form(heads, body)
        if form.get("grant_type") != "client_credentials":
            raise OAuthRefused("unsupported_grant_type", "Only client_credentials is served.")
        client, secret = _credentials(heads, form)
        known = "\x00" not in client  # which PostgreSQL takes in no text
        agency = await self._agencies.authenticate(client, secret) if known else None
        if agency is None:
            raise OAuthRefused("invalid_client", "The client id or its secret is wrong, or the agency may not send.")
        allowed = scopes_of(agency)
        scopes = frozenset(form.get("scope", "").split()) or allowed
        if not scopes <= allowed:
            raise OAuthRefused("invalid_scope", f"This agency can have: {' '.join(sorted(allowed))}")
        told = {
            "access_token": self._tokens.issue(agency.code, client, scopes),
            "token_type": "Bearer",
            "expires_in": self._tokens.seconds,
            "scope": " ".join(sorted(scopes)),
        }
        return Response(orjson.dumps(told), 200, _NO_STORE, "application/json")


def _form(heads: Mapping[bytes, bytes], body: bytes) -> dict[str, str]:
    if heads.get(b"content-type", b"").partition(b";")[0].strip().lower() != b"application/x-www-form-urlencoded":
        raise OAuthRefused("invalid_request", "Send application/x-www-form-urlencoded.")
    try:
        pairs = parse_qsl(body.decode("ascii"), keep_blank_values=True, errors="strict", max_num_fields=20)
    except ValueError:
        raise OAuthRefused("invalid_request", "The form cannot be read.") from None
    form = dict(pairs)
    if len(form) != len(pairs):
        raise OAuthRefused("invalid_request", "A field occurs twice.")
    return form


def _credentials(heads: Mapping[bytes, bytes], form: Mapping[str, str]) -> tuple[str, str]:
    kind, _, told = heads.get(b"authorization", b"").partition(b" ")
    if not told:
        if not form.get("client_id") or not form.get("client_secret"):
            raise OAuthRefused("invalid_client", "Send the client id and secret by HTTP Basic or in the form.")
        return form["client_id"], form["client_secret"]
    if kind.lower() != b"basic" or "client_secret" in form:
        raise OAuthRefused("invalid_request", "Send the client's credentials in one way.")
    try:
        client, found, secret = base64.b64decode(told.strip(), validate=True).decode("utf-8").partition(":")
    except (binascii.Error, UnicodeDecodeError):
        raise OAuthRefused("invalid_client", "The credentials cannot be read.") from None
    if not found:
        raise OAuthRefused("invalid_client", "The credentials cannot be read.")
    return unquote_plus(client), unquote_plus(secret)
