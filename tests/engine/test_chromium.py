from __future__ import annotations

from pathlib import Path

import pytest
from playwright.async_api import Browser

from hub.engine.chromium import find_chromium
from hub.engine.process import EngineError


def test_the_named_one_comes_first(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    program = tmp_path / "my-chromium"
    program.touch(mode=0o755)
    monkeypatch.setenv("CHROMIUM", str(program))

    assert find_chromium() == str(program)


def test_a_named_one_that_cannot_run_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CHROMIUM", "/nowhere/chromium")

    with pytest.raises(EngineError, match="CHROMIUM names /nowhere/chromium"):
        find_chromium()


def test_playwrights_own_is_found_and_none_is_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("CHROMIUM", raising=False)
    monkeypatch.setenv("PATH", "/nowhere")
    monkeypatch.setenv("PLAYWRIGHT_BROWSERS_PATH", str(tmp_path))

    with pytest.raises(EngineError, match="no Chromium was found"):
        find_chromium()

    program = tmp_path / "chromium_headless_shell-1200" / "chrome-linux" / "headless_shell"
    program.parent.mkdir(parents=True)
    program.touch(mode=0o755)
    assert find_chromium() == str(program)


async def test_the_browser_of_the_session_shows_a_page(browser: Browser) -> None:
    page = await browser.new_page()
    await page.set_content("<title>Early Help hub</title>")

    assert await page.title() == "Early Help hub"
    await page.close()
