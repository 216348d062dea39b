"""Ajustes: who is who set on a page by an administrator, kept with who did it, read by what runs without a restart."""

import re
from dataclasses import replace
from html import unescape
from importlib.resources import files
from pathlib import Path

import asyncpg
import httpx
import pytest

from complaints.contacts_file import ContactsFile
from complaints.records.staff import Role
from complaints.text_blocks import PLACES
from desk.app import application
from tests.desk_house import House, Visitor, hidden, house_of, said
from tests.story import Story

PACKAGED = (files("complaints") / "contacts.toml").read_text(encoding="utf-8")


@pytest.fixture
async def house(story: Story, tmp_path: Path) -> House:
    """The desk and the worker of a school with a file of its own."""
    path = tmp_path / "contacts.toml"
    path.write_text(PACKAGED, encoding="utf-8")
    await story.worker_stops()
    story.settings = story.settings.model_copy(update={"contacts_file": path})
    await story.worker_starts()
    house = house_of(story)
    house.office = replace(house.office, settings=story.settings, contacts=ContactsFile(path).now)
    house.app = application(house.office)
    await house.employs("rut", Role.ADMIN, name="Rut Salas")
    return house


def path_of(house: House) -> Path:
    assert house.office.settings is not None
    assert house.office.settings.contacts_file is not None
    return house.office.settings.contacts_file


def form(html: str, part: str) -> dict[str, str]:
    """Every field of that part's form, as a browser would send it back."""
    action = f"/settings/{part}"
    found = re.search(rf'<form[^>]*action="{re.escape(action)}".*?</form>', html, re.DOTALL)
    assert found, part
    fields = re.findall(r'<input name="([^"]+)" value="([^"]*)"', found[0])
    fields += re.findall(r'<textarea name="([^"]+)"[^>]*>\n(.*?)</textarea>', found[0], re.DOTALL)
    return hidden(html, action) | {name: unescape(value) for name, value in fields}


async def saves(visitor: Visitor, part: str, **values: str) -> httpx.Response:
    page = await visitor.reads("/settings")
    fields = form(page.text, part) | {name.replace("__", "."): value for name, value in values.items()}
    return await visitor.posts(f"/settings/{part}", fields)


async def test_an_administrator_sets_who_is_who_and_what_runs_reads_it(house: House) -> None:
    running = ContactsFile(path_of(house))  # of a worker that was started before
    assert running.now().departments["systems"].head.name == "Jefatura de Sistemas"
    async with house.signed_in("rut") as rut:
        saved = await saves(rut, "departments.systems", head__name="Eva Ríos", head__email="eva@escuela.example")
        assert (saved.status_code, saved.headers["location"]) == (303, "/settings?done=1#departments")
        head = running.now().departments["systems"].head
        assert (head.name, head.email) == ("Eva Ríos", "eva@escuela.example")
        # A department more, which cases can be given to at once.
        fields = {
            "name__es": "Aula virtual",
            "name__en": "Classroom",
            "head__name": "Eva",
            "head__email": "e@e.example",
        }
        assert (await saves(rut, "departments.new", key="virtual", **fields)).status_code == 303
        assert running.now().department("aula virtual").key == "virtual"
        assert (await saves(rut, "text_blocks.call_us", remove="1")).status_code == 303
        page = unescape((await rut.reads("/settings")).text)
    assert all(f"<code>{{{place}}}</code>" in page for place in PLACES), (
        "whoever writes a block knows what is filled in"
    )
    # The worker that was started before writes to the head that was set.
    number = await house.opens(email="rosa@correo.example")
    await house.employs("ana", name="Ana Torres")
    async with house.signed_in("ana") as ana:
        await ana.sends(f"/cases/{number}", f"/cases/{number}/acts/assign", department="systems", representative="")
    assert (await house.has_sent(number, "assignment")).to_address == "eva@escuela.example"
    changes = await house.office.store.settings_changes("contacts.toml", limit=9)
    assert [one.by for one in changes] == ["Rut Salas"] * 3
    assert (changes[-1].before, changes[0].after) == (PACKAGED, path_of(house).read_text(encoding="utf-8"))
    for told in ("Rut Salas", "Sistemas · Jefatura: correo; Sistemas · Jefatura: nombre", "Aula virtual"):
        assert told in page
    async with house.story.store.connection() as connection:
        with pytest.raises(asyncpg.PostgresError, match="settings_changes"):
            await connection.execute("DELETE FROM settings_changes")


async def test_what_the_file_may_not_say_is_refused_and_stays_in_the_form(house: House) -> None:
    async with house.signed_in("rut") as rut:
        answer = await saves(rut, "departments.systems", head__email="nadie", name__es="<b>TI</b>")
        assert (answer.status_code, "«Jefatura: correo» debe ser un correo" in said(answer)) == (422, True)
        assert form(answer.text, "departments.systems")["name.es"] == "<b>TI</b>"
        assert "<b>TI</b>" not in answer.text
        for part, values in (
            ("departments.new", {"key": "Con Espacio", "name__es": "X", "name__en": "X", "head__name": "X"}),
            ("departments.new", {"key": "systems", "name__es": "X", "name__en": "X", "head__name": "X"}),
            ("departments.systems", {"remove": "1"}),
        ):
            answer = await saves(rut, part, **values)
            assert answer.status_code == 409, part
            assert said(answer)
        for nothing in ("departments", "school.name", "policy", "departments.nobody.head", "people.nobody"):
            token = hidden((await rut.reads("/settings")).text, "/settings/school")
            assert (await rut.posts(f"/settings/{nothing}", token)).status_code in (404, 409), nothing
        # Somebody else changed it while the page was open: nothing of theirs is lost.
        stale = form((await rut.reads("/settings")).text, "school")
        assert (await saves(rut, "sender", name="Otra")).status_code == 303
        answer = await rut.posts("/settings/school", stale | {"name": "Mía"})
        assert (answer.status_code, form(answer.text, "school")["name"]) == (409, "Mía")
        assert (await rut.posts("/settings/school", form(answer.text, "school"))).status_code == 303
    contacts = ContactsFile(path_of(house)).now()
    assert (contacts.sender.name, contacts.school.name) == ("Otra", "Mía")
    assert len(await house.office.store.settings_changes("contacts.toml", limit=9)) == 2


async def test_without_a_file_of_its_own_it_is_read_and_says_how(house: House) -> None:
    settings = house.story.settings.model_copy(update={"contacts_file": None})
    house.office = replace(house.office, settings=settings, contacts=ContactsFile(None).now)
    house.app = application(house.office)
    async with house.signed_in("rut") as rut:
        page = await rut.reads("/settings")
        assert "COMPLAINTS_CONTACTS" in page.text
        assert ">Guardar<" not in page.text
        answer = await rut.posts("/settings/school", form(page.text, "school") | {"name": "Mía"})
        assert answer.status_code == 409
