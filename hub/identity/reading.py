"""Reads streams of the journal and opens them."""

from __future__ import annotations

from collections.abc import Collection, Iterable

from events.codec import key_ids, opened
from events.envelope import Record, Recorded
from hub.bootstrap import Hub


async def read_streams(hub: Hub, names: Collection[str]) -> dict[str, list[Recorded]]:
    """Whole streams, opened."""
    return {name: await open_all(hub, await hub.log.read_stream(name)) for name in sorted(names)}


async def open_all(hub: Hub, records: Iterable[Record]) -> list[Recorded]:
    """Typed events; what is erased is a value."""
    told = list(records)
    return opened(told, await hub.keys.fetch(key_ids(told)))
