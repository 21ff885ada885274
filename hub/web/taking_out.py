"""The question whether what a submission told is to be taken out of a family."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from hub.identity.commands import TakeOut
from hub.web import words
from hub.web.deciding import Shown
from hub.web.sent import Fault, Sent
from hub.web.told import Line


@dataclass(frozen=True, slots=True)
class TakingOut:
    """`what`: the submission in words."""

    submission_id: UUID
    what: str
    shown: Shown

    def faults(self, sent: Sent) -> list[Fault]:
        """A reason is needed."""
        return sent.reason_faults()

    def said(self, sent: Sent) -> list[Line]:
        """In words."""
        return [Line("Take out", self.what), Line("Reason", sent.reason)]

    def command(self, sent: Sent) -> TakeOut:
        """To be decided."""
        return TakeOut(self.submission_id, actor=words.NO_SIGN_IN, key=sent.key, reason=sent.reason)

    def after(self, sent: Sent, done: str) -> str:
        """The family's record."""
        del sent
        return f"{self.shown.back}?done={'taken-out' if done == 'shown' else done}"
