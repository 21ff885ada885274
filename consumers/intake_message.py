"""What a partner's Kafka record says of itself: which format its bytes are in, and the sender's own key for it.

For partners: the value is the submission, as over HTTP; `hub-json` names its `kind`. Headers, all visible ASCII:

- `format`: a connector's name, as in `/v1/files/{format}`, or `hub-json`, `bars-json`, `bars-xml`. Without it the last
  part of `ce_type` counts, after `uk.early-help.submission.`, and without that `content-type` (`application/json`,
  `application/fhir+json`, `application/fhir+xml`).
- `idempotency-key`, or `ce_id`: the same key with the same bytes is one submission, by whichever door it comes.

The agency is the topic's, never a header's. Other headers are not read, but a record with any header that is null,
doubled, not UTF-8 or too long is not trusted at all.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType
from typing import Final, Protocol

from hub.connectors import CONNECTORS

HUB_JSON: Final = "hub-json"
BARS: Final = ("bars-json", "bars-xml")
FORMATS: Final = frozenset({HUB_JSON, *BARS, *CONNECTORS})
TYPE_PREFIX: Final = "uk.early-help.submission."
UNKNOWN: Final = "unknown"
_HEADER_BYTES: Final = 16_384
_KEY: Final = re.compile(r"[\x21-\x7e]{1,255}")
_BY_CONTENT_TYPE: Final[Mapping[str, str]] = MappingProxyType(
    {
        "application/json": HUB_JSON,
        "application/fhir+json": "bars-json",
        "application/fhir+xml": "bars-xml",
    }
)


class Incoming(Protocol):
    """A record of an intake topic as the client library gives it."""

    @property
    def topic(self) -> str: ...
    @property
    def partition(self) -> int: ...
    @property
    def offset(self) -> int: ...
    @property
    def value(self) -> bytes | None: ...
    @property
    def headers(self) -> Sequence[tuple[str, bytes | None]]: ...


@dataclass(frozen=True, slots=True)
class Unreadable:
    """A record that the client library could not read: its place is all there is."""

    topic: str
    partition: int
    offset: int
    value: bytes | None = None
    headers: Sequence[tuple[str, bytes | None]] = ()


@dataclass(frozen=True, slots=True)
class IntakeMessage:
    """One record, read as far as it can be. `fault` names why it cannot be taken; `key` is then its own place."""

    place: str
    body: bytes
    format: str = UNKNOWN
    key: str = ""
    fault: str = ""


def read_message(record: Incoming) -> IntakeMessage:
    """Never raises, whatever the record holds."""
    place = f"place:{record.topic}:{record.partition}:{record.offset}"
    body = record.value or b""
    if isinstance(record, Unreadable):
        return IntakeMessage(place, body, key=place, fault="record-unreadable")
    headers = _headers(record.headers)
    if headers is None:
        return IntakeMessage(place, body, key=place, fault="header-unreadable")
    name = _format(headers)
    if name not in FORMATS:
        return IntakeMessage(place, body, key=place, fault="unknown-format")
    if not body:
        return IntakeMessage(place, body, name, place, "empty")
    key = headers.get("idempotency-key") or headers.get("ce_id") or ""
    if not _KEY.fullmatch(key):
        return IntakeMessage(place, body, name, place, "idempotency-key-missing")
    return IntakeMessage(place, body, name, key)


def _headers(found: Sequence[tuple[str, bytes | None]]) -> dict[str, str] | None:
    """The headers as text; None unless every one can be."""
    read: dict[str, str] = {}
    size = 0
    for name, value in found:
        if value is None or name in read:
            return None
        size += len(name) + len(value)
        if size > _HEADER_BYTES:
            return None
        try:
            read[name] = value.decode()
        except UnicodeDecodeError:
            return None
    return read


def _format(headers: Mapping[str, str]) -> str:
    if "format" in headers:
        return headers["format"]
    kind = headers.get("ce_type", "")
    if kind.startswith(TYPE_PREFIX):
        return kind.removeprefix(TYPE_PREFIX)
    return _BY_CONTENT_TYPE.get(headers.get("content-type", "").partition(";")[0].strip().lower(), UNKNOWN)
