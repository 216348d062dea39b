"""Deciding about mail in the quarantine: released it counts as of when it came, dropped it has a reason."""

import uuid
from datetime import UTC, datetime, timedelta

import pytest

from tests.chance import new_name
from tests.terminal import Terminal

RECEIVED = (datetime.now(UTC) - timedelta(hours=6)).replace(microsecond=0)
"""On the real clock: today, before anything of §4 is due."""


def told(at: datetime) -> str:
    """As --json writes it."""
    return f"{at:%Y-%m-%dT%H:%M:%SZ}"


def a_note(
    body: str = "Estoy de vacaciones.", *, subject: str = "Fuera de la oficina", automatic: bool = True
) -> bytes:
    auto = "Auto-Submitted: auto-replied\r\n" if automatic else ""
    sender = f"{new_name()}@correo.example"
    return (
        f"From: Lucia <{sender}>\r\nMessage-ID: <{uuid.uuid4().hex}@correo.example>\r\nSubject: {subject}\r\n{auto}\r\n"
        f"{body}\r\n"
    ).encode()


async def quarantined(terminal: Terminal, raw: bytes) -> str:
    taken = await terminal.facts("intake", "-", "--received-at", RECEIVED.isoformat(), stdin=raw)
    assert taken["quarantined"], taken
    return str(taken["number"]).removeprefix("quarantine-")


async def test_what_waits_is_listed_and_shown_with_its_reason(terminal: Terminal) -> None:
    item = await quarantined(terminal, a_note())
    [listed] = [one for one in await terminal.facts("quarantine") if one["item"] == item]
    assert (listed["reason"], listed["received_at"], listed["due"]) == (
        "auto-reply", told(RECEIVED), told(RECEIVED + timedelta(hours=24)),
    )  # fmt: skip
    shown = await terminal.facts("quarantine", "show", item)
    assert "vacaciones" in shown["text"]
    assert any("Auto-Submitted" in sign["what"] for sign in shown["evidence"])
    table = await terminal.runs("quarantine", "list")
    assert item in table.out
    assert "vacaciones" in (await terminal.runs("quarantine", "show", item)).out


async def test_released_it_is_a_complaint_received_when_it_came(terminal: Terminal) -> None:
    item = await quarantined(terminal, a_note("No era una ausencia: me cobraron dos veces."))
    taken = await terminal.facts("quarantine", "release", item, "--by", "ana")
    assert (await terminal.facts("status", taken["number"]))["received_at"] == told(RECEIVED)
    [gone] = [one for one in await terminal.facts("quarantine", "--all") if one["item"] == item]
    assert (gone["handled_as"], gone["handled_by"], gone["number"]) == ("released", "ana", taken["number"])
    assert item not in (await terminal.runs("quarantine")).out
    again = await terminal.runs("quarantine", "release", item)
    assert (again.code, "decided already" in again.err) == (1, True)


async def test_released_to_a_case_its_words_are_there_and_its_sender_belongs(terminal: Terminal) -> None:
    number = await terminal.a_complaint()
    await terminal.writes(number)
    first = a_note("Soy su mama, agrego datos.", subject=f"Re: {number}", automatic=False)
    item = await quarantined(terminal, first)
    taken = await terminal.facts("quarantine", "release", item)
    assert (taken["number"], taken["reply"]) == (number, True)
    said = [row["data"].get("text") for row in await terminal.facts("timeline", number)]
    assert "Soy su mama, agrego datos." in said
    sender = first.split(b"\r\n")[0]
    second = a_note("Y otra cosa.", subject=f"Re: {number}", automatic=False)
    second = sender + b"\r\n" + second.partition(b"\r\n")[2]
    assert (await terminal.facts("intake", "-", stdin=second))["reply"]


async def test_what_is_dropped_says_why_and_is_kept(terminal: Terminal) -> None:
    raw = a_note()
    item = await quarantined(terminal, raw)
    assert (await terminal.runs("quarantine", "drop", item, "--reason", " ")).code == 1
    gone = await terminal.facts("quarantine", "drop", item, "--reason", "una ausencia", "--by", "ana")
    assert (gone["handled_as"], gone["handled_why"]) == ("dropped", "una ausencia")
    kept = await terminal.store.mail(gone["digest"])
    assert kept is not None
    assert kept.raw == raw
    again = await terminal.facts("intake", "-", stdin=raw)
    assert (again["already"], again["quarantined"]) == (True, None)


@pytest.mark.parametrize("act", [["show"], ["release"], ["drop", "--reason", "x"]])
async def test_an_unknown_item_is_said_to_be_unknown(terminal: Terminal, act: list[str]) -> None:
    ran = await terminal.runs("quarantine", *act, "000000000000")
    assert (ran.code, "complaints quarantine" in ran.err) == (1, True)
