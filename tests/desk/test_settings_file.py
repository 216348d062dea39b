"""Ajustes as files: what one installation hands out another takes in, and then both say the same."""

from collections.abc import Callable
from dataclasses import replace
from html import unescape
from importlib.resources import files
from pathlib import Path

import httpx
import pytest

from complaints.contacts_file import ContactsFile
from complaints.policy_file import PolicyFile
from complaints.records.staff import Role
from complaints.records.store import Store
from complaints.settings import Settings
from desk.app import application
from desk.staff.settings_file import LONGEST
from tests.desk_house import House, Visitor, hidden, house_on, said

PACKAGED = {name: (files("complaints") / name).read_text(encoding="utf-8") for name in ("contacts.toml", "policy.toml")}
PAGES = {"contacts.toml": "/settings", "policy.toml": "/settings/rules"}


@pytest.fixture
async def house(store: Store) -> House:
    house = house_on(store)
    await house.employs("rut", Role.ADMIN, name="Rut Salas")
    return house


@pytest.fixture
def school(house: House, tmp_path: Path) -> Callable[[str], Path]:
    """Makes the house that of a school with files of its own, in a folder of that name."""

    def made(name: str) -> Path:
        folder = tmp_path / name
        if not folder.exists():
            folder.mkdir()
            for file, text in PACKAGED.items():
                (folder / file).write_text(text, encoding="utf-8")
        settings = Settings(contacts_file=folder / "contacts.toml", policy_file=folder / "policy.toml")
        house.office = replace(
            house.office,
            settings=settings,
            contacts=ContactsFile(folder / "contacts.toml").now,
            policy_now=PolicyFile(folder / "policy.toml").now,
        )
        house.app = application(house.office)
        return folder

    return made


async def brings(visitor: Visitor, name: str, text: str | bytes) -> httpx.Response:
    """A file as a browser sends it."""
    action = f"/settings/{name}"
    token = hidden((await visitor.reads(PAGES[name])).text, action)
    given = text.encode() if isinstance(text, str) else text
    return await visitor.client.post(action, data=token, files={"file": (name, given, "application/octet-stream")})


async def agrees(visitor: Visitor, name: str, shown: httpx.Response) -> httpx.Response:
    """Presses the button of the page that shows what would change; a browser sends lines that end as in mails."""
    action = f"/settings/{name}"
    text = unescape(shown.text.partition('<textarea name="text"')[2].partition(">\n")[2].partition("</textarea>")[0])
    return await visitor.posts(action, hidden(shown.text, action) | {"text": text.replace("\n", "\r\n")})


@pytest.mark.parametrize(
    ("name", "old", "new", "told"),
    [
        ("contacts.toml", 'name = "Jefatura de Sistemas"', 'name = "Eva Ríos"',
         "departments.systems.head.name: Jefatura de Sistemas → Eva Ríos"),
        ("policy.toml", "assessment = 2", "assessment = 4", "Evaluar, en días hábiles: 2 → 4"),
    ],
)  # fmt: skip
async def test_what_one_hands_out_another_takes_in_and_says_the_same(
    house: House, school: Callable[[str], Path], name: str, old: str, new: str, told: str
) -> None:
    assert old in PACKAGED[name]
    one = school("one")
    (one / name).write_text(PACKAGED[name].replace(old, new), encoding="utf-8")
    async with house.signed_in("rut") as rut:
        saved = await rut.reads(f"/settings/{name}")
    assert (saved.text, "attachment" in saved.headers["content-disposition"]) == ((one / name).read_text("utf-8"), True)
    other = school("other")
    async with house.signed_in("rut") as rut:
        shown = await brings(rut, name, saved.text.replace("\n", "\r\n").encode("utf-8-sig"))  # through some editor
        assert (shown.status_code, told in unescape(shown.text)) == (200, True)
        assert (other / name).read_text("utf-8") == PACKAGED[name], "nothing is changed by looking"
        assert (await agrees(rut, name, shown)).headers["location"] == f"{PAGES[name]}?done=1"
        again = await brings(rut, name, (other / name).read_bytes())
        assert "Dice lo mismo, letra por letra" in again.text
        page = unescape((await rut.reads(PAGES[name])).text)
    assert "Rut Salas" in page
    kept = await house.office.store.settings_changes(name, limit=9)  # type: ignore[arg-type]
    assert [(change.before, change.after) for change in kept] == [(PACKAGED[name], (other / name).read_text("utf-8"))]
    if name == "contacts.toml":
        assert (other / name).read_text("utf-8") == saved.text
    else:  # other numbers under the same version would be rules that nobody can tell apart
        now, came = PolicyFile(other / name).now(), PolicyFile(one / name).now()
        assert now.model_copy(update={"version": came.version}) == came
        assert now.version != came.version


async def test_a_version_that_is_another_is_kept_as_it_came(house: House, school: Callable[[str], Path]) -> None:
    folder = school("one")
    text = PACKAGED["policy.toml"].replace("2023-07-23", "otra").replace("assessment = 2", "assessment = 1")
    async with house.signed_in("rut") as rut:
        await agrees(rut, "policy.toml", await brings(rut, "policy.toml", text))
    assert (folder / "policy.toml").read_text("utf-8") == text


async def test_what_cannot_be_such_a_file_is_refused_and_changes_nothing(
    house: House, school: Callable[[str], Path]
) -> None:
    folder = school("one")
    async with house.signed_in("rut") as rut:
        for name, given, why in (
            ("contacts.toml", "esto no es TOML", "no es TOML"),
            ("contacts.toml", 'x = 1\n[school]\nname = "Mía"', "x no se conoce"),
            ("policy.toml", PACKAGED["policy.toml"].replace("assessment = 2", "assessment = -1"), "windows.assessment"),
            ("policy.toml", "\xff".encode("latin-1"), "UTF-8"),
            ("policy.toml", "#" * (LONGEST + 1), "kB"),
            ("contacts.toml", b"", "falta"),
        ):
            answer = await brings(rut, name, given)
            assert (answer.status_code in (409, 422), why in said(answer)) == (True, True), (why, said(answer))
        token = hidden((await rut.reads("/settings")).text, "/settings/contacts.toml")
        answer = await rut.client.post("/settings/contacts.toml", data=token, files={"file": ("", b"")})
        assert answer.status_code in (409, 422)
        # Somebody else saved while the page of changes was open.
        shown = await brings(rut, "contacts.toml", PACKAGED["contacts.toml"] + "# de otra escuela\n")
        (folder / "contacts.toml").write_text(PACKAGED["contacts.toml"] + "# de Ana\n", encoding="utf-8")
        answer = await agrees(rut, "contacts.toml", shown)
        assert (answer.status_code, "Alguien cambió" in said(answer)) == (409, True)
        assert (folder / "contacts.toml").read_text("utf-8").endswith("# de Ana\n")
        assert (await rut.reads("/settings/otra.toml")).status_code == 404
        assert (await rut.posts("/settings/otra.toml", token)).status_code == 404
    assert (folder / "policy.toml").read_text("utf-8") == PACKAGED["policy.toml"]
    assert await house.office.store.settings_changes("contacts.toml", limit=9) == []


async def test_the_packaged_ones_can_be_saved_and_nothing_is_taken_in_their_place(house: House) -> None:
    async with house.signed_in("rut") as rut:
        for name, text in PACKAGED.items():
            assert (await rut.reads(f"/settings/{name}")).text == text
            page = (await rut.reads(PAGES[name])).text
            assert f'action="/settings/{name}"' not in page
            token = hidden(page, "/sign-out")
            answer = await rut.posts(f"/settings/{name}", token | {"text": text, "seen": ""})
            assert answer.status_code == 409
