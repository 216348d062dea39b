"""Ajustes, the rules: numbers set on a page, read by what runs; running complaints follow when that is asked for."""

import re
from dataclasses import replace
from html import unescape
from importlib.resources import files
from pathlib import Path
from typing import Any

import pytest

from complaints.policy_file import PolicyFile
from complaints.records.staff import Role
from desk.app import application
from tests.desk_house import House, Visitor, hidden, house_of, said
from tests.story import Story, shown

PACKAGED = (files("complaints") / "policy.toml").read_text(encoding="utf-8")
RULES = "/settings/rules"


@pytest.fixture
async def house(story: Story, tmp_path: Path) -> House:
    """The desk and the worker of a school with rules of its own."""
    path = tmp_path / "policy.toml"
    path.write_text(PACKAGED, encoding="utf-8")
    await story.worker_stops()
    story.settings = story.settings.model_copy(update={"policy_file": path})
    await story.worker_starts()
    house = house_of(story)
    house.office = replace(house.office, settings=story.settings, policy_now=PolicyFile(path).now)
    house.app = application(house.office)
    await house.employs("rut", Role.ADMIN, name="Rut Salas")
    return house


def form(html: str) -> dict[str, Any]:
    """Every field of the page's form, as a browser would send it back."""
    found = re.search(rf'<form[^>]*action="{RULES}".*?</form>', html, re.DOTALL)
    assert found
    fields: dict[str, Any] = dict(hidden(html, RULES))
    fields |= dict(re.findall(r'<input id="[^"]+" name="([^"]+)" value="([^"]*)"', found[0]))
    fields |= dict(re.findall(r'<textarea id="[^"]+" name="([^"]+)"[^>]*>\n(.*?)</textarea>', found[0], re.DOTALL))
    for name, options in re.findall(r'<select id="[^"]+" name="([^"]+)"[^>]*>(.*?)</select>', found[0], re.DOTALL):
        fields |= {name: re.findall(r'value="([^"]+)" selected', options)[0]}
    for name, value in re.findall(r'type="checkbox" name="([^"]+)" value="([^"]+)" checked', found[0]):
        fields[name] = [*fields.get(name, []), value]
    return {name: unescape(value) if isinstance(value, str) else value for name, value in fields.items()}


async def saves(visitor: Visitor, **values: Any) -> Any:
    fields = form((await visitor.reads(RULES)).text)
    return await visitor.posts(RULES, fields | {name.replace("__", "."): value for name, value in values.items()})


def file_of(house: House) -> Path:
    assert house.story.settings.policy_file is not None
    return house.story.settings.policy_file


async def due(story: Story) -> str:
    return shown((await story.explains())["assessment"].due)


async def test_a_number_set_on_a_page_holds_for_what_begins_and_for_the_rest_when_applied(house: House) -> None:
    before, after = house.story, house.story.another()
    await before.complaint_arrives("2026-07-22 09:00")
    await before.all_is_told()
    async with house.signed_in("rut") as rut:
        page = unescape((await rut.reads(RULES)).text)
        for told in ("§5.1", "Desde la recepción; el procedimiento dice 1 a 2.", "Versión 2023-07-23"):
            assert told in page
        assert (await rut.posts(RULES, form(page))).headers["location"] == f"{RULES}?done=1"
        assert file_of(house).read_text(encoding="utf-8") == PACKAGED, "nothing was changed"
        assert (await saves(rut, windows__assessment="4")).status_code == 303
        version = PolicyFile(file_of(house)).now().version
        assert version != "2023-07-23"
        # The worker that was started before has it for what begins now; what runs keeps what it began with.
        await after.complaint_arrives("2026-07-22 09:00")
        await after.all_is_told()
        assert (await due(before), await due(after)) == ("2026-07-27 18:00", "2026-07-31 18:00")
        page = unescape((await rut.reads(f"{RULES}?done=1")).text)
        for told in ("1 queja en curso conserva", "Rut Salas", "2 → 4", version):
            assert told in page
        preview = unescape((await rut.reads(f"{RULES}/running")).text)
        assert before.number in preview
        assert after.number not in preview
        fields = hidden(preview, f"{RULES}/running") | {"reason": "Falta personal", "number": [before.number]}
        answer = await rut.posts(f"{RULES}/running", fields)
        assert (answer.status_code, "✓" in answer.text) == (200, True)
        await before.all_is_told()
        assert await due(before) == "2026-07-31 18:00"
        # Sent twice it changes once; of a preview that is old nothing is applied.
        assert (await rut.posts(f"{RULES}/running", fields)).status_code == 200
        assert len(await before.happened("rules-changed")) == 1
        assert (await saves(rut, windows__assessment="3")).status_code == 303
        assert (await rut.posts(f"{RULES}/running", fields)).status_code == 409
        rows = [row for row in await house.office.store.journal(before.number) if row.what == "rules-changed"]
        assert [(row.by, row.data["reason"]) for row in rows] == [("Rut Salas", "Falta personal")]
    kept = await house.office.store.settings_changes("policy.toml", limit=9)
    assert [one.by for one in kept] == ["Rut Salas"] * 2
    assert kept[-1].before == PACKAGED
    assert await house.office.store.settings_changes("contacts.toml", limit=9) == []


async def test_a_closed_day_is_closed_for_those_to_come_and_for_those_ticked(house: House) -> None:
    story, action = house.story, f"{RULES}/closed-day"
    await story.complaint_arrives("2026-07-22 09:00")
    await story.all_is_told()
    async with house.signed_in("rut") as rut:
        assert "2026-07-24" not in (await rut.reads(action)).text
        preview = unescape((await rut.reads(f"{action}?day=2026-07-24&reason=Duelo")).text)
        assert story.number in preview
        fields = hidden(preview, action) | {"number": story.number}
        unsaid = await rut.posts(action, fields | {"reason": " "})
        assert (unsaid.status_code, bool(said(unsaid))) == (422, True)
        assert file_of(house).read_text(encoding="utf-8") == PACKAGED
        gone = await rut.posts(action, fields | {"number": [story.number, "R-2026-000000000000"]})
        assert gone.status_code == 200
        await story.all_is_told()
        assert await due(story) == "2026-07-30 18:00"
        assert "No cambiaría ninguna fecha" in (await rut.reads(f"{action}?day=2026-07-24&reason=Duelo")).text
    days = PolicyFile(file_of(house)).now().calendar.extra_closed_days
    assert [day.isoformat() for day in days] == ["2026-07-24"]


async def test_what_the_file_may_not_say_is_refused_in_its_words_and_stays_in_the_form(house: House) -> None:
    async with house.signed_in("rut") as rut:
        stale = form((await rut.reads(RULES)).text)
        answer = await saves(rut, windows__assessment="dos", escalation__after="7")
        assert (answer.status_code, said(answer).startswith("«Evaluar, en días hábiles» debe ser")) == (422, True)
        assert re.search(r'name="windows.assessment" value="dos"[^>]*aria-invalid="true"', answer.text)
        assert form(answer.text)["escalation.after"] == "7"
        answer = await saves(rut, escalation__levels=["nadie"])
        assert (answer.status_code, "«Niveles»" in said(answer)) == (422, True)
        answer = await saves(rut, calendar__work_days=[])
        assert (answer.status_code, "«Días de atención»" in said(answer)) == (422, True)
        assert file_of(house).read_text(encoding="utf-8") == PACKAGED
        assert (await saves(rut, updates__every_days="2")).status_code == 303
        answer = await rut.posts(RULES, stale | {"updates.every_days": "5"})
        assert (answer.status_code, form(answer.text)["updates.every_days"]) == (409, "5")
        # Without a file of its own the page is read and says how.
        house.office = replace(house.office, settings=None)
        house.app = application(house.office)
    async with house.signed_in("rut") as rut:
        page = await rut.reads(RULES)
        assert "COMPLAINTS_POLICY" in page.text
        assert ">Guardar<" not in page.text
        assert (await rut.posts(RULES, stale | hidden(page.text, RULES))).status_code == 409
    assert PolicyFile(file_of(house)).now().updates.every_days == 2
