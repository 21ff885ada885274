from __future__ import annotations

import json
from pathlib import Path
from uuid import UUID

from events.database import Pool
from hub.bootstrap import joined
from hub.clock import system_clock
from hub.settings import Settings
from tests.cli.conftest import Command
from tests.identity.words import Register
from tests.intake.words import SCHOOL
from tests.projections.delivery import shown
from tests.spec import opened_all


async def a_register(database: str, pool: Pool, data: Path) -> Register:
    """A hub with the commands' own keys."""
    hub = joined(Settings(data_dir=data), system_clock, database, pool)
    await hub.log.install()
    await hub.agencies.register(SCHOOL, "test")
    return Register(hub)


async def carry(register: Register) -> None:
    """The read models have seen everything."""
    await shown(register.hub.pool, await opened_all(register.hub.log, register.hub.keys))


REASON = ("--reason", "Both schools confirmed that Inventedson is one")


async def test_two_people_are_merged_shown_and_parted_again(
    command: Command, database: str, pool: Pool, tmp_path: Path
) -> None:
    register = await a_register(database, pool, tmp_path / "data")
    ann, anna = await register.child(), await register.child()
    merged = await command(
        "identity", "merge", f"{ann.person_id}", f"{anna.person_id}", *REASON, "--one-family", "--json"
    )
    assert merged.code == 0, merged.err
    decision = json.loads(merged.out)["decision"]
    shown_ = await command("identity", "show", f"{anna.person_id}", "--json")
    told = json.loads(shown_.out)
    assert (told["kind"], told["representative"]) == ("person", str(ann.person_id))
    assert set(told["block"]) == {str(ann.person_id), str(anna.person_id)}
    assert [each["events"] for each in told["decisions"]] == [["person.merged"]]
    again = await command("identity", "merge", f"{ann.person_id}", f"{anna.person_id}", *REASON)
    assert (again.code, again.err) == (1, "They are one already.\n")
    undone = await command("identity", "undo", decision, *REASON)
    assert (undone.code, undone.out[:9]) == (0, "Decided: ")
    of_family = await command("identity", "show", f"{anna.family_id}")
    assert of_family.out.startswith(f"family {anna.family_id}\n")
    assert f"undone by {undone.out[9:].strip()}" in of_family.out
    for ended in (merged, shown_, again, undone, of_family):
        assert "Inventedson" not in ended.out + ended.err, "a reviewer's words may name somebody"


async def test_people_and_families_are_split_by_ids(
    command: Command, database: str, pool: Pool, tmp_path: Path
) -> None:
    register = await a_register(database, pool, tmp_path / "data")
    ann, anna = await register.child(), await register.child()
    await register.merge(ann, anna)
    assert (await command("identity", "split", f"{anna.person_id}", *REASON)).code == 0
    one, other = f"{ann.family_id}", f"{anna.family_id}"
    assert (await command("identity", "merge-families", one, other, *REASON)).code == 0
    assert (await command("identity", "split-family", other, *REASON)).code == 0
    assert (await command("identity", "split-family", other, *REASON)).code == 1
    assert len(await register.people()) == len(await register.families()) == 2


async def test_a_doubt_is_listed_and_settled(command: Command, database: str, pool: Pool, tmp_path: Path) -> None:
    register = await a_register(database, pool, tmp_path / "data")
    assert "run `hub work`" in (await command("identity", "doubts")).err
    ann = await register.child()
    new, doubt_id = await register.doubted(ann)
    await carry(register)
    listed = await command("identity", "doubts")
    assert f"may be {ann.person_id}  +9.0 bits  Same name" in listed.out
    assert "1 open" in listed.out
    [line] = (await command("identity", "doubts", "--json")).out.splitlines()
    assert UUID(json.loads(line)["person"]) == new.person_id
    usage = await command("identity", "settle", f"{doubt_id}", "same", *REASON)
    assert usage.code == 2
    settled = await command("identity", "settle", f"{doubt_id}", "same", f"{ann.person_id}", *REASON)
    assert settled.code == 0, settled.err
    second = await command("identity", "settle", f"{doubt_id}", "different", *REASON)
    assert second.code == 1
    assert second.err.startswith("Somebody decided this already, on 20")


async def test_without_a_reason_nothing_is_decided(command: Command, database: str, pool: Pool, tmp_path: Path) -> None:
    register = await a_register(database, pool, tmp_path / "data")
    ann, anna = await register.child(), await register.child()
    ids = (f"{ann.person_id}", f"{anna.person_id}")
    assert (await command("identity", "merge", *ids)).code == 2
    assert (await command("identity", "merge", *ids, "--reason", " ")).code == 2
    assert (await command("identity", "show", f"{ann.submission_id}")).code == 1
    assert len(await register.people()) == 2


async def test_a_submission_is_taken_out(command: Command, database: str, pool: Pool, tmp_path: Path) -> None:
    register = await a_register(database, pool, tmp_path / "data")
    ann = await register.child()
    taken = await command("identity", "take-out", f"{ann.submission_id}", *REASON)
    assert taken.code == 0, taken.err
    assert len(await register.families()) == 2
    nothing = await command("identity", "take-out", f"{ann.person_id}", *REASON)
    assert (nothing.code, nothing.err) == (
        1,
        "Nobody came into a family by this submission: there is nothing to take out.\n",
    )
    undone = await command("identity", "undo", taken.out.split()[1], *REASON)
    assert undone.code == 1


async def test_consequences_are_told_in_ids_and_codes(
    command: Command, database: str, pool: Pool, tmp_path: Path
) -> None:
    register = await a_register(database, pool, tmp_path / "data")
    ann, anna = await register.child(), await register.child()
    done = await register.merge(ann, anna, one_family=True)
    [merged, _] = await register.hub.log.read_correlated(done.decision_id)
    told = await command("identity", "consequences", f"{merged.id}")
    assert told.code == 0, told.err
    assert "submissions shown together: 2" in told.out
    assert "frozen panel packs: none on record" in told.out
    assert "statements to families: none on record" in told.out
    as_json = json.loads((await command("identity", "consequences", f"{merged.id}", "--json")).out)
    assert {each["submission_id"] for each in as_json["submissions"]} == {
        str(ann.submission_id),
        str(anna.submission_id),
    }
    assert (as_json["until"], as_json["statements"], as_json["frozen_packs"]) == (None, [], [])
    assert (await command("identity", "consequences", f"{ann.person_id}")).code == 1
