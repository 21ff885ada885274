"""The projector works off a backlog, indexes in place, measured: `python -m tests.bench.projecting PLACE`."""

from __future__ import annotations

import asyncio
import sys
import time

from consumers.project import run_projector
from hub.bootstrap import Hub, open_hub, read_log
from hub.cli.running import run_on_loop
from projections import ALL
from projections.runner import Carrier
from tests.bench.ground import Place, unpacked
from tests.bench.task import tell


async def main(place: Place) -> None:
    """From empty tables with keys and indexes to the end of the log, with leases, as `hub work` does it."""
    async with open_hub(place.settings()) as hub:
        await _emptied(hub)
        events = (await hub.log.heads()).position
        began = time.perf_counter()
        projector = asyncio.create_task(run_projector(hub.pool, read_log(hub.settings, hub.log), hub.keys, ALL))
        # Asked again and again from outside, as nothing in it tells when it is at the end.
        while not await _reached(hub, events) and not projector.done():  # noqa: ASYNC110
            await asyncio.sleep(0.02)
        seconds = time.perf_counter() - began
        projector.cancel()
        await asyncio.wait([projector])
    tell(events=events, seconds=seconds)


async def _emptied(hub: Hub) -> None:
    await hub.pool.execute("TRUNCATE projection.position, projection.parked, projection.trouble, projection.lease")
    for projection in ALL:
        await hub.pool.execute(f'DROP SCHEMA IF EXISTS "{projection.schema}" CASCADE')
        await Carrier(hub.pool, projection).install()


async def _reached(hub: Hub, events: int) -> bool:
    """Whether all read models stand at the end."""
    rows = await hub.pool.fetch("SELECT sum(sequence)::bigint FROM projection.position GROUP BY model")
    return [row[0] for row in rows] == [events] * len(ALL)


if __name__ == "__main__":
    asked = unpacked(sys.argv[1])
    run_on_loop(main(asked), asked.settings())
