"""The relay carries a whole journal to a new topic, measured: `python -m tests.bench.relaying PLACE`."""

from __future__ import annotations

import asyncio
import sys
import time

from consumers.relay import run_relay
from consumers.work import bootstrap, events_topic
from events.kafka_topics import create_topics
from events.published import Published
from hub.bootstrap import open_hub
from hub.cli.running import run_on_loop
from tests.bench.ground import Place, unpacked
from tests.bench.task import tell


async def main(place: Place) -> None:
    """Carry until Kafka has acknowledged every event; the topic is there before."""
    async with open_hub(place.settings()) as hub:
        topic = events_topic(hub)
        await create_topics(bootstrap(hub), [topic])
        published = Published(hub.pool, topic.name)
        events = (await hub.log.heads()).position
        began = time.perf_counter()
        relay = asyncio.create_task(run_relay(hub.log, published, bootstrap(hub)))
        # Asked again and again from outside, as nothing in it tells when it is at the end.
        while sum((await published.confirmed()).values()) < events and not relay.done():  # noqa: ASYNC110
            await asyncio.sleep(0.02)
        seconds = time.perf_counter() - began
        relay.cancel()
        await asyncio.wait([relay])
    tell(events=events, seconds=seconds)


if __name__ == "__main__":
    asked = unpacked(sys.argv[1])
    run_on_loop(main(asked), asked.settings())
