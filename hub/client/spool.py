"""The durable spool: a folder of the agency's, held by one sender at a time.

`waiting/ID.json` is the commit point: with it the file counts as taken, and `waiting/ID.data` beside it is whole. An
answer is written to `sent/` or `refused/` before anything leaves `waiting/`; then the copied bytes are deleted, for
they are personal data and the agency has its file. What a killed sender left half done is tidied on opening.
"""

from __future__ import annotations

import fcntl
import hashlib
import os
from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from types import TracebackType
from typing import Final, Self

from hub.client.durable import ASIDE, flush, rename_durably, write_durably
from hub.client.entry import Entry, Route, State

_PIECE: Final = 1 << 20


class SpoolTaken(Exception):
    """Another sender works on this spool."""


class StillChanging(Exception):
    """The file changed while it was copied; it is taken once it rests."""


class Spool:
    """See the module. Open it with `with`: raises `SpoolTaken`."""

    def __init__(self, root: Path, clock: Callable[[], datetime]) -> None:
        self._root = root
        self._clock = clock
        self._lock = -1

    def __enter__(self) -> Self:
        for folder in (self._root, *(self._root / state for state in State)):
            folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        self._lock = os.open(self._root / "lock", os.O_RDWR | os.O_CREAT, 0o600)
        try:
            fcntl.flock(self._lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            os.close(self._lock)
            raise SpoolTaken from None
        self._tidy()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, raised: BaseException | None, at: TracebackType | None
    ) -> None:
        os.close(self._lock)

    def put(self, source: Path, route: Route, *, even_if_refused: bool = False) -> tuple[State, Entry]:
        """Take a file, or find what became of it if it was taken before. Raises `StillChanging`, `OSError`.

        `even_if_refused`: one that was refused waits again, under its old key, for what was wrong may have been mended.
        """
        aside = self._root / State.WAITING / f"new{ASIDE}"
        digest = hashlib.sha256()
        with source.open("rb") as read, os.fdopen(_private(aside), "wb") as written:
            before = os.fstat(read.fileno())
            while piece := read.read(_PIECE):
                digest.update(piece)
                written.write(piece)
            written.flush()
            flush(written.fileno())
            after = source.stat()
        if (before.st_ino, before.st_size, before.st_mtime_ns) != (after.st_ino, after.st_size, after.st_mtime_ns):
            aside.unlink()
            raise StillChanging
        entry = Entry.of(route, source.name, digest.hexdigest(), before.st_size, self._clock())
        known = self.find(entry.id)
        if known is not None and not (even_if_refused and known[0] is State.REFUSED):
            aside.unlink()
            return known
        self._manifest(entry.id, State.REFUSED).unlink(missing_ok=True)
        rename_durably(aside, self.data(entry))
        self.keep(entry)
        return State.WAITING, entry

    def find(self, entry_id: str) -> tuple[State, Entry] | None:
        """An entry and the state it is in."""
        for state in (State.SENT, State.REFUSED, State.WAITING):
            path = self._manifest(entry_id, state)
            if path.exists():
                return state, Entry.model_validate_json(path.read_bytes())
        return None

    def waiting(self) -> list[Entry]:
        """Entries to deliver, oldest first."""
        found = (self._root / State.WAITING).glob("*.json")
        entries = [Entry.model_validate_json(path.read_bytes()) for path in found]
        return sorted(entries, key=lambda entry: (entry.spooled_at, entry.id))

    def data(self, entry: Entry) -> Path:
        """The copied bytes of a waiting entry."""
        return self._root / State.WAITING / f"{entry.id}.data"

    def keep(self, entry: Entry) -> None:
        """Write a waiting entry's manifest."""
        write_durably(self._manifest(entry.id, State.WAITING), entry.model_dump_json().encode())

    def finish(self, entry: Entry, state: State) -> None:
        """The hub has answered: keep the answer, then let go of the bytes."""
        write_durably(self._manifest(entry.id, state), entry.model_dump_json().encode())
        self._let_go(entry.id)

    def _tidy(self) -> None:
        waiting = self._root / State.WAITING
        for aside in self._root.glob(f"*/*{ASIDE}"):
            aside.unlink()
        for manifest in waiting.glob("*.json"):
            if any(self._manifest(manifest.stem, state).exists() for state in (State.SENT, State.REFUSED)):
                self._let_go(manifest.stem)
        for data in waiting.glob("*.data"):
            if not self._manifest(data.stem, State.WAITING).exists():
                data.unlink()

    def _let_go(self, entry_id: str) -> None:
        self._manifest(entry_id, State.WAITING).unlink(missing_ok=True)
        (self._root / State.WAITING / f"{entry_id}.data").unlink(missing_ok=True)

    def _manifest(self, entry_id: str, state: State) -> Path:
        return self._root / state / f"{entry_id}.json"


def _private(path: Path) -> int:
    return os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
