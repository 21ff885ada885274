"""Intake: decides submissions and writes what follows, many concurrent ones in one transaction.

The order inside the transaction is what keeps it right (design.md §7): lock the arrivals' keys, look up, decide in pure
code, append with the decision tables beside it. Two agencies that report the same new child in the same instant meet
at the lock, so they make one family.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Coroutine, Iterator, Mapping, Sequence
from contextlib import suppress
from functools import partial
from itertools import chain
from typing import Any, Final, TypeVar
from uuid import UUID

import asyncpg

from events.coalesce import Coalesced
from events.database import Connection, Pool
from events.envelope import Provenance
from events.keys import KeyDestroyed, PostgresKeys
from events.log import Append
from events.postgres_log import PostgresLog
from events.sealing import Key
from events.writing import keys_needed
from hub.arrival import Arrival, Decided, KeyReused, Outcome, Ready
from hub.deciders.recognising import Rules
from hub.deciders.submission import Deciding, Decision, case_reference
from hub.decision_tables import Overtaken, write_decisions
from hub.feature_seal import FeatureSeal
from hub.index import Index
from hub.looking_up import Repeats, find, lock
from hub.matching.described import describe
from hub.matching.known import Known
from hub.originals import Original, original_rows
from hub.submission import Referral, Submission

MOST_AT_ONCE: Final = 64
_LANES: Final = 2  # one batch is decided while PostgreSQL writes the other
_TRIES: Final = 5

A = TypeVar("A")
W = TypeVar("W")


class PostgresIntake:
    """`Intake` on PostgreSQL; the journal's append is its last statement."""

    def __init__(self, pool: Pool, log: PostgresLog, keys: PostgresKeys, index: Index, rules: Rules) -> None:
        self._pool = pool
        self._log = log
        self._keys = keys
        self._index = index
        self._rules = rules
        self._seal = FeatureSeal(index)
        self._coalesced: Coalesced[Ready, Decided] = Coalesced(self._work, MOST_AT_ONCE, _LANES, _keys)

    async def submit(self, arrival: Arrival) -> Decided:
        """Decide one. Raises `KeyReused`."""
        return await self._coalesced(self._ready(arrival))  # made ready while the batch before is written

    async def ready(self, arrivals: Sequence[Arrival]) -> list[Ready]:
        """Make many ready to be decided, while others run."""
        found: list[Ready] = []
        for arrival in arrivals:
            found.append(self._ready(arrival))
            await asyncio.sleep(0)
        return found

    async def decide(self, batch: Sequence[Ready]) -> list[Decided | KeyReused]:
        """Decide many in one transaction, in order."""
        return await self._together(batch) if batch else []

    async def _work(self, batch: Sequence[Ready]) -> Sequence[Decided | Exception]:
        """All together; if that fails, each apart, so that one cannot take the others with it."""
        try:
            return await self._together(batch)
        except Exception as failure:  # noqa: BLE001 - retried one by one, and answered to the one it belongs to
            if len(batch) == 1:
                return [failure]
        results: list[Decided | Exception] = []
        for ready in batch:
            try:
                results += await self._together([ready])
            except Exception as failure:  # noqa: BLE001
                results.append(failure)
        return results

    async def _together(self, batch: Sequence[Ready]) -> list[Decided | KeyReused]:
        """In one transaction, and again where another one was faster with the same people."""
        for tried in range(_TRIES - 1):
            # The second: no place for so many locks. The third: somebody was erased since they were looked up.
            with suppress(Overtaken, asyncpg.OutOfMemoryError, KeyDestroyed):
                return await self._once(batch, again=tried > 0)
        return await self._once(batch, again=True)

    async def _once(self, batch: Sequence[Ready], *, again: bool) -> list[Decided | KeyReused]:
        arrivals = [ready.arrival for ready in batch]
        people = [ready.people for ready in batch]
        async with self._pool.acquire() as connection, connection.transaction():
            await lock(connection, chain.from_iterable(people), arrivals, again=again)
            repeats, known = await find(connection, arrivals, people, self._references(arrivals), self._seal)
            likely = known.likely_keys(chain.from_iterable(people))
            peeked, (results, fresh) = await _meanwhile(
                self._keys.peek(connection, likely), partial(self._decide, batch, repeats, known)
            )
            if fresh:
                await self._write(connection, fresh, repeats, peeked)
        return results

    def _decide(
        self, batch: Sequence[Ready], repeats: Repeats, known: Known
    ) -> tuple[list[Decided | KeyReused], list[tuple[Arrival, Decision]]]:
        """The answer to each, and what is to be written; `repeats` and `known` are brought up to date."""
        deciding = Deciding(known, self._index, self._rules.matching(known.size))
        results: list[Decided | KeyReused] = []
        fresh: list[tuple[Arrival, Decision]] = []
        for arrival, described in batch:
            place = (arrival.agency.code, arrival.idempotency)
            earlier = repeats.get(place)
            if earlier is None:
                decision = deciding.decide(arrival, described)
                fresh.append((arrival, decision))
                decided = _decided(arrival, decision)
                repeats[place] = (arrival.fingerprint, decided)
                results.append(decided)
            elif earlier[0] != arrival.fingerprint:
                results.append(KeyReused())
            else:
                results.append(_repeated(earlier[1]))
        return results, fresh

    async def _write(
        self,
        connection: Connection,
        fresh: list[tuple[Arrival, Decision]],
        repeats: Repeats,
        peeked: Mapping[UUID, Key],
    ) -> None:
        originals = [
            Original(arrival, decision.key_id)
            for arrival, decision in fresh
            if arrival.original is not None and decision.key_id is not None
        ]
        appends = [Append(tuple(decision.drafts), _provenance(arrival)) for arrival, decision in fresh]
        needed = keys_needed(appends).union(each.key_id for each in originals)
        households = (decision.household for _, decision in fresh if decision.household)
        made = needed.intersection(chain.from_iterable(each.made for each in households))
        keys = await self._keys.ensure(connection, needed - made - peeked.keys())
        made_keys, key_rows = self._keys.make(made)
        keys |= {**made_keys, **peeked}
        rows = self._keys.hold(needed & peeked.keys()), key_rows, *original_rows(keys, originals)
        _, prepared = await _meanwhile(
            write_decisions(connection, fresh, self._seal, *rows), partial(self._log.prepare, appends, keys)
        )
        written = await self._log.append_within(connection, appends, prepared)
        for (arrival, _), records in zip(fresh, written, strict=True):
            decided = repeats[arrival.agency.code, arrival.idempotency][1]
            for record in records:
                decided.places[record.partition] = record.sequence

    def _ready(self, arrival: Arrival) -> Ready:
        told = arrival.read
        return Ready(arrival, describe(told, arrival.agency.code, self._index) if isinstance(told, Submission) else ())

    def _references(self, arrivals: Sequence[Arrival]) -> list[tuple[str, str]]:
        """(agency, hashed case reference) of the referrals that name one."""
        return [
            (arrival.agency.code, case_reference(arrival.agency.code, arrival.read, self._index))
            for arrival in arrivals
            if isinstance(arrival.read, Referral) and arrival.read.source.case_reference
        ]


async def _meanwhile(asked: Coroutine[Any, Any, A], work: Callable[[], W]) -> tuple[A, W]:
    """What PostgreSQL answers, and what is worked out while it does."""
    asking = asyncio.create_task(asked)
    try:
        await asyncio.sleep(0)  # it is sent
        worked = work()
    finally:
        answer = await asking
    return answer, worked


def _keys(ready: Ready) -> Iterator[object]:
    """What no two batches may both be about at a time: the match keys of the people, and the idempotency key."""
    yield ready.arrival.agency.code, ready.arrival.idempotency
    for described in ready.people:
        yield from described.keys


def _provenance(arrival: Arrival) -> Provenance:
    told = arrival.read
    if isinstance(told, Submission):
        basis, purpose = told.lawful_basis, told.purpose
    else:  # nothing was agreed yet: kept under the public task, for the first purpose the agency has
        basis, purpose = arrival.agency.default_basis, arrival.agency.default_purpose
    return Provenance(arrival.agency.code, arrival.actor, basis, purpose, arrival.correlation_id)


def _decided(arrival: Arrival, decision: Decision) -> Decided:
    return Decided(
        arrival.submission_id,
        arrival.received_at,
        decision.outcome,
        decision.code,
        decision.detail,
        decision.pointer,
    )


def _repeated(earlier: Decided) -> Decided:
    return Decided(earlier.submission_id, earlier.received_at, Outcome(earlier.outcome), earlier.code, repeated=True)
