"""The closing of a customer who has only a telephone is told in a call that outlives the run (§8): what came of it is
kept beside the journal, and the call is over for everybody."""

from tests.terminal import Terminal

PHONE = ("--channel", "phone", "--phone", "987 654 321", "--name", "Rosa Quispe", "--description", "No entro al aula.")


async def a_closed_one(terminal: Terminal) -> str:
    """Confirmed by a bare signal, so that nobody has told the customer yet that it is closed; its run has ended."""
    number: str = (await terminal.facts("open", *PHONE))["number"]
    await terminal.facts("resolve", number, "--text", "Su acceso ya está habilitado.", "--told-in-call")
    await terminal.facts("satisfied", number)
    await terminal.client.get_workflow_handle(number).result()
    return number


async def open_calls(terminal: Terminal, number: str) -> list[int]:
    """How often each open call of this complaint was tried."""
    return [call["attempts"] for call in await terminal.facts("calls", "list") if call["number"] == number]


async def test_the_call_for_the_closing_ends_when_the_customer_was_reached(terminal: Terminal) -> None:
    number = await a_closed_one(terminal)
    assert (await terminal.facts("status", number))["call"]["kinds"] == ["closing"]
    missed = await terminal.facts("calls", "done", number, "--not-reached", "--by", "Ana", "--id", f"{number}/missed")
    again = await terminal.facts("calls", "done", number, "--not-reached", "--by", "Ana", "--id", f"{number}/missed")
    assert (missed["call"]["attempts"], again["call"]["attempts"]) == (1, 1), "once for its event id"
    assert await open_calls(terminal, number) == [1]
    done = await terminal.facts("calls", "done", number, "--reached", "--notes", "Agradece.", "--by", "Ana")
    assert (done["stage"], done["outcome"], done["call"]) == ("closed", "satisfied", None)
    assert await open_calls(terminal, number) == []
    assert (await terminal.facts("status", number))["call"] is None
    told = [(row["what"], row["data"].get("notes")) for row in await terminal.facts("timeline", number)]
    assert told[-2:] == [("called", None), ("called", "Agradece.")]
    assert (await terminal.runs("calls", "done", number, "--reached")).code == 1


async def test_after_the_policys_attempts_nobody_calls_any_more(terminal: Terminal) -> None:
    number = await a_closed_one(terminal)
    for attempt in (1, 2):
        await terminal.facts("calls", "done", number, "--not-reached", "--id", f"{number}/{attempt}")
    ran = await terminal.runs("calls", "done", number, "--not-reached", env={"LANGUAGE": "en"})
    assert ran.code == 0, ran.err
    assert "No more attempts: the care team sends a letter by post." in ran.out
    assert await open_calls(terminal, number) == []
    assert [(call.attempts, call.outcome) for call in await terminal.store.calls(number)][-1] == (3, "given-up")


async def test_any_other_call_about_a_closed_complaint_is_kept(terminal: Terminal) -> None:
    number = await a_closed_one(terminal)
    await terminal.facts("calls", "done", number, "--reached")
    await terminal.facts("call", number, "--reached", "--inbound", "--notes", "Pide una copia.")
    assert (await terminal.facts("timeline", number))[-1]["data"]["notes"] == "Pide una copia."
