from __future__ import annotations

import itertools
import os
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from hub.client import spool as spool_module
from hub.client.entry import Entry, Problem, Route, State
from hub.client.spool import Spool, SpoolTaken, StillChanging

ROUTE = Route(agency="SCHOOL-1", format="dwp", media_type="text/csv", url="https://hub.example")
START = datetime(2026, 9, 14, tzinfo=UTC)


class Killed(BaseException):
    """Stands for kill -9: nothing catches it, and what is on the disk at that moment is all there is."""


def opened(root: Path) -> Spool:
    ticks = itertools.count()
    return Spool(root, lambda: START + timedelta(seconds=next(ticks)))


@pytest.fixture
def root(tmp_path: Path) -> Path:
    return tmp_path / "spool"


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / "a.dwp.csv"
    path.write_bytes(b"a,b\n1,2\n")
    return path


def test_a_file_is_one_entry_however_often_it_is_put(root: Path, file: Path) -> None:
    with opened(root) as spool:
        first = spool.put(file, ROUTE)
        again = spool.put(file, ROUTE)
        assert first == again
        assert spool.waiting() == [first[1]]
        assert spool.data(first[1]).read_bytes() == file.read_bytes()


def test_the_key_survives_the_loss_of_the_spool(tmp_path: Path, file: Path) -> None:
    with opened(tmp_path / "one") as one, opened(tmp_path / "two") as two:
        assert one.put(file, ROUTE)[1].key == two.put(file, ROUTE)[1].key


def test_other_content_name_format_agency_or_hub_is_another_entry(root: Path, file: Path) -> None:
    renamed = file.with_name("b.dwp.csv")
    renamed.write_bytes(file.read_bytes())
    with opened(root) as spool:
        entries = [
            spool.put(file, ROUTE)[1],
            spool.put(renamed, ROUTE)[1],
            *(spool.put(file, ROUTE.model_copy(update={field: "x"}))[1] for field in ("format", "agency", "url")),
        ]
        file.write_bytes(b"changed")
        entries.append(spool.put(file, ROUTE)[1])
        assert len({entry.key for entry in entries}) == 6
        assert spool.waiting() == entries, "in the order they were taken"


def test_a_file_that_changes_while_it_is_copied_is_not_taken(
    root: Path, file: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def grow(_descriptor: int) -> None:
        with file.open("ab") as more:
            more.write(b"more")

    with opened(root) as spool:
        monkeypatch.setattr(spool_module, "flush", grow)
        with pytest.raises(StillChanging):
            spool.put(file, ROUTE)
        assert spool.waiting() == []


def test_only_the_owner_can_read_the_copies(root: Path, file: Path) -> None:
    previous = os.umask(0)
    try:
        with opened(root) as spool:
            spool.put(file, ROUTE)
            for path in root.rglob("*"):
                assert path.stat().st_mode & 0o077 == 0, path
    finally:
        os.umask(previous)


def test_a_spool_has_one_holder_at_a_time(root: Path) -> None:
    with opened(root), pytest.raises(SpoolTaken), opened(root):
        pytest.fail("two holders")
    with opened(root):
        pass


def moments(monkeypatch: pytest.MonkeyPatch, dies_at: int) -> None:
    """Die at the n-th change to the disk: a flush, a rename or a deletion."""
    count = itertools.count(1)
    flush, replace, unlink = os.fsync, Path.replace, Path.unlink

    def step() -> None:
        if next(count) == dies_at:
            raise Killed

    def dying_flush(descriptor: int) -> None:
        step()
        flush(descriptor)

    def dying_replace(path: Path, target: Path) -> Path:
        step()
        return replace(path, target)

    def dying_unlink(path: Path, missing_ok: bool = False) -> None:  # noqa: FBT001, FBT002 - as in pathlib
        step()
        unlink(path, missing_ok=missing_ok)

    monkeypatch.setattr(os, "fsync", dying_flush)
    monkeypatch.setattr(Path, "replace", dying_replace)
    monkeypatch.setattr(Path, "unlink", dying_unlink)


def life(root: Path, file: Path) -> Iterator[Entry]:
    """Put a file and finish it."""
    with opened(root) as spool:
        entry = spool.put(file, ROUTE)[1]
        yield entry
        spool.finish(entry.model_copy(update={"problem": Problem(status=422)}), State.REFUSED)


@pytest.mark.parametrize("dies_at", range(1, 12))
def test_killed_at_any_moment_it_is_whole_again_when_opened(
    root: Path, file: Path, monkeypatch: pytest.MonkeyPatch, dies_at: int
) -> None:
    with monkeypatch.context() as patch:
        moments(patch, dies_at)
        taken: list[Entry] = []
        with pytest.raises(Killed):
            taken.extend(life(root, file))

    with opened(root) as spool:
        for entry in spool.waiting():
            assert spool.data(entry).read_bytes() == file.read_bytes(), "a waiting entry has its bytes"
        state, entry = spool.put(file, ROUTE)
        assert len(spool.waiting()) == (state is State.WAITING), "never both waiting and answered"
        if taken:
            assert entry.key == taken[0].key
        leftovers = {path.suffix for path in root.rglob("*") if path.is_file()} - {".json", ".data", ""}
        assert leftovers == set()
        assert len(list(root.rglob("*.data"))) == len(spool.waiting())
