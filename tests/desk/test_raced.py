"""Many passwords at the same moment: over real HTTP, at one desk and at two, no more are looked at than the limit."""

import asyncio
import os
import sys
from collections import Counter
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from datetime import timedelta

import httpx
import pytest

from complaints.records.links import LinkUse
from complaints.records.sessions import FROM_ONE_PLACE
from complaints.records.staff import MOST_FAILURES
from local.stack.ports import free_ports, listening
from tests.desk_house import PASSWORD, House, hidden, house_of
from tests.rings import ring_environment
from tests.story import Story
from tests.waiting import PATIENCE

AT_ONCE = 40
DESKS = [1, 2]


@pytest.fixture
async def house(story: Story) -> House:
    house = house_of(story)
    await house.employs("ana", name="Ana Torres")
    return house


@asynccontextmanager
async def desks(story: Story, count: int) -> AsyncIterator[list[str]]:
    """So many desks on the story's records, each a process; their addresses."""
    config = story.client.service_client.config
    named = ("COMPLAINTS_", "TEMPORAL_", "PUBLIC_URL", "SECRET_KEY", "PAYLOAD_")
    env = {name: value for name, value in os.environ.items() if not name.startswith(named)} | {
        "DATABASE_URL": story.settings.database_dsn,
        "TEMPORAL_ADDRESS": config.target_host,
        "TEMPORAL_CONFIG_FILE": os.devnull,
        "COMPLAINTS_HOME": os.devnull,
        **ring_environment(story.client),
    }
    async with AsyncExitStack() as stack:
        addresses = []
        for port in free_ports(count):
            command = (sys.executable, "-m", "cli.main", "desk", "--port", str(port))
            process = await asyncio.create_subprocess_exec(*command, env=env)
            stack.push_async_callback(_ended, process)
            assert await listening(port, limit=PATIENCE)
            addresses.append(f"http://127.0.0.1:{port}")
        yield addresses


async def _ended(process: asyncio.subprocess.Process) -> None:
    if process.returncode is None:
        process.terminate()
    await process.wait()


async def all_at_once(
    addresses: Sequence[str], send: Callable[[httpx.AsyncClient, int], Awaitable[httpx.Response]], *, times: int
) -> Counter[int]:
    """The status codes of so many requests, spread over the desks, each over a connection of its own."""
    limits = httpx.Limits(max_connections=times)
    async with AsyncExitStack() as stack:
        ways = [
            await stack.enter_async_context(httpx.AsyncClient(base_url=address, timeout=PATIENCE, limits=limits))
            for address in addresses
        ]
        answers = await asyncio.gather(*(send(ways[n % len(ways)], n) for n in range(times)))
    return Counter(answer.status_code for answer in answers)


@pytest.mark.slow
@pytest.mark.parametrize("count", DESKS)
async def test_of_wrong_passwords_at_once_none_is_forgotten(house: House, story: Story, count: int) -> None:
    """As many as an account bears, at the same moment: were one of them not counted, the right one would pass."""
    async with desks(story, count) as addresses:
        form = await _form(addresses[0])

        async def guesses(browser: httpx.AsyncClient, number: int) -> httpx.Response:
            return await form.signs_in(browser, "ana", f"adivinanza {number}")

        assert await all_at_once(addresses, guesses, times=MOST_FAILURES) == {401: MOST_FAILURES}

        async def is_ana(browser: httpx.AsyncClient, _: int) -> httpx.Response:
            return await form.signs_in(browser, "ana", PASSWORD)

        # The same answer as to a wrong one: nobody learns that there is such an account either.
        assert await all_at_once(addresses, is_ana, times=1) == {401: 1}


@pytest.mark.slow
@pytest.mark.parametrize("count", DESKS)
async def test_from_one_place_no_more_than_thirty_are_looked_at_whoevers_account_is_tried(
    house: House, story: Story, count: int
) -> None:
    async with desks(story, count) as addresses:
        form = await _form(addresses[0])

        async def guesses(browser: httpx.AsyncClient, number: int) -> httpx.Response:
            return await form.signs_in(browser, f"nadie{number}", "x")

        codes = await all_at_once(addresses, guesses, times=AT_ONCE)
    assert codes == {401: FROM_ONE_PLACE, 429: AT_ONCE - FROM_ONE_PLACE}


async def test_changing_the_password_is_no_way_around_it(house: House) -> None:
    """Somebody at an unlocked screen guesses the present one."""
    async with house.signed_in("ana") as ana:
        form = hidden((await ana.reads("/password")).text, "/password")
        looked_at, fits = [], house.office.passwords.fits

        async def counted(password: str, password_hash: str | None) -> bool:
            looked_at.append(password)
            return await fits(password, password_hash)

        house.office.passwords.fits = counted  # type: ignore[method-assign]
        new = {"new": "tres perros en el patio 5", "again": "tres perros en el patio 5"}
        answers = await asyncio.gather(
            *(ana.posts("/password", {**form, **new, "old": f"adivinanza {n}"}) for n in range(AT_ONCE))
        )
    assert {answer.status_code for answer in answers} == {422}
    assert len(looked_at) == MOST_FAILURES


async def test_whoever_knows_the_password_is_not_locked_out_by_new_ones_that_are_refused(house: House) -> None:
    async with house.signed_in("ana") as ana:
        form = hidden((await ana.reads("/password")).text, "/password")
        for _ in range(MOST_FAILURES + 1):
            weak = {"old": PASSWORD, "new": "corta", "again": "corta"}
            assert (await ana.posts("/password", {**form, **weak})).status_code == 422
    async with house.visitor() as visitor:
        assert (await visitor.signs_in("ana")).status_code == 303


@pytest.mark.slow
async def test_many_who_know_their_passwords_come_from_one_place(house: House) -> None:
    """A school has one address: what was right is taken back."""
    async with house.visitor() as visitor:
        for _ in range(FROM_ONE_PLACE + 5):
            assert (await visitor.signs_in("ana")).status_code == 303
            visitor.client.cookies.clear()


async def test_of_forty_uses_of_a_link_at_once_no_more_pass_than_may(story: Story) -> None:
    use = story.store.use_link
    hour = timedelta(hours=1)
    passed = await asyncio.gather(*(use("Q-1", LinkUse.ASKED, most=3, within=hour) for _ in range(AT_ONCE)))
    assert passed.count(True) == 3


@dataclass(frozen=True)
class _Form:
    """The form to sign in, once read and sent as often as one likes."""

    fields: dict[str, str]

    async def signs_in(self, browser: httpx.AsyncClient, account: str, password: str) -> httpx.Response:
        fields = {"account": account, "password": password, **self.fields}
        return await browser.post("/sign-in", data=fields, headers={"Cookie": f"desk_form={self.fields['form_token']}"})


async def _form(address: str) -> _Form:
    async with httpx.AsyncClient(base_url=address) as browser:
        return _Form(hidden((await browser.get("/sign-in")).text, "/sign-in"))


@pytest.mark.slow
async def test_a_page_elsewhere_whose_name_leads_to_the_desk_gets_nothing(story: Story) -> None:
    """By the real program, as `complaints up` runs it (DNS rebinding)."""
    async with desks(story, 1) as [address], httpx.AsyncClient(base_url=address) as browser:
        assert (await browser.get("/sign-in")).status_code == 200
        for path in ("/sign-in", "/health", "/c", "/api/docs"):
            answer = await browser.get(path, headers={"Host": "evil.example"})
            assert (answer.status_code, "<form" in answer.text) == (421, False)
