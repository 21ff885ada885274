"""Real senders in processes of their own, killed and stopped."""

from __future__ import annotations

import asyncio
import os
import random
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tests.client.conftest import BUNDLE
from tests.client.scripted_hub import CLIENT, ScriptedHub, hang
from tests.waiting import LONG, until

Start = Callable[..., "subprocess.Popen[str]"]

SENDER = "from hub.client.cli import app; app()"
TELLS_ITS_PEAK = f"""
import atexit, pathlib, sys
atexit.register(lambda: sys.stderr.write(pathlib.Path("/proc/self/status").read_text()))
{SENDER}
"""


@pytest.fixture
def start(hub: ScriptedHub, spool: Path) -> Iterator[Start]:
    """Starts `hub send ARGUMENTS` as a process."""
    started: list[subprocess.Popen[str]] = []

    def run(*arguments: object, code: str = SENDER) -> subprocess.Popen[str]:
        words = [*map(str, arguments), "--as", "SCHOOL-1", "--to", hub.url, "--spool", str(spool)]
        process = subprocess.Popen(
            [sys.executable, "-c", code, *words],
            env={**os.environ, "HUB_CLIENT_ID": CLIENT[0], "HUB_CLIENT_SECRET": CLIENT[1]},
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )
        started.append(process)
        return process

    yield run
    for process in started:
        if process.poll() is None:
            process.kill()
        process.communicate()


@pytest.mark.faults
def test_a_sender_killed_while_the_hub_decides_resumes_without_a_double(
    start: Start, hub: ScriptedHub, file: Path, spool: Path
) -> None:
    hub.script = [hang]
    killed = start(file)
    assert hub.hanging.wait(LONG)
    killed.kill()
    killed.communicate()
    assert len(list(spool.rglob("waiting/*.json"))) == 1

    resumed = start(file)
    out, _ = resumed.communicate(timeout=LONG)

    assert resumed.returncode == 0
    assert out.startswith("sent ")
    assert len(hub.uploads) == 2
    assert list(hub.effects.values()) == [BUNDLE], "one key, the same bytes"
    assert list(spool.rglob("*.data")) == []


@pytest.mark.faults
async def test_a_watch_killed_at_random_moments_sends_each_file_once(
    start: Start, hub: ScriptedHub, spool: Path, tmp_path: Path
) -> None:
    outbox = tmp_path / "outbox"
    outbox.mkdir()
    rng = random.Random(20260914)
    contents = [BUNDLE.replace(b"79120f41", f"{number:08}".encode()) for number in range(7)]
    watch = ("--watch", outbox, "--settle", "0.1", "--poll", "0.02")
    for number, content in enumerate(contents[:-1]):
        (outbox / f"{number}.bars.json").write_bytes(content)
        watching = start(*watch)
        await asyncio.sleep(rng.uniform(0.3, 1.2))
        watching.kill()
        watching.communicate()

    async def all_sent() -> bool:
        return len(list(spool.rglob("sent/*.json"))) == len(contents)

    last = start(*watch)
    (outbox / "6.bars.json").write_bytes(contents[-1])  # that this one is sent shows that the last one watches
    await until(all_sent)
    last.send_signal(signal.SIGTERM)
    last.communicate(timeout=LONG)

    assert last.returncode == 0
    assert len(hub.effects) == len(contents)
    assert set(hub.effects.values()) == set(contents)
    assert sorted(path.name for path in outbox.iterdir()) == [f"{number}.bars.json" for number in range(7)]


@pytest.mark.faults
def test_a_watch_stopped_while_it_waits_for_the_hub_leaves_the_file_in_the_spool(
    start: Start, hub: ScriptedHub, spool: Path, tmp_path: Path
) -> None:
    hub.script = [hang]
    (tmp_path / "outbox").mkdir()
    (tmp_path / "outbox" / "a.bars.json").write_bytes(BUNDLE)
    watching = start("--watch", tmp_path / "outbox", "--settle", "0.1", "--poll", "0.02")
    assert hub.hanging.wait(LONG)

    watching.send_signal(signal.SIGTERM)
    _, error = watching.communicate(timeout=LONG)

    assert watching.returncode == 3
    assert "Traceback" not in error
    assert len(list(spool.rglob("waiting/*.data"))) == 1


@pytest.mark.skipif(not Path("/proc/self/status").exists(), reason="the peak of memory is read from /proc")
def test_a_large_file_goes_through_at_flat_memory(start: Start, hub: ScriptedHub, tmp_path: Path) -> None:
    def peak_kib(size: int) -> int:
        file = tmp_path / f"{size}.dwp.csv"
        file.write_bytes(b"a,b\n" * (size // 4))
        process = start(file, code=TELLS_ITS_PEAK)
        _, error = process.communicate(timeout=LONG)
        assert process.returncode == 0
        return int(error.split("VmHWM:")[1].split()[0])

    small, large = peak_kib(4_000), peak_kib(64_000_000)

    assert [len(upload.body) for upload in hub.uploads] == [4_000, 64_000_000]
    assert large - small < 16_000
