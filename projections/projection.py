"""What a read model is: tables, and pure handlers that turn an event into row operations.

A handler sees one recorded event and yields operations; it has no clock, no I/O and no randomness, so the same handler
serves live, in a rebuild, in an as-of view and in a test without a database. `Put` writes a whole row. `Fold` is for a
row that depends on what it was: it gets the former row, or None, and returns the new one, or None to remove it.
Name and version decide the schema its tables live in, so a new version is built beside the old one.

A row belongs to one stream, whose events come in order. Where events of several streams touch one row, they come in no
fixed order between the streams, so their operations must commute (`tests/spec.py` tries other orders).
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any, TypeVar, cast

from events.envelope import Event, Recorded

Row = tuple[Any, ...]
Key = tuple[Any, ...]
E = TypeVar("E", bound=Event)


@dataclass(frozen=True, slots=True)
class Table:
    """One table of a read model.

    `columns` are (name, SQL type) in row order; the first `key` of them are the primary key. `indexes` are made after
    the rows in a rebuild; each is the column list of one index, such as `(family_id, occurred_at DESC)`.
    `append_only`: every row is put once, under a key no other event uses, and never folded, so that writing it needs no
    look for a former row.
    """

    name: str
    columns: tuple[tuple[str, str], ...]
    key: int = 1
    indexes: tuple[str, ...] = ()
    append_only: bool = False

    @property
    def column_names(self) -> tuple[str, ...]:
        """Names in row order."""
        return tuple(name for name, _ in self.columns)

    @property
    def key_names(self) -> tuple[str, ...]:
        """Names of the primary key's columns."""
        return self.column_names[: self.key]


@dataclass(frozen=True, slots=True)
class Put:
    """The row is now this one, whatever it was."""

    table: Table
    row: Row

    @property
    def key(self) -> Key:
        """The row's key."""
        return self.row[: self.table.key]


@dataclass(frozen=True, slots=True)
class Fold:
    """The row follows from what it was; `change` is pure. None stands for no row, before and after."""

    table: Table
    key: Key
    change: Callable[[Row | None], Row | None]


Operation = Put | Fold
Handler = Callable[[Any, Recorded], Iterable[Operation]]


@dataclass(frozen=True)
class Projection:
    """A named, versioned read model. Register handlers with `@projection.on(EventType)`."""

    name: str
    version: int
    tables: tuple[Table, ...]
    handlers: dict[type[Event], Handler] = field(default_factory=dict, repr=False)

    @property
    def schema(self) -> str:
        """PostgreSQL schema of this version's tables."""
        return f"rm_{self.name}_{self.version}"

    def on(
        self, *kinds: type[E]
    ) -> Callable[[Callable[[E, Recorded], Iterable[Operation]]], Callable[[E, Recorded], Iterable[Operation]]]:
        """Register the handler of these event types; refuses a second one for the same type."""

        def register(
            handler: Callable[[E, Recorded], Iterable[Operation]],
        ) -> Callable[[E, Recorded], Iterable[Operation]]:
            for kind in kinds:
                if kind in self.handlers:
                    message = f"{self.name} handles {kind.event_name} twice"
                    raise ValueError(message)
                self.handlers[kind] = cast("Handler", handler)
            return handler

        return register

    def operations(self, recorded: Recorded) -> Iterable[Operation]:
        """What this event changes here; nothing for an event it does not handle."""
        handler = self.handlers.get(type(recorded.event))
        return () if handler is None else handler(recorded.event, recorded)


def fold_in_memory(rows: dict[tuple[str, Key], Row], operations: Iterable[Operation]) -> Mapping[tuple[str, Key], Row]:
    """Apply operations to rows held by (table, key): the whole meaning of a projection, without a database."""
    for operation in operations:
        place = (operation.table.name, operation.key)
        match operation:
            case Put(row=row):
                rows[place] = row
            case Fold(change=change):
                folded = change(rows.get(place))
                if folded is None:
                    rows.pop(place, None)
                else:
                    rows[place] = folded
    return rows
