"""What a batch of arrivals needs to know, from the decision tables: locks first, then a few statements over arrays."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from functools import partial
from itertools import chain
from typing import Final
from uuid import UUID

from events.database import Connection, Row
from hub.arrival import Arrival, Decided, Outcome
from hub.feature_seal import FeatureSeal
from hub.matching.described import Described
from hub.matching.known import MOST_OWNERS, Known, KnownFamily, KnownPerson, KnownReferral

_LIKELY: Final = 2  # of those nearest to somebody, so many have the family that it will be
_LOCK_BITS: Final = 0xFFFF_FFFF
_LOCK_MIDDLE: Final = 0x8000_0000  # PostgreSQL's numbers are signed
_MOST_LOCKS: Final = 1_000  # each takes a place in a table that PostgreSQL has one of, for everybody


async def lock(
    connection: Connection, people: Iterable[Described], arrivals: Sequence[Arrival], *, again: bool = False
) -> None:
    """Hold the match keys and idempotency keys of a batch until it commits, taken in one order everywhere.

    Advisory locks on 32 bits of the keyed hashes. A large batch holds all there are by one lock, and so does one that
    is tried `again`, because others were faster: without that, those who overtake each other could do so until all
    have given up.
    """
    keys = {key & _LOCK_BITS for described in people for key in described.keys}
    keys |= {int(arrival.idempotency[:8], 16) for arrival in arrivals}
    if again or len(keys) > _MOST_LOCKS:
        await connection.execute("SELECT pg_advisory_xact_lock(2, 0)")
        return
    await connection.execute(
        """SELECT pg_advisory_xact_lock_shared(2, 0), (
               SELECT count(pg_advisory_xact_lock(1, n)) FROM unnest($1::int[]) AS n)""",
        sorted(key - _LOCK_MIDDLE for key in keys),
    )


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


async def find_known(
    connection: Connection,
    people: Sequence[Sequence[Described]],
    references: Collection[tuple[str, str]],
    seal: FeatureSeal,
) -> Known:
    """Everybody whom one of these people may be with their families, and the referrals with these case references."""
    known = Known()
    everybody = list(chain.from_iterable(people))
    if everybody:
        await _find_owners(connection, known, everybody)
        nearest = {id(each): known.nearest(each) for each in everybody}
        await _find_people(
            connection, known, {*chain.from_iterable(nearest.values()), *_in_these_words(known, everybody)}, seal
        )
        households = list(chain.from_iterable(each for each in people if len(each) > 1))
        likely = chain.from_iterable(nearest[id(each)][:_LIKELY] for each in households)
        await _find_members(connection, known, {*likely, *_in_these_words(known, households)}, seal)
    if references:
        await _find_referrals(connection, known, references)
    return known


def _in_these_words(known: Known, everybody: Iterable[Described]) -> set[UUID]:
    """Whom the same agency described in exactly the same words before."""
    return {person_id for described in everybody for person_id in known.by_key.get(described.words, ())}


async def _find_owners(connection: Connection, known: Known, everybody: Sequence[Described]) -> None:
    """Who has these keys, but not of a key that too many have. Each key is a probe of the index."""
    rows = await connection.fetch(
        """SELECT wanted.key, CASE WHEN cardinality(found.owners) <= $2 THEN found.owners END
           FROM unnest($1::bigint[]) AS wanted (key)
           CROSS JOIN LATERAL (
               SELECT array_agg(few.person_id) AS owners
               FROM (SELECT k.person_id FROM decide.match_key AS k WHERE k.key = wanted.key LIMIT $2 + 1) AS few
           ) AS found
           WHERE found.owners IS NOT NULL""",
        list({key for described in everybody for key in (*described.keys, described.words)}),
        MOST_OWNERS,
    )
    for key, owners in rows:
        if owners is None:
            known.common.add(key)
        else:
            known.by_key[key] = set(owners)


async def _find_people(connection: Connection, known: Known, wanted: Collection[UUID], seal: FeatureSeal) -> None:
    """These people with their families; those whom somebody decided to be two; how many people there are."""
    rows = await connection.fetch(
        """SELECT size.last_value, p.*, f.belongs_to AS family_belongs_to, f.matter_id, f.queue, ARRAY(
               SELECT d.other FROM decide.distinct AS d WHERE d.one IN (p.person_id, p.belongs_to)) AS others
           FROM decide.person_number_seq AS size
           LEFT JOIN (unnest($1::uuid[]) AS wanted (person_id)
               CROSS JOIN LATERAL (SELECT * FROM decide.person AS p WHERE p.person_id = wanted.person_id LIMIT 1) AS p
               CROSS JOIN LATERAL (SELECT * FROM decide.family AS f WHERE f.family_id = p.family_id LIMIT 1) AS f
           ) ON true""",
        list(wanted),
    )
    known.size = rows[0]["last_value"]
    found = [row for row in rows if row["person_id"]]
    for row in found:
        _keep(known, row, seal)
    for row in found:
        for other in row["others"]:
            pair = row["belongs_to"], known.people[other].belongs_to if other in known.people else other
            known.distinct |= {pair, pair[::-1]}


async def _find_members(connection: Connection, known: Known, people: Collection[UUID], seal: FeatureSeal) -> None:
    """Everybody in the families of these."""
    likely = {known.family_of(known.people[person_id]) for person_id in people if person_id in known.people}
    if not likely:
        return
    rows = await connection.fetch(
        """SELECT p.*, f.belongs_to AS family_belongs_to, f.matter_id, f.queue
           FROM unnest($1::uuid[]) AS wanted (belongs_to)
           CROSS JOIN LATERAL (
               SELECT * FROM decide.family AS own WHERE own.family_id = wanted.belongs_to
               UNION ALL
               SELECT * FROM decide.family AS moved
               WHERE moved.belongs_to = wanted.belongs_to AND moved.belongs_to <> moved.family_id
           ) AS f
           CROSS JOIN LATERAL (SELECT * FROM decide.person AS p WHERE p.family_id = f.family_id LIMIT $2) AS p""",
        list(likely),
        MOST_OWNERS,
    )
    for family_id in likely:
        known.members[family_id] = []
    for row in rows:
        known.members[row["family_belongs_to"]].append(_keep(known, row, seal))
    for members in known.members.values():
        members.sort(key=lambda each: each.number)


def _keep(known: Known, row: Row, seal: FeatureSeal) -> KnownPerson:
    """A person and the family, as they were read; who is known already is not opened again."""
    person_id = row["person_id"]
    if (person := known.people.get(person_id)) is not None:
        return person
    person = known.people[person_id] = KnownPerson(
        person_id,
        row["family_id"],
        row["belongs_to"],
        row["number"],
        row["described"],
        partial(seal.open, person_id, row["sealed"]),
        row["version"],
    )
    known.families.setdefault(
        row["family_id"],
        KnownFamily(
            row["family_id"],
            row["family_belongs_to"],
            row["matter_id"],
            row["queue"],
            (row["matter_id"], row["queue"]),
        ),
    )
    return person


async def _find_referrals(connection: Connection, known: Known, references: Collection[tuple[str, str]]) -> None:
    rows = await connection.fetch(
        """SELECT r.* FROM decide.referral AS r
           JOIN unnest($1::text[], $2::text[]) AS a (agency, reference) USING (agency, reference)""",
        [agency for agency, _ in references],
        [reference for _, reference in references],
    )
    for row in rows:
        referral = KnownReferral(row["referral_id"], row["family_id"], row["matter_id"])
        known.referrals[row["agency"], row["reference"]] = referral
