"""The envelope of every event: ids, stream, position, two clocks, who, on what legal basis, and why it followed.

Three forms. `Draft` is what a decision wants written. `Record` is what stands on the log and travels on Kafka: the
envelope in clear, the data as bytes, personal parts sealed. `Recorded` is a record opened again: a typed event.
Attribute names follow CloudEvents 1.0 with our extensions (design.md §3).
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any, ClassVar, NamedTuple
from uuid import UUID

from pydantic import BaseModel, ConfigDict

from events.basis import LawfulBasis, Purpose

Json = dict[str, Any]


class Erased(BaseModel):
    """What a sealed part reads as once its key is destroyed: a value, not an error."""

    model_config = ConfigDict(frozen=True, extra="forbid", hide_input_in_errors=True)

    since: datetime


class Details(BaseModel):
    """Base of the one sealed part an event may have; everything personal is in here."""

    model_config = ConfigDict(frozen=True, extra="forbid", hide_input_in_errors=True)


class Event(BaseModel):
    """A fact, in the past tense. Clear fields hold ids, codes and times only; the rest is `details`.

    Subclasses name themselves: `class ReferralReceived(Event, name="referral.received", version=1)`. The name is a
    stable string, never a module path, so that moving a class does not break history.
    """

    model_config = ConfigDict(frozen=True, extra="forbid", hide_input_in_errors=True)

    event_name: ClassVar[str]
    event_version: ClassVar[int]
    details_type: ClassVar[type[Details] | None]

    @classmethod
    def __pydantic_init_subclass__(cls, **kwargs: Any) -> None:  # noqa: ANN401 - pydantic's own signature
        """Keep the explicit name and version, and find the type of the sealed part."""
        cls.event_name = kwargs["name"]
        cls.event_version = kwargs["version"]
        cls.details_type = _details_type(cls)

    def __init_subclass__(cls, **kwargs: object) -> None:
        """Swallow the class keywords; pydantic hands them to the hook above."""
        super().__init_subclass__()


def _details_type(event: type[Event]) -> type[Details] | None:
    field = event.model_fields.get("details")
    if field is None:
        return None
    options = getattr(field.annotation, "__args__", ())
    found = [option for option in options if isinstance(option, type) and issubclass(option, Details)]
    if len(found) != 1 or Erased not in options:
        message = f"{event.__name__}.details must be `SomeDetails | Erased`"
        raise TypeError(message)
    return found[0]


@dataclass(frozen=True, slots=True)
class Provenance:
    """Who brought it, on what basis, what for: carried by every event of one command.

    `actor` is an opaque id of a person or client, never a name.
    """

    agency: str
    actor: str
    basis: tuple[LawfulBasis, ...]
    purpose: Purpose
    correlation_id: UUID
    causation_id: UUID | None = None


@dataclass(frozen=True, slots=True)
class Draft:
    """An event that a decision wants written to a stream, sealed under `key_id` if it has details."""

    stream: str
    event: Event
    occurred_at: datetime
    key_id: UUID | None = None


class Record(NamedTuple):
    """One event as stored and sent: equal bytes mean equal records.

    `position` counts the whole log from 1 without gaps, `sequence` its partition, `stream_version` its stream.
    """

    position: int
    partition: int
    sequence: int
    id: UUID
    stream: str
    stream_version: int
    type: str
    version: int
    occurred_at: datetime
    recorded_at: datetime
    agency: str
    actor: str
    basis: str
    purpose: str
    correlation_id: UUID
    causation_id: UUID | None
    key_id: UUID | None
    data: bytes


class Recorded(NamedTuple):
    """A record opened: the same envelope with the typed event."""

    record: Record
    event: Event

    @property
    def at(self) -> datetime:
        """When it happened."""
        return self.record.occurred_at

    @property
    def stream_id(self) -> str:
        """The part of the stream after the slash, usually a UUID."""
        return self.record.stream.partition("/")[2]


def stream(kind: str, identity: UUID | str) -> str:
    """Name of a stream, such as `family/0b5c…`."""
    return f"{kind}/{identity}"
