"""The decision tables after a take-out: whom the new family holds, and what is still compared of those who stayed."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from uuid import UUID

from events.database import Connection
from events.rows import write
from hub.decision_tables import FAMILY, PERSON
from hub.feature_seal import FeatureSeal
from hub.matching.described import Described
from hub.matching.together import together


@dataclass(frozen=True, slots=True)
class Folded:
    """Everything that is said of one person, the newest first."""

    person_id: UUID
    descriptions: list[Described]

    @property
    def described(self) -> bytes:
        """Keyed hash of the newest; empty if nothing is said any more, so that whatever comes next is new."""
        return self.descriptions[0].described if self.descriptions else b""

    def sealed(self, seal: FeatureSeal) -> bytes:
        """What is compared."""
        return seal.seal(self.person_id, together([each.features for each in self.descriptions]))

    def keys(self) -> set[int]:
        """Where to look for them: nowhere if nothing is said."""
        return {key for each in self.descriptions for key in (*each.keys, each.words)}


@dataclass(frozen=True, slots=True)
class TakenOut:
    """A new family with new people, and the people whom they were taken out of, `left` with what others said.

    `referral` means the new family from now on, by its sender's own case reference. `rerouted`: the family left behind
    and its queue, where that changes; None: the next referral chooses one.
    """

    family_id: UUID
    matter_id: UUID
    queue: str | None
    rerouted: dict[UUID, str | None]
    referral: UUID | None
    out_of: UUID
    new: list[Folded]
    left: list[Folded]


async def write_taken_out(connection: Connection, taken: TakenOut, seal: FeatureSeal) -> None:
    """The rows; who decides on an older version of somebody's row decides again."""
    await write(
        connection,
        (FAMILY, [(taken.family_id, taken.matter_id, taken.queue, taken.family_id)]),
        (PERSON, [(e.person_id, taken.family_id, e.person_id, e.described, e.sealed(seal)) for e in taken.new]),
    )
    await connection.execute(
        """UPDATE decide.person AS p SET described = n.described, sealed = n.sealed, version = p.version + 1
           FROM unnest($1::uuid[], $2::bytea[], $3::bytea[]) AS n (person_id, described, sealed)
           WHERE p.person_id = n.person_id""",
        [each.person_id for each in taken.left],
        [each.described for each in taken.left],
        [each.sealed(seal) for each in taken.left],
    )
    await connection.execute(
        "DELETE FROM decide.match_key WHERE person_id = ANY($1::uuid[])", [each.person_id for each in taken.left]
    )
    await connection.copy_records_to_table(
        "match_key", schema_name="decide", columns=("key", "person_id"), records=_keys([*taken.new, *taken.left])
    )
    for family_id, queue in taken.rerouted.items():
        await connection.execute("UPDATE decide.family SET queue = $2 WHERE family_id = $1", family_id, queue)
    await connection.execute(
        """UPDATE decide.referral SET family_id = $2, matter_id = $3 WHERE referral_id = $1 AND family_id = $4""",
        taken.referral,
        taken.family_id,
        taken.matter_id,
        taken.out_of,
    )


def _keys(people: Iterable[Folded]) -> list[tuple[int, UUID]]:
    return [(key, each.person_id) for each in people for key in sorted(each.keys())]
