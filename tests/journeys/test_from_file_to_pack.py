"""The main job, end to end: agencies' own files become a queue, a timeline and a panel pack."""

from __future__ import annotations

import json
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from uuid import uuid4

import pytest

from projections.chronicle import timeline
from projections.household import household
from projections.packing import pack
from projections.waiting import Filter, waiting
from tests.connectors.bars_messages import CHILD, a_message
from tests.journeys.world import World, a_world

SAMPLES = Path(__file__).parents[1] / "samples" / "agencies"
NOW = datetime(2026, 11, 25, tzinfo=UTC)


def sample(name: str) -> bytes:
    return (SAMPLES / name).read_bytes()


async def four_agencies_tell_of_robin(world: World) -> list[dict[str, object]]:
    """A school, the police and a jobcentre, each in its own format, about one child."""
    dwp = sample("invented.dwp.csv").replace(b"Invent\xe9", b"Invented")
    sent = [
        ("school", "school-attendance", sample("invented.school-attendance.csv")),
        ("school", "school-referral", sample("invented.school-referral.csv")),
        ("school", "ctf", sample("SYNTHETIC_full_structure.xml")),
        ("police", "police-ppn-fenmarch", sample("invented.police-ppn-fenmarch.csv")),
        ("jobcentre", "dwp", dwp),
    ]
    answers = [await world.sends(*one) for one in sent]
    assert [answer.status_code for answer in answers] == [201] * len(sent), [answer.text for answer in answers]
    await world.is_shown()
    return [answer.json() for answer in answers]


async def the_pack_has_everything_told(world: World) -> None:
    async with world.hub.pool.acquire() as connection:
        packed = await pack(connection, "MASG_CENTRAL")
        robins = [
            family for family in packed.families if any(m.display_name.startswith("Rob ") for m in family.members)
        ]
        assert len(robins) == 1, "every agency's Robin is one child in one family"
        told = {entry.agency for entry in await timeline(connection, robins[0].family_id, limit=200)}
        people = {member.display_name for member in await household(connection, robins[0].family_id)}
    assert told == {"school", "police", "jobcentre"}
    assert {"Rob Invented", "Sky Invented"} <= people
    page = (await world.http.get("/packs/MASG_CENTRAL", headers={"Accept": "text/html"})).text
    for words in ("Robin is missing lessons", "Shouting heard by a neighbour", "Rent arrears of three months"):
        assert words in page
    pdf = await world.http.get("/packs/MASG_CENTRAL.pdf")
    assert pdf.content.startswith(b"%PDF-")


async def test_four_agencies_files_become_one_familys_panel_pack(database: str, tmp_path: Path) -> None:
    async with a_world(database, tmp_path) as world:
        receipts = await four_agencies_tell_of_robin(world)
        await the_pack_has_everything_told(world)
        assert [receipt["outcome"] for receipt in receipts[:3]] == ["accepted"] * 3


async def test_the_same_through_kafka(database: str, tmp_path: Path, kafka: str) -> None:
    async with a_world(database, tmp_path, kafka) as world:
        receipts = await four_agencies_tell_of_robin(world)
        await the_pack_has_everything_told(world)
        status = (await world.asks("school", str(receipts[1]["submission_id"]))).json()
        assert ".events" in json.dumps(status), "the sender is told topic, partition and offset"


async def test_a_health_referral_of_a_small_child_waits_on_the_pathway(database: str, tmp_path: Path) -> None:
    born = (date.today() - timedelta(days=900)).isoformat()  # noqa: DTZ011 - a child of two and a half
    address = [{"use": "home", "line": ["4 Invented Row"], "postalCode": "CB4 7CK"}]
    message = a_message(patient=CHILD | {"birthDate": born, "address": address})
    async with a_world(database, tmp_path) as world:
        answer = await world.http.post(
            "/fhir/$process-message",
            content=json.dumps(message),
            headers={
                "Authorization": f"Bearer {world.tokens['trust']}",
                "Content-Type": "application/fhir+json",
                "X-Request-ID": str(uuid4()),
                "X-Correlation-ID": str(uuid4()),
            },
        )
        assert answer.status_code == 200, answer.text
        await world.is_shown()
        async with world.hub.pool.acquire() as connection:
            [entry] = (await waiting(connection, Filter(queue="ESP_0_5"), NOW)).entries
        page = (await world.http.get("/queues/ESP_0_5", headers={"Accept": "text/html"})).text
    assert entry.reason is not None
    assert "Reception" in entry.reason
    assert "Orla" in page


async def test_what_one_agency_sent_is_nothing_to_another(database: str, tmp_path: Path) -> None:
    async with a_world(database, tmp_path) as world:
        receipt = (await world.sends("school", "school-referral", sample("invented.school-referral.csv"))).json()
        own = await world.asks("school", receipt["submission_id"])
        others = await world.asks("police", receipt["submission_id"])
        unknown = await world.asks("police", uuid4())
    assert own.status_code == 200
    assert others.status_code == unknown.status_code == 404
    assert others.json() | {"request_id": 0} == unknown.json() | {"request_id": 0}


@pytest.mark.parametrize("place", ["Robin", "Nguy", "B801200005001", "missing lessons", "PE1 9VV", "pe19vv"])
async def test_nothing_personal_stands_in_clear_on_the_log(database: str, tmp_path: Path, place: str) -> None:
    async with a_world(database, tmp_path) as world:
        await four_agencies_tell_of_robin(world)
        clear = await world.hub.pool.fetchval(
            "SELECT string_agg(e::text, ' ') || string_agg(convert_from(e.data, 'UTF8'), ' ') FROM log.event AS e"
        )
        decided = await world.hub.pool.fetchval(
            "SELECT string_agg(concat_ws(' ', s.*), ' ') FROM decide.submission AS s"
        )
        metrics = (await world.http.get("/metrics")).text
    for text in (clear, decided, metrics):
        assert place not in text
