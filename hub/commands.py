"""What people tell the hub to do: load the family's history, decide, append with the version it was decided on."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final
from uuid import UUID, uuid4

from events.basis import LawfulBasis, Purpose
from events.codec import key_ids, opened
from events.envelope import Draft, Provenance, stream
from events.log import Append, WrongVersion
from hub.bootstrap import Hub
from hub.deciders.acknowledgement import acknowledged

_TRIES: Final = 5
_BASIS: Final = (LawfulBasis.ART6_1_E, LawfulBasis.CA2004_S10)


@dataclass(frozen=True, slots=True)
class Acknowledge:
    """Tell the referrers of a matter that their referrals have arrived and are being looked at.

    `actor` is an opaque id of who does it; `key` is the form's own, so that sending it twice does it once.
    """

    family_id: UUID
    matter_id: UUID
    actor: str
    key: str


async def acknowledge(hub: Hub, command: Acknowledge) -> dict[int, int]:
    """Do it; returns the last sequence written in each partition, nothing if nobody was waiting any more.

    Raises `NoSuchMatter`, and `WrongVersion` if the family's history moves on faster than it can be decided on.
    """
    for _ in range(_TRIES - 1):
        try:
            return await _acknowledge_once(hub, command)
        except WrongVersion:
            continue
    return await _acknowledge_once(hub, command)


async def _acknowledge_once(hub: Hub, command: Acknowledge) -> dict[int, int]:
    name = stream("family", command.family_id)
    records = await hub.log.read_stream(name)
    history = opened(records, await hub.keys.fetch(key_ids(records)))
    answers = acknowledged(history, command.matter_id)
    if not answers:
        return {}
    now = hub.clock()
    written = await hub.log.append(
        Append(
            tuple(Draft(name, answer, now) for answer in answers),
            Provenance("HUB", command.actor, _BASIS, Purpose.EARLY_HELP, uuid4()),
            {name: records[-1].stream_version},
            hub.index.hex("acknowledge", str(command.matter_id), command.key),
        )
    )
    places: dict[int, int] = {}
    for record in written:
        places[record.partition] = max(record.sequence, places.get(record.partition, 0))
    return places
