"""Builds read models anew beside the live ones, compares them if asked, and swaps them in one transaction.

The same carrier and the same handlers as live, into `<schema>_next`, one partition after the other; several processes
take partitions in turn, so all cores work. Readers never see a half-built model: until the swap they read the old one.
A rebuild that dies leaves a `_next` schema that nobody reads, and the next one begins by dropping it.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Mapping, Sequence
from contextlib import AsyncExitStack
from typing import NamedTuple

from events.database import Connection
from projections.building import Builders, OpenSources, Sources, build_partitions
from projections.digest import TableDifference, differences
from projections.opening import Undecodable, open_batch
from projections.projection import Projection
from projections.runner import Carrier
from projections.write import create_schema, finish_schema

RATE = 20_000
"""Events a second, all read models together: what a plan reckons with."""


PATIENCE = 30.0
"""Seconds to wait for the live read model to reach the rebuilt one, or for the log to reach its heads."""


class RebuildRunning(Exception):
    """Another rebuild of this read model is under way."""


class LiveBehind(Exception):
    """The live read model does not reach the rebuilt one: without a running worker there is nothing to compare with."""


class LogShort(Exception):
    """The log holds less than its heads, or the live read model, say: nothing was swapped. See `hub verify`."""


class RebuildPlan(NamedTuple):
    """What a rebuild would do."""

    models: tuple[str, ...]
    events: int
    tables: int
    seconds: float


class Rebuilt(NamedTuple):
    """What a rebuild did. `differences` by model; None if nothing was compared."""

    events: int
    parked: int
    differences: Mapping[str, list[TableDifference]] | None
    swapped: bool


async def plan_rebuild(projections: Sequence[Projection], sources: Sources) -> RebuildPlan:
    """What `rebuild` would do, doing nothing."""
    heads = await sources.log.heads()
    tables = sum(len(projection.tables) for projection in projections)
    models = tuple(projection.schema for projection in projections)
    return RebuildPlan(models, heads.position, tables, heads.position / RATE)


async def rebuild(
    projections: Sequence[Projection],
    open_sources: OpenSources,
    *,
    processes: int = 2,
    diff: bool = False,
    swap: bool = True,
    progress: Callable[[int, int], None] | None = None,
) -> Rebuilt:
    """Rebuild these read models; `progress` is told events done and in all.

    `open_sources` is called once in every process, so it must be picklable if `processes` is more than 1. Raises
    `RebuildRunning`, `Undecodable`, `LogShort`, `LiveBehind`.
    """
    async with AsyncExitStack() as stack:
        sources = await stack.enter_async_context(open_sources())
        for projection in projections:
            await _alone(stack, sources, projection)
        heads = await sources.log.heads()
        carriers = [Carrier(sources.pool, p, model=_next(p)) for p in projections]
        await _clean_start(sources, carriers)
        builders = Builders(sorted(heads.sequences), open_sources, projections, processes)
        await build_partitions(builders, sources, carriers, progress and (lambda done: progress(done, heads.position)))
        await asyncio.gather(*(_finish(sources, carrier) for carrier in carriers))
        await _reach(sources, carriers, heads.sequences)
        found = {c.projection.schema: await _compare(sources, c) for c in carriers} if diff else None
        parked = await sources.pool.fetchval(
            "SELECT count(*) FROM projection.parked WHERE model = ANY($1::text[])", [c.model for c in carriers]
        )
        if swap:
            await _swap(sources, carriers)
        else:
            await _drop(sources, carriers)
        return Rebuilt(heads.position, parked, found, swap)


def _next(projection: Projection) -> str:
    return f"{projection.schema}_next"


async def _alone(stack: AsyncExitStack, sources: Sources, projection: Projection) -> None:
    """Hold a lock for as long as the rebuild lives; the server frees it if this process dies."""
    connection = await stack.enter_async_context(sources.pool.acquire())
    if not await connection.fetchval("SELECT pg_try_advisory_lock(hashtextextended($1, 4))", projection.schema):
        raise RebuildRunning(projection.schema)
    stack.push_async_callback(connection.fetchval, "SELECT pg_advisory_unlock_all()")


async def _drop(sources: Sources, carriers: Sequence[Carrier]) -> None:
    async with sources.pool.acquire() as connection, connection.transaction():
        for carrier in carriers:
            await connection.execute(f'DROP SCHEMA IF EXISTS "{carrier.model}" CASCADE')
            await _forget(connection, carrier.model)


async def _clean_start(sources: Sources, carriers: Sequence[Carrier]) -> None:
    await _drop(sources, carriers)
    async with sources.pool.acquire() as connection:
        for carrier in carriers:
            await create_schema(connection, carrier.projection, carrier.model, bare=True)


async def _forget(connection: Connection, model: str) -> None:
    for table in ("position", "parked", "trouble"):
        await connection.execute(f"DELETE FROM projection.{table} WHERE model = $1", model)  # noqa: S608


async def _finish(sources: Sources, carrier: Carrier) -> None:
    async with sources.pool.acquire() as connection:
        await finish_schema(connection, carrier.projection, carrier.model)


async def _catch_up(sources: Sources, carriers: Sequence[Carrier], upto: Mapping[int, int] | None) -> None:
    """Carry on to the end of the log, or exactly to `upto`."""
    partitions = (await sources.log.heads()).sequences if upto is None else upto
    places = [await carrier.locate(partitions) for carrier in carriers]
    least = {partition: min(place[partition] for place in places) for partition in partitions}
    after = {p: sequence for p, sequence in least.items() if upto is None or sequence < upto[p]}
    if not after:
        return
    async for records in sources.log.follow(after, until_end=True):
        batch = await open_batch([r for r in records if upto is None or r.sequence <= upto[r.partition]], sources.keys)
        if batch.bad:
            raise Undecodable
        for carrier in carriers:
            await carrier.apply(batch)


async def _reach(sources: Sources, carriers: Sequence[Carrier], places: Mapping[int, int]) -> None:
    """Carry on to the end of the log, which must be at least there; waits for it (a relay may lag), then `LogShort`.

    A topic that was cut or emptied must never become a read model that is cut or empty.
    """
    waited = 0.0
    while True:
        await _catch_up(sources, carriers, None)
        if all(carrier.positions.get(p, 0) >= s for carrier in carriers for p, s in places.items()):
            return
        if waited >= PATIENCE:
            raise LogShort
        await asyncio.sleep(0.1)
        waited += 0.1


async def _compare(sources: Sources, carrier: Carrier) -> list[TableDifference]:
    """Compare with the live model at exactly the same place, holding nobody up: live is read in one snapshot."""
    live_model = carrier.projection.schema
    waited = 0.0
    while True:
        async with sources.pool.acquire() as live, live.transaction(isolation="repeatable_read", readonly=True):
            place = await _positions(live, live_model)
            if all(place.get(p, 0) >= s for p, s in carrier.positions.items()):
                await _catch_up(sources, [carrier], place)
                async with sources.pool.acquire() as rebuilt:
                    return await differences(live, rebuilt, carrier.projection, (live_model, carrier.model))
        if waited >= PATIENCE:
            raise LiveBehind(live_model)
        await asyncio.sleep(0.1)
        waited += 0.1


async def _positions(connection: Connection, model: str, suffix: str = "") -> dict[int, int]:
    rows = await connection.fetch(
        f"SELECT partition, sequence FROM projection.position WHERE model = $1 ORDER BY partition {suffix}",  # noqa: S608
        model,
    )
    return {row["partition"]: row["sequence"] for row in rows}


async def _swap(sources: Sources, carriers: Sequence[Carrier]) -> None:
    """The new schemas take the place of the old, with their positions, in one transaction.

    The live positions are locked first: the live worker waits, we reach at least where it stood, and it goes on from
    where we are. So nobody who has seen their own change loses sight of it.
    """
    async with sources.pool.acquire() as connection, connection.transaction():
        await connection.execute("SET LOCAL lock_timeout = '30s'")
        for carrier in carriers:
            stood = await _positions(connection, carrier.projection.schema, "FOR UPDATE")
            if any(carrier.positions.get(p, 0) < s for p, s in stood.items()):
                await _reach(sources, [carrier], stood)
        for carrier in carriers:
            live = carrier.projection.schema
            await connection.execute(f'DROP SCHEMA IF EXISTS "{live}" CASCADE')
            await connection.execute(f'ALTER SCHEMA "{carrier.model}" RENAME TO "{live}"')
            await _forget(connection, live)
            for table in ("position", "parked"):
                await connection.execute(
                    f"UPDATE projection.{table} SET model = $1 WHERE model = $2",  # noqa: S608 - constant names
                    live,
                    carrier.model,
                )
