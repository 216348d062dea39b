"""The report at the desk: its month and filters in the address, its files, and what it says to a wrong one."""

import io
import json
from dataclasses import replace
from datetime import UTC, datetime

import pytest
from pypdf import PdfReader

from complaints.records.staff import Role
from desk.app import application
from tests.desk_house import House, house_of, said
from tests.report_lives import july
from tests.story import Story

AUGUST = datetime(2026, 8, 10, 15, tzinfo=UTC)


@pytest.fixture
async def numbers(story: Story) -> dict[str, str]:
    return await july(story.store)


@pytest.fixture
async def house(story: Story, numbers: dict[str, str]) -> House:
    office = replace(house_of(story).office, now=lambda: AUGUST)
    house = House(story, office, application(office))
    await house.employs("marta", Role.MANAGER, name="Marta Ruiz")
    return house


async def test_without_a_month_it_is_last_month(house: House, numbers: dict[str, str]) -> None:
    async with house.signed_in("marta") as marta:
        page = await marta.reads("/reports")
        assert page.status_code == 200
        assert "Informe de quejas: julio de 2026" in page.text
        assert f'href="/cases/{numbers["forgotten"]}"' in page.text
        assert page.text.index("Qué habría evitado") < page.text.index("De un vistazo")
        assert "style=" not in page.text  # the desk's policy would drop it


async def test_filters_stand_in_the_address_and_in_the_files(house: House, numbers: dict[str, str]) -> None:
    async with house.signed_in("marta") as marta:
        page = await marta.reads("/reports?month=2026-07&department=academic&channel=email")
        assert "/reports/report.pdf?month=2026-07&amp;department=academic&amp;channel=email" in page.text
        answer = await marta.reads("/reports/report.json?month=2026-07&department=academic&channel=email")
        figures = json.loads(answer.text)
        assert {name: value for name, value in figures["only"].items() if value} == {
            "department": "academic",
            "channel": "email",
        }
        assert figures["totals"]["received"] == 3
        assert numbers["forgotten"] not in answer.text


async def test_each_file_is_what_its_name_says(house: House, numbers: dict[str, str]) -> None:
    async with house.signed_in("marta") as marta:
        for form, kind, begins in (
            ("pdf", "application/pdf", b"%PDF-"),
            ("html", "text/html; charset=utf-8", b"<!doctype html>"),
            ("csv", "text/csv; charset=utf-8", "\ufeffsection".encode()),
            ("json", "application/json", b"{"),
        ):
            answer = await marta.reads(f"/reports/report.{form}?month=2026-07")
            assert answer.status_code == 200
            assert answer.headers["content-type"] == kind
            assert answer.headers["content-disposition"] == f'attachment; filename="quejas-2026-07.{form}"'
            assert answer.content.startswith(begins)
        text = PdfReader(io.BytesIO((await marta.reads("/reports/report.pdf?month=2026-07")).content)).pages[0]
        assert "julio de 2026" in text.extract_text()


@pytest.mark.parametrize(
    "query", ["month=2026-13", "month=tomorrow", "from=2026-07-10&to=2026-07-09", "from=2026-07-10", "month=0001-01"]
)
async def test_a_period_that_does_not_exist_is_refused_in_a_sentence(house: House, query: str) -> None:
    async with house.signed_in("marta") as marta:
        page = await marta.reads(f"/reports?{query}")
        assert page.status_code == 200
        assert said(page).startswith("Ese período no existe")
        assert "julio de 2026" in page.text
        assert (await marta.reads(f"/reports/report.csv?{query}")).status_code == 400


async def test_a_period_of_days_has_both_its_ends(house: House, numbers: dict[str, str]) -> None:
    async with house.signed_in("marta") as marta:
        answer = await marta.reads("/reports/report.json?from=2026-07-02&to=2026-07-06")
        assert json.loads(answer.text)["totals"]["received"] == 2  # disputed and reopened; no complaint is none
        assert "del jueves 2 de julio de 2026 al lunes 6 de julio de 2026" in (
            await marta.reads("/reports?from=2026-07-02&to=2026-07-06")
        ).text  # fmt: skip


async def test_a_month_that_goes_on_says_so(house: House) -> None:
    async with house.signed_in("marta") as marta:
        assert "todavía no termina" in (await marta.reads("/reports?month=2026-08")).text
        assert "todavía no termina" not in (await marta.reads("/reports?month=2026-07")).text


async def test_nothing_written_by_people_becomes_markup(house: House) -> None:
    async with house.signed_in("marta") as marta:
        page = await marta.reads("/reports?product=%3Cscript%3Ealert(1)%3C/script%3E&category=%22%3E%3Cb%3E")
        assert "<script>alert" not in page.text
        assert '"><b>' not in page.text
