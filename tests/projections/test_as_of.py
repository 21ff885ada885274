"""What was known when: a read model folded in memory up to a moment."""

from __future__ import annotations

from datetime import timedelta

from events.keys import MemoryKeys
from events.log import Append
from events.memory_log import MemoryLog
from projections.as_of import as_of
from projections.identity import IDENTITY
from tests.builders import TUESDAY, a_family, a_referral
from tests.projections.decisions import families_merged, families_split
from tests.projections.small import SMALL, family, matter, opened
from tests.spec import AT, provenance

ONE, TWO = a_family(1), a_family(2)


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


async def test_who_was_taken_for_one_at_a_moment() -> None:
    hour = TUESDAY
    keys = MemoryKeys()
    log = MemoryLog(keys, lambda: hour)
    for append in (a_referral(ONE, "one"), a_referral(TWO, "two"), families_merged(ONE, TWO)):
        await log.append(append)
        hour += timedelta(hours=1)
    await log.append(families_split(TWO, TWO))

    async def belongs_to(known_at: timedelta) -> list[object]:
        rows = await as_of(IDENTITY, log, keys, [f"family/{TWO.id}"], TUESDAY + known_at)
        return [row[1] for row in rows["family_alias"]]

    assert await belongs_to(timedelta(hours=1)) == []
    assert await belongs_to(timedelta(hours=2)) == [ONE.id]
    assert await belongs_to(timedelta(hours=3)) == [TWO.id]
