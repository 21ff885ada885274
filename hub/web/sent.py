"""What a form about a decision was sent with: in which step, with which choice and reason, and what is wrong."""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import StrEnum
from typing import Final
from uuid import UUID, uuid4

from starlette.datastructures import FormData

LONGEST_REASON: Final = 2_000
_LONGEST_STAMP: Final = 64
_CONTROL: Final = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]")


class Step(StrEnum):
    """What is asked of the form: show it, check what it says, change that, or decide."""

    SHOW = "show"
    CHECK = "check"
    CHANGE = "change"
    DECIDE = "decide"


@dataclass(frozen=True, slots=True)
class Fault:
    """What is wrong with a field, and where it stands on the page."""

    text: str
    field: str


@dataclass(frozen=True, slots=True)
class Sent:
    """The fields. `chosen`: radios or checkboxes, none of them chosen before somebody does; `key`: this form's own.

    `seen`: how those whom a decision is about stood when the form was opened, where that matters.
    """

    step: Step
    key: str
    chosen: tuple[str, ...] = ()
    reason: str = ""
    seen: str = ""

    @classmethod
    def nothing(cls) -> Sent:
        """A form that nobody has filled in."""
        return cls(Step.SHOW, str(uuid4()))

    @classmethod
    def of(cls, form: FormData) -> Sent:
        """As it was sent. Raises `ValueError` if that is not a form of ours."""
        chosen = tuple(str(value) for value in form.getlist("chosen"))
        reason = _CONTROL.sub("", str(form.get("reason", "")).replace("\r\n", "\n")).strip()
        seen = str(form.get("seen", ""))[:_LONGEST_STAMP]
        return cls(Step(str(form.get("step"))), str(UUID(str(form.get("key")))), chosen, reason, seen)

    def reason_faults(self) -> list[Fault]:
        """A decision that nobody could explain later is not taken."""
        if not self.reason:
            return [Fault("Enter the reason for your decision", "reason")]
        if len(self.reason) > LONGEST_REASON:
            return [Fault(f"The reason must be {LONGEST_REASON:,} characters or less", "reason")]
        return []
