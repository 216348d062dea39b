"""The desk in Chromium: an agent's day, two agents and one case, the lock, a phone's width."""

import re

import pytest
from playwright.async_api import Browser, Page, expect

from complaints.records.staff import MOST_FAILURES, Role
from tests.desk_house import PASSWORD, House, house_of
from tests.plugins_browser import IN_A_BROWSER, a_page, barriers
from tests.story import Story

pytestmark = IN_A_BROWSER


@pytest.fixture
async def house(story: Story) -> House:
    house = house_of(story)
    await house.employs("ana", name="Ana Torres")
    return house


async def at_the_door(browser: Browser, address: str, *, width: int = 1280) -> tuple[Page, list[str]]:
    """A page before sign-in, and what goes wrong in it."""
    page, wrong = await a_page(browser, width=width)
    await page.goto(address)
    return page, wrong


async def signs_in(page: Page, password: str = PASSWORD, *, account: str = "ana") -> None:
    await page.fill("[name=account]", account)
    await page.fill("[name=password]", password)
    await page.keyboard.press("Enter")


async def is_in(page: Page, account: str = "ana") -> None:
    """Signs in, and waits for the board."""
    await signs_in(page, account=account)
    await expect(page.locator("#board")).to_be_visible()


async def test_an_agents_day_from_the_call_to_the_resolution(browser: Browser, address: str) -> None:
    page, wrong = await at_the_door(browser, address)
    await signs_in(page)
    await expect(page.get_by_text("No hay ninguna queja abierta.")).to_be_visible()
    number = await _takes_down_by_keyboard(page, address)
    await page.get_by_role("link", name="Abrir el caso").click()
    await page.fill("#act-assess [name=category]", "horas del curso")
    await page.get_by_role("button", name="Registrar evaluación").click()
    await expect(page.get_by_role("status")).to_contain_text("Hecho: Evaluar")
    await page.select_option("#act-assign [name=department]", "academic")
    await page.get_by_role("button", name="Asignar", exact=True).click()
    await expect(page.locator(".badge").first).to_have_text("investigación")
    await page.fill("#act-resolve [name=text]", "Le devolvemos las horas en marzo.")
    await page.select_option("#act-resolve [name=outcome]", "upheld")
    await page.get_by_role("button", name="Enviar la resolución").click()
    await expect(page.locator(".badge").first).to_have_text("confirmación")
    await expect(page.locator(".timeline")).to_contain_text("Ana Torres")
    await page.goto(f"{address}/find?q=quispe+rosa")
    await expect(page.locator("main")).to_contain_text(number)
    assert wrong == []


async def test_two_agents_and_one_case(browser: Browser, address: str) -> None:
    first, wrong = await at_the_door(browser, address)
    await is_in(first)
    number = await _takes_down_by_keyboard(first, address)
    second = await first.context.new_page()
    for page in (first, second):
        await page.goto(f"{address}/cases/{number}")
    await first.fill("#act-assess [name=category]", "horas")  # in the middle of it
    await second.locator("#act-resolve > summary").click()
    await second.fill("#act-resolve [name=text]", "Le devolvemos las horas.")
    await second.select_option("#act-resolve [name=outcome]", "upheld")
    await second.get_by_role("button", name="Enviar la resolución").click()
    await expect(second.locator(".badge").first).to_have_text("confirmación")
    await expect(first.locator("#news")).to_contain_text("Pasó algo nuevo")  # told without reloading
    await first.get_by_role("button", name="Registrar evaluación").click()
    await expect(first.get_by_role("alert")).to_contain_text("Mientras tanto Ana Torres actuó en este caso")
    await expect(first.locator(".timeline .new").first).to_be_visible()
    await expect(first.locator("#act-assess")).to_have_count(0)  # not possible any more
    assert wrong == []


async def test_the_board_shows_a_new_case_by_itself(browser: Browser, address: str) -> None:
    board, wrong = await at_the_door(browser, address)
    await is_in(board)
    await expect(board.locator("#board")).to_contain_text("0 abiertas")
    other = await board.context.new_page()
    number = await _takes_down_by_keyboard(other, address)
    await expect(board.locator("#board")).to_contain_text(number)
    assert wrong == []


async def test_five_wrong_passwords_lock_the_door(browser: Browser, address: str) -> None:
    page, _ = await at_the_door(browser, address)
    for _ in range(MOST_FAILURES):
        await signs_in(page, "otra cosa")
        await expect(page.get_by_role("alert")).to_contain_text("no es correcta")
    await signs_in(page)
    await expect(page.get_by_role("alert")).to_contain_text("espere 15 minutos")


async def test_a_first_password_is_changed_in_peace(house: House, browser: Browser, address: str) -> None:
    await house.office.store.set_password("ana", await house.office.passwords.hashed(PASSWORD), temporary=True)
    page, wrong = await at_the_door(browser, address)
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url.removeprefix(address)))
    await signs_in(page)
    await expect(page).to_have_url(f"{address}/password")
    await page.wait_for_load_state("networkidle")
    assert asked.count("/password") == 1  # nothing on the page leads to it again while somebody types
    await expect(page.get_by_role("search")).to_have_count(0)
    await page.fill("[name=old]", PASSWORD)
    for field in ("new", "again"):
        await page.fill(f"[name={field}]", "Una frase solo mía 7")
    await page.keyboard.press("Enter")
    await expect(page.locator("#board")).to_be_visible()
    assert wrong == []


async def test_no_page_is_wider_than_a_phone(browser: Browser, address: str) -> None:
    page, wrong = await at_the_door(browser, address, width=380)
    await is_in(page)
    number = await _takes_down_by_keyboard(page, address)
    for path in ("/", "/new", "/find?q=rosa", f"/cases/{number}", f"/new/{number}", "/password"):
        await page.goto(address + path)
        assert await page.evaluate("document.documentElement.scrollWidth") <= 380, path
    assert wrong == []


async def test_the_whole_menu_is_under_the_thumb(browser: Browser, address: str, house: House) -> None:
    """At 380 pixels, where the fourth tab was once outside: each is seen whole, and nothing of a page is under it."""
    await house.employs("max", Role.MANAGER, name="Max Rojas")
    page, wrong = await at_the_door(browser, address, width=380)
    await is_in(page, "max")
    for path in ("/", "/list", "/team", "/calls", "/reports"):
        await page.goto(address + path)
        tabs = await page.locator(".tabs a").all()
        assert len(tabs) == 5
        for tab in tabs:
            box = await tab.bounding_box()
            assert box is not None
            assert box["x"] >= 0, path
            assert box["x"] + box["width"] <= 380, path
            assert box["height"] >= 44, path
            assert 800 - box["height"] - 1 <= box["y"] <= 800 - box["height"], path
            assert await tab.evaluate("tab => tab.scrollWidth <= tab.clientWidth"), "its word is not cut"
        await page.evaluate("scrollTo(0, document.documentElement.scrollHeight)")
        end = await page.evaluate("document.querySelector('main').getBoundingClientRect().bottom")
        assert end <= 800 - 50, path
        assert await page.evaluate("document.documentElement.scrollWidth") <= 380, path
        assert await barriers(page) == [], path
    assert wrong == []


async def _takes_down_by_keyboard(page: Page, address: str) -> str:
    """The number of a complaint that was typed without touching the mouse."""
    await page.goto(f"{address}/new")
    for text in ("987654321", "Rosa Quispe", "45678912", "", "El curso no tuvo las horas prometidas.", "Curso de BIM"):
        await page.keyboard.type(text)
        await page.keyboard.press("Tab")
    await page.locator("[name=product]").focus()
    await page.keyboard.press("Enter")
    await page.wait_for_url(re.compile(r"/new/Q-"))
    await expect(page.locator("#read-out")).to_be_visible()
    return page.url.rpartition("/")[2].partition("?")[0]
