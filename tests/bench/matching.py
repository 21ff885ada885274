"""Finding who somebody is in a register of 300,000: how long one arrival takes, and how many people a second.

The peer is a search by trigrams of the name (`pg_trgm`, similarity of 0.3 and more, the 20 most alike) on the same
people, with a weighted sum of likenesses after it, as much matching software does it.
"""

from __future__ import annotations

from hub.bootstrap import open_hub
from tests.bench.figures import Figure, against
from tests.bench.ground import Place, database
from tests.bench.register import fill_register
from tests.bench.size import Size, label
from tests.bench.task import run_task
from tests.bench.trigrams import fill_trigrams


async def matching_figures(ground: Place, size: Size) -> list[Figure]:
    """p95 of one arrival, its matching and all of intake; people matched a second, and the same beside the peer."""
    async with database(ground, "bench_match") as place:
        async with open_hub(place.settings()) as hub:
            await fill_register(hub, size.register)
            await fill_trigrams(hub, size.register)
        print(f"  a register of {label(size.register)} people", flush=True)
        runs = [await run_task("recognising", place, str(size.arrivals), str(run)) for run in range(size.runs)]
    matched, alone, rates, peers = (tuple(r.told[name] for r in runs) for name in ("matched", "alone", "rate", "peer"))
    rate = Figure("match.rate", "people/s", 1_000, rates)
    return [
        Figure("match.one.p95", "ms", 10, matched, at_most=True),
        Figure("match.arrival.p95", "ms", 10, alone, at_most=True),
        rate,
        against(rate, "trigram", peers, 10.0),
    ]
