"""`complaints verify`: whether everything that is kept holds together, on the terminal and for programs."""

import re
from datetime import UTC, datetime, timedelta

from tests.terminal import Terminal


async def test_what_was_changed_by_hand_is_named_and_written_anew_from_the_journal(terminal: Terminal) -> None:
    number = await terminal.a_complaint()
    await terminal.writes(number)
    whole = await terminal.runs("verify", "--number", number)
    assert (whole.code, "everything holds together" in whole.out) == (0, True), whole.out + whole.err
    async with terminal.store.connection() as connection:
        await connection.execute("UPDATE complaints SET level = 2 WHERE number = $1", number)
    ran = await terminal.runs("verify", "--number", number)
    assert ran.code == 1
    assert ran.out.startswith(f"{number}: its present state is not what its journal tells: level.\n    the journal is")
    facts = (await terminal.runs("verify", "--number", number, "--json")).facts
    assert [(one["number"], one["check"], one["about"]) for one in facts["faults"]] == [
        (number, "state", {"columns": "level"})
    ]
    assert (facts["whole"], facts["temporal"]) == (False, "asked")
    mended = await terminal.runs("verify", "--number", number, "--mend")
    assert mended.code == 0, mended.out
    spanish = await terminal.runs("verify", "--number", number, env={"LANGUAGE": "es"})
    assert "todo concuerda" in spanish.out


async def test_a_number_that_nobody_has_is_said(terminal: Terminal) -> None:
    ran = await terminal.runs("verify", "--number", "Q-2222-22222")
    assert ran.code == 1
    assert "Q-2222-22222" in ran.err


async def test_the_head_of_then_can_be_compared_with_a_digests(terminal: Terminal, number: str) -> None:
    async def head_of(at: datetime) -> str:
        ran = await terminal.runs("verify", "--head-of", at.isoformat())
        assert ran.code == 0, ran.err
        return ran.out.strip()

    assert await head_of(datetime.now(UTC) - timedelta(days=400)) == "Nothing was written by then."
    before = await head_of(datetime.now(UTC))
    assert re.fullmatch("[0-9a-f]{64}", before)
    await terminal.writes(await terminal.a_complaint())
    after = await head_of(datetime.now(UTC))
    assert re.fullmatch("[0-9a-f]{64}", after)
    assert after != before
