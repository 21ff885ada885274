"""Rows of several tables go in one statement, which says how many rows of each it has changed."""

from __future__ import annotations

from dataclasses import replace

import pytest

from events.database import Pool
from events.rows import Write, insertion, write

SHELF = insertion("shelf", {"name": "text", "books": "integer"}, "DO NOTHING")
ROOM = insertion("room", {"name": "text"})


class NoShelf(Exception):
    pass


MORE_BOOKS = Write(
    {"name": "text", "books": "integer"},
    "UPDATE shelf AS s SET books = n.books FROM {rows} WHERE s.name = n.name RETURNING 1",
)


async def test_each_table_gets_its_rows_and_says_how_many_it_changed(pool: Pool) -> None:
    async with pool.acquire() as connection:
        await connection.execute("CREATE TEMP TABLE shelf (name text PRIMARY KEY, books integer)")
        await connection.execute("CREATE TEMP TABLE room (name text)")
        await write(connection, (SHELF, [("fiction", 3)]))

        changed = await write(
            connection,
            (MORE_BOOKS, [("fiction", 4), ("history", 9)]),
            (ROOM, []),
            (SHELF, [("fiction", 1), ("history", 2), ("poetry", 5)]),
        )

        assert changed == [1, 0, 2], "an update sees the table as it was; who is there already is left alone"
        assert await write(connection, (ROOM, []), (SHELF, [])) == [0, 0]
        shelves = await connection.fetch("SELECT name, books FROM shelf ORDER BY name")
        assert [tuple(each) for each in shelves] == [("fiction", 4), ("history", 2), ("poetry", 5)]


async def test_fewer_changes_than_rows_are_an_error_where_the_change_says_so(pool: Pool) -> None:
    each_shelf = replace(MORE_BOOKS, otherwise=NoShelf)
    async with pool.acquire() as connection:
        await connection.execute("CREATE TEMP TABLE shelf (name text PRIMARY KEY, books integer)")
        await write(connection, (SHELF, [("fiction", 3), ("history", 2)]))

        assert await write(connection, (each_shelf, []), (each_shelf, [("fiction", 4)])) == [0, 1]
        with pytest.raises(NoShelf):
            await write(connection, (SHELF, [("poetry", 5)]), (each_shelf, [("history", 9), ("poetry", 9)]))
