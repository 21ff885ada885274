"""The question which records of a person are about somebody else."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from uuid import UUID

from hub.identity.commands import SplitPeople
from hub.web import words
from hub.web.deciding import Shown
from hub.web.records import PersonRecord
from hub.web.sent import Fault, Sent
from hub.web.told import Line


@dataclass(frozen=True, slots=True)
class Parting:
    """`known`: all records that are taken for one person."""

    known: Mapping[UUID, PersonRecord]
    shown: Shown

    def faults(self, sent: Sent) -> list[Fault]:
        """Some of the records, but not all of them."""
        chosen = self._chosen(sent)
        if not chosen:
            return [Fault("Select the records that are about somebody else", "chosen"), *sent.reason_faults()]
        if len(chosen) == len(self.known):
            return [Fault("Leave at least one record that is about this person", "chosen"), *sent.reason_faults()]
        return sent.reason_faults()

    def said(self, sent: Sent) -> list[Line]:
        """In words."""
        chosen = self._chosen(sent)
        out = "\n".join(f"{record.words}. {record.source}" for record in chosen)
        stays = "\n".join(f"{each.words}. {each.source}" for each in self.known.values() if each not in chosen)
        return [Line("Somebody else", out), Line("This person", stays), Line("Reason", sent.reason)]

    def command(self, sent: Sent) -> SplitPeople:
        """To be decided."""
        people = tuple(record.person_id for record in self._chosen(sent))
        return SplitPeople(people, actor=words.NO_SIGN_IN, key=sent.key, reason=sent.reason)

    def after(self, sent: Sent, done: str) -> str:
        """The family's record."""
        del sent
        return f"{self.shown.back}?done={'parted' if done == 'shown' else done}"

    def _chosen(self, sent: Sent) -> list[PersonRecord]:
        return [record for person_id, record in self.known.items() if str(person_id) in sent.chosen]
