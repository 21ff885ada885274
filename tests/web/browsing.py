"""What a real browser is asked about every page: is it accessible, does it fit, does anything complain."""

from __future__ import annotations

from typing import Final

from axe_playwright_python.async_playwright import Axe
from playwright.async_api import ConsoleMessage, Page

NARROW: Final = 375
NARROWEST: Final = 320  # what WCAG 2.2 asks for (1.4.10 Reflow)
_WCAG: Final = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]
_LEFT: Final = "net::ERR_ABORTED"
_NO_NEWS: Final = ("status of 404", "status of 409")


async def violations_of(page: Page) -> str:
    """What on this page, with everything opened, does not meet WCAG 2.2 AA; empty if nothing."""
    for details in await page.locator("details").all():
        await details.evaluate("element => { element.open = true }")
    result = await Axe().run(page, options={"runOnly": {"type": "tag", "values": _WCAG}})
    assert len(result.response["passes"]) > 10
    return str(result.generate_report()) if result.response["violations"] else ""


async def too_wide(page: Page) -> dict[int, int]:
    """On which narrow screens the page is wider than they are, and how wide."""
    size, wide = page.viewport_size, dict[int, int]()
    for width in (NARROW, NARROWEST):
        await page.set_viewport_size({"width": width, "height": 800})
        found = await page.evaluate("document.documentElement.scrollWidth")
        if found > width:
            wide[width] = found
    if size is not None:
        await page.set_viewport_size(size)
    return wide


def complaints(page: Page) -> list[str]:
    """What the browser complains of from now on; that an error page is one is no news.

    Nor is it that a page was left while one of its pictures was still on the way.
    """
    found: list[str] = []

    def heard(message: ConsoleMessage) -> None:
        if message.type in {"error", "warning"} and not any(each in message.text for each in _NO_NEWS):
            found.append(message.text)

    page.on("console", heard)
    page.on("pageerror", lambda failure: found.append(str(failure)))
    page.on("requestfailed", lambda request: found.append(request.url) if request.failure != _LEFT else None)
    return found
