"""Fills bare read models from the whole log, on all cores: processes take partitions in turn until none is left."""

from __future__ import annotations

import asyncio
import multiprocessing
import os
import sys
from collections.abc import Callable, Sequence
from contextlib import AbstractAsyncContextManager
from typing import NamedTuple

import structlog
import uvloop

from events.collecting import fewer_collections
from events.database import Pool
from events.keys import KeyRing
from events.log import EventLog
from projections.opening import Undecodable, open_batch
from projections.projection import Projection
from projections.runner import Carrier

log = structlog.get_logger(__name__)

BATCH = 6_000


class Sources(NamedTuple):
    """What a rebuild reads and writes. The pool needs a connection for each read model, and two more."""

    pool: Pool
    log: EventLog
    keys: KeyRing


OpenSources = Callable[[], AbstractAsyncContextManager[Sources]]


class Builders(NamedTuple):
    """Who builds what: this process and `processes - 1` children, each opening its own sources."""

    partitions: Sequence[int]
    open_sources: OpenSources
    projections: Sequence[Projection]
    processes: int


class BuildFailed(Exception):
    """A process of the rebuild died; what it had built is thrown away."""


class _Shared:
    """Counters that all processes of one build see: the next partition to take, and events done."""

    def __init__(self, context: multiprocessing.context.SpawnContext) -> None:
        self.taken = context.Value("i", 0)
        self.done = context.Value("q", 0)

    def take(self) -> int:
        with self.taken.get_lock():
            number: int = self.taken.value
            self.taken.value += 1
        return number

    def add(self, events: int) -> int:
        with self.done.get_lock():
            self.done.value += events
            done: int = self.done.value
        return done


async def build_partitions(
    builders: Builders, sources: Sources, carriers: Sequence[Carrier], progress: Callable[[int], None] | None
) -> None:
    """Carry everything that is on the log now; raises `BuildFailed`, and what carrying raises."""
    context = multiprocessing.get_context("spawn")
    shared = _Shared(context)
    children = [
        context.Process(
            target=_child,
            args=(shared, builders, [carrier.model for carrier in carriers], os.getpid()),
            daemon=True,
        )
        for _ in range(min(builders.processes, len(builders.partitions)) - 1)
    ]
    for child in children:
        child.start()
    try:
        with fewer_collections():
            await _build(shared, builders.partitions, sources, carriers, progress)
        for child in children:
            await asyncio.to_thread(child.join)
            if child.exitcode != 0:
                raise BuildFailed
    finally:
        for child in children:
            child.kill()
            child.join()


async def _build(
    shared: _Shared,
    partitions: Sequence[int],
    sources: Sources,
    carriers: Sequence[Carrier],
    progress: Callable[[int], None] | None = None,
) -> None:
    while (number := shared.take()) < len(partitions):
        partition = partitions[number]
        for carrier in carriers:
            await carrier.locate({partition})
        async for records in sources.log.follow({partition: 0}, limit=BATCH, until_end=True):
            opened = await open_batch(records, sources.keys)
            if opened.bad:
                raise Undecodable
            for carrier in carriers:
                await carrier.apply(opened)
            done = shared.add(len(records))
            if progress is not None:
                progress(done)


def _child(shared: _Shared, builders: Builders, models: Sequence[str], parent: int) -> None:
    try:
        with fewer_collections():
            uvloop.run(_child_builds(shared, builders, models, parent))
    except (Exception, KeyboardInterrupt) as failure:  # noqa: BLE001 - a traceback may quote a row: the class must do
        log.error("rebuild process failed", failure=type(failure).__name__)  # noqa: TRY400 - as said
        sys.exit(1)


async def _child_builds(shared: _Shared, builders: Builders, models: Sequence[str], parent: int) -> None:
    def orphaned(_: int) -> None:
        """A child whose parent was killed must not go on writing where the next rebuild begins."""
        if os.getppid() != parent:
            os._exit(1)

    async with builders.open_sources() as sources:
        carriers = [
            Carrier(sources.pool, projection, model=model)
            for projection, model in zip(builders.projections, models, strict=True)
        ]
        await _build(shared, builders.partitions, sources, carriers, orphaned)
