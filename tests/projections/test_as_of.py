"""What was known when: a read model folded in memory up to a moment."""

from __future__ import annotations

from datetime import timedelta

from events.keys import MemoryKeys
from events.log import Append
from events.memory_log import MemoryLog
from projections.as_of import as_of
from tests.projections.small import SMALL, family, matter, opened
from tests.spec import AT, provenance


async def test_later_knowledge_does_not_show() -> None:
    hour = AT
    keys = MemoryKeys()
    log = MemoryLog(keys, lambda: hour)
    await log.append(Append((opened(1), opened(2), matter(1, 1)), provenance()))
    hour = AT + timedelta(hours=2)
    await log.append(Append((matter(2, 1), matter(1, 2)), provenance()))

    async def trail(known_at: timedelta) -> list[object]:
        rows = await as_of(SMALL, log, keys, [f"family/{family(1)}"], AT + known_at)
        return [row[3] for row in rows["family"]]

    assert await trail(timedelta(hours=-1)) == []
    assert await trail(timedelta(hours=1)) == ["1 2"]
    assert await trail(timedelta(hours=2)) == ["1 2 3"]
