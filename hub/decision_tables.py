"""The decision tables as SQL: what goes with a batch of decisions, in one statement over arrays."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Final
from uuid import UUID

from events.database import Connection
from events.rows import Rows, Write, insertion, write
from hub.arrival import Arrival
from hub.deciders.submission import Decision
from hub.feature_seal import FeatureSeal
from hub.matching.known import KnownFamily, KnownPerson

_SUBMISSION: Final = insertion(
    "decide.submission",
    {"agency": "text", "idempotency": "text", "fingerprint": "text", "submission_id": "uuid"}
    | {"received_at": "timestamptz", "outcome": "text", "code": "text"},
)
FAMILY: Final = insertion(
    "decide.family", {"family_id": "uuid", "matter_id": "uuid", "queue": "text", "belongs_to": "uuid"}
)
PERSON: Final = insertion(
    "decide.person",
    {"person_id": "uuid", "family_id": "uuid", "belongs_to": "uuid", "described": "bytea", "sealed": "bytea"},
)
# A known person may have a key already that was too common to be read with all its owners.
_KEY: Final = insertion("decide.match_key", {"key": "bigint", "person_id": "uuid"}, "DO NOTHING")
# A reference used again means the newest.
_REFERRAL: Final = insertion(
    "decide.referral",
    {"agency": "text", "reference": "text", "referral_id": "uuid", "family_id": "uuid", "matter_id": "uuid"},
    """(agency, reference) DO UPDATE SET referral_id = excluded.referral_id,
       family_id = excluded.family_id, matter_id = excluded.matter_id""",
)


class Overtaken(Exception):
    """Another transaction changed a person or family after it was read: read again and decide again."""


# Known families that were given to a team.
_FAMILY_ANEW: Final = Write(
    {"family_id": "uuid", "matter_id": "uuid", "queue": "text"},
    """UPDATE decide.family AS f SET matter_id = n.matter_id, queue = n.queue FROM {rows}
       WHERE f.family_id = n.family_id AND f.queue IS NULL AND (f.matter_id IS NULL OR f.matter_id = n.matter_id)
       RETURNING 1""",
    Overtaken,
)
# What is known of known people now, if nobody else has learnt of them meanwhile.
_PERSON_ANEW: Final = Write(
    {"person_id": "uuid", "described": "bytea", "sealed": "bytea", "version": "integer"},
    """UPDATE decide.person AS p SET described = n.described, sealed = n.sealed, version = n.version + 1 FROM {rows}
       WHERE p.person_id = n.person_id AND p.version = n.version RETURNING 1""",
    Overtaken,
)


async def write_decisions(
    connection: Connection, fresh: Sequence[tuple[Arrival, Decision]], seal: FeatureSeal, *before: Rows
) -> None:
    """The rows that go with a batch of decisions, in one statement with others `before` them; the events follow.

    Keys that are held go before: whoever destroys them locks them first too. Raises `Overtaken`, and what they say.
    """
    households = [decision.household for _, decision in fresh if decision.household is not None]
    families = {found.family_id: found.family for found in households}.values()
    people = {person.person_id: person for found in households for person in found.touched}.values()
    await write(
        connection,
        *before,
        _people_anew(people, seal),  # locked in one order everywhere
        _families_anew(families),
        (_SUBMISSION, [_submission_row(*pair) for pair in fresh]),
        (FAMILY, [(f.family_id, f.matter_id, f.queue, f.belongs_to) for f in families if f.read is None]),
        (PERSON, [_person_row(each, seal) for each in people if each.version is None]),
        (_KEY, [pair for found in households for pair in found.keys]),
        (_REFERRAL, _referral_rows(fresh)),
    )


def _people_anew(people: Iterable[KnownPerson], seal: FeatureSeal) -> Rows:
    known = sorted((each for each in people if each.version is not None), key=lambda each: each.person_id)
    return _PERSON_ANEW, [(each.person_id, each.described, _sealed(each, seal), each.version) for each in known]


def _families_anew(families: Iterable[KnownFamily]) -> Rows:
    changed = [each for each in families if each.read and each.read != (each.matter_id, each.queue)]
    changed.sort(key=lambda each: each.family_id)
    return _FAMILY_ANEW, [(each.family_id, each.matter_id, each.queue) for each in changed]


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
    return person.person_id, person.family_id, person.belongs_to, person.described, _sealed(person, seal)


def _sealed(person: KnownPerson, seal: FeatureSeal) -> bytes:
    return seal.seal(person.person_id, person.descriptions)


def _referral_rows(fresh: Sequence[tuple[Arrival, Decision]]) -> list[tuple[str, str, UUID, UUID, UUID]]:
    """Case references of new referrals, each once: the newest of the batch counts."""
    found = {
        (arrival.agency.code, decision.referral[0]): decision.referral[1]
        for arrival, decision in fresh
        if decision.referral is not None
    }
    return [(*place, known.referral_id, known.family_id, known.matter_id) for place, known in found.items()]
