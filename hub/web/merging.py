"""The question whether two people, or two families, are one, where nobody had a doubt about it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final
from uuid import UUID

from fastapi import HTTPException

from hub.identity.commands import MergeFamilies, MergePeople
from hub.web import words
from hub.web.deciding import Shown
from hub.web.sent import Fault, Sent
from hub.web.told import Line

NOT: Final = "no"
_SAME, _ONE, _TWO = "same", "one", "two"


@dataclass(frozen=True, slots=True)
class Answer:
    """One answer: the value of its radio, and its words."""

    value: str
    text: str
    hint: str


_NOTHING: Final = Answer(
    NOT, "No, or I cannot tell", "Nothing is decided and nothing changes. You need not give a reason."
)
OF_ONE_FAMILY: Final = (
    Answer(_SAME, "Yes", "They are shown as one person from now on, with everything that was told of both."),
    _NOTHING,
)
OF_TWO_FAMILIES: Final = (
    Answer(
        _ONE,
        "Yes, and their families are one",
        "Everything told of both stands on one record from now on, and everybody in both families is one family.",
    ),
    Answer(
        _TWO,
        "Yes, in two families",
        "They are shown as one person, and each family keeps its own record. For example, the parents live apart.",
    ),
    _NOTHING,
)
OF_FAMILIES: Final = (
    Answer(
        _SAME,
        "Yes",
        "Everything told of both stands on one record from now on. People who are in both are two until somebody "
        "decides that they are one.",
    ),
    _NOTHING,
)


@dataclass(frozen=True, slots=True)
class Merging:
    """`one` keeps its name and `names` are what to call them; `people`: they are people, and not families.

    Their ids are those in the address, for after the decision one of them speaks for both.
    """

    one: UUID
    other: UUID
    names: Sequence[str]
    people: bool
    shown: Shown

    def faults(self, sent: Sent) -> list[Fault]:
        """An answer and a reason are needed."""
        text = "Select whether they are the same person" if self.people else "Select whether they are one family"
        return ([] if self._chosen(sent) else [Fault(text, "chosen")]) + sent.reason_faults()

    def said(self, sent: Sent) -> list[Line]:
        """In words."""
        chosen = self._chosen(sent)
        what = "The same person" if self.people else "One family"
        answer = f"{what}: {chosen.text[:1].lower()}{chosen.text[1:]}" if chosen else ""
        return [Line("Who", "\n".join(self.names)), Line("Decision", answer), Line("Reason", sent.reason)]

    def command(self, sent: Sent) -> MergePeople | MergeFamilies:
        """To be decided; the faults were none."""
        chosen = self._chosen(sent)
        if chosen is None or chosen.value == NOT or not sent.seen:
            raise HTTPException(404)
        if not self.people:
            by_families = {"actor": words.NO_SIGN_IN, "key": sent.key, "reason": sent.reason}
            return MergeFamilies(self.one, self.other, sent.seen, **by_families)
        return MergePeople(
            self.one,
            self.other,
            chosen.value == _ONE,
            sent.seen,
            actor=words.NO_SIGN_IN,
            key=sent.key,
            reason=sent.reason,
        )

    def after(self, sent: Sent, done: str) -> str:
        """The family's record."""
        del sent
        merged = "one-person" if self.people else "one-family"
        return f"{self.shown.back}?done={merged if done == 'shown' else done}"

    def _chosen(self, sent: Sent) -> Answer | None:
        answers = (*OF_TWO_FAMILIES, *OF_ONE_FAMILY) if self.people else OF_FAMILIES
        return next((answer for answer in answers if sent.chosen == (answer.value,)), None)
