"""Opens personal data for somebody at the command line: on record first, and not at all if it cannot be recorded."""

from __future__ import annotations

from collections.abc import Sequence
from uuid import uuid4

from events.access import PersonalDataRevealed, RevealDetails
from events.basis import LawfulBasis, Purpose
from events.codec import key_ids, opened
from events.envelope import Draft, Provenance, Record, Recorded, stream
from events.log import Append
from hub.bootstrap import Hub
from hub.veil import veiled


async def reveal(hub: Hub, records: Sequence[Record], actor: str, reason: str) -> list[Recorded]:
    """The typed events of these records, after who saw which streams and why has been appended to the log.

    Where a protected person is stays hidden from everybody.
    """
    drafts = []
    for seen in sorted({record.stream for record in records}):
        access_id = uuid4()
        event = PersonalDataRevealed(access_id=access_id, stream_seen=seen, details=RevealDetails(reason=reason))
        drafts.append(Draft(stream("access", access_id), event, hub.clock(), access_id))
    if drafts:
        provenance = Provenance("HUB", actor, (LawfulBasis.ART6_1_E,), Purpose.EARLY_HELP, uuid4())
        await hub.log.append(Append(tuple(drafts), provenance))
    return await veiled(hub.pool, opened(records, await hub.keys.fetch(key_ids(records))))
