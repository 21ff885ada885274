"""A program of the hub as a process of its own, to be killed, stopped and paused; what it says is kept in a file."""

from __future__ import annotations

import asyncio
import os
import signal
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import NamedTuple

from hub.engine.process import stands_still
from tests.waiting import ending

HUB = Path(sys.executable).with_name("hub")


class Ended(NamedTuple):
    """The exit code, and what it had said since it was started."""

    code: int
    said: str


@dataclass
class Program:
    """`hub ARGUMENTS`, started as often as wanted; every start adds to the same file of what it said.

    `ends` are the times it ended of its own accord and was started anew, as a supervisor does.
    """

    name: str
    arguments: Sequence[str]
    environment: Mapping[str, str]
    folder: Path
    ends: list[Ended] = field(default_factory=list, init=False)
    _begun: int = field(default=0, init=False)
    _meant: bool = field(default=True, init=False)
    _child: asyncio.subprocess.Process | None = field(default=None, init=False)

    @property
    def said(self) -> str:
        """Everything it said so far, on stdout and stderr."""
        return self.output.read_text("utf-8", "replace") if self.output.exists() else ""

    @property
    def output(self) -> Path:
        return self.folder / f"{self.name}.log"

    @property
    def running(self) -> bool:
        return self._child is not None and self._child.returncode is None

    async def start(self) -> None:
        self._begun = len(self.said)
        with self.output.open("ab") as output:
            self._child = await asyncio.create_subprocess_exec(
                HUB,
                *self.arguments,
                cwd=self.folder,  # where no `.env` lies
                env={**os.environ, **self.environment},
                stdin=asyncio.subprocess.DEVNULL,
                stdout=output,
                stderr=output,
            )
        self._meant = False

    async def kill(self) -> None:
        """SIGKILL, also to one that is paused."""
        self._meant = True
        if self.running:
            self._signal(signal.SIGKILL)
        await self.ended()

    async def terminate(self) -> int:
        """SIGTERM; the exit code."""
        self._meant = True
        self._signal(signal.SIGTERM)
        return await self.ended()

    async def ended(self) -> int:
        """The exit code, once it has ended by itself."""
        assert self._child is not None
        return await ending(self._child.wait(), f"{self.name} ends")

    async def supervise(self) -> None:
        """Start it again whenever it ends without having been asked to."""
        while True:
            await asyncio.sleep(0.2)
            if not self.running and not self._meant:
                self.ends.append(Ended(await self.ended(), self.said[self._begun :]))
                await self.start()

    async def pause(self) -> None:
        """SIGSTOP; returns when it stands still."""
        self._signal(signal.SIGSTOP)
        assert self._child is not None
        await stands_still(self._child.pid)

    def resume(self) -> None:
        self._signal(signal.SIGCONT)

    def _signal(self, number: signal.Signals) -> None:
        assert self._child is not None
        self._child.send_signal(number)
