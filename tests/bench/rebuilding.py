"""A rebuild of all read models, measured: `python -m tests.bench.rebuilding PLACE`."""

from __future__ import annotations

import sys
import time

from hub.bootstrap import RebuildSources, open_hub
from hub.cli.running import run_on_loop
from projections import ALL
from projections.rebuild import rebuild
from tests.bench.ground import Place, unpacked
from tests.bench.task import tell

PROCESSES = 2


async def main(place: Place) -> None:
    """Rebuild, swap, and see that every read model stands at the end of the log."""
    began = time.perf_counter()
    rebuilt = await rebuild(ALL, RebuildSources(place.settings(), place.dsn), processes=PROCESSES)
    seconds = time.perf_counter() - began
    async with open_hub(place.settings()) as hub:
        reached = await hub.pool.fetch("SELECT sum(sequence)::bigint FROM projection.position GROUP BY model")
    assert rebuilt.parked == 0
    assert [row[0] for row in reached] == [rebuilt.events] * len(ALL)
    tell(events=rebuilt.events, seconds=seconds)


if __name__ == "__main__":
    asked = unpacked(sys.argv[1])
    run_on_loop(main(asked), asked.settings())
