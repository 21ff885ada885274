"""The NHS BaRS door: headers, answers in the sender's own terms, duplicates."""

from __future__ import annotations

import json
from dataclasses import replace
from uuid import uuid4

import httpx
import pytest
from defusedxml.ElementTree import fromstring

from hub.api.app import create_app
from hub.bootstrap import Hub
from tests.api.conftest import TRUST
from tests.api.sending import Sender
from tests.connectors.bars_messages import a_message, as_xml

PATH = "/fhir/$process-message"
JSON = "application/fhir+json"
XML = "application/fhir+xml"
BOMB = (
    b'<?xml version="1.0"?><!DOCTYPE l [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;&a;&a;">'
    b'<!ENTITY c "&b;&b;&b;&b;&b;&b;&b;&b;&b;&b;">]><Bundle xmlns="http://hl7.org/fhir"><id value="&c;"/></Bundle>'
)
OUTSIDE = (
    b'<?xml version="1.0"?><!DOCTYPE l [<!ENTITY x SYSTEM "file:///etc/passwd">]>'
    b'<Bundle xmlns="http://hl7.org/fhir"><id value="&x;"/></Bundle>'
)


async def sent(
    sender: Sender, body: bytes, *, kind: str = JSON, request: str | None = None, case: str | None = None
) -> httpx.Response:
    """A message as a trust's system posts it."""
    ids = {"X-Request-ID": request or str(uuid4()), "X-Correlation-ID": case or str(uuid4())}
    return await sender.post(PATH, body, key=None, headers={"Content-Type": kind, **ids})


def message(**changes: object) -> bytes:
    return json.dumps(a_message() | changes).encode()


def issue(answer: httpx.Response) -> tuple[int, str, str]:
    """Status, REC_ code and issue type of an OperationOutcome."""
    assert answer.headers["content-type"].startswith(JSON), answer.text
    [found] = answer.json()["issue"]
    return answer.status_code, found["details"]["coding"][0]["code"], found["code"]


async def test_a_referral_as_json_is_taken_and_both_ids_come_back(hub: Hub, trust: Sender) -> None:
    request, case = str(uuid4()), str(uuid4())
    answer = await sent(trust, message(), request=request, case=case)
    assert answer.status_code == 200, answer.text
    assert answer.json()["issue"][0]["severity"] == "information"
    assert (answer.headers["x-request-id"], answer.headers["x-correlation-id"]) == (request, case)
    assert await hub.pool.fetchval("SELECT count(*) FROM log.event WHERE type = 'referral.received'") == 1


async def test_a_message_to_another_service_is_refused(hub: Hub) -> None:
    elsewhere = replace(hub, settings=hub.settings.model_copy(update={"bars_receivers": "RR8, 999"}))
    transport = httpx.ASGITransport(create_app(elsewhere))
    async with httpx.AsyncClient(transport=transport, base_url="http://hub.invalid") as client:
        trust = await Sender.of(client, *await hub.agencies.issue_credentials(TRUST.code))
        assert issue(await sent(trust, message())) == (403, "REC_FORBIDDEN", "forbidden")

    ours = replace(hub, settings=hub.settings.model_copy(update={"bars_receivers": "rr8,2000055555"}))
    transport = httpx.ASGITransport(create_app(ours))
    async with httpx.AsyncClient(transport=transport, base_url="http://hub.invalid") as client:
        trust = await Sender.of(client, *await hub.agencies.issue_credentials(TRUST.code))
        assert (await sent(trust, message())).status_code == 200


async def test_a_referral_as_xml_is_answered_as_xml(hub: Hub, trust: Sender) -> None:
    answer = await sent(trust, as_xml(a_message()), kind=XML)
    assert answer.status_code == 200, answer.text
    assert answer.headers["content-type"].startswith(XML)
    assert fromstring(answer.content).tag == "{http://hl7.org/fhir}OperationOutcome"
    assert await hub.pool.fetchval("SELECT count(*) FROM log.event WHERE type = 'referral.received'") == 1


async def test_the_same_pair_of_ids_again_is_a_duplicate(hub: Hub, trust: Sender) -> None:
    request, case = str(uuid4()), str(uuid4())
    await sent(trust, message(), request=request, case=case)
    again = await sent(trust, message(), request=request.upper(), case=case)
    assert issue(again) == (409, "REC_CONFLICT", "duplicate")
    assert await hub.pool.fetchval("SELECT count(*) FROM log.event WHERE type = 'referral.received'") == 1


async def test_the_same_pair_for_another_message_is_not_called_a_duplicate(trust: Sender) -> None:
    request, case = str(uuid4()), str(uuid4())
    await sent(trust, message(), request=request, case=case)
    answer = await sent(trust, message(id=str(uuid4())), request=request, case=case)
    assert issue(answer) == (422, "REC_UNPROCESSABLE_ENTITY", "conflict")


@pytest.mark.parametrize("missing", ["X-Request-ID", "X-Correlation-ID"])
async def test_both_ids_are_required_and_must_be_guids(trust: Sender, missing: str) -> None:
    ids = {"X-Request-ID": str(uuid4()), "X-Correlation-ID": str(uuid4()), "Content-Type": JSON}
    answer = await trust.post(PATH, message(), key=None, headers={k: v for k, v in ids.items() if k != missing})
    assert issue(answer) == (400, "REC_BAD_REQUEST", "required")
    answer = await trust.post(PATH, message(), key=None, headers={**ids, missing: "not-a-guid"})
    assert issue(answer) == (400, "REC_BAD_REQUEST", "value")


@pytest.mark.parametrize(
    ("body", "status", "code"),
    [
        (b"{", 400, "REC_BAD_REQUEST"),
        (b'{"resourceType":"Patient"}', 400, "REC_BAD_REQUEST"),
        (b'{"resourceType":"Bundle","resourceType":"Bundle"}', 400, "REC_BAD_REQUEST"),
        (b"[" * 50_000, 400, "REC_BAD_REQUEST"),
        (b'"' + rb"\"" * 500_000, 400, "REC_BAD_REQUEST"),
        (b"x" * ((1 << 20) + 1), 413, "REC_BAD_REQUEST"),
    ],
)
@pytest.mark.timeout(60)
async def test_what_is_no_bundle_is_an_operation_outcome(trust: Sender, body: bytes, status: int, code: str) -> None:
    assert issue(await sent(trust, body))[:2] == (status, code)


@pytest.mark.parametrize("body", [BOMB, OUTSIDE, b"<Bundle", b'<Patient xmlns="http://hl7.org/fhir"/>'])
async def test_xml_that_is_no_bundle_or_holds_a_dtd_is_refused(hub: Hub, trust: Sender, body: bytes) -> None:
    answer = await sent(trust, body, kind=XML)
    assert answer.status_code == 400
    assert b"root:" not in answer.content
    assert fromstring(answer.content).tag == "{http://hl7.org/fhir}OperationOutcome"
    assert await hub.pool.fetchval("SELECT count(*) FROM log.event WHERE stream LIKE 'submission/%'") == 0


async def test_errors_before_the_body_are_operation_outcomes_too(trust: Sender, school: Sender) -> None:
    assert issue(await trust.client.post("/fhir/$nothing")) == (404, "REC_NOT_FOUND", "not-found")
    assert issue(await trust.client.get(PATH))[0] == 405
    ids = {"X-Request-ID": str(uuid4()), "X-Correlation-ID": str(uuid4()), "Content-Type": JSON}
    assert issue(await trust.client.post(PATH, headers=ids)) == (401, "REC_UNAUTHORIZED", "login")
    assert issue(await sent(trust, message(), kind="text/csv"))[0] == 415
    del school


async def test_a_later_message_of_the_same_case_withdraws_it(hub: Hub, trust: Sender) -> None:
    case = str(uuid4())
    await sent(trust, message(), case=case)
    answer = await sent(trust, json.dumps(a_message(reason="update", status="revoked")).encode(), case=case)
    assert answer.status_code == 200, answer.text
    assert await hub.pool.fetchval("SELECT count(*) FROM log.event WHERE type = 'referral.withdrawn'") == 1
