"""A school roll against a register that knows half of its pupils already, as other agencies wrote them down.

The whole way: CTF file over HTTP, connector, matching, decision, sealed events, durable commit.
"""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from datetime import datetime
from io import BytesIO
from itertools import islice
from pathlib import Path
from random import Random
from typing import BinaryIO, cast

from hub.bootstrap import open_hub
from hub.connectors import CONNECTORS
from hub.submission import InformationReceipt, Submission
from hub.synth.agencies import SCHOOLS
from hub.synth.ctf import roll, write
from hub.synth.people import Child, Family
from hub.synth.slips import as_known
from tests.bench.figures import Figure
from tests.bench.filling import last_week
from tests.bench.ground import Place, database
from tests.bench.http import token
from tests.bench.process import serving
from tests.bench.register import fill_register
from tests.bench.roll import send_roll
from tests.bench.size import FULL, Size, label

_SEED = 21
_TEN_MINUTES = 600
_A_FILE = 1_000  # pupils in memory at once while the register is filled


async def matched_roll_figures(ground: Place, size: Size) -> list[Figure]:
    """Seconds from the first byte sent to the receipt."""
    async with database(ground, "bench_matched_roll") as empty:
        path = Path(empty.folder) / "matched.ctf.xml"
        with path.open("wb") as out:
            await asyncio.to_thread(_write, out, size)
        async with open_hub(empty.settings()) as hub:
            await fill_register(hub, size.enrolled, _enrolled(size))
        async with serving(empty) as (place, _):
            bearer = await token(place)
            began = asyncio.get_running_loop().time()
            receipt = await send_roll(place, path, bearer)
            seconds = asyncio.get_running_loop().time() - began
        async with open_hub(empty.settings()) as hub:
            doubts = await hub.pool.fetchval("SELECT count(*) FROM log.event WHERE type = 'person.doubted'")
    assert (receipt["items"], receipt["refused_count"]) == (size.pupils, 0), receipt
    print(f"  roll of {label(size.pupils)} against {label(size.enrolled)}: {doubts:,} doubts")
    limit = _TEN_MINUTES * size.pupils / FULL.pupils
    return [Figure(f"match.roll.{label(size.pupils)}", "s", limit, (seconds,), at_most=True)]


def _pupils(size: Size) -> Iterator[tuple[Family, Child]]:
    return roll(size.enrolled + size.pupils, _SEED, last_week())


def _write(out: BinaryIO, size: Size) -> None:
    """The second half of those enrolled, each as another system has them, and as many pupils nobody knows."""
    rng = Random(_SEED)
    at = datetime.combine(last_week(), datetime.min.time())
    half = size.pupils // 2
    some = islice(_pupils(size), size.enrolled // 2, size.enrolled // 2 + half)
    others = islice(_pupils(size), size.enrolled, size.enrolled + size.pupils - half)
    told = (_slipped(family, child, rng) for part in (some, others) for family, child in part)
    write(out, SCHOOLS[0], at, told, rng)


def _slipped(family: Family, child: Child, rng: Random) -> tuple[Family, Child]:
    known, _ = as_known(family, rng)
    return known, next(each for each in known.children if each.key == child.key)


def _enrolled(size: Size) -> Iterator[Submission]:
    """What the school's roll of an earlier year told."""
    rng, pupils = Random(_SEED), _pupils(size)
    at = datetime.combine(last_week(), datetime.min.time())
    while some := list(islice(pupils, _A_FILE)):
        out = BytesIO()
        write(out, SCHOOLS[0], at, some, rng)
        for item in CONNECTORS["ctf"].read(cast("BinaryIO", BytesIO(out.getvalue()))):
            assert isinstance(item.read, InformationReceipt)
            yield item.read
