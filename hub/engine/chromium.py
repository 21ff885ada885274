"""Finds a Chromium for the browser tests; `python -m hub.engine.chromium --install` fetches one where it can."""

from __future__ import annotations

import importlib.util
import os
import shutil
import subprocess
import sys
from pathlib import Path

from hub.engine.process import EngineError

NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
NO_CHROMIUM = (
    "no Chromium was found: neither CHROMIUM names one, nor is one on the PATH, nor has Playwright fetched its own; "
    "`python -m hub.engine.chromium --install` tries to get one"
)


def find_chromium() -> str:
    """The path of a Chromium: $CHROMIUM, else one on the PATH, else Playwright's own; EngineError where none is."""
    named = os.environ.get("CHROMIUM")
    if named:
        if not os.access(named, os.X_OK):
            raise EngineError(f"CHROMIUM names {named}, which cannot be run")
        return named
    for name in NAMES:
        if found := shutil.which(name):
            return found
    for program in sorted(_playwright_folder().glob("chromium*/chrome-*/*"), reverse=True):
        if program.name in {"chrome", "headless_shell", "chrome-headless-shell"} and os.access(program, os.X_OK):
            return str(program)
    raise EngineError(NO_CHROMIUM)


def install() -> str:
    """The path of a Chromium, fetched by Playwright, else by apt-get (root on Debian or Ubuntu), if none is there."""
    for attempt in (_nothing, _by_playwright, _by_apt):
        attempt()
        try:
            return find_chromium()
        except EngineError as failure:
            last = failure
    raise last


def _playwright_folder() -> Path:
    return Path(os.environ.get("PLAYWRIGHT_BROWSERS_PATH") or Path.home() / ".cache" / "ms-playwright")


def _nothing() -> None:
    """The first attempt: perhaps one is there."""


def _by_playwright() -> None:
    if importlib.util.find_spec("playwright") is not None:
        _try([sys.executable, "-m", "playwright", "install", "--only-shell", "chromium"])


def _by_apt() -> None:
    if os.geteuid() == 0 and shutil.which("apt-get"):
        _try(["apt-get", "update", "-qq"])
        _try(["apt-get", "install", "-y", "-qq", "--no-install-recommends", "chromium"])


def _try(command: list[str]) -> None:
    """A failure is told and not raised: the next way may do."""
    try:
        done = subprocess.run(command, check=False, capture_output=True, text=True, timeout=300)
    except subprocess.TimeoutExpired:
        sys.stderr.write(f"{' '.join(command)}: no end after 300 s\n")
        return
    if done.returncode:
        sys.stderr.write(f"{' '.join(command)}: {(done.stderr or done.stdout).strip()[-500:]}\n")


def main() -> None:
    """Prints where Chromium is; exit status 1 where there is none."""
    try:
        found = install() if "--install" in sys.argv[1:] else find_chromium()
    except EngineError as failure:
        raise SystemExit(str(failure)) from None
    sys.stdout.write(f"Chromium: {found}\n")


if __name__ == "__main__":
    main()
