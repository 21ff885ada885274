"""What the runner promises of every read model."""

from __future__ import annotations

from datetime import date

import pytest

from events.database import Pool
from events.log import Gap
from projections.opening import batch_of
from projections.runner import Carrier, Overtaken
from tests.projections.small import AGENCY, DAY, FAMILY, family, matter, opened, registered, small, suspended
from tests.spec import given, in_memory, rows_of

NINE = (date(2026, 3, 2), 9)


async def test_rows_follow_from_the_history(pool: Pool) -> None:
    told = given(small(), opened(1), matter(1, 1), opened(2), registered("school.elm", "Elm School"))

    await told.then_rows(
        pool,
        {
            FAMILY: [
                (family(1), (matter(1, 1).event.matter_id,), 2, "1 2"),  # type: ignore[attr-defined]
                (family(2), (), 1, "1"),
            ],
            DAY: [(*NINE, 3)],
            AGENCY: [("school.elm", "Elm School")],
        },
    )


async def test_a_row_can_go_and_come_back(pool: Pool) -> None:
    await given(small(), registered("a", "First"), suspended("a")).then_rows(pool, {AGENCY: []})


async def test_a_row_removed_and_put_in_one_batch_stays(pool: Pool) -> None:
    told = given(small(), registered("a", "First"), suspended("a"), registered("a", "Second"))
    recorded = await told.recorded()
    carrier = Carrier(pool, small())
    await carrier.install()
    await carrier.locate(range(4))

    await carrier.apply(batch_of(recorded[:1]))
    await carrier.apply(batch_of(recorded[1:]))

    assert (await rows_of(pool, small()))["agency"] == [("a", "Second")]


async def test_a_gap_stops(pool: Pool) -> None:
    recorded = await given(small(), opened(1), matter(1, 1), matter(1, 2)).recorded()
    carrier = Carrier(pool, small())
    await carrier.install()
    await carrier.locate(range(4))

    await carrier.apply(batch_of(recorded[:1]))
    with pytest.raises(Gap):
        await carrier.apply(batch_of(recorded[2:]))

    assert await carrier.apply(batch_of(recorded)) == 2


async def test_of_two_carriers_without_leases_one_is_told_it_was_overtaken(pool: Pool) -> None:
    told = given(small(), opened(1), *(matter(1, of) for of in range(6)))
    recorded = await told.recorded()
    first, second = Carrier(pool, small()), Carrier(pool, small())
    await first.install()
    await first.locate(range(4))
    await second.locate(range(4))

    await first.apply(batch_of(recorded[:4]))
    with pytest.raises(Overtaken):
        await second.apply(batch_of(recorded[:5]))
    await second.locate(range(4))
    await second.apply(batch_of(recorded))

    assert await rows_of(pool, small()) == in_memory(small(), recorded)


async def test_as_the_epoch_moves_on_the_old_holder_writes_nothing(pool: Pool) -> None:
    recorded = await given(small(), opened(1), matter(1, 1)).recorded()
    partition = recorded[0].record.partition
    await pool.execute("INSERT INTO projection.lease (partition, epoch) VALUES ($1, 7)", partition)
    old, new = Carrier(pool, small(), {partition: 6}), Carrier(pool, small(), {partition: 7})
    await old.install()
    for carrier in (old, new):
        await carrier.locate({partition})

    with pytest.raises(Overtaken):
        await old.apply(batch_of(recorded))
    assert (await rows_of(pool, small()))["family"] == []
    await new.apply(batch_of(recorded))

    assert await rows_of(pool, small()) == in_memory(small(), recorded)
