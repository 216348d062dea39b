"""A manager joins two customers' complaints after seeing both, and takes them apart again; wide and on a telephone."""

import pytest
from playwright.async_api import Browser, Page, expect

from complaints.records.staff import Role
from tests.desk_house import PASSWORD, House, house_of
from tests.plugins_browser import IN_A_BROWSER, a_page, barriers
from tests.story import Story

pytestmark = IN_A_BROWSER

HIS, HERS = "Pagué dos veces la matrícula de Revit.", "La matrícula se cobró dos veces, y nadie responde."


@pytest.fixture
async def house(story: Story) -> House:
    house = house_of(story)
    await house.employs("luisa", Role.MANAGER, name="Luisa Campos")
    return house


async def signed_in(page: Page, address: str) -> None:
    await page.goto(f"{address}/sign-in")
    await page.fill("[name=account]", "luisa")
    await page.fill("[name=password]", PASSWORD)
    await page.keyboard.press("Enter")
    await expect(page.locator("#board")).to_be_visible()


@pytest.mark.parametrize("width", [1280, 380])
async def test_two_customers_side_by_side_joined_and_apart(
    house: House, browser: Browser, address: str, width: int
) -> None:
    phone = f"9{width:08d}"
    his = await house.opens(description=HIS, name="Luis Paredes", email=f"luis{width}@correo.example", phone=phone)
    hers = await house.opens(description=HERS, name="Rosa Quispe", email=f"rosa{width}@correo.example", phone=phone)
    page, wrong = await a_page(browser, width=width)
    await signed_in(page, address)
    await page.goto(f"{address}/cases/{his}")
    await expect(page.locator(".same")).to_contain_text("de otro cliente")
    await page.get_by_role("link", name="Ver las dos").click()
    for words in ("Luis Paredes", "Rosa Quispe", HIS, HERS, "Tienen en común: teléfono"):
        await expect(page.locator("main")).to_contain_text(words)
    assert await barriers(page) == []
    assert await page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    await page.get_by_label("Vi las dos").check()
    await page.get_by_role("button", name="Verlas juntas").click()
    await expect(page.locator("#head")).to_contain_text(f"va junto con {hers}")

    await house.has_written(hers, "merged")
    await page.goto(f"{address}/cases/{hers}")
    await expect(page.locator(".inside")).to_contain_text(HIS)
    await expect(page.locator(".inside")).to_contain_text("no se le muestra nada de ella")
    assert await barriers(page) == []
    await page.get_by_role("button", name=f"Separar {his}").click()
    await expect(page.locator(".done")).to_contain_text("Separar")
    await house.has_written(hers, "separated")
    await page.goto(f"{address}/cases/{hers}")
    await expect(page.locator(".inside")).to_have_count(0)
    assert wrong == []
