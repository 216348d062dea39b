"""The palette, colleagues in a note, keys from case to case, and notices, in Chromium and by keyboard alone."""

import pytest
from playwright.async_api import Browser, expect

from tests.browser.test_desk import at_the_door, is_in
from tests.desk_house import House, house_of
from tests.plugins_browser import IN_A_BROWSER, by_keys
from tests.story import Story

pytestmark = IN_A_BROWSER


@pytest.fixture
async def house(story: Story) -> House:
    house = house_of(story)
    await house.employs("ana", name="Ana Torres")
    await house.employs("beto", name="Beto Rojas")
    return house


async def test_by_keys_alone_from_the_palette_to_a_case_and_its_acts(
    browser: Browser, house: House, address: str
) -> None:
    first = await house.opens(email="rosa@correo.example", subject="Certificado equivocado")
    second = await house.opens(email="luis@correo.example", subject="El aula no abre")
    page, wrong = await at_the_door(browser, address)
    await is_in(page)
    await by_keys(page, "Control+k")
    await page.keyboard.type("certificado")
    await expect(page.locator(f"#palette-{first}")).to_have_attribute("aria-selected", "true")
    await page.keyboard.press("Enter")
    await expect(page.get_by_role("heading", name="Certificado equivocado")).to_be_visible()
    await by_keys(page, "Control+k")
    await page.keyboard.type("nota")
    await page.keyboard.press("Enter")
    await page.keyboard.type("@bet")
    await expect(page.locator(".called [aria-selected=true]")).to_contain_text("Beto Rojas")
    await page.keyboard.press("Enter")
    await page.keyboard.type("mira esto")
    await expect(page.locator("#add_note-text")).to_have_value("@beto mira esto")
    await page.keyboard.press("Control+Enter")
    await expect(page.get_by_role("status").first).to_contain_text("Hecho")
    await by_keys(page, "g", "b")
    await expect(page.locator("#board")).to_be_visible()
    await page.locator("a.todo").first.click()
    await page.wait_for_url(lambda url: url.endswith((first, second)))
    begun = page.url
    await by_keys(page, "j")
    await page.wait_for_url(lambda url: url != begun and url.endswith((first, second)))
    await by_keys(page, "k")
    await page.wait_for_url(begun)
    assert wrong == []


async def test_two_who_have_the_same_case_open_read_of_each_other(browser: Browser, house: House, address: str) -> None:
    number = await house.opens(email="rosa@correo.example", subject="Certificado equivocado")
    page, wrong = await at_the_door(browser, address)
    await is_in(page)
    async with house.signed_in("beto") as beto:
        await beto.reads(f"/cases/{number}/here")
    await page.goto(f"{address}/cases/{number}")
    await expect(page.locator("#here")).to_contain_text("Beto Rojas también tiene este caso abierto")
    assert wrong == []


async def test_the_browser_tells_what_is_new_once_and_only_where_it_was_asked_to(
    browser: Browser, house: House, address: str
) -> None:
    number = await house.opens(email="rosa@correo.example", subject="Certificado equivocado")
    page, wrong = await at_the_door(browser, address)
    await page.context.grant_permissions(["notifications"], origin=address)
    told = (
        "window.told = []; window.Notification = class extends EventTarget {"
        " static permission = 'granted'; static requestPermission = async () => 'granted';"
        " constructor(title, more) { super(); window.told.push([title, more.body]); } };"
    )
    await page.add_init_script(told)
    await is_in(page)
    await page.locator("details.me summary").click()
    await page.get_by_role("button", name="Avisarme en este navegador").click()
    await expect(page.get_by_role("button", name="No avisarme más")).to_be_visible()
    async with house.signed_in("beto") as beto:
        case = f"/cases/{number}"
        await beto.sends(case, f"{case}/acts/add_note", text="@ana mira esto")
    await house.has_written(number, "noted")
    await page.reload()
    await page.wait_for_function("() => window.told.length === 1")
    said = await page.evaluate("window.told")
    assert said == [["Beto Rojas lo menciona en una nota", "Certificado equivocado"]]
    async with page.expect_response("**/notices?poll=1"):
        await page.reload()
    assert await page.evaluate("window.told") == [], "told once"
    assert wrong == []
