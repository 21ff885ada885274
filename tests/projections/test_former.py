"""Older versions of a read model go once nobody needs them, and no sooner."""

from __future__ import annotations

from collections.abc import AsyncIterator

import pytest

from events.log import Append
from projections.building import Sources
from projections.former import Former, drop_former
from projections.opening import open_batch
from projections.runner import Carrier, Overtaken
from tests.projections.small import opened, small
from tests.projections.test_rebuild import carried, schemas, tell
from tests.projections.worker import open_sources
from tests.spec import provenance

OLD, NEW, NEWER, OTHER = small(), small(version=2), small(version=3), small("small_other")


@pytest.fixture
async def sources(database: str) -> AsyncIterator[Sources]:
    async with open_sources(database) as opened_sources:
        yield opened_sources


async def dropped(sources: Sources) -> list[Former]:
    return await drop_former(sources.pool, [NEW, OTHER], (await sources.log.heads()).sequences)


async def an_hour_passes(sources: Sources) -> None:
    """Since any worker moved."""
    await sources.pool.execute("UPDATE projection.position SET moved_at = moved_at - interval '1 hour'")


async def test_an_older_version_goes_with_its_bookkeeping_and_nothing_else_does(sources: Sources) -> None:
    await tell(sources, range(3))
    for model in (OLD, NEW, NEWER, OTHER):
        await carried(sources, model)
    await an_hour_passes(sources)

    assert await dropped(sources) == [Former(OLD.schema, NEW.schema, "")]

    assert await schemas(sources.pool) == sorted(model.schema for model in (NEW, NEWER, OTHER))
    models = await sources.pool.fetch("SELECT DISTINCT model FROM projection.position ORDER BY 1")
    assert [row["model"] for row in models] == await schemas(sources.pool)
    assert await dropped(sources) == []


async def test_it_stays_while_this_version_is_behind(sources: Sources) -> None:
    await tell(sources, range(3))
    await carried(sources, OLD)
    await an_hour_passes(sources)
    assert [each.needed for each in await dropped(sources)] == ["this version has not carried everything yet"]
    assert await schemas(sources.pool) == [OLD.schema]


async def test_it_stays_while_an_older_worker_carries_it(sources: Sources) -> None:
    await tell(sources, range(3))
    await carried(sources, NEW)
    await an_hour_passes(sources)
    await carried(sources, OLD)
    assert [each.needed for each in await dropped(sources)] == ["a worker of the older program still carries it"]
    assert await schemas(sources.pool) == [OLD.schema, NEW.schema]


async def test_an_older_worker_that_comes_back_writes_nothing(sources: Sources) -> None:
    await tell(sources, range(3))
    older: Carrier = await carried(sources, OLD)
    await carried(sources, NEW)
    await an_hour_passes(sources)
    await dropped(sources)
    [record] = await sources.log.append(Append((opened(9),), provenance()))

    with pytest.raises(Overtaken):
        await older.apply(await open_batch([record], sources.keys))

    assert await schemas(sources.pool) == [NEW.schema]
