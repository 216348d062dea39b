"""Customers' pages at an address of their own: there and nowhere else, and nothing else there."""

import httpx
import pytest
from starlette.responses import PlainTextResponse

from complaints.settings import Settings
from desk.own_host import OwnHost

DESK, CUSTOMERS = "https://quejas.example", "https://reclamos.example"


async def answered(address: str, method: str = "GET") -> httpx.Response:
    app = OwnHost(PlainTextResponse("the desk"), DESK, CUSTOMERS)
    async with httpx.AsyncClient(transport=httpx.ASGITransport(app=app)) as client:
        return await client.request(method, address)


@pytest.mark.parametrize(
    ("address", "status"),
    [
        (f"{CUSTOMERS}/c/Q-1.aaaa.b?lang=en", 200),
        (f"{CUSTOMERS}/c", 200),
        (f"{CUSTOMERS}/static/desk.css", 200),
        (f"{CUSTOMERS}/", 404),
        (f"{CUSTOMERS}/sign-in", 404),
        (f"{CUSTOMERS}/api/v1/complaints", 404),
        (f"{CUSTOMERS}/cases/Q-1", 404),
        (f"{DESK}/sign-in", 200),
        (f"{DESK}/c/Q-1.aaaa.b?lang=en", 308),
        ("https://elsewhere.example/c", 421),
    ],
)
async def test_each_address_has_its_own(address: str, status: int) -> None:
    assert (await answered(address)).status_code == status


async def test_a_link_that_went_out_before_is_sent_on_whole() -> None:
    answer = await answered(f"{DESK}/c/Q-1.aaaa.b?lang=en")
    assert answer.headers["location"] == f"{CUSTOMERS}/c/Q-1.aaaa.b?lang=en"


async def test_without_a_second_address_everything_is_at_the_one() -> None:
    app = OwnHost(PlainTextResponse("the desk"), DESK)
    async with httpx.AsyncClient(transport=httpx.ASGITransport(app=app)) as client:
        assert (await client.get(f"{DESK}/c")).status_code == 200
    assert Settings.from_env({"PUBLIC_URL": DESK}).customers_url == DESK
    assert Settings.from_env({"PUBLIC_URL": DESK, "CUSTOMER_URL": CUSTOMERS}).customers_url == CUSTOMERS
