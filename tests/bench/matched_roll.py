"""A school roll against a register that knows two in five of its pupils already, as an earlier roll told of them.

The whole way: CTF file over HTTP, connector, matching, decision, sealed events, durable commit. The same intake makes
the register: with the adults around them, 57,600 pupils are some 150,000 people.
"""

from __future__ import annotations

import asyncio
from datetime import datetime
from pathlib import Path
from random import Random

from hub.bootstrap import open_hub
from hub.synth.agencies import SCHOOLS
from hub.synth.ctf import roll, write
from hub.synth.people import Child, Family
from hub.synth.slips import as_known
from tests.bench.figures import Figure
from tests.bench.filling import last_week
from tests.bench.ground import Place, database
from tests.bench.http import token
from tests.bench.process import serving
from tests.bench.roll import send_roll
from tests.bench.size import FULL, Size, label

_SEED = 21
_TEN_MINUTES = 600


async def matched_roll_figures(ground: Place, size: Size) -> list[Figure]:
    """Seconds from the first byte sent to the receipt."""
    async with database(ground, "bench_matched_roll") as empty:
        rolls = Path(empty.folder) / "before.ctf.xml", Path(empty.folder) / "now.ctf.xml"
        for path, pupils in zip(rolls, (size.enrolled, size.pupils), strict=True):
            await asyncio.to_thread(_write, path, pupils)
        async with serving(empty) as (place, _):
            bearer = await token(place)
            await send_roll(place, rolls[0], bearer)
            people, doubts = await _known(empty)
            began = asyncio.get_running_loop().time()
            bearer = await token(place)  # the first may have expired meanwhile
            receipt = await send_roll(place, rolls[1], bearer)
            seconds = asyncio.get_running_loop().time() - began
        doubts = (await _known(empty))[1] - doubts
    assert (receipt["items"], receipt["refused_count"]) == (size.pupils, 0), receipt
    print(f"  roll of {label(size.pupils)} against {people:,} people: {doubts:,} doubts")
    limit = _TEN_MINUTES * size.pupils / FULL.pupils
    return [Figure(f"match.roll.{label(size.pupils)}", "s", limit, (seconds,), at_most=True)]


async def _known(place: Place) -> tuple[int, int]:
    """People who are known, and how often a person was asked about one."""
    async with open_hub(place.settings()) as hub:
        people: int = await hub.pool.fetchval("SELECT count(*) FROM decide.person")
        doubts: int = await hub.pool.fetchval("SELECT count(*) FROM log.event WHERE type = 'person.doubted'")
        return people, doubts


def _write(path: Path, pupils: int) -> None:
    """The first pupils of one and the same roll, each as some system has them: no two rolls slip in the same places."""
    rng = Random(f"roll of {pupils}")
    at = datetime.combine(last_week(), datetime.min.time())
    with path.open("wb") as out:
        write(out, SCHOOLS[0], at, (_slipped(*each, rng) for each in roll(pupils, _SEED, last_week())), rng)


def _slipped(family: Family, child: Child, rng: Random) -> tuple[Family, Child]:
    known, _ = as_known(family, rng)
    return known, next(each for each in known.children if each.key == child.key)
