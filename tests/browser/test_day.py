"""An agent's other hour in Chromium: a call, the quarantine, a duplicate, a file, and keys instead of a mouse."""

from pathlib import Path

import pytest
from playwright.async_api import Browser, expect

from tests.browser.hands import signed_in
from tests.desk_house import House, a_mail, house_of
from tests.plugins_browser import IN_A_BROWSER, barriers, by_keys
from tests.story import Story

pytestmark = IN_A_BROWSER


@pytest.fixture
async def house(story: Story) -> House:
    house = house_of(story)
    await house.employs("ana", name="Ana Torres")
    await house.employs("beto", name="Beto Rojas")
    return house


async def test_a_call_is_taken_read_out_and_its_outcome_recorded(house: House, browser: Browser, address: str) -> None:
    number = await house.opens(phone="987 654 321", name="Rosa Quispe")
    await house.has_written(number, "call-task")
    page, wrong = await signed_in(browser, address)
    await page.locator("#count-calls").filter(has_text="1").wait_for()
    await by_keys(page, "g", "l")
    await page.get_by_role("button", name="Tomar").click()
    await expect(page.locator("#call")).to_contain_text("¿Hablo con Rosa Quispe?")
    await page.fill("#call [name=notes]", "Entendió y agradece.")
    await page.get_by_role("button", name="Pidió que le llame luego").click()
    await expect(page.get_by_role("alert")).to_contain_text("Diga cuándo quiere el cliente")
    await expect(page.locator("#call [name=notes]")).to_have_value("Entendió y agradece.")
    await page.get_by_role("button", name="Hablamos: se lo dije").click()
    await expect(page.get_by_role("status").first).to_contain_text("Hecho: Llamada")
    await expect(page.locator("#call")).to_have_count(0)
    await expect(page.locator(".timeline")).to_contain_text("Entendió y agradece.")
    assert wrong == []


async def test_a_quarantined_mail_is_released_and_its_file_saved(
    house: House, browser: Browser, address: str, tmp_path: Path
) -> None:
    mail = a_mail("No era una ausencia: me cobraron dos veces.", subject="Fuera", Auto_Submitted="auto-replied")
    mail.add_attachment(b"<script>alert(1)</script>", maintype="text", subtype="html", filename="voucher.html")
    await house.takes_in(mail)
    page, wrong = await signed_in(browser, address)
    await page.get_by_role("link", name="en cuarentena").click()
    await page.get_by_role("link", name="Fuera").click()
    async with page.expect_download() as saving:
        await page.get_by_role("link", name="voucher.html").click()
    saved = tmp_path / "saved"
    await (await saving.value).save_as(saved)
    assert saved.read_bytes().strip() == b"<script>alert(1)</script>"
    await page.get_by_role("button", name="Es una queja nueva").click()
    await expect(page.get_by_role("status")).to_contain_text("Cuenta: Q-")
    await page.get_by_role("status").get_by_role("link").click()
    await expect(page.locator(".words")).to_contain_text("me cobraron dos veces")
    await expect(page.locator(".files")).to_contain_text("voucher.html")
    assert wrong == []


async def test_a_known_customer_is_seen_while_the_form_is_typed_and_the_duplicate_merged(
    house: House, browser: Browser, address: str
) -> None:
    first = await house.opens(phone="987 654 321", name="Rosa Quispe")
    page, wrong = await signed_in(browser, address)
    await by_keys(page, "n")
    await expect(page.locator("[name=phone]")).to_be_focused()
    await page.keyboard.type("+51 987654321")
    await expect(page.locator("#similar")).to_contain_text(first)  # before leaving the field
    await page.fill("[name=name]", "Rosa Quispe")  # a telephone alone is a household's
    await page.fill("[name=description]", "Otra vez por las horas.")
    await page.get_by_role("button", name="Registrar queja").click()
    await expect(page.locator("#read-out")).to_be_visible()
    await page.get_by_role("link", name="Abrir el caso").click()
    await page.get_by_role("button", name=f"Unir esta a {first}").click()
    await expect(page.locator(".badge").first).to_have_text("unida a otra queja")
    await page.get_by_role("link", name=first).first.click()
    await expect(page.locator(".timeline")).to_contain_text("Se unió con otra queja")
    assert wrong == []


async def test_another_s_act_is_drawn_but_never_under_the_hands_of_who_types(
    house: House, browser: Browser, address: str
) -> None:
    number = await house.opens(email="rosa@correo.example", name="Rosa Quispe")
    idle, wrong = await signed_in(browser, address)
    busy = await idle.context.new_page()
    for page in (idle, busy):
        await page.goto(f"{address}/cases/{number}")
    await busy.fill("#act-assess [name=note]", "A medio escribir")
    async with house.signed_in("beto") as beto:
        here = f"/cases/{number}"
        await beto.sends(here, f"{here}/acts/assign", department="systems", representative="Beto Rojas")
    for page in (idle, busy):
        await expect(page.locator("#news")).to_contain_text("Beto Rojas")
        await expect(page.locator("#facts")).to_contain_text("Sistemas")
        await expect(page.locator("#head .badge").first).to_have_text("investigación")
        await expect(page.locator(".timeline .new").first).to_be_visible()
    await expect(idle.locator("#act-resolve")).to_have_attribute("open", "")  # what the stage is for now
    # What is being written on one page is a draft on the other, open so that nobody writes it twice.
    await expect(idle.locator("#act-assess [name=note]")).to_have_value("A medio escribir")
    await expect(busy.locator("#act-assess [name=note]")).to_have_value("A medio escribir")
    assert wrong == []


async def test_keys_lead_everywhere_and_can_be_switched_off(house: House, browser: Browser, address: str) -> None:
    number = await house.opens(email="rosa@correo.example", name="Rosa Quispe")
    page, wrong = await signed_in(browser, address)
    await expect(page.locator("#board")).to_contain_text(number)
    await by_keys(page, "j")
    await expect(page.locator(f"#u-{number}")).to_be_focused()
    await page.keyboard.press("Enter")
    await page.wait_for_url(f"**/cases/{number}")
    await by_keys(page, "/")
    await page.keyboard.type("nada")  # letters in a field are letters
    await expect(page.locator("#q")).to_have_value("nada")
    await page.locator("h1").click()
    await by_keys(page, "?")
    await expect(page.locator("#keys")).to_be_visible()
    assert await barriers(page) == []
    await page.locator("#keys-on").uncheck()
    await page.keyboard.press("Escape")
    await by_keys(page, "g", "b")
    await expect(page).to_have_url(f"{address}/cases/{number}")
    await page.locator("#act-add_note > summary").click()
    await page.fill("#act-add_note [name=text]", "Con el teclado.")
    await page.keyboard.press("Control+Enter")
    await expect(page.get_by_role("status").first).to_contain_text("Hecho: Nota")
    assert wrong == []


@pytest.mark.parametrize("width", [1280, 380])
async def test_every_page_is_for_everybody_and_fits(house: House, browser: Browser, address: str, width: int) -> None:
    number = await house.opens(phone="987 654 321", email="rosa@correo.example", name="Rosa Quispe")
    called = await house.opens(phone="987 654 321", name="Rosa Quispe")
    await house.has_written(number, "letter-sent")
    await house.has_written(called, "call-task")
    taken = await house.takes_in(a_mail("Estoy de vacaciones.", subject="Fuera", Auto_Submitted="auto-replied"))
    item = taken.number.removeprefix("quarantine-")
    page, wrong = await signed_in(browser, address, width=width)
    for path in (
        "/", "/list", "/calls", "/quarantine", "/quarantine?all=1", f"/quarantine/{item}", f"/cases/{number}",
        f"/cases/{called}", f"/cases/{number}/letters/1/acknowledgement/customer", "/find?q=rosa+quispe",
    ):  # fmt: skip
        await page.goto(address + path)
        await page.evaluate("document.querySelectorAll('details').forEach(part => part.open = true)")
        assert await page.evaluate("document.documentElement.scrollWidth") <= width, path
        tables = "[...document.querySelectorAll('.table-box')].every((box) => box.scrollWidth <= box.clientWidth)"
        assert await page.evaluate(tables), f"{path}: each column is in sight"
        assert await barriers(page) == [], path
    assert wrong == []
