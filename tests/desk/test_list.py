"""The list: closed complaints by month and end (F20), saved views, and one act on several cases at once."""

import re
from datetime import UTC, datetime, timedelta

import pytest

from complaints.records.staff import Role
from complaints.records.views import MOST
from desk.staff import board
from desk.staff.views import FILTERS, view_address
from tests.desk_house import House, Visitor, hidden, house_of, said
from tests.records_examples import a_batch, a_record
from tests.story import Story


@pytest.fixture
async def house(story: Story) -> House:
    house = house_of(story)
    await house.employs("ana", name="Ana Torres")
    await house.employs("beto", name="Beto Rojas")
    return house


def rows(page: str) -> list[str]:
    return re.findall(r'id="r-([^"]+)"', page)


async def test_what_was_closed_is_listed_by_month_and_end(house: House) -> None:
    """Each month begins at midnight in Lima: five in the morning, UTC."""
    ends = {
        "a": ("2026-06-30T22:00:00-05:00", "satisfied"),
        "b": ("2026-07-01T00:30:00-05:00", "decision"),
        "c": ("2026-07-31T23:59:00-05:00", "satisfied"),
    }
    numbers = {}
    for key, (closed_at, outcome) in ends.items():
        record = a_record(f"house/{key}", stage="closed", closed_at=closed_at, outcome=outcome, due=None)
        numbers[key] = record.number
        await house.office.store.write(a_batch(record))
    open_one = await house.opens(email="rosa@correo.example", name="Rosa Quispe")
    async with house.signed_in("ana") as ana:
        for query, found in (
            ("closed=2026-07", ["c", "b"]),  # what was closed last stands first
            ("closed=2026-06", ["a"]),
            ("closed=2026-07&end=decision", ["b"]),
            ("closed=all", ["c", "b", "a"]),
            ("closed=all&by=closed", ["a", "b", "c"]),
            ("closed=nonsense&end=satisfied", ["c", "a"]),
            ("closed=2026-13", ["c", "b", "a"]),
            ("closed=2026-07&department=none", []),
        ):
            assert rows((await ana.reads(f"/list?{query}")).text) == [numbers[key] for key in found], query
        page = (await ana.reads("/list?closed=2026-07")).text
        assert "Cerradas en julio de 2026" in page
        assert open_one not in page
        assert rows((await ana.reads("/list")).text) == [open_one]


async def saves(visitor: Visitor, page: str, name: str) -> str:
    """Saves what the page shows under a name; returns where it leads."""
    answer = await visitor.sends(page, "/views", name=name)
    return str(answer.headers.get("location", answer.status_code))


async def test_a_view_is_saved_opened_and_removed_by_whoever_saved_it(house: House) -> None:
    async with house.signed_in("ana") as ana, house.signed_in("beto") as beto:
        page = "/list?late=1&text=rosa&by=received&page=1"
        assert await saves(ana, page, "Rosas tardes") == "/list?late=1&text=rosa&by=received"
        await saves(ana, "/?mine=1", "Lo mío")
        shown = (await ana.reads("/")).text
        assert 'href="/list?late=1&amp;text=rosa&amp;by=received">Rosas tardes</a>' in shown
        assert shown.index("Lo mío") < shown.index("Rosas tardes")
        assert "Rosas tardes" not in (await beto.reads("/")).text
        assert 'aria-current="true">Lo mío</a>' in (await ana.reads("/?mine=1")).text
        await saves(ana, "/?late=1", "Lo mío")  # the same name: the new filters
        assert (await ana.reads("/")).text.count("Lo mío") == 1
        await ana.sends("/?late=1", "/views/drop")
        assert "Lo mío" not in (await ana.reads("/")).text


async def test_views_have_a_name_and_an_end(house: House) -> None:
    async with house.signed_in("ana") as ana:
        assert (await ana.sends("/?late=1", "/views", name="  ")).status_code == 422
        for turn in range(MOST):
            await saves(ana, f"/?text=t{turn}", f"Vista {turn}")
        assert await saves(ana, "/?text=otra", "Una más") == "409"
        assert await saves(ana, "/?text=otra", "Vista 3") == "/?text=otra"


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("/list?late=1&page=3&poll=1&evil=x", "/list?late=1"),
        ("//evil.example/list", "/"),
        ("https://evil.example/", "/"),
        ("/people?role=admin", "/"),
        ("/list?text=%00", "/"),
        ("javascript:alert(1)", "/"),
        ("", "/"),
    ],
)
def test_a_view_leads_nowhere_but_to_the_board_and_the_list(typed: str, kept: str) -> None:
    assert view_address(typed.replace("%00", "\x00")) == kept


def test_a_view_keeps_every_filter_that_the_pages_have() -> None:
    assert set(FILTERS) == {*board.SHOWN, *board.CLOSED, *board.SORTED} - {"page"}


async def test_several_cases_are_assigned_at_once_each_with_what_came_of_it(house: House) -> None:
    """The form sent twice is one act a case; what cannot be done says why, and the rest is done."""
    first, second = [await house.opens(email=f"{name}@correo.example", name=name) for name in ("rosa", "luis")]
    ended = await house.opens(email="eva@correo.example", name="eva")
    async with house.signed_in("ana") as ana:
        await ana.sends(f"/cases/{ended}", f"/cases/{ended}/acts/dismiss", reason="Era una consulta.")
        form = hidden((await ana.reads("/list")).text, "/list/note")
        sent = {
            **form,
            "number": [first, second, ended, "none"],
            "department": "systems",
            "representative": "Beto Rojas",
        }
        for _ in range(2):
            answer = await ana.posts("/list/assign", sent)
            assert answer.status_code == 200, said(answer)
            assert "Asignar: 2 de 4" in answer.text
            assert answer.text.count("✓ Hecho") == 2
            assert "Reintentar en 2" in answer.text, "those that were refused, with what was chosen"
            assert re.findall(r'name="number" value="([^"]*)"', answer.text) == [ended, "none"]
            assert hidden(answer.text, "/list/assign")["representative"] == "Beto Rojas"
        for number in (first, second):
            await house.has_written(number, "assigned")
            assigned = [row for row in await house.office.store.journal(number) if row.what == "assigned"]
            assert [(row.by, row.data["department"], row.data["representative"]) for row in assigned] == [
                ("Ana Torres", "systems", "Beto Rojas")
            ]
        assert (await ana.posts("/list/assign", {**form, "number": [ended]})).status_code == 409
        assert (await ana.posts("/list/assign", form)).status_code == 422


async def test_the_same_note_stands_in_each_and_an_empty_one_in_none(house: House) -> None:
    numbers = [await house.opens(email=f"{name}@correo.example") for name in ("rosa", "luis")]
    async with house.signed_in("ana") as ana:
        form = hidden((await ana.reads("/list")).text, "/list/note") | {"number": numbers}
        empty = await ana.posts("/list/note", {**form, "text": "  "})
        assert empty.status_code == 409
        assert empty.text.count('class="is-late"') == 2
        assert 'name="text"' in empty.text, "it is mended where it was refused"
        assert (await ana.posts("/list/note", {**form, "text": "Se cayó el aula."})).status_code == 200
    for number in numbers:
        await house.has_written(number, "noted")


async def test_the_ticked_ones_are_taken_as_a_table_by_whoever_may(house: House) -> None:
    await house.employs("gema", Role.MANAGER, name="Gema Ruiz")
    one, other = [
        await house.opens(email=f"{name}@correo.example", subject=f"Sobre {name}") for name in ("rosa", "luis")
    ]
    async with house.signed_in("gema") as gema, house.signed_in("ana") as ana:
        form = hidden((await gema.reads("/list")).text, "/list/note") | {"number": [one]}
        table = await gema.posts("/list/export", form)
        assert table.headers["content-type"].startswith("text/csv")
        assert one in table.text
        assert "Sobre rosa" in table.text
        assert other not in table.text
        assert "/list/export" not in (await ana.reads("/list")).text


async def test_lateness_is_told_in_business_days(house: House) -> None:
    """A weekend is no delay: what was due on Friday is late since Monday. Whatever is late says it, also a message or
    the law's limit, while the window of the stage still runs."""
    now = datetime.now(UTC)
    due = now - timedelta(days=14)
    for key, ends, since in (("window", due, None), ("message", now + timedelta(days=3), due)):
        await house.office.store.write(a_batch(a_record(f"house/{key}", late=True, due=ends, late_since=since)))
    weekdays = sum((due + timedelta(days=n)).date().weekday() < 5 for n in range(1, 15))
    async with house.signed_in("ana") as ana:
        for page in ("/", "/list"):
            days = {int(one) for one in re.findall(r"tarde (\d+) días hábiles", (await ana.reads(page)).text)}
            assert len(days) == 1, page
            assert 6 <= days.pop() <= weekdays
        assert "<b>tarde</b>" not in (await ana.reads("/")).text
