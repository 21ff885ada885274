"""What is mistyped is said in a line that names it: no traceback, no value repeated, the exit code that is promised."""

from __future__ import annotations

import asyncio
import socket
from collections.abc import Awaitable, Callable
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

import consumers.cli  # noqa: F401 - whose commands are among those of `app`
from hub.cli import app

NOT_UTF8 = "x\udcff"
ADD = ("agency", "add", "invented", "--kind", "SCHOOL", "--purpose", "EARLY_HELP", "--basis", "ART6_1_E")
Ask = Callable[..., Awaitable[Result]]


@pytest.fixture
def ask(database: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Ask:
    """Runs a command in a thread of this process; `HUB_…` are settings of its own."""
    monkeypatch.setattr("hub.telemetry.configure_logs", lambda *_: None)
    ours = {"HUB_DATABASE_URL": database, "HUB_DATA_DIR": str(tmp_path / "hub"), "COLUMNS": "200"}

    async def run(*words: str, **settings: str) -> Result:
        return await asyncio.to_thread(lambda: CliRunner().invoke(app, words, env=ours | settings))

    return run


@pytest.mark.parametrize(
    ("words", "named"),
    [
        ((*ADD, "--title", NOT_UTF8, "--identifier", "1"), "--title"),
        ((*ADD, "--title", "Two\nlines", "--identifier", "1"), "--title"),
        ((*ADD, "--title", "Invented", "--identifier", NOT_UTF8), "--identifier"),
        (("agency", "suspend", NOT_UTF8), "code"),
        (("replay", "--stream", NOT_UTF8), "--stream"),
        (("replay", "--from-position", "9" * 30), "--from-position"),
        (("replay", "--to-position", "9" * 30), "--to-position"),
        (("replay", "--last", "99999999999d"), "--last"),
        (("replay", "--last", "999999d"), "--last"),
        (("replay", "--last", "-2h"), "--last"),
        (("replay", "--last", "infh"), "--last"),
        (("replay", "--last", ""), "--last"),
        (("demo", "--once", "--start", "9999-12-31"), "--start"),
        (("demo", "--once", "--start", "0001-01-01"), "--start"),
    ],
)
async def test_an_argument_that_is_not_right_is_named(ask: Ask, words: tuple[str, ...], named: str) -> None:
    told = await ask(*words)

    assert told.exit_code == 2, told.output
    assert named in told.stderr
    assert "Traceback" not in told.stderr


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("HUB_DATABASE_URL", "postgresql://someone:Zebbedanth@["),
        ("HUB_DATABASE_URL", "postgresql://someone:Zebbedanth@127.0.0.1:abc/hub"),
        ("HUB_DATABASE_URL", "mysql://someone:Zebbedanth@127.0.0.1/hub"),
        ("HUB_DATABASE_URL", "Zebbedanth"),
        ("HUB_LOG_LEVEL", "Zebbedanth"),
        ("HUB_PORT", "Zebbedanth"),
    ],
)
async def test_a_setting_that_is_not_right_is_named_and_not_repeated(ask: Ask, name: str, value: str) -> None:
    for command in ("status", "serve", "work"):
        told = await ask(command, **{name: value})

        assert told.exit_code == 2, told.output
        assert f"A setting is not right. {name}: " in told.stderr
        assert "Zebbedanth" not in told.output
        assert isinstance(told.exception, SystemExit)


async def test_who_cannot_listen_says_so_and_blames_no_database(ask: Ask) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = str(taken.getsockname()[1])

        told = await ask("serve", HUB_PORT=port)

    assert told.exit_code == 3, told.output
    assert told.stderr == f"Cannot listen on 127.0.0.1 port {port}: Address already in use\n"


async def test_a_folder_that_cannot_be_one_is_named(ask: Ask, tmp_path: Path) -> None:
    (tmp_path / "file").touch()

    told = await ask("status", HUB_DATABASE_URL="", HUB_DATA_DIR=str(tmp_path / "file"))

    assert told.exit_code == 3, told.output
    assert "HUB_DATA_DIR" in told.stderr


async def test_the_doctor_names_a_kafka_that_is_away(ask: Ask) -> None:
    told = await ask("doctor", HUB_ENGINE="kafka", HUB_KAFKA_BOOTSTRAP="127.0.0.1:1")

    assert told.exit_code == 1, told.output
    assert "NOT WELL  nothing published can be lost (Kafka): cannot be reached: KafkaConnectionError" in told.stdout
