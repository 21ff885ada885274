"""The menu tells the truth: every target is on it, and what a target calls exists."""

from __future__ import annotations

import os
import re
import subprocess
import sys

import pytest

from tests.structure.source import ROOT

MAKEFILE = (ROOT / "Makefile").read_text("utf-8")
PROMISED = {"demo", "test", "lint", "bench", "docs", "clean"}


def make(*arguments: str) -> str:
    # Under `make test` it would take itself for a part of that run and tell the folders it enters.
    environment = {
        name: value for name, value in os.environ.items() if name not in {"MAKEFLAGS", "MAKELEVEL", "MFLAGS"}
    }
    asked = ["make", *arguments]
    return subprocess.run(asked, cwd=ROOT, check=True, capture_output=True, text=True, env=environment).stdout


def test_make_alone_prints_the_menu() -> None:
    offered = set(re.findall(r"^  make (\w+)", make(), re.MULTILINE))
    assert offered >= PROMISED
    assert all(re.search(rf"^{target}:", MAKEFILE, re.MULTILINE) for target in offered)


@pytest.mark.parametrize(
    ("arguments", "expected"),
    [
        (["demo"], "hub demo"),
        (["demo", "ONCE=1"], "hub demo --once"),
        (["demo", "ONCE=0"], "hub demo"),
        (
            ["demo", "ENGINE=kafka", "ONCE=1", "FAMILIES=50", "PORT=9000"],
            "hub demo --once --engine kafka --families 50 --port 9000",
        ),
        (["bench", "QUICK=1", "JSON=out.json"], "python -m tests.bench --quick --json out.json"),
        (["bench"], "python -m tests.bench"),
    ],
)
def test_what_is_asked_of_make_reaches_the_command(arguments: list[str], expected: str) -> None:
    planned = " ".join(make("--dry-run", *arguments).replace("\\\n", " ").split())
    assert planned.endswith(f".venv/bin/{expected}")


@pytest.mark.parametrize("command", sorted(set(re.findall(r"\$\(BIN\)/hub (\w+)", MAKEFILE))))
def test_every_command_make_gives_the_hub_exists(command: str) -> None:
    asked = subprocess.run(
        [sys.executable, "-c", "from consumers.cli import main; main()", command, "--help"],
        cwd=ROOT, check=False, capture_output=True, text=True,
    )  # fmt: skip
    assert asked.returncode == 0, asked.stderr


def test_the_demo_knows_the_options_make_passes_on() -> None:
    told = subprocess.run(
        [sys.executable, "-c", "from consumers.cli import main; main()", "demo", "--help"],
        cwd=ROOT, check=False, capture_output=True, text=True, env=os.environ | {"COLUMNS": "200", "NO_COLOR": "1"},
    )  # fmt: skip
    assert {"--once", "--engine", "--families", "--port"} <= set(re.findall(r"--\w+", told.stdout))


@pytest.mark.parametrize("module", sorted(set(re.findall(r"\$\(BIN\)/python -m ([\w.]+)", MAKEFILE))))
def test_every_module_make_runs_exists(module: str) -> None:
    found = subprocess.run(
        [sys.executable, "-c", f"import importlib.util as u; assert u.find_spec({module!r}), 'missing'"],
        cwd=ROOT, check=False, capture_output=True, text=True,
    )  # fmt: skip
    assert found.returncode == 0, f"{module} does not exist"
