"""Fills the decision tables with as many people as a county has, by the code that intake writes them with.

What they are is not looked up first: everybody is new, so a register of 300,000 stands within two minutes. The events
are left out; nothing that is measured here reads them.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import chain, islice
from uuid import uuid4

from hub.arrival import Agency, Arrival, Outcome
from hub.bootstrap import Hub
from hub.deciders.household import Household
from hub.deciders.submission import Decision
from hub.decision_tables import write_decisions
from hub.feature_seal import FeatureSeal
from hub.matching.described import Described, describe
from hub.matching.known import KnownFamily, KnownPerson
from hub.submission import Referral, Submission
from hub.synth.referrals import referral_bodies
from tests.bench.filling import SENDER, arrival_of, last_week, registered

_BATCH = 500
_ENDLESS = 10_000_000
SEED = 11


async def fill_register(hub: Hub, people: int) -> None:
    """Write those of `referrals` until there are that many people or a few more."""
    agency, seal = await registered(hub), FeatureSeal(hub.index)
    source = referrals(SEED)
    written = 0
    while written < people:
        fresh = [_new(hub, agency, submission) for submission in islice(source, _BATCH)]
        households = [decision.household for _, decision in fresh if decision.household]
        async with hub.pool.acquire() as connection, connection.transaction():
            await connection.execute("SET LOCAL synchronous_commit = off")
            _, keys = hub.keys.make(chain.from_iterable(each.made for each in households))
            await write_decisions(connection, fresh, seal, keys)
        written += sum(len(each.people) for each in households)
    await hub.pool.execute("VACUUM ANALYZE")  # as of an install that has stood for a while
    await hub.pool.execute("CHECKPOINT")


def referrals(seed: int) -> Iterator[Referral]:
    """Invented referrals, always the same for one seed."""
    return (Referral.model_validate_json(body) for body in referral_bodies(_ENDLESS, seed, last_week()))


def described(hub: Hub, submission: Submission) -> list[Described]:
    """Everybody in it, as intake describes them."""
    return describe(submission, SENDER, hub.index)


def _new(hub: Hub, agency: Agency, submission: Submission) -> tuple[Arrival, Decision]:
    household = _household(described(hub, submission))
    arrival = arrival_of(hub, agency, b"", submission)
    return arrival, Decision(Outcome.ACCEPTED, household=household)


def _household(people: Sequence[Described]) -> Household:
    family_id, matter_id = uuid4(), uuid4()
    household = Household(KnownFamily(family_id, family_id, matter_id, "TRIAGE"), matter_id, made={matter_id})
    for each in people:
        person_id = uuid4()
        household.people.append(person_id)
        household.made.add(person_id)
        household.touched.append(
            KnownPerson(person_id, family_id, person_id, 0, each.described, opened=[each.features])
        )
        household.keys += [(key, person_id) for key in (*each.keys, each.words)]
    return household
