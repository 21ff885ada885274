"""The Kafka door, with a partner's producer that does what it likes (promises.md §4, class 24)."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass
from uuid import uuid4

import pytest
from aiokafka import AIOKafkaConsumer, AIOKafkaProducer
from aiokafka.record import default_records

from consumers.app import ASYNCAPI, asyncapi_document, intake_plan
from consumers.intake import TopicIntake
from consumers.intake_door import AgencyUnknown
from consumers.intake_message import FORMATS, IntakeMessage, read_message
from events.database import Pool
from events.kafka_topics import Topics, create_topics
from hub.originals import read_original
from tests.consumers.partner import AGENCY, Headers, Partner, good, stop
from tests.waiting import ending


async def test_a_referral_by_kafka_is_decided_once_however_often_it_comes(partner: Partner) -> None:
    body, headers = good("ref-1")
    running = partner.run()
    await partner.send(body, headers)
    await partner.send(body, headers)
    await partner.taken()
    await stop(running)

    assert await partner.outcomes() == ["accepted"]


async def test_what_cannot_be_read_is_quarantined_and_what_follows_is_taken(partner: Partner) -> None:
    body, headers = good("any")
    bad: list[tuple[bytes | None, Headers, str]] = [
        (None, headers, "empty"),
        (body, [*headers, ("note", None)], "header-unreadable"),
        (body, [*headers, ("note", b"\xff\xfe")], "header-unreadable"),
        (body, [*headers, ("content-type", b"text/csv")], "header-unreadable"),
        (body, [*headers, ("note", b"x" * (1 << 20))], "header-unreadable"),
        (body, [("content-type", b"application/x-foreign"), ("ce_id", b"1")], "unknown-format"),
        (body, [("format", b"school-of-fish"), ("ce_id", b"1")], "unknown-format"),
        (body, [("content-type", b"application/json")], "idempotency-key-missing"),
        (body, [("content-type", b"application/json"), ("ce_id", "clé".encode())], "idempotency-key-missing"),
        (b'{"kind":"referral","kind":"referral"}', [headers[0], ("ce_id", b"2")], "duplicate-key"),
        (b"[" * 100 + b"]" * 100, [headers[0], ("ce_id", b"3")], "too-deep"),
        (b"{}", [headers[0], ("ce_id", b"4")], "not-valid"),
        (b"\x1f\x8b\x08\x00", [headers[0], ("ce_id", b"5")], "not-utf8"),
        (b" " * (2 << 20), [headers[0], ("ce_id", b"6")], "too-large"),
        (b"<Bundle", [("format", b"bars-xml"), ("ce_id", b"7")], ""),
        (b"\xff\x00", [("format", b"dwp"), ("ce_id", b"8")], ""),
    ]
    for number, (value, told, _) in enumerate(bad):
        await partner.send(value, told, None if number % 2 and value is not None else b"k")
        await partner.send(*good(f"good-{number}"))
    running = partner.run()
    await partner.taken()
    await stop(running)

    outcomes = await partner.outcomes()
    expected = [code for _, _, code in bad if code]
    assert [code for code in outcomes if code in expected] == expected
    assert outcomes.count("accepted") == len(bad)
    assert len(outcomes) == 2 * len(bad)


async def test_the_bytes_of_what_was_quarantined_are_kept_sealed(partner: Partner, pool: Pool) -> None:
    running = partner.run()
    await partner.send(b"an unreadable secret", [])
    await partner.taken()
    await stop(running)

    submission = await pool.fetchval("SELECT submission_id FROM original.submission")
    assert await pool.fetchval("SELECT position('secret'::bytea IN sealed) FROM original.chunk") == 0
    async with pool.acquire() as connection:
        kept = [part async for part in read_original(connection, partner.hub.keys, submission)]
    assert kept == [b"an unreadable secret"]


async def test_nothing_is_published_where_a_sender_asks_for_a_reply(partner: Partner) -> None:
    elsewhere = f"elsewhere-{uuid4().hex[:8]}"
    await create_topics(partner.bootstrap, [intake_plan(elsewhere, 1)])
    body, headers = good("asks")
    running = partner.run()
    await partner.send(body, [*headers, ("reply_to", elsewhere.encode()), ("correlation_id", b"c")])
    await partner.taken()
    await stop(running)

    consumer = AIOKafkaConsumer(elsewhere, bootstrap_servers=partner.bootstrap, auto_offset_reset="earliest")
    await consumer.start()
    found = await consumer.getmany(timeout_ms=1000)
    await consumer.stop()
    assert await partner.outcomes() == ["accepted"]
    assert found == {}


async def test_same_key_with_other_bytes_is_refused_and_the_first_stands(partner: Partner) -> None:
    running = partner.run()
    await partner.send(*good("one"))
    await partner.send(*good("one", concern="Something else altogether"))
    await partner.taken()
    await stop(running)

    assert await partner.outcomes() == ["accepted", "key-reused"]


class NotText(str):
    """A header name as a client library sends it that takes bytes for names."""

    __slots__ = ()

    def encode(self, *_: object) -> bytes:
        return b"\xff\xfe"


def _around(word: str) -> list[tuple[str, tuple[bytes, Headers]]]:
    return [("a", good(f"before-{word}")), (NotText("b"), good(f"lost-{word}")), ("c", good(f"after-{word}"))]


async def send_unreadable(partner: Partner, word: str) -> None:
    """One batch of three records, the middle one with a header name that is not UTF-8."""
    batch = partner.producer.create_batch()
    batch._builder = default_records._DefaultRecordBatchBuilderPy(
        2, 0, is_transactional=0, producer_id=-1, producer_epoch=-1, base_sequence=0, batch_size=1 << 20
    )
    for name, (body, headers) in _around(word):
        batch.append(timestamp=None, key=b"k", value=body, headers=[*headers, (name, b"1")])
    batch.close()
    await (await partner.producer.send_batch(batch, partner.topics.intake(AGENCY.code), partition=0))
    partner.sent += 3


async def test_a_record_the_client_library_cannot_read_is_stepped_over(partner: Partner) -> None:
    await partner.send(*good("first"))
    await send_unreadable(partner, "a")
    await partner.send(*good("second"))
    running = partner.run()
    await partner.taken()
    await send_unreadable(partner, "b")
    await partner.send(*good("last"))
    await partner.taken()
    await stop(running)

    outcomes = await partner.outcomes()
    assert len(outcomes) == partner.sent, "each record has one outcome"
    assert outcomes[0] == outcomes[-1] == "accepted"
    assert 2 <= outcomes.count("record-unreadable") <= 4  # the client library may not give what follows in its batch


async def test_what_a_transaction_leaves_between_records_is_no_loss(partner: Partner) -> None:
    producer = AIOKafkaProducer(bootstrap_servers=partner.bootstrap, transactional_id=uuid4().hex)
    await producer.start()
    topic = partner.topics.intake(AGENCY.code)
    running = partner.run()
    for number, end in enumerate((producer.abort_transaction, producer.commit_transaction) * 2):
        body, headers = good(f"transaction-{number}")
        await producer.begin_transaction()
        await producer.send_and_wait(topic, body, headers=headers)
        await end()
        partner.sent += 2  # the record, and the mark of the transaction's end
    await producer.stop()
    await partner.send(*good("after"))
    await partner.taken()
    await stop(running)

    assert await partner.outcomes() == ["accepted"] * 3


async def test_intake_goes_on_where_it_stopped(partner: Partner) -> None:
    for number in range(3):
        running = partner.run()
        await partner.send(*good(f"run-{number}"))
        await partner.send(b"?", [])
        await partner.taken()
        await stop(running)

    assert await partner.outcomes() == ["accepted", "unknown-format"] * 3


class Stumbling:
    """A door whose database is away twice, and which fails on one message for ever."""

    def __init__(self) -> None:
        self.away = 2
        self.asked = asyncio.Event()
        self.taken: list[str] = []
        self.set_aside: list[str] = []

    async def take(self, code: str, message: IntakeMessage) -> str:
        self.asked.set()
        if self.away:
            self.away -= 1
            raise ConnectionResetError
        if message.body == b"breaks":
            raise RuntimeError
        if code == "unknown":
            raise AgencyUnknown
        self.taken.append(message.body.decode())
        return "accepted"

    async def quarantine(self, code: str, message: IntakeMessage) -> str:
        self.set_aside.append(f"{code} {message.body.decode()}")
        return "refused"


@dataclass
class Lying:
    """A record at a place."""

    topic: str
    offset: int
    value: bytes | None
    partition: int = 0
    key: bytes | None = None
    headers: Sequence[tuple[str, bytes | None]] = ()


async def test_a_database_that_is_away_is_waited_for_and_a_message_that_breaks_us_is_set_aside(pool: Pool) -> None:
    door, topics = Stumbling(), Topics("cp")
    intake = TopicIntake(pool, door, topics, longest_wait=0.02)
    mine, other = topics.intake("fen-primary"), topics.intake("unknown")
    records = [Lying(mine, 0, b"a"), Lying(mine, 1, b"breaks"), Lying(mine, 2, b"b"), Lying(other, 0, b"c")]

    await intake.take(records)
    await intake.take(records)

    assert door.taken == ["a", "b"]
    assert door.set_aside == ["fen-primary breaks"]
    assert await intake.places() == {(mine, 0): 3}


async def test_a_stopping_process_leaves_what_it_could_not_take(pool: Pool) -> None:
    door, topics = Stumbling(), Topics("cp")
    door.away = 1_000_000
    intake = TopicIntake(pool, door, topics, longest_wait=60)
    waiting = asyncio.create_task(intake.take([Lying(topics.intake("fen-primary"), 0, b"a")]))
    await door.asked.wait()

    intake.stop()
    await ending(waiting, "the intake stops")

    assert await intake.places() == {}


@pytest.mark.parametrize(
    ("headers", "expected"),
    [
        ([("format", b"dwp"), ("content-type", b"application/json"), ("ce_id", b"1")], "dwp"),
        ([("ce_type", b"uk.early-help.submission.bars-json"), ("ce_id", b"1")], "bars-json"),
        ([("content-type", b"application/json; charset=utf-8"), ("ce_id", b"1")], "hub-json"),
    ],
)
def test_the_format_is_what_the_most_exact_header_says(headers: Headers, expected: str) -> None:
    assert expected in FORMATS
    message = read_message(Lying("t", 0, b"x", headers=headers))
    assert (message.format, message.key, message.fault) == (expected, "1", "")


def test_the_committed_asyncapi_document_is_this_codes() -> None:
    assert ASYNCAPI.read_text("utf-8") == asyncapi_document()
