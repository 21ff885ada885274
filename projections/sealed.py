"""The sealed part of an event as a read model keeps it: JSON text, or since when it is erased."""

from __future__ import annotations

from datetime import datetime

from events.envelope import Details, Erased, Event


def kept(event: Event) -> tuple[str | None, datetime | None]:
    """JSON of the details, defaults left out, or since when they are erased; neither for an event that has none."""
    if event.details_type is None:
        return None, None
    details: Details | Erased = event.details  # type: ignore[attr-defined]  # where there is a details type
    if isinstance(details, Erased):
        return None, details.since
    return details.model_dump_json(exclude_defaults=True), None
