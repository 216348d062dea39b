"""Customers in Chromium: the yes, the no, details with a photo, the survey, an expired link; wide and on a phone."""

from collections.abc import AsyncIterator

import pytest
from playwright.async_api import Browser, FilePayload, Page, expect

from tests.customer_house import ARRIVED, RESOLUTION, CustomersHouse, customers_house
from tests.desk_house import ADDRESS
from tests.plugins_browser import IN_A_BROWSER, a_page, barriers, on_a_port
from tests.story import Story

pytestmark = IN_A_BROWSER

PHONE = 380
PNG = bytes.fromhex(
    "89504e470d0a1a0a0000000d4948445200000001000000010806000000"
    "1f15c4890000000d49444154789c6360606060000000050001a5f645400000000049454e44ae426082"
)


@pytest.fixture
async def house(story: Story) -> CustomersHouse:
    return await customers_house(story)


@pytest.fixture
async def there(house: CustomersHouse) -> AsyncIterator[str]:
    async with on_a_port(house.app) as address:
        yield address


async def opens(browser: Browser, house: CustomersHouse, there: str, **how: int) -> tuple[Page, list[str]]:
    """Somebody opens the link of their letter on a telephone."""
    days = how.pop("days", 90)
    page, wrong = await a_page(browser, width=how.pop("width", PHONE))
    await page.goto(house.link(days=days).replace(ADDRESS, there))
    return page, wrong


async def answers(page: Page, label: str, words: str) -> None:
    """Both steps of an answer."""
    await page.get_by_label(label, exact=True).check()
    await page.get_by_label("Si quiere, díganos por qué").first.fill(words)
    await page.get_by_role("button", name="Continuar").first.click()
    await expect(page.get_by_role("heading", name="Falta un paso")).to_be_visible()
    await expect(page.locator("blockquote")).to_have_text(words)
    await page.get_by_label("Sí, es mi respuesta").check()
    await page.get_by_role("button", name="Enviar", exact=True).click()


async def fits(page: Page) -> None:
    """Nobody scrolls sideways, and nothing keeps anybody out."""
    await page.evaluate("document.querySelectorAll('details').forEach(part => part.open = true)")
    assert await page.evaluate("document.documentElement.scrollWidth") <= PHONE
    assert await barriers(page) == []


async def test_the_customers_yes_and_the_survey(browser: Browser, house: CustomersHouse, there: str) -> None:
    await house.resolved()
    page, wrong = await opens(browser, house, there)
    await expect(page.get_by_text(RESOLUTION).first).to_be_visible()
    await answers(page, "Estoy conforme", "Gracias.")
    await expect(page.get_by_role("status")).to_contain_text("Nos alegra que esté conforme")
    assert await house.story.outcome() == "satisfied"
    await page.reload()
    await page.get_by_label("5, muy bien").check()
    await page.get_by_label("Si quiere, agregue unas palabras").fill("Muy amables.")
    await page.get_by_role("button", name="Enviar la encuesta").click()
    await expect(page.get_by_text("nos dio 5 de 5")).to_be_visible()
    assert await page.context.cookies() == []
    assert wrong == []


async def test_the_customers_no_and_their_second_thought(browser: Browser, house: CustomersHouse, there: str) -> None:
    await house.resolved()
    page, wrong = await opens(browser, house, there)
    await answers(page, "No estoy conforme, porque…", "Faltan dos clases.")
    await expect(page.get_by_role("status")).to_contain_text("Volvemos a investigar su caso")
    assert (await house.status()).level == 1
    await page.get_by_text("¿Fue un error, o cambió de idea?").click()
    await page.get_by_label("Sí estoy conforme con la respuesta que me dieron").check()
    await page.get_by_role("button", name="Continuar").first.click()
    await page.get_by_role("button", name="Volver y cambiarla").click()
    await expect(page.get_by_label("Sí estoy conforme con la respuesta que me dieron")).to_be_checked()
    await page.get_by_role("button", name="Continuar").first.click()
    await page.get_by_label("Sí, es mi respuesta").check()
    await page.get_by_role("button", name="Enviar", exact=True).click()
    await expect(page.get_by_text("Después nos dijo que sí está conforme")).to_be_visible()
    assert wrong == []


async def test_details_with_a_photo(browser: Browser, house: CustomersHouse, there: str) -> None:
    await house.story.complaint_arrives(ARRIVED, customer={"document": None})
    await house.story.asks("request_details", question="¿Desde qué dispositivo entra?", by="Ana Torres")
    page, wrong = await opens(browser, house, there)
    await expect(page.locator("blockquote").first).to_have_text("¿Desde qué dispositivo entra?")
    await page.get_by_label("Documento de identidad").fill("45678912")
    await page.get_by_label("Su mensaje").fill("Desde mi celular.")
    photo = FilePayload(name="pantalla.png", mimeType="image/png", buffer=PNG)
    await page.get_by_label("Fotos o documentos").set_input_files([photo])
    await page.get_by_role("button", name="Enviar", exact=True).click()
    await expect(page.get_by_role("status")).to_contain_text("Recibimos lo que nos envió")
    await expect(page.get_by_text("[pantalla.png]")).to_be_visible()
    [mail] = await house.story.store.mails_of(house.story.number)
    assert [file.type for file in await house.story.store.attachments(mail.digest)] == ["image/png"]
    assert wrong == []


async def test_an_expired_link_leads_to_a_new_one(browser: Browser, house: CustomersHouse, there: str) -> None:
    await house.story.complaint_arrives(ARRIVED)
    await house.story.all_is_told()
    page, wrong = await opens(browser, house, there, days=-1)
    await expect(page.get_by_role("heading", name="Este enlace ya venció")).to_be_visible()
    await fits(page)
    # The page of an ended link does not say whose it was: the number is the customer's to write.
    await page.get_by_label("Su número de queja").fill(house.story.number)
    await page.get_by_label("El correo con el que se comunica con nosotros").fill("rosa@correo.example")
    house.story.sink.arrived.clear()
    await page.get_by_role("button", name="Enviarme un enlace nuevo").click()
    await expect(page.get_by_role("status")).to_contain_text("le acabamos de enviar un enlace nuevo")
    await house.story.sink.arrived.wait()
    assert house.story.letters()[-1] == "Su enlace para ver su queja"
    assert wrong == []


async def test_every_state_of_the_page_fits_a_phone_and_keeps_nobody_out(
    browser: Browser, house: CustomersHouse, there: str
) -> None:
    story = house.story
    await story.complaint_arrives(ARRIVED, customer={"document": None}, problem={"description": "x" * 300})
    await story.asks("request_details", missing=["identification", "la boleta"], question="¿Cuál?", by="Ana")
    page, wrong = await opens(browser, house, there)
    await fits(page)
    await story.asks("resolve", text=f"Le devolvemos las horas. {'y' * 200}", outcome="not", by="Ana Torres")
    await page.reload()
    await fits(page)
    await page.goto(f"{page.url}?lang=en")
    await fits(page)
    await answers_in_english(page)
    await fits(page)
    await story.asks("close_by_decision", reason="Revisamos todo.", by="Luis Mamani")
    await page.reload()
    await fits(page)
    assert wrong == []


async def answers_in_english(page: Page) -> None:
    await page.get_by_label("I am not satisfied, because…").check()
    await page.get_by_role("button", name="Continue").first.click()
    await fits(page)
    await page.get_by_label("Yes, this is my answer").check()
    await page.get_by_role("button", name="Send", exact=True).click()
    await expect(page.get_by_role("status")).to_contain_text("you are not satisfied")
