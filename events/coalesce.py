"""Joins the calls of concurrent callers into pieces of work: the group commit of the hub."""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import Awaitable, Callable, Iterable, Sequence
from typing import Generic, TypeVar, cast

Item = TypeVar("Item")
Result = TypeVar("Result")


def _alone(_: object) -> Iterable[object]:
    return ()


class Coalesced(Generic[Item, Result]):
    """`await coalesced(item)` runs `work` on all items that are waiting, at most `most` at a time.

    What arrives while work is running waits for the next piece, so pieces grow with load and a lone caller waits for
    nobody. `work` answers each item with a result or an exception, in order; if it raises, every caller of that piece
    gets the exception.

    `lanes` pieces run at a time, never two that share one of `keys(item)`: an item with a key of a running piece waits
    until that piece is done, while others pass it.
    """

    def __init__(
        self,
        work: Callable[[Sequence[Item]], Awaitable[Sequence[Result | Exception]]],
        most: int,
        lanes: int = 1,
        keys: Callable[[Item], Iterable[object]] = _alone,
    ) -> None:
        self._work = work
        self._most = most
        self._lanes = lanes
        self._keys = keys
        self._waiting: deque[tuple[Item, asyncio.Future[Result]]] = deque()
        self._running: set[asyncio.Task[None]] = set()
        self._held: set[object] = set()

    async def __call__(self, item: Item) -> Result:
        """Result for this item."""
        future: asyncio.Future[Result] = asyncio.get_running_loop().create_future()
        self._waiting.append((item, future))
        if len(self._running) < self._lanes:
            self._running.add(asyncio.create_task(self._run()))
        return await future

    async def _run(self) -> None:
        while piece := self._next():
            keys = {key for item, _ in piece for key in self._keys(item)}
            self._held |= keys
            try:
                results: Sequence[Result | Exception] = await self._work([item for item, _ in piece])
            except Exception as failure:  # noqa: BLE001 - handed to every caller
                results = [failure] * len(piece)
            finally:
                self._held -= keys
            for (_, future), result in zip(piece, results, strict=True):
                if future.done():  # the caller went away: the work stands all the same
                    continue
                if isinstance(result, Exception):
                    future.set_exception(result)
                else:
                    future.set_result(result)
        self._running.discard(cast("asyncio.Task[None]", asyncio.current_task()))  # in the step that found nothing

    def _next(self) -> list[tuple[Item, asyncio.Future[Result]]]:
        """What waits and may run beside what runs already, the longest waiting first.

        Nothing overtakes what it shares a key with: else, where some keys are always in use, one could wait for ever.
        """
        piece: list[tuple[Item, asyncio.Future[Result]]] = []
        passed: list[tuple[Item, asyncio.Future[Result]]] = []
        barred = set(self._held)
        while self._waiting and len(piece) < self._most:
            each = self._waiting.popleft()
            if barred.isdisjoint(self._keys(each[0])):
                piece.append(each)
            else:
                passed.append(each)
                barred.update(self._keys(each[0]))
        self._waiting.extendleft(reversed(passed))
        return piece
