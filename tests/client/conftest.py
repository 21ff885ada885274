from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Protocol

import pytest
from typer.testing import CliRunner, Result

from hub.client import backoff
from hub.client.cli import app
from tests.client.scripted_hub import CLIENT, ScriptedHub, running
from tests.connectors.bars_messages import SAMPLES

BUNDLE = (SAMPLES / "bars/servicerequest-request_referral_111-to-ED.json").read_bytes()


class Send(Protocol):
    """`hub send ARGUMENTS --as SCHOOL-1 --to the scripted hub`."""

    def __call__(self, *arguments: object, to: str = "") -> Result: ...


@pytest.fixture
def hub() -> Iterator[ScriptedHub]:
    with running(ScriptedHub()) as served:
        yield served


@pytest.fixture
def spool(tmp_path: Path) -> Path:
    return tmp_path / "spool"


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / "Orla Testerly.json"
    path.write_bytes(BUNDLE)
    return path


@pytest.fixture
def credentials(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HUB_CLIENT_ID", CLIENT[0])
    monkeypatch.setenv("HUB_CLIENT_SECRET", CLIENT[1])


@pytest.fixture
def soon(monkeypatch: pytest.MonkeyPatch) -> None:
    """Failures are retried in hundredths of a second."""
    monkeypatch.setattr(backoff, "FIRST_SECONDS", 0.01)


@pytest.fixture
def send(hub: ScriptedHub, spool: Path, credentials: None, soon: None) -> Send:
    def run(*arguments: object, to: str = "") -> Result:
        words = [*map(str, arguments), "--as", "SCHOOL-1", "--to", to or hub.url, "--spool", str(spool)]
        return CliRunner().invoke(app, words)

    return run


@pytest.fixture
def state(spool: Path) -> Callable[[], dict[str, int]]:
    """How many manifests each state holds, and how many copies of files are left."""

    def count() -> dict[str, int]:
        folder = spool / "SCHOOL-1"
        states = {name: len(list(folder.glob(f"{name}/*.json"))) for name in ("waiting", "sent", "refused")}
        return states | {"copies": len(list(folder.glob("*/*.data")))}

    return count
