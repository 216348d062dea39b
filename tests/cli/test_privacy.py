"""`complaints privacy`: a person's data erased by right, held for a court, corrected; each noted with who and why."""

import pytest
from temporalio.service import RPCError

from complaints.records.store import Store
from tests.cli.test_link import LINKS, _opens
from tests.terminal import Terminal
from tests.waiting import PATIENCE, becomes

ES = {"LANGUAGE": "es"}


async def closed(terminal: Terminal) -> str:
    """A complaint that its customer took back."""
    number = await terminal.a_complaint()
    await terminal.facts("withdraw", number, "--by", "ana")
    await terminal.ends(number)
    return number


async def known(terminal: Terminal, number: str) -> bool:
    try:
        await terminal.client.get_workflow_handle(number).describe()
    except RPCError:
        return False
    return True


async def noted(store: Store, number: str) -> list[tuple[str, str | None, str]]:
    return [(word.what, word.by, word.data.get("reason", "")) for word in await store.afterwords(number)]


async def test_who_complained_is_erased_with_temporals_history_and_every_link(terminal: Terminal) -> None:
    number = await closed(terminal)
    address = (await terminal.runs("link", number, "--json", env=LINKS)).facts["address"]
    assert await _opens(terminal, address)
    before = await terminal.facts("privacy", "erase", number, "--dry-run")
    assert (before["hold"], before["erased_at"], before["places"]["journal"] > 2) == (None, None, True)
    assert await terminal.facts("find", "Rosa Quispe"), "a dry run changes nothing"
    ran = await terminal.runs("privacy", "erase", number, "--reason", "Lo pidió", "--by", "ana", "--yes", env=ES)
    assert (ran.code, "se suprimieron" in ran.out) == (0, True), ran.err
    assert not await _opens(terminal, address)
    # The server deletes once all that the run's end had to do is acknowledged: half a minute, or two.
    assert await becomes(lambda: known(terminal, number), False, within=3 * PATIENCE)
    assert ("erased", "ana", "Lo pidió") in await noted(terminal.store, number)
    assert (await terminal.runs("verify", "--number", number)).code == 0
    shown = await terminal.runs("timeline", number, env=ES)
    assert ("Se suprimieron los datos de quien reclamó" in shown.out, "Rosa" in shown.out) == (True, False)
    assert (await terminal.runs("dossier", number, "--out", str(terminal.home / "d.pdf"))).code in (0, 2)
    again = await terminal.runs("reopen", number, "--reason", "No conforme", env=ES)
    assert (again.code, "se suprimieron" in again.err) == (1, True), "nobody to go on with"


async def test_what_is_open_or_held_is_refused_and_says_what_to_do(terminal: Terminal, number: str) -> None:
    refused = await terminal.runs("privacy", "erase", number, "--reason", "x", "--yes", env=ES)
    assert (refused.code, "está abierta" in refused.err) == (1, True)
    ended = await closed(terminal)
    assert (await terminal.runs("privacy", "hold", ended, "--reason", "INDECOPI", "--by", "luz")).code == 0
    held = await terminal.runs("privacy", "erase", ended, "--reason", "x", "--yes", env=ES)
    assert (held.code, f"complaints privacy release {ended}" in held.err) == (1, True)
    assert ended in (await terminal.facts("privacy", "due"))["held"]
    twice = await terminal.runs("privacy", "hold", ended, "--reason", "INDECOPI", env=ES)
    assert (twice.code, "ya está retenido" in twice.err) == (1, True)
    assert (await terminal.runs("privacy", "release", ended, "--reason", "Archivado", "--by", "luz")).code == 0
    assert await noted(terminal.store, ended) == [
        ("hold-set", "luz", "INDECOPI"),
        ("hold-released", "luz", "Archivado"),
    ]
    assert ended not in (await terminal.facts("privacy", "due"))["held"]


async def test_what_was_wrong_is_noted_beside_the_journal(terminal: Terminal, number: str) -> None:
    right = ("privacy", "rectify", "--name", "Rosa Quispe Mamani", "--reason", "Así en su DNI", "--by", "ana")
    open_ = await terminal.runs(*right, number, env=ES)
    assert (open_.code, "receive-details" in open_.err) == (1, True)
    ended = await closed(terminal)
    before = await terminal.store.journal(ended)
    assert (await terminal.runs(*right, ended)).code == 0
    [word] = await terminal.store.afterwords(ended)
    assert (word.what, word.by, word.data["customer_name"]) == ("rectified", "ana", "Rosa Quispe Mamani")
    assert await terminal.store.journal(ended) == before
    bad = await terminal.runs("privacy", "rectify", ended, "--email", "x", "--reason", "x", env=ES)
    assert bad.code == 1
    await terminal.runs("privacy", "erase", ended, "--reason", "x", "--yes")
    [word] = [one for one in await terminal.store.afterwords(ended) if one.what == "rectified"]
    assert word.data["customer_name"].startswith("[···"), "a correction is erased with the rest"


@pytest.mark.parametrize("words", [("erase",), ("hold",), ("release",), ("rectify",)])
async def test_nothing_is_done_without_a_reason(terminal: Terminal, number: str, words: tuple[str, ...]) -> None:
    assert (await terminal.runs("privacy", *words, number)).code == 2


async def test_what_somebody_asks_has_a_term_until_they_have_their_answer(terminal: Terminal, number: str) -> None:
    before = ("--received", "2026-07-13T10:00-05:00", "--by", "luz", "--id", "letter-17")
    for _ in range(2):  # twice is once
        asked = await terminal.facts("privacy", "request", "access", number, *before)
        assert asked["due"][:10] == "2026-08-14"
    shown = await terminal.runs("privacy", "requests", env=ES)
    assert (number in shown.out, "14 de agosto" in shown.out, "acceso" in shown.out) == (True, True, True), shown.out
    assert [one["id"] for one in (await terminal.facts("privacy", "due"))["requests"]] == ["letter-17"]
    nothing = await terminal.runs("privacy", "answered", "nobody-asked", env=ES)
    assert (nothing.code, "complaints privacy requests" in nothing.err) == (1, True)
    assert (await terminal.runs("privacy", "answered", "letter-17", "--answer", "refused", "--by", "ana")).code == 0
    assert "Nadie espera" in (await terminal.runs("privacy", "requests", env=ES)).out
    assert (await terminal.runs("privacy", "answered", "letter-17")).code == 1
    words = await terminal.store.afterwords(number)
    assert {(word.what, word.by) for word in words} == {("privacy-asked", "luz"), ("privacy-answered", "ana")}
    assert (await terminal.runs("verify", "--number", number)).code == 0
    future = await terminal.runs("privacy", "request", "erasure", number, "--received", "2999-01-01T00:00Z", env=ES)
    assert (future.code, "todavía no llega" in future.err) == (1, True)
