"""Chromium for every test that looks at pages: a browser, a port for the application, and axe-core's verdict."""

import asyncio
import os
import shutil
import socket
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Protocol

import pytest
import uvicorn
from axe_playwright_python.async_playwright import Axe
from playwright.async_api import Browser, Page, ViewportSize, async_playwright, expect
from starlette.applications import Starlette

CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")

IN_A_BROWSER = [
    pytest.mark.browser,
    pytest.mark.slow,
    pytest.mark.skipif(
        CHROMIUM is None and not os.environ.get("CI"), reason="no Chromium on this machine: apt-get install chromium"
    ),
]
"""The marks of every test that takes the `browser` fixture: `pytestmark = IN_A_BROWSER`."""

SERIOUS = {"serious", "critical"}

LONGEST = 60_000
"""Milliseconds that whatever a page will show is waited for: nothing is slower for it, a busy machine may need them."""
expect.set_options(timeout=LONGEST)


@pytest.fixture
async def browser() -> AsyncIterator[Browser]:
    """Chromium without a window."""
    assert CHROMIUM is not None, "CI requires Chromium: .ci/run installs it"
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(
            executable_path=CHROMIUM, args=["--no-sandbox", "--disable-gpu", "--disable-background-networking"]
        )
        yield browser
        await browser.close()


class Served(Protocol):
    """What a test file's `house` has."""

    @property
    def app(self) -> Starlette:
        """The application."""


@pytest.fixture
async def address(house: Served) -> AsyncIterator[str]:
    """The house of this file on a port of its own."""
    async with on_a_port(house.app) as there:
        yield there


@asynccontextmanager
async def on_a_port(app: Starlette) -> AsyncIterator[str]:
    """The application's address."""
    # Listening from the start: whoever comes before the server has begun waits in the socket.
    listening = socket.create_server(("127.0.0.1", 0))
    config = uvicorn.Config(app, lifespan="off", log_config=None, access_log=False, timeout_graceful_shutdown=3)
    server = uvicorn.Server(config)  # as the desk stops: a page that is still open keeps nobody waiting
    serving = asyncio.create_task(server.serve(sockets=[listening]))
    try:
        yield f"http://127.0.0.1:{listening.getsockname()[1]}"
    finally:
        server.should_exit = True
        await serving


async def a_page(browser: Browser, *, width: int = 1280) -> tuple[Page, list[str]]:
    """A page in a context of its own, and what goes wrong in it: scripts, and what its policy forbids."""
    viewport: ViewportSize = {"width": width, "height": 800}
    context = await browser.new_context(viewport=viewport, locale="es-PE", timezone_id="America/Lima")
    page = await context.new_page()
    wrong: list[str] = []
    page.on("pageerror", lambda error: wrong.append(str(error)))
    page.on("console", lambda said: wrong.append(said.text) if "Content Security Policy" in said.text else None)
    page.set_default_timeout(LONGEST)
    return page, wrong


async def barriers(page: Page) -> list[str]:
    """What axe-core finds serious or critical on the page as it is shown, a line each; best none."""
    found = await Axe().run(page)
    return [
        f"{violation['id']} ({violation['impact']}): {violation['help']}: {node['html'][:160]}"
        for violation in found.response["violations"]
        if violation["impact"] in SERIOUS
        for node in violation["nodes"]
    ]


async def by_keys(page: Page, *keys: str) -> None:
    """Presses keys that the page's script listens to: a page is seen before its script has been read."""
    await page.wait_for_load_state()
    for key in keys:
        await page.keyboard.press(key)
