"""A case on a telephone, in Chromium: the story first, three acts under the thumb, the others under Más (F28)."""

import pytest
from playwright.async_api import Browser, Page, expect

from tests.desk_house import PASSWORD, House, house_of
from tests.plugins_browser import IN_A_BROWSER, a_page, barriers
from tests.story import Story

pytestmark = IN_A_BROWSER

WIDE, HIGH = 375, 800
THUMB = 44
"""Pixels that a finger hits (WCAG 2.5.5)."""


@pytest.fixture
async def house(story: Story) -> House:
    house = house_of(story)
    await house.employs("ana", name="Ana Torres")
    return house


async def at_the_case(page: Page, address: str, number: str) -> None:
    await page.goto(f"{address}/cases/{number}")
    await page.fill("[name=account]", "ana")
    await page.fill("[name=password]", PASSWORD)
    await page.keyboard.press("Enter")
    await expect(page.locator("#story")).to_be_visible()


async def test_the_story_is_first_and_the_acts_are_under_the_thumb(
    house: House, browser: Browser, address: str
) -> None:
    number = await house.opens(email="rosa@correo.example", name="Rosa Quispe", subject="Certificado con otro nombre")
    page, wrong = await a_page(browser, width=WIDE)
    await at_the_case(page, address, number)
    await expect(page.locator(".fact-list")).not_to_have_attribute("open", "")
    tops = [await page.locator(what).evaluate("one => one.getBoundingClientRect().top") for what in
            ("h1", ".words", "#reply", "#story", "#acts-title", "#facts")]  # fmt: skip
    assert tops == sorted(tops)
    bar = page.get_by_role("navigation", name="Qué hacer ahora")
    assert [text.strip() for text in await bar.locator("> a, > details > summary").all_inner_texts()] == [
        "Evaluar", "Responder", "Nota", "Más",
    ]  # fmt: skip
    menu = await page.locator(".tabs").bounding_box()
    assert menu is not None
    for button in await bar.locator("> a, > details > summary").all():
        box = await button.bounding_box()
        assert box is not None
        assert (box["height"] >= THUMB, box["x"] >= 0, box["x"] + box["width"] <= WIDE) == (True, True, True)
        assert HIGH / 2 < box["y"] <= menu["y"] - box["height"], "over the menu, not under it"
        assert await button.evaluate("one => one.scrollWidth <= one.clientWidth"), "its word is not cut"
    assert await page.evaluate("document.documentElement.scrollWidth") <= WIDE
    assert await barriers(page) == []

    await bar.get_by_text("Más").click()
    others = bar.locator("li a")
    await expect(others.filter(has_text="Pedir datos")).to_be_visible()
    assert "Evaluar" not in await others.all_inner_texts(), "each act once"
    for link in await others.all():
        assert (await link.evaluate("one => one.getBoundingClientRect().height")) >= THUMB
    assert await barriers(page) == []
    await others.filter(has_text="Prometer fecha").click()
    await expect(page.locator("#promise_date-date")).to_be_focused()
    await expect(bar).to_be_hidden()  # whoever types has the room
    await page.evaluate("document.activeElement.blur()")
    await bar.get_by_text("Nota").click()
    await expect(page.locator("#act-add_note [name=text]")).to_be_focused()
    await page.keyboard.type("Llamé a su casa: vuelve a las seis.")
    await page.locator("#act-add_note").get_by_role("button", name="Guardar").click()
    await expect(page.get_by_role("status").first).to_contain_text("Hecho: Nota")
    await page.evaluate("scrollTo(0, document.documentElement.scrollHeight)")
    end = await page.evaluate("document.querySelector('main').getBoundingClientRect().bottom")
    top = await bar.evaluate("one => one.getBoundingClientRect().top")
    assert end <= top, "nothing of the page stays under the bar"
    assert wrong == []


async def test_the_bar_leads_without_a_script_too(house: House, browser: Browser, address: str) -> None:
    number = await house.opens(email="rosa@correo.example", name="Rosa Quispe")
    context = await browser.new_context(
        viewport={"width": WIDE, "height": HIGH}, java_script_enabled=False, locale="es-PE"
    )
    page = await context.new_page()
    await at_the_case(page, address, number)
    await page.locator(".act-bar").get_by_text("Nota").click()
    await expect(page.locator("#act-add_note [name=text]")).to_be_visible()
    assert page.url.endswith(f"/cases/{number}?act=add_note#act-add_note")
