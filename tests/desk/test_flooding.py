"""Whoever has no account floods nobody: forms come from our own pages, and only so many are on their way at once."""

import asyncio
from types import SimpleNamespace
from typing import Any

import pytest
from starlette.datastructures import FormData
from starlette.requests import Request
from starlette.responses import Response

from complaints.scanning import LookedAt
from desk import uploads
from desk.api.rate_limit import RateLimit
from desk.client_address import from_this_site
from desk.customer.gate import AT_A_TIME, POSTS_A_MINUTE, READ_AT_ONCE, READ_FROM_ONE, Gate, TooBusy
from desk.customer.pages import _paced
from tests.customer_house import ARRIVED, customers_house
from tests.desk_house import ADDRESS, hidden
from tests.story import Story
from tests.waiting import until


def test_who_sends_slowly_keeps_nobody_else_out() -> None:
    gate = Gate()
    slow = [gate.reading("one address") for _ in range(READ_FROM_ONE)]
    for one in slow:
        one.__enter__()
    with pytest.raises(TooBusy), gate.reading("one address"):
        pass
    with gate.reading("another"):
        pass
    slow[0].__exit__(None, None, None)
    with gate.reading("one address"):
        pass
    many = [gate.reading(f"address {place}") for place in range(READ_AT_ONCE - READ_FROM_ONE + 1)]
    for one in many:
        one.__enter__()
    with pytest.raises(TooBusy), gate.reading("one more"):
        pass
    for one in (*slow[1:], *many):
        one.__exit__(None, None, None)
    assert not gate._reading, "and nothing is remembered of anybody"


async def test_of_forms_with_files_two_are_in_memory_and_the_others_wait_their_turn(
    story: Story, monkeypatch: pytest.MonkeyPatch
) -> None:
    house = await customers_house(story)
    await story.complaint_arrives(ARRIVED)
    link, inside, seen, goes_on = house.link().removeprefix(ADDRESS), 0, [0], asyncio.Event()
    all_of = uploads.all_of

    async def held(form: FormData, *, scanner: str | None) -> tuple[LookedAt, ...]:
        nonlocal inside
        inside += 1
        seen.append(inside)
        await goes_on.wait()
        inside -= 1
        return await all_of(form, scanner=scanner)

    monkeypatch.setattr(uploads, "all_of", held)
    async with house.visitor() as rosa:
        forms = [hidden((await rosa.reads(link)).text, f"{link}/words") for _ in range(5)]
        sent = [
            asyncio.create_task(
                rosa.client.post(f"{link}/words", data=form, files={"files": (f"{place}.txt", b"x%d" % place)})
            )
            for place, form in enumerate(forms)
        ]
        await until(lambda: inside == AT_A_TIME)
        assert (await rosa.reads(link)).status_code == 200, "pages are read meanwhile"
        goes_on.set()
        assert {answer.status_code for answer in await asyncio.gather(*sent)} == {303}
    assert max(seen) == AT_A_TIME == 2
    assert len(seen) == 1 + len(forms)


@pytest.mark.parametrize(
    ("headers", "ours"),
    [
        ({}, True),
        ({"origin": "http://desk.example"}, True),
        ({"origin": "null"}, True),  # what our own pages send: they name themselves to nobody
        ({"sec-fetch-site": "same-origin"}, True),
        ({"sec-fetch-site": "none"}, True),
        ({"origin": "https://mal.example"}, False),
        ({"origin": "http://desk.example.mal.example"}, False),
        ({"sec-fetch-site": "cross-site"}, False),
        ({"sec-fetch-site": "same-site", "origin": "http://desk.example"}, False),
    ],
)
def test_customers_forms_come_from_our_pages(headers: dict[str, str], ours: bool) -> None:
    raw = [(name.encode(), said.encode()) for name, said in {"host": "desk.example", **headers}.items()]
    assert from_this_site(Request({"type": "http", "headers": raw})) is ours


async def test_who_has_no_link_asks_for_one_no_faster_than_people_type() -> None:
    """Each asks the records beside the answer: without a pace one program would keep them busy."""

    async def asked(request: Any) -> Response:
        return Response()

    pace = RateLimit(per_minute=POSTS_A_MINUTE, clock=lambda: 0.0)
    page = _paced(asked, Gate(pace=pace))

    async def answers(address: str, times: int) -> list[int]:
        request: Any = SimpleNamespace(from_address=address, refusal=lambda why, status: Response(status_code=status))
        return [(await page(request)).status_code for _ in range(times)]

    assert await answers("one address", POSTS_A_MINUTE + 2) == [200] * POSTS_A_MINUTE + [429, 429]
    assert await answers("another", 1) == [200]
