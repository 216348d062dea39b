"""Temporal's page in Chromium, as the desk shows it: read with no setting by whoever is signed in, else not at all."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from playwright.async_api import Browser, expect

from complaints.records.staff import Role
from desk.page_behind import TemporalPage
from local.stack.temporal_server import TemporalServer
from tests.desk_house import PASSWORD, House, house_of
from tests.plugins_browser import IN_A_BROWSER, a_page, on_a_port
from tests.rings import session_keys
from tests.sink import Sink
from tests.story import Story, telling
from workflows import names
from workflows.connection import connect

pytestmark = [*IN_A_BROWSER, pytest.mark.server]

LONG = 60_000
"""Milliseconds: the page is many scripts, and the machine may be busy."""

RUN = "/temporal/namespaces/default/workflows"


@pytest.fixture
async def house(tmp_path: Path, mail: Sink, fresh_database: str) -> AsyncIterator[House]:
    """A desk with the page behind it, on a server of its own."""
    async with TemporalServer.started(
        tmp_path / "t", ui=True, time_skipping=True, attributes=names.SEARCH_ATTRIBUTES
    ) as server:
        client = await connect(address=server.address, namespace=server.namespace, keys=session_keys())
        page = TemporalPage(lambda: server.page)
        async with telling(client, mail, fresh_database) as story:
            house = house_of(story, temporal_page=page)
            await house.employs("marta", Role.MANAGER)
            yield house
        await page.aclose()


@pytest.fixture
def story(house: House) -> Story:
    return house.story


async def test_a_manager_reads_a_case_there_without_a_setting(browser: Browser, house: House, story: Story) -> None:
    await story.complaint_arrives("2026-07-22 09:00")
    await story.says("assigned", department="academic", representative="Emperatriz Huamancusi")
    await story.all_is_told()
    async with on_a_port(house.app) as address:
        page, wrong = await a_page(browser)
        page.set_default_timeout(LONG)
        await page.goto(f"{address}{RUN}/{story.number}")
        await page.fill("[name=account]", "marta")
        await page.fill("[name=password]", PASSWORD)
        await page.keyboard.press("Enter")
        await page.wait_for_url(f"{address}{RUN}/{story.number}/**", wait_until="commit", timeout=LONG)
        run = (await story.handle.describe()).run_id
        assert wrong == []
        # A payload, sealed on the server: opened here.
        events = page.get_by_text("Workflow Execution Signaled").first
        await page.goto(f"{address}{RUN}/{story.number}/{run}/history")
        await expect(page.get_by_text("Recibimos su queja → cliente").first).to_be_visible(timeout=LONG)  # a summary
        await events.click()
        await expect(page.get_by_text("Emperatriz Huamancusi").first).to_be_visible(timeout=LONG)
        # Current details, which the run tells by a query.
        await page.goto(f"{address}{RUN}/{story.number}/{run}/user-metadata")
        details = page.frame_locator("iframe").get_by_text("Plazos").first
        await expect(details).to_be_visible(timeout=LONG)
        assert wrong == []
        await page.context.clear_cookies()
        await page.goto(f"{address}{RUN}/{story.number}/{run}/history")
        await expect(page.locator("[name=password]")).to_be_visible(timeout=LONG)
        assert "Emperatriz" not in await page.content()
