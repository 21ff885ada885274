"""Records as Kafka messages and back: CloudEvents 1.0, Kafka protocol binding, binary content mode.

The value is the record's data as it is; the envelope is in headers, so that a foreign consumer reads it without our
code. Our extension attributes are lower-case; whole numbers that may pass 32 bits travel as decimal strings, because
CloudEvents integers may not. The message key is the stream id, an opaque surrogate. Structured mode is read as well.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from typing import Final, cast

import orjson
from asyncpg.pgproto.pgproto import UUID  # a subclass of uuid.UUID that reads text several times faster

from events.codec import CONTENT_TYPE, canonical
from events.envelope import Record

Headers = list[tuple[str, bytes]]

SOURCE: Final = "urn:agency:"
STRUCTURED: Final = "application/cloudevents+json"
SEQUENCE: Final = "ce_sequence"
_BINARY: Final = CONTENT_TYPE.encode()
_JSON_DATA: Final = "data"


class Unreadable(Exception):
    """A message on one of the hub's own topics is not a record: corruption or an intruder. Says what, never content.

    `place`, where it is known: the partition, and the sequence that should stand there.
    """

    def __init__(self, what: str, place: tuple[int, int] | None = None) -> None:
        super().__init__(what)
        self.place = place


def key_of(record: Record) -> bytes:
    """The message key."""
    return record.stream.encode()


def headers_of(record: Record) -> Headers:
    """The message headers; the sequence stands first, where a reader finds it without looking."""
    headers = [
        (SEQUENCE, b"%d" % record.sequence),
        ("content-type", _BINARY),
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


def record_of(headers: Sequence[tuple[str, bytes | None]], value: bytes | None) -> Record:
    """The record of a message; raises `Unreadable`."""
    attributes = dict(headers)
    if len(attributes) != len(headers):
        raise Unreadable("a header stands twice")
    try:
        content_type = attributes["content-type"]
        if content_type != _BINARY and _media_type(content_type) == STRUCTURED:
            return _structured(value)
        return _record(cast("Mapping[str, bytes]", attributes), value)  # a null one fails like a missing one
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


def _record(a: Mapping[str, bytes], value: bytes | None) -> Record:
    # By place and attribute by attribute: this is run for every record of a rebuild.
    if a["ce_specversion"] != b"1.0":
        raise Unreadable("unknown CloudEvents version")
    source = a["ce_source"].decode()
    if value is None or not source.startswith(SOURCE):
        raise Unreadable("not from an agency, or without data")
    causation, key = a.get("ce_causationid"), a.get("ce_keyid")
    return Record(
        int(a["ce_position"]),
        int(a["ce_partition"]),
        int(a[SEQUENCE]),
        UUID(a["ce_id"].decode()),
        a["ce_subject"].decode(),
        int(a["ce_streamversion"]),
        a["ce_type"].decode(),
        int(a["ce_version"]),
        _instant(a["ce_time"].decode()),
        _instant(a["ce_recordedat"].decode()),
        source[len(SOURCE) :],
        a["ce_actor"].decode(),
        a["ce_basis"].decode(),
        a["ce_purpose"].decode(),
        UUID(a["ce_correlationid"].decode()),
        None if causation is None else UUID(causation.decode()),
        None if key is None else UUID(key.decode()),
        value,
    )


def _media_type(content_type: bytes | None) -> str:
    return (content_type or b"").decode().partition(";")[0].strip().lower()


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
