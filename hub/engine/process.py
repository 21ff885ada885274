"""A server process of our own that can be stopped, killed and paused, and that never outlives us."""

from __future__ import annotations

import asyncio
import contextlib
import os
import signal
import subprocess
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

# Reads until our end of the pipe closes, which happens however we die, then ends the server and clears its folders.
# A pipe and not Linux's parent-death signal: that one follows a thread, and is lost on a change of user.
_TETHER = """
read -r gone || true
kill -s "$2" "$1" 2>/dev/null; kill -s CONT "$1" 2>/dev/null
tries=0
while kill -0 "$1" 2>/dev/null; do
    tries=$((tries + 1)); [ "$tries" -gt 100 ] && kill -s KILL "$1" 2>/dev/null
    sleep 0.1
done
shift 2
[ "$#" -eq 0 ] || rm -rf "$@"
"""


class EngineError(RuntimeError):
    """A server could not be started; the message says what is missing and how to mend it, in plain words."""


@dataclass
class ServerProcess:
    """One child process with a log file.

    `user` runs it under another uid and gid (only root may). `temporary` are folders that go when we die without
    having stopped it. `stop_signal` asks the server to end by itself.
    """

    command: Sequence[str]
    log: Path
    stop_signal: signal.Signals
    cwd: Path
    environment: Mapping[str, str]
    user: int | None = None
    temporary: Sequence[Path] = field(default=())
    _child: asyncio.subprocess.Process | None = field(default=None, init=False)
    _tether: asyncio.subprocess.Process | None = field(default=None, init=False)

    @property
    def running(self) -> bool:
        return self._child is not None and self._child.returncode is None

    @property
    def pid(self) -> int:
        """The server's process id; EngineError where it was never started."""
        if self._child is None:
            raise EngineError("the server has not been started")
        return self._child.pid

    async def start(self) -> None:
        # A session of its own: Ctrl-C in a terminal reaches us alone, and we stop the server in good order.
        with self.log.open("ab") as log:
            self._child = await asyncio.create_subprocess_exec(
                *self.command,
                cwd=self.cwd,
                env=self.environment,
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                start_new_session=True,
                user=self.user,
                group=self.user,
                extra_groups=None if self.user is None else [],
            )
        self._tether = await asyncio.create_subprocess_exec(
            "/bin/sh", "-c", _TETHER, "tether", str(self._child.pid), self.stop_signal.name.removeprefix("SIG"),
            *map(str, self.temporary),
            stdin=subprocess.PIPE, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, start_new_session=True,
        )  # fmt: skip

    async def stop(self, grace: float = 15.0) -> None:
        """Asks the server to end, and kills it after `grace` seconds."""
        if self._child is None:
            return
        self._signal(self.stop_signal)
        self._signal(signal.SIGCONT)
        try:
            await asyncio.wait_for(self._child.wait(), grace)
        except TimeoutError:
            self._signal(signal.SIGKILL)
        await self._gone()

    async def kill(self) -> None:
        """SIGKILL: the server has no chance to put anything in order."""
        self._signal(signal.SIGKILL)
        await self._gone()

    async def pause(self) -> None:
        """SIGSTOP; returns when it stands still."""
        self._signal(signal.SIGSTOP)
        await stands_still(self.pid)

    def resume(self) -> None:
        self._signal(signal.SIGCONT)

    def log_tail(self, lines: int = 12) -> str:
        """The end of the server's log, for an error message about a start that failed."""
        if not self.log.exists():
            return ""
        return "\n".join(self.log.read_text("utf-8", errors="replace").splitlines()[-lines:])

    def _signal(self, number: signal.Signals) -> None:
        if self._child is not None and self._child.returncode is None:
            with contextlib.suppress(ProcessLookupError):
                os.kill(self._child.pid, number)

    async def _gone(self) -> None:
        """The tether goes first, so that it can never signal a process that took over the number."""
        if self._tether is not None and self._tether.returncode is None:
            with contextlib.suppress(ProcessLookupError):
                self._tether.kill()
            await self._tether.wait()
        if self._child is not None:
            await self._child.wait()


async def stands_still(pid: int) -> None:
    """Returns when every thread of a process that was told to stop has stopped: a signal takes effect later (Linux)."""
    while not all(map(_stopped, threads(pid))):  # noqa: ASYNC110 - the system tells nobody
        await asyncio.sleep(0.001)


def threads(pid: int) -> list[Path]:
    """Where the system tells of them."""
    return list(Path(f"/proc/{pid}/task").iterdir())


def _stopped(thread: Path) -> bool:
    """Whether the system says so, or the thread has ended."""
    try:
        return thread.joinpath("stat").read_text("ascii", "replace").rpartition(")")[2].split()[0] in "TZX"
    except (FileNotFoundError, ProcessLookupError):
        return True
