"""The public form in Chromium: on a telephone, by the keyboard alone, refused and sent, with a double click."""

from collections.abc import AsyncIterator
from datetime import timedelta

import pytest
from playwright.async_api import Browser, FilePayload, Page, expect

from desk.customer import form
from desk.customer.form import PATH
from tests.desk.test_public_form import PNG, FormHouse, form_house
from tests.plugins_browser import IN_A_BROWSER, a_page, barriers, by_keys, on_a_port
from tests.story import Story

pytestmark = IN_A_BROWSER

PHONE = 380


@pytest.fixture
async def house(story: Story) -> FormHouse:
    return await form_house(story)


@pytest.fixture
async def there(house: FormHouse) -> AsyncIterator[str]:
    async with on_a_port(house.app) as address:
        yield address


async def fits(page: Page, name: str) -> None:
    """Nobody scrolls sideways, and nothing keeps anybody out."""
    assert await page.evaluate("document.documentElement.scrollWidth") <= PHONE, name
    assert await barriers(page) == [], name


async def test_a_complaint_by_the_keyboard_alone_on_a_telephone(
    browser: Browser, house: FormHouse, there: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    # No person fills it in within three seconds; a browser of ours does on a good day.
    monkeypatch.setattr(form, "FILLED_IN_AFTER", timedelta(0))
    page, wrong = await a_page(browser, width=PHONE)
    await page.goto(f"{there}{PATH}?lang=en")
    await fits(page, "form-en")
    await page.goto(f"{there}{PATH}")
    await fits(page, "form")
    order = ("#name", "#document", "#email", "#phone", "#guardian", "#product", "#occurred_on", "#description")
    await page.locator("#name").focus()
    for field in order:
        await expect(page.locator(field)).to_be_focused()
        if field in ("#name", "#email", "#description"):
            await page.keyboard.type({"#name": "Rosa Quispe", "#email": "rosa@", "#description": "Falta."}[field])
        # A date has a day, a month and a year.
        for _ in range(4 if field == "#occurred_on" else 1):
            await page.keyboard.press("Tab")
    await expect(page.locator("#consent")).to_be_focused()
    await by_keys(page, "Space")
    # Without the browser's own checks, as with one that has none, the page says the same.
    await page.evaluate("document.querySelector('form').noValidate = true")
    await page.keyboard.press("Tab")
    await expect(page.locator("#files")).to_be_focused()
    await page.keyboard.press("Tab")
    await expect(page.get_by_role("button", name="Enviar mi queja")).to_be_focused()
    await page.keyboard.press("Enter")
    await expect(page.get_by_role("alert")).to_be_visible()
    await expect(page.locator("#name")).to_have_value("Rosa Quispe")
    await fits(page, "refused")
    await page.get_by_role("alert").get_by_role("link").click()
    await expect(page.locator("#email")).to_be_focused()
    await page.locator("#email").fill("rosa@correo.example")
    await page.locator("#files").set_input_files([FilePayload(name="foto.png", mimeType="image/png", buffer=PNG)])
    await page.get_by_role("button", name="Enviar mi queja").dblclick()
    await expect(page.get_by_role("heading", name="Recibimos su queja")).to_be_visible()
    await fits(page, "received")
    await page.reload()
    await page.get_by_role("link", name="Ver mi queja").focus()
    link = await page.get_by_role("link", name="Ver mi queja").get_attribute("href")
    assert link is not None
    await page.goto(f"{there}/c/{link.partition('/c/')[2]}")
    await expect(page.get_by_text("Hola, Rosa Quispe")).to_be_visible()
    assert await house.complaints() == 1
    assert await page.context.cookies() == []
    assert wrong == []
