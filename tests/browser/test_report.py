"""The report in Chromium: nothing keeps anybody from reading it, wide, on a phone, in the dark; a month is chosen."""

from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import UTC, datetime
from typing import Literal

import pytest
from playwright.async_api import Browser, Page

from complaints.records.staff import Role
from desk.app import application
from desk.request import LANGUAGE_COOKIE
from tests.desk_house import PASSWORD, House, house_of
from tests.plugins_browser import IN_A_BROWSER, a_page, barriers, on_a_port
from tests.report_lives import july
from tests.story import Story

pytestmark = IN_A_BROWSER


@pytest.fixture
async def address(story: Story) -> AsyncIterator[str]:
    await july(story.store)
    office = replace(house_of(story).office, now=lambda: datetime(2026, 8, 10, 15, tzinfo=UTC))
    house = House(story, office, application(office))
    await house.employs("marta", Role.QUALITY, name="Marta Ruiz")
    async with on_a_port(house.app) as there:
        yield there


async def signed_in(browser: Browser, address: str, *, width: int, language: str) -> tuple[Page, list[str]]:
    page, wrong = await a_page(browser, width=width)
    await page.context.add_cookies([{"name": LANGUAGE_COOKIE, "value": language, "url": address}])
    await page.goto(f"{address}/sign-in?next=/reports")
    await page.fill("[name=account]", "marta")
    await page.fill("[name=password]", PASSWORD)
    await page.keyboard.press("Enter")
    await page.wait_for_selector(".report")
    return page, wrong


@pytest.mark.parametrize(
    ("width", "language", "scheme"), [(1280, "es", "light"), (380, "en", "light"), (1280, "en", "dark")]
)
async def test_the_report_keeps_nobody_out(
    browser: Browser, address: str, width: int, language: str, scheme: Literal["light", "dark"]
) -> None:
    page, wrong = await signed_in(browser, address, width=width, language=language)
    await page.emulate_media(color_scheme=scheme)
    assert await barriers(page) == []
    assert await page.evaluate("document.documentElement.scrollWidth") == width  # only its tables scroll
    assert wrong == []


async def test_its_charts_are_drawn_under_the_desks_policy(browser: Browser, address: str) -> None:
    page, wrong = await signed_in(browser, address, width=1280, language="es")
    style = "e => getComputedStyle(e).fill"
    accent = await page.eval_on_selector("#report-windows .series.color-0 .rect", style)
    late = await page.eval_on_selector("#report-windows .series.color-1 .rect", style)
    assert accent.startswith("rgb(")
    assert accent != "rgb(0, 0, 0)"  # black: the sheet did not arrive
    assert "hatched" in late
    assert wrong == []


async def test_a_month_and_a_channel_are_chosen_by_keyboard_and_stay_in_the_address(
    browser: Browser, address: str
) -> None:
    page, _ = await signed_in(browser, address, width=1280, language="es")
    await page.select_option("[name=month]", "2026-06")
    await page.select_option("[name=channel]", "phone")
    await page.focus(".report-filters button")
    await page.keyboard.press("Enter")
    await page.wait_for_url("**/reports?month=2026-06&department=&channel=phone**")
    assert "junio de 2026" in await page.inner_text("h1")
    assert await page.input_value("[name=channel]") == "phone"
    await page.click("text=→")
    assert "julio de 2026" in await page.inner_text("h1")
    assert await page.input_value("[name=channel]") == "phone"


async def test_the_pdf_comes_as_a_file(browser: Browser, address: str) -> None:
    page, _ = await signed_in(browser, address, width=1280, language="es")
    async with page.expect_download() as download:
        await page.click(".report-files >> text=PDF")
    file = await download.value
    assert file.suggested_filename == "quejas-2026-07.pdf"
    assert (await file.path()).read_bytes().startswith(b"%PDF-")
