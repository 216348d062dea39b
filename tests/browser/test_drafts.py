"""Drafts in Chromium: typed, kept, there again on another machine; leaving with unsent words asks."""

import asyncio

import pytest
from playwright.async_api import Browser, Dialog, expect

from tests.browser.test_desk import is_in
from tests.desk_house import House, house_of
from tests.plugins_browser import IN_A_BROWSER, a_page
from tests.story import Story

pytestmark = IN_A_BROWSER


@pytest.fixture
async def house(story: Story) -> House:
    house = house_of(story)
    await house.employs("ana", name="Ana Torres")
    return house


async def test_nobody_loses_what_they_typed(house: House, browser: Browser, address: str) -> None:
    number = await house.opens(name="Rosa Quispe", email="rosa@correo.example")
    here = f"{address}/cases/{number}"
    page, wrong = await a_page(browser)
    asked: list[str] = []

    async def answer(dialog: Dialog) -> None:
        asked.append(dialog.type)
        await dialog.accept()

    page.on("dialog", lambda dialog: asyncio.ensure_future(answer(dialog)))
    await page.goto(address)
    await is_in(page)
    await page.goto(here)
    assert asked == []
    await page.locator("#reply > summary").click()
    await page.locator("#reply-text").press_sequentially("Rosa: ya lo encontramos.")
    await expect(page.locator("#reply .draft")).to_have_text("borrador guardado")
    await page.goto(address)
    assert asked == ["beforeunload"], "leaving with unsent words asks"
    other, _ = await a_page(browser)  # another machine
    await other.goto(address)
    await is_in(other)
    await other.goto(here)
    await expect(other.locator("#reply-text")).to_have_value("Rosa: ya lo encontramos.")
    await expect(other.locator("#reply .draft")).to_have_text("borrador")
    await other.locator("#act-add_note > summary").click()
    await other.locator("#act-add_note [name=text]").press_sequentially("Hablé con Caja.")
    await other.get_by_role("button", name="Enviar al cliente").click()
    await expect(other.get_by_role("status").filter(has_text="Hecho: Mensaje al cliente")).to_be_visible()
    await expect(other.locator("#act-add_note [name=text]")).to_have_value("Hablé con Caja.")
    await expect(other.locator("#reply-text")).to_have_value("")
    assert wrong == []
