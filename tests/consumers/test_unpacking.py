"""A partner's batch that weighs little and unpacks to much, or to nothing that is read (promises.md §4, class 24)."""

from __future__ import annotations

import gzip
import tracemalloc
import zlib
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import pytest
from aiokafka import AIOKafkaProducer
from aiokafka.errors import CorruptRecordException
from aiokafka.record.util import calc_crc32c

from events.kafka_unpacking import UNPACKED_BYTES, UnpacksTooFar, unpacked
from tests.consumers.partner import AGENCY, Headers, Partner, good, stop

SNAPPY = 2
LENGTH, CRC, ATTRIBUTES, RECORDS = 8, 17, 21, 61  # where they stand in a batch
LITERAL_BYTES = 1 << 16


@asynccontextmanager
async def in_gzip(partner: Partner) -> AsyncIterator[AIOKafkaProducer]:
    """The partner's other producer, which packs what it sends."""
    producer = AIOKafkaProducer(
        bootstrap_servers=partner.bootstrap,
        compression_type="gzip",
        **dict.fromkeys(("max_request_size", "max_batch_size"), 4 * UNPACKED_BYTES),
    )
    await producer.start()
    yield producer
    await producer.stop()


def in_snappy(batch: bytes) -> bytes:
    """The same batch, its records as snappy's literals: what needs no library to write."""
    records, attributes = batch[RECORDS:], int.from_bytes(batch[ATTRIBUTES : ATTRIBUTES + 2], "big") | SNAPPY
    assert len(records) <= LITERAL_BYTES
    size = bytes([len(records) & 127 | 128, len(records) >> 7 & 127 | 128, len(records) >> 14])
    packed = size + b"\xf4" + (len(records) - 1).to_bytes(2, "little") + records
    told = attributes.to_bytes(2, "big") + batch[ATTRIBUTES + 2 : RECORDS] + packed
    length = ATTRIBUTES + len(told) - LENGTH - 4
    return b"".join(
        (batch[:LENGTH], length.to_bytes(4, "big"), batch[LENGTH + 4 : CRC], calc_crc32c(told).to_bytes(4, "big"), told)
    )


async def send_together(partner: Partner, producer: AIOKafkaProducer, *records: tuple[bytes, Headers]) -> int:
    """As one batch; how many bytes it weighs."""
    batch = producer.create_batch()
    for value, headers in records:
        assert batch.append(timestamp=None, key=b"k", value=value, headers=headers)
    batch.close()
    await (await producer.send_batch(batch, partner.topics.intake(AGENCY.code), partition=0))
    partner.sent += len(records)
    return int(batch.size())


async def test_what_comes_packed_is_taken_like_anything_else(partner: Partner) -> None:
    running = partner.run()
    async with in_gzip(partner) as producer:
        await send_together(partner, producer, good("one"), good("two"))
    await partner.taken()
    await stop(running)

    assert await partner.outcomes() == ["accepted", "accepted"]


@pytest.mark.parametrize("parts", [1, 3])
async def test_a_batch_that_unpacks_too_far_is_refused_unread_and_what_follows_is_taken(
    partner: Partner, parts: int
) -> None:
    _, headers = good("bomb")
    await partner.send(*good("before"))
    async with in_gzip(partner) as producer:
        weight = await send_together(partner, producer, *[(bytes(2 * UNPACKED_BYTES // parts), headers)] * parts)
    await partner.send(*good("after"))
    running = partner.run()
    await partner.taken()
    await stop(running)

    assert weight < UNPACKED_BYTES / 400, "it weighs next to nothing"
    assert await partner.outcomes() == ["accepted", *["record-unreadable"] * parts, "accepted"]


async def test_a_batch_in_a_codec_that_has_no_limit_is_refused_and_what_follows_is_taken(partner: Partner) -> None:
    await partner.send(*good("before"))
    batch = partner.producer.create_batch()
    value, headers = good("packed")
    batch.append(timestamp=None, key=b"k", value=value, headers=headers)
    batch.close()
    batch._buffer = in_snappy(bytes(batch._build()))
    await (await partner.producer.send_batch(batch, partner.topics.intake(AGENCY.code), partition=0))
    partner.sent += 1
    await partner.send(*good("after"))
    running = partner.run()
    await partner.taken()
    await stop(running)

    assert await partner.outcomes() == ["accepted", "record-unreadable", "accepted"]


@pytest.mark.parametrize("much", [UNPACKED_BYTES + 1, 40 * UNPACKED_BYTES])
def test_no_more_is_unpacked_than_is_read_however_much_there_is(much: int) -> None:
    packing, packed = zlib.compressobj(wbits=31), bytearray()
    for _ in range(much // (1 << 20)):
        packed += packing.compress(bytes(1 << 20))
    packed += packing.compress(bytes(much % (1 << 20))) + packing.flush()

    tracemalloc.start()
    try:
        with pytest.raises(UnpacksTooFar):
            unpacked(bytes(packed))
        _, most = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()

    assert most < 3 * UNPACKED_BYTES


def test_what_is_just_allowed_is_unpacked_whole() -> None:
    assert len(unpacked(gzip.compress(bytes(UNPACKED_BYTES), 1))) == UNPACKED_BYTES


@pytest.mark.parametrize(
    "packed",
    [b"", b"no gzip", gzip.compress(b"half")[:-4], gzip.compress(b"one") * 2, gzip.compress(b"one") + b"more"],
    ids=["nothing", "no gzip", "half", "two", "one and more"],  # the bytes tell the time, and so would the name
)
def test_what_is_no_single_whole_gzip_is_damaged(packed: bytes) -> None:
    with pytest.raises(CorruptRecordException):
        unpacked(packed)
