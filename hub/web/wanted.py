"""A queue's filter as it stands in the address: codes only, so that no address holds personal data."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Final
from urllib.parse import urlencode

from hub.web import words
from hub.web.paging import page_number
from projections.queues import URGENCIES, Status
from projections.waiting import Filter

_OVERDUE: Final = "yes"


@dataclass(frozen=True, slots=True)
class Wanted:
    """What somebody asked a queue for; what is no known code is left out."""

    queue: str
    status: Status | None = None
    urgency: str | None = None
    overdue: bool = False
    agency: str | None = None
    page: int = 1

    @classmethod
    def read(cls, queue: str, asked: Mapping[str, str], agencies: Mapping[str, str]) -> Wanted:
        """From the address or a form; `agencies` maps the codes there are to their titles."""
        status, urgency, agency, page = (asked.get(name, "") for name in ("status", "urgency", "agency", "page"))
        return cls(
            queue=queue,
            status=Status(status) if status in set(Status) else None,
            urgency=urgency if urgency in URGENCIES else None,
            overdue=asked.get("overdue") == _OVERDUE,
            agency=agency if agency in agencies else None,
            page=page_number(page),
        )

    @property
    def filter(self) -> Filter:
        """For the read model."""
        return Filter(self.queue, self.status, self.urgency, self.overdue, self.agency)

    @property
    def fields(self) -> dict[str, str]:
        """As fields of a form: what is set, but for the page."""
        found = {
            "status": self.status.value if self.status else "",
            "urgency": self.urgency or "",
            "overdue": _OVERDUE if self.overdue else "",
            "agency": self.agency or "",
        }
        return {name: value for name, value in found.items() if value}

    def address(self, page: int = 1, **more: str) -> str:
        """The address of this, on another page."""
        query = self.fields | ({"page": str(page)} if page > 1 else {}) | more
        return f"/queues/{self.queue}" + (f"?{urlencode(query)}" if query else "")

    def tags(self, agencies: Mapping[str, str]) -> list[tuple[str, str]]:
        """What is filtered by, in words, each with the address without it."""
        found = []
        if self.status:
            found.append((f"Status: {words.say(words.STATUS, self.status)}", replace(self, status=None)))
        if self.urgency:
            found.append((f"Urgency: {words.say(words.URGENCY, self.urgency)}", replace(self, urgency=None)))
        if self.overdue:
            found.append(("Overdue", replace(self, overdue=False)))
        if self.agency:
            found.append((f"Referrer: {agencies[self.agency]}", replace(self, agency=None)))
        return [(text, without.address()) for text, without in found]
