"""An agency's own file: taken part by part or refused whole, and once."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path
from uuid import uuid4

import pytest

from hub.bootstrap import Hub
from hub.connectors import CONNECTORS
from tests.api.sending import Sender

SAMPLE = Path(__file__).parents[1] / "samples" / "agencies" / "invented.school-referral.csv"


async def test_a_schools_csv_is_taken_row_by_row(hub: Hub, school: Sender) -> None:
    answer = await school.post("/v1/files/school-referral", SAMPLE.read_bytes(), headers={"Content-Type": "text/csv"})
    assert answer.status_code == 201, answer.text
    body = answer.json()
    assert body["items"] == body["accepted"] + body["review"] + body["refused_count"]
    assert body["items"] > 0
    assert len(body["refused"]) == body["refused_count"]
    assert (
        await hub.pool.fetchval("SELECT count(*) FROM log.event WHERE type = 'referral.received'") == body["accepted"]
    )


async def test_the_same_file_again_gets_the_same_answer_and_changes_nothing(hub: Hub, school: Sender) -> None:
    first = await school.post("/v1/files/school-referral", SAMPLE.read_bytes(), key="file-1")
    count = await hub.pool.fetchval("SELECT count(*) FROM log.event")
    again = await school.post("/v1/files/school-referral", SAMPLE.read_bytes(), key="file-1")
    assert (again.status_code, again.json()) == (first.status_code, first.json())
    assert again.headers["idempotency-replayed"] == "true"
    assert await hub.pool.fetchval("SELECT count(*) FROM log.event") == count


async def test_the_same_key_for_another_file_is_refused(school: Sender) -> None:
    await school.post("/v1/files/school-referral", SAMPLE.read_bytes(), key="file-1")
    answer = await school.post("/v1/files/school-referral", SAMPLE.read_bytes() + b"\n", key="file-1")
    assert (answer.status_code, answer.json()["type"]) == (422, "/problems/key-reused")


@pytest.mark.parametrize("name", sorted(CONNECTORS))
async def test_bytes_that_are_no_such_file_are_refused_whole_by_name(hub: Hub, school: Sender, name: str) -> None:
    answer = await school.post(f"/v1/files/{name}", b"\x00\x01Zzyzxanna\xff" * 10)
    assert (answer.status_code, answer.json()["type"]) == (422, "/problems/file-refused")
    assert answer.json()["errors"][0]["code"]
    assert "Zzyzxanna" not in answer.text
    assert await hub.pool.fetchval("SELECT count(*) FROM log.event WHERE stream LIKE 'family/%'") == 0


async def test_a_format_we_do_not_know_is_not_found(school: Sender) -> None:
    answer = await school.post("/v1/files/horoscope", b"x")
    assert (answer.status_code, answer.json()["type"]) == (404, "/problems/not-found")


async def test_a_file_beyond_the_limit_is_cut_off_while_it_comes(
    hub: Hub, school: Sender, monkeypatch: pytest.MonkeyPatch
) -> None:
    sent = 0

    async def endless() -> AsyncIterator[bytes]:
        nonlocal sent
        while sent < 20 << 20:
            sent += 1 << 16
            yield b"x" * (1 << 16)

    monkeypatch.setitem(hub.settings.__dict__, "file_limit", 1 << 20)
    headers = {"Authorization": f"Bearer {school.token}", "Idempotency-Key": str(uuid4())}
    answer = await school.client.post("/v1/files/school-referral", content=endless(), headers=headers)
    assert (answer.status_code, answer.json()["type"]) == (413, "/problems/too-large")
    assert sent <= 2 << 20
