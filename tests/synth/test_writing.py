"""The week on disk, and the command that writes it."""

from __future__ import annotations

import csv
import hashlib
from datetime import date
from pathlib import Path

import orjson
import typer
from typer.testing import CliRunner

from hub.synth.cli import synth
from hub.synth.writing import write_week

START = date(2026, 11, 23)


def digests(folder: Path) -> dict[str, str]:
    files = (path for path in sorted(folder.rglob("*")) if path.is_file())
    return {str(path.relative_to(folder)): hashlib.sha256(path.read_bytes()).hexdigest() for path in files}


def test_the_same_seed_writes_the_same_folder(tmp_path: Path) -> None:
    write_week(tmp_path / "one", 30, 1, START)
    write_week(tmp_path / "two", 30, 1, START)
    assert digests(tmp_path / "one") == digests(tmp_path / "two")


def test_manifest_and_truth_tell_of_every_file(tmp_path: Path) -> None:
    write_week(tmp_path, 30, 1, START)
    manifest = orjson.loads((tmp_path / "manifest.json").read_bytes())
    with (tmp_path / "truth.csv").open(newline="", encoding="utf-8") as truth:
        parts = list(csv.DictReader(truth))
    written = set(digests(tmp_path)) - {"manifest.json", "truth.csv"}
    assert {file["path"] for file in manifest["files"]} == written
    assert {part["file"] for part in parts} == written
    assert sum(file["items"] for file in manifest["files"] if not file["again"]) == len(parts)
    assert {file["agency"] for file in manifest["files"]} <= {agency["code"] for agency in manifest["agencies"]}


def test_the_command_writes_a_week(tmp_path: Path) -> None:
    app = typer.Typer()
    app.command()(synth)
    done = CliRunner().invoke(app, ["--families", "5", "--out", str(tmp_path / "week"), "--seed", "3"])
    assert done.exit_code == 0, done.output
    assert "agencies in" in done.output
    assert (tmp_path / "week" / "manifest.json").is_file()


def test_the_command_writes_one_big_roll(tmp_path: Path) -> None:
    app = typer.Typer()
    app.command()(synth)
    done = CliRunner().invoke(app, ["--pupils", "40", "--out", str(tmp_path)])
    assert done.exit_code == 0, done.output
    assert (tmp_path / "8749001_CTF_874LLLL_999.ctf.xml").read_bytes().count(b"<Pupil>") == 40
