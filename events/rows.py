"""Rows of several tables in one statement: who writes a little waits for the database once, and not for each table."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from events.database import Connection


@dataclass(frozen=True, eq=False)
class Write:
    """One change of one table, or a lock on its rows.

    sql: reads the given rows as `{rows}` and gives a row for each that it has changed
    columns: of the given rows, with their PostgreSQL types
    otherwise: what is raised if it has changed fewer than were given
    """

    columns: Mapping[str, str]
    sql: str
    otherwise: type[Exception] | None = None


Rows = tuple[Write, Sequence[tuple[Any, ...]]]


def insertion(table: str, columns: Mapping[str, str], on_conflict: str = "") -> Write:
    """Rows that go into a table as they are, and what is done ON CONFLICT."""
    conflict = f" ON CONFLICT {on_conflict}" if on_conflict else ""
    return Write(columns, f"INSERT INTO {table} ({', '.join(columns)}) SELECT * FROM {{rows}}{conflict} RETURNING 1")  # noqa: S608


async def write(connection: Connection, *filled: Rows) -> list[int]:
    """Write these rows, each a value for each column, in their order; how many rows of the table each has changed.

    All of it sees the tables as they were before. What has no rows is left out. Raises what a `Write` says.
    """
    some = [(each, rows) for each, rows in filled if rows]
    if not some:
        return [0] * len(filled)
    columns = [column for _, rows in some for column in zip(*rows, strict=True)]
    changed = await connection.fetchrow(_statement(tuple(each for each, _ in some)), *columns)
    counts = iter(changed or ())
    done = [next(counts) if rows else 0 for _, rows in filled]
    for (each, rows), count in zip(filled, done, strict=True):
        if each.otherwise is not None and count < len(rows):
            raise each.otherwise
    return done


@lru_cache(maxsize=64)
def _statement(writes: tuple[Write, ...]) -> str:
    parts: list[str] = []
    place = 0
    for number, each in enumerate(writes):
        places = (f"${place + n}::{kind}[]" for n, kind in enumerate(each.columns.values(), start=1))
        rows = f"unnest({', '.join(places)}) AS n ({', '.join(each.columns)})"
        parts.append(f"t{number} AS ({each.sql.format(rows=rows)})")
        place += len(each.columns)
    counts = ", ".join(f"(SELECT count(*) FROM t{number})" for number in range(len(writes)))  # noqa: S608
    return f"WITH {', '.join(parts)} SELECT {counts}"
