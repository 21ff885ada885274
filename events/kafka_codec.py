"""Records as Kafka messages and back: CloudEvents 1.0, Kafka protocol binding, binary content mode.

The value is the record's data as it is; the envelope is in headers, so that a foreign consumer reads it without our
code. Our extension attributes are lower-case; whole numbers that may pass 32 bits travel as decimal strings, because
CloudEvents integers may not. The message key is the stream id, an opaque surrogate. Structured mode is read as well.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import UTC, datetime
from typing import Final

import orjson
from asyncpg.pgproto.pgproto import UUID  # a subclass of uuid.UUID that reads text several times faster

from events.codec import CONTENT_TYPE, canonical
from events.envelope import Record

Headers = list[tuple[str, bytes]]

SOURCE: Final = "urn:agency:"
STRUCTURED: Final = "application/cloudevents+json"
SEQUENCE: Final = "ce_sequence"
_JSON_DATA: Final = "data"


class Unreadable(Exception):
    """A message on one of the hub's own topics is not a record: corruption or an intruder. Says what, never content."""


def key_of(record: Record) -> bytes:
    """The message key."""
    return record.stream.encode()


def headers_of(record: Record) -> Headers:
    """The message headers; the sequence stands first, where a reader finds it without looking."""
    headers = [
        (SEQUENCE, b"%d" % record.sequence),
        ("content-type", CONTENT_TYPE.encode()),
        ("ce_specversion", b"1.0"),
        ("ce_id", str(record.id).encode()),
        ("ce_source", (SOURCE + record.agency).encode()),
        ("ce_type", record.type.encode()),
        ("ce_subject", record.stream.encode()),
        ("ce_time", _text(record.occurred_at)),
        ("ce_version", b"%d" % record.version),
        ("ce_streamversion", b"%d" % record.stream_version),
        ("ce_position", b"%d" % record.position),
        ("ce_partition", b"%d" % record.partition),
        ("ce_recordedat", _text(record.recorded_at)),
        ("ce_actor", record.actor.encode()),
        ("ce_basis", record.basis.encode()),
        ("ce_purpose", record.purpose.encode()),
        ("ce_correlationid", str(record.correlation_id).encode()),
    ]
    if record.causation_id is not None:
        headers.append(("ce_causationid", str(record.causation_id).encode()))
    if record.key_id is not None:
        headers.append(("ce_keyid", str(record.key_id).encode()))
    return headers


def record_of(headers: Iterable[tuple[str, bytes | None]], value: bytes | None) -> Record:
    """The record of a message; raises `Unreadable`."""
    found = list(headers)
    attributes = dict(found)
    if len(attributes) != len(found):
        raise Unreadable("a header stands twice")
    try:
        content_type = (attributes.get("content-type") or b"").decode()
        if content_type.partition(";")[0].strip().lower() == STRUCTURED:
            return _structured(value)
        return _record(attributes, value)
    except (KeyError, ValueError, AttributeError, TypeError) as failure:
        raise Unreadable(f"not a record ({type(failure).__name__})") from None


def sequence_of(headers: tuple[tuple[str, bytes | None], ...]) -> int:
    """The sequence alone, for readers that must be fast; raises `Unreadable`."""
    try:
        name, value = headers[0]
        if name != SEQUENCE:
            value = dict(headers)[SEQUENCE]
        return int(value or b"")
    except (IndexError, KeyError, ValueError):
        raise Unreadable("no sequence") from None


def _record(a: Mapping[str, bytes | None], value: bytes | None) -> Record:
    if a["ce_specversion"] != b"1.0":
        raise Unreadable("unknown CloudEvents version")
    text = {name: raw.decode() for name, raw in a.items() if raw is not None}
    source = text["ce_source"]
    if value is None or not source.startswith(SOURCE):
        raise Unreadable("not from an agency, or without data")
    causation, key = text.get("ce_causationid"), text.get("ce_keyid")
    return Record(
        position=int(text["ce_position"]),
        partition=int(text["ce_partition"]),
        sequence=int(text[SEQUENCE]),
        id=UUID(text["ce_id"]),
        stream=text["ce_subject"],
        stream_version=int(text["ce_streamversion"]),
        type=text["ce_type"],
        version=int(text["ce_version"]),
        occurred_at=_instant(text["ce_time"]),
        recorded_at=_instant(text["ce_recordedat"]),
        agency=source[len(SOURCE) :],
        actor=text["ce_actor"],
        basis=text["ce_basis"],
        purpose=text["ce_purpose"],
        correlation_id=UUID(text["ce_correlationid"]),
        causation_id=None if causation is None else UUID(causation),
        key_id=None if key is None else UUID(key),
        data=value,
    )


def _structured(value: bytes | None) -> Record:
    """Structured mode: the attributes and the data in one JSON object. Data is canonical, so its bytes come back."""
    fields = orjson.loads(value or b"")
    data = canonical(fields.pop(_JSON_DATA))
    attributes = {f"ce_{name}": str(text).encode() for name, text in fields.items() if text is not None}
    return _record(attributes, data)


def _text(at: datetime) -> bytes:
    return at.astimezone(UTC).isoformat().encode()


def _instant(text: str) -> datetime:
    at = datetime.fromisoformat(text)
    if at.tzinfo is None:
        raise Unreadable("a time without an offset")
    return at
