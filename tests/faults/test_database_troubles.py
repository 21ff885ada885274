"""A database that answers and cannot: a full disk, no connection left, a lock that nobody gives back."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from pathlib import Path

import asyncpg
import httpx
import pytest

from events.database import Pool
from hub.api.app import create_app
from hub.bootstrap import Hub, joined
from hub.clock import Clock, system_clock
from hub.settings import Settings
from tests.api.conftest import SCHOOL
from tests.api.sending import Sender, referral
from tests.servers import own_postgres
from tests.waiting import ending, until

pytestmark = pytest.mark.faults

TROUBLES = {
    "disk full": "53100",
    "out of memory": "53200",
    "input or output error": "58030",
    "deadlock": "40P01",
    "serialization failure": "40001",
    "read only": "25006",
    "cancelled": "57014",
}
KEYS = [f"key-{number}" for number in range(20)]


@asynccontextmanager
async def a_school(pool: Pool, folder: Path, clock: Clock = system_clock) -> AsyncIterator[tuple[Hub, Sender]]:
    """A hub over this pool, and a school that has sent to it before."""
    hub = joined(Settings(data_dir=folder), clock, "", pool)
    await hub.log.install()
    await hub.agencies.register(SCHOOL, "operator")
    transport = httpx.ASGITransport(create_app(hub))
    async with httpx.AsyncClient(transport=transport, base_url="http://hub.invalid") as client:
        school = await Sender.of(client, *await hub.agencies.issue_credentials(SCHOOL.code))
        yield hub, school


async def all_sent(school: Sender) -> list[httpx.Response]:
    """Twenty referrals at the same time, each under its own key, the same each time."""
    sending = (school.post("/v1/referrals", referral(source__message_id=key), key=key) for key in KEYS)
    return await ending(asyncio.gather(*sending), "an answer to each")


def assert_told_to_come_back(answers: Sequence[httpx.Response]) -> None:
    assert {answer.status_code for answer in answers} == {503}, {answer.text for answer in answers}
    assert all(answer.headers["Retry-After"].isdecimal() for answer in answers)
    assert {answer.json()["type"].rpartition("/")[2] for answer in answers} <= {"unavailable", "busy"}


async def received(pool: Pool) -> int:
    found: int = await pool.fetchval("SELECT count(*) FROM log.event WHERE type = 'referral.received'")
    return found


@pytest.mark.parametrize("trouble", TROUBLES)
async def test_while_nothing_can_be_written_senders_are_told_to_come_back_and_reading_goes_on(
    pool: Pool, tmp_path: Path, trouble: str
) -> None:
    async with a_school(pool, tmp_path) as (_, school):
        before = await school.post("/v1/referrals", referral())
        await pool.execute(
            f"""CREATE SEQUENCE public.tried;
                CREATE FUNCTION public.fail() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
                    PERFORM nextval('public.tried');
                    RAISE EXCEPTION 'invented' USING ERRCODE = '{TROUBLES[trouble]}';
                END $$;
                CREATE TRIGGER trouble BEFORE INSERT ON log.event FOR EACH STATEMENT EXECUTE FUNCTION public.fail()"""
        )

        answers = await all_sent(school)

        assert_told_to_come_back(answers)
        assert (await school.get(f"/v1/submissions/{before.json()['submission_id']}")).status_code == 200
        assert await received(pool) == 1
        assert await pool.fetchval("SELECT last_value FROM public.tried") <= 6 * len(KEYS), "nobody tries for ever"

        await pool.execute("DROP TRIGGER trouble ON log.event")
        assert {answer.status_code for answer in await all_sent(school)} == {201}, "nothing had to be repaired"
        assert await received(pool) == 1 + len(KEYS)


async def test_without_a_connection_left_nobody_waits_for_ever_and_all_goes_on_when_there_is_one(
    tmp_path: Path,
) -> None:
    async with own_postgres({"max_connections": "16"}) as server, AsyncExitStack() as stack:
        connection = await asyncpg.connect(server.dsn)
        pool: Pool = await stack.enter_async_context(asyncpg.create_pool(server.dsn, min_size=2, max_size=8, timeout=5))
        _, school = await stack.enter_async_context(a_school(pool, tmp_path))
        assert (await school.post("/v1/referrals", referral())).status_code == 201
        guests = await all_taken(server.dsn)
        while len(guests) + 1 < 16:  # a place is free a little later than its connection is gone from the list
            await connection.execute(
                """SELECT pg_terminate_backend(pid) FROM pg_stat_activity
                   WHERE backend_type = 'client backend' AND pid <> ALL($1::int[])""",
                [each.get_server_pid() for each in (*guests, connection)],
            )
            guests += await all_taken(server.dsn)

        assert_told_to_come_back(await all_sent(school))

        for guest in guests:
            await guest.close()
        assert {answer.status_code for answer in await all_sent(school)} == {201}
        assert await received(pool) == 1 + len(KEYS)
        await connection.close()


async def all_taken(dsn: str) -> list[asyncpg.Connection[asyncpg.Record]]:
    """Every connection there is."""
    guests = []
    while True:
        try:
            guests.append(await asyncpg.connect(dsn))
        except asyncpg.TooManyConnectionsError:
            return guests


async def test_who_holds_a_lock_and_does_nothing_is_sent_away_and_the_others_go_on(tmp_path: Path) -> None:
    async with own_postgres({"idle_in_transaction_session_timeout": "1s"}) as server:
        holder = await asyncpg.connect(server.dsn)
        async with (
            asyncpg.create_pool(server.dsn, min_size=2, max_size=8) as pool,
            a_school(pool, tmp_path) as (_, school),
        ):
            await holder.execute("BEGIN; LOCK TABLE log.head IN ACCESS EXCLUSIVE MODE")

            answers = await all_sent(school)

            async def sent_away() -> bool:
                return holder.is_closed()

            await until(sent_away)
            assert {answer.status_code for answer in answers} == {201}
            assert await received(pool) == len(KEYS)
            sequences = await pool.fetch(
                "SELECT array_agg(sequence ORDER BY sequence) AS all FROM log.event GROUP BY partition"
            )
            assert all(row["all"] == list(range(1, len(row["all"]) + 1)) for row in sequences), "no reader skips a gap"
