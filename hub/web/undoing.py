"""The question whether a decision is to be taken back."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from hub.identity.commands import Undo
from hub.web import words
from hub.web.deciding import Shown
from hub.web.sent import Fault, Sent
from hub.web.told import Line


@dataclass(frozen=True, slots=True)
class Undoing:
    """`what`: the decision in words."""

    decision_id: UUID
    what: str
    shown: Shown

    def faults(self, sent: Sent) -> list[Fault]:
        """A reason is needed."""
        return sent.reason_faults()

    def said(self, sent: Sent) -> list[Line]:
        """In words."""
        return [Line("Undo", self.what), Line("Reason", sent.reason)]

    def command(self, sent: Sent) -> Undo:
        """To be decided."""
        return Undo(self.decision_id, actor=words.NO_SIGN_IN, key=sent.key, reason=sent.reason)

    def after(self, sent: Sent, done: str) -> str:
        """The family's record."""
        del sent
        return f"{self.shown.back}?done={'undone' if done == 'shown' else done}"
