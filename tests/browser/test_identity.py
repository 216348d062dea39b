"""Chromium signs in through an identity provider on another port, works, and leaves both; the pages of accounts too."""

from collections.abc import AsyncIterator
from dataclasses import dataclass, replace

import pytest
from playwright.async_api import Browser, Page, expect

from complaints.records.staff import Role
from complaints.sign_in import Oidc, SignIn
from desk.app import application
from desk.staff.identity import Provider
from tests.desk_house import House, house_of
from tests.oidc_provider import CLIENT, SECRET, TestProvider, a_provider
from tests.plugins_browser import IN_A_BROWSER, a_page, barriers, on_a_port
from tests.story import Story

pytestmark = IN_A_BROWSER


@dataclass
class Place:
    """A desk on a port, and its identity provider on another."""

    house: House
    provider: TestProvider
    address: str


@pytest.fixture
async def place(story: Story) -> AsyncIterator[Place]:
    house = house_of(story)
    await house.employs("jefa", Role.ADMIN, name="Julia Ramos")
    await house.office.store.set_email("jefa", "julia@escuela.example")
    async with on_a_port(house.app) as address, a_provider(f"{address}/sign-in/oidc/callback") as provider:
        provider.asks, provider.somebody = True, {
            "sub": "u-1", "email": "julia@escuela.example", "email_verified": True,
        }  # fmt: skip
        oidc = Oidc.model_validate(
            {"issuer": provider.issuer, "client_id": CLIENT, "client_secret": SECRET, "name": "Escuela",
             "redirect_uri": provider.back}
        )  # fmt: skip
        office = replace(house.office, sign_in=SignIn(oidc=oidc), provider=Provider(oidc))
        # The port is known only now: the application behind it gets the settings that name it.
        house.app.router.routes[:] = application(office).router.routes
        yield Place(house, provider, address)


async def signs_in(page: Page, place: Place, path: str = "/") -> None:
    await page.goto(place.address + path)
    await page.get_by_role("link", name="Entrar con Escuela").click()
    await page.get_by_role("link", name="Continuar como Ana").click()


async def test_out_to_the_provider_back_to_what_was_wanted_and_out_of_both(browser: Browser, place: Place) -> None:
    page, wrong = await a_page(browser)
    await signs_in(page, place, "/sessions")
    await expect(page).to_have_url(f"{place.address}/sessions")
    await expect(page.get_by_text("Chrome · Linux")).to_be_visible()
    await page.locator(".me summary").click()
    await page.get_by_role("button", name="Salir", exact=True).first.click()
    await expect(page).to_have_url(f"{place.address}/sign-in")
    assert place.provider.left == [CLIENT]
    await page.goto(f"{place.address}/sessions")
    await expect(page.get_by_role("heading", name="Atención de quejas")).to_be_visible()
    assert wrong == []


@pytest.mark.parametrize("width", [1280, 380])
async def test_accounts_programs_and_sessions_have_no_barriers(browser: Browser, place: Place, width: int) -> None:
    page, wrong = await a_page(browser, width=width)
    await page.goto(place.address)
    assert await barriers(page) == []
    await signs_in(page, place)
    for path in ("/people", "/programs", "/sessions", "/api/docs"):
        await page.goto(place.address + path)
        assert await barriers(page) == [], path
        wide = await page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
        assert wide <= 0, path
    await page.goto(f"{place.address}/people")
    await page.fill("[name=account]", "ana.torres")
    await page.fill(".account-new [name=name]", "Ana Torres")
    await page.get_by_role("button", name="Crear la cuenta").click()
    await expect(page.locator(".secret")).to_be_visible()
    await page.locator(".accounts summary", has_text="Ana Torres").click()
    assert await barriers(page) == []
    await page.get_by_role("button", name="Quitar el acceso").click()
    await expect(page.get_by_role("status")).to_contain_text("Ya no tiene acceso")
    assert wrong == []
