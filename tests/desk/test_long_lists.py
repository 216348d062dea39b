"""Lists of more cases than a page holds: nothing is left out, forgotten or narrowed without saying so (F20).

On the records alone: no page here asks anything of a running case.
"""

import re
from html import unescape
from typing import Any

import pytest

from complaints.records.staff import Role
from complaints.records.store import Store
from desk.staff import board
from desk.staff.many import MOST
from tests.desk_house import House, Visitor, hidden, house_on, said
from tests.records_examples import MONDAY, a_batch, a_record, days, hours


@pytest.fixture
async def house(store: Store, monkeypatch: pytest.MonkeyPatch) -> House:
    """Five that are late and have an area, three that are neither, and four that were closed in two months."""
    monkeypatch.setattr(board, "PAGE", 2)
    for place in range(12):
        values: dict[str, Any] = {
            "received_at": MONDAY + hours(place),
            "customer_name": f"Rosa {chr(65 + place)}",
            "due": MONDAY,
        }
        if place < 5:
            values |= {"late": True, "department": "given-up"}
        elif place >= 8:
            closed_at = MONDAY + days(20 * (place - 8))
            values |= {"stage": "closed", "closed_at": closed_at, "outcome": "satisfied", "due": None}
        await store.write(a_batch(a_record(f"long/{place}", **values)))
    house = house_on(store)
    await house.employs("gema", Role.MANAGER, name="Gema Ruiz")
    return house


def rows(page: str) -> list[str]:
    return re.findall(r'id="r-[^"]+"[^>]*>Rosa (.)<', page)


def leads(page: str, words: str) -> str:
    """Where the link with these words leads."""
    found = [
        unescape(href) for href, text in re.findall(r'<a [^>]*?href="([^"]+)"[^>]*>(.*?)</a>', page) if words in text
    ]
    assert found, words
    return found[0]


def chosen(page: str) -> dict[str, str]:
    """What the fields of the filters hold, as a browser would send them."""
    [form] = re.findall(r'<form class="filters".*?</form>', page, re.DOTALL)
    fields = dict(re.findall(r'<input type="hidden" name="([^"]+)" value="([^"]*)"', form))
    for name, options in re.findall(r'<select name="([^"]+)">(.*?)</select>', form, re.DOTALL):
        for value, text in re.findall(r'<option(?: value="([^"]*)")? selected>([^<]*)', options):
            fields[name] = value or text
    return fields


async def test_what_a_list_leaves_out_is_said_and_undone_by_a_click(house: House) -> None:
    async with house.signed_in("gema") as gema:
        page = (await gema.reads("/list?late=1&unassigned=1")).text
        assert rows(page) == []
        page = (await gema.reads(leads(page, "sin área"))).text
        assert len(rows(page)) == 2
        assert "1–2 de 5" in page
        assert rows((await gema.reads(leads(page, "vencidas"))).text) == ["A", "B"]
        nobody = (await gema.reads("/list?person=gema&department=given-up")).text
        assert "Gema Ruiz" in re.findall(r'<p class="narrowed">.*?</p>', nobody, re.DOTALL)[0]


FILTERED: tuple[tuple[str, dict[str, str]], ...] = (
    ("late=1&by=customer&down=1", {"late": "1", "by": "customer", "down": "1"}),  # the order, too
    ("department=given-up", {"department": "given-up"}),  # which the school has no more
    ("department=nobodys", {"department": "nobodys"}),  # and no row here has
    ("channel=fax", {"channel": "fax"}),
    ("level=9", {"level": "9"}),
    ("closed=2019-03", {"closed": "2019-03"}),  # older than the months that are offered
    ("closed=2026-07&end=elsewhere", {"closed": "2026-07", "end": "elsewhere"}),
    ("closed=9999-12", {"closed": "all"}),  # what is no month of ours is all of them, and says so
    ("stage=nonsense&level=x", {}),
    # What says nothing of a closed complaint does not narrow the closed ones, nor an end the open ones.
    ("closed=all&late=1&today=1&unread=1&unassigned=1&stage=assessment&by=due", {"closed": "all", "by": "due"}),
    ("end=satisfied", {}),
)


async def test_what_is_filtered_by_stands_in_the_fields(house: House) -> None:
    async with house.signed_in("gema") as gema:
        for query, kept in FILTERED:
            answer = await gema.reads(f"/list?{query}")
            assert (answer.status_code, chosen(answer.text)) == (200, kept), query
        closed = await gema.reads("/list?closed=all&late=1&by=due")
        assert rows(closed.text) == ["L", "K"], "the closed ones stand there, the newest end first"


async def test_the_table_holds_all_pages_of_the_list_in_its_order(house: House) -> None:
    async def names(visitor: Visitor, query: str) -> list[str]:
        page = (await visitor.reads(f"/list?{query}")).text
        table = (await visitor.reads(leads(page, "de esta lista"))).text
        return re.findall(r"Rosa (.)", table)

    async with house.signed_in("gema") as gema:
        assert await names(gema, "late=1&by=customer&down=1") == ["E", "D", "C", "B", "A"]
        assert await names(gema, "closed=2026-08") == ["K", "J"]
        assert "de esta lista" not in (await gema.reads("/list?text=nadie")).text


async def test_after_an_act_one_is_back_on_the_same_page_of_the_same_list(house: House) -> None:
    async with house.signed_in("gema") as gema:
        page = (await gema.reads("/list?late=1&by=customer&down=1&page=2")).text
        form = hidden(page, "/list/note")
        assert form["address"] == "/list?late=1&by=customer&down=1&page=2"
        assert rows((await gema.reads(form["address"])).text) == ["C", "B"]
        over = [f"Q-{place}" for place in range(MOST + 1)]
        answer = await gema.posts("/list/note", form | {"number": over, "text": "x"})
        assert (answer.status_code, said(answer)) == (
            422,
            f"Hay {MOST + 1} casos marcados y se hacen como máximo {MOST} a la vez: desmarque algunos.",
        )
        table = await gema.posts("/list/export", form | {"number": [*over, *await numbers(house)]})
        assert len(re.findall(r"Rosa .", table.text)) == 8, "a table takes as many as are ticked"


async def numbers(house: House) -> list[str]:
    return [record.number for record in await house.office.store.open_cases()]
