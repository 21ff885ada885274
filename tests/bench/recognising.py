"""Who somebody is, in a filled register, and a peer beside it: `python -m tests.bench.recognising PLACE COUNT RUN`.

In a process that runs as `hub serve` does: its event loop, and as seldom a search for cycles.
"""

from __future__ import annotations

import sys
import time
from collections.abc import Awaitable, Iterable, Iterator, Sequence
from itertools import chain, islice
from random import Random

from events.collecting import fewer_collections
from hub.bootstrap import Hub, open_hub
from hub.cli.running import run_on_loop
from hub.deciders.recognising import Recognising, Rules
from hub.deciders.whose_family import WhoseFamily
from hub.feature_seal import FeatureSeal
from hub.looking_up import find, lock
from hub.matching.model import shipped
from hub.submission import Referral
from hub.synth.slips import mistyped
from tests.bench.filling import arrival_of, registered
from tests.bench.ground import Place, unpacked
from tests.bench.load import percentile
from tests.bench.register import SEED, described, referrals
from tests.bench.task import tell
from tests.bench.trigrams import trigram_rate

_AT_ONCE = 64
_STRANGERS = SEED + 1
_RULES = Rules(shipped(), 10, 500)


async def main(place: Place, count: int, run: int) -> None:
    """People a second, and how many the peer finds; the p95 in ms of `count` arrivals: matching, all of intake."""
    async with open_hub(place.settings()) as hub:
        seal = FeatureSeal(hub.index)
        rate = await _rate(hub, seal, count, run)
        peer = await trigram_rate(_told(count, run), hub)
        matched = await _matched(hub, seal, count, run)
        tell(rate=rate, peer=peer, matched=matched, alone=await _alone(hub, count, run))


async def _alone(hub: Hub, count: int, run: int) -> float:
    """Arrivals one after the other through all of intake, each in a transaction of its own."""
    agency = await registered(hub)
    return await _p95(
        hub.intake.submit(arrival_of(hub, agency, referral.model_dump_json().encode(), referral))
        for referral in _told(2 * count, run)
    )


async def _matched(hub: Hub, seal: FeatureSeal, count: int, run: int) -> float:
    """The same of matching alone: nothing is written."""
    return await _p95(_settled(hub, seal, [referral]) for referral in _told(2 * count, run))


async def _p95(one_by_one: Iterable[Awaitable[object]]) -> float:
    """The 95th percentile in ms of the second half.

    The first is not counted: of a server that runs, connections are open and statements prepared.
    """
    taken: list[float] = []
    for each in one_by_one:
        began = time.perf_counter()
        await each
        taken.append(1_000 * (time.perf_counter() - began))
    return percentile(taken[len(taken) // 2 :], 95)


async def _rate(hub: Hub, seal: FeatureSeal, count: int, run: int) -> float:
    """People a second, many referrals in a transaction; nothing is written."""
    told = list(_told(4 * count, run))
    began = time.perf_counter()
    done = sum([await _settled(hub, seal, told[start : start + _AT_ONCE]) for start in range(0, len(told), _AT_ONCE)])
    return done / (time.perf_counter() - began)


async def _settled(hub: Hub, seal: FeatureSeal, referrals: Sequence[Referral]) -> int:
    """Of how many it was settled who they are: keys, locks, look-up, features opened, scores and the choice."""
    people = [described(hub, referral) for referral in referrals]
    async with hub.pool.acquire() as connection, connection.transaction():
        await lock(connection, chain.from_iterable(people), ())
        _, known = await find(connection, (), people, (), seal)
        recognising = Recognising(known, _RULES.matching(known.size))
        return sum(len(WhoseFamily(known, recognising, each).settle()[1]) for each in people)


def _told(count: int, run: int) -> Iterator[Referral]:
    """Half of them about people on the register, none with a number, some with a name mistyped; half about others."""
    rng = Random(run)
    known, strangers = (islice(referrals(seed), 2 * run * count, None) for seed in (SEED, _STRANGERS))
    for number in range(count):
        yield _without_numbers(next(known if number % 2 else strangers), rng)


def _without_numbers(referral: Referral, rng: Random) -> Referral:
    people = [referral.subject, *referral.siblings, *referral.adults]
    changed = [person.model_copy(update={"identifiers": (), "contacts": ()}) for person in people]
    family = referral.subject.name.family
    if family and rng.random() < 0.25:
        name = referral.subject.name.model_copy(update={"family": mistyped(family, rng)})
        changed[0] = changed[0].model_copy(update={"name": name})
    siblings = len(referral.siblings)
    return referral.model_copy(
        update={
            "subject": changed[0],
            "siblings": tuple(changed[1 : 1 + siblings]),
            "adults": tuple(changed[1 + siblings :]),
        }
    )


if __name__ == "__main__":
    asked = unpacked(sys.argv[1])
    with fewer_collections():
        run_on_loop(main(asked, int(sys.argv[2]), int(sys.argv[3])), asked.settings())
