"""Mail scanners open every link, follow it, run scripts and press buttons: they say nothing for a customer."""

import re
from html import unescape
from itertools import permutations

import httpx
import pytest
from playwright.async_api import Browser, Page

from tests.customer_house import ARRIVED, CustomersHouse, customers_house, links_in
from tests.desk_house import ADDRESS
from tests.plugins_browser import IN_A_BROWSER, a_page, on_a_port
from tests.story import Story

MOST_PAGES = 60
"""However many pages lead to others."""


@pytest.fixture
async def house(story: Story) -> CustomersHouse:
    return await customers_house(story)


async def said(house: CustomersHouse) -> list[str]:
    """Everything that people said or did, in the run and after it, and what was sent to us."""
    rows = [f"{row.what} {row.via}" for row in await house.story.timeline() if row.via != "clock"]
    after = [word.what for word in await house.story.store.afterwords(house.story.number)]
    return [*rows, *after, *(mail.digest for mail in await house.story.store.mails_of(house.story.number))]


async def test_a_scanner_that_opens_everything_says_nothing(house: CustomersHouse) -> None:
    await house.resolved()
    await house.story.all_is_told()
    before = await said(house)
    async with house.visitor() as scanner:
        opened = await opens_all(scanner.client, links_in(await house.story.text("resolution")))
        assert len(opened) > 6, "the forms' own addresses, too"
    assert await said(house) == before


async def test_a_scanner_that_sends_every_form_as_it_finds_it_says_nothing(house: CustomersHouse) -> None:
    """As the page draws them: what is hidden goes along, nothing is filled in, each button is the one pressed."""
    await house.resolved()
    before = await said(house)
    async with house.visitor() as scanner:
        page = (await scanner.reads(house.link())).text
        forms = re.findall(r"<form.*?</form>", page, re.DOTALL)
        assert len(forms) >= 4
        for form in forms:
            [action] = re.findall(r'action="([^"]+)"', form)
            fields = dict(re.findall(r'<input type="hidden" name="([^"]+)" value="([^"]*)"', form))
            answer = await scanner.posts(unescape(action), fields)
            assert answer.status_code == 422, action
    assert await said(house) == before


async def opens_all(client: httpx.AsyncClient, addresses: list[str]) -> set[str]:
    """GET and HEAD of every address that a page names, redirects followed."""
    waiting, opened = list(addresses), set[str]()
    while waiting and len(opened) < MOST_PAGES:
        address = waiting.pop()
        if address in opened or not address.startswith(ADDRESS):
            continue
        opened.add(address)
        await client.head(address, follow_redirects=True)
        answer = await client.get(address, follow_redirects=True)
        named = re.findall(r'(?:href|action|src)="(/[^"]*)"', answer.text)
        waiting += [ADDRESS + unescape(one) for one in named if one not in opened]
    return opened


class TestInABrowser:
    """With Chromium, as the thorough ones do."""

    pytestmark = IN_A_BROWSER

    @pytest.mark.parametrize("stage", ["asked", "missing", "closed", "expired"])
    async def test_a_scanner_that_runs_scripts_and_presses_every_button_says_nothing(
        self, house: CustomersHouse, browser: Browser, stage: str
    ) -> None:
        link = await _in_stage(house, stage)
        before, letters = await said(house), len(house.story.sink.letters)
        async with on_a_port(house.app) as there:
            page, _ = await a_page(browser)
            address = link.replace(ADDRESS, there)
            await page.goto(address)
            buttons = await page.locator("button").count()
            assert buttons
            for first, second in [*permutations(range(buttons), 2), *([(0, 0)] if buttons == 1 else [])]:
                await _presses(page, address, first, second)
        assert await said(house) == before
        assert len(house.story.sink.letters) == letters, "no letter either"


async def _presses(page: Page, address: str, *buttons: int) -> None:
    """One button, then another on the page that this led to; no field is touched."""
    await page.goto(address)
    for button in buttons:
        await page.evaluate("document.querySelectorAll('details').forEach(part => part.open = true)")
        found = page.locator("button")
        if button < await found.count():
            async with page.expect_navigation():
                await found.nth(button).click()


async def _in_stage(house: CustomersHouse, stage: str) -> str:
    if stage == "missing":
        await house.story.complaint_arrives(ARRIVED, customer={"document": None})
        await house.story.asks("request_details", by="Ana Torres")
    else:
        await house.resolved()
    if stage == "closed":
        await house.story.asks("confirm_satisfied", by="Ana Torres", via="call")
        await house.story.outcome()
    else:
        await house.story.all_is_told()
    return house.link(days=-1) if stage == "expired" else house.link()
