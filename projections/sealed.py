"""The sealed part of an event as a read model keeps it: JSON text, or since when it is erased."""

from __future__ import annotations

from datetime import datetime

import orjson
from pydantic import BaseModel

from events.envelope import Erased, Event


def kept(event: Event) -> tuple[str | None, datetime | None]:
    """JSON of the details, defaults left out, or since when they are erased; neither for an event that has none."""
    details = getattr(event, "details", None)
    if isinstance(details, Erased):
        return None, details.since
    if isinstance(details, BaseModel):
        return orjson.dumps(details.model_dump(mode="json", exclude_defaults=True)).decode(), None
    return None, None
