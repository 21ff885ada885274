"""The API description (OpenAPI 3.1): what is committed as `openapi.json` and served at /openapi.json."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

import orjson
from fastapi import FastAPI
from fastapi.openapi.utils import get_openapi
from pydantic.json_schema import models_json_schema

from events.basis import Purpose
from hub.api.described_answers import REFUSALS
from hub.api.door import PURPOSE, READ
from hub.connectors import CONNECTORS
from hub.submission import InformationReceipt, Referral

_SCHEMAS: Final = "#/components/schemas/"
_ABOUT: Final = """Partner agencies ask for help for a family, or tell something about one, and see what became of it.

The agency of a submission comes from its token, never from the body. Every message names an `Idempotency-Key` of the
sender's own; a retry with the same key and the same bytes gets the stored answer (`Idempotency-Replayed: true`), even
years later. Errors are problems (RFC 9457) whose `type` is explained at its own address."""

Extra = dict[str, Any]


def body_of(name: str, example: Mapping[str, object]) -> Extra:
    """A JSON body described by one of our models."""
    return {
        "content": {"application/json": {"schema": {"$ref": _SCHEMAS + name}, "example": example}},
        "required": True,
    }


def bytes_of(*kinds: str) -> Extra:
    """A body of bytes as the sender's own system writes them."""
    return {"content": {kind: {"schema": {"type": "string", "format": "binary"}} for kind in kinds}, "required": True}


def form_of(*required: str) -> Extra:
    """A form with these fields, the first of which must be there."""
    fields = {name: {"type": "string"} for name in required}
    schema = {"type": "object", "properties": fields, "required": list(required[:1])}
    return {"content": {"application/x-www-form-urlencoded": {"schema": schema}}, "required": True}


def header(name: str, text: str, **schema: object) -> Extra:
    """A required request header."""
    return _parameter(name, "header", schema) | {"description": text}


def in_path(name: str, **schema: object) -> Extra:
    """A part of the address."""
    return _parameter(name, "path", schema)


def _parameter(name: str, place: str, schema: Extra) -> Extra:
    return {"name": name, "in": place, "required": True, "schema": {"type": "string", **schema}}


KEY: Final = header(
    "Idempotency-Key",
    "The sender's own key for this message: 1 to 255 visible ASCII characters.",
    pattern=r'^("[ !#-\[\]-~]{1,255}"|[!#-~][!-~]{0,254})$',
)
GUIDS: Final = [
    header(name, "A GUID; repeated in the answer.", format="uuid") for name in ("X-Request-ID", "X-Correlation-ID")
]
FORMATS: Final = in_path("format", enum=sorted(CONNECTORS))
SUBMISSION_ID: Final = in_path("submission_id", format="uuid")
SEND: Final = (400, 401, 403, 408, 413, 415, 422, 503)


def description(app: FastAPI) -> Extra:
    """The whole document of an application."""
    document = get_openapi(title="Early Help hub", version="1", description=_ABOUT, routes=app.routes)
    _, schemas = models_json_schema(
        [(Referral, "validation"), (InformationReceipt, "validation")], ref_template=_SCHEMAS + "{model}"
    )
    document["components"] = {
        "schemas": schemas["$defs"],
        "responses": REFUSALS,
        "securitySchemes": {
            "agency": {
                "type": "oauth2",
                "flows": {"clientCredentials": {"tokenUrl": "/oauth/token", "scopes": _scopes()}},
            }
        },
    }
    return document


def _scopes() -> dict[str, str]:
    return {READ: "See what became of the agency's own submissions"} | {
        PURPOSE + purpose: f"Send for the purpose {purpose}" for purpose in Purpose
    }


def text(app: FastAPI) -> bytes:
    """The document as it is committed."""
    return orjson.dumps(description(app), option=orjson.OPT_INDENT_2 | orjson.OPT_SORT_KEYS) + b"\n"
