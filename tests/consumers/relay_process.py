"""A relay as a process of its own, for tests that kill it: arguments are the database, Kafka, and the topic."""

from __future__ import annotations

import asyncio
import sys

import asyncpg

from consumers.relay import run_relay
from events.published import Published
from tests.consumers.relaying import QUICK, journal_in


async def main(dsn: str, bootstrap: str, topic: str) -> None:
    async with asyncpg.create_pool(dsn, min_size=1, max_size=4) as pool:
        await run_relay(journal_in(pool), Published(pool, topic), bootstrap, QUICK)


if __name__ == "__main__":
    asyncio.run(main(*sys.argv[1:4]))
