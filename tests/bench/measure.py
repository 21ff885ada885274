"""The order of the measurements. What is compared is measured in turn, so that it shares its weather."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Awaitable, Callable, Mapping, Sequence
from typing import Final

from tests.bench.figures import Figure, against
from tests.bench.filling import fill
from tests.bench.ground import Place, database
from tests.bench.latency import latency_figure
from tests.bench.load import api_figures
from tests.bench.matched_roll import matched_roll_figures
from tests.bench.matching import matching_figures
from tests.bench.matching_quality import quality_figures
from tests.bench.roll import roll_figures
from tests.bench.size import Size, label
from tests.bench.task import Done, run_task

RATE = 20_000
_OVER = {"pyeventsourcing": 10.0, "FastStream": 5.0, "bare limit": 0.5}
_STEADY = 0.85
_MEGABYTES = 400

Runs = defaultdict[str, list[Done]]


async def measure(ground: Place, size: Size, only: str | None = None) -> list[Figure]:
    """Every figure, in the order of the table, or those of one of `PARTS`."""
    figures: list[Figure] = []
    for name, part in PARTS.items():
        if only in (None, name):
            print(f"Part: {name}", flush=True)
            figures += await part(ground, size)
    return figures


async def _carrying(ground: Place, size: Size) -> list[Figure]:
    runs: Runs = defaultdict(list)
    async with database(ground, "bench_small") as small:
        print(f"Filling a journal through intake: {await fill(small, size.small, (1, 2)):,} events", flush=True)
        await _small_rounds(ground, small, size, runs)
        async with database(ground, "bench_large", template="bench_small") as large:
            print(f"Filling on: {await fill(large, size.large, (3, 4)):,} events", flush=True)
            await _large_rounds(ground, large, size, runs)
    figures = _rebuild_figures(size, runs)
    figures.append(Figure("live.projection", "events/s", 10_000, _rates(runs["live"])))
    figures.append(Figure("relay", "events/s", 15_000, _rates(runs["relay"])))
    return figures


async def _doors(ground: Place, size: Size) -> list[Figure]:
    figures = [await latency_figure(ground, size, engine) for engine in ("embedded", "kafka")]
    figures += await api_figures(ground, size)
    return figures + await roll_figures(ground, size)


async def _matching(ground: Place, size: Size) -> list[Figure]:
    figures = await matching_figures(ground, size)
    return figures + await matched_roll_figures(ground, size)


async def _quality(_: Place, size: Size) -> list[Figure]:
    return quality_figures(size)


PARTS: Final[Mapping[str, Callable[[Place, Size], Awaitable[list[Figure]]]]] = {
    "carrying": _carrying,
    "doors": _doors,
    "matching": _matching,
    "quality": _quality,
}


async def _small_rounds(ground: Place, small: Place, size: Size, runs: Runs) -> None:
    async with database(ground, "bench_peer") as peer:
        for number in range(size.runs):
            print(f"Round {number + 1} of {size.runs}: rebuild, peers, bare limit, live projection, relay", flush=True)
            runs["journal small"].append(await run_task("rebuilding", small))
            runs["bare journal"].append(await run_task("bare", small))
            runs["pyeventsourcing"].append(await run_task("eventsourcing_peer", peer, str(size.peer)))
            if ground.kafka:
                relayed = small.relayed_to(f"bench-small-{number}")
                runs["relay"].append(await run_task("relaying", relayed))
                runs["kafka small"].append(await run_task("rebuilding", relayed))
                runs["bare kafka"].append(await run_task("bare", relayed))
                runs["FastStream"].append(await run_task("faststream_peer", peer, str(size.peer)))
            runs["live"].append(await run_task("projecting", small))


async def _large_rounds(ground: Place, large: Place, size: Size, runs: Runs) -> None:
    relayed = large.relayed_to("bench-large")
    if ground.kafka:
        await run_task("relaying", relayed)
    for number in range(size.runs):
        print(f"Round {number + 1} of {size.runs}: rebuild of {label(size.large)} events", flush=True)
        runs["journal large"].append(await run_task("rebuilding", large))
        if ground.kafka:
            runs["kafka large"].append(await run_task("rebuilding", relayed))


def _rebuild_figures(size: Size, runs: Runs) -> list[Figure]:
    figures: list[Figure] = []
    for engine in ("journal", "kafka"):
        small, large = runs[f"{engine} small"], runs[f"{engine} large"]
        first = Figure(f"rebuild.{engine}.{label(size.small)}", "events/s", RATE, _rates(small))
        second = Figure(f"rebuild.{engine}.{label(size.large)}", "events/s", RATE, _rates(large))
        figures.append(first)
        for peer, factor in _OVER.items():
            rates = _rates(runs[f"bare {engine}" if peer == "bare limit" else peer])
            figures.append(against(first, peer, rates, factor))
        figures.append(second)
        figures.append(against(second, label(size.small), first.runs, _STEADY))
        memory = tuple(done.megabytes for done in large)
        figures.append(Figure(f"{second.name}.memory", "MB", _MEGABYTES, memory, at_most=True))
    return figures


def _rates(runs: Sequence[Done]) -> tuple[float, ...]:
    return tuple(done.rate for done in runs)
