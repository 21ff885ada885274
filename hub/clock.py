"""The clock as a port, so that tests and replays choose the time."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime

Clock = Callable[[], datetime]


def system_clock() -> datetime:
    """Now, UTC."""
    return datetime.now(UTC)
