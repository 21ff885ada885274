"""Calls that are made at once are joined into pieces of work; none is lost, and none runs beside what it may not."""

from __future__ import annotations

import asyncio
import random
from collections.abc import Sequence

import pytest

from events.coalesce import Coalesced
from tests.waiting import ending


class Workshop:
    """Work that ends when told to, and remembers which pieces ran, and which beside which."""

    def __init__(self) -> None:
        self.pieces: list[list[str]] = []
        self.running: list[list[str]] = []
        self.beside: list[tuple[str, str]] = []
        self.open = asyncio.Event()

    async def work(self, items: Sequence[str]) -> Sequence[str | Exception]:
        piece = list(items)
        self.beside += [(one, other) for one in piece for running in self.running for other in running]
        self.pieces.append(piece)
        self.running.append(piece)
        await self.open.wait()
        await asyncio.sleep(0)
        self.running.remove(piece)
        return [ValueError(item) if item.startswith("bad") else item.upper() for item in piece]


async def settle() -> None:
    for _ in range(10):
        await asyncio.sleep(0)


async def test_what_comes_while_work_runs_is_the_next_piece() -> None:
    shop = Workshop()
    joined = Coalesced(shop.work, most=2)
    calls = [asyncio.create_task(joined("a"))]
    await settle()
    calls += [asyncio.create_task(joined(item)) for item in "bcd"]
    await settle()
    shop.open.set()
    assert await asyncio.gather(*calls) == ["A", "B", "C", "D"]
    assert shop.pieces == [["a"], ["b", "c"], ["d"]]


async def test_each_caller_gets_the_fault_of_its_own_item() -> None:
    shop = Workshop()
    shop.open.set()
    joined = Coalesced(shop.work, most=8)
    answers = await asyncio.gather(joined("a"), joined("bad"), return_exceptions=True)
    assert answers[0] == "A"
    assert isinstance(answers[1], ValueError)


async def test_work_that_fails_answers_everybody_of_its_piece_and_goes_on() -> None:
    fails = [True]

    async def work(items: Sequence[str]) -> Sequence[str]:
        if fails.pop() if fails else False:
            raise OSError
        return items

    joined = Coalesced(work, most=8, lanes=2, keys=lambda item: item)
    answers = await asyncio.gather(joined("a"), joined("ab"), return_exceptions=True)
    assert all(isinstance(each, OSError) for each in answers)
    assert await joined("a") == "a"


async def test_two_lanes_run_at_once_but_not_what_shares_a_key() -> None:
    shop = Workshop()
    joined = Coalesced(shop.work, most=8, lanes=2, keys=lambda item: item)
    calls = [asyncio.create_task(joined("ax"))]
    await settle()
    calls += [asyncio.create_task(joined(item)) for item in ("xb", "cd")]
    await settle()
    assert shop.running == [["ax"], ["cd"]]
    shop.open.set()
    assert await asyncio.gather(*calls) == ["AX", "XB", "CD"]
    assert shop.pieces == [["ax"], ["cd"], ["xb"]]


async def test_nobody_is_overtaken_by_those_who_share_a_key() -> None:
    """`ab` waits for `a`; were `b` let in meanwhile, another `a` could be let in beside that, and so on for ever."""
    shop = Workshop()
    joined = Coalesced(shop.work, most=1, lanes=2, keys=lambda item: item)
    calls = [asyncio.create_task(joined("a"))]
    await settle()
    calls += [asyncio.create_task(joined(item)) for item in ("ab", "b", "c")]
    await settle()
    assert shop.running == [["a"], ["c"]]
    shop.open.set()
    await asyncio.gather(*calls)
    assert shop.pieces.index(["ab"]) < shop.pieces.index(["b"])


@pytest.mark.parametrize("seed", range(20))
async def test_in_any_order_nobody_is_forgotten(seed: int) -> None:
    chance = random.Random(seed)
    shop = Workshop()
    shop.open.set()
    joined = Coalesced(shop.work, most=3, lanes=chance.randint(1, 3), keys=lambda item: item)
    items = ["".join(chance.sample("abcdefgh", 2)) for _ in range(60)]

    async def call(item: str) -> str:
        for _ in range(chance.randrange(20)):
            await asyncio.sleep(0)
        return await joined(item)

    answers = await ending(asyncio.gather(*(call(item) for item in items)), "an answer for every caller")
    assert answers == [item.upper() for item in items]
    assert sorted(item for piece in shop.pieces for item in piece) == sorted(items)
    assert all(set(one).isdisjoint(other) for one, other in shop.beside)


async def test_a_caller_who_goes_away_keeps_nobody_waiting() -> None:
    shop = Workshop()
    joined = Coalesced(shop.work, most=8, lanes=2, keys=lambda item: item)
    gone = asyncio.create_task(joined("ab"))
    await settle()
    waits = asyncio.create_task(joined("bc"))
    gone.cancel()
    await settle()
    shop.open.set()
    assert await waits == "BC"
