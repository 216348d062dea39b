"""A message in Chromium: seen on the board without reloading, closed in one click, on a telephone's width too."""

import pytest
from playwright.async_api import Browser, expect

from tests.browser.test_desk import at_the_door, is_in
from tests.desk_house import House, a_mail, house_of
from tests.plugins_browser import IN_A_BROWSER, barriers
from tests.story import Story

pytestmark = IN_A_BROWSER
JORGE = "jorge@correo.example"


@pytest.fixture
async def house(story: Story) -> House:
    house = house_of(story)
    await house.employs("ana", name="Ana Torres")
    return house


@pytest.mark.parametrize("width", [1280, 380])
async def test_an_answer_by_mail_is_seen_and_closes_the_case_in_one_click(
    house: House, browser: Browser, address: str, width: int
) -> None:
    number = (await house.takes_in(a_mail("No llega mi certificado del curso de modelado básico", sender=JORGE))).number
    await house.has_written(number, "received")
    await house.story.client.get_workflow_handle(number).execute_update(
        "resolve", {"text": "Ya se lo enviamos.", "by": "Ana Torres", "outcome": "upheld"}
    )
    await house.has_written(number, "resolved")
    page, wrong = await at_the_door(browser, address, width=width)
    await is_in(page)
    await expect(page.locator(".dot")).to_have_count(0)
    await house.takes_in(a_mail("Sí, ya me llegó. Estoy conforme. Gracias.", subject=f"Re: {number}", sender=JORGE))
    await house.has_written(number, "message-received")
    await expect(page.locator(f"#u-{number} .dot")).to_be_visible()  # told without reloading
    await page.locator(f"#u-{number}").click()
    now = page.locator("#waiting")
    await expect(now).to_contain_text("Parece que está conforme", ignore_case=True)
    assert await barriers(page) == []
    assert await page.evaluate("document.documentElement.scrollWidth <= document.documentElement.clientWidth")
    await now.get_by_role("button", name="Cerrar: está conforme").click()
    await expect(page.locator(".badge").first).to_contain_text("conformidad del cliente", ignore_case=True)
    await expect(page.locator("#waiting")).to_have_count(0)
    assert wrong == []
