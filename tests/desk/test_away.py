"""The desk while something is away, and its sentences: nothing is lost, and nobody is told to use a command line."""

import ast
from collections.abc import Iterator
from dataclasses import replace

import pytest

from complaints.records.staff import Role
from desk.app import application
from starter.front_desk import FrontDesk
from tests.desk_house import House, house_of, said
from tests.house.test_rooms import product
from tests.patience import nobody_answers
from tests.shown import OF_THE_MACHINE
from tests.sources import nodes
from tests.story import Story
from workflows.connection import connect


@pytest.fixture
async def without_temporal(story: Story, nowhere: str) -> House:
    """The desk of a house whose Temporal does not answer."""
    house = house_of(story)
    await house.employs("ana", Role.AGENT, name="Ana Torres")
    desk = FrontDesk(await connect(address=nowhere, lazy=True), story.store, policy=house.office.policy_now)
    office = replace(house.office, front_desk=desk)
    return House(story, office, application(office))


async def test_3_a_call_is_kept_with_its_number_while_temporal_is_away(without_temporal: House) -> None:
    async with without_temporal.signed_in("ana") as ana:
        with nobody_answers():
            answer = await ana.sends("/new", "/new", phone="987 654 321", description="No entro al aula.")
        assert answer.status_code == 303, said(answer)
        page = await ana.reads(answer.headers["location"])
        assert 'id="read-out">Q' in page.text
        assert "quedó anotada con su número y se iniciará sola cuando vuelva" in page.text
        [waiting] = await without_temporal.office.store.pending()
        assert answer.headers["location"].startswith(f"/new/{waiting.number}?")
        with nobody_answers():
            case = await ana.reads(f"/cases/{waiting.number}")
        assert case.status_code == 503
        assert said(case) == f"{waiting.number} está anotada, y empieza sola cuando el servidor vuelva a responder."


async def test_a_case_is_shown_from_the_records_while_temporal_is_away(without_temporal: House, story: Story) -> None:
    number = await house_of(story).opens(email="rosa@correo.example", name="Rosa Quispe")
    async with without_temporal.signed_in("ana") as ana:
        page = f"/cases/{number}"
        with nobody_answers():
            shown = await ana.reads(page)
        assert "El servidor que hace avanzar los casos no responde en este momento" in shown.text
        assert number in (await ana.reads("/")).text
        with nobody_answers():
            refused = await ana.sends(page, f"{page}/acts/add_note", text="Se entiende.")
        assert refused.status_code == 409
        assert "Se entiende.</textarea>" in refused.text


def _errors() -> Iterator[ast.Call]:
    """Every call that makes an error of the front desk, but for those of the commands themselves."""
    kinds = {"FrontDeskError", "Refused", "NotFound", "Away", "NotKnown", "TooOften", "SomebodyElse"}
    for program in product():
        if program.module.startswith(("starter.", "desk.")) and not program.module.startswith("cli.commands."):
            for call in nodes(program.path):
                if isinstance(call, ast.Call) and isinstance(call.func, ast.Name) and call.func.id in kinds:
                    yield call


def test_what_to_type_is_told_at_a_terminal_only() -> None:
    """The first message is for every surface; what names a command is the second. The desk never meets the others."""
    told = [
        part.value
        for call in _errors()
        for part in (ast.walk(call.args[0]) if call.args else ())
        if isinstance(part, ast.Constant) and isinstance(part.value, str)
    ]
    assert len(told) > 50
    assert [one for one in told if OF_THE_MACHINE.search(one) and not any(only in one for only in _AT_A_TERMINAL)] == []


_AT_A_TERMINAL = (
    "complaints digest", "complaints up", "complaints setup", "complaints keys", "complaints doctor`)",
    "search attribute", "DATABASE_URL", "SMTP_URL", "IMAP_URL", "--number", "PUBLIC_URL", "COMPLAINTS_CONTACTS",
)  # fmt: skip
"""Of stacks, their clocks and keys, where the records are and the digest's order nobody asks on a page; an
administrator's page says which file its settings are kept in."""
