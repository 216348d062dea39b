"""Six more jobs of the desk in Chromium, with the clicks and keys that each takes beyond what is typed, printed.

Less frequent than the five of every day (test_five_jobs.py), and often enough: none may take more than it does today.
After each of them the keys work at once, and the next thing to press is one step away.
"""

from collections.abc import Awaitable, Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from playwright.async_api import Browser, FilePayload, Locator, Page, expect

from complaints.policy_file import changed
from complaints.rules.facts import ResolutionOutcome, Resolved, Withdrawn
from desk.app import application
from desk.customer import form
from desk.customer.form import PATH
from tests.browser.hands import Hands, done_before, signed_in, take_no_more
from tests.desk.test_public_form import PNG, FormHouse, form_house
from tests.desk_house import a_mail
from tests.plugins_browser import IN_A_BROWSER
from tests.story import Story

pytestmark = IN_A_BROWSER

TODAY = datetime.now(UTC).astimezone(ZoneInfo("America/Lima")).date()
SOON = next(day for day in (TODAY + timedelta(days=ahead) for ahead in range(1, 60)) if day.day == day.month)
"""A day that is typed alike wherever the browser comes from: its day is its month."""


@pytest.fixture
async def house(story: Story, monkeypatch: pytest.MonkeyPatch) -> FormHouse:
    """A school whose letters wait their minute, with the public form open."""
    house = await form_house(story)
    policy = changed(house.office.policy, {"letters": {"undo_seconds": 60}})
    house.office = replace(house.office, policy_now=lambda: policy)
    house.app = application(house.office)
    # No person fills the form in within three seconds; a browser of ours does on a good day.
    monkeypatch.setattr(form, "FILLED_IN_AFTER", timedelta(0))
    for account, name in (("ana", "Ana Torres"), ("beto", "Beto Rojas")):
        await house.employs(account, name=name)
        await house.office.store.set_email(account, f"{account}@escuelaconstrucciondigital.com")
    return house


async def assigns_several_at_once(house: FormHouse, hands: Hands) -> None:
    """In the morning: whatever waits for a department goes to one, and to somebody in it."""
    numbers = [await house.opens(email="rosa@correo.example", subject=f"Clase {place}") for place in range(3)]
    for number in numbers:
        await done_before(house, number, "assess", category="plataforma")
        await house.has_written(number, "assessed")
    await hands.is_at("/")
    await hands.clicks_on(hands.page.locator("#stage-assignment a"))
    await hands.clicks_on(hands.page.locator("#all-rows"))
    await hands.presses("a")
    await hands.types("Sistemas")
    await hands.presses("Tab")
    await hands.types("Beto")
    await hands.presses("Control+Enter")
    await expect(hands.page.get_by_role("heading", level=1)).to_have_text("Asignar: 3 de 3")
    for number in numbers:
        status = (await house.office.front_desk.status(number)).value
        assert (status.department, status.representative) == ("systems", "Beto Rojas")
    await one_step_further(hands.page, hands.page.locator("a.row-link").first)


async def answers_with_a_text_block(house: FormHouse, hands: Hands) -> None:
    """Of a case that is open before one: what is answered often, in the customer's language, and its minute runs."""
    number = await house.opens(email="eva@correo.example", name="Eva Luna")
    await hands.is_at(f"/cases/{number}")
    await hands.presses("r", "/", "Enter")
    assert f"Su queja {number}, del " in await hands.page.locator("#reply-text").input_value()
    await hands.presses("Control+Enter")
    await expect(hands.page.locator(".pending")).to_be_visible()
    await one_step_further(hands.page, hands.page.get_by_role("button", name="Deshacer"))


async def answers_with_a_file(house: FormHouse, hands: Hands) -> None:
    """The same with a file from one's own machine."""
    number = await house.opens(email="omar@correo.example", name="Omar Ruiz")
    await hands.is_at(f"/cases/{number}")
    await hands.presses("r")
    await expect(hands.page.locator("#reply-text")).to_be_focused()
    await hands.types("Aquí va su constancia.")
    async with hands.page.expect_file_chooser() as chooser:
        await hands.clicks_on(hands.page.locator("#reply-files"))
    await (await chooser.value).set_files([FilePayload(name="constancia.png", mimeType="image/png", buffer=PNG)])
    await expect(hands.page.locator("#reply .chosen li")).to_have_count(1)
    await hands.presses("Control+Enter")
    await expect(hands.page.locator(".pending")).to_contain_text("constancia.png")
    await one_step_further(hands.page, hands.page.get_by_role("button", name="Deshacer"))


async def finds_a_closed_case_by_a_word(house: FormHouse, hands: Hands) -> None:
    """Somebody remembers a word that stands in a mail of a case that is over."""
    taken = await house.takes_in(a_mail("El certificado debía llegar a la calle Zamácola.", subject="Certificado"))
    await house.has_written(taken.number, "received")
    await house.office.front_desk.act(taken.number, "withdraw", Withdrawn(reason="Ya llegó."), "six/withdrawn")
    await house.has_written(taken.number, "closed")
    await hands.is_at("/")
    await hands.presses("Control+k")
    await hands.types("zamacola")
    await expect(hands.page.locator(f"#palette-{taken.number}")).to_have_attribute("aria-selected", "true")
    await hands.presses("Enter")
    await expect(hands.page.locator(".words").first).to_contain_text("Zamácola")


async def hands_over_for_an_absence(house: FormHouse, hands: Hands) -> None:
    """Before one's holidays: who stands in from when to when, and that the cases are theirs."""
    numbers = [await house.opens(email="luz@correo.example", subject=f"Pago {place}") for place in range(2)]
    for number in numbers:
        await done_before(house, number, "assign", department="finance", representative="Ana Torres")
        await house.has_written(number, "assigned")
    await hands.is_at("/")
    await hands.presses("Control+k")
    await hands.types("ana torres")
    await expect(hands.page.locator("#palette-of-1")).to_have_attribute("aria-selected", "true")
    await hands.presses("Enter")
    await expect(hands.page.locator("#person-ana [name=until]")).to_be_focused()
    await hands.types(SOON.strftime("%d%m%Y"))
    await hands.presses("Tab", "Tab")
    await hands.types("Beto")
    await hands.presses("Tab", "Space", "Control+Enter")
    await expect(hands.page.get_by_role("heading", level=1)).to_have_text("Casos de Ana Torres para Beto Rojas: 2 de 2")
    [ana] = [one for one in await house.office.store.colleagues() if one.account == "ana"]
    assert ana.absence is not None
    assert (ana.absence.until, ana.absence.substitute) == (SOON, "beto")
    await one_step_further(hands.page, hands.page.locator("a.row-link").first)


async def corrects_a_resolution(house: FormHouse, hands: Hands) -> None:
    """A typing error in an answer that is with the customer already."""
    number = await house.opens(email="pia@correo.example", name="Pía Soto")
    await done_before(house, number, "assess", category="cobros")
    await done_before(house, number, "assign", department="finance", representative="Ana Torres")
    answer = Resolved(text="Le devolvimos 54 soles.", outcome=ResolutionOutcome.UPHELD, by="Ana Torres")
    await house.office.front_desk.act(number, "resolve", answer, f"six/{number}")  # a program's does not wait
    await hands.is_at(f"/cases/{number}")
    await hands.presses("Control+k")
    await hands.types("corregir")
    await hands.presses("Enter")
    await expect(hands.page.locator("#correct_resolution-text")).to_be_focused()
    await hands.presses("Control+a")
    await hands.types("Le devolvimos 45 soles.")
    await hands.presses("Control+Enter")
    await expect(hands.page.locator(".pending")).to_contain_text("Corregir la resolución")
    await one_step_further(hands.page, hands.page.get_by_role("button", name="Deshacer"))


async def complains_on_the_public_form(house: FormHouse, hands: Hands) -> None:
    """A customer, who types what happened and where to answer."""
    await hands.is_at(PATH)
    await hands.clicks_on(hands.page.locator("#name"))
    await hands.types("Rosa Quispe")
    await hands.presses("Tab", "Tab")
    await hands.types("rosa@correo.example")
    await hands.clicks_on(hands.page.locator("#description"))
    await hands.types("No llegó mi certificado.")
    await hands.clicks_on(hands.page.locator("#consent"))
    await hands.presses("Enter")
    await expect(hands.page.get_by_role("heading", name="Recibimos su queja")).to_be_visible()


Job = Callable[[FormHouse, Hands], Awaitable[None]]
JOBS: dict[str, tuple[Job, int, int]] = {
    "assign three cases at once": (assigns_several_at_once, 2, 3),
    "reply with a text block": (answers_with_a_text_block, 0, 4),
    "reply with a file": (answers_with_a_file, 1, 2),
    "find a closed case by a word of its mail": (finds_a_closed_case_by_a_word, 0, 2),
    "hand over for an absence": (hands_over_for_an_absence, 0, 7),
    "correct a resolution": (corrects_a_resolution, 0, 4),
    "the public form": (complains_on_the_public_form, 3, 3),
}
"""Each job with the clicks and keys that it takes, and no more."""


async def one_step_further(page: Page, what: Locator) -> None:
    """One Tab leads to what one would press next; and single keys work, for nobody is in a field."""
    await page.wait_for_load_state()
    assert not await page.evaluate("document.activeElement.matches('input, select, textarea')")
    await page.keyboard.press("Tab")
    await expect(what).to_be_focused()


async def test_six_more_jobs_take_no_more_than_they_did(
    house: FormHouse, browser: Browser, address: str, capsys: pytest.CaptureFixture[str]
) -> None:
    page, wrong = await signed_in(browser, address)
    await take_no_more(JOBS, house, page, capsys)
    assert wrong == []
