"""A list that is cut says so at the terminal: which of how many, and how to see the next; JSON stays a list."""

from tests.terminal import Terminal

PHONE = ("--channel", "phone", "--name", "Rosa Quispe", "--description", "No entro al aula.")


async def test_lists_say_what_they_leave_out(terminal: Terminal) -> None:
    for digit in range(3):
        number = await terminal.a_complaint(*PHONE, "--phone", f"98765432{digit}")
        await terminal.writes(number)
    for command, of in ((["list"], "3"), (["find", "quispe"], "más de 2")):  # who may be meant, nobody counts
        first = await terminal.runs(*command, "--limit", "2", env={"LANGUAGE": "es"})
        assert (first.code, first.err.strip()) == (0, f"1–2 de {of}; las siguientes: --page 2"), command
        second = await terminal.runs(*command, "--limit", "2", "--page", "2", env={"LANGUAGE": "es"})
        assert second.code == 0
        assert second.err.strip() == ("3–3 de 3"), command
        whole = await terminal.runs(*command)
        assert whole.err == ""
        beyond = await terminal.runs(*command, "--limit", "2", "--page", "9", env={"LANGUAGE": "es"})
        assert beyond.err.strip() == "No hay página 9."
        both = (
            await terminal.facts(*command, "--limit", "2"),
            await terminal.facts(*command, "--limit", "2", "--page", "2"),
        )
        assert len({one["number"] for page in both for one in page}) == 3
