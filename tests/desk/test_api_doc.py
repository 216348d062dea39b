"""docs/integration.md, HTTP: its curl lines run against the desk, with a token that the command line made."""

import asyncio
import os
import re
import shutil
from pathlib import Path

import pytest

from complaints.rules.number import complaint_number
from tests.desk_house import house_of
from tests.plugins_browser import on_a_port
from tests.story import Story
from tests.terminal import Terminal

DOC = Path(__file__).parents[2] / "docs" / "integration.md"


@pytest.mark.skipif(shutil.which("curl") is None, reason="no curl on this machine")
async def test_the_curl_lines_open_a_complaint_and_carry_it_on(terminal: Terminal, story: Story) -> None:
    section = DOC.read_text(encoding="utf-8").split("## HTTP\n")[1].split("\n## ")[0]
    [lines] = re.findall(r"^```sh\n(.*?)^```$", section, re.DOTALL | re.MULTILINE)
    number = complaint_number("api/crm/crm-8841")
    assert number in lines, f"the page should show {number}"
    house = house_of(story)
    made = await terminal.facts(
        "token", "add", "crm", "--scope", "intake", "--scope", "acts", "--scope", "read", "--scope", "find"
    )
    await _moved(terminal, house.office.store, made["token"])
    async with on_a_port(house.app) as address:
        process = await asyncio.create_subprocess_exec(
            "sh", "-ec", lines.replace("curl -sS", "curl -sS --fail-with-body --noproxy '*'"),
            env={**os.environ, "TOKEN": made["token"], "DESK": address},
            stdout=asyncio.subprocess.PIPE, stderr=asyncio.subprocess.PIPE,
        )  # fmt: skip
        out, err = await asyncio.wait_for(process.communicate(), 60)
    assert process.returncode == 0, (out, err)
    status = (await house.office.front_desk.status(number)).value
    assert (status.stage, status.department, status.representative) == ("investigation", "academic", "Ana Rojas")
    assert '"pending":false' in out.decode()


async def test_tokens_on_the_command_line(terminal: Terminal) -> None:
    made = await terminal.facts("token", "add", "web-form", "--days", "30")
    assert (made["scopes"], made["token"].startswith("quejas_")) == (["intake"], True)
    again = await terminal.runs("token", "add", "web-form")
    assert (again.code, "complaints token revoke web-form" in again.err) == (1, True)
    listed = {one["name"]: one for one in await terminal.facts("token", "list")}
    assert (listed["web-form"]["live"], listed["web-form"]["used_at"]) == (True, None)
    assert made["token"] not in (await terminal.runs("token", "list", "--json")).out
    assert (await terminal.runs("token", "revoke", "web-form")).code == 0
    assert (await terminal.runs("token", "revoke", "web-form")).code == 1
    assert (await terminal.facts("token", "add", "web-form", "--scope", "read"))["scopes"] == ["read"]
    assert (await terminal.runs("token", "add", "Ñandú")).code == 2
    line = next(row for row in (await terminal.runs("token")).out.splitlines() if row.startswith("web-form"))
    assert "read" in line


async def _moved(terminal: Terminal, store: object, token: str) -> None:
    """The terminal and the story have databases of their own: the desk of the story gets the same token."""
    from complaints.bearer import digest_of
    from complaints.records.programs import Scope
    from complaints.records.store import Store

    assert isinstance(store, Store)
    found = await terminal.store.program(digest_of(token))
    assert found is not None
    await store.add_program(
        found.name, digest=digest_of(token), scopes=tuple(Scope(one) for one in found.scopes), made_by="cli", lasts=None
    )
