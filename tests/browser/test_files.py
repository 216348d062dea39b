"""Files with a reply in Chromium: chosen, seen before they go, taken back, sent again; and the customer's page."""

import pytest
from playwright.async_api import Browser, FilePayload, expect

from tests.browser.test_desk import is_in
from tests.customer_house import ARRIVED, CustomersHouse, customers_house
from tests.desk_house import ADDRESS
from tests.plugins_browser import IN_A_BROWSER, a_page, barriers
from tests.story import Story

pytestmark = IN_A_BROWSER

NAME = "Constancia de matrícula – Peña.pdf"


@pytest.fixture
async def house(story: Story) -> CustomersHouse:
    house = await customers_house(story)
    await house.employs("ana", name="Ana Torres")
    await story.complaint_arrives(ARRIVED)
    return house


def a_file(name: str, data: bytes = b"%PDF-1.7\n" + b"x" * 120_000) -> FilePayload:
    return {"name": name, "mimeType": "application/pdf", "buffer": data}


@pytest.mark.parametrize("width", [1280, 380])
async def test_files_are_chosen_seen_taken_back_and_sent(
    house: CustomersHouse, browser: Browser, address: str, width: int
) -> None:
    page, wrong = await a_page(browser, width=width)
    await page.goto(address)
    await is_in(page)
    await page.goto(f"{address}/cases/{house.story.number}?act=reply")
    reply = page.locator("#reply")
    await page.locator("#reply-text").fill("Aquí va su constancia.")
    files = page.locator("#reply-files")
    await files.set_input_files([a_file(f"{place}.pdf") for place in range(11)])
    assert "hasta 10, y 25 MB" in await files.evaluate("field => field.validationMessage")
    await files.set_input_files([a_file(NAME), a_file("captura de pantalla.png", b"\x89PNG\r\n\x1a\n" + b"\x00" * 900)])
    assert await files.evaluate("field => field.validationMessage") == ""
    await expect(reply.locator(".chosen li")).to_have_text([f"{NAME} · 120 kB", "captura de pantalla.png · 1 kB"])
    # A picture of the screen is pasted beside them; what Word copies, words with their picture, stays words.
    paste = """(field, types) => {
        const held = new DataTransfer();
        held.items.add(new File(["\\x89PNG"], "image.png", { type: "image/png" }));
        if (types) held.setData("text/plain", "palabras");
        field.dispatchEvent(new ClipboardEvent("paste", { clipboardData: held, bubbles: true, cancelable: true }));
    }"""
    await page.locator("#reply-text").evaluate(paste, False)
    await page.locator("#reply-text").evaluate(paste, True)
    await expect(reply.locator(".chosen li")).to_have_count(3)
    await expect(reply.locator(".chosen li").last).to_contain_text("image.png")
    await files.set_input_files([a_file(NAME), a_file("captura de pantalla.png", b"\x89PNG\r\n\x1a\n" + b"\x00" * 900)])
    await reply.get_by_role("button", name="Así lo recibirá").click()
    await expect(reply.locator(".preview")).to_contain_text(f"Adjunto: {NAME}")
    assert await barriers(page) == []
    assert await page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    await reply.get_by_role("button", name="Enviar al cliente").click()
    await expect(page.locator(".pending")).to_contain_text("Mensaje al cliente")
    await expect(page.locator(".pending")).to_contain_text(NAME)
    await page.locator(".pending").get_by_role("button", name="Deshacer").click()
    await expect(page.locator("#reply-text")).to_have_value("Aquí va su constancia.")
    await expect(page.get_by_label(NAME)).to_be_checked()
    await page.get_by_label("captura de pantalla.png").uncheck()
    await reply.get_by_role("button", name="Enviar al cliente").click()
    await expect(page.locator(".pending")).to_contain_text(NAME)
    await house.story.passes(seconds=61)
    await house.story.comes_true(lambda status: status.pending_act is None and not status.letters_waiting)
    await page.goto(f"{address}/cases/{house.story.number}")
    await expect(page.locator(".timeline a.file")).to_have_text([NAME])
    await page.goto(house.link().replace(ADDRESS, address))
    await expect(page.locator(".my-lines .my-files a")).to_have_text([NAME])
    assert await barriers(page) == []
    assert await page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    assert wrong == []
