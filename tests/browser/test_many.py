"""Several cases at once in Chromium: what is ticked stays so from page to page, and is sent from any of them."""

from pathlib import Path

import pytest
from playwright.async_api import Browser, expect

from complaints.records.staff import Role
from complaints.records.store import Store
from desk.staff import board
from tests.browser.test_desk import at_the_door, is_in
from tests.desk_house import House, house_on
from tests.plugins_browser import IN_A_BROWSER
from tests.records_examples import MONDAY, a_batch, a_record, hours

pytestmark = IN_A_BROWSER


@pytest.fixture
async def house(store: Store, monkeypatch: pytest.MonkeyPatch) -> House:
    monkeypatch.setattr(board, "PAGE", 2)
    for place in range(5):
        record = a_record(f"many/{place}", customer_name=f"Rosa {chr(65 + place)}", received_at=MONDAY + hours(place))
        await store.write(a_batch(record))
    house = house_on(store)
    await house.employs("ana", Role.MANAGER, name="Ana Torres")
    return house


async def test_ticks_outlive_the_turn_of_a_page_and_the_table_has_them_all(browser: Browser, address: str) -> None:
    page, wrong = await at_the_door(browser, address)
    await is_in(page)
    await page.goto(f"{address}/list?by=customer")
    elsewhere = page.locator("#elsewhere")
    await page.get_by_label("Marcar").first.check()
    await expect(elsewhere).to_be_hidden()
    await page.get_by_role("link", name="Siguiente").click()
    await expect(elsewhere).to_contain_text("1 de ellos en otras páginas de esta lista")
    await page.locator("#all-rows").check()
    await page.get_by_role("link", name="Anterior").click()
    await expect(page.get_by_label("Marcar").first).to_be_checked()
    await expect(page.get_by_label("Marcar").nth(1)).not_to_be_checked()
    await expect(elsewhere).to_contain_text("2 de ellos en otras páginas de esta lista")
    async with page.expect_download() as download:
        await page.get_by_role("button", name="Llevar como tabla").click()
    table = Path(await (await download.value).path()).read_text(encoding="utf-8")
    assert [name for name in "ABCDE" if f"Rosa {name}" in table] == ["A", "C", "D"]
    await page.get_by_role("button", name="Desmarcarlos").click()
    await expect(elsewhere).to_be_hidden()
    await page.goto(f"{address}/list?by=customer&channel=email")  # another list: nothing of it is ticked
    await expect(page.get_by_label("Marcar").first).not_to_be_checked()
    assert wrong == []
