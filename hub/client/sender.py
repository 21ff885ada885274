"""Delivers what waits in the spool, and in watch mode takes new files as they come to rest."""

from __future__ import annotations

import asyncio
import time
from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

from hub.client.answer import Later
from hub.client.backoff import pause
from hub.client.entry import Entry, Problem, Receipt, Route, State
from hub.client.spool import Spool
from hub.client.tally import Report, Tally
from hub.client.transport import Hub
from hub.client.watch import Folder

_THE_HUB: Final = ""


@dataclass(slots=True)
class Sender:
    """One run. Nothing it holds in memory matters: the spool alone says what is done."""

    spool: Spool
    url: str
    hub: Hub
    report: Report
    tally: Tally = field(default_factory=Tally)
    _failures: Counter[str] = field(default_factory=Counter)
    _due: dict[str, float] = field(default_factory=dict)
    _hopeless: bool = False

    def take(self, source: Path, route: Route) -> None:
        """Spool a file; one that was delivered in an earlier run is reported again, not sent again."""
        state, entry = self.spool.put(source, route, even_if_refused=True)
        self.report.took(source, entry)
        if state is State.SENT:
            self._answered(state, entry)

    def waiting(self) -> list[Entry]:
        """What waits for this hub; a spool may hold files for another one."""
        return [entry for entry in self.spool.waiting() if entry.route.url == self.url]

    async def drain(self, give_up_after: float) -> None:
        """Deliver all that waits; leave it in the spool when that does not work for so many seconds."""
        end = time.monotonic() + give_up_after
        while waiting := await self._round():
            wake = min(self._due_at(entry) for entry in waiting)
            if self._hopeless or wake > end:
                return
            await asyncio.sleep(wake - time.monotonic())

    async def watch(self, folder: Folder) -> None:
        """Take and deliver files until cancelled."""
        while True:
            for source, entry in await asyncio.to_thread(folder.take, self.spool):
                self.report.took(source, entry)
            await self._round()
            await asyncio.sleep(folder.poll_seconds)

    async def _round(self) -> list[Entry]:
        """Try each entry that is due, oldest first; those that still wait."""
        for entry in self.waiting():
            if self._due_at(entry) <= time.monotonic():
                await self._try(entry)
        return self.waiting()

    async def _try(self, entry: Entry) -> None:
        entry = entry.model_copy(update={"attempts": entry.attempts + 1})
        self.spool.keep(entry)
        result = await self.hub.deliver(entry, self.spool.data(entry))
        match result:
            case Receipt():
                self._finish(State.SENT, entry.model_copy(update={"receipt": result}))
            case Problem():
                self._finish(State.REFUSED, entry.model_copy(update={"problem": result}))
            case Later():
                self._put_off(entry, result)

    def _put_off(self, entry: Entry, later: Later) -> None:
        what = _THE_HUB if later.everything else entry.id
        self._failures[what] += 1
        seconds = pause(self._failures[what], later.asked)
        self._due[what] = time.monotonic() + seconds
        self._hopeless |= later.hopeless
        self.report.waits(entry, later, seconds)

    def _due_at(self, entry: Entry) -> float:
        return max(self._due.get(entry.id, 0.0), self._due.get(_THE_HUB, 0.0))

    def _finish(self, state: State, entry: Entry) -> None:
        self.spool.finish(entry, state)
        self._failures.clear()
        self._answered(state, entry)

    def _answered(self, state: State, entry: Entry) -> None:
        self.tally.count(entry)
        self.report.finished(state, entry)
