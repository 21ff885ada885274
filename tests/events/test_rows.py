"""Rows of several tables go in one statement, which says how many rows of each it has changed."""

from __future__ import annotations

from events.database import Pool
from events.rows import Write, insertion, write

SHELF = insertion("shelf", {"name": "text", "books": "integer"}, "DO NOTHING")
ROOM = insertion("room", {"name": "text"})
MORE_BOOKS = Write(
    {"name": "text", "books": "integer"}, "UPDATE shelf AS s SET books = n.books FROM {rows} WHERE s.name = n.name"
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
