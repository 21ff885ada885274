"""What used a link or a decision while it stood, in words and in groups."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Final
from uuid import UUID

from hub.identity.consequences import Consequences
from hub.web import dates, words
from projections.places import EVERY_QUEUE, title

_MOST: Final = 50


@dataclass(frozen=True, slots=True)
class Group:
    """Uses of one kind; `texts` is empty if there are none on record."""

    title: str
    texts: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Used:
    """`stood` says from when until when; the groups are always the same, in the same order."""

    decision_id: UUID | None
    families: tuple[UUID, ...]
    stood: str
    groups: tuple[Group, ...]


def used(found: Consequences, agencies: Mapping[str, str]) -> Used:
    """`agencies` maps codes to titles."""

    def called(code: str) -> str:
        return words.agency(code, agencies.get(code, code))

    until = f"until {dates.moment(found.until)}" if found.until else "and stands now"
    groups = (
        _group(
            "Queues it was shown in",
            (f"{_queue(each.queue)}, from {dates.moment(each.since)}" for each in found.queues),
        ),
        _group("Panel packs it was in", (f"{title(e.locality)}, from {dates.moment(e.since)}" for e in found.packs)),
        _group(
            "Agencies that were told their referral has arrived",
            (f"{called(each.agency)}, on {dates.moment(each.at)}" for each in found.acknowledgements),
        ),
        _group(
            "Personal data opened from the log",
            (f"By {words.actor(each.actor)}, on {dates.moment(each.at)}" for each in found.reveals),
        ),
        _group(
            "What was shown together on the family's record",
            (
                f"Told by {called(each.agency)}, from {dates.moment(each.since)}"
                + (" (this is it)" if each.wrong else "")
                for each in found.submissions
            ),
        ),
    )
    return Used(found.decision_id, found.families, f"It stood from {dates.moment(found.since)} {until}.", groups)


def _queue(code: str | None) -> str:
    return title(code) if code in EVERY_QUEUE else code or "A queue that was erased since"


def _group(name: str, texts: Iterable[str]) -> Group:
    every = tuple(texts)
    more = (f"and {len(every) - _MOST} more",) if len(every) > _MOST else ()
    return Group(name, every[:_MOST] + more)
