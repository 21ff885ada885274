from __future__ import annotations

import re
from dataclasses import replace
from typing import Any

import httpx
import pytest
from fastapi import FastAPI

from hub.api.app import PagesNotAllowed, create_app
from hub.web import queues
from projections.queues import QUEUES
from tests.web.world import SCHOOL, World, child, referral, text_of

PAGES = ("/", "/queues/FENLAND", "/packs", "/packs/MASG_NORTH", "/packs/MASG_NORTH.pdf")
HTML = {"Accept": "text/html"}


def app_with(world: World, **settings: object) -> FastAPI:
    return create_app(replace(world.hub, settings=world.hub.settings.model_copy(update=settings)))


async def ask(app: FastAPI, address: str, base: str = "http://127.0.0.1") -> httpx.Response:
    async with httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url=base) as client:
        return await client.get(address, headers=HTML)


@pytest.mark.parametrize("address", PAGES)
async def test_without_the_setting_there_are_no_pages(world: World, address: str) -> None:
    answer = await ask(app_with(world, pages_without_sign_in=False), address)
    assert answer.status_code == 404
    assert answer.headers["content-type"] == "application/problem+json"


@pytest.mark.parametrize("host", ["0.0.0.0", "::", "192.0.2.7", "hub.invalid"])  # noqa: S104 - that is the point
async def test_beyond_loopback_the_server_refuses_to_start_with_pages(world: World, host: str) -> None:
    with pytest.raises(PagesNotAllowed):
        app_with(world, host=host)


@pytest.mark.parametrize("address", PAGES)
@pytest.mark.parametrize("base", ["http://hub.invalid", "http://192.0.2.7", "http://localhost.hub.invalid"])
async def test_a_server_reached_by_another_name_shows_nothing(world: World, base: str, address: str) -> None:
    await world.tell(SCHOOL, referral(child()))
    answer = await ask(app_with(world), address, base)
    assert answer.status_code == 404
    assert "Sam Madeup" not in answer.text


@pytest.mark.parametrize("address", PAGES)
async def test_pages_are_kept_nowhere_and_run_nothing_foreign(world: World, address: str) -> None:
    answer = await world.client.get(address)
    policy = answer.headers["content-security-policy"]

    assert answer.headers["cache-control"] == "no-store"
    assert answer.headers["x-content-type-options"] == "nosniff"
    assert answer.headers["referrer-policy"] == "no-referrer"
    assert answer.headers["x-frame-options"] == "DENY"
    assert "default-src 'none'" in policy
    assert "unsafe" not in policy
    assert "frame-ancestors 'none'" in policy
    assert "http" not in policy


async def test_every_script_has_the_nonce_of_its_answer_and_no_style_is_inline(world: World) -> None:
    nonces = set()
    for _ in range(2):
        answer = await world.client.get("/")
        (nonce,) = re.findall(r"'nonce-([^']+)'", answer.headers["content-security-policy"])
        scripts = re.findall(r"<script[^>]*>", answer.text)
        assert scripts
        assert all(f'nonce="{nonce}"' in script for script in scripts)
        assert not re.search(r"<style|\sstyle=|\son\w+=", answer.text)
        nonces.add(nonce)
    assert len(nonces) == 2


async def test_nothing_on_a_page_comes_from_elsewhere_or_from_gov_uk(world: World) -> None:
    page = await world.page("/queues/FENLAND")
    used = re.findall(r'<(?:link|script|img)[^>]*(?:href|src)="([^"]+)"', page)

    assert all(address.startswith("/static/") for address in used)
    for address in used:
        assert (await world.client.get(address)).status_code == 200, address
    assert "GOV.UK" not in page
    assert "crown" not in page.lower()


async def test_an_unknown_address_is_a_page_for_people_and_a_problem_for_machines(world: World) -> None:
    assert "Page not found" in await world.read("/nothing", 404)
    machine = await world.client.get("/nothing", headers={"Accept": "application/json"})
    api = await world.client.get("/v1/nothing", headers=HTML)

    assert machine.headers["content-type"] == "application/problem+json"
    assert api.headers["content-type"] == "application/problem+json"


async def test_an_error_page_says_nothing_of_its_cause(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    async def fail(*_: Any) -> None:
        raise RuntimeError("Sam Madeup, 1 Storybook Lane")

    monkeypatch.setattr(queues, "counts", fail)
    answer = await world.client.get("/")

    assert answer.status_code == 500
    assert "Sorry, there is a problem with the service" in text_of(answer.text)
    assert "Madeup" not in answer.text
    assert answer.headers["cache-control"] == "no-store"


async def test_before_the_read_models_are_made_the_page_says_so(world: World) -> None:
    await world.tell(SCHOOL, referral(child()))  # the projector is under way, and will not make them again
    await world.hub.pool.execute(f"DROP SCHEMA {QUEUES.schema} CASCADE")
    assert "The service is not ready yet" in await world.read("/queues/FENLAND", 503)


async def test_a_queue_that_there_is_not_is_not_found(world: World) -> None:
    assert "Page not found" in await world.read("/queues/NOWHERE", 404)
