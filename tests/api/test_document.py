"""The committed API description is what this code serves, and its examples are true."""

from __future__ import annotations

import asyncio
import re
from html import escape

import httpx
import orjson
import pytest

from hub.api import examples
from hub.api.document import COMMITTED, document
from hub.api.problems import KINDS
from hub.submission import InformationReceipt, Referral
from tests.api.sending import Sender, receipt, referral


async def test_the_committed_description_is_up_to_date() -> None:
    written = await asyncio.to_thread(document)
    assert written == COMMITTED.read_bytes(), "run: make docs"


async def test_it_is_served(client: httpx.AsyncClient) -> None:
    assert (await client.get("/openapi.json")).content == COMMITTED.read_bytes()


async def test_every_reference_in_it_leads_somewhere() -> None:
    text = COMMITTED.read_text()
    described = orjson.loads(text)
    for path in set(re.findall(r'"\$ref": "#/([^"]+)"', text)):
        place = described
        for step in path.split("/"):
            place = place[step]


async def test_its_examples_are_accepted(school: Sender) -> None:
    assert (await school.post("/v1/referrals", referral())).json()["outcome"] == "accepted"
    assert (await school.post("/v1/receipts", receipt())).json()["outcome"] == "accepted"
    Referral.model_validate_json(orjson.dumps(examples.REFERRAL))
    InformationReceipt.model_validate_json(orjson.dumps(examples.RECEIPT))


@pytest.mark.parametrize("code", sorted(KINDS))
async def test_every_problem_type_is_explained_at_its_address(client: httpx.AsyncClient, code: str) -> None:
    page = await client.get(f"/problems/{code}")
    assert page.status_code == 200
    assert escape(KINDS[code].meaning) in page.text
    assert code in (await client.get("/problems")).text


async def test_the_developers_page_loads_nothing_from_elsewhere(client: httpx.AsyncClient) -> None:
    page = (await client.get("/docs")).text
    assert "/openapi.json" in page
    assert "<script" not in page
    assert "://" not in page
