"""One run of `hub send`, from what the caller asked for to an exit code."""

from __future__ import annotations

import asyncio
import signal
from collections.abc import Coroutine
from contextlib import suppress
from datetime import UTC, datetime
from enum import IntEnum
from pathlib import Path

import httpx

from hub.client.credentials import Unusable
from hub.client.entry import Route
from hub.client.job import Job
from hub.client.report import Lines
from hub.client.sender import Sender
from hub.client.spool import Spool, SpoolTaken, StillChanging
from hub.client.transport import TIMEOUT, HttpHub


class Exit(IntEnum):
    """Exit codes of `hub send`; what is left in the spool outranks what was refused."""

    ALL_TAKEN = 0
    SOME_REFUSED = 1
    USAGE = 2
    NOT_DELIVERED = 3


async def run(job: Job, lines: Lines) -> Exit:
    """Do it. SIGINT and SIGTERM end it cleanly: what is not delivered waits for the next run. Raises `Unusable`."""
    files = job.checked()
    try:
        with Spool(job.spool, _now) as spool:
            async with httpx.AsyncClient(timeout=TIMEOUT) as http:
                sender = Sender(spool, job.url, HttpHub(http, job.url, job.credentials, _now), lines)
                for path, route in files:
                    _take(sender, path, route)
                await _until_stopped(sender.watch(job.folder(lines.notice)) if job.watch else sender.drain(job.give_up))
            return _exit_code(sender)
    except SpoolTaken:
        raise Unusable("another sender works on this spool") from None


def _take(sender: Sender, path: Path, route: Route) -> None:
    try:
        sender.take(path, route)
    except StillChanging:
        raise Unusable(f"{path} is still being written") from None
    except OSError as failure:
        raise Unusable(f"{path} could not be copied to the spool ({failure.strerror})") from None


async def _until_stopped(work: Coroutine[None, None, None]) -> None:
    task, loop = asyncio.ensure_future(work), asyncio.get_running_loop()
    for signum in (signal.SIGINT, signal.SIGTERM):
        loop.add_signal_handler(signum, task.cancel)
    with suppress(asyncio.CancelledError):
        await task


def _exit_code(sender: Sender) -> Exit:
    if sender.waiting():
        return Exit.NOT_DELIVERED
    return Exit.SOME_REFUSED if sender.tally.not_taken else Exit.ALL_TAKEN


def _now() -> datetime:
    return datetime.now(UTC)
