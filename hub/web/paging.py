"""Page numbers as GOV.UK shows them: the first, the last, and those around the one shown."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Final

_MOST: Final = 100_000


def page_number(asked: str) -> int:
    """A page number from an address; 1 for what is none."""
    return max(1, min(int(asked[:9]), _MOST)) if asked.isascii() and asked.isdigit() else 1


def pagination(number: int, pages: int, address: Callable[[int], str], label: str = "Pages") -> dict[str, Any] | None:
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
        "landmarkLabel": label,
        "items": items,
        "previous": {"href": address(number - 1)} if number > 1 else None,
        "next": {"href": address(number + 1)} if number < pages else None,
    }
