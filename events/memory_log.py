"""The in-memory log: a shipped fake with the journal's answers, for tests and for trying things out."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator, Callable, Mapping
from datetime import datetime

from events.envelope import Record
from events.keys import MemoryKeys
from events.log import Append, Heads, WrongVersion
from events.writing import keys_needed, placed, prepare, streams_touched


class MemoryLog:
    """`EventLog` in a list. One process, nothing survives it."""

    def __init__(self, keys: MemoryKeys, now: Callable[[], datetime], partitions: int = 4) -> None:
        self._keys = keys
        self._now = now
        self._partitions = partitions
        self._records: list[Record] = []
        self._versions: dict[str, int] = {}
        self._sequences = dict.fromkeys(range(partitions), 0)
        self._done: dict[str, tuple[Record, ...]] = {}
        self._grown = asyncio.Condition()

    async def append(self, append: Append) -> tuple[Record, ...]:
        """Write it; returns the records. Raises `WrongVersion`, `KeyDestroyed`."""
        async with self._grown:
            if append.idempotency is not None and append.idempotency in self._done:
                return self._done[append.idempotency]
            for stream, expected in append.expected.items():
                if self._versions.get(stream, 0) != expected:
                    raise WrongVersion
            records = self._placed(append)
            for record in records:
                self._versions[record.stream] = record.stream_version
                self._sequences[record.partition] = record.sequence
            self._records += records
            if append.idempotency is not None:
                self._done[append.idempotency] = tuple(records)
            self._grown.notify_all()
        return tuple(records)

    def _placed(self, append: Append) -> list[Record]:
        keys = self._keys.ensure(keys_needed([append]))
        prepared = list(prepare(append, keys, self._now(), self._partitions))
        versions = {stream: self._versions.get(stream, 0) for stream in streams_touched([append])}
        return placed(prepared, len(self._records), self._sequences, versions)

    async def read_stream(self, stream: str, after: int = 0) -> list[Record]:
        """Records of one stream with a version above `after`, oldest first."""
        return [r for r in self._records if r.stream == stream and r.stream_version > after]

    async def follow(
        self, after: Mapping[int, int], *, limit: int = 1_000, until_end: bool = False
    ) -> AsyncGenerator[list[Record], None]:
        """Batches of records behind `after`; see the port."""
        last = dict(after)
        seen = 0
        while True:
            new = self._records[seen:]
            seen += len(new)
            batch = [r for r in new if r.partition in last and r.sequence > last[r.partition]]
            for start in range(0, len(batch), limit):
                yield batch[start : start + limit]
            if until_end:
                return
            async with self._grown:
                if len(self._records) == seen:
                    await self._grown.wait()

    async def heads(self) -> Heads:
        """Last position and sequences."""
        return Heads(len(self._records), dict(self._sequences))
