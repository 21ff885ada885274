"""The decision tables as SQL: what goes with a batch of decisions, in a few statements over arrays."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Final
from uuid import UUID

from events.database import Connection
from events.inserting import Rows, Table, insert
from hub.arrival import Arrival
from hub.deciders.submission import Decision
from hub.feature_seal import FeatureSeal
from hub.matching.known import KnownFamily, KnownPerson

_SUBMISSION: Final = Table(
    "decide.submission",
    {"agency": "text", "idempotency": "text", "fingerprint": "text", "submission_id": "uuid"}
    | {"received_at": "timestamptz", "outcome": "text", "code": "text"},
)
FAMILY: Final = Table(
    "decide.family", {"family_id": "uuid", "matter_id": "uuid", "queue": "text", "belongs_to": "uuid"}
)
PERSON: Final = Table(
    "decide.person",
    {"person_id": "uuid", "family_id": "uuid", "belongs_to": "uuid", "described": "bytea", "sealed": "bytea"},
)
# A known person may have a key already that was too common to be read with all its owners.
_KEY: Final = Table("decide.match_key", {"key": "bigint", "person_id": "uuid"}, "DO NOTHING")
# A reference used again means the newest.
_REFERRAL: Final = Table(
    "decide.referral",
    {"agency": "text", "reference": "text", "referral_id": "uuid", "family_id": "uuid", "matter_id": "uuid"},
    """(agency, reference) DO UPDATE SET referral_id = excluded.referral_id,
       family_id = excluded.family_id, matter_id = excluded.matter_id""",
)


class Overtaken(Exception):
    """Another transaction changed a person or family after it was read: read again and decide again."""


async def write_decisions(
    connection: Connection, fresh: Sequence[tuple[Arrival, Decision]], seal: FeatureSeal, *beside: Rows
) -> None:
    """The rows that go with a batch of decisions, and others `beside` them; the events follow. Raises `Overtaken`."""
    households = [decision.household for _, decision in fresh if decision.household is not None]
    families = {found.family_id: found.family for found in households}.values()
    people = {person.person_id: person for found in households for person in found.touched}.values()
    await insert(
        connection,
        (_SUBMISSION, [_submission_row(*pair) for pair in fresh]),
        (FAMILY, [(f.family_id, f.matter_id, f.queue, f.belongs_to) for f in families if f.read is None]),
        (PERSON, [_person_row(each, seal) for each in people if each.version is None]),
        (_KEY, [pair for found in households for pair in found.keys]),
        (_REFERRAL, _referral_rows(fresh)),
        *beside,
    )
    await _write_families_anew(connection, [f for f in families if f.read and f.read != (f.matter_id, f.queue)])
    await _write_people_anew(connection, [each for each in people if each.version is not None], seal)


def _submission_row(arrival: Arrival, decision: Decision) -> tuple[str, str, str, UUID, datetime, str, str]:
    return (
        arrival.agency.code,
        arrival.idempotency,
        arrival.fingerprint,
        arrival.submission_id,
        arrival.received_at,
        decision.outcome.value,
        decision.code,
    )


def _person_row(person: KnownPerson, seal: FeatureSeal) -> tuple[UUID, UUID, UUID, bytes, bytes]:
    sealed = seal.seal(person.person_id, person.descriptions)
    return person.person_id, person.family_id, person.belongs_to, person.described, sealed


def _referral_rows(fresh: Sequence[tuple[Arrival, Decision]]) -> list[tuple[str, str, UUID, UUID, UUID]]:
    """Case references of new referrals, each once: the newest of the batch counts."""
    found = {
        (arrival.agency.code, decision.referral[0]): decision.referral[1]
        for arrival, decision in fresh
        if decision.referral is not None
    }
    return [(*place, known.referral_id, known.family_id, known.matter_id) for place, known in found.items()]


async def _write_families_anew(connection: Connection, families: Sequence[KnownFamily]) -> None:
    """Known families that were given to a team."""
    if not families:
        return
    done = await connection.fetch(
        """UPDATE decide.family AS f SET matter_id = n.matter_id, queue = n.queue
           FROM unnest($1::uuid[], $2::uuid[], $3::text[]) AS n (family_id, matter_id, queue)
           WHERE f.family_id = n.family_id AND f.queue IS NULL
               AND (f.matter_id IS NULL OR f.matter_id = n.matter_id)
           RETURNING 1""",
        [each.family_id for each in families],
        [each.matter_id for each in families],
        [each.queue for each in families],
    )
    if len(done) < len(families):
        raise Overtaken


async def _write_people_anew(connection: Connection, people: Sequence[KnownPerson], seal: FeatureSeal) -> None:
    """What is known of them now, if nobody else has learnt of them meanwhile; rows are locked in one order."""
    people = sorted(people, key=lambda each: each.person_id)
    if not people:
        return
    done = await connection.fetch(
        """UPDATE decide.person AS p SET described = n.described, sealed = n.sealed, version = n.version + 1
           FROM unnest($1::uuid[], $2::bytea[], $3::bytea[], $4::int[]) AS n (person_id, described, sealed, version)
           WHERE p.person_id = n.person_id AND p.version = n.version RETURNING 1""",
        [each.person_id for each in people],
        [each.described for each in people],
        [seal.seal(each.person_id, each.descriptions) for each in people],
        [each.version for each in people],
    )
    if len(done) < len(people):
        raise Overtaken
