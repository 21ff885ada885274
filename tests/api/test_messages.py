"""A referral or a receipt as JSON: taken once, whatever is retried; refused by name where it is not right."""

from __future__ import annotations

import asyncio
import json
from datetime import timedelta
from typing import Any

import pytest

from hub.bootstrap import Hub
from hub.clock import system_clock
from tests.api.sending import Sender, receipt, referral


async def events_of(hub: Hub, *types: str) -> int:
    """How many events of these types are on the log."""
    count: int = await hub.pool.fetchval("SELECT count(*) FROM log.event WHERE type = ANY($1)", list(types))
    return count


async def test_a_referral_is_taken_and_answered_with_its_place(hub: Hub, school: Sender) -> None:
    answer = await school.post("/v1/referrals", referral())
    assert answer.status_code == 201
    body = answer.json()
    assert body["outcome"] == "accepted"
    assert answer.headers["location"] == f"/v1/submissions/{body['submission_id']}"
    assert await events_of(hub, "referral.received") == 1
    assert await hub.pool.fetchval("SELECT agency FROM log.event WHERE type = 'referral.received'") == "SCHOOL.LARKMOOR"


async def test_information_is_taken_too(hub: Hub, school: Sender) -> None:
    answer = await school.post("/v1/receipts", receipt())
    assert (answer.status_code, answer.json()["outcome"]) == (201, "accepted")
    assert await events_of(hub, "information.received") == 1


async def test_what_a_person_must_look_at_is_taken_for_review(hub: Hub, school: Sender) -> None:
    answer = await school.post("/v1/referrals", referral(subject={"unborn": False}))
    assert answer.status_code == 201
    assert (answer.json()["outcome"], answer.json()["review"]) == ("review", "no-name")
    assert await events_of(hub, "review.raised") == 1


async def test_a_retry_gets_the_stored_answer_to_the_byte(hub: Hub, school: Sender) -> None:
    first = await school.post("/v1/referrals", referral(), key="order-1")
    again = await school.post("/v1/referrals", referral(), key="order-1")
    quoted = await school.post("/v1/referrals", referral(), key='"order-1"')

    assert "idempotency-replayed" not in first.headers
    for repeat in (again, quoted):
        assert (repeat.status_code, repeat.content) == (first.status_code, first.content)
        assert repeat.headers["location"] == first.headers["location"]
        assert repeat.headers["idempotency-replayed"] == "true"
    assert await events_of(hub, "referral.received") == 1


async def test_a_refusal_is_stored_and_repeated_likewise(school: Sender) -> None:
    body = referral(lawful_basis=["ART6_1_E", "DPA2018_P3"])
    first = await school.post("/v1/referrals", body, key="order-2")
    again = await school.post("/v1/referrals", body, key="order-2")
    assert (first.status_code, first.json()["type"]) == (403, "/problems/basis-not-agreed")
    assert first.json()["errors"][0]["pointer"] == "/lawful_basis/1"
    without_id = [{k: v for k, v in answer.json().items() if k != "request_id"} for answer in (first, again)]
    assert without_id[0] == without_id[1]
    assert again.headers["idempotency-replayed"] == "true"


async def test_the_same_key_for_other_bytes_is_refused(hub: Hub, school: Sender) -> None:
    await school.post("/v1/referrals", referral(), key="order-3")
    answer = await school.post("/v1/referrals", referral(concern="Something else."), key="order-3")
    assert (answer.status_code, answer.json()["type"]) == (422, "/problems/key-reused")
    assert await events_of(hub, "referral.received") == 1


async def test_fifty_twins_at_once_make_one_event_and_get_one_answer(hub: Hub, school: Sender) -> None:
    answers = await asyncio.gather(*(school.post("/v1/referrals", referral(), key="twin") for _ in range(50)))
    assert {answer.status_code for answer in answers} == {201}
    assert len({answer.content for answer in answers}) == 1
    assert sum("idempotency-replayed" not in answer.headers for answer in answers) == 1
    assert await events_of(hub, "referral.received") == 1


async def test_two_agencies_may_use_the_same_key(hub: Hub, school: Sender, trust: Sender) -> None:
    for sender in (school, trust):
        assert (await sender.post("/v1/referrals", referral(), key="ours")).status_code == 201
    assert await events_of(hub, "referral.received") == 2


@pytest.mark.parametrize("key", [None, '""', '"half', "with space", "x" * 256, "caf\u00e9".encode()])
async def test_a_key_that_is_missing_or_not_one_is_asked_for(school: Sender, key: Any) -> None:
    headers = {} if key is None else {b"Idempotency-Key": key.encode() if isinstance(key, str) else key}
    heads: Any = {b"Authorization": f"Bearer {school.token}".encode(), b"Content-Type": b"application/json", **headers}
    answer = await school.client.post("/v1/referrals", content=json.dumps(referral()), headers=heads)
    assert (answer.status_code, answer.json()["type"]) == (400, "/problems/idempotency-key-missing")


@pytest.mark.parametrize(
    ("change", "pointer"),
    [
        ({"subject__birth": {"date": "2019-02-29"}}, "/subject/birth"),
        ({"subject__birth": {"date": "0000-01-01"}}, "/subject/birth"),
        ({"subject__birth": {"date": "+10000-01-01"}}, "/subject/birth/date"),
        ({"subject__birth": {"date": "09/04/2018"}}, "/subject/birth"),
        ({"occurred_at": "2026-11-24T25:00:00Z"}, "/occurred_at"),
        ({"occurred_at": "2026-06-30T23:59:60Z"}, "/occurred_at"),
        ({"occurred_at": "2026-11-24T09:30:00"}, "/occurred_at"),
        ({"occurred_at": "+10000-01-01T00:00:00Z"}, "/occurred_at"),
        ({"occurred_at": 1_795_000_000}, "/occurred_at"),
        ({"concern": "A bell \u0007 rings"}, "/concern"),
        ({"concern": "nothing \u0000 here"}, "/concern"),
        ({"subject__name": {"family": "two\nlines"}}, "/subject/name/family"),
        ({"subject__name": {"family": "x" * 701}}, "/subject/name/family"),
        ({"subject__unborn": "true"}, "/subject/unborn"),
        ({"subject__unborn": 1}, "/subject/unborn"),
        ({"subject__shoe_size": "3"}, "/subject/shoe_size"),
        ({"subject__identifiers": [{"scheme": "UPN", "value": 801200005001}]}, "/subject/identifiers/0/value"),
        ({"kind": "complaint"}, "/kind"),
        ({"version": 2}, "/version"),
        ({"agency": "HEALTH.WEALDFORD"}, "/agency"),
        ({"lawful_basis": []}, "/lawful_basis"),
        ({"lawful_basis": ["CONSENT"]}, "/lawful_basis/0"),
        ({"adults": [{"name": {}}] * 31}, "/adults"),
        ({"concern": "x" * 65_537}, "/concern"),
    ],
)
async def test_what_does_not_fit_the_schema_is_refused_with_its_place(
    hub: Hub, school: Sender, change: dict[str, object], pointer: str
) -> None:
    answer = await school.post("/v1/referrals", referral(**change))
    assert (answer.status_code, answer.json()["type"]) == (422, "/problems/not-valid")
    assert pointer in {error["pointer"] for error in answer.json()["errors"]}
    assert await events_of(hub, "submission.accepted", "submission.refused") == 0


@pytest.mark.parametrize(
    ("change", "pointer"),
    [
        ({"occurred_at": (system_clock() + timedelta(days=3)).isoformat()}, "/occurred_at"),
        ({"occurred_at": "9999-12-31T23:59:59Z"}, "/occurred_at"),
        ({"subject__birth": {"date": "2999"}}, "/subject/birth/date"),
        ({"adults": [{"name": {"given": "Sampla"}, "birth": {"date": "2999-01-01"}}]}, "/adults/0/birth/date"),
    ],
)
async def test_a_date_that_has_not_come_yet_is_refused(school: Sender, change: dict[str, object], pointer: str) -> None:
    answer = await school.post("/v1/referrals", referral(**change))
    assert (answer.status_code, answer.json()["type"]) == (422, "/problems/date-in-future")
    assert answer.json()["errors"][0]["pointer"] == pointer


@pytest.mark.parametrize(
    "names",
    [
        {"given": "Siobh\u00e1n", "family": "O\u2019Brien"},
        {"given": "Nguy\u1ec5n"},
        {"family": "X"},
        {"given": "e\u0301" * 100, "family": "y" * 700},
        {"given": "<script>alert(1)</script>", "family": "'; DROP TABLE log.event; --"},
        {"given": "\u202eabc", "family": "\u200dz"},
    ],
)
async def test_real_and_strange_names_are_taken_as_they_are(school: Sender, names: dict[str, str]) -> None:
    answer = await school.post("/v1/referrals", referral(subject__name=names))
    assert (answer.status_code, answer.json()["outcome"]) == (201, "accepted")


@pytest.mark.parametrize(
    "number",
    ["9000000009", "900 000 0009", "9912003890", "90000000090", "\u0669\u0660\u0660\u0660", "9990000018"],
)
async def test_an_nhs_number_good_or_bad_never_turns_a_referral_away(school: Sender, number: str) -> None:
    identifiers = [{"scheme": "NHS_NUMBER", "value": number, "valid": True}]
    answer = await school.post("/v1/referrals", referral(subject__identifiers=identifiers))
    assert (answer.status_code, answer.json()["outcome"]) == (201, "accepted")


@pytest.mark.parametrize(
    ("body", "status", "code"),
    [
        (b'{"a":' * 40, 400, "too-deep"),
        (b"[" + b"1," * 20_000 + b"1]", 400, "too-many-nodes"),
        (b'{"concern":"a","concern":"b"}', 400, "duplicate-key"),
        (b'{"n":123456789012345678901234567890}', 422, "number-out-of-range"),
        (b'{"n":NaN}', 400, "number-not-finite"),
        ("{}".encode("utf-16"), 400, "not-utf8"),
        (b"not json", 400, "not-json"),
        (b"x" * ((1 << 20) + 1), 413, "too-large"),
    ],
)
async def test_a_body_that_is_no_strict_json_of_fair_size_is_a_problem(
    school: Sender, body: bytes, status: int, code: str
) -> None:
    answer = await school.post("/v1/referrals", body)
    assert (answer.status_code, answer.json()["type"]) == (status, f"/problems/{code}")
    assert answer.headers["content-type"] == "application/problem+json"


@pytest.mark.parametrize("encoding", ["gzip", "deflate", "br", "zstd", "gzip, gzip"])
async def test_an_encoded_body_is_not_opened(school: Sender, encoding: str) -> None:
    answer = await school.post("/v1/referrals", b"\x1f\x8b", headers={"Content-Encoding": encoding})
    assert (answer.status_code, answer.json()["type"]) == (415, "/problems/encoded-body")


@pytest.mark.parametrize("kind", ["text/plain", "application/x-www-form-urlencoded", "application/jsonx", ""])
async def test_another_media_type_is_refused(school: Sender, kind: str) -> None:
    answer = await school.post("/v1/referrals", referral(), headers={"Content-Type": kind})
    assert (answer.status_code, answer.json()["type"]) == (415, "/problems/media-type")


async def test_without_a_token_nothing_is_said_about_the_body(school: Sender) -> None:
    answer = await school.client.post("/v1/referrals", content=b"{")
    assert (answer.status_code, answer.json()["type"]) == (401, "/problems/token-missing")


async def test_an_answer_never_repeats_what_was_sent(school: Sender) -> None:
    canary = "Zzyzxanna"
    bodies: list[Any] = [
        referral(subject__name={"family": canary + "x" * 700}),
        referral(urgency=canary),
        referral(**{canary: canary}),
        referral(subject__birth={"date": canary}),
        referral(occurred_at=canary),
        referral(lawful_basis=[canary]),
        referral(subject__name=canary),
        '{"' + canary + '":1,"' + canary + '":2}',
        canary,
        referral(lawful_basis=["DPA2018_P3"], concern=canary),
    ]
    for body in bodies:
        answer = await school.post("/v1/referrals", body)
        assert 400 <= answer.status_code < 500
        assert canary not in answer.text
