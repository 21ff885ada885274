"""`hub send` against the hub itself: real API, real PostgreSQL, a sender in a process of its own."""

from __future__ import annotations

import asyncio
import json
import os
import socket
import subprocess
import sys
import time
from collections import Counter
from collections.abc import AsyncIterator, Callable
from contextlib import suppress
from pathlib import Path

import orjson
import pytest
import pytest_asyncio
import uvicorn

from events.basis import AgencyKind, LawfulBasis, Purpose
from events.database import Pool
from hub.api.app import create_app
from hub.arrival import Agency
from hub.bootstrap import joined
from hub.clock import system_clock
from hub.settings import Settings
from tests.client.conftest import BUNDLE
from tests.connectors.bars_messages import SAMPLES, a_message
from tests.waiting import ending

TRUST = Agency(
    "TRUST-1",
    AgencyKind.HEALTH,
    "Invented Community Trust",
    "RZZ99",
    frozenset({Purpose.EARLY_HELP}),
    frozenset({LawfulBasis.ART6_1_E, LawfulBasis.ART9_2_H, LawfulBasis.CA2004_S10}),
)
BOOKING = (SAMPLES / "bars/booking-request_new.json").read_bytes()
Command = Callable[..., list[str]]


@pytest_asyncio.fixture
async def command(database: str, pool: Pool, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[Command]:
    """`hub send FILES` of a registered trust to a served hub."""
    listener = socket.socket()
    listener.bind(("127.0.0.1", 0))
    url = f"http://127.0.0.1:{listener.getsockname()[1]}"
    hub = joined(Settings(data_dir=tmp_path / "hub", public_url=url), system_clock, database, pool)
    await hub.log.install()
    await hub.agencies.register(TRUST, "test")
    client, secret = await hub.agencies.issue_credentials(TRUST.code)
    monkeypatch.setenv("HUB_CLIENT_ID", client)
    monkeypatch.setenv("HUB_CLIENT_SECRET", secret)
    config = uvicorn.Config(create_app(hub), log_level="warning", lifespan="off", log_config=None)
    server = uvicorn.Server(config)
    serving = asyncio.create_task(server.serve(sockets=[listener]))

    def words(*arguments: object) -> list[str]:
        code = "from hub.client.cli import app; app()"
        fixed = ["--as", TRUST.code, "--to", url, "--spool", str(tmp_path / "spool"), "--json"]
        return [sys.executable, "-c", code, *map(str, arguments), *fixed]

    yield words
    server.should_exit = True
    await serving
    listener.close()


async def sent(command: list[str]) -> tuple[int, list[dict[str, object]], str]:
    """Exit code, JSON lines and notices of a sender."""
    process = await asyncio.create_subprocess_exec(
        *command, stdout=asyncio.subprocess.PIPE, stderr=asyncio.subprocess.PIPE, env=os.environ
    )
    out, error = await ending(process.communicate(), "the sender ends")
    return process.returncode or 0, [orjson.loads(line) for line in out.splitlines()], error.decode()


async def ended(pool: Pool) -> Counter[str]:
    """How many facts of each kind the log holds."""
    rows = await pool.fetch("SELECT type, count(*) AS n FROM log.event GROUP BY type")
    return Counter({row["type"]: row["n"] for row in rows})


def files(folder: Path) -> list[Path]:
    contents = {"child.json": json.dumps(a_message()).encode(), "adult.json": BUNDLE, "booking.json": BOOKING}
    for name, content in contents.items():
        (folder / name).write_bytes(content)
    return [folder / name for name in contents]


async def test_every_file_ends_as_accepted_review_or_refused_and_once(
    command: Command, pool: Pool, tmp_path: Path
) -> None:
    code, lines, error = await sent(command(*files(tmp_path)))

    assert (code, error) == (1, ""), "at the first try"
    assert [line["outcome"] for line in lines] == ["accepted", "review", "refused"]
    assert "REC_BAD_REQUEST:invariant" in str(lines[2]["refused"])
    facts = await ended(pool)
    assert facts["referral.received"] == 1

    (tmp_path / "spool").rename(tmp_path / "lost")
    again, replayed, error = await sent(command(*files(tmp_path)))

    assert again == 1, error
    assert [line["submission_id"] for line in replayed] == [line["submission_id"] for line in lines]
    assert await ended(pool) == facts, "even a lost spool makes no double"


@pytest.mark.faults
async def test_senders_killed_at_growing_moments_leave_one_effect(command: Command, pool: Pool, tmp_path: Path) -> None:
    words = command(*files(tmp_path))
    for seconds_after_trying in (0.0, 0.05, 0.15, 0.4):
        await asyncio.to_thread(killed, words, tmp_path / "spool", seconds_after_trying)

    code, lines, error = await sent(words)

    assert code == 1, error
    assert sorted(str(line["outcome"]) for line in lines) == ["accepted", "refused", "review"]
    facts = await ended(pool)
    assert (facts["referral.received"], facts["review.raised"]) == (1, 1)
    assert list((tmp_path / "spool").rglob("*.data")) == []


def killed(command: list[str], spool: Path, seconds_after_trying: float) -> None:
    """A sender killed so long after it began to try, unless it was quicker."""
    with subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL) as process:
        before = attempts(spool)
        while process.poll() is None and attempts(spool) == before:
            time.sleep(0.005)
        time.sleep(seconds_after_trying)
        process.kill()


def attempts(spool: Path) -> list[tuple[str, int]]:
    """What the manifests say at this moment: names and how often each was tried."""
    found = []
    for path in spool.rglob("*.json"):
        with suppress(FileNotFoundError):  # gone to another state meanwhile
            found.append((f"{path.parent.name}/{path.name}", int(orjson.loads(path.read_bytes())["attempts"])))
    return sorted(found)
