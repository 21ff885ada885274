"""A foreign producer on an agency's intake topic, and the hub behind it."""

from __future__ import annotations

import asyncio
from contextlib import suppress
from dataclasses import dataclass, field

import orjson
from aiokafka import AIOKafkaProducer

from consumers.app import run_intake
from consumers.intake import TopicIntake
from events.basis import AgencyKind, LawfulBasis, Purpose
from events.codec import opened
from events.kafka_topics import Topics
from events.submission import SubmissionAccepted, SubmissionRefused
from hub.api.examples import REFERRAL
from hub.arrival import Agency
from hub.bootstrap import Hub
from tests.waiting import ending, until

Headers = list[tuple[str, bytes | None]]
AGENCY = Agency("fen-primary", AgencyKind.SCHOOL, "Fen Primary", "100000", frozenset(Purpose), frozenset(LawfulBasis))


def good(key: str, **changes: str) -> tuple[bytes, Headers]:
    """A referral as an agency sends it."""
    body = orjson.dumps({"kind": "referral", **REFERRAL, "source": {"message_id": key}, **changes})
    return body, [("content-type", b"application/json"), ("idempotency-key", key.encode())]


@dataclass
class Partner:
    """A foreign producer on the agency's own topic, and the hub behind it."""

    hub: Hub
    topics: Topics
    bootstrap: str
    producer: AIOKafkaProducer
    intake: TopicIntake
    sent: int = field(default=0)

    async def send(self, value: bytes | None, headers: Headers, key: bytes | None = b"k") -> None:
        await self.producer.send_and_wait(self.topics.intake(AGENCY.code), value, key, headers=headers)
        self.sent += 1

    async def taken(self) -> None:
        """Returns when everything sent was taken."""

        async def all_taken() -> bool:
            return sum((await self.intake.places()).values()) >= self.sent

        await until(all_taken)

    async def outcomes(self) -> list[str]:
        """What became of each submission, in order: `accepted`, or the refusal's code."""
        after = dict.fromkeys(range(self.hub.settings.partitions), 0)
        records = sorted([r async for batch in self.hub.log.follow(after, until_end=True) for r in batch])
        events = [told.event for told in opened([r for r in records if r.key_id is None], {})]
        return [
            event.code if isinstance(event, SubmissionRefused) else "accepted"
            for event in events
            if isinstance(event, SubmissionAccepted | SubmissionRefused)
        ]

    def run(self) -> asyncio.Task[None]:
        async def codes() -> list[str]:
            return [agency.code for agency in await self.hub.agencies.every()]

        return asyncio.create_task(run_intake(self.bootstrap, 1, self.topics, codes, self.intake, 0.2))


async def stop(running: asyncio.Task[None]) -> None:
    running.cancel()
    with suppress(asyncio.CancelledError):
        await ending(running, "the intake stops")
