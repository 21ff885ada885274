"""A writer as a process of its own: appends for ever and tells each acknowledged key on its standard output."""

from __future__ import annotations

import asyncio
import sys
from itertools import count
from uuid import uuid4

import asyncpg

from tests.consumers.relaying import journal_in
from tests.events.facts import one, opened


async def main(dsn: str, name: str) -> None:
    async with asyncpg.create_pool(dsn, min_size=1, max_size=4) as pool:
        journal = journal_in(pool)

        async def write(writer: int) -> None:
            for number in count():
                key = f"{name}-{writer}-{number}"
                await journal.append(one(opened(uuid4()), key=key))
                sys.stdout.write(f"{key}\n")
                sys.stdout.flush()

        await asyncio.gather(*(write(writer) for writer in range(4)))


if __name__ == "__main__":
    asyncio.run(main(sys.argv[1], sys.argv[2]))
