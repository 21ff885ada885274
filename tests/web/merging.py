"""Two people whom nobody takes for one, and what a reviewer of before has decided."""

from __future__ import annotations

from typing import Any
from uuid import uuid4

from events.description import Address
from tests.web.doubting import WHY, Told, told
from tests.web.world import HOSTILE, TRUST, World, child, referral

ELSEWHERE = Address(lines=("77 Whimsy Road",), town="Ramsaywhat", postcode="PE26 1VV")


async def two(world: World) -> tuple[Told, Told]:
    """Sam and Samuel, in two families."""
    one = await told(world, referral(child()))
    return one, await told(world, referral(child("Samuel", born="2016-04-08", address=ELSEWHERE)), TRUST)


async def three(world: World) -> tuple[Told, Told, Told]:
    return *await two(world), await told(world, referral(child("Sammy", born="2016-04-07")))


def by() -> dict[str, Any]:
    return {"actor": "reviewer-7", "key": str(uuid4()), "reason": f"{WHY} {HOSTILE}"}
