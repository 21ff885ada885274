"""The queues help is asked for in, by the codes that routing events carry: teams, the 0-5 pathway, panels, triage."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import Final


class QueueKind(StrEnum):
    """Who works a queue (privacy notice: a district team, the pathway's partners, or everyone on a panel)."""

    DISTRICT = "DISTRICT"
    PATHWAY = "PATHWAY"
    MASG = "MASG"
    TRIAGE = "TRIAGE"


@dataclass(frozen=True, slots=True)
class Queue:
    """A queue's code, what people call it, and who works it."""

    code: str
    title: str
    kind: QueueKind


TRIAGE: Final = "TRIAGE"
EVERY_QUEUE: Final = {
    queue.code: queue
    for queue in (
        Queue("CAMBRIDGE", "Cambridge district team", QueueKind.DISTRICT),
        Queue("EAST_CAMBS", "East Cambridgeshire district team", QueueKind.DISTRICT),
        Queue("FENLAND", "Fenland district team", QueueKind.DISTRICT),
        Queue("HUNTINGDONSHIRE", "Huntingdonshire district team", QueueKind.DISTRICT),
        Queue("SOUTH_CAMBS", "South Cambridgeshire district team", QueueKind.DISTRICT),
        Queue("ESP_0_5", "Early Support Pathway 0 to 5", QueueKind.PATHWAY),
        Queue("MASG_NORTH", "Peterborough North MASG panel", QueueKind.MASG),
        Queue("MASG_CENTRAL", "Peterborough Central MASG panel", QueueKind.MASG),
        Queue("MASG_SOUTH", "Peterborough South MASG panel", QueueKind.MASG),
        Queue(TRIAGE, "Triage", QueueKind.TRIAGE),
    )
}
LOCALITIES: Final = tuple(queue.code for queue in EVERY_QUEUE.values() if queue.kind is QueueKind.MASG)


def title(code: str | None) -> str:
    """What people call a queue; an unknown code stays readable."""
    queue = EVERY_QUEUE.get(code or "")
    return queue.title if queue else (code or "No queue")
