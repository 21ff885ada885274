"""Nothing personal outside of its place: a family of canaries goes everywhere, and then everything else is searched."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Iterator
from contextlib import aclosing
from pathlib import Path
from typing import Any
from uuid import uuid4

import httpx
import pytest
from aiokafka import AIOKafkaProducer

from consumers.app import intake_plan
from consumers.work import bootstrap, events_topic
from events.basis import AgencyKind, LawfulBasis, Purpose
from events.kafka_follower import KafkaFollower
from events.kafka_topics import Topics, create_topics
from hub.arrival import Agency
from hub.bootstrap import Hub
from projections import ALL
from projections.progress import wait_for
from tests.faults.install import Install
from tests.faults.program import Program
from tests.journeys.canary_family import CANARIES, NAMES, encompass_rows, referral, school_rows
from tests.waiting import LONG, until

pytestmark = pytest.mark.faults
KINDS = {"charity": AgencyKind.CHARITY, "school": AgencyKind.SCHOOL, "police": AgencyKind.POLICE}


class Told:
    """Agencies at a door, and every word that the hub answered them."""

    def __init__(self, install: Install, http: httpx.AsyncClient) -> None:
        self._install = install
        self._http = http
        self._tokens: dict[str, str] = {}
        self.answers: list[str] = []

    async def join(self, code: str) -> None:
        agency = Agency(code, KINDS[code], f"Agency {code}", code, frozenset(Purpose), frozenset(LawfulBasis))
        credentials = await self._install.register(agency)
        answer = await self._http.post(
            "/oauth/token", data={"grant_type": "client_credentials"}, auth=httpx.BasicAuth(*credentials)
        )
        self._tokens[code] = answer.raise_for_status().json()["access_token"]

    async def asks(self, code: str, method: str, path: str, content: bytes = b"", **heads: str) -> httpx.Response:
        told = {
            "Authorization": f"Bearer {self._tokens[code]}",
            "Idempotency-Key": uuid4().hex,
            "Content-Type": "application/json",
        } | {name.replace("_", "-"): value for name, value in heads.items()}
        answer = await self._http.request(method, path, content=content, headers=told)
        self.answers += [answer.text, str(answer.headers), str(answer.status_code)]
        return answer


async def the_family_is_told_of(agencies: Told) -> None:
    """Three agencies, each by its own door."""
    sent = [
        await agencies.asks(
            "charity", "POST", "/v1/referrals", json.dumps(referral()).encode(), Idempotency_Key="ZEB-4417"
        ),
        await agencies.asks("school", "POST", "/v1/files/school-referral", school_rows(), Content_Type="text/csv"),
        await agencies.asks(
            "police", "POST", "/v1/files/police-encompass-ousedale", encompass_rows(), Content_Type="text/csv"
        ),
    ]
    assert [answer.status_code for answer in sent] == [201, 201, 201], agencies.answers
    for answer in sent:
        await agencies.asks("charity", "GET", answer.headers["Location"])


def mistakes() -> Iterator[tuple[str, str, bytes, dict[str, str]]]:
    """What agencies get wrong, each time with a canary where the mistake is."""
    whole: dict[str, Any] = referral()
    changed = [
        whole | {"Zebbedanth": "Quillwyxova"},
        whole | {"occurred_at": "Zebbedanth"},
        whole | {"purpose": "Zebbedanth"},
        whole | {"lawful_basis": ["Quillwyxova"]},
        whole | {"subject": whole["subject"] | {"birth": {"date": "Quillwyxova"}}},
        whole | {"subject": whole["subject"] | {"birth": {"date": "2999-02-28"}}},
        whole | {"concern": "brobdignar \u0000"},
        whole | {"change": "WITHDRAW", "source": {"case_reference": "Quillwyxova"}},
    ]
    bodies = [json.dumps(body).encode() for body in changed]
    bodies += [b'{"Zebbedanth":1,"Zebbedanth":2}', b"Quillwyxova", b'{"Quillwyxova":' * 40, b'"Zebbedanth\xff"']
    for body in bodies:
        yield "POST", "/v1/referrals", body, {}
        yield "POST", "/fhir/$process-message", body, {"X_Request_ID": str(uuid4()), "X_Correlation_ID": str(uuid4())}
    yield "POST", "/v1/referrals", json.dumps(whole | {"request": "other"}).encode(), {"Idempotency_Key": "ZEB-4417"}
    yield "POST", "/v1/referrals", b"{}", {"Content_Type": "text/Zebbedanth", "X_Request_ID": "Quillwyxova"}
    yield "POST", "/v1/files/Zebbedanth", b"Quillwyxova", {}
    for name in ("school-referral", "dwp", "ctf", "form-csv", "police-ppn-fenmarch", "bars-json", "bars-xml"):
        yield "POST", f"/v1/files/{name}", b"Quillwyxova,Zebbedanth\n<Zebbedanth>", {}
    yield "GET", "/v1/submissions/Zebbedanth", b"", {}
    yield "GET", "/Quillwyxova/Zebbedanth?name=Zebbedanth", b"", {"traceparent": "Zebbedanth"}
    yield "GET", "/health/live", b"", {"Authorization": "Bearer Zebbedanth"}
    yield "GET", "/v1/submissions/" + str(uuid4()), b"", {"Authorization": "Bearer Quillwyxova"}


async def by_the_kafka_door(hub: Hub, topic: str) -> None:
    """Bad records and a good one, until all are decided; the topic is the agency's own and holds what it likes."""
    whole = json.dumps(referral() | {"kind": "referral"}).encode()
    records: list[tuple[bytes, list[tuple[str, bytes]]]] = [
        (b"Quillwyxova", [("Zebbedanth", b"Quillwyxova")]),
        (whole, [("content-type", b"application/json"), ("note", b"Zebbedanth\xff")]),
        (whole, [("content-type", b"Zebbedanth"), ("idempotency-key", b"Quillwyxova")]),
        (whole, [("content-type", b"application/json"), ("idempotency-key", b"Quillwyxova")]),
    ]
    await create_topics(bootstrap(hub), [intake_plan(topic, 1)])
    async with AIOKafkaProducer(bootstrap_servers=bootstrap(hub)) as producer:
        for value, headers in records:
            await producer.send_and_wait(topic, value, key=b"Zebbedanth", headers=headers)

    async def decided() -> bool:
        return bool(await hub.pool.fetchval("SELECT sum(next_offset) >= $1 FROM intake.place", len(records)))

    await until(decided)


async def what_is_stored(hub: Hub, *, models: bool) -> str:
    """Every row of every table as text, bytes as they are: of the read models, or of all else."""
    kind = "LIKE" if models else "NOT LIKE"
    tables = await hub.pool.fetch(
        f"""SELECT format('%I.%I', schemaname, tablename) AS name FROM pg_tables
            WHERE schemaname NOT LIKE 'pg\\_%' AND schemaname <> 'information_schema' AND schemaname {kind} 'rm\\_%'"""  # noqa: S608
    )
    found = []
    for table in tables:
        rows = await hub.pool.fetch(f"SELECT t.* FROM {table['name']} AS t")  # noqa: S608
        found += [f"{table['name']}: {[_text(value) for value in row.values()]}" for row in rows]
    return "\n".join(found)


def _text(value: object) -> str:
    return value.decode("utf-8", "replace") if isinstance(value, bytes) else str(value)


async def what_the_topic_holds(hub: Hub) -> str:
    heads = await hub.log.heads()
    topic = KafkaFollower(hub.log, bootstrap(hub), events_topic(hub).name)
    found = []
    async with aclosing(topic.drain(dict.fromkeys(heads.sequences, 0), until_end=True)) as batches:
        async for batch in batches:
            found += [f"{message.topic} {message.key!r} {message.headers!r} {message.value!r}" for message in batch]
    return "\n".join(found)


async def what_engineers_are_shown(install: Install, hub: Hub) -> str:
    """By every command that reads, none of them asked to reveal."""
    families = await hub.pool.fetch("SELECT DISTINCT stream FROM log.event WHERE type = 'family.opened' LIMIT 1")
    events = await hub.pool.fetch("SELECT id FROM log.event WHERE key_id IS NOT NULL LIMIT 1")
    commands = [("events", "tail", "-o", "beginning", "-e", "--json"), ("status",)]
    commands += [("log", row["stream"].removeprefix("family/")) for row in families]
    commands += [("show", str(row["id"])) for row in events]
    programs: list[Program] = [install.program(f"command-{number}", *told) for number, told in enumerate(commands)]
    for program in programs:
        await program.start()
    await asyncio.gather(*(program.ended() for program in programs))
    return "\n".join(program.said for program in programs)


async def test_canaries_are_found_in_their_place_and_nowhere_else(database: str, tmp_path: Path, kafka: str) -> None:
    install = Install(database, tmp_path, kafka, pages=True)
    async with (
        install.hub() as hub,
        install.web() as web,
        install.worker(start=False) as worker,
        httpx.AsyncClient(base_url=install.url, timeout=LONG) as http,
    ):
        agencies = Told(install, http)
        for code in KINDS:
            await agencies.join(code)
        await worker.start()
        topic = Topics(install.settings.area).intake("charity")
        await the_family_is_told_of(agencies)
        for method, path, body, heads in mistakes():
            await agencies.asks("charity", method, path, body, **heads)
        await by_the_kafka_door(hub, topic)
        heads_of_log = await hub.log.heads()
        assert await wait_for(hub.pool, heads_of_log.sequences, ALL, LONG)

        page = (await http.get("/packs/MASG_CENTRAL", headers={"Accept": "text/html"})).text
        for canary in ("Quillwyxova", "Ottilyx", "brobdignar", "grindlewort", "Wyxquill"):
            assert canary in page, "the family is shown to those whom it is for"
        searched = {
            "answers": "\n".join(agencies.answers),
            "metrics": (await http.get("/metrics")).text + (await http.get("/health/ready")).text,
            "tables": await what_is_stored(hub, models=False),
            "topic": await what_the_topic_holds(hub),
            "commands": await what_engineers_are_shown(install, hub),
        }
        models = await what_is_stored(hub, models=True)
    searched["logs"] = web.said + worker.said
    lived = {"answers": "problem+json", "metrics": "# HELP", "logs": "/v1/referrals"}
    in_vain = {place for place, text in searched.items() if lived.get(place, "charity") not in text}
    assert in_vain == set(), "searched where nothing is"
    hits = {(place, canary) for place, text in searched.items() for canary in CANARIES if canary in text}
    assert hits == set()
    named = {line.partition(".")[0] for line in models.splitlines() for name in NAMES if name in line}
    assert named == {"rm_people_2"}, "names stand in one read model"
