"""How a read model's tests bring it events: in memory in every way they may arrive, or into real tables."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from events.database import Pool
from events.envelope import Recorded
from projections import ALL
from projections.opening import batch_of
from projections.projection import Projection, Row, Table
from projections.runner import Carrier
from tests.spec import in_memory


def rows(projection: Projection, recorded: Sequence[Recorded], table: Table) -> list[Row]:
    """The table's rows, whichever way the events are delivered: once, each twice, all twice, streams in any order."""
    once = in_memory(projection, recorded)
    assert in_memory(projection, (event for event in recorded for _ in range(2))) == once, "each of them twice"
    assert in_memory(projection, [*recorded, *recorded]) == once, "all of them twice"
    for backwards in (False, True):
        order = sorted(recorded, key=lambda event: event.record.stream, reverse=backwards)
        assert in_memory(projection, order) == once, "rows depend on the order of streams"
    return once[table.name]


async def shown(pool: Pool, recorded: Sequence[Recorded], models: Iterable[Projection] = ALL) -> None:
    """All read models carry these events, in real tables, and carry them again."""
    for projection in models:
        carrier = Carrier(pool, projection)
        await carrier.install()
        await carrier.locate({event.record.partition for event in recorded})
        await carrier.apply(batch_of(recorded))
        await carrier.apply(batch_of(recorded))
    assert await pool.fetchval("SELECT count(*) FROM projection.parked") == 0, "an event could not be applied"
