"""What `hub send` prints: one line a file on stdout, notices on stderr; no names unless asked for."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

import orjson

from hub.client.answer import Later
from hub.client.entry import Entry, Fault, Problem, Receipt, State


@dataclass(frozen=True, slots=True)
class Lines:
    """Prints lines. `show_names`: also the files' names, which may be personal data."""

    out: Callable[[str], None]
    notice: Callable[[str], None]
    as_json: bool
    show_names: bool
    _names: dict[str, str] = field(default_factory=dict)

    def took(self, source: Path, entry: Entry) -> None:
        """Remember a file's name, where it may be shown."""
        if self.show_names:
            self._names[entry.id] = source.name

    def finished(self, state: State, entry: Entry) -> None:
        """The line of an answered file."""
        self.out(self._json(state, entry) if self.as_json else self._words(state, entry))
        if not self.as_json:
            for item in entry.receipt.refused if entry.receipt else ():
                self.notice(f"  {entry.label}  item {item.number} refused: {_fault(item)}")
            for fault in entry.problem.errors if entry.problem else ():
                self.notice(f"  {entry.label}  {_fault(fault)}")

    def waits(self, entry: Entry, later: Later, seconds: float) -> None:
        """A notice that a file is kept and tried again."""
        self.notice(f"waiting  {entry.label}  {later.reason}; kept in the spool, next try in {seconds:.1f} s")

    def _json(self, state: State, entry: Entry) -> str:
        line: dict[str, object] = {"state": state, "file": entry.label, "format": entry.route.format}
        if entry.id in self._names:
            line["name"] = self._names[entry.id]
        answer = entry.receipt or entry.problem
        return orjson.dumps(line | (answer.model_dump(mode="json") if answer else {})).decode()

    def _words(self, state: State, entry: Entry) -> str:
        parts = [f"{state:<8}", entry.label, entry.route.format]
        match entry.receipt, entry.problem:
            case Receipt() as receipt, _:
                counts = f"{receipt.accepted} accepted, {receipt.review} review, {receipt.not_taken} refused"
                parts += [f"submission {receipt.submission_id}", f"{receipt.items} items: {counts}"]
            case _, Problem() as problem:
                parts += [f"{problem.status} {problem.type.rpartition('/')[2]}", problem.detail]
        return "  ".join(filter(None, (*parts, self._names.get(entry.id))))


def _fault(fault: Fault) -> str:
    place = f" at {fault.pointer}" if fault.pointer else ""
    return f"{fault.code}{place}: {fault.detail}"
