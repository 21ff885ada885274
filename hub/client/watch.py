"""A watched folder: its files are copied once they rest, and never moved, changed or deleted."""

from __future__ import annotations

import os
import stat
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

from hub.client.entry import Entry, Route
from hub.client.spool import Spool, StillChanging

# Half-written downloads, office locks and hidden files.
_NOT_YET: Final = (".tmp", ".part", ".partial", ".crdownload", ".swp", "~")
_PASSING: Final = (".", "~$")

Look = tuple[int, int, int]


@dataclass(slots=True)
class Folder:
    """Takes each regular file that has not changed for `settle_seconds`.

    What was taken is known by the spool (name and content), so a restart takes nothing twice; the looks (inode, size,
    time of change) kept here only spare reading a file again. `route` names the format, or None if it cannot be told.
    """

    path: Path
    route: Callable[[Path], Route | None]
    notice: Callable[[str], None]
    settle_seconds: float
    poll_seconds: float
    _resting: dict[str, tuple[Look, float]] = field(default_factory=dict)
    _done: dict[str, Look] = field(default_factory=dict)
    _said: set[str] = field(default_factory=set)

    def take(self, spool: Spool) -> list[tuple[Path, Entry]]:
        """Spool what has come to rest since the last look; the files with their entries."""
        taken: list[tuple[Path, Entry]] = []
        try:
            seen = self._looks()
        except OSError:  # a network drive that comes and goes
            self._say_once("the watched folder cannot be read: still trying")
            return taken
        self._resting = {name: rest for name, rest in self._resting.items() if name in seen}
        self._done = {name: look for name, look in self._done.items() if name in seen}
        for name, look in sorted(seen.items()):
            if self._done.get(name) != look and self._rests(name, look) and self._spool(spool, name, taken):
                self._done[name] = look
        return taken

    def _looks(self) -> dict[str, Look]:
        found = {}
        with os.scandir(self.path) as listing:
            for each in listing:
                if each.name.startswith(_PASSING) or each.name.lower().endswith(_NOT_YET):
                    continue
                try:
                    status = each.stat(follow_symlinks=False)
                except FileNotFoundError:
                    continue
                if stat.S_ISREG(status.st_mode) and status.st_size:
                    found[each.name] = (status.st_ino, status.st_size, status.st_mtime_ns)
        return found

    def _rests(self, name: str, look: Look) -> bool:
        known, since = self._resting.get(name, (None, 0.0))
        if known != look:
            self._resting[name] = (look, time.monotonic())
            return False
        return time.monotonic() - since >= self.settle_seconds

    def _spool(self, spool: Spool, name: str, taken: list[tuple[Path, Entry]]) -> bool:
        """Whether the file is done with; one that cannot be read now is looked at again."""
        source = self.path / name
        try:
            route = self.route(source)
            if route is None:
                self.notice("a file was left alone: its format cannot be told, name it with --format")
                return True
            taken.append((source, spool.put(source, route)[1]))
        except (StillChanging, FileNotFoundError):
            return False
        except OSError as failure:  # its own text would show the file's name
            self._say_once(f"a file could not be copied to the spool ({failure.strerror}): still trying")
            return False
        return True

    def _say_once(self, words: str) -> None:
        if words not in self._said:
            self._said.add(words)
            self.notice(words)
