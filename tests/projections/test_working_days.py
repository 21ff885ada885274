"""One working day: weekends, bank holidays and London's clock."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest

from projections.working_days import due_on, overdue_before


@pytest.mark.parametrize(
    ("received_at", "due"),
    [
        (datetime(2026, 11, 24, 10, tzinfo=UTC), date(2026, 11, 25)),  # Tuesday
        (datetime(2026, 11, 27, 16, 59, tzinfo=UTC), date(2026, 11, 30)),  # Friday afternoon
        (datetime(2026, 11, 28, 9, tzinfo=UTC), date(2026, 11, 30)),  # Saturday
        (datetime(2026, 12, 24, 9, tzinfo=UTC), date(2026, 12, 29)),  # Christmas Eve; Boxing Day's substitute is Monday
        (datetime(2026, 6, 22, 23, 30, tzinfo=UTC), date(2026, 6, 24)),  # already Tuesday in London
    ],
)
def test_due_at_the_end_of_the_next_working_day(received_at: datetime, due: date) -> None:
    assert due_on(received_at) == due


def test_overdue_begins_when_the_due_day_is_over() -> None:
    """One instant divides all arrivals, so it must agree with the due day of every one of them."""
    start = datetime(2026, 12, 18, 0, 30, tzinfo=UTC)
    arrivals = [start + timedelta(hours=5 * step) for step in range(100)]
    for now in (start + timedelta(hours=7 * step) for step in range(70)):
        for received_at in arrivals:
            assert (received_at < overdue_before(now)) == (due_on(received_at) < now.date())
