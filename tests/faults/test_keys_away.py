"""Keys that cannot be had for a while: what could not be sealed is not taken, nothing is parked, nothing is lost."""

from __future__ import annotations

import asyncio
from contextlib import suppress
from pathlib import Path
from uuid import UUID

import pytest

from consumers.project import ProjectorPace, run_projector
from events.database import Pool
from events.keys import Wrapping
from events.sealing import Key
from hub.bootstrap import Hub
from projections import ALL
from projections.progress import status, wait_for
from tests.api.sending import referral
from tests.faults.test_database_troubles import KEYS, a_school, all_sent, assert_told_to_come_back, received
from tests.waiting import LONG, until

pytestmark = pytest.mark.faults


class AwayWrapping:
    """A key management service that answers nothing while it is `away`."""

    def __init__(self, wrapping: Wrapping, failure: Exception) -> None:
        self.away = True
        self.asked = 0
        self._wrapping = wrapping
        self._failure = failure

    def wrap(self, key: Key) -> bytes:
        self._answer()
        return self._wrapping.wrap(key)

    def unwrap(self, key_id: UUID, wrapped: bytes) -> Key:
        self._answer()
        return self._wrapping.unwrap(key_id, wrapped)

    def _answer(self) -> None:
        self.asked += 1
        if self.away:
            raise self._failure


def taken_away(hub: Hub, failure: Exception) -> AwayWrapping:
    """From now on this hub's keys are wrapped by a service that is away."""
    hub.keys._wrapping = found = AwayWrapping(hub.keys._wrapping, failure)
    return found


@pytest.mark.parametrize("failure", [ConnectionRefusedError(), TimeoutError()], ids=lambda each: type(each).__name__)
async def test_while_no_key_can_be_wrapped_senders_are_told_to_come_back_and_reading_goes_on(
    pool: Pool, tmp_path: Path, failure: Exception
) -> None:
    async with a_school(pool, tmp_path) as (hub, school):
        before = await school.post("/v1/referrals", referral())
        wrapping = taken_away(hub, failure)

        answers = await all_sent(school)
        file = await school.post(
            "/v1/files/school-referral", b"a,b\n1,2\n", key="file", headers={"Content-Type": "text/csv"}
        )

        assert_told_to_come_back([*answers, file])
        assert wrapping.asked
        assert (await school.get(f"/v1/submissions/{before.json()['submission_id']}")).status_code == 200
        assert await received(pool) == 1

        wrapping.away = False
        assert {answer.status_code for answer in await all_sent(school)} == {201}
        assert await received(pool) == 1 + len(KEYS)


async def test_while_no_key_can_be_opened_nothing_is_parked_and_all_is_shown_after(pool: Pool, tmp_path: Path) -> None:
    async with a_school(pool, tmp_path) as (hub, school):
        await all_sent(school)
        wrapping = taken_away(hub, ConnectionRefusedError())
        pace = ProjectorPace(parked=0.1, first_wait=0.05, longest_wait=0.1)
        projector = asyncio.create_task(run_projector(pool, hub.log, hub.keys, ALL, pace))

        async def tried_thrice() -> bool:
            return wrapping.asked >= 3

        await until(tried_thrice)
        assert {count.events for count in (await status(pool, ALL)).parked} == {0}
        wrapping.away = False

        assert await wait_for(pool, (await hub.log.heads()).sequences, ALL, LONG)
        assert {count.events for count in (await status(pool, ALL)).parked} == {0}
        projector.cancel()
        with suppress(asyncio.CancelledError):
            await projector


async def test_while_the_key_store_does_not_answer_senders_are_told_in_time_and_what_was_sent_is_one_event(
    pool: Pool, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("hub.api.messages.ANSWER_SECONDS", 0.5)
    async with a_school(pool, tmp_path) as (_, school):
        before = await school.post("/v1/referrals", referral())
        async with pool.acquire() as other, other.transaction():
            await other.execute("LOCK TABLE keys.data_key IN ACCESS EXCLUSIVE MODE")

            assert_told_to_come_back(await all_sent(school))

            assert (await school.get(f"/v1/submissions/{before.json()['submission_id']}")).status_code == 200
        monkeypatch.undo()

        async def all_taken() -> bool:
            return {answer.status_code for answer in await all_sent(school)} == {201}

        await until(all_taken)
        assert await received(pool) == 1 + len(KEYS)
