from __future__ import annotations

import asyncio
import json
import os
import signal
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest

from tests.cli.conftest import SCRIPT
from tests.waiting import ending


@pytest.fixture
def temporary() -> Iterator[Path]:
    """Where the demo's temporary files lie, and nobody else's; root's servers run as another user, who must enter."""
    with tempfile.TemporaryDirectory(prefix="hub-test-") as name:
        Path(name).chmod(0o755)
        yield Path(name)


async def test_the_demo_shows_an_invented_week_and_leaves_nothing(temporary: Path) -> None:
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-c", SCRIPT, "demo", "--once", "--json", "--families", "25", "--port", "0"),
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.PIPE,
        env=os.environ | {"TMPDIR": str(temporary)},
    )
    out, err = await process.communicate()
    assert process.returncode == 0, err.decode()
    shown = json.loads(out)
    assert shown["events"] > 400
    assert shown["families"] >= 25
    assert sum(shown["queues"].values()) > 5
    assert sum(shown["packs"].values()) > 0
    assert shown["doubts"] >= 1
    assert shown["undone_in"]
    assert all(sent["accepted"] for name, sent in shown["agencies"].items() if "School" in name)
    assert list(temporary.iterdir()) == []


async def test_a_demo_that_stays_serves_its_pages_until_it_is_stopped() -> None:
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-c", SCRIPT, "demo", "--families", "10", "--port", "0"),
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.DEVNULL,
        env=os.environ | {"PYTHONUNBUFFERED": "1"},
    )
    assert process.stdout is not None
    address = ""
    while not address:
        line = (await ending(process.stdout.readline(), "the demo tells its address")).decode()
        assert line, "the demo ended before it told an address"
        address = line.rpartition(" ")[2].strip() if "http://" in line else ""
    async with httpx.AsyncClient() as browser:
        page = await browser.get(address, headers={"Accept": "text/html"})
    assert page.status_code == 200
    assert "no sign-in" in page.text
    process.send_signal(signal.SIGTERM)
    assert await ending(process.wait(), "the demo ends") == 0


@pytest.mark.kafka
async def test_the_demo_on_kafka_shows_the_same_week(kafka: str) -> None:
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-c", SCRIPT, "demo", "--once", "--json", "--families", "10", "--port", "0"),
        *("--engine", "kafka", "--kafka", kafka),
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.PIPE,
    )
    out, err = await process.communicate()
    assert process.returncode == 0, err.decode()
    assert sum(json.loads(out)["queues"].values()) > 0
