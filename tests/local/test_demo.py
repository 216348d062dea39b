"""`complaints demo`: the main job in one command. It is the first thing that a newcomer sees."""

import asyncio
import json
import re
import sys
import urllib.request
from pathlib import Path

import pytest

from local.stories.demo_screen import beginning
from tests.on_stage import running, tripwires


async def test_a_complaint_lives_its_whole_life_in_one_command(tmp_path: Path) -> None:
    with tripwires() as environment:
        async with running(["demo"], temporary=tmp_path / "t", LANGUAGE="es", **environment) as command:
            assert await command.ends() == 0, command.text
            assert command.left_behind() == []
    assert in_order(
        command.text,
        "Una queja, de la recepción al cierre",
        "No puedo entrar al aula virtual del curso de Revit",
        "miércoles 22 de julio",
        "09:05 ● Se recibió la queja",
        "Recibimos su queja",
        "15:30 · Se evaluó la queja — Ana Paredes",
        "viernes 24 de julio",
        "Se asignó al área: Sistemas — Ana Paredes",
        "sábado 25 de julio  fin de semana",
        "Cómo va su queja",
        "martes 28 de julio  Fiestas Patrias",
        "! Se venció el plazo: fecha prometida",
        "lunes 3 de agosto",
        "no cumplimos",
        "18:00 ▲ Se escaló a: Gerente de Administración",
        "martes 11 de agosto",
        "18:00 ▲ Se escaló a: Director General",
        "miércoles 12 de agosto",
        "Se decidió la resolución — Christian Cabrera Mendoza",
        "jueves 13 de agosto",
        "✔ El cliente está conforme",
        "✔ Se cerró la queja",
        "El cliente respondió la encuesta",
        "11 a la clienta",
        "4 de 5",
        "complaints simulate silent-staff",
    )
    assert "\x1b" not in command.text  # into a pipe: no colours


@pytest.mark.slow
async def test_kept_up_it_can_be_looked_at_until_ctrl_c(tmp_path: Path) -> None:
    async with running(["demo", "--keep"], temporary=tmp_path / "t", LANGUAGE="en") as command:
        await command.says("It stays up")
        page = (await command.says("Temporal")).split()[-1]
        mailbox = (await command.says("Mail")).split()[-1]
        number, home = re.findall(r"timeline (\S+) --home (\S+)", await command.says("timeline"))[0]
        assert page.endswith(f"/namespaces/default/workflows/{number}")
        assert await opened(page)
        assert "I cannot get into the virtual classroom" in await opened(mailbox)
        assert [entry["what"] for entry in await timeline(number, home)][-1] == "survey-answered"
        command.stop()
        assert await command.ends() == 0
        assert command.left_behind() == []


@pytest.mark.slow
async def test_stopped_while_it_tells_it_leaves_nothing_behind(tmp_path: Path) -> None:
    async with running(["demo"], temporary=tmp_path / "t", PYTHONUNBUFFERED="1") as command:
        await command.says("Se asignó al área")
        command.stop()
        assert await command.ends() == 130
        assert command.left_behind() == []
        assert "Traceback" not in command.text


@pytest.mark.parametrize(
    ("text", "lines"),
    [
        ("[Q-1] Hi\n\nHi\n==\n\nDear Rosa:\n\nWe have it\nnow.\n\nBye", ["We have it now.", "Bye"]),
        ("One\n\nTwo\n\nThree\n\nFOUR", ["One", "Two", "Three", "FOUR"]),
        ("One\n\nTwo\n\nThree\n\nFOUR\n\nfive", ["One", "Two", "Three", "…"]),  # no heading without its text
        ("Hola,\n\n  - first\n    goes on\n  - second\n\n  Own: line", ["- first goes on", "- second", "Own: line"]),
    ],
)
def test_the_beginning_of_a_letter_is_without_heading_and_greeting(text: str, lines: list[str]) -> None:
    assert beginning(text, 4, width=60) == lines


def in_order(text: str, *parts: str) -> bool:
    """Whether these parts come one after the other; says which does not."""
    position = 0
    for part in parts:
        found = text.find(part, position)
        assert found >= 0, f"{part!r} does not come after the part before it, in:\n{text}"
        position = found + len(part)
    return True


async def opened(url: str) -> str:
    """A page as a browser would get it."""

    def read() -> str:
        with urllib.request.urlopen(url, timeout=60) as answer:
            return str(answer.read().decode())

    return await asyncio.to_thread(read)


async def timeline(number: str, home: str) -> list[dict[str, object]]:
    """What another terminal sees."""
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "cli.main", "timeline", number, "--home", home, "--json"),
        stdout=asyncio.subprocess.PIPE,
    )
    out, _ = await process.communicate()
    told: list[dict[str, object]] = json.loads(out)
    return told
