"""Erases what is held of a person or a matter: the key that sealed it is destroyed, and everything made of it is gone.

One transaction says it on the log, destroys the key, and forgets what matching and intake knew. Read models follow:
`finish` writes their rows anew, as often as it is asked, until it can say that nothing is left. A process that dies
between leaves work that the next one finds on the log (promises.md §2.7). Free text about several people is sealed
under the matter's key, and goes with the matter alone.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final, NamedTuple
from uuid import UUID, uuid4

from asyncpg.exceptions import DeadlockDetectedError

from events.basis import LawfulBasis, Purpose
from events.database import Connection, Pool
from events.envelope import Draft, Provenance, stream
from events.log import Append, WrongVersion
from events.rights import ErasureCompleted, ErasureGround, SubjectErased
from hub.bootstrap import Hub, refold
from projections import ALL
from projections.forgetting import NotYet, Told, forget

_TRIES: Final = 5


class NothingSealed(Exception):
    """Nothing was ever sealed under a key of this id: it is no person, matter or submission of this hub."""


class Plan(NamedTuple):
    """What an erasure is about: all ids of the person, or the one of the matter; and how many events are sealed so."""

    subjects: tuple[UUID, ...]
    events: int


async def plan(pool: Pool, subject_id: UUID) -> Plan:
    """What `erase` would do. Raises `NothingSealed`."""
    subjects = await _subjects(pool, subject_id)
    events = await pool.fetchval("SELECT count(*) FROM log.event WHERE key_id = ANY($1::uuid[])", list(subjects))
    return Plan(subjects, events)


async def erase(hub: Hub, subject_id: UUID, ground: ErasureGround, actor: str) -> tuple[UUID, ...]:
    """Destroy the keys; returns their ids. Doing it twice changes nothing. Raises `NothingSealed`."""
    for _ in range(_TRIES - 1):
        try:
            return await _erase_once(hub, subject_id, ground, actor)
        except DeadlockDetectedError:  # intake holds rows that we want, and waits for a key that we hold
            continue
    return await _erase_once(hub, subject_id, ground, actor)


async def finish(hub: Hub) -> list[UUID]:
    """Complete what was begun and can be completed now; whom no read model knows any more since."""
    done: list[UUID] = []
    for subject_id in await unfinished(hub.pool):
        try:
            await _complete(hub, subject_id)
        except (NotYet, WrongVersion):  # the second: another process was faster
            continue
        done.append(subject_id)
    return done


async def unfinished(pool: Pool) -> list[UUID]:
    """Whose key is destroyed and whom a read model may still know; the oldest first."""
    rows = await pool.fetch(
        """SELECT k.id FROM log.event AS e JOIN log.stream AS s USING (stream)
               JOIN keys.data_key AS k ON k.id = split_part(e.stream, '/', 2)::uuid
           WHERE e.type = 'subject.erased' AND s.version = 1 AND k.destroyed_at IS NOT NULL ORDER BY e.position"""
    )
    return [row["id"] for row in rows]


async def _subjects(connection: Connection | Pool, subject_id: UUID) -> tuple[UUID, ...]:
    rows = await connection.fetch(
        """SELECT id FROM keys.data_key WHERE id = $1 OR id IN (
               SELECT o.person_id FROM decide.person AS p JOIN decide.person AS o USING (belongs_to)
               WHERE p.person_id = $1) ORDER BY id""",
        subject_id,
    )
    if not rows:
        raise NothingSealed
    return tuple(row["id"] for row in rows)


async def _erase_once(hub: Hub, subject_id: UUID, ground: ErasureGround, actor: str) -> tuple[UUID, ...]:
    at = hub.clock()
    async with hub.pool.acquire() as connection, connection.transaction():
        subjects = await _subjects(connection, subject_id)
        await hub.keys.destroy_within(connection, subjects, at)
        await _forget_what_decides(hub, connection, subjects)
        fresh = [each for each in subjects if not await _said(connection, each)]
        if fresh:
            drafts = [
                Draft(stream("erasure", each), SubjectErased(subject_id=each, ground=ground), at) for each in fresh
            ]
            await hub.log.append_within(connection, [Append(tuple(drafts), _provenance(actor))])
    return subjects


async def _forget_what_decides(hub: Hub, connection: Connection, subjects: Sequence[UUID]) -> None:
    """What is compared and looked up is folded again without them; a family whose matter is gone gets a new one."""
    ids = list(subjects)
    rows = await connection.fetch(
        """SELECT family_id FROM decide.person WHERE person_id = ANY($1::uuid[])
           UNION SELECT family_id FROM decide.family WHERE matter_id = ANY($1::uuid[])""",
        ids,
    )
    await connection.execute("DELETE FROM decide.referral WHERE matter_id = ANY($1::uuid[])", ids)
    await connection.execute(
        "UPDATE decide.family SET matter_id = NULL, queue = NULL WHERE matter_id = ANY($1::uuid[])", ids
    )
    await refold(hub).families(connection, [row["family_id"] for row in rows])
    await connection.execute(
        """DELETE FROM original.chunk WHERE submission_id IN (
               SELECT submission_id FROM original.submission WHERE key_id = ANY($1::uuid[]))""",
        ids,
    )


async def _said(connection: Connection, subject_id: UUID) -> bool:
    name = stream("erasure", subject_id)
    return bool(await connection.fetchval("SELECT EXISTS (SELECT FROM log.stream WHERE stream = $1)", name))


async def _complete(hub: Hub, subject_id: UUID) -> None:
    """Raises `NotYet`, and `WrongVersion` where it was completed meanwhile."""
    rows = await hub.pool.fetch(
        """SELECT stream, partition, max(sequence) AS last, count(*) AS events FROM log.event
           WHERE key_id = $1 GROUP BY stream, partition""",
        subject_id,
    )
    told = [Told(row["stream"], row["partition"], row["last"]) for row in rows]
    changed = 0
    for projection in ALL:
        changed += await forget(hub.pool, hub.log, hub.keys, projection, told)
    name = stream("erasure", subject_id)
    completed = ErasureCompleted(subject_id=subject_id, events=sum(row["events"] for row in rows), rows=changed)
    await hub.log.append(Append((Draft(name, completed, hub.clock()),), _provenance("hub"), {name: 1}))


def _provenance(actor: str) -> Provenance:
    return Provenance("HUB", actor, (LawfulBasis.ART6_1_C,), Purpose.EARLY_HELP, uuid4())
