"""What a reviewer does in the demo: finds two people to be one, and takes that back, by the real commands."""

from __future__ import annotations

from typing import Final
from uuid import UUID, uuid4

from events.doubt import DoubtOutcome
from hub.bootstrap import Hub
from hub.identity.commands import Done, SettleDoubt, Undo
from hub.identity.deciding import decide_identity
from projections.doubts import open_doubts

_REVIEWER: Final = "demo-reviewer"


async def decide_and_undo(hub: Hub) -> tuple[UUID | None, dict[int, int]]:
    """Settle the doubt that has waited longest, then undo it, so that it waits again.

    The family whose page shows both, None if nobody is in doubt; and up to where the log was written.
    """
    async with hub.pool.acquire() as connection:
        waiting = (await open_doubts(connection, hub.clock())).doubts
    if not waiting:
        return None, {}
    doubt = waiting[0]
    likeliest = doubt.candidates[0].person_id
    settle = SettleDoubt(
        doubt.doubt_id,
        doubt.person_id,
        DoubtOutcome.SAME,
        likeliest,
        one_family=True,
        actor=_REVIEWER,
        key=str(uuid4()),
        reason="The names and the households agree.",
    )
    settled = await decide_identity(hub, settle)
    why = "The school has asked the family: they are two people."
    undone = await decide_identity(hub, Undo(settled.decision_id, actor=_REVIEWER, key=str(uuid4()), reason=why))
    return doubt.family_id, _reached(settled, undone)


def _reached(*decisions: Done) -> dict[int, int]:
    reached: dict[int, int] = {}
    for done in decisions:
        for partition, sequence in done.places.items():
            reached[partition] = max(sequence, reached.get(partition, 0))
    return reached
