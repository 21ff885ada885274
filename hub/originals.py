"""The original bytes of each submission, sealed in chunks under the key of what they became."""

from __future__ import annotations

import io
from collections.abc import AsyncIterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Final
from uuid import UUID

from events.database import Connection
from events.envelope import Erased
from events.keys import PostgresKeys
from events.rows import Rows, insertion
from events.sealing import Key, seal, unseal
from hub.arrival import Arrival

CHUNK: Final = 1 << 20
_SUBMISSION: Final = insertion(
    "original.submission",
    {"submission_id": "uuid", "agency": "text", "format": "text", "key_id": "uuid", "received_at": "timestamptz"},
)
_CHUNK: Final = insertion(
    "original.chunk", {"submission_id": "uuid", "attempt": "uuid", "number": "integer", "sealed": "bytea"}
)


@dataclass(frozen=True, slots=True)
class Original:
    """Whose bytes, under which key: the matter's, or the submission's own where there is no one matter."""

    arrival: Arrival
    key_id: UUID

    @property
    def submission_id(self) -> UUID:
        """The submission these are the bytes of."""
        return self.arrival.submission_id


def sealed_chunk(data: bytes, key: Key, submission_id: UUID, number: int) -> bytes:
    """One chunk of at most `CHUNK` bytes, bound to its place."""
    return seal(len(data).to_bytes(4, "big") + data, key, submission_id.bytes, _context(submission_id, number))


def opened_chunk(sealed: bytes, key: Key, submission_id: UUID, number: int) -> bytes:
    """The bytes again; raises `SealBroken`."""
    plain = unseal(sealed, key, submission_id.bytes, _context(submission_id, number))
    return plain[4 : 4 + int.from_bytes(plain[:4], "big")]


def original_rows(keys: Mapping[UUID, Key], originals: Sequence[Original]) -> tuple[Rows, Rows]:
    """The whole original of each, sealed, as rows to insert. `keys` has theirs."""
    return (
        _SUBMISSION,
        [
            (o.submission_id, o.arrival.agency.code, o.arrival.format, o.key_id, o.arrival.received_at)
            for o in originals
        ],
    ), (
        _CHUNK,
        [
            (o.submission_id, o.submission_id, number, sealed_chunk(part, keys[o.key_id], o.submission_id, number))
            for o in originals
            for number, part in enumerate(_parts(o.arrival.original or b""))
        ],
    )


async def read_original(
    connection: Connection, keys: PostgresKeys, submission_id: UUID
) -> AsyncIterator[bytes | Erased]:
    """The chunks of an original in order, or one `Erased`; nothing where there is none."""
    row = await connection.fetchrow(
        """SELECT s.key_id, coalesce(f.attempt, s.submission_id) AS attempt
           FROM original.submission AS s LEFT JOIN original.file AS f USING (submission_id)
           WHERE s.submission_id = $1""",
        submission_id,
    )
    if row is None:
        return
    key_id = row["key_id"]
    key = (await keys.fetch([key_id]))[key_id]
    if isinstance(key, Erased):
        yield key
        return
    number = 0
    while True:
        sealed = await connection.fetchval(
            "SELECT sealed FROM original.chunk WHERE submission_id = $1 AND attempt = $2 AND number = $3",
            submission_id,
            row["attempt"],
            number,
        )
        if sealed is None:
            return
        yield opened_chunk(sealed, key, submission_id, number)
        number += 1


def _parts(data: bytes) -> list[bytes]:
    stream = io.BytesIO(data)
    return list(iter(lambda: stream.read(CHUNK), b"")) or [b""]


def _context(submission_id: UUID, number: int) -> bytes:
    return f"original|{submission_id}|{number}".encode()
