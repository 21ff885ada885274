"""The projector: carries the log into the read models, in as many processes as are started.

Each process holds leases on some partitions and follows those, opening every batch once for all read models. A read
model that fails for a reason of its own goes on alone, ever more slowly, while the others stay at the pace of the log.
A record that does not open halts its partition in this process, which gives it back: one of a newer release may know
the record. Where nobody does, it halts for all until a person has looked.
"""

from __future__ import annotations

import asyncio
import random
import time
from collections.abc import Sequence
from collections.abc import Set as AbstractSet
from contextlib import aclosing, suppress
from dataclasses import dataclass, field

import structlog

from events.collecting import fewer_collections
from events.database import Pool
from events.kafka_codec import Unreadable
from events.keys import KeyRing
from events.log import EventLog, Gap, Tampered
from projections.lease import Leases
from projections.opening import open_batch
from projections.parking import Caps
from projections.progress import end_trouble, note_trouble
from projections.projection import Projection
from projections.runner import INFRASTRUCTURE, Carrier, Overtaken

log = structlog.get_logger(__name__)

WHOLE_MODEL = -1
EVERY_MODEL = "*"


@dataclass(frozen=True, slots=True)
class ProjectorPace:
    """How long the projector waits, in seconds. Read models further apart than `together` events share no batches.

    After a batch of fewer than `small` events it rests `rest` times as long as that took: at a low load that is no time
    to speak of, and in a busy hour one transaction of each read model carries what otherwise would take three.
    """

    lease: float = 10.0
    parked: float = 2.0
    first_wait: float = 0.2
    longest_wait: float = 30.0
    together: int = 1_000
    small: int = 500
    rest: float = 2.0


async def run_projector(
    pool: Pool,
    events: EventLog,
    keys: KeyRing,
    projections: Sequence[Projection],
    pace: ProjectorPace | None = None,
    caps: Caps | None = None,
) -> None:
    """Carry for ever; cancel it to stop, which gives the leases back."""
    with fewer_collections():
        await Projector(pool, events, keys, projections, pace or ProjectorPace(), caps or Caps()).run()


@dataclass
class _Pause:
    """A growing wait with jitter, so that workers do not come back in step."""

    first: float
    longest: float
    failures: int = field(default=0)

    async def __call__(self) -> None:
        longest = min(self.longest, self.first * 2 ** min(self.failures, 16))
        self.failures += 1
        await asyncio.sleep(random.uniform(longest / 2, longest))  # noqa: S311 - jitter


class Projector:
    """One projector process."""

    def __init__(
        self,
        pool: Pool,
        events: EventLog,
        keys: KeyRing,
        projections: Sequence[Projection],
        pace: ProjectorPace,
        caps: Caps,
    ) -> None:
        self._pool = pool
        self._events = events
        self._keys = keys
        self._pace = pace
        self._leases = Leases(pool, pace.lease)
        self._carriers = [Carrier(pool, projection, self._leases.epochs, caps=caps) for projection in projections]
        self._changed = asyncio.Event()

    async def run(self) -> None:
        """Until cancelled."""
        pause = self._pause()
        while True:
            try:
                await self._leases.install((await self._events.heads()).sequences)
                for carrier in self._carriers:
                    await carrier.install()
                async with asyncio.TaskGroup() as tasks:
                    tasks.create_task(self._keep_leases(pause))
                    tasks.create_task(self._follow_leases(tasks))
                    tasks.create_task(self._retry_parked())
            except Exception as failure:  # noqa: BLE001 - database or log is away: nothing is lost, try again
                causes = failure.exceptions if isinstance(failure, ExceptionGroup) else (failure,)
                log.warning("projector interrupted", failure=type(causes[0]).__name__)
            finally:
                with suppress(Exception):  # the leases run out by themselves
                    await asyncio.wait_for(asyncio.shield(self._leases.release()), 2)
            await pause()

    def _pause(self) -> _Pause:
        return _Pause(self._pace.first_wait, self._pace.longest_wait)

    async def _keep_leases(self, pause: _Pause) -> None:
        while True:
            if await self._leases.renew():
                log.info("projector leases changed", count=len(self._leases.epochs))
                self._changed.set()
            await asyncio.sleep(self._pace.lease / 4)
            pause.failures = 0

    async def _follow_leases(self, tasks: asyncio.TaskGroup) -> None:
        """Follow what is held; begin again whenever that changes."""
        while True:
            self._changed.clear()
            following = tasks.create_task(self._follow_held(frozenset(self._leases.epochs)))
            await self._changed.wait()
            following.cancel()
            await asyncio.wait([following])

    async def _follow_held(self, held: AbstractSet[int]) -> None:
        if not held:
            return
        # What stood still before this start is tried anew, and noted again if it is still so.
        await end_trouble(self._pool, EVERY_MODEL, [WHOLE_MODEL, *held])
        for carrier in self._carriers:
            await end_trouble(self._pool, carrier.model, [WHOLE_MODEL])
        sums = {carrier: sum((await carrier.locate(held)).values()) for carrier in self._carriers}
        furthest = max(sums.values())
        leading = [carrier for carrier in self._carriers if furthest - sums[carrier] <= self._pace.together]
        async with asyncio.TaskGroup() as tasks:
            tasks.create_task(self._follow(tasks, leading, held))
            for carrier in self._carriers:
                if carrier not in leading:
                    tasks.create_task(self._follow(tasks, [carrier], held))

    async def _follow(
        self, tasks: asyncio.TaskGroup, carriers: list[Carrier], held: AbstractSet[int], wait: _Pause | None = None
    ) -> None:
        """Carry into these read models until none of them is left here."""
        pause = wait or self._pause()
        while carriers:
            try:
                await self._follow_once(tasks, carriers, held, pause)
                if not self._leases.epochs.keys() >= held:
                    self._changed.set()  # begins again without the halted partition, which ends this task
                    await asyncio.Event().wait()
            except (Overtaken, Gap):
                if await self._leases.renew():
                    self._changed.set()
                await asyncio.sleep(self._pace.first_wait / 4)
            except (Tampered, Unreadable) as failure:
                await self._unread(failure)
                await pause()
            except Exception as failure:  # noqa: BLE001 - log, key store or database is away: nothing is lost, try again
                log.warning("projector interrupted", failure=type(failure).__name__)
                await pause()

    async def _follow_once(
        self, tasks: asyncio.TaskGroup, carriers: list[Carrier], held: AbstractSet[int], pause: _Pause
    ) -> None:
        places = [await carrier.locate(held) for carrier in carriers]
        after = {partition: min(place[partition] for place in places) for partition in held}
        async with aclosing(self._events.follow(after)) as batches:
            async for records in batches:
                began = time.monotonic()
                batch = await open_batch(records, self._keys)
                outcomes = await asyncio.gather(*(c.apply(batch) for c in carriers), return_exceptions=True)
                for carrier, outcome in zip(list(carriers), outcomes, strict=True):
                    if isinstance(outcome, (*INFRASTRUCTURE, Overtaken, Gap, asyncio.CancelledError)):
                        raise outcome
                    if isinstance(outcome, BaseException):
                        carriers.remove(carrier)
                        tasks.create_task(self._go_on_alone(tasks, carrier, held, pause, outcome))
                for partition, (record, why) in batch.bad.items():
                    await self._halt(partition, record.sequence, why)
                if batch.bad or not carriers:
                    return
                await self._recovered(carriers, pause)
                if len(records) < self._pace.small:
                    await asyncio.sleep(self._pace.rest * (time.monotonic() - began))

    async def _recovered(self, carriers: list[Carrier], pause: _Pause) -> None:
        if pause.failures:
            pause.failures = 0
            for model in (EVERY_MODEL, *(carrier.model for carrier in carriers)):
                await end_trouble(self._pool, model, [WHOLE_MODEL])

    async def _go_on_alone(
        self, tasks: asyncio.TaskGroup, carrier: Carrier, held: AbstractSet[int], pause: _Pause, why: BaseException
    ) -> None:
        """Note the trouble, wait, and try alone, so that the others are not held up."""
        log.error("read model stopped", projection=carrier.model, failure=type(why).__name__)
        await note_trouble(self._pool, carrier.model, WHOLE_MODEL, None, why)
        own = _Pause(pause.first, pause.longest, pause.failures)
        await own()
        await self._follow(tasks, [carrier], held, own)

    async def _unread(self, failure: Tampered | Unreadable) -> None:
        if isinstance(failure, Unreadable) and failure.place is not None:
            await self._halt(*failure.place, failure)
            self._changed.set()
        else:
            log.error("log does not read", failure=type(failure).__name__)
            await note_trouble(self._pool, EVERY_MODEL, WHOLE_MODEL, None, failure)

    async def _halt(self, partition: int, sequence: int, why: Exception) -> None:
        """Its class alone is told: its text may quote."""
        log.error("partition halted", partition=partition, sequence=sequence, failure=type(why).__name__)
        await note_trouble(self._pool, EVERY_MODEL, partition, sequence, why)
        await self._leases.refuse(partition)

    async def _retry_parked(self) -> None:
        while True:
            await asyncio.sleep(self._pace.parked)
            for carrier in self._carriers:
                try:
                    applied = await carrier.retry_parked(self._events, self._keys)
                except Exception as failure:  # noqa: BLE001 - the next round tries again
                    log.warning("parked events not retried", projection=carrier.model, failure=type(failure).__name__)
                else:
                    if applied:
                        log.info("parked events applied", projection=carrier.model, count=applied)
