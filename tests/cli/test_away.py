"""What a command says and how it ends where the database is away."""

from __future__ import annotations

from typing import NoReturn

import asyncpg
import pytest
from typer.testing import CliRunner

from hub.cli.app import app


@pytest.mark.parametrize(
    "failure",
    [
        ConnectionRefusedError(),
        asyncpg.CannotConnectNowError(),
        asyncpg.InternalClientError("cannot switch to state 12; another operation (2) is in progress"),
    ],
    ids=lambda failure: type(failure).__name__,
)
def test_a_database_that_is_lost_while_a_command_starts_cannot_be_reached(
    failure: Exception, monkeypatch: pytest.MonkeyPatch
) -> None:
    def lost(*_: object) -> NoReturn:
        raise failure

    monkeypatch.setattr("hub.cli.running.open_hub", lost)

    done = CliRunner().invoke(app, ["status"])

    assert done.exit_code == 3
    assert f"Cannot reach the database: {type(failure).__name__}" in done.stderr
