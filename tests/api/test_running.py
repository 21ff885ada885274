"""What operators see: health, metrics, logs without personal data, a clean stop."""

from __future__ import annotations

import asyncio
import io
import json
import logging
from collections.abc import Iterator
from functools import partial
from uuid import uuid4

import httpx
import pytest
import structlog

from hub.api.app import PagesNotAllowed, create_app
from hub.api.serve import listen, serve
from hub.bootstrap import Hub
from hub.settings import Settings
from hub.telemetry import FIELDS, configure_logs
from projections import ALL
from projections.write import create_schema
from tests.api.sending import Sender, referral
from tests.api.test_messages import test_an_answer_never_repeats_what_was_sent as send_faulty_things
from tests.waiting import ending, until

_UNTIL_SOMEBODY_WAITS = """DO $$ BEGIN
    FOR n IN 1..500 LOOP EXIT WHEN EXISTS (SELECT FROM pg_locks WHERE NOT granted); PERFORM pg_sleep(0.02); END LOOP;
END $$"""


@pytest.fixture
def logs() -> Iterator[io.BytesIO]:
    """Logs as in service; what pytest had set up is put back."""
    handlers, level, written = logging.root.handlers[:], logging.root.level, io.BytesIO()
    configure_logs("INFO", io.TextIOWrapper(written))
    yield written
    structlog.reset_defaults()
    logging.basicConfig(handlers=handlers, level=level, force=True)


async def test_it_is_alive_without_a_database(client: httpx.AsyncClient) -> None:
    assert (await client.get("/health/live")).json() == {"status": "live"}


async def test_it_is_ready_once_every_read_model_is_built(hub: Hub, client: httpx.AsyncClient) -> None:
    before = await client.get("/health/ready")
    assert before.status_code == 503
    assert "is not built" in before.json()["checks"]["projections"]
    async with hub.pool.acquire() as connection:
        for model in ALL:
            await create_schema(connection, model, model.schema)
    after = await client.get("/health/ready")
    assert (after.status_code, after.json()["status"]) == (200, "ready"), after.text


@pytest.mark.parametrize(
    ("break_it", "check", "words"),
    [
        ("DELETE FROM public.schema_step WHERE name LIKE 'hub/%'", "schema", "steps missing"),
        ("ALTER TABLE public.schema_step RENAME TO other", "schema", "steps missing"),
        ("DROP SCHEMA projection CASCADE", "projections", "cannot be told"),
    ],
)
async def test_it_says_what_is_not_ready(
    hub: Hub, client: httpx.AsyncClient, break_it: str, check: str, words: str
) -> None:
    await hub.pool.execute(break_it)
    answer = await client.get("/health/ready")
    assert answer.status_code == 503
    assert words in answer.json()["checks"][check]


async def test_a_database_that_takes_no_writes_or_may_lose_them_is_not_ready(
    hub: Hub, client: httpx.AsyncClient
) -> None:
    name = await hub.pool.fetchval("SELECT current_database()")
    await hub.pool.execute(f"ALTER DATABASE {name} SET default_transaction_read_only = on")
    await hub.pool.execute(f"ALTER DATABASE {name} SET synchronous_commit = off")
    await hub.pool.expire_connections()
    checks = (await client.get("/health/ready")).json()["checks"]
    assert checks["writes"] != "ok"
    assert "synchronous_commit" in checks["durability"]


async def test_metrics_count_by_route_and_name_nobody(school: Sender) -> None:
    sent = await school.post("/v1/referrals", referral())
    await school.get(sent.headers["location"])
    text = (await school.client.get("/metrics")).text
    assert 'hub_http_requests_total{method="POST",route="/v1/referrals",status="201"}' in text
    assert 'route="/v1/submissions/{submission_id}"' in text
    assert sent.json()["submission_id"] not in text
    assert "Exampleby" not in text


async def test_log_lines_are_json_with_known_fields_and_without_what_was_sent(school: Sender, logs: io.BytesIO) -> None:
    request_id, trace = str(uuid4()), "4bf92f3577b34da6a3ce929d0e0e4736"
    headers = {"X-Request-ID": request_id, "traceparent": f"00-{trace}-00f067aa0ba902b7-01"}
    await school.post("/v1/referrals", referral(), headers=headers)
    await send_faulty_things(school)
    await school.client.get("/v1/Zzyzxanna?name=Zzyzxanna", headers={"X-Request-ID": "Zzyzxanna"})

    text = logs.getvalue().decode()
    lines = [json.loads(line) for line in text.splitlines()]
    assert len(lines) >= 12
    assert all(set(line) <= FIELDS for line in lines)
    assert "Zzyzxanna" not in text
    assert "Exampleby" not in text
    assert school.token not in text
    first = next(line for line in lines if line.get("request_id") == request_id)
    assert (first["trace_id"], first["status"], first["agency"]) == (trace, 201, "SCHOOL.LARKMOOR")


async def test_a_fault_of_ours_is_logged_by_its_place_and_answered_without_its_text(
    hub: Hub, school: Sender, logs: io.BytesIO, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def broken(_: object) -> None:
        raise ValueError("Zzyzxanna")

    monkeypatch.setattr(type(hub.intake), "submit", lambda _, arrival: broken(arrival))
    answer = await school.post("/v1/referrals", referral())
    assert (answer.status_code, answer.json()["type"]) == (500, "/problems/failed")
    text = logs.getvalue().decode()
    assert "Zzyzxanna" not in text + answer.text
    [line] = [json.loads(line) for line in text.splitlines() if '"failure"' in line]
    assert line["failure"] == "ValueError"
    assert any("broken" in frame for frame in line["frames"])


async def test_without_its_database_it_says_when_to_come_back(hub: Hub, school: Sender) -> None:
    await hub.pool.close()
    asked = await school.get(f"/v1/submissions/{uuid4()}")
    form = {"grant_type": "client_credentials"}
    token = await school.client.post("/oauth/token", data=form, auth=(school.client_id, school.secret))
    for answer in (asked, token, await school.post("/v1/referrals", referral())):
        assert (answer.status_code, answer.json()["type"]) == (503, "/problems/unavailable")
        assert answer.headers["retry-after"]
    assert (await school.client.get("/health/ready")).status_code == 503
    assert (await school.client.get("/health/live")).status_code == 200


async def test_libraries_log_in_the_same_shape_without_their_arguments(logs: io.BytesIO) -> None:
    logging.getLogger("some.library").warning("lost %s", "Zzyzxanna")
    text = logs.getvalue().decode()
    assert json.loads(text)["event"] == "lost %s"
    assert "Zzyzxanna" not in text


async def closed(host: str, port: int) -> bool:
    """Whether nobody is let in any more."""
    try:
        _, writer = await asyncio.open_connection(host, port)
    except ConnectionRefusedError:
        return True
    writer.close()
    return False


async def test_it_finishes_what_it_has_begun_before_it_stops(hub: Hub) -> None:
    stop, up, listening = asyncio.Event(), asyncio.Event(), listen("127.0.0.1", 0)
    running = asyncio.create_task(serve(hub, stop=stop, listening=listening, started=lambda _: up.set()))
    await up.wait()
    base = "http://{}:{}".format(*listening.getsockname())
    async with httpx.AsyncClient(base_url=base) as network:
        sender = await Sender.of(network, *await hub.agencies.issue_credentials("SCHOOL.LARKMOOR"))
        async with hub.pool.acquire() as other, other.transaction():
            await other.execute("LOCK TABLE log.head IN ACCESS EXCLUSIVE MODE")
            sending = asyncio.create_task(sender.post("/v1/referrals", referral()))
            await other.execute(_UNTIL_SOMEBODY_WAITS)
            stop.set()
            await until(partial(closed, *listening.getsockname()))
        assert (await sending).status_code == 201
    await ending(running, "it stops")


async def test_pages_without_sign_in_are_refused_on_an_address_others_can_reach(hub: Hub) -> None:
    settings = Settings(data_dir=hub.settings.data_dir, host="0.0.0.0", pages_without_sign_in=True)  # noqa: S104
    object.__setattr__(hub, "settings", settings)
    with pytest.raises(PagesNotAllowed):
        create_app(hub)
