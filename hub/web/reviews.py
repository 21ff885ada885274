"""The second part of triage: what no rule could place, one page at a time."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from events.database import Connection
from hub.web.paging import page_number, pagination
from hub.web.queue_rows import ReviewRow, review_rows
from projections.household import found_of
from projections.places import TRIAGE
from projections.waiting import PAGE_SIZE, Count, reviews


@dataclass(frozen=True, slots=True)
class ToReview:
    """One page of items, how many there are, and the parameters of the pagination, if it takes more than one page."""

    rows: list[ReviewRow]
    total: int
    pages: dict[str, Any] | None


async def to_review(connection: Connection, count: Count, asked: Mapping[str, str], now: datetime) -> ToReview:
    """What the address asks for; nothing in any queue but triage."""
    pages = max(1, -(-count.reviews // PAGE_SIZE))
    number = min(page_number(asked.get("reviews", "")), pages)
    items = await reviews(connection, now, number) if count.reviews else []
    found = await found_of(connection, [item.submission_id for item in items])
    links = pagination(number, pages, lambda page: f"/queues/{TRIAGE}?reviews={page}", "Pages of what to look at")
    return ToReview(review_rows(items, found, now), count.reviews, links)
