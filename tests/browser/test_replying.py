"""A reply in Chromium: a text block by one click, the letter as it will arrive, sent; wide, on a phone, by keyboard."""

import pytest
from playwright.async_api import Browser, expect

from complaints.rules.facts import MessageReceived, Via
from tests.browser.test_desk import is_in
from tests.desk_house import House, house_of
from tests.plugins_browser import IN_A_BROWSER, a_page, barriers
from tests.story import Story

pytestmark = IN_A_BROWSER


@pytest.fixture
async def house(story: Story) -> House:
    house = house_of(story)
    await house.employs("ana", name="Ana Torres")
    return house


@pytest.mark.parametrize("width", [1280, 380])
async def test_5_4_a_message_is_answered_from_a_text_block(
    house: House, browser: Browser, address: str, width: int
) -> None:
    number = await house.opens(name="Rosa Quispe", email="rosa@correo.example")
    await house.office.front_desk.tell(number, MessageReceived(text="¿Y?", by="customer", via=Via.REPLY))
    await house.has_written(number, "message-received")
    page, wrong = await a_page(browser, width=width)
    await page.goto(address)
    await is_in(page)
    await page.goto(f"{address}/cases/{number}")
    await page.locator("#reply .blocks summary").click()
    await page.get_by_role("link", name="Estamos en ello").click()
    written = page.locator("#reply-text")
    await expect(written).to_be_focused()
    assert f"Su queja {number}, del " in await written.input_value()
    await page.locator("#reply").get_by_role("button", name="Así lo recibirá").click()
    shown = page.locator("#reply .preview .letter")
    await expect(shown).to_contain_text("la estoy revisando yo")
    assert await barriers(page) == []
    assert await page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    await written.focus()
    await page.keyboard.press("Control+Enter")
    await expect(page.get_by_role("status").first).to_contain_text("Hecho: Mensaje al cliente")
    await expect(page.locator(".timeline")).to_contain_text("la estoy revisando yo")
    await expect(page.locator("#waiting")).to_have_count(0)
    assert wrong == []
