"""How long to wait before the next try."""

from __future__ import annotations

import random
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from typing import Final

FIRST_SECONDS: Final = 0.5
LONGEST_SECONDS: Final = 60.0
LONGEST_ASKED_SECONDS: Final = 3_600.0


def pause(failures: int, asked: float | None) -> float:
    """Seconds after that many failures in a row: doubled each time, capped, with jitter so that senders spread out.

    `asked` (the hub's Retry-After) is never undercut; above an hour it is taken as an hour.
    """
    longest = min(LONGEST_SECONDS, FIRST_SECONDS * float(1 << min(failures - 1, 16)))
    jittered = longest * random.uniform(0.5, 1.0)  # noqa: S311 - not a secret
    return jittered if asked is None else min(LONGEST_ASKED_SECONDS, asked) + jittered


def retry_after(header: str | None, now: datetime) -> float | None:
    """Seconds from a Retry-After header, which holds seconds or a date; None if it holds neither."""
    if header is None:
        return None
    if header.isascii() and header.isdigit():
        return float(header[:6])
    try:
        until = parsedate_to_datetime(header)
    except ValueError:
        return None
    until = until if until.tzinfo else until.replace(tzinfo=UTC)
    return max(0.0, (until - now).total_seconds())
