"""`POST /v1/referrals` end to end: token, validation, matching, sealing, durable commit.

Once with the projectors beside it, as an install runs, and once without, as the target is worded.
"""

from __future__ import annotations

import asyncio
import math
import time
from collections.abc import Iterator, Sequence
from typing import NamedTuple

from hub.synth.referrals import referral_bodies
from tests.bench.figures import Figure
from tests.bench.filling import last_week
from tests.bench.ground import Place, database
from tests.bench.http import Connection, connections, referral, token
from tests.bench.process import serving, working
from tests.bench.size import Size

CLIENTS = 32
_WARM_UP_SECONDS = 2.0
_MOST_A_SECOND = 1_500  # bodies made beforehand: more than any run can use


class Run(NamedTuple):
    """Referrals accepted a second, the 99th percentile of their times in ms, and the client's own share of a core."""

    rate: float
    p99: float
    client: float


async def api_figures(ground: Place, size: Size) -> list[Figure]:
    """Rate and 99th percentile with 32 clients that never pause."""
    async with database(ground, "bench_api") as empty, serving(empty) as (place, _):
        bearer = await token(place)
        async with connections(place.port, CLIENTS) as clients:
            await _press(clients, _requests(0, _WARM_UP_SECONDS, bearer), _WARM_UP_SECONDS)
            alone = [await _run(clients, number, size, bearer) for number in range(1, size.runs + 1)]
            async with working(place):
                beside = [await _run(clients, -number, size, bearer) for number in range(1, size.runs + 1)]
    busy = max(run.client for run in (*alone, *beside))
    print(f"  POST /v1/referrals: the load generator itself took {busy:.0%} of a core")
    return [
        Figure("api.referrals", "per s", 500, tuple(run.rate for run in alone)),
        Figure("api.referrals.p99", "ms", 250, tuple(run.p99 for run in alone), at_most=True),
        Figure("api.referrals.beside_projectors", "per s", None, tuple(run.rate for run in beside)),
        Figure("api.referrals.beside_projectors.p99", "ms", 250, tuple(run.p99 for run in beside), at_most=True),
    ]


async def _run(clients: Sequence[Connection], number: int, size: Size, bearer: str) -> Run:
    return await _press(clients, _requests(number, size.api_seconds, bearer), size.api_seconds)


def _requests(seed: int, seconds: float, bearer: str) -> Iterator[bytes]:
    bodies = referral_bodies(int(seconds * _MOST_A_SECOND), seed, last_week())
    return iter([referral(body, bearer) for body in bodies])


async def _press(clients: Sequence[Connection], requests: Iterator[bytes], seconds: float) -> Run:
    """Everybody sends the next one as soon as the last is answered."""
    loop = asyncio.get_running_loop()
    began, busy = loop.time(), time.process_time()
    taken: list[float] = []

    async def press(client: Connection) -> None:
        while (sent := loop.time()) < began + seconds:
            answer = await client.send(next(requests))
            assert answer.status == 201, answer.body
            taken.append(answer.at - sent)

    await asyncio.gather(*(press(client) for client in clients))
    lasted = loop.time() - began
    return Run(len(taken) / lasted, 1_000 * percentile(taken, 99), (time.process_time() - busy) / lasted)


def percentile(values: Sequence[float], percent: float) -> float:
    """The smallest value that this share of the values does not exceed."""
    return sorted(values)[max(0, math.ceil(len(values) * percent / 100) - 1)]
