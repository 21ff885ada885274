"""What became of what an agency sent: its own alone, from the moment it has the receipt."""

from __future__ import annotations

from pathlib import Path
from uuid import uuid4

import pytest

from hub.bootstrap import Hub
from tests.api.sending import Sender, referral
from tests.api.test_files import SAMPLE


async def test_an_agency_sees_what_became_of_its_referral_at_once(school: Sender) -> None:
    sent = await school.post("/v1/referrals", referral())
    answer = await school.get(sent.headers["location"])
    assert answer.status_code == 200
    body = answer.json()
    assert (body["outcome"], body["submission_id"]) == ("accepted", sent.json()["submission_id"])
    assert body["received_at"] == sent.json()["received_at"]
    assert body["published"][0]["sequence"] > 0
    assert body["acknowledged"] is None


async def test_a_refusal_and_a_review_are_told_as_such(school: Sender) -> None:
    refused = await school.post("/v1/referrals", referral(lawful_basis=["DPA2018_P3"]))
    answer = await school.get(refused.headers["location"])
    assert (answer.json()["outcome"], answer.json()["code"]) == ("refused", "basis-not-agreed")
    review = await school.post("/v1/referrals", referral(subject={"unborn": False}))
    assert (await school.get(review.headers["location"])).json()["outcome"] == "review"


async def test_a_files_receipt_can_be_asked_for_again(school: Sender) -> None:
    sent = await school.post("/v1/files/school-referral", SAMPLE.read_bytes())
    body = (await school.get(sent.headers["location"])).json()
    assert (body["items"], body["accepted"]) == (sent.json()["items"], sent.json()["accepted"])


async def test_another_agencys_submission_answers_like_one_that_never_was(school: Sender, trust: Sender) -> None:
    sent = await school.post("/v1/referrals", referral())
    foreign = await trust.get(sent.headers["location"])
    unknown = await trust.get(f"/v1/submissions/{uuid4()}")
    assert foreign.status_code == unknown.status_code == 404
    without_id = [{k: v for k, v in each.json().items() if k != "request_id"} for each in (foreign, unknown)]
    assert without_id[0] == without_id[1]
    assert set(foreign.headers) == set(unknown.headers)


@pytest.mark.parametrize("spelling", [str.upper, lambda text: text.replace("-", ""), lambda text: f"{{{text}}}"])
async def test_an_id_has_one_spelling(school: Sender, spelling: object) -> None:
    sent = await school.post("/v1/referrals", referral())
    assert callable(spelling)
    answer = await school.get(f"/v1/submissions/{spelling(sent.json()['submission_id'])}")
    assert answer.status_code == 404


@pytest.mark.parametrize("tail", ["..%2f..%2fmetrics", "%00", "1", "..", "' OR 1=1 --"])
async def test_tricks_with_the_path_find_nothing(school: Sender, tail: str) -> None:
    answer = await school.get(f"/v1/submissions/{tail}")
    assert answer.status_code == 404


async def test_a_file_that_was_cut_off_is_told_to_be_on_its_way(hub: Hub, school: Sender, tmp_path: Path) -> None:
    submission_id = uuid4()
    await hub.pool.execute(
        "INSERT INTO original.file (agency, idempotency, submission_id, received_at) VALUES ($1, 'ab', $2, now())",
        "SCHOOL.LARKMOOR",
        submission_id,
    )
    assert (await school.get(f"/v1/submissions/{submission_id}")).json()["outcome"] == "in-progress"
