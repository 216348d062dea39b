"""What an act would be wrong without is asked for; a mistake in an answer is corrected; who reads what is seen (§6)."""

import html
import re

import pytest

from tests.desk_house import House, house_of, said
from tests.story import Story

ROSA = {"email": "rosa@correo.example", "name": "Rosa Quispe"}


@pytest.fixture
async def house(story: Story) -> House:
    house = house_of(story)
    await house.employs("ana", name="Ana Torres")
    return house


async def test_6_nothing_is_decided_by_an_empty_form(house: House) -> None:
    number = await house.opens(**ROSA)
    page = f"/cases/{number}"
    async with house.signed_in("ana") as ana:
        refused = await ana.sends(page, f"{page}/acts/resolve", cause="Un error nuestro")
        assert (refused.status_code, said(refused)) == (
            409, "Falta llenar: «Resolución, como la leerá el cliente», «¿Tiene fundamento?».",
        )  # fmt: skip
        assert "Un error nuestro" in refused.text, "what was typed is there"
        both = await ana.sends(page, f"{page}/acts/resolve", text="Le pagamos.", outcome="upheld", later="1")
        assert said(both).startswith("Escribió «Resolución, como la leerá el cliente»")
        no_reason = await ana.sends(page, f"{page}/acts/dismiss")
        assert said(no_reason) == "Falta llenar: «Motivo»."
        assert (await house.office.front_desk.status(number)).value.stage == "assessment"
        later = await ana.sends(page, f"{page}/acts/resolve", outcome="upheld", later="1")
        assert later.status_code == 303
    status = (await house.office.front_desk.status(number)).value
    assert (status.stage, status.answered) == ("confirmation", False)


async def test_6_a_mistake_is_corrected_and_resolving_twice_is_not_offered(house: House) -> None:
    number = await house.opens(**ROSA)
    page = f"/cases/{number}"
    measures = "Revisar los pagos\nAvisar antes"
    async with house.signed_in("ana") as ana:
        assert "correct_resolution" not in (await ana.reads(page)).text
        await ana.sends(
            page, f"{page}/acts/resolve", text="Le devolvemos 45 soles.", outcome="not", corrective_actions=measures,
            internal_actions="Hablar con Caja",
        )  # fmt: skip
        read = html.unescape((await ana.reads(page)).text)
        assert f"{page}/acts/resolve" not in read
        form = re.search(rf'action="{page}/acts/correct_resolution".*?</form>', read, re.DOTALL)
        assert form
        assert "Le devolvemos 45 soles." in form[0]
        assert measures in form[0]
        assert re.search(r'value="not" selected', form[0])
        assert "Medida interna: Hablar con Caja" in read
        done = await ana.sends(
            page, f"{page}/acts/correct_resolution", text="Le devolvemos 450 soles.", outcome="upheld",
            corrective_actions="",
        )  # fmt: skip
        assert done.status_code == 303, said(done)
    letter = await house.has_sent(number, "correction")
    assert letter.subject.startswith(f"[{number}] Corregimos nuestra respuesta")
    assert "Le devolvemos 450 soles." in letter.text
    for unsaid in ("Revisar los pagos", "Hablar con Caja", "no tiene fundamento"):
        assert unsaid not in letter.text


async def test_what_the_customer_reads_is_told_apart_from_what_is_ours(house: House) -> None:
    number = await house.opens(**ROSA)
    async with house.signed_in("ana") as ana:
        read = (await ana.reads(f"/cases/{number}")).text
    form = re.search(r'acts/resolve".*?</form>', read, re.DOTALL)
    assert form
    readers = re.findall(r'for="resolve-(\w+)" class="read-by-(\w+)"', form[0])
    assert readers == [
        ("text", "customer"), ("outcome", "customer"), ("corrective_actions", "customer"), ("cause", "ours"),
        ("internal_actions", "ours"),
    ]  # fmt: skip
