from __future__ import annotations

import errno
import os
import time
from datetime import UTC, datetime
from pathlib import Path

import pytest

from hub.client.entry import Route
from hub.client.spool import Spool
from hub.client.watch import Folder

SETTLE = 5.0


class Watched:
    """A folder, its spool, and a clock that the test moves."""

    def __init__(self, tmp_path: Path) -> None:
        self.path = tmp_path / "outbox"
        self.path.mkdir()
        self.now = 1_000.0
        self.notices: list[str] = []
        self.spool = Spool(tmp_path / "spool", lambda: datetime.now(UTC))
        self.restart()

    def restart(self) -> None:
        self.folder = Folder(self.path, self.route, self.notices.append, settle_seconds=SETTLE, poll_seconds=1)

    def route(self, path: Path) -> Route | None:
        if path.suffix == ".odd":
            return None
        return Route(agency="SCHOOL-1", format="dwp", media_type="text/csv", url="https://hub.example")

    def look(self, after: float = 0.0) -> list[str]:
        self.now += after
        with self.spool as spool:
            return [source.name for source, _ in self.folder.take(spool)]


@pytest.fixture
def watched(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Watched:
    found = Watched(tmp_path)
    monkeypatch.setattr(time, "monotonic", lambda: found.now)
    return found


def test_a_file_is_taken_once_it_rests_and_stays_where_it_is(watched: Watched) -> None:
    (watched.path / "a.csv").write_bytes(b"one")

    assert watched.look() == []
    assert watched.look(after=SETTLE - 1) == []
    assert watched.look(after=1) == ["a.csv"]
    assert watched.look(after=60) == []
    assert (watched.path / "a.csv").read_bytes() == b"one"


def test_a_file_that_grows_is_left_until_it_stops(watched: Watched) -> None:
    growing = watched.path / "a.csv"
    for size in range(1, 5):
        growing.write_bytes(b"x" * size)
        os.utime(growing, ns=(size, size))
        assert watched.look(after=SETTLE) == []

    assert watched.look(after=SETTLE) == ["a.csv"]


def test_a_changed_file_is_taken_again_as_another(watched: Watched) -> None:
    (watched.path / "a.csv").write_bytes(b"one")
    watched.look()
    watched.look(after=SETTLE)
    (watched.path / "a.csv").write_bytes(b"another")
    watched.look()

    assert watched.look(after=SETTLE) == ["a.csv"]
    with watched.spool as spool:
        assert len(spool.waiting()) == 2


def test_a_restart_takes_nothing_twice(watched: Watched) -> None:
    (watched.path / "a.csv").write_bytes(b"one")
    watched.look()
    watched.look(after=SETTLE)
    watched.restart()
    watched.look()
    watched.look(after=SETTLE)

    with watched.spool as spool:
        assert len(spool.waiting()) == 1


@pytest.mark.parametrize("name", [".hidden.csv", "~$lock.csv", "a.csv.part", "a.csv.TMP", "a.crdownload", "a.csv~"])
def test_half_written_and_hidden_files_are_passed_over(watched: Watched, name: str) -> None:
    (watched.path / name).write_bytes(b"one")
    watched.look()

    assert watched.look(after=SETTLE) == []


def test_only_regular_files_that_hold_something_are_taken(watched: Watched, tmp_path: Path) -> None:
    (tmp_path / "elsewhere.csv").write_bytes(b"secret")
    (watched.path / "link.csv").symlink_to(tmp_path / "elsewhere.csv")
    (watched.path / "folder.csv").mkdir()
    (watched.path / "empty.csv").touch()
    os.mkfifo(watched.path / "pipe.csv")
    watched.look()

    assert watched.look(after=SETTLE) == []


def test_a_file_of_no_known_format_is_noticed_once_without_its_name(watched: Watched) -> None:
    (watched.path / "Orla Testerly.odd").write_bytes(b"?")
    for _ in range(4):
        watched.look(after=SETTLE)

    [notice] = watched.notices
    assert "format cannot be told" in notice
    assert "Testerly" not in notice


def test_a_folder_that_goes_away_and_comes_back_is_watched_again(watched: Watched) -> None:
    watched.path.rmdir()
    watched.look()
    watched.look()
    assert watched.notices == ["the watched folder cannot be read: still trying"]

    watched.path.mkdir()
    (watched.path / "a.csv").write_bytes(b"one")
    watched.look()
    assert watched.look(after=SETTLE) == ["a.csv"]


def test_a_file_that_cannot_be_copied_is_tried_again_and_told_without_its_name(
    watched: Watched, monkeypatch: pytest.MonkeyPatch
) -> None:
    (watched.path / "Orla Testerly.csv").write_bytes(b"one")
    watched.look()
    with monkeypatch.context() as patch:
        patch.setattr(os, "fsync", no_space)
        assert watched.look(after=SETTLE) == []
        assert watched.look() == []

    assert watched.look() == ["Orla Testerly.csv"]
    assert watched.notices == ["a file could not be copied to the spool (No space left on device): still trying"]


def no_space(_descriptor: int) -> None:
    raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
