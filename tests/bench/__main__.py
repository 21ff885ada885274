"""`python -m tests.bench [--quick] [--only PART] [--json FILE]`: the figures of the README beside their peers."""

from __future__ import annotations

import argparse
import asyncio
import os
import time
from pathlib import Path

import orjson

from tests.bench.figures import Figure, table
from tests.bench.ground import servers
from tests.bench.measure import PARTS, measure
from tests.bench.size import FULL, QUICK, Size


def main() -> int:
    """The exit code: 1 where CI=true and something could not be measured."""
    parser = argparse.ArgumentParser(prog="python -m tests.bench", description=__doc__)
    parser.add_argument("--quick", action="store_true", help="fewer runs on less data, under 3 minutes")
    parser.add_argument("--only", choices=list(PARTS), help="one part of the figures")
    parser.add_argument("--json", type=Path, metavar="FILE", help="also write the figures as a JSON list")
    asked = parser.parse_args()
    size = QUICK if asked.quick else FULL
    began = time.perf_counter()
    figures = asyncio.run(_measured(size, asked.only))
    _print(figures, size, time.perf_counter() - began)
    if asked.json:
        asked.json.write_bytes(orjson.dumps([figure.as_json() for figure in figures], option=orjson.OPT_INDENT_2))
    incomplete = any(figure.value is None for figure in figures)
    return int(incomplete and os.environ.get("CI", "").lower() in {"1", "true"})


async def _measured(size: Size, only: str | None) -> list[Figure]:
    async with servers() as ground:
        print(f"{os.cpu_count()} cores, load {_load()} before the first measurement, fsync on", flush=True)
        if not ground.kafka:
            print(f"NO KAFKA, its figures are left out: {ground.why_no_kafka}", flush=True)
        return await measure(ground, size, only)


def _print(figures: list[Figure], size: Size, seconds: float) -> None:
    print(f"\n{table(figures)}\n")
    missed = [figure.name for figure in figures if figure.met is False]
    print(
        f"{len(figures)} figures in {seconds / 60:.1f} minutes, load {_load()}; missed: {', '.join(missed) or 'none'}"
    )
    if size is QUICK:
        print("QUICK: less data, where what is done once (starting processes, swapping schemas) weighs more.")


def _load() -> str:
    return " ".join(f"{load:.1f}" for load in os.getloadavg())


if __name__ == "__main__":
    raise SystemExit(main())
