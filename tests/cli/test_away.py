"""What a command says and how it ends where the database is away."""

from __future__ import annotations

from typing import NoReturn

import asyncpg
import pytest
from typer.testing import CliRunner

from hub.cli.app import app
from hub.engine.process import EngineError


@pytest.mark.parametrize(
    "failure",
    [
        ConnectionRefusedError(),
        TimeoutError(),
        asyncpg.CannotConnectNowError(),
        asyncpg.InterfaceError("connection is closed"),
        asyncpg.TooManyConnectionsError(),
        asyncpg.DiskFullError(),
        asyncpg.PostgresIOError(),
        asyncpg.InvalidCatalogNameError(),
        EngineError("invented"),
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


def test_what_is_wrong_with_a_command_itself_is_not_said_to_be_the_databases_fault(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def lost(*_: object) -> NoReturn:
        raise asyncpg.UndefinedTableError

    monkeypatch.setattr("hub.cli.running.open_hub", lost)

    done = CliRunner().invoke(app, ["status"])

    assert isinstance(done.exception, asyncpg.UndefinedTableError)
