"""A program of the hub as a process of its own, to be killed, stopped and paused; what it says is kept in files."""

from __future__ import annotations

import asyncio
import os
import signal
import sys
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

HUB = Path(sys.executable).with_name("hub")


@dataclass
class Program:
    """`hub ARGUMENTS`, started as often as wanted; every start adds to the same two files of what it said.

    `ends` are the exit codes with which it ended of its own accord and was started anew, as a supervisor does.
    """

    name: str
    arguments: Sequence[str]
    environment: Mapping[str, str]
    folder: Path
    ends: list[int] = field(default_factory=list, init=False)
    _meant: bool = field(default=True, init=False)
    _child: asyncio.subprocess.Process | None = field(default=None, init=False)

    @property
    def said(self) -> str:
        """Everything it said on stdout and stderr so far."""
        return "".join(path.read_text("utf-8", "replace") for path in self.outputs if path.exists())

    @property
    def outputs(self) -> tuple[Path, Path]:
        return self.folder / f"{self.name}.out", self.folder / f"{self.name}.err"

    @property
    def running(self) -> bool:
        return self._child is not None and self._child.returncode is None

    async def start(self) -> None:
        self._meant = False
        out, err = self.outputs
        with out.open("ab") as stdout, err.open("ab") as stderr:
            self._child = await asyncio.create_subprocess_exec(
                HUB,
                *self.arguments,
                cwd=self.folder,  # where no `.env` lies
                env={**os.environ, **self.environment},
                stdin=asyncio.subprocess.DEVNULL,
                stdout=stdout,
                stderr=stderr,
            )

    async def kill(self) -> None:
        """SIGKILL, also to one that is paused."""
        self._meant = True
        if self.running:
            self._signal(signal.SIGKILL)
        await self.ended()

    async def terminate(self) -> tuple[int, float]:
        """SIGTERM; the exit code and the seconds it took."""
        self._meant = True
        began = time.monotonic()
        self._signal(signal.SIGTERM)
        return await self.ended(30), time.monotonic() - began

    async def ended(self, seconds: float = 60) -> int:
        """The exit code, once it has ended by itself."""
        assert self._child is not None
        return await asyncio.wait_for(self._child.wait(), seconds)

    async def supervise(self) -> None:
        """Start it again whenever it ends without having been asked to."""
        while True:
            await asyncio.sleep(0.2)
            if not self.running and not self._meant:
                self.ends.append(await self.ended())
                await self.start()

    def pause(self) -> None:
        self._signal(signal.SIGSTOP)

    def resume(self) -> None:
        self._signal(signal.SIGCONT)

    def _signal(self, number: signal.Signals) -> None:
        assert self._child is not None
        self._child.send_signal(number)
