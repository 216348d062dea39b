"""The five jobs of every day in Chromium, with the clicks and keys that each takes beyond what is typed, printed.

Whoever works here does them fifty times a day: none may take more than it does today, whatever is added to a page.
"""

from collections.abc import Awaitable, Callable

import pytest
from playwright.async_api import Browser, expect

from tests.browser.hands import Hands, done_before, signed_in, take_no_more
from tests.desk_house import House, a_mail, house_of
from tests.plugins_browser import IN_A_BROWSER
from tests.story import Story

pytestmark = IN_A_BROWSER

DETAILS = ("987654321", "Rosa Quispe", "45678912", "", "El curso no tuvo las horas prometidas.", "Curso de BIM")
"""What a caller says, in the order of the form: telephone, name, document, address, what happened, of what."""


@pytest.fixture
async def house(story: Story) -> House:
    house = house_of(story, undo_seconds=60)
    await house.employs("ana", name="Ana Torres")
    await house.employs("beto", name="Beto Rojas")
    return house


async def takes_down_a_call(house: House, hands: Hands) -> None:
    """The telephone rings: a complaint is taken down, and its number read out."""
    await hands.presses("n")
    await expect(hands.page.locator("[name=phone]")).to_be_focused()
    for place, said in enumerate(DETAILS):
        await hands.types(said)
        await hands.presses("Tab" if place < len(DETAILS) - 1 else "Enter")
    await expect(hands.page.locator("#read-out")).to_be_visible()


async def finds_what_is_late_and_acts(house: House, hands: Hands) -> None:
    """The first thing in the morning: what is late is opened and assessed."""
    story = house.story
    await story.complaint_arrives("2026-07-22 10:00", subject="No llega el certificado")
    await story.passes(days=9)
    number = story.number
    await house.has_written(number, "late/assessment")
    await hands.page.reload()
    await hands.clicks_on(hands.page.locator(f"#u-{number}"))
    await hands.clicks_on(hands.page.locator("#act-assess [name=category]"))
    await hands.types("certificados")
    await hands.presses("Control+Enter")
    await expect(hands.page.get_by_role("status").first).to_contain_text("Hecho: Evaluar")


async def gives_it_to_a_department_and_a_colleague(house: House, hands: Hands) -> None:
    """Of a case that is open before one: the department, and who has it."""
    number = await house.opens(email="eva@correo.example", name="Eva Luna")
    await done_before(house, number, "assess", category="plataforma")
    await hands.is_at(f"/cases/{number}")
    await hands.presses("a")
    await expect(hands.page.locator("#act-assign [name=department]")).to_be_focused()
    await hands.types("Sistemas")
    await hands.presses("Tab")
    await hands.types("Beto")
    await hands.presses("Control+Enter")
    await expect(hands.page.locator("#facts")).to_contain_text("Beto Rojas")
    await expect(hands.page.locator("#facts")).to_contain_text("Sistemas")


async def answers_it(house: House, hands: Hands) -> None:
    """Of a case that is open before one: the resolution, which waits its minute."""
    number = await house.opens(email="omar@correo.example", name="Omar Ruiz")
    await done_before(house, number, "assess", category="cobros")
    await done_before(house, number, "assign", department="finance", representative="Ana Torres")
    await hands.is_at(f"/cases/{number}")
    await hands.presses("a")
    await expect(hands.page.locator("#act-resolve [name=text]")).to_be_focused()
    await hands.types("Le devolvimos 45 soles el martes.")
    await hands.presses("Tab")
    await hands.types("S")
    await hands.presses("Control+Enter")
    await expect(hands.page.get_by_role("button", name="Deshacer")).to_be_visible()
    await expect(hands.page.get_by_role("button", name="Enviar ya")).to_be_visible()


async def knows_who_calls(house: House, hands: Hands) -> None:
    """A caller says nothing but a telephone, which stands in the words of a mail alone."""
    taken = await house.takes_in(a_mail("Me cobraron dos veces. Llámenme al 956 321 478, por favor.", subject="Cobro"))
    await house.has_written(taken.number, "received")
    await hands.presses("/")
    await hands.types("956321478")
    await hands.presses("Enter")
    await hands.clicks_on(hands.page.locator(f"a.found[href='/cases/{taken.number}']"))
    await expect(hands.page.locator(".words").first).to_contain_text("Me cobraron dos veces")


Job = Callable[[House, Hands], Awaitable[None]]
JOBS: dict[str, tuple[Job, int, int]] = {
    "a phone complaint": (takes_down_a_call, 0, 7),
    "find what is late, and act": (finds_what_is_late_and_acts, 2, 1),
    "department and representative": (gives_it_to_a_department_and_a_colleague, 0, 3),
    "the resolution": (answers_it, 0, 3),
    "a caller with only a telephone": (knows_who_calls, 1, 2),
}
"""Each job with the clicks and keys that it takes, and no more. On 2026-11-28 they took 0+7, 3+2, 5, 1+5 and 1+2."""


async def test_the_five_daily_jobs_take_no_more_than_they_did(
    house: House, browser: Browser, address: str, capsys: pytest.CaptureFixture[str]
) -> None:
    page, wrong = await signed_in(browser, address)
    await take_no_more(JOBS, house, page, capsys, at=address)
    assert wrong == []
