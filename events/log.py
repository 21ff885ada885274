"""The `EventLog` port: the one place where history is written, and the order it is read in.

The contract, held by one suite on every adapter (`tests/contracts/event_log.py`):

- `append` writes all drafts of one call or none, over any number of streams. If `expected` names a stream, its version
  must be the one given (0: must be new), else `WrongVersion`. A repeated `idempotency` key writes nothing and returns
  the first result.
- `position` counts all events from 1 without gaps and `sequence` those of one partition, in commit order. A reader that
  follows never misses an event and never sees one before its predecessors.
- A stream lives in one partition, chosen from its name when it is first written, so a stream's events are in order.
- **Reader rule**: keep `last` for each partition and accept a record iff `sequence == last + 1`. Lower: a copy, skip it
  (`Tampered` if its bytes differ from what was accepted, where the reader can know). Higher: a gap, stop and re-read.
"""

from __future__ import annotations

import zlib
from collections.abc import AsyncGenerator, Mapping
from dataclasses import dataclass, field
from typing import Protocol

from events.envelope import Draft, Provenance, Record


class WrongVersion(Exception):
    """A stream has moved on since the caller read it: read again and decide again."""


class Tampered(Exception):
    """Two records claim the same place with different bytes: halt and raise the alarm."""


class Gap(Exception):
    """A record came before its predecessor: stop and re-read from the last accepted one."""


@dataclass(frozen=True, slots=True)
class Append:
    """One all-or-nothing write. `idempotency` is unique for ever; take a keyed hash, never a raw id."""

    drafts: tuple[Draft, ...]
    provenance: Provenance
    expected: Mapping[str, int] = field(default_factory=dict)
    idempotency: str | None = None

    def __post_init__(self) -> None:
        """An append of nothing has no place in the log, so a repeated key would have no result."""
        if not self.drafts:
            raise ValueError("an append writes at least one event")


@dataclass(frozen=True, slots=True)
class Heads:
    """How far the log reaches: the last position, and the last sequence of each partition."""

    position: int
    sequences: Mapping[int, int]


class EventLog(Protocol):
    """Append and read; see the module for the contract."""

    async def append(self, append: Append) -> tuple[Record, ...]:
        """Write it; returns the records. Raises `WrongVersion`, `KeyDestroyed`."""
        ...

    async def read_stream(self, stream: str, after: int = 0) -> list[Record]:
        """Records of one stream with a version above `after`, oldest first."""
        ...

    def follow(
        self, after: Mapping[int, int], *, limit: int = 1_000, until_end: bool = False
    ) -> AsyncGenerator[list[Record], None]:
        """Batches of records behind `after` (partition to last sequence seen), for those partitions only.

        Waits for more at the end of the log, or stops there if `until_end`. A batch has at most `limit` records of each
        partition, in sequence within a partition. Never yields an empty batch.
        """
        ...

    async def heads(self) -> Heads:
        """Last position and sequences."""
        ...


def partition_of(stream: str, partitions: int) -> int:
    """The partition a new stream is put into: CRC-32 of its name, modulo the installed count."""
    return zlib.crc32(stream.encode()) % partitions


class Reader:
    """The reader rule for one consumer: what to accept, skip, or stop at."""

    def __init__(self, after: Mapping[int, int]) -> None:
        self.last = dict(after)

    def accepts(self, record: Record) -> bool:
        """True for the next record of its partition, False for a copy; raises `Gap`."""
        last = self.last.get(record.partition, 0)
        if record.sequence == last + 1:
            self.last[record.partition] = record.sequence
            return True
        if record.sequence > last + 1:
            raise Gap
        return False
