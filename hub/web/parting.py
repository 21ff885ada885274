"""The question which records of a person are about somebody else, or which of a family about another family."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final, Protocol
from uuid import UUID

from hub.identity.commands import SplitFamily, SplitPeople
from hub.web import words
from hub.web.deciding import Shown
from hub.web.sent import Fault, Sent
from hub.web.told import Line


class Record(Protocol):
    """What was told under one id: whom it is about, and who told it."""

    @property
    def words(self) -> str:
        """Whom it is about."""

    @property
    def source(self) -> str:
        """Who told it."""


@dataclass(frozen=True, slots=True)
class PartWords:
    """What is taken out and what stays, in words; `done` is the code of the page that follows."""

    title: str
    hint: str
    out: str
    stays: str
    choose: str
    leave: str
    done: str


OF_PEOPLE: Final = PartWords(
    title="Which of these records are about somebody else?",
    hint="What you select is taken out, together as one other person. The rest stays one person.",
    out="Somebody else",
    stays="This person",
    choose="Select the records that are about somebody else",
    leave="Leave at least one record that is about this person",
    done="parted",
)
OF_FAMILIES: Final = PartWords(
    title="Which of these records are about another family?",
    hint="What you select is taken out, together as one other family. The rest stays one family.",
    out="Another family",
    stays="This family",
    choose="Select the records that are about another family",
    leave="Leave at least one record that is about this family",
    done="family-parted",
)


@dataclass(frozen=True, slots=True)
class Parting:
    """`known`: all records that are taken for one person or family."""

    known: Mapping[UUID, Record]
    split: type[SplitPeople | SplitFamily]
    words: PartWords
    shown: Shown

    def faults(self, sent: Sent) -> list[Fault]:
        """Some of the records, but not all of them."""
        chosen = self._chosen(sent)
        if not chosen:
            return [Fault(self.words.choose, "chosen"), *sent.reason_faults()]
        if len(chosen) == len(self.known):
            return [Fault(self.words.leave, "chosen"), *sent.reason_faults()]
        return sent.reason_faults()

    def said(self, sent: Sent) -> list[Line]:
        """In words."""
        chosen = self._chosen(sent)
        out = "\n".join(f"{record.words}. {record.source}" for record in chosen.values())
        stays = "\n".join(f"{each.words}. {each.source}" for id_, each in self.known.items() if id_ not in chosen)
        return [Line(self.words.out, out), Line(self.words.stays, stays), Line("Reason", sent.reason)]

    def command(self, sent: Sent) -> SplitPeople | SplitFamily:
        """To be decided."""
        return self.split(tuple(self._chosen(sent)), actor=words.NO_SIGN_IN, key=sent.key, reason=sent.reason)

    def after(self, sent: Sent, done: str) -> str:
        """The family's record."""
        del sent
        return f"{self.shown.back}?done={self.words.done if done == 'shown' else done}"

    def _chosen(self, sent: Sent) -> dict[UUID, Record]:
        return {id_: record for id_, record in self.known.items() if str(id_) in sent.chosen}
