"""A machine's clock that jumps a day on or back: the log keeps its order, and old tokens are refused by name."""

from __future__ import annotations

import asyncio
from contextlib import suppress
from datetime import timedelta
from pathlib import Path

import pytest

from consumers.project import run_projector
from events.database import Pool
from hub.clock import system_clock
from projections import ALL
from tests.api.sending import Sender, referral
from tests.faults.reckoning import everything, then_read_models_are_the_fold_of_the_log
from tests.faults.test_database_troubles import a_school

pytestmark = pytest.mark.faults
DAY = timedelta(days=1)


async def test_events_keep_their_order_and_read_models_are_their_fold_whatever_the_clock_says(
    pool: Pool, tmp_path: Path
) -> None:
    now = [system_clock()]
    async with a_school(pool, tmp_path, lambda: now[0]) as (hub, school):
        projector = asyncio.create_task(run_projector(pool, hub.log, hub.keys, ALL))
        sent = list[str]()
        for jump in (DAY, -2 * DAY, DAY, -DAY, 2 * DAY):
            now[0] += jump
            fresh = await Sender.of(school.client, school.client_id, school.secret)
            answer = await fresh.post("/v1/referrals", referral(source__message_id=f"{jump} {len(sent)}"))
            assert answer.status_code == 201, answer.text
            sent.append(answer.json()["submission_id"])
        records = await everything(hub.log)
        await then_read_models_are_the_fold_of_the_log(hub)
        projector.cancel()
        with suppress(asyncio.CancelledError):
            await projector

    assert [r.position for r in records] == list(range(1, len(records) + 1))
    told = [r.stream.removeprefix("submission/") for r in records if r.type == "submission.accepted"]
    assert told == sent, "in the order they came"
    days = [record.recorded_at for record in records if record.type == "submission.accepted"]
    assert days != sorted(days), "though the clock went back"


@pytest.mark.parametrize("seen", [True, False], ids=["a token seen before", "a token not seen before"])
@pytest.mark.parametrize("jump", [DAY, -DAY], ids=["a day on", "a day back"])
async def test_a_token_of_another_day_is_refused_by_name_and_a_new_one_is_good(
    pool: Pool, tmp_path: Path, jump: timedelta, *, seen: bool
) -> None:
    now = [system_clock()]
    async with a_school(pool, tmp_path, lambda: now[0]) as (_, school):
        if seen:
            assert (await school.post("/v1/referrals", referral())).status_code == 201
        now[0] += jump

        refused = await school.post("/v1/referrals", referral())

        assert (refused.status_code, refused.json()["type"]) == (401, "/problems/token-refused")
        assert refused.json()["detail"] == "It is expired, or not one of ours: get a new one."
        fresh = await Sender.of(school.client, school.client_id, school.secret)
        assert (await fresh.post("/v1/referrals", referral())).status_code == 201
