"""Rows of several tables in one statement: who writes a little waits for the database once, and not for each table."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from events.database import Connection


@dataclass(frozen=True, eq=False)
class Table:
    """Where rows go: the name with its schema, the PostgreSQL type of each column, and what is done ON CONFLICT."""

    name: str
    columns: Mapping[str, str]
    on_conflict: str = ""


Rows = tuple[Table, Sequence[tuple[Any, ...]]]


async def insert(connection: Connection, *filled: Rows) -> None:
    """Insert these rows, each a value for each column, in their order. Tables without rows are left out."""
    some = [(table, rows) for table, rows in filled if rows]
    if some:
        columns = [column for _, rows in some for column in zip(*rows, strict=True)]
        await connection.execute(_statement(tuple(table for table, _ in some)), *columns)


@lru_cache(maxsize=64)
def _statement(tables: tuple[Table, ...]) -> str:
    parts: list[str] = []
    place = 0
    for number, table in enumerate(tables):
        places = (f"${place + n}::{kind}[]" for n, kind in enumerate(table.columns.values(), start=1))
        columns = ", ".join(table.columns)
        insertion = f"INSERT INTO {table.name} ({columns}) SELECT * FROM unnest({', '.join(places)})"  # noqa: S608
        conflict = f" ON CONFLICT {table.on_conflict}" if table.on_conflict else ""
        parts.append(f"t{number} AS ({insertion}{conflict})")
        place += len(table.columns)
    return f"WITH {', '.join(parts)} SELECT"
