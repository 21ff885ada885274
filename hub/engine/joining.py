"""One data folder, one server: a second process of the hub joins the PostgreSQL that another has started there."""

from __future__ import annotations

import asyncio
import fcntl
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import asyncpg

_SOCKET_LINE = 4  # of postmaster.pid, counted from 0


@asynccontextmanager
async def alone(data_dir: Path | None) -> AsyncIterator[None]:
    """While inside, no other process makes or starts a cluster in this folder."""
    if data_dir is None:
        yield
        return
    data_dir.parent.mkdir(parents=True, exist_ok=True)
    with (data_dir.parent / f".{data_dir.name}.lock").open("w") as lock:
        await asyncio.to_thread(fcntl.flock, lock, fcntl.LOCK_EX)
        yield


async def running_at(data_dir: Path | None) -> str | None:
    """The address of the server that runs in this folder, as its own note tells; None where none answers."""
    note = data_dir / "postmaster.pid" if data_dir is not None else None
    if note is None or not note.exists():
        return None
    lines = note.read_text("utf-8").splitlines()
    if len(lines) <= _SOCKET_LINE or not lines[_SOCKET_LINE]:
        return None
    address = socket_address(Path(lines[_SOCKET_LINE]))
    return address if await answers(address) else None


def socket_address(folder: Path) -> str:
    """The address of the `postgres` database behind the Unix socket in this folder."""
    return f"postgresql://postgres@/postgres?host={folder}"


async def answers(address: str) -> bool:
    """Whether a connection is accepted now."""
    try:
        connection = await asyncpg.connect(address, timeout=5)
    except (OSError, TimeoutError, asyncpg.PostgresConnectionError, asyncpg.CannotConnectNowError):
        return False
    await connection.close()
    return True
