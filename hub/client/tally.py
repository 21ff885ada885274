"""Whom the sender tells what happens, and the count that makes the exit code."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from hub.client.answer import Later
from hub.client.entry import Entry, State


class Report(Protocol):
    """Where the sender tells what happens."""

    def took(self, source: Path, entry: Entry) -> None:
        """A file is in the spool."""
        ...

    def finished(self, state: State, entry: Entry) -> None:
        """An entry was answered, now or in an earlier run."""
        ...

    def waits(self, entry: Entry, later: Later, seconds: float) -> None:
        """An entry could not be delivered and will be tried again."""
        ...


@dataclass(slots=True)
class Tally:
    """What became of the files of one run."""

    taken: int = 0
    not_taken: int = 0

    def count(self, entry: Entry) -> None:
        """Count an answered entry; a receipt that refuses parts counts as not taken."""
        whole = entry.receipt is not None and entry.receipt.all_taken
        self.taken += whole
        self.not_taken += not whole
