"""Page numbers as GOV.UK shows them: the first, the last, and those around the one shown."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any


def pagination(number: int, pages: int, address: Callable[[int], str]) -> dict[str, Any] | None:
    """Parameters of `govukPagination`; None if there is one page only."""
    if pages <= 1:
        return None
    near = sorted({1, pages, *range(max(1, number - 1), min(pages, number + 1) + 1)})
    items: list[dict[str, Any]] = []
    for place, each in enumerate(near):
        if place and each - near[place - 1] > 1:
            items.append({"ellipsis": True})
        items.append({"number": each, "href": address(each), "current": each == number})
    return {
        "items": items,
        "previous": {"href": address(number - 1)} if number > 1 else None,
        "next": {"href": address(number + 1)} if number < pages else None,
    }
