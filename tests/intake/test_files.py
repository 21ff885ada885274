from __future__ import annotations

import asyncio
import io
from collections import defaultdict
from collections.abc import AsyncIterator, Sequence
from dataclasses import replace
from datetime import date

import pytest

from events.basis import LawfulBasis, Purpose
from events.referral import Channel
from hub.arrival import Arrival, Decided, KeyReused, Ready, Receipt
from hub.bootstrap import Hub
from hub.connectors import CONNECTORS
from hub.files import BATCH, Sent
from hub.original_file import rechunked
from hub.originals import CHUNK, read_original
from hub.submission import FileRefused
from hub.synth.ctf import write_roll
from tests.intake.words import SCHOOL
from tests.waiting import ending

ROLL_SCHOOL = replace(SCHOOL, purposes=frozenset(Purpose), bases=frozenset(LawfulBasis))


def a_roll(pupils: int, seed: int = 1) -> bytes:
    out = io.BytesIO()
    write_roll(out, pupils, seed, date(2026, 11, 23))
    return out.getvalue()


async def pieces(data: bytes, size: int = 65_536) -> AsyncIterator[bytes]:
    for start in range(0, len(data), size):
        yield data[start : start + size]


async def take(hub: Hub, data: bytes, key: str = "F-1", connector: str = "ctf") -> Receipt:
    sent = Sent(ROLL_SCHOOL, "client-1", Channel.FILE, CONNECTORS[connector], key)
    return await hub.files.take(sent, pieces(data))


async def events_of(hub: Hub, kind: str) -> int:
    found: int = await hub.pool.fetchval("SELECT count(*) FROM log.event WHERE type = $1", kind)
    return found


async def test_each_pupil_of_a_roll_becomes_information_about_a_family(hub: Hub) -> None:
    receipt = await take(hub, a_roll(BATCH + 20))
    assert (receipt.items, receipt.outcome) == (BATCH + 20, "accepted")
    assert await events_of(hub, "information.received") == BATCH + 20
    assert await events_of(hub, "submission.accepted") == BATCH + 21, "each part, and the file"


async def test_the_same_file_again_gets_the_first_receipt(hub: Hub) -> None:
    roll = a_roll(30)
    first = await take(hub, roll)
    again = await take(hub, roll)
    assert replace(again, repeated=False) == first
    assert again.repeated
    assert await events_of(hub, "information.received") == 30


async def test_another_file_under_the_same_key_is_refused(hub: Hub) -> None:
    await take(hub, a_roll(3))
    with pytest.raises(KeyReused):
        await take(hub, a_roll(3, seed=2))


async def test_two_uploads_of_one_file_at_once_do_not_write_into_each_other(hub: Hub) -> None:
    roll = a_roll(400)
    receipts = await asyncio.gather(take(hub, roll), take(hub, roll))
    assert [receipt.accepted for receipt in receipts] == [400, 400]
    assert await events_of(hub, "information.received") == 400
    assert await hub.pool.fetchval("SELECT count(DISTINCT attempt) FROM original.chunk") == 1
    async with hub.pool.acquire() as connection:
        kept = [chunk async for chunk in read_original(connection, hub.keys, receipts[0].submission_id)]
    assert b"".join(chunk for chunk in kept if isinstance(chunk, bytes)) == roll


async def test_of_two_files_under_one_key_at_once_one_is_refused(hub: Hub) -> None:
    answers = await asyncio.gather(take(hub, a_roll(300)), take(hub, a_roll(300, seed=2)), return_exceptions=True)
    assert sorted(type(answer).__name__ for answer in answers) == ["KeyReused", "Receipt"]
    assert await events_of(hub, "information.received") == 300


async def test_a_sender_cut_off_midway_sends_again_and_nothing_is_doubled(
    hub: Hub, monkeypatch: pytest.MonkeyPatch
) -> None:
    roll = a_roll(3 * BATCH)
    whole = hub.intake.decide
    calls = 0

    async def dies_in_the_second_batch(*arguments: object) -> object:
        nonlocal calls
        calls += 1
        if calls == 2:
            raise ConnectionError
        return await whole(*arguments)  # type: ignore[arg-type]

    monkeypatch.setattr(type(hub.intake), "decide", lambda _, *a: dies_in_the_second_batch(*a))
    with pytest.raises(ConnectionError):
        await take(hub, roll)
    monkeypatch.undo()
    assert await events_of(hub, "information.received") == BATCH
    receipt = await take(hub, roll)
    assert (receipt.items, receipt.accepted, receipt.repeated) == (3 * BATCH, 3 * BATCH, False)
    assert await events_of(hub, "information.received") == 3 * BATCH
    correlations = await hub.pool.fetchval(
        "SELECT count(DISTINCT correlation_id) FROM log.event WHERE type = 'information.received'"
    )
    assert correlations == 1, "both attempts are one submission"


async def test_a_batch_is_made_ready_while_the_one_before_is_decided_and_none_overtakes(
    hub: Hub, monkeypatch: pytest.MonkeyPatch
) -> None:
    ready, decide = hub.intake.ready, hub.intake.decide
    made: defaultdict[int, asyncio.Event] = defaultdict(asyncio.Event)
    told: list[tuple[str, int]] = []

    async def watched_ready(arrivals: Sequence[Arrival]) -> list[Ready]:
        found = await ready(arrivals)
        made[arrivals[0].part].set()
        return found

    async def watched_decide(batch: Sequence[Ready]) -> list[Decided | KeyReused]:
        part = batch[0].arrival.part
        told.append(("begins", part))
        if part < parts[-1]:
            await ending(made[part + BATCH].wait(), "the next batch")
        answers = await decide(batch)
        told.append(("ends", part))
        return answers

    parts = [1, BATCH + 1, 2 * BATCH + 1]
    monkeypatch.setattr(type(hub.intake), "ready", lambda _, *a: watched_ready(*a))
    monkeypatch.setattr(type(hub.intake), "decide", lambda _, *a: watched_decide(*a))
    assert (await take(hub, a_roll(3 * BATCH))).accepted == 3 * BATCH
    assert told == [(what, part) for part in parts for what in ("begins", "ends")]


async def test_many_rolls_at_once_are_each_read_by_one_thread(hub: Hub) -> None:
    """An XML parser that changed threads between two batches aborted the whole process."""
    rolls = [a_roll(2 * BATCH, seed) for seed in range(4)]
    receipts = await asyncio.gather(*(take(hub, roll, f"F-{seed}") for seed, roll in enumerate(rolls)))
    assert [receipt.items for receipt in receipts] == [2 * BATCH] * 4


async def test_a_file_broken_at_its_end_is_refused_before_any_of_it_is_acted_on(hub: Hub) -> None:
    broken = a_roll(300)[:-40]
    with pytest.raises(FileRefused):
        await take(hub, broken)
    assert await events_of(hub, "information.received") == 0
    assert await events_of(hub, "submission.refused") == 1
    with pytest.raises(FileRefused):
        await take(hub, broken)
    assert await events_of(hub, "submission.refused") == 1, "said once"


async def test_a_large_file_is_kept_in_sealed_chunks(hub: Hub) -> None:
    roll = a_roll(1_000)
    receipt = await take(hub, roll)
    chunks = await hub.pool.fetch("SELECT sealed FROM original.chunk WHERE submission_id = $1", receipt.submission_id)
    assert len(chunks) == -(-len(roll) // CHUNK)
    assert not any(b"<Surname>" in row["sealed"] for row in chunks)


@pytest.mark.parametrize("size", [0, 1, CHUNK - 1, CHUNK, CHUNK + 1, 3 * CHUNK])
async def test_chunks_join_to_the_same_bytes(size: int) -> None:
    data = bytes(range(256)) * (size // 256 + 1)
    parts = [part async for part in rechunked(pieces(data[:size], 77_777))]
    assert b"".join(parts) == data[:size]
    assert all(len(part) == CHUNK for part in parts[:-1])
    assert parts
