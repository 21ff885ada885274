from __future__ import annotations

from pathlib import Path
from uuid import UUID, uuid4

import asyncpg
import pytest
from pydantic import SecretStr

from events import schema
from events.database import Pool
from hub.bootstrap import Hub, SchemaBehind, open_hub, refold
from hub.feature_seal import FeatureSeal
from hub.matching.features import Features
from hub.settings import Settings
from tests.intake.words import TRUST, a_child, a_receipt, a_referral, an_adult, an_arrival, nhs
from tests.servers import in_database, run_sql, upgraded

Rows = dict[UUID, tuple[bytes, frozenset[Features], frozenset[int]]]


async def rows_of(hub: Hub) -> Rows:
    """What is known of everybody, opened."""
    seal = FeatureSeal(hub.index)
    found = await hub.pool.fetch(
        """SELECT p.person_id, p.described, p.sealed, array_agg(k.key) AS keys
           FROM decide.person AS p LEFT JOIN decide.match_key AS k USING (person_id) GROUP BY 1"""
    )
    return {
        row["person_id"]: (
            row["described"],
            frozenset(seal.open(row["person_id"], row["sealed"])),
            frozenset(row["keys"]),
        )
        for row in found
    }


async def told_of_two_families(hub: Hub) -> None:
    sam, robin = a_child(identifiers=(nhs("9000000009"),)), a_child("Robin", born="2019-05-05")
    await hub.intake.submit(an_arrival(a_referral(sam, siblings=(robin,), adults=(an_adult(),))))
    moved = a_child("Samuel", postcode="CB4 7CK", identifiers=(nhs("9000000009"),))
    await hub.intake.submit(an_arrival(a_receipt(moved, adults=(an_adult(), an_adult("Jo"))), TRUST))
    await hub.intake.submit(an_arrival(a_receipt(sam), TRUST))
    await hub.intake.submit(an_arrival(a_referral(a_child("Kim", "Otherwise", postcode="PE2 9VV"))))


async def test_what_is_known_of_people_can_be_folded_again_from_the_log(hub: Hub) -> None:
    await told_of_two_families(hub)
    before = await rows_of(hub)
    await hub.pool.execute(
        """TRUNCATE decide.match_key; UPDATE decide.person SET sealed = NULL, described = '';
           INSERT INTO decide.unfolded SELECT family_id FROM decide.family"""
    )
    assert await refold(hub).all() == 2
    assert await rows_of(hub) == before


async def test_whose_key_is_destroyed_is_not_found_by_what_is_folded_again(hub: Hub) -> None:
    await told_of_two_families(hub)
    [kim] = await hub.pool.fetch("SELECT person_id FROM decide.person ORDER BY number DESC LIMIT 1")
    await hub.keys.destroy(kim["person_id"], hub.clock())
    await hub.pool.execute("INSERT INTO decide.unfolded SELECT family_id FROM decide.family")
    await refold(hub).all()
    assert await hub.pool.fetchval("SELECT count(*) FROM decide.match_key WHERE person_id = $1", kim["person_id"]) == 0


async def test_a_database_of_an_earlier_version_is_matched_on_only_after_it_is_read_again(
    postgres: str, tmp_path: Path
) -> None:
    name, family_id, person_id = f"hub_earlier_{uuid4().hex}", uuid4(), uuid4()
    await run_sql(postgres, f"CREATE DATABASE {name}")
    dsn = in_database(postgres, name)
    try:
        await install_earlier(dsn)
        await run_sql(
            dsn,
            f"INSERT INTO decide.family VALUES ('{family_id}', '{uuid4()}', 'TRIAGE')",  # noqa: S608
            f"INSERT INTO decide.person VALUES ('{person_id}', '{family_id}', '\\x00')",  # noqa: S608
            f"INSERT INTO decide.match_key VALUES ('\\x01', '{person_id}')",  # noqa: S608
        )
        await upgraded(dsn)
        connection = await asyncpg.connect(dsn)
        row = await connection.fetchrow(
            "SELECT p.belongs_to, f.belongs_to FROM decide.person AS p JOIN decide.family AS f USING (family_id)"
        )
        await connection.close()
        assert tuple(row or ()) == (person_id, family_id)
        settings = Settings(data_dir=tmp_path, database_url=SecretStr(dsn))
        with pytest.raises(SchemaBehind):
            async with open_hub(settings):
                pass
        async with open_hub(settings, upgrade=True):
            pass
        async with open_hub(settings) as hub:
            assert await nothing_waits(hub.pool)
    finally:
        await run_sql(postgres, f"DROP DATABASE {name} WITH (FORCE)")


async def install_earlier(dsn: str) -> None:
    """The steps before matching by likeness."""
    connection = await asyncpg.connect(dsn)
    await connection.execute(
        "CREATE TABLE public.schema_step (name text PRIMARY KEY, digest text, applied_at timestamptz DEFAULT now())"
    )
    for step in schema.steps():
        if not step.name.startswith("hub/") or step.name < "hub/0004":
            await connection.execute(step.sql)
            await connection.execute("INSERT INTO public.schema_step VALUES ($1, $2)", step.name, step.digest)
    await connection.close()


async def nothing_waits(pool: Pool) -> bool:
    return not await pool.fetchval("SELECT count(*) FROM decide.unfolded")
