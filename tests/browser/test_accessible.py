"""The desk's pages under axe-core: nothing keeps anybody from using them, wide or on a phone, in both languages, in
the dark."""

from typing import Literal

import pytest
from playwright.async_api import Browser, Page

from complaints.records.staff import Role
from desk.request import LANGUAGE_COOKIE
from tests.desk_house import PASSWORD, House, house_of
from tests.plugins_browser import IN_A_BROWSER, a_page, barriers
from tests.story import Story

pytestmark = IN_A_BROWSER


OTHER_PAGES = ("/list", "/calls", "/quarantine", "/reports", "/reviews", "/sessions")


@pytest.fixture
async def house(story: Story) -> House:
    house = house_of(story)
    await house.employs("ana", Role.MANAGER, name="Ana Torres")
    await house.employs("rut", Role.ADMIN, name="Rut Salas")
    return house


@pytest.mark.parametrize(("width", "language", "scheme"), [(1280, "es", "dark"), (380, "en", "light")])
async def test_the_agents_pages_keep_nobody_out(
    house: House, address: str, browser: Browser, width: int, language: str, scheme: Literal["dark", "light"]
) -> None:
    await house.story.complaint_arrives("2026-07-22 10:00")
    number = house.story.number
    page, wrong = await a_page(browser, width=width)
    await page.emulate_media(color_scheme=scheme)
    await page.context.add_cookies([{"name": LANGUAGE_COOKIE, "value": language, "url": address}])
    await page.goto(f"{address}/sign-in")
    assert await barriers(page) == []
    await _signs_in(page, "ana")
    for path in (
        "/",
        f"/cases/{number}",
        f"/cases/{number}?done=assess",
        "/new",
        "/find?q=rosa",
        "/password",
        *OTHER_PAGES,
    ):
        await page.goto(address + path)
        await _opens_everything(page)
        assert await barriers(page) == [], path
        cut = await page.eval_on_selector_all(".table-box", "all => all.map(one => one.scrollWidth - one.clientWidth)")
        assert width < 1280 or not any(cut), f"{path}: a column is out of sight"
    assert wrong == []


async def _signs_in(page: Page, account: str) -> None:
    await page.fill("[name=account]", account)
    await page.fill("[name=password]", PASSWORD)
    await page.keyboard.press("Enter")
    await page.wait_for_selector("#board")


async def _opens_everything(page: Page) -> None:
    """Every part that is collapsed is looked at too."""
    await page.evaluate("document.querySelectorAll('details').forEach(part => part.open = true)")
