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


Repeats = dict[tuple[str, str], tuple[str, Decided]]


async def find(
    connection: Connection,
    arrivals: Sequence[Arrival],
    people: Sequence[Sequence[Described]],
    references: Collection[tuple[str, str]],
    seal: FeatureSeal,
) -> tuple[Repeats, Known]:
    """What was decided before under the same (agency, idempotency key), with its fingerprint; and what is known.

    Known: everybody whom one of these people may be with their families, and the referrals with these case references.
    """
    known = Known()
    everybody = list(chain.from_iterable(people))
    repeats = await _find_repeats_and_owners(connection, arrivals, known, everybody)
    if everybody:
        wanted = {*chain.from_iterable(map(known.nearest, everybody)), *_in_these_words(known, everybody)}
        households = list(chain.from_iterable(each for each in people if len(each) > 1))
        likely = chain.from_iterable(known.nearest(each)[:_LIKELY] for each in households)
        await _find_people(connection, known, wanted, {*likely, *_in_these_words(known, households)}, seal)
    if references:
        await _find_referrals(connection, known, references)
    return repeats, known


def _in_these_words(known: Known, everybody: Iterable[Described]) -> set[UUID]:
    """Whom the same agency described in exactly the same words before."""
    return {person_id for described in everybody for person_id in known.by_key.get(described.words, ())}


async def _find_repeats_and_owners(
    connection: Connection, arrivals: Sequence[Arrival], known: Known, everybody: Sequence[Described]
) -> Repeats:
    """What was decided before; and who has these people's keys, but not of a key that too many have.

    Each key is a probe of the index.
    """
    rows = await connection.fetch(
        """SELECT NULL::bigint AS key, NULL::uuid[] AS owners,
                  s.agency, s.idempotency, s.fingerprint, s.submission_id, s.received_at, s.outcome, s.code
           FROM decide.submission AS s
           JOIN unnest($1::text[], $2::text[]) AS a (agency, idempotency) USING (agency, idempotency)
           UNION ALL
           SELECT of_key.key, CASE WHEN cardinality(of_key.owners) <= $4 THEN of_key.owners END,
                  NULL, NULL, NULL, NULL, NULL, NULL, NULL
           FROM (
               SELECT wanted.key, ARRAY(
                   SELECT k.person_id FROM decide.match_key AS k WHERE k.key = wanted.key LIMIT $4 + 1) AS owners
               FROM unnest($3::bigint[]) AS wanted (key) OFFSET 0  -- so that owners are looked up once
           ) AS of_key
           WHERE of_key.owners <> '{}'""",
        [arrival.agency.code for arrival in arrivals],
        [arrival.idempotency for arrival in arrivals],
        list({key for described in everybody for key in (*described.keys, described.words)}),
        MOST_OWNERS,
    )
    repeats: Repeats = {}
    for row in rows:
        key, owners = row["key"], row["owners"]
        if key is None:
            decided = Decided(row["submission_id"], row["received_at"], Outcome(row["outcome"]), row["code"])
            repeats[row["agency"], row["idempotency"]] = row["fingerprint"], decided
        elif owners is None:
            known.common.add(key)
        else:
            known.by_key[key] = set(owners)
    return repeats


async def _find_people(
    connection: Connection, known: Known, wanted: Collection[UUID], likely: Collection[UUID], seal: FeatureSeal
) -> None:
    """The wanted with their families, whom somebody decided to be two, everybody in the families of the likely.

    And how many people there are.
    """
    rows = await connection.fetch(
        """SELECT size.last_value, p.*, f.belongs_to AS family_belongs_to, f.matter_id, f.queue, found.member, ARRAY(
               SELECT d.other FROM decide.distinct AS d WHERE d.one IN (p.person_id, p.belongs_to)) AS others
           FROM decide.person_number_seq AS size
           LEFT JOIN ((
               SELECT person_id, bool_or(member) AS member FROM (
                   SELECT wanted.person_id, false AS member FROM unnest($1::uuid[]) AS wanted (person_id)
                   UNION ALL
                   SELECT p.person_id, true
                   FROM (
                       SELECT DISTINCT f.belongs_to FROM unnest($2::uuid[]) AS likely (person_id)
                       CROSS JOIN LATERAL (
                           SELECT * FROM decide.person AS p WHERE p.person_id = likely.person_id LIMIT 1) AS p
                       CROSS JOIN LATERAL (
                           SELECT * FROM decide.family AS f WHERE f.family_id = p.family_id LIMIT 1) AS f
                   ) AS home
                   CROSS JOIN LATERAL (
                       SELECT own.family_id FROM decide.family AS own WHERE own.family_id = home.belongs_to
                       UNION ALL
                       SELECT moved.family_id FROM decide.family AS moved
                       WHERE moved.belongs_to = home.belongs_to AND moved.belongs_to <> moved.family_id
                   ) AS f
                   CROSS JOIN LATERAL (SELECT * FROM decide.person AS p WHERE p.family_id = f.family_id LIMIT $3) AS p
               ) AS every GROUP BY person_id) AS found
               CROSS JOIN LATERAL (SELECT * FROM decide.person AS p WHERE p.person_id = found.person_id LIMIT 1) AS p
               CROSS JOIN LATERAL (SELECT * FROM decide.family AS f WHERE f.family_id = p.family_id LIMIT 1) AS f
           ) ON true""",
        list(wanted),
        list(likely),
        MOST_OWNERS,
    )
    known.size = rows[0]["last_value"]
    found = [row for row in rows if row["person_id"]]
    for row in found:
        person = _keep(known, row, seal)
        if row["member"]:
            known.members.setdefault(row["family_belongs_to"], []).append(person)
    for row in found:
        for other in row["others"]:
            pair = row["belongs_to"], known.people[other].belongs_to if other in known.people else other
            known.distinct |= {pair, pair[::-1]}
    for members in known.members.values():
        members.sort(key=lambda each: each.number)


def _keep(known: Known, row: Row, seal: FeatureSeal) -> KnownPerson:
    """A person and the family, as they were read."""
    person_id = row["person_id"]
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
