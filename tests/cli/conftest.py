from __future__ import annotations

import asyncio
import os
import sys
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from pathlib import Path

import pytest

SCRIPT = "from consumers.cli import main; main()"


@dataclass(frozen=True)
class Ended:
    """A command that has ended."""

    code: int | None
    out: str
    err: str


Command = Callable[..., Awaitable[Ended]]


@pytest.fixture
def command(database: str, tmp_path: Path) -> Command:
    """Runs `hub …` as a process of its own over this test's database."""
    environment = {
        **{name: value for name, value in os.environ.items() if not name.startswith("HUB_")},
        "HUB_DATABASE_URL": database,
        "HUB_DATA_DIR": str(tmp_path / "data"),
        "COLUMNS": "200",
    }

    async def run(*words: str, **settings: str) -> Ended:
        process = await asyncio.create_subprocess_exec(
            sys.executable,
            "-c",
            SCRIPT,
            *words,
            stdout=asyncio.subprocess.PIPE,
            stderr=asyncio.subprocess.PIPE,
            env=environment | settings,
        )
        out, err = await process.communicate()
        return Ended(process.returncode, out.decode(), err.decode())

    return run
