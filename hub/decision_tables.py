"""The decision tables as SQL: locks, look-ups and writes of one batch, each a single statement over arrays."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import datetime
from typing import TYPE_CHECKING
from uuid import UUID

from events.database import Connection
from hub.arrival import Arrival, Decided, Outcome
from hub.matching.known import Known, KnownFamily, KnownPerson, KnownReferral

if TYPE_CHECKING:
    from hub.deciders.submission import Decision


async def lock(connection: Connection, keys: Collection[bytes], arrivals: Sequence[Arrival]) -> None:
    """Hold the match keys and idempotency keys of a batch until it commits, taken in one order everywhere.

    Advisory locks on 64 bits of the keyed hashes: a chance collision waits a little longer and does no harm.
    """
    numbers = {int.from_bytes(key[:8], "big", signed=True) for key in keys}
    numbers |= {int(arrival.idempotency[:16], 16) - (1 << 63) for arrival in arrivals}
    await connection.execute("SELECT pg_advisory_xact_lock(n) FROM unnest($1::bigint[]) AS n", sorted(numbers))


async def find_repeats(
    connection: Connection, arrivals: Sequence[Arrival]
) -> dict[tuple[str, str], tuple[str, Decided]]:
    """What was decided before under the same (agency, idempotency key), with its fingerprint."""
    rows = await connection.fetch(
        """SELECT s.* FROM decide.submission AS s
           JOIN unnest($1::text[], $2::text[]) AS a (agency, idempotency) USING (agency, idempotency)""",
        [arrival.agency.code for arrival in arrivals],
        [arrival.idempotency for arrival in arrivals],
    )
    return {
        (row["agency"], row["idempotency"]): (
            row["fingerprint"],
            Decided(row["submission_id"], row["received_at"], Outcome(row["outcome"]), row["code"]),
        )
        for row in rows
    }


async def find_known(connection: Connection, keys: Collection[bytes], references: Collection[tuple[str, str]]) -> Known:
    """Everybody who has one of these keys, their families, and the referrals with these case references."""
    known = Known()
    rows = await connection.fetch(
        """SELECT k.key, p.person_id, p.described, f.family_id, f.matter_id, f.queue
           FROM decide.match_key AS k JOIN decide.person AS p USING (person_id)
           JOIN decide.family AS f USING (family_id) WHERE k.key = ANY($1::bytea[]) FOR SHARE OF f""",
        list(keys),
    )
    for row in rows:
        person = KnownPerson(row["person_id"], row["family_id"], row["described"])
        known.people[person.person_id] = person
        known.families[person.family_id] = KnownFamily(row["family_id"], row["matter_id"], row["queue"])
        known.by_key.setdefault(row["key"], set()).add(person.person_id)
    if references:
        found = await connection.fetch(
            """SELECT r.* FROM decide.referral AS r
               JOIN unnest($1::text[], $2::text[]) AS a (agency, reference) USING (agency, reference)""",
            [agency for agency, _ in references],
            [reference for _, reference in references],
        )
        for row in found:
            referral = KnownReferral(row["referral_id"], row["family_id"], row["matter_id"])
            known.referrals[row["agency"], row["reference"]] = referral
    return known


async def write_decisions(connection: Connection, fresh: Sequence[tuple[Arrival, Decision]]) -> None:
    """The rows that go with a batch of decisions; the events follow as the last statement."""
    await connection.copy_records_to_table(
        "submission", schema_name="decide", records=[_submission_row(*pair) for pair in fresh]
    )
    households = [decision.household for _, decision in fresh if decision.household is not None]
    families = {found.family_id: found for found in households}
    if families:
        await connection.execute(
            """INSERT INTO decide.family AS f (family_id, matter_id, queue, belongs_to)
               SELECT n.*, n.family_id FROM unnest($1::uuid[], $2::uuid[], $3::text[]) AS n (family_id, m, q)
               ON CONFLICT (family_id) DO UPDATE SET matter_id = excluded.matter_id, queue = excluded.queue
               WHERE (f.matter_id, f.queue) IS DISTINCT FROM (excluded.matter_id, excluded.queue)""",
            list(families),
            [found.matter_id for found in families.values()],
            [found.queue for found in families.values()],
        )
    people = {person.person_id: person for found in households for person in found.touched}
    if people:
        await connection.execute(
            """INSERT INTO decide.person (person_id, family_id, described, belongs_to)
               SELECT n.*, n.person_id FROM unnest($1::uuid[], $2::uuid[], $3::bytea[]) AS n (person_id, f, d)
               ON CONFLICT (person_id) DO UPDATE SET described = excluded.described""",
            list(people),
            [person.family_id for person in people.values()],
            [person.described for person in people.values()],
        )
    keys = [pair for found in households for pair in found.keys]
    if keys:
        await connection.copy_records_to_table("match_key", schema_name="decide", records=keys)
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
