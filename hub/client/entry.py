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


class Fault(Answer):
    """One thing that is wrong with a file, and its place. No personal data."""

    code: str
    detail: str = ""
    pointer: str = ""


class RefusedItem(Fault):
    """A part of a file that the hub did not take."""

    number: int


class Receipt(Answer):
    """The hub has the file, and this became of its parts. `outcome`: accepted, review, mixed or refused."""

    submission_id: UUID
    received_at: AwareDatetime
    outcome: str
    items: int
    accepted: int
    review: int
    refused: tuple[RefusedItem, ...] = ()
    refused_count: int = 0

    @property
    def not_taken(self) -> int:
        """How many parts were refused; the hub lists the first thousand."""
        return max(self.refused_count, len(self.refused))

    @property
    def all_taken(self) -> bool:
        """Whether no part was refused."""
        return self.not_taken == 0 and self.outcome != "refused"


class Problem(Answer):
    """The hub refuses the whole file, for good (RFC 9457); `type` ends in the hub's stable code."""

    status: int
    type: str = "about:blank"
    title: str = ""
    detail: str = ""
    errors: tuple[Fault, ...] = ()


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
