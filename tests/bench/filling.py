"""Fills a journal by the real intake: invented referrals, and half as many receipts about the same families.

`python -m tests.bench.filling PLACE EVENTS SEED`
"""

from __future__ import annotations

import asyncio
import sys
from collections.abc import Iterator, Sequence
from datetime import UTC, date, datetime, timedelta
from itertools import islice
from uuid import uuid4

from consumers.demo_sending import register
from events.referral import Channel
from hub.arrival import Agency, Arrival
from hub.bootstrap import Hub, open_hub
from hub.cli.running import run_on_loop
from hub.submission import InformationReceipt, Referral, Submission
from hub.synth.agencies import SCHOOLS
from hub.synth.referrals import receipt_bodies, referral_bodies
from tests.bench.ground import Place, unpacked
from tests.bench.task import run_task, tell

SENDER = SCHOOLS[0].code
_BATCH = 250
_ENDLESS = 10_000_000


async def fill(place: Place, events: int, seeds: Sequence[int]) -> int:
    """Send until the log holds that many events or a few more, in a process for each seed; how many it holds then."""
    async with open_hub(place.settings()) as hub:
        await registered(hub)
        await asyncio.gather(*(run_task("filling", place, str(events), str(seed)) for seed in seeds))
        return (await hub.log.heads()).position


async def main(place: Place, events: int, seed: int) -> None:
    """One process."""
    async with open_hub(place.settings()) as hub:
        agency = await registered(hub)
        told = _told(seed)
        while (position := (await hub.log.heads()).position) < events:
            batch = [
                arrival_of(hub, agency, body, shape.model_validate_json(body)) for body, shape in islice(told, _BATCH)
            ]
            await hub.intake.decide(await hub.intake.ready(batch))
        tell(events=position)


def last_week() -> date:
    """When the invented things happened: a week from this day on, all of it past."""
    return datetime.now(UTC).date() - timedelta(days=8)


async def registered(hub: Hub) -> Agency:
    """The invented school that everything here is sent by."""
    if (agency := await hub.agencies.find(SENDER)) is None:
        await register(hub)
        agency = await hub.agencies.find(SENDER)
    assert agency is not None
    return agency


def _told(seed: int) -> Iterator[tuple[bytes, type[Submission]]]:
    receipts = receipt_bodies(_ENDLESS, seed, last_week())
    for number, referral in enumerate(referral_bodies(_ENDLESS, seed, last_week())):
        yield referral, Referral
        if number % 2:
            yield next(receipts), InformationReceipt


def arrival_of(hub: Hub, agency: Agency, body: bytes, submission: Submission) -> Arrival:
    """As the HTTP door makes it."""
    submission_id = uuid4()
    return Arrival(
        agency=agency,
        actor="bench",
        channel=Channel.API,
        format="hub-json",
        submission_id=submission_id,
        correlation_id=submission_id,
        received_at=hub.clock(),
        idempotency=hub.index.hex("idempotency", agency.code, submission_id.bytes),
        fingerprint=hub.index.hex("fingerprint", body),
        read=submission,
        original=body,
    )


if __name__ == "__main__":
    asked = unpacked(sys.argv[1])
    run_on_loop(main(asked, int(sys.argv[2]), int(sys.argv[3])), asked.settings())
