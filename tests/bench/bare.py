"""The bare limit of a rebuild: the same log drained and decoded, the same rows copied in, and nothing else.

`python -m tests.bench.bare PLACE`. No handlers, no folding, no positions, no keys or indexes on the tables. The rows
are those that a rebuild has left in the read models; they and the processes are there before the clock starts.
"""

from __future__ import annotations

import asyncio
import multiprocessing
import sys
import time
from collections.abc import Iterator, Sequence
from multiprocessing.synchronize import Barrier
from typing import NamedTuple

from events.collecting import fewer_collections
from events.database import Pool
from hub.bootstrap import open_hub, read_log
from projections import ALL
from projections.building import BATCH
from projections.opening import open_batch
from projections.projection import Table
from tests.bench.ground import Place, unpacked
from tests.bench.rebuilding import PROCESSES
from tests.bench.task import tell

_SCHEMA = "bare"


class _Rows(NamedTuple):
    """A table of the limit, and the rows that one process copies into it."""

    name: str
    columns: Sequence[str]
    rows: Sequence[Sequence[object]]


async def main(place: Place) -> None:
    """Start the processes, let them begin together, and wait for the last."""
    async with open_hub(place.settings()) as hub:
        events = (await hub.log.heads()).position
        await hub.pool.execute(f"DROP SCHEMA IF EXISTS {_SCHEMA} CASCADE; CREATE SCHEMA {_SCHEMA}")
        for live, table in _tables():
            source = f'"{live}"."{table.name}"'
            await hub.pool.execute(f'CREATE TABLE {_SCHEMA}."{live}_{table.name}" (LIKE {source})')
    context = multiprocessing.get_context("spawn")
    together = context.Barrier(PROCESSES + 1)
    children = [
        context.Process(target=_child, args=(place, number, together), daemon=True) for number in range(PROCESSES)
    ]
    for child in children:
        child.start()
    await asyncio.to_thread(together.wait)
    began = time.perf_counter()
    await asyncio.to_thread(together.wait)
    seconds = time.perf_counter() - began
    for child in children:
        await asyncio.to_thread(child.join)
        assert child.exitcode == 0
    tell(events=events, seconds=seconds)


def _tables() -> Iterator[tuple[str, Table]]:
    return ((projection.schema, table) for projection in ALL for table in projection.tables)


def _child(place: Place, number: int, together: Barrier) -> None:
    with fewer_collections():
        asyncio.run(_drain_and_copy(place, number, together))


async def _drain_and_copy(place: Place, number: int, together: Barrier) -> None:
    async with open_hub(place.settings()) as hub:
        heads = (await hub.log.heads()).sequences
        own = {partition: last for partition, last in heads.items() if partition % PROCESSES == number}
        tables = [await _loaded(hub.pool, live, table, number) for live, table in _tables()]
        log = read_log(hub.settings, hub.log)
        await asyncio.to_thread(together.wait)
        done = 0
        for partition in own:
            async for records in log.follow({partition: 0}, limit=BATCH, until_end=True):
                await open_batch(records, hub.keys)
                before, done = done, done + len(records)
                await _copy(hub.pool, tables, before / sum(own.values()), done / sum(own.values()))
        assert done == sum(own.values())
        await asyncio.to_thread(together.wait)


async def _loaded(pool: Pool, live: str, table: Table, number: int) -> _Rows:
    columns = ", ".join(f'"{name}"' for name in table.column_names)
    rows = await pool.fetch(f'SELECT {columns} FROM "{live}"."{table.name}"')  # noqa: S608 - names from our own code
    return _Rows(f"{live}_{table.name}", table.column_names, [tuple(row) for row in rows[number::PROCESSES]])


async def _copy(pool: Pool, tables: Sequence[_Rows], begin: float, end: float) -> None:
    """This batch's share of the rows, in one transaction that waits for the disk no more than the runner's."""
    async with pool.acquire() as connection, connection.transaction():
        await connection.execute("SET LOCAL synchronous_commit = off")
        for name, columns, rows in tables:
            share = rows[int(begin * len(rows)) : int(end * len(rows))]
            if share:
                await connection.copy_records_to_table(name, schema_name=_SCHEMA, columns=columns, records=share)


if __name__ == "__main__":
    asyncio.run(main(unpacked(sys.argv[1])))
