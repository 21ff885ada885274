"""Runs one measurement in a process of its own, so that none inherits another's memory, and watches what it takes."""

from __future__ import annotations

import asyncio
import sys
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

import orjson

from tests.bench.ground import Place, installed_environment

ROOT = Path(__file__).resolve().parents[2]


@dataclass(frozen=True, slots=True)
class Done:
    """What a task told, and the peak resident memory of its processes together, in MB."""

    told: Mapping[str, float]
    megabytes: float

    @property
    def rate(self) -> float:
        """Events a second."""
        return self.told["events"] / self.told["seconds"]


class TaskFailed(Exception):
    """A measurement ended with an error; its own output says why."""


async def run_task(module: str, place: Place, *arguments: str) -> Done:
    """Run `tests.bench.<module>` and read the one line that it writes; raises `TaskFailed`."""
    process = await asyncio.create_subprocess_exec(
        sys.executable,
        "-m",
        f"tests.bench.{module}",
        place.packed(),
        *arguments,
        cwd=ROOT,
        env=installed_environment(),
        stdout=asyncio.subprocess.PIPE,
    )
    watching = asyncio.create_task(_peak(process.pid))
    output, _ = await process.communicate()
    megabytes = await watching
    if process.returncode:
        raise TaskFailed(module)
    return Done(orjson.loads(output.splitlines()[-1]), megabytes)


def tell(**told: float) -> None:
    """The one line of a task."""
    print(orjson.dumps(told).decode(), flush=True)


async def _peak(pid: int) -> float:
    """The sum of the peaks of a process and its descendants, in MB, until it ends.

    The kernel's own high-water mark (`VmHWM`), read again and again: what is missed is at most the last 0.2 s of each.
    """
    peaks: dict[int, int] = {}
    while _high_water(pid):
        for each in _family(pid):
            peaks[each] = max(peaks.get(each, 0), _high_water(each))
        await asyncio.sleep(0.2)
    return sum(peaks.values()) / 1024


def _family(pid: int) -> list[int]:
    """A process and its descendants. Far cheaper than a search among all processes."""
    found = [pid]
    with suppress(OSError):
        for thread in Path(f"/proc/{pid}/task").iterdir():
            for child in (thread / "children").read_text("ascii").split():
                found += _family(int(child))
    return found


def _high_water(pid: int) -> int:
    """kB; 0 for a process that has ended."""
    with suppress(OSError):
        for line in Path(f"/proc/{pid}/status").read_text("ascii", "replace").splitlines():
            if line.startswith("VmHWM:"):
                return int(line.split()[1])
    return 0
