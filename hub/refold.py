"""Folds again from the log what is known of people: features to compare and match keys, of the families that wait.

A schema step that changes what is kept of people puts all families on the list (`decide.unfolded`). Nobody is matched
before the list is empty: against an empty register everybody would be new. Each batch is one transaction, so a run
that was cut off goes on where it was.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from typing import Final
from uuid import UUID

from events.codec import key_ids, opened
from events.database import Connection, Pool
from events.description import Person
from events.envelope import Erased, Recorded, stream
from events.identity import SubmissionTakenOut
from events.keys import PostgresKeys
from events.person import PersonRecorded
from events.postgres_log import PostgresLog
from events.referral import InformationReceived, ReferralReceived
from hub.feature_seal import FeatureSeal
from hub.index import Index
from hub.matching.described import Described, describe_people
from hub.matching.together import together

_FAMILIES: Final = 50


async def waiting(pool: Pool) -> bool:
    """Whether anything is left to fold."""
    return bool(await pool.fetchval("SELECT EXISTS (SELECT FROM decide.unfolded)"))


@dataclass(frozen=True, slots=True)
class Refold:
    """Reads people's streams and writes their rows."""

    pool: Pool
    log: PostgresLog
    keys: PostgresKeys
    index: Index

    async def all(self) -> int:
        """Fold until nothing waits; how many families it were."""
        done = 0
        while count := await self._batch():
            done += count
        return done

    async def _batch(self) -> int:
        async with self.pool.acquire() as connection, connection.transaction():
            rows = await connection.fetch(
                """DELETE FROM decide.unfolded WHERE family_id IN (
                       SELECT family_id FROM decide.unfolded ORDER BY family_id LIMIT $1 FOR UPDATE SKIP LOCKED
                   ) RETURNING family_id""",
                _FAMILIES,
            )
            await self.families(connection, [row["family_id"] for row in rows])
        return len(rows)

    async def families(self, connection: Connection, families: Sequence[UUID]) -> None:
        """Fold these inside the caller's transaction."""
        people = await connection.fetch(
            "SELECT person_id FROM decide.person WHERE family_id = ANY($1::uuid[])", list(families)
        )
        ids = [row["person_id"] for row in people]
        names = [stream("family", each) for each in families] + [stream("person", each) for each in ids]
        streams = await self._read(connection, names)
        found = said(streams, self.index)
        await self._write(connection, {each: found.get(each, []) for each in ids})

    async def _read(self, connection: Connection, names: Sequence[str]) -> dict[str, list[Recorded]]:
        records = {name: await self.log.read_stream(name) for name in names}
        wanted = key_ids(record for told in records.values() for record in told)
        keys = await self.keys.fetch_anew(connection, wanted)
        return {name: opened(told, keys) for name, told in records.items()}

    async def _write(self, connection: Connection, people: Mapping[UUID, Sequence[Described]]) -> None:
        seal = FeatureSeal(self.index)
        await connection.execute(
            """UPDATE decide.person AS p SET described = n.described, sealed = n.sealed, version = p.version + 1
               FROM unnest($1::uuid[], $2::bytea[], $3::bytea[]) AS n (person_id, described, sealed)
               WHERE p.person_id = n.person_id""",
            list(people),
            [said[0].described if said else b"" for said in people.values()],
            [seal.seal(each, together([one.features for one in said])) for each, said in people.items()],
        )
        await connection.execute("DELETE FROM decide.match_key WHERE person_id = ANY($1::uuid[])", list(people))
        keys = {(key, each) for each, said in people.items() for one in said for key in (*one.keys, one.words)}
        await connection.copy_records_to_table("match_key", schema_name="decide", records=sorted(keys))


def said(
    streams: Mapping[str, list[Recorded]], index: Index, leaving: AbstractSet[tuple[UUID, UUID]] = frozenset()
) -> dict[UUID, list[Described]]:
    """By person what is said of them, the newest first, each in the household it was told with.

    `leaving`: (submission, family) of what is about to be taken out.
    """
    found: dict[UUID, list[Described]] = defaultdict(list)
    for recorded, people, submission_id in _tellings(streams, leaving):
        described = {
            person_id: words
            for person_id in people
            if (words := _words(streams.get(stream("person", person_id), ()), submission_id, recorded)) is not None
        }
        told = describe_people(described.values(), recorded.record.agency, index)
        for person_id, each in zip(described, told, strict=True):
            found[person_id].insert(0, each)
    return found


def _tellings(
    streams: Mapping[str, list[Recorded]], leaving: AbstractSet[tuple[UUID, UUID]]
) -> Iterator[tuple[Recorded, tuple[UUID, ...], UUID]]:
    """Referrals and information that stand, oldest first: the event, the people named, and the submission."""
    events = [each for told in streams.values() for each in told]
    gone = leaving | {
        (each.event.submission_id, each.event.family_id)
        for each in events
        if isinstance(each.event, SubmissionTakenOut)
    }
    for recorded in sorted(events, key=lambda each: each.record.position):
        event = recorded.event
        if not isinstance(event, ReferralReceived | InformationReceived):
            continue
        if (event.submission_id, event.family_id) not in gone:
            yield recorded, tuple(dict.fromkeys(event.people)), event.submission_id


def _words(told: Sequence[Recorded], submission_id: UUID, telling: Recorded) -> Person | None:
    """How a submission described somebody: its own words, or those said before that it only repeated."""
    own = None
    for each in told:
        event = each.event
        if isinstance(event, PersonRecorded) and each.record.position < telling.record.position:
            if event.submission_id == submission_id:
                return None if isinstance(event.details, Erased) else event.details.person
            own = None if isinstance(event.details, Erased) else event.details.person
    return own
