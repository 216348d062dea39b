"""A list that is cut says so at the terminal: which of how many, and how to see the next; JSON stays a list."""

from tests.chance import new_name
from tests.terminal import Terminal

SPANISH = {"LANGUAGE": "es"}


async def test_lists_say_what_they_leave_out(terminal: Terminal) -> None:
    family = new_name()
    customer = ("--channel", "phone", "--name", f"Rosa {family}", "--description", "No entro al aula.")
    for digit in range(3):
        number = await terminal.a_complaint(*customer, "--phone", f"98765432{digit}")
        await terminal.writes(number)
    # The shared records hold complaints of other tests too; who may be meant, nobody counts.
    there = len(await terminal.facts("list", "--limit", "1000"))
    for command, count, of in ((["list"], there, f"{there}"), (["find", family], 3, "más de 2")):
        first = await terminal.runs(*command, "--limit", "2", env=SPANISH)
        assert (first.code, first.err.strip()) == (0, f"1–2 de {of}; las siguientes: --page 2"), command
        last = (count + 1) // 2
        page = await terminal.runs(*command, "--limit", "2", "--page", f"{last}", env=SPANISH)
        assert page.code == 0
        assert page.err.strip() == f"{2 * last - 1}–{count} de {count}", command
        whole = await terminal.runs(*command, "--limit", "1000")
        assert whole.err == ""
        beyond = await terminal.runs(*command, "--limit", "2", "--page", "9999", env=SPANISH)
        assert beyond.err.strip() == "No hay página 9999."
        shown = [await terminal.facts(*command, "--limit", "2", "--page", f"{one}") for one in range(1, last + 1)]
        assert len({one["number"] for facts in shown for one in facts}) == count
