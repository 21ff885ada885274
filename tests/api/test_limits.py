"""promises.md §4, classes 9, 10 and 23 on a real port: what a client can do wrong before and around the body."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from uuid import uuid4

import httpx
import pytest

from hub.api import body, door, protocol
from hub.bootstrap import Hub
from tests.api.conftest import SCHOOL
from tests.api.sending import Sender, referral
from tests.waiting import LONG

Address = tuple[str, int]


@asynccontextmanager
async def connected(server: Address) -> AsyncIterator[tuple[asyncio.StreamReader, asyncio.StreamWriter]]:
    reader, writer = await asyncio.open_connection(*server)
    try:
        yield reader, writer
    finally:
        writer.close()


async def answer_to(server: Address, *pieces: bytes) -> bytes:
    """Everything the server says until it closes, or has said one whole answer."""
    async with connected(server) as (reader, writer):
        for piece in pieces:
            writer.write(piece)
        async with asyncio.timeout(30):
            return await reader.read(65_536)


async def closed_after(reader: asyncio.StreamReader) -> bytes:
    """All that is said; a client that goes on writing may see the connection reset after it."""
    said = b""
    with suppress(ConnectionError):
        async with asyncio.timeout(30):
            while piece := await reader.read(65_536):
                said += piece
    return said


async def a_token(hub: Hub, server: Address) -> str:
    credentials = await hub.agencies.issue_credentials(SCHOOL.code)
    async with httpx.AsyncClient(base_url="http://{}:{}".format(*server)) as client:
        return (await Sender.of(client, *credentials)).token


def head(token: str, *lines: str) -> bytes:
    fixed = (
        "POST /v1/referrals HTTP/1.1",
        "Host: hub",
        f"Authorization: Bearer {token}",
        f"Idempotency-Key: {uuid4()}",
        "Content-Type: application/json",
    )
    return "\r\n".join((*fixed, *lines, "", "")).encode()


async def alive(server: Address) -> bool:
    return b"200 OK" in await answer_to(server, b"GET /health/live HTTP/1.1\r\nHost: hub\r\n\r\n")


async def test_a_referral_is_taken_over_the_network(hub: Hub, server: Address) -> None:
    content = json.dumps(referral()).encode()
    said = await answer_to(server, head(await a_token(hub, server), f"Content-Length: {len(content)}"), content)
    assert said.startswith(b"HTTP/1.1 201")


@pytest.mark.parametrize(
    ("request_bytes", "status"),
    [
        (b"GET / HTTP/1.1\r\nHost: hub\r\n" + b"X-A: b\r\n" * 1_000 + b"\r\n", b"431"),
        (b"GET / HTTP/1.1\r\nHost: hub\r\nX-A: " + b"b" * (1 << 20) + b"\r\n\r\n", b"431"),
        (b"GET /" + b"a" * (1 << 17) + b" HTTP/1.1\r\nHost: hub\r\n\r\n", b"431"),
        (b"POST / HTTP/1.1\r\nHost: hub\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\nab", b"400"),
        (b"POST / HTTP/1.1\r\nHost: hub\r\nContent-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n", b"400"),
        (b"GET / HTTP/1.1\r\nHost: hub\r\nX-A: b\rX-C: d\r\n\r\n", b"400"),
        (b"GET / HTTP/1.1\r\nHost: hub\r\nX-A: a\x00b\r\n\r\n", b"400"),
        (b"POST / HTTP/1.1\r\nHost: hub\r\nContent-Length: -1\r\n\r\n", b"400"),
        (b"not http at all\r\n\r\n", b"400"),
    ],
)
async def test_a_head_that_is_too_large_or_ambiguous_is_refused(
    server: Address, request_bytes: bytes, status: bytes
) -> None:
    said = await answer_to(server, request_bytes)
    top, _, told = said.partition(b"\r\n\r\n")
    assert top.split(b" ", 2)[1] == status
    assert b"content-type: application/problem+json\r\n" in top
    problem = json.loads(told)
    assert (str(problem["status"]).encode(), problem["type"].startswith("/problems/")) == (status, True)
    assert await alive(server)


async def test_a_head_in_one_piece_with_a_large_body_is_not_taken_for_a_large_head(hub: Hub, server: Address) -> None:
    content = json.dumps(referral(concern="word " * 13_000)).encode()
    said = await answer_to(server, head(await a_token(hub, server), f"Content-Length: {len(content)}") + content)
    assert said.startswith(b"HTTP/1.1 201")


async def test_a_doubled_header_that_decides_something_is_refused(hub: Hub, server: Address) -> None:
    said = await answer_to(
        server, head(await a_token(hub, server), "Idempotency-Key: other", "Content-Length: 2"), b"{}"
    )
    assert said.startswith(b"HTTP/1.1 400")


async def test_a_length_beyond_the_limit_is_refused_before_the_body(hub: Hub, server: Address) -> None:
    async with connected(server) as (reader, writer):
        writer.write(head(await a_token(hub, server), "Content-Length: 99999999"))
        said = await closed_after(reader)
    assert said.startswith(b"HTTP/1.1 413")


@pytest.mark.parametrize(
    ("more", "status"), [({}, 413), ({"Content-Encoding": "gzip"}, 415)], ids=["too large", "packed"]
)
async def test_who_sends_some_mebibytes_too_many_hears_why(
    hub: Hub, server: Address, more: dict[str, str], status: int
) -> None:
    """A client that sends all before it reads: a reset connection would be tried again for ever."""
    heads = {"Authorization": f"Bearer {await a_token(hub, server)}", "Idempotency-Key": "one"}
    heads |= {"Content-Type": "application/json"} | more
    async with httpx.AsyncClient(base_url="http://{}:{}".format(*server), timeout=LONG) as client:
        answer = await client.post("/v1/referrals", content=b"x" * (6 << 20), headers=heads)

    assert answer.status_code == status


async def test_a_chunked_body_that_never_ends_is_cut_at_the_limit(hub: Hub, server: Address) -> None:
    chunk = b"10000\r\n" + b"x" * 65_536 + b"\r\n"
    async with connected(server) as (reader, writer):
        writer.write(head(await a_token(hub, server), "Transfer-Encoding: chunked"))
        sent = 0
        try:
            for _ in range(400):
                writer.write(chunk)
                await writer.drain()
                sent += 65_536
        except ConnectionError:
            assert sent < 25 << 20
        said = await closed_after(reader)
    assert said[:12] in {b"", b"HTTP/1.1 413"}
    assert sent < 400 * 65_536 or said
    assert await alive(server)


async def test_a_body_shorter_than_its_length_is_cut_at_the_deadline_while_others_go_on(
    hub: Hub, server: Address, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(body, "BODY_SECONDS", 0.5)
    async with connected(server) as (reader, writer):
        writer.write(head(await a_token(hub, server), "Content-Length: 1000") + b'{"a":')
        assert await alive(server)
        said = await closed_after(reader)
    assert said.startswith(b"HTTP/1.1 408")


async def test_a_body_that_drips_is_cut_at_the_deadline(
    hub: Hub, server: Address, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(body, "BODY_SECONDS", 0.5)

    async def drip(writer: asyncio.StreamWriter) -> None:
        while True:
            writer.write(b" ")
            await asyncio.sleep(0.05)

    async with connected(server) as (reader, writer):
        writer.write(head(await a_token(hub, server), "Content-Length: 1000"))
        dripping = asyncio.create_task(drip(writer))
        said = await closed_after(reader)
        dripping.cancel()
    assert said.startswith(b"HTTP/1.1 408")


@pytest.mark.parametrize("start", [b"", b"GET / HTT", b"GET / HTTP/1.1\r\nHost: hub\r\nX-A: "])
async def test_a_head_that_does_not_come_to_its_end_is_cut(
    server: Address, monkeypatch: pytest.MonkeyPatch, start: bytes
) -> None:
    monkeypatch.setattr(protocol, "HEAD_SECONDS", 0.3)
    async with connected(server) as (reader, writer):
        writer.write(start)
        said = await closed_after(reader)
    assert said.startswith(b"HTTP/1.1 408")


async def test_when_too_many_wait_more_are_told_when_to_come_back(
    hub: Hub, server: Address, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(door, "MOST_OF_ONE_AGENCY", 0)
    content = json.dumps(referral()).encode()
    said = await answer_to(server, head(await a_token(hub, server), f"Content-Length: {len(content)}"), content)
    assert said.startswith(b"HTTP/1.1 503")
    assert b"retry-after: 2" in said.lower()


async def test_while_the_database_is_locked_senders_are_told_to_retry_and_the_retry_is_one_event(
    hub: Hub, school: Sender, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("hub.api.messages.ANSWER_SECONDS", 0.5)
    async with hub.pool.acquire() as other, other.transaction():
        await other.execute("LOCK TABLE log.head IN ACCESS EXCLUSIVE MODE")
        answer = await school.post("/v1/referrals", referral(), key="locked")
        assert (answer.status_code, answer.json()["type"]) == (503, "/problems/unavailable")
        assert answer.headers["retry-after"]
    again = await school.post("/v1/referrals", referral(), key="locked")
    assert again.status_code in {201, 503}
    assert (await school.post("/v1/referrals", referral(), key="locked")).status_code == 201
    assert await hub.pool.fetchval("SELECT count(*) FROM log.event WHERE type = 'referral.received'") == 1
