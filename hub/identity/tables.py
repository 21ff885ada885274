"""The decision tables as identity decisions see them: one decision at a time, on locked rows."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from typing import Final
from uuid import UUID

from events.database import Connection
from events.envelope import Record
from events.log import WrongVersion
from hub.identity.blocks import Blocks, Moves
from hub.identity.commands import Done
from hub.identity.known import Decision, Known

_LOCK: Final = 0x6964656E74697479
"""Reviewers decide one after the other: a block grows and shrinks without a trace on the rows of those who stay."""


async def hold(connection: Connection, key: str) -> Done | None:
    """Wait for the decision before this one to commit; what was decided earlier under the same key."""
    await connection.execute("SELECT pg_advisory_xact_lock($1)", _LOCK)
    rows = await connection.fetch(
        """SELECT e.correlation_id, e.partition, max(e.sequence) AS sequence
           FROM log.idempotency AS i JOIN log.event AS e ON e.position BETWEEN i.first AND i.last
           WHERE i.key = $1 GROUP BY e.correlation_id, e.partition""",
        key,
    )
    return Done(rows[0]["correlation_id"], {row["partition"]: row["sequence"] for row in rows}) if rows else None


async def expect(connection: Connection, versions: Mapping[str, int]) -> None:
    """Raises `WrongVersion` if a stream has moved on since it was read: no refusal is given on an old state either."""
    rows = await connection.fetch(
        "SELECT stream, version FROM log.stream WHERE stream = ANY($1::text[])", list(versions)
    )
    found = {row["stream"]: row["version"] for row in rows}
    if any(found.get(stream, 0) != version for stream, version in versions.items()):
        raise WrongVersion


async def find_known(connection: Connection, people: Collection[UUID], families: Collection[UUID]) -> Known:
    """The whole blocks of these, locked in the order of their ids; with the blocks of these people's families."""
    rows = await connection.fetch(
        "SELECT person_id, family_id, belongs_to FROM decide.person WHERE person_id = ANY($1::uuid[])", list(people)
    )
    family_of = {row["person_id"]: row["family_id"] for row in rows}
    person_rows = await connection.fetch(
        """SELECT person_id, belongs_to FROM decide.person
           WHERE person_id = ANY($1::uuid[]) OR (belongs_to = ANY($1::uuid[]) AND belongs_to <> person_id)
           ORDER BY person_id FOR UPDATE""",
        list({row["belongs_to"] for row in rows}),
    )
    rows = await connection.fetch(
        "SELECT belongs_to FROM decide.family WHERE family_id = ANY($1::uuid[])",
        list({*families, *family_of.values()}),
    )
    family_rows = await connection.fetch(
        """SELECT family_id, belongs_to, matter_id FROM decide.family
           WHERE family_id = ANY($1::uuid[]) OR (belongs_to = ANY($1::uuid[]) AND belongs_to <> family_id)
           ORDER BY family_id FOR UPDATE""",
        list({row["belongs_to"] for row in rows}),
    )
    return Known(
        people=Blocks({row["person_id"]: row["belongs_to"] for row in person_rows}),
        families=Blocks({row["family_id"]: row["belongs_to"] for row in family_rows}),
        family_of=family_of,
        matter_of={row["family_id"]: row["matter_id"] for row in family_rows},
    )


async def write(connection: Connection, decision_id: UUID, decision: Decision) -> None:
    """The rows that go with a decision; the events follow."""
    if decision.people:
        await connection.execute(
            """UPDATE decide.person AS p SET belongs_to = n.belongs_to
               FROM unnest($1::uuid[], $2::uuid[]) AS n (id, belongs_to) WHERE p.person_id = n.id""",
            *_columns(decision.people),
        )
    if decision.families:
        await connection.execute(
            """UPDATE decide.family AS f SET belongs_to = n.belongs_to
               FROM unnest($1::uuid[], $2::uuid[]) AS n (id, belongs_to) WHERE f.family_id = n.id""",
            *_columns(decision.families),
        )
    if decision.forget is not None:
        await connection.execute("DELETE FROM decide.distinct WHERE decision_id = $1", decision.forget)
    if decision.distinct:
        await connection.executemany(
            "INSERT INTO decide.distinct (one, other, decision_id) VALUES ($1, $2, $3)",
            [(*pair, decision_id) for pair in sorted(decision.distinct)],
        )


async def remember(connection: Connection, key: str, written: Sequence[Record]) -> None:
    """The key answers with these from now on."""
    await connection.execute(
        "INSERT INTO log.idempotency (key, first, last) VALUES ($1, $2, $3)",
        key,
        written[0].position,
        written[-1].position,
    )


def _columns(moves: Moves) -> tuple[list[UUID], list[UUID]]:
    return list(moves), list(moves.values())
