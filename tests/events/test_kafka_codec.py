from __future__ import annotations

from datetime import UTC, datetime
from uuid import UUID

import orjson
import pytest
from hypothesis import given
from hypothesis import strategies as st

from events.codec import canonical
from events.envelope import Record
from events.kafka_codec import Headers, Unreadable, headers_of, key_of, record_of, sequence_of

words = st.from_regex(r"[a-z0-9._-]{1,20}", fullmatch=True)
instants = st.datetimes(datetime(1900, 1, 1), datetime(2200, 1, 1), timezones=st.just(UTC))  # noqa: DTZ001
counts = st.integers(1, 2**63 - 1)
json_data = st.dictionaries(words, st.text() | st.integers(-(2**53), 2**53) | st.booleans()).map(canonical)
records = st.builds(
    Record,
    position=counts,
    partition=st.integers(0, 511),
    sequence=counts,
    id=st.uuids(),
    stream=st.uuids().map("family/{}".format),
    stream_version=st.integers(1, 2**31 - 1),
    type=words,
    version=st.integers(1, 999),
    occurred_at=instants,
    recorded_at=instants,
    agency=words,
    actor=words,
    basis=words,
    purpose=words,
    correlation_id=st.uuids(),
    causation_id=st.none() | st.uuids(),
    key_id=st.none() | st.uuids(),
    data=json_data,
)

ID = UUID("01900000-0000-7000-8000-000000000001")
NOON = datetime(2026, 3, 2, 12, 0, tzinfo=UTC)
RECORD = Record(
    7_000_000_000, 3, 5_000_000_000, ID, f"family/{ID}", 2, "family.opened", 1, NOON, NOON,
    "fen-primary", "client-1", "ART6_1_E CA2004_S10", "EARLY_HELP", ID, None, None, b'{"family_id":"x"}',
)  # fmt: skip


def without(headers: Headers, *names: str) -> Headers:
    return [(name, value) for name, value in headers if name not in names]


@given(records)
def test_a_record_comes_back_from_its_message_equal(record: Record) -> None:
    headers = headers_of(record)

    assert record_of(headers, record.data) == record
    assert record_of(headers[::-1], record.data) == record
    assert sequence_of(tuple(headers)) == sequence_of(tuple(reversed(headers))) == record.sequence


@given(records)
def test_structured_mode_is_read_to_the_same_record(record: Record) -> None:
    attributes = {n.removeprefix("ce_"): v.decode() for n, v in headers_of(record) if n != "content-type"}
    message = orjson.dumps({**attributes, "data": orjson.loads(record.data)})

    assert record_of([("content-type", b"application/cloudevents+json; charset=UTF-8")], message) == record


def test_a_foreign_consumer_finds_the_attributes_of_cloudevents() -> None:
    headers = dict(headers_of(RECORD))

    assert headers["content-type"] == b"application/json"
    assert headers["ce_specversion"] == b"1.0"
    assert headers["ce_id"] == str(ID).encode()
    assert headers["ce_source"] == b"urn:agency:fen-primary"
    assert headers["ce_type"] == b"family.opened"
    assert headers["ce_subject"] == key_of(RECORD) == f"family/{ID}".encode()
    assert headers["ce_time"] == b"2026-03-02T12:00:00+00:00"
    names = {name.removeprefix("ce_") for name in headers} - {"content-type"}
    assert all(name.isalnum() and name == name.lower() and len(name) <= 20 for name in names)


@pytest.mark.parametrize(
    "headers",
    [
        [],
        [*without(headers_of(RECORD), "ce_specversion"), ("ce_specversion", b"2.0")],
        [*headers_of(RECORD), ("ce_id", str(ID).encode())],
        [*without(headers_of(RECORD), "ce_source"), ("ce_source", b"urn:somebody:else")],
        [*without(headers_of(RECORD), "ce_actor"), ("ce_actor", b"\xff")],
        [*without(headers_of(RECORD), "ce_actor"), ("ce_actor", None)],
        [*without(headers_of(RECORD), "ce_time"), ("ce_time", b"2026-03-02T12:00:00")],
        [*without(headers_of(RECORD), "ce_sequence"), ("ce_sequence", b"seven")],
        [("content-type", b"application/cloudevents+json")],
    ],
)
def test_what_is_not_a_record_is_refused(headers: list[tuple[str, bytes | None]]) -> None:
    with pytest.raises(Unreadable):
        record_of(headers, RECORD.data)


def test_a_message_without_data_is_refused() -> None:
    with pytest.raises(Unreadable):
        record_of(headers_of(RECORD), None)
