"""Drafts in Chromium: typed, kept, there again on another machine; leaving with unsent words asks; a session that ends
loses none."""

import asyncio

import pytest
from playwright.async_api import Browser, Dialog, expect

from tests.browser.test_desk import is_in, signs_in
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


async def test_a_session_that_ends_loses_nothing_that_was_typed(house: House, browser: Browser, address: str) -> None:
    """Neither where it is sent after the end, nor where the page itself notices; and another person finds nothing."""
    await house.employs("beto", name="Beto Rojas")
    number = await house.opens(name="Rosa Quispe", email="rosa@correo.example")
    page, wrong = await a_page(browser)
    await page.goto(address)
    await is_in(page)

    async def session_ends() -> None:
        await house.office.store.end_other_sessions("ana", here="")

    await page.goto(f"{address}/cases/{number}")
    await page.locator("#act-add_note > summary").click()
    await session_ends()
    await page.locator("#act-add_note [name=text]").press_sequentially("Hablé con Caja.")
    await expect(page.locator("#act-add_note .draft")).to_have_text("sin guardar: está solo en esta página")
    await page.keyboard.press("Control+Enter")
    await expect(page.locator("#typed-is-kept")).to_be_visible()
    await expect(page.locator("#was-not-kept")).to_have_count(0)
    await signs_in(page)
    await expect(page.locator("#act-add_note [name=text]")).to_have_value("Hablé con Caja.")
    await expect(page.locator("#act-add_note [role=status]")).to_contain_text("no se envió")

    await page.goto(f"{address}/new")
    await page.locator("[name=description]").fill("Me cobraron dos veces.")
    await page.locator("[name=product]").fill("Curso de BIM")
    await session_ends()
    await page.get_by_role("button", name="Registrar queja").click()
    await signs_in(page)
    await expect(page.locator("[name=description]")).to_have_value("Me cobraron dos veces.")
    await expect(page.locator("[name=product]")).to_have_value("Curso de BIM")

    await session_ends()
    await page.get_by_role("button", name="Registrar queja").click()
    await signs_in(page, account="beto")
    await expect(page.locator("[name=description]")).to_have_value("")
    await page.goto(f"{address}/list")  # what the desk refuses on a page of its own is not lost either
    await page.locator("#many summary", has_text="Nota").click()
    await page.locator("#many [name=text]").fill("Preguntar a Caja.")
    await page.get_by_role("button", name="Guardar nota").click()
    await expect(page.get_by_role("alert")).to_contain_text("marque")
    await page.get_by_role("link", name="Volver al formulario").click()
    await expect(page.locator("#many [name=text]")).to_have_value("Preguntar a Caja.")
    assert wrong == []
