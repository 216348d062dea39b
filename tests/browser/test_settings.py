"""Ajustes in Chromium: every form opened, wide and on a telephone; what is refused stands beside its field as typed."""

from dataclasses import replace
from importlib.resources import files
from pathlib import Path

import pytest
from playwright.async_api import Browser, Page, expect

from complaints.contacts_file import ContactsFile
from complaints.policy_file import PolicyFile
from complaints.records.staff import Role
from complaints.records.store import Store
from complaints.settings import Settings
from desk.app import application
from tests.browser.test_desk import at_the_door, is_in
from tests.desk_house import House, house_on
from tests.plugins_browser import IN_A_BROWSER, barriers

pytestmark = IN_A_BROWSER


@pytest.fixture
async def house(store: Store, tmp_path: Path) -> House:
    """A school with files of its own."""
    house, paths = house_on(store), [tmp_path / name for name in ("contacts.toml", "policy.toml")]
    for path in paths:
        path.write_text((files("complaints") / path.name).read_text(encoding="utf-8"), encoding="utf-8")
    contacts, policy = paths
    house.office = replace(
        house.office,
        settings=Settings(contacts_file=contacts, policy_file=policy),
        contacts=ContactsFile(contacts).now,
        policy_now=PolicyFile(policy).now,
    )
    house.app = application(house.office)
    await house.employs("ana", Role.ADMIN, name="Ana Torres")
    return house


async def fits(page: Page, what: str) -> None:
    """Nobody scrolls sideways, and nothing sticks out of what it stands in."""
    beyond = await page.evaluate(
        """() => [...document.querySelectorAll('main :is(input, textarea, select, button, label, span)')]
        .filter((one) => one.checkVisibility() && one.getBoundingClientRect().right > innerWidth + 1)
        .map((one) => one.outerHTML.slice(0, 120))"""
    )
    assert beyond == [], what
    assert await page.evaluate("document.documentElement.scrollWidth <= innerWidth"), what


async def is_told_beside(page: Page, field: str, typed: str) -> None:
    """The field has what was typed, and is described by a sentence that stands where the field does."""
    one = page.locator(field)
    await expect(one).to_have_value(typed)
    await expect(one).to_have_attribute("aria-invalid", "true")
    told = page.locator(f"#{await one.get_attribute('aria-describedby')}")
    await expect(told).not_to_be_empty()
    places = [await each.bounding_box() for each in (told, one)]
    assert places[0] is not None
    assert places[1] is not None
    assert abs(places[1]["y"] - (places[0]["y"] + places[0]["height"])) < 40, f"{field}: not beside it"


@pytest.mark.parametrize("width", [1280, 380])
async def test_every_form_of_it_fits_and_says_what_is_wrong_beside_its_field(
    browser: Browser, house: House, address: str, width: int
) -> None:
    page, wrong = await at_the_door(browser, address, width=width)
    await is_in(page)
    await page.goto(f"{address}/settings")
    forms = page.locator("details.setting")
    assert await forms.count() > 10
    await fits(page, "closed")
    await page.evaluate("for (const one of document.querySelectorAll('details')) one.open = true")
    await fits(page, "all of them open")
    assert await barriers(page) == []

    async def refused(part: str, **typed: str) -> None:
        form = page.locator(f"details#{part}")
        await form.evaluate("(one) => { one.open = true }")
        for field, value in typed.items():
            await page.locator(f"#{part}-{field}").fill(value)
        await form.get_by_role("button", name="Guardar").click()
        await expect(page.get_by_role("alert")).to_be_focused()
        await expect(page.get_by_role("alert")).to_be_in_viewport()
        for field, value in typed.items():
            await is_told_beside(page, f"#{part}-{field}", value)
        leads = page.get_by_role("alert").get_by_role("link").first
        await leads.click()
        await expect(page.locator(str(await leads.get_attribute("href")))).to_be_focused()
        await fits(page, part)

    await refused("school", ruc="12")
    await refused("intake", emails="nadie\nquejas@escuela.example", telephone="no")
    await refused("sender", address="nadie")
    await refused("people-administration_manager", email="nadie", phone="x")
    await refused("care_team", email="nadie")
    await refused("people-general_director", substitutes="Eva Ríos, eva@e.example, 2026-01-16, 2026-01-05")
    await refused("departments-systems", **{"head-email": "nadie", "head-name": ""})
    await refused("departments-new", key="Con Espacio")
    await refused("text_blocks-call_us", **{"text-es": "Estimado {cliente}:", "title-en": ""})
    assert await barriers(page) == []

    await page.goto(f"{address}/settings/rules")
    await fits(page, "rules")
    typed = {"windows-assessment": "dos", "calendar-office_hours": "9 a 18", "calendar-extra_closed_days": "navidad"}
    for field, value in typed.items():
        await page.locator(f"#{field}").fill(value)
    for day in await page.locator("[name='calendar.work_days']").all():
        await day.uncheck()
    await page.locator("form[action='/settings/rules']").get_by_role("button", name="Guardar").click()
    await expect(page.get_by_role("alert")).to_be_focused()
    for field, value in typed.items():
        await is_told_beside(page, f"#{field}", value)
    await expect(page.locator("#calendar-work_days-wrong")).to_be_visible()
    await fits(page, "rules refused")
    assert await barriers(page) == []

    await page.goto(f"{address}/settings/rules/closed-day")
    await fits(page, "closed day")
    await page.locator("#day").fill("2026-12-24")
    await page.evaluate("document.querySelector('main form').noValidate = true")
    await page.get_by_role("button", name="Ver qué cambiaría").click()
    await page.get_by_role("button", name="Cerrar el día").click()
    await expect(page.locator("#reason-wrong")).to_contain_text("por qué")
    await expect(page.locator("#day")).to_have_value("2026-12-24")
    await fits(page, "closed day refused")
    await page.goto(f"{address}/settings/rules/running")
    await fits(page, "running")
    await page.goto(f"{address}/settings")
    await page.locator("input[type=file]").set_input_files(house.office.settings.contacts_file)  # type: ignore[union-attr, arg-type]
    await page.get_by_role("button", name="Ver qué cambiaría").click()
    await expect(page.get_by_role("heading", name="contacts.toml")).to_be_visible()
    await fits(page, "a file")
    assert wrong == []
