"""Drafts to records and records to typed events: the only serialiser.

Data is canonical JSON: sorted ASCII keys, no floats, whole numbers below 2**53; inside that profile orjson's sorted
output equals RFC 8785 (a property test holds it to that). The sealed part stands in it as base64 under `details`.
"""

from __future__ import annotations

import base64
from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any, Final
from uuid import UUID

import orjson

from events.catalogue import CATALOGUE, Catalogue
from events.envelope import Draft, Erased, Event, Json, Provenance, Record, Recorded
from events.sealing import Key, seal, unseal
from events.upcasts import UPCASTS, Upcasts


def canonical(value: object) -> bytes:
    """Canonical JSON bytes of a value inside the profile."""
    return orjson.dumps(value, option=orjson.OPT_SORT_KEYS)


def data_of(draft: Draft, event_id: UUID, keys: Mapping[UUID, Key]) -> bytes:
    """The record data of a draft, its details sealed under the draft's key."""
    event = draft.event
    if event.details_type is None:
        return canonical(event.model_dump(mode="json", exclude_none=True))
    if draft.key_id is None:
        message = f"{event.event_name} holds personal data and needs a key"
        raise ValueError(message)
    if isinstance(getattr(event, "details", None), Erased):
        message = f"{event.event_name} cannot be written with its details already erased"
        raise ValueError(message)  # noqa: TRY004 - the type is allowed, only not here
    fields = event.model_dump(mode="json", exclude_none=True)
    plain = canonical(fields["details"])
    context = _context(event_id, draft.stream, event.event_name, event.event_version, draft.key_id)
    sealed = seal(plain, keys[draft.key_id], event_id.bytes, context)
    fields["details"] = base64.b64encode(sealed).decode("ascii")
    return canonical(fields)


def opened(
    records: Iterable[Record],
    keys: Mapping[UUID, Key | Erased],
    catalogue: Catalogue = CATALOGUE,
    upcasts: Upcasts = UPCASTS,
) -> list[Recorded]:
    """Typed events of records; raises `UnknownEvent` or `SealBroken`, never guesses."""
    return [Recorded(record, _event(record, keys, catalogue, upcasts)) for record in records]


def key_ids(records: Iterable[Record]) -> set[UUID]:
    """Ids of the keys needed to open these records."""
    return {record.key_id for record in records if record.key_id is not None}


def _event(record: Record, keys: Mapping[UUID, Key | Erased], catalogue: Catalogue, upcasts: Upcasts) -> Event:
    kind = catalogue[record.type, record.version]
    newest = catalogue.newest(record.type)
    if record.key_id is None and record.version == newest:
        return kind.model_validate_json(record.data)
    fields: Json = orjson.loads(record.data)
    details = _details(record, fields, keys)
    if record.version == newest:
        fields["details"] = (
            details
            if isinstance(details, Erased) or kind.details_type is None
            else kind.details_type.model_validate_json(details)
        )
        return kind.model_validate(fields)
    fields["details"] = details if isinstance(details, Erased) else orjson.loads(details)
    if record.key_id is None:
        del fields["details"]
    fields = upcasts.lift(record.type, record.version, newest, fields)
    return _validated(catalogue[record.type, newest], fields)


def _details(record: Record, fields: Json, keys: Mapping[UUID, Key | Erased]) -> bytes | Erased:
    if record.key_id is None:
        return b"null"
    key = keys[record.key_id]
    if isinstance(key, Erased):
        return key
    context = _context(record.id, record.stream, record.type, record.version, record.key_id)
    return unseal(base64.b64decode(fields["details"]), key, record.id.bytes, context)


def _validated(kind: type[Event], fields: Json) -> Event:
    details: Any = fields.get("details")
    if kind.details_type is not None and not isinstance(details, Erased):
        fields["details"] = kind.details_type.model_validate_json(orjson.dumps(details))
    return kind.model_validate(fields)


def _context(event_id: UUID, stream: str, name: str, version: int, key_id: UUID) -> bytes:
    return f"{event_id}|{stream}|{name}|{version}|{key_id}".encode()


def basis_text(provenance: Provenance) -> str:
    """The bases of a command as the envelope carries them: codes with a space between."""
    return " ".join(provenance.basis)


def instant(text: str) -> datetime:
    """An RFC 3339 instant from an envelope attribute."""
    return datetime.fromisoformat(text)


CONTENT_TYPE: Final = "application/json"
