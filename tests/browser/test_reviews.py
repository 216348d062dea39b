"""The monthly review in Chromium: a lead's half hour, on a desktop and on a telephone, and for a screen reader."""

import re

import pytest
from playwright.async_api import Browser, Page, expect

from complaints.records.staff import Role
from tests.desk.test_reviews import opened
from tests.desk_house import PASSWORD, House, house_of
from tests.plugins_browser import IN_A_BROWSER, a_page, barriers
from tests.story import Story

pytestmark = IN_A_BROWSER
PAGE = "/reviews/2026-07"


@pytest.fixture
async def house(story: Story) -> House:
    house = house_of(story)
    await house.employs("carla", Role.QUALITY, name="Carla Ríos")
    return house


async def at_the_review(browser: Browser, address: str, *, width: int) -> tuple[Page, list[str]]:
    page, wrong = await a_page(browser, width=width)
    await page.goto(f"{address}{PAGE}")
    await page.fill("[name=account]", "carla")
    await page.fill("[name=password]", PASSWORD)
    await page.keyboard.press("Enter")
    await expect(page.get_by_role("heading", name="Revisión de julio de 2026")).to_be_visible()
    await expect(page.get_by_text("En este período no escaló ninguna queja.")).to_be_visible()
    return page, wrong


@pytest.mark.parametrize("width", [1280, 380])
async def test_a_lead_ticks_notes_plans_and_signs_off(house: House, browser: Browser, address: str, width: int) -> None:
    first, second = await opened(house, "a", "b")
    page, wrong = await at_the_review(browser, address, width=width)
    await page.get_by_label(f"Revisada {first}").check()
    await page.get_by_role("button", name="Marcar como revisadas").click()
    await expect(page.get_by_role("status")).to_have_text("Marcadas como revisadas.")
    await expect(page.get_by_text("1 revisada, 1 por revisar")).to_be_visible()

    await page.get_by_text("Anotar un hallazgo").click()
    await page.get_by_label("Qué se encontró").fill("Nadie llamó el sábado.")
    await page.get_by_label("Queja que lo enseñó").fill(second.lower())
    await page.get_by_role("button", name="Anotar", exact=True).click()
    await expect(page.get_by_text("Nadie llamó el sábado.")).to_be_visible()

    await page.get_by_text("Anotar una acción").click()
    await page.get_by_label("Qué se hará").fill("Turno telefónico los sábados")
    await page.get_by_label("Qué mejora").select_option("service")
    await page.get_by_label("Responsable").select_option("administration_manager")
    await page.get_by_label("Hasta cuándo").fill("2099-01-15")
    await page.get_by_role("button", name="Anotar acción").click()
    await expect(page.get_by_text("Turno telefónico los sábados")).to_be_visible()

    await page.get_by_label("Queda 1 sin revisar").check()
    await page.get_by_role("button", name="Cerrar como Carla Ríos").click()
    await expect(page.get_by_text("cerrada por Carla Ríos")).to_be_visible()
    await expect(page.get_by_role("button", name=re.compile("Marcar|Anotar|Cerrar como"))).to_have_count(0)
    summary = (await house.office.store.reviews())[0]
    assert (summary.ticked, summary.waiting, summary.findings, summary.actions) == (1, 1, 1, 1)
    assert wrong == []


@pytest.mark.parametrize("width", [1280, 380])
async def test_nothing_scrolls_sideways_and_nothing_bars_a_screen_reader(
    house: House, browser: Browser, address: str, width: int
) -> None:
    await opened(house, *(f"case {place}" for place in range(5)))
    page, wrong = await at_the_review(browser, address, width=width)
    for path in (PAGE, "/reviews"):
        await page.goto(f"{address}{path}")
        assert await page.evaluate("document.documentElement.scrollWidth") <= width
        assert await barriers(page) == []
    assert wrong == []
