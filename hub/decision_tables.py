"""The decision tables as SQL: what goes with a batch of decisions, each table a statement or two over arrays."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from typing import Final
from uuid import UUID

from events.database import Connection
from hub.arrival import Arrival
from hub.deciders.household import Household
from hub.deciders.submission import Decision
from hub.feature_seal import FeatureSeal
from hub.matching.known import KnownFamily, KnownPerson

_PERSON: Final = ("person_id", "family_id", "belongs_to", "described", "sealed")


class Overtaken(Exception):
    """Another transaction changed a person or family after it was read: read again and decide again."""


async def write_decisions(connection: Connection, fresh: Sequence[tuple[Arrival, Decision]], seal: FeatureSeal) -> None:
    """The rows that go with a batch of decisions; the events follow as the last statement. Raises `Overtaken`."""
    await connection.copy_records_to_table(
        "submission", schema_name="decide", records=[_submission_row(*pair) for pair in fresh]
    )
    households = [decision.household for _, decision in fresh if decision.household is not None]
    await _write_families(connection, {found.family_id: found.family for found in households}.values())
    people = {person.person_id: person for found in households for person in found.touched}
    await _write_new_people(connection, [each for each in people.values() if each.version is None], seal)
    await _write_people_anew(connection, [each for each in people.values() if each.version is not None], seal)
    await _write_keys(connection, households, people)
    await _write_referrals(connection, fresh)


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


async def _write_families(connection: Connection, families: Collection[KnownFamily]) -> None:
    """New families, and known ones that were given to a team."""
    new = [(each.family_id, each.matter_id, each.queue, each.belongs_to) for each in families if each.read is None]
    if new:
        columns = ("family_id", "matter_id", "queue", "belongs_to")
        await connection.copy_records_to_table("family", schema_name="decide", columns=columns, records=new)
    changed = [each for each in families if each.read and each.read != (each.matter_id, each.queue)]
    if changed:
        done = await connection.fetch(
            """UPDATE decide.family AS f SET matter_id = n.matter_id, queue = n.queue
               FROM unnest($1::uuid[], $2::uuid[], $3::text[]) AS n (family_id, matter_id, queue)
               WHERE f.family_id = n.family_id AND f.queue IS NULL
                   AND (f.matter_id IS NULL OR f.matter_id = n.matter_id)
               RETURNING 1""",
            [each.family_id for each in changed],
            [each.matter_id for each in changed],
            [each.queue for each in changed],
        )
        if len(done) < len(changed):
            raise Overtaken


async def _write_new_people(connection: Connection, people: Sequence[KnownPerson], seal: FeatureSeal) -> None:
    rows = [
        (each.person_id, each.family_id, each.belongs_to, each.described, seal.seal(each.person_id, each.descriptions))
        for each in people
    ]
    if rows:
        await connection.copy_records_to_table("person", schema_name="decide", columns=_PERSON, records=rows)


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


async def _write_keys(
    connection: Connection, households: Sequence[Household], people: Mapping[UUID, KnownPerson]
) -> None:
    """Match keys. A known person may have one already that was too common to be read with all its owners."""
    new: list[tuple[int, UUID]] = []
    more: list[tuple[int, UUID]] = []
    for key, person_id in (pair for found in households for pair in found.keys):
        person = people.get(person_id)
        (new if person is not None and person.version is None else more).append((key, person_id))
    if new:
        await connection.copy_records_to_table("match_key", schema_name="decide", records=new)
    if more:
        await connection.execute(
            """INSERT INTO decide.match_key (key, person_id)
               SELECT * FROM unnest($1::bigint[], $2::uuid[]) ON CONFLICT DO NOTHING""",
            [key for key, _ in more],
            [person_id for _, person_id in more],
        )


async def _write_referrals(connection: Connection, fresh: Sequence[tuple[Arrival, Decision]]) -> None:
    """Case references of new referrals; a reference used again means the newest."""
    rows = {
        (arrival.agency.code, decision.referral[0]): decision.referral[1]
        for arrival, decision in fresh
        if decision.referral is not None
    }
    if rows:
        await connection.execute(
            """INSERT INTO decide.referral (agency, reference, referral_id, family_id, matter_id)
               SELECT * FROM unnest($1::text[], $2::text[], $3::uuid[], $4::uuid[], $5::uuid[])
               ON CONFLICT (agency, reference) DO UPDATE SET referral_id = excluded.referral_id,
                   family_id = excluded.family_id, matter_id = excluded.matter_id""",
            [agency for agency, _ in rows],
            [reference for _, reference in rows],
            [found.referral_id for found in rows.values()],
            [found.family_id for found in rows.values()],
            [found.matter_id for found in rows.values()],
        )
