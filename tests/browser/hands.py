"""Somebody's hands at the desk: what they press is counted, what they type is the work itself."""

import re
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from typing import TypeVar

import pytest
from playwright.async_api import Browser, Locator, Page, expect

from tests.desk_house import PASSWORD, House
from tests.plugins_browser import a_page


@dataclass
class Hands:
    """Of whoever is signed in."""

    page: Page
    clicks: int = 0
    keys: int = 0

    async def clicks_on(self, what: Locator) -> None:
        await what.click()
        self.clicks += 1

    async def presses(self, *keys: str) -> None:
        await self.page.wait_for_load_state()  # a page is seen before its script has been read
        for key in keys:
            await self.page.keyboard.press(key)
            self.keys += 1

    async def types(self, words: str) -> None:
        await self.page.keyboard.type(words)

    async def is_at(self, path: str) -> None:
        """A page is open before them."""
        found = re.match(r"https?://[^/]+", self.page.url)
        assert found
        await self.page.goto(f"{found[0]}{path}")

    def told(self, job: str) -> str:
        """For whoever reads the figures."""
        return f"{job:40} {self.clicks} clicks + {self.keys} keys"


HouseT = TypeVar("HouseT", bound=House)


async def take_no_more(
    jobs: Mapping[str, tuple[Callable[[HouseT, Hands], Awaitable[None]], int, int]],
    house: HouseT,
    page: Page,
    capsys: pytest.CaptureFixture[str],
    *,
    at: str | None = None,
) -> None:
    """Does each job with the clicks and keys beside it, and prints what it took. `at`: the board, where each begins."""
    told = []
    for name, (job, clicks, keys) in jobs.items():
        if at is not None:
            await page.goto(at)
            await expect(page.locator("#board")).to_be_visible()
        hands = Hands(page)
        await job(house, hands)
        told.append(hands.told(name))
        assert (hands.clicks, hands.keys) == (clicks, keys), name
    with capsys.disabled():
        print("", *told, sep="\n")


async def signed_in(browser: Browser, address: str, *, width: int = 1280) -> tuple[Page, list[str]]:
    """Ana's board, and what goes wrong in it."""
    page, wrong = await a_page(browser, width=width)
    await page.goto(address)
    await page.fill("[name=account]", "ana")
    await page.fill("[name=password]", PASSWORD)
    await page.keyboard.press("Enter")
    await expect(page.locator("#board")).to_be_visible()
    return page, wrong


async def done_before(house: House, number: str, act: str, **said: str) -> None:
    """An act that was done when the job begins."""
    async with house.signed_in("ana") as ana:
        page = f"/cases/{number}"
        assert (await ana.sends(page, f"{page}/acts/{act}", **said)).status_code == 303
