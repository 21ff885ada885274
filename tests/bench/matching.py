"""Finding who somebody is in a register of 300,000: how long one arrival takes, and how many people a second.

The peer is a search by trigrams of the name (`pg_trgm`, similarity of 0.3 and more, the 20 most alike) on the same
people, with a weighted sum of likenesses after it, as much matching software does it.
"""

from __future__ import annotations

import time
from collections.abc import Iterator
from itertools import chain, islice
from random import Random

from hub.bootstrap import Hub, open_hub
from hub.deciders.recognising import Recognising, Rules
from hub.deciders.whose_family import WhoseFamily
from hub.feature_seal import FeatureSeal
from hub.looking_up import find_known, lock
from hub.matching.model import shipped
from hub.submission import Referral
from hub.synth.slips import mistyped
from tests.bench.figures import Figure, against
from tests.bench.filling import arrival_of, registered
from tests.bench.ground import Place, database
from tests.bench.load import percentile
from tests.bench.register import SEED, described, fill_register, referrals
from tests.bench.size import Size, label
from tests.bench.trigrams import Trigrams

_AT_ONCE = 64
_STRANGERS = SEED + 1


async def matching_figures(ground: Place, size: Size) -> list[Figure]:
    """p95 of one arrival through the whole intake, people matched a second, and the same beside the peer."""
    async with database(ground, "bench_match") as place, open_hub(place.settings()) as hub:
        await fill_register(hub, size.register)
        print(f"  a register of {label(size.register)} people", flush=True)
        alone = [await _alone(hub, size.arrivals, run) for run in range(size.runs)]
        rates = [await _rate(hub, size.arrivals, run) for run in range(size.runs)]
        peer = await Trigrams.of(hub, size.register)
        peers = [await peer.rate(_told(size.arrivals, run), hub) for run in range(size.runs)]
    rate = Figure("match.rate", "people/s", 1_000, tuple(rates))
    return [
        Figure("match.arrival.p95", "ms", 10, tuple(alone), at_most=True),
        rate,
        against(rate, "trigram", peers, 10.0),
    ]


async def _alone(hub: Hub, count: int, run: int) -> float:
    """The 95th percentile in ms of arrivals one after the other, each in a transaction of its own."""
    agency = await registered(hub)
    taken: list[float] = []
    for referral in _told(count, run):
        arrival = arrival_of(hub, agency, referral.model_dump_json().encode(), referral)
        began = time.perf_counter()
        await hub.intake.submit(arrival)
        taken.append(1_000 * (time.perf_counter() - began))
    return percentile(taken, 95)


async def _rate(hub: Hub, count: int, run: int) -> float:
    """Keys, look-up, features opened, scores and the choice; nothing is written."""
    seal, rules = FeatureSeal(hub.index), Rules(shipped(), 10, 500)
    told = list(_told(4 * count, run))
    done = 0
    began = time.perf_counter()
    for start in range(0, len(told), _AT_ONCE):
        people = [described(hub, referral) for referral in told[start : start + _AT_ONCE]]
        async with hub.pool.acquire() as connection, connection.transaction():
            await lock(connection, chain.from_iterable(people), ())
            known = await find_known(connection, people, (), seal)
        recognising = Recognising(known, rules.matching(known.size))
        for each in people:
            done += len(WhoseFamily(known, recognising, each).settle()[1])
    return done / (time.perf_counter() - began)


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
