"""Joins the calls of concurrent callers into one piece of work: the group commit of the hub."""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import Awaitable, Callable, Sequence
from typing import Generic, TypeVar

Item = TypeVar("Item")
Result = TypeVar("Result")


class Coalesced(Generic[Item, Result]):
    """`await coalesced(item)` runs `work` on all items that are waiting, at most `most` at a time.

    One piece of work runs at a time; what arrives meanwhile waits for the next one, so batches grow with load and a
    lone caller waits for nobody. `work` answers each item with a result or an exception, in order; if it raises, every
    caller of that batch gets the exception.
    """

    def __init__(self, work: Callable[[Sequence[Item]], Awaitable[Sequence[Result | Exception]]], most: int) -> None:
        self._work = work
        self._most = most
        self._waiting: deque[tuple[Item, asyncio.Future[Result]]] = deque()
        self._running: asyncio.Task[None] | None = None

    async def __call__(self, item: Item) -> Result:
        """Result for this item."""
        future: asyncio.Future[Result] = asyncio.get_running_loop().create_future()
        self._waiting.append((item, future))
        if self._running is None or self._running.done():
            self._running = asyncio.create_task(self._run())
        return await future

    async def _run(self) -> None:
        while self._waiting:
            batch = [self._waiting.popleft() for _ in range(min(self._most, len(self._waiting)))]
            try:
                results: Sequence[Result | Exception] = await self._work([item for item, _ in batch])
            except Exception as failure:  # noqa: BLE001 - handed to every caller
                results = [failure] * len(batch)
            for (_, future), result in zip(batch, results, strict=True):
                if future.done():  # the caller went away: the work stands all the same
                    continue
                if isinstance(result, Exception):
                    future.set_exception(result)
                else:
                    future.set_result(result)
