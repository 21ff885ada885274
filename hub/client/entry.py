"""One file in the spool: its manifest, and what the hub answered."""

from __future__ import annotations

import hashlib
from enum import StrEnum
from typing import Final, Self
from uuid import NAMESPACE_URL, UUID, uuid5

from pydantic import AwareDatetime, BaseModel, ConfigDict

_LABEL_LENGTH: Final = 12


class State(StrEnum):
    """The folder of the spool that an entry's manifest stands in."""

    WAITING = "waiting"
    SENT = "sent"
    REFUSED = "refused"


class Answer(BaseModel):
    """Base of what the hub says; fields that a later hub adds are passed over."""

    model_config = ConfigDict(frozen=True, extra="ignore")


class RefusedItem(Answer):
    """A part of a file that the hub did not take; `pointer` is its place. No personal data."""

    number: int
    code: str
    detail: str = ""
    pointer: str = ""


class Receipt(Answer):
    """The hub has the file, and this became of its parts. `outcome`: accepted, review, mixed or refused."""

    submission_id: UUID
    received_at: AwareDatetime
    outcome: str
    items: int
    accepted: int
    review: int
    refused: tuple[RefusedItem, ...] = ()

    @property
    def all_taken(self) -> bool:
        """Whether no part was refused."""
        return not self.refused and self.outcome in ("accepted", "review", "mixed")


class Problem(Answer):
    """The hub refuses the whole file, for good (RFC 9457)."""

    status: int
    title: str = ""
    detail: str = ""
    code: str = ""


class Route(BaseModel):
    """From whom, in which format, to which hub."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    agency: str
    format: str
    media_type: str
    url: str


class Entry(BaseModel):
    """The manifest. `id` and `key` follow from route, file name and content, so a file is never two entries."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    id: str
    key: UUID
    route: Route
    sha256: str
    size: int
    spooled_at: AwareDatetime
    attempts: int = 0
    receipt: Receipt | None = None
    problem: Problem | None = None

    @classmethod
    def of(cls, route: Route, name: str, sha256: str, size: int, spooled_at: AwareDatetime) -> Self:
        """The entry of a file. The name goes into the hash alone."""
        parts = (route.agency, route.format, route.url, name, sha256)
        digest = hashlib.sha256("\0".join(parts).encode()).hexdigest()
        key = uuid5(NAMESPACE_URL, f"urn:early-help-hub:file:{digest}")
        return cls(id=digest[:32], key=key, route=route, sha256=sha256, size=size, spooled_at=spooled_at)

    @property
    def label(self) -> str:
        """How people and logs call it: the beginning of the content's SHA-256."""
        return self.sha256[:_LABEL_LENGTH]
