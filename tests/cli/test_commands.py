from __future__ import annotations

import json
from pathlib import Path

from events.database import Pool
from hub.bootstrap import joined
from hub.clock import system_clock
from hub.settings import Settings
from tests.cli.conftest import Command
from tests.intake.words import SCHOOL, a_receipt, a_referral, an_arrival

SCHOOL_OPTIONS = (
    *("--kind", "SCHOOL", "--title", "Invented Primary", "--identifier", "199001"),
    *("--purpose", "EARLY_HELP", "--basis", "ART6_1_E"),
)


async def two_submissions(database: str, pool: Pool, data: Path) -> str:
    """A referral and a receipt about one family, taken by a hub with the commands' own keys; the family's id."""
    hub = joined(Settings(data_dir=data), system_clock, database, pool)
    await hub.log.install()
    await hub.agencies.register(SCHOOL, "test")
    await hub.intake.decide(await hub.intake.ready([an_arrival(a_referral()), an_arrival(a_receipt())]))
    return str(await pool.fetchval("SELECT substr(stream, 8) FROM log.event WHERE type = 'family.opened'"))


async def test_an_agency_gets_its_credentials_once(command: Command) -> None:
    added = await command("agency", "add", "invented-primary", *SCHOOL_OPTIONS)
    assert added.code == 0
    assert added.out.startswith("HUB_CLIENT_ID=invented-primary-")
    assert "HUB_CLIENT_SECRET=" in added.out
    again = await command("agency", "add", "invented-primary", *SCHOOL_OPTIONS)
    assert (again.code, again.out) == (0, "invented-primary: registered anew\n")
    [listed] = (await command("agency", "list", "--json")).out.splitlines()
    assert json.loads(listed)["purposes"] == ["EARLY_HELP"]


async def test_a_code_that_could_not_be_part_of_an_address_is_a_usage_error(command: Command) -> None:
    assert (await command("agency", "add", "../etc", *SCHOOL_OPTIONS)).code == 2
    assert (await command("agency", "suspend", "nobody")).code == 1


async def test_a_database_that_is_not_there_is_said_and_is_exit_code_3(command: Command) -> None:
    ended = await command("status", HUB_DATABASE_URL="postgresql://postgres@127.0.0.1:1/postgres")
    assert ended.code == 3
    assert "Cannot reach the database" in ended.err


async def test_a_setting_that_is_not_right_is_named(command: Command) -> None:
    ended = await command("status", HUB_PARTITIONS="many")
    assert ended.code == 2
    assert "HUB_PARTITIONS" in ended.err


async def test_the_log_is_told_without_what_is_personal(
    command: Command, database: str, pool: Pool, tmp_path: Path
) -> None:
    family = await two_submissions(database, pool, tmp_path / "data")
    tail = await command("events", "tail", "-o", "beginning", "-e", "--json")
    told = [json.loads(line) for line in tail.out.splitlines()]
    assert [line["position"] for line in told] == list(range(1, len(told) + 1))
    only = await command("events", "tail", "-o", "beginning", "-e", "--type", "referral.received")
    assert len(only.out.splitlines()) == 1
    of_family = await command("log", family)
    assert "referral.received" in of_family.out
    for text in (tail.out, only.out, of_family.out):
        assert "Inventedson" not in text
        assert "missing lessons" not in text


async def test_personal_data_is_shown_for_a_reason_that_goes_on_record_first(
    command: Command, database: str, pool: Pool, tmp_path: Path
) -> None:
    family = await two_submissions(database, pool, tmp_path / "data")
    revealed = await command("log", family, "--reveal", "asked by the data protection officer")
    assert "Sam is missing lessons." in revealed.out
    events = await pool.fetch("SELECT actor FROM log.event WHERE type = 'access.revealed'")
    assert len(events) == 1
    assert events[0]["actor"].startswith("cli:")
    await pool.execute("DROP TABLE log.head")  # nothing can be recorded any more
    refused = await command("log", family, "--reveal", "curious")
    assert refused.code != 0
    assert "missing lessons" not in refused.out


async def test_status_and_doctor_say_what_is_wrong(command: Command, database: str, pool: Pool, tmp_path: Path) -> None:
    well = await command("doctor")
    assert well.code == 0, well.out
    await two_submissions(database, pool, tmp_path / "data")
    (tmp_path / "data/keys/index.key").chmod(0o644)
    await pool.execute("DELETE FROM keys.data_key WHERE id = (SELECT id FROM keys.data_key LIMIT 1)")
    await pool.execute("UPDATE log.head SET last = last + 1 WHERE partition = -1")
    ill = await command("doctor", "--json")
    faults = {one["what"]: one["fault"] for one in json.loads(ill.out)}
    assert ill.code == 1
    assert faults["key files are private"] == "chmod 600 index.key"
    assert faults["every key of the log is in the ring"].startswith("1 keys are missing")
    assert "the database was damaged" in faults["positions have no gap"]


async def test_a_replay_tells_its_plan_and_plays_only_when_told(
    command: Command, database: str, pool: Pool, tmp_path: Path
) -> None:
    family = await two_submissions(database, pool, tmp_path / "data")
    plan = await command("replay", "--stream", f"family/{family}", "--json")
    assert json.loads(plan.out)["types"] == {
        "family.opened": 1,
        "family.person_linked": 1,
        "information.received": 1,
        "matter.opened": 1,
        "matter.routed": 1,
        "referral.received": 1,
    }
    assert "Nothing was played" in plan.err
    played = [await command("replay", "--execute", "--json", TZ=zone) for zone in ("UTC", "Asia/Tokyo")]
    assert json.loads(played[0].out)["tables"]["queues.entry"]["rows"] == 1
    assert played[0].out == played[1].out
    assert await pool.fetchval("SELECT to_regnamespace('rm_queues_2')") is None, "nothing stored was touched"


async def test_rebuilt_read_models_are_what_the_log_says_and_a_change_by_hand_is_found(
    command: Command, database: str, pool: Pool, tmp_path: Path
) -> None:
    await two_submissions(database, pool, tmp_path / "data")
    assert (await command("rebuild")).code == 0
    same = await command("rebuild", "timeline", "--diff")
    assert (same.code, "No difference" in same.out) == (0, True), same.err
    await pool.execute("DELETE FROM rm_timeline_2.entry WHERE kind IS NOT NULL")
    differs = await command("rebuild", "timeline", "--keep-live", "--json")
    assert differs.code == 1, differs.err
    assert json.loads(differs.out)["differences"]["rm_timeline_2"][0]["live"] == 0
    mended = await command("rebuild", "timeline")
    assert mended.code == 0
    assert await pool.fetchval("SELECT count(*) FROM rm_timeline_2.entry") > 0


async def test_what_an_older_version_left_behind_is_found_and_dropped(
    command: Command, database: str, pool: Pool, tmp_path: Path
) -> None:
    await two_submissions(database, pool, tmp_path / "data")
    assert (await command("rebuild")).code == 0
    assert "Nothing is left of older versions" in (await command("rebuild", "--drop-old")).out
    await pool.execute("CREATE SCHEMA rm_people_1")

    found = await command("doctor")
    dropped = await command("rebuild", "--drop-old")

    assert (found.code, "`hub rebuild --drop-old`, for rm_people_1" in found.out) == (1, True)
    assert (dropped.code, dropped.out.strip()) == (0, "rm_people_1: dropped")
    assert await pool.fetchval("SELECT to_regnamespace('rm_people_1')") is None
    assert (await command("doctor")).code == 0
