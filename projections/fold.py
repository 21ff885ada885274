"""Folds a batch of events into row changes: in memory, pure, with all operations on one row collapsed into one.

An event is applied whole or not at all. One whose handler raises stops its own stream and no other: it and the later
events of that stream are handed back to be parked, so that order within a stream holds.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

from events.envelope import Record, Recorded
from projections.projection import Key, Operation, Projection, Put, Row

Former = Mapping[str, Mapping[Key, Row]]
"""Rows as they were before the batch, by table name and key; a key that is missing had no row."""


class Planned(NamedTuple):
    """An event that concerns this read model: what its handler wants, or the error that the handler raised."""

    record: Record
    operations: Sequence[Operation] | Exception


class Unapplied(NamedTuple):
    """An event that must wait: because of its own error, or, with None, behind an earlier one of its stream."""

    record: Record
    error: Exception | None


@dataclass(slots=True)
class Folded:
    """Rows after the batch, by table name and key (None: no row), and the events that must wait."""

    rows: dict[str, dict[Key, Row | None]]
    unapplied: list[Unapplied] = field(default_factory=list)


def plan(projection: Projection, batch: Iterable[Recorded]) -> list[Planned]:
    """What the handlers want done; needs no row and no database. Events that change nothing here are left out."""
    planned: list[Planned] = []
    handlers = projection.handlers
    for recorded in batch:
        handler = handlers.get(type(recorded.event))
        if handler is None:
            continue
        try:
            operations = tuple(handler(recorded.event, recorded))
        except Exception as failure:  # noqa: BLE001 - a handler's error parks its stream, whatever it is
            planned.append(Planned(recorded.record, failure))
        else:
            if operations:
                planned.append(Planned(recorded.record, operations))
    return planned


def keys_to_load(planned: Iterable[Planned]) -> dict[str, set[Key]]:
    """Keys, by table name, of the rows whose former value some operation asks for."""
    wanted: dict[str, set[Key]] = {}
    for _, operations in planned:
        if not isinstance(operations, Exception):
            for operation in operations:
                if not isinstance(operation, Put):
                    wanted.setdefault(operation.table.name, set()).add(operation.key)
    return wanted


def fold(projection: Projection, planned: Iterable[Planned], former: Former, waiting: Collection[str]) -> Folded:
    """Apply a plan to the former rows. `waiting` are streams that have a parked event already."""
    folded = Folded({table.name: {} for table in projection.tables})
    stopped = set(waiting)
    for record, operations in planned:
        if record.stream in stopped:
            folded.unapplied.append(Unapplied(record, None))
            continue
        failure = operations if isinstance(operations, Exception) else _apply(folded.rows, operations, former)
        if failure is not None:
            stopped.add(record.stream)
            folded.unapplied.append(Unapplied(record, failure))
    return folded


def _apply(rows: dict[str, dict[Key, Row | None]], operations: Sequence[Operation], former: Former) -> Exception | None:
    """All operations of one event, or none: rows change only after the last one has succeeded. Returns its error."""
    changed: list[tuple[str, Key, Row | None]] = []
    for operation in operations:
        name, key = operation.table.name, operation.key
        if isinstance(operation, Put):
            changed.append((name, key, operation.row))
            continue
        before = rows[name][key] if key in rows[name] else former.get(name, {}).get(key)
        for other, place, row in changed:  # the event may have touched this row before
            if other == name and place == key:
                before = row
        try:
            changed.append((name, key, operation.change(before)))
        except Exception as failure:  # noqa: BLE001 - as above
            return failure
    for name, key, row in changed:
        rows[name][key] = row
    return None
