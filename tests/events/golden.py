"""Golden samples: every event name and version ever released, as it lay on the log, one file each, never edited.

A new event: add an invented fact to `golden_facts.py`, then `python -m tests.events.golden` writes its file.
"""

from __future__ import annotations

import base64
import hashlib
from dataclasses import dataclass
from pathlib import Path
from typing import Final
from uuid import UUID

import orjson

from events.codec import data_of
from events.envelope import Draft, Event, Json, Record
from events.kafka_codec import Headers, headers_of, record_of
from events.sealing import Key, key_of
from tests.events.facts import NOON
from tests.events.golden_facts import FACTS, MATTER, number

FOLDER: Final = Path(__file__).parent.parent / "samples" / "events"
SUMS: Final = FOLDER / "SHA256SUMS"
KEY: Final = key_of(MATTER, bytes(range(32)))
KEYS: Final[dict[UUID, Key]] = {MATTER: KEY}


@dataclass(frozen=True)
class Sample:
    """A record as it lay on the log, and the event's fields it was made from."""

    record: Record
    fields: Json


def read(name: str, version: int) -> Sample:
    """The sample of a name and version."""
    told = orjson.loads((FOLDER / f"{name}.{version}.json").read_bytes())
    headers: Headers = [(header, text.encode()) for header, text in told["headers"].items()]
    return Sample(record_of(headers, base64.b64decode(told["data"])), told["fields"])


def sums() -> dict[str, str]:
    """Digest of each sample file."""
    files = sorted(FOLDER.glob("*.json"))
    return {file.name: hashlib.sha256(file.read_bytes()).hexdigest() for file in files}


def write(event: Event) -> None:
    """The sample of an event, unless there is one."""
    file = FOLDER / f"{event.event_name}.{event.event_version}.json"
    if file.exists():
        return
    stream, key_id, event_id = f"family/{number(2)}", MATTER if event.details_type else None, number(99)
    record = Record(
        position=17,
        partition=3,
        sequence=9,
        id=event_id,
        stream=stream,
        stream_version=2,
        type=event.event_name,
        version=event.event_version,
        occurred_at=NOON,
        recorded_at=NOON,
        agency="ousewick-primary",
        actor="client-1",
        basis="ART6_1_E CA2004_S10",
        purpose="EARLY_HELP",
        correlation_id=number(7),
        causation_id=number(8),
        key_id=key_id,
        data=data_of(Draft(stream, event, NOON, key_id), event_id, KEYS),
    )
    told = {
        "headers": {name: value.decode() for name, value in headers_of(record)},
        "data": base64.b64encode(record.data).decode(),
        "fields": event.model_dump(mode="json", exclude_none=True),
    }
    file.write_bytes(orjson.dumps(told, option=orjson.OPT_INDENT_2) + b"\n")


def write_missing() -> None:
    """Samples of all facts that have none; what is there stays as it is."""
    FOLDER.mkdir(exist_ok=True)
    for event in FACTS:
        write(event)
    SUMS.write_text("".join(f"{digest}  {name}\n" for name, digest in sums().items()), "utf-8")


if __name__ == "__main__":
    write_missing()
