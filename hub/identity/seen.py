"""What a reviewer saw of who is one with whom: a decision on it is refused once somebody else has decided meanwhile."""

from __future__ import annotations

from collections.abc import Collection
from hashlib import sha256
from typing import Final
from uuid import UUID

from hub.bootstrap import Hub
from hub.identity import tables
from hub.identity.known import Known
from hub.identity.refusals import DecidedMeanwhile

LENGTH: Final = 32


async def seen(hub: Hub, people: Collection[UUID] = (), families: Collection[UUID] = ()) -> str:
    """A stamp of how these people, with their families, or these families stand now; ids only go into it."""
    async with hub.pool.acquire() as connection:
        return _stamp(await tables.find_known(connection, people, families))


def as_seen(known: Known, stamp: str) -> None:
    """Raises `DecidedMeanwhile` if that is not how they stand; an empty stamp asks for nothing."""
    if stamp and stamp != _stamp(known):
        raise DecidedMeanwhile


def _stamp(known: Known) -> str:
    blocks = (*sorted(known.people.belongs_to.items()), *sorted(known.families.belongs_to.items()))
    return sha256(b"".join(id_.bytes for moved in blocks for id_ in moved)).hexdigest()[:LENGTH]
