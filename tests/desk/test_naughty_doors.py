"""Naughty strings through every door of the desk: whatever route there is, with every field that any form has; and what
is no form at all, at the doors that anybody reaches."""

import itertools
import re
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from urllib.parse import quote

import httpx
import pytest

from complaints.contacts_file import ContactsFile
from complaints.records.staff import Role
from desk.app import STAFF_ROUTES, StaffRoute, application
from desk.customer import gate, pages
from desk.roles import ALLOWED, Permission
from starter import customer_links
from starter.acts import ACTS
from tests.customer_house import ARRIVED, CustomersHouse, customers_house
from tests.desk.test_naughty import unharmed
from tests.desk.test_settings import PACKAGED
from tests.desk_house import ADDRESS, Visitor, hidden
from tests.naughty import NAUGHTY, sendable
from tests.story import Story

TEMPLATES = Path(__file__).parents[2] / "desk" / "templates"

OURS = frozenset({"form_token", "event_id", "id", "mark", "round", "seen", "form", "made", "back"})
"""Fields that prove a form to be ours, or lead away: with another value nothing else of it is read."""

FIELDS = frozenset({"name.es", "head.email", "text.es", "emails"}).union(
    (field.name for act in ACTS.values() for field in act.form),
    *(re.findall(r'name="([a-z_.]+)"', page.read_text(encoding="utf-8")) for page in TEMPLATES.rglob("*.html")),
)
"""Whatever any form of ours asks for."""

APART = frozenset({"/sign-out", "/sessions/others", "/sessions/{handle}/end", "/password"})
"""After these nobody would be signed in any more."""

LONGEST = 5_000
"""Characters of each: what is longer has tests of its own."""

AT_EACH = 6
"""Strings at each address; the next address has the next ones, so that each goes through many. All are 5,820 forms."""


def strings_for(place: int) -> list[tuple[str, str]]:
    """Some of them, by name, for the address at that place."""
    named = list(NAUGHTY.items())
    return [named[(place * AT_EACH + turn) % len(named)] for turn in range(AT_EACH)]


def paths(door: StaffRoute, number: str, text: str) -> Iterator[str]:
    """The door with the complaint's own number, and with the string in each place of its address."""
    own = door.path.replace("{number}", number).replace("{kind}", "html").replace("{form}", "html")
    named = quote(text[:300], safe="")
    for act in ACTS if "{act}" in own else ("",):
        yield re.sub(r"{[a-z:]+}", named, own.replace("{act}", act))
    if "{" in door.path and "{act}" not in door.path:
        yield re.sub(r"{[a-z:]+}", named, door.path)


def who_enters(door: StaffRoute) -> Role:
    """Managers have the most acts; where they are not let in somebody is."""
    allowed = ALLOWED[door.takes or Permission.LOOK]
    return Role.MANAGER if Role.MANAGER in allowed else sorted(allowed)[0]


async def house_with_settings(story: Story, tmp_path: Path) -> CustomersHouse:
    """The customers' house with the public form, whose contacts are a file of its own."""
    house = await customers_house(story)
    path = tmp_path / "contacts.toml"
    path.write_text(PACKAGED, encoding="utf-8")
    assert house.office.settings is not None
    settings = house.office.settings.model_copy(update={"contacts_file": path, "public_form": True})
    house.office = replace(house.office, settings=settings, contacts=ContactsFile(path).now)
    house.app = application(house.office)
    await story.complaint_arrives(ARRIVED)
    return house


@pytest.mark.slow
async def test_no_door_of_staff_breaks_or_runs_what_it_was_sent(story: Story, tmp_path: Path) -> None:
    house = await house_with_settings(story, tmp_path)
    for role in Role:
        await house.employs(role.value, role, name=role.value.title())
    tried, addresses = set[str](), itertools.count()
    for role in Role:
        async with house.signed_in(role.value) as visitor:
            token = hidden((await visitor.reads("/team")).text, "/sign-out")
            for door in STAFF_ROUTES:
                if door.path in APART or door.by_script or who_enters(door) is not role:
                    continue
                tried.add(door.path)
                for variant in range(len(list(paths(door, story.number, "")))):
                    for name, text in strings_for(next(addresses)):
                        said = sendable(text)[:LONGEST]
                        path = list(paths(door, story.number, said))[variant]
                        answer = await asked(visitor, door, path, dict.fromkeys(FIELDS, said), token)
                        unharmed(answer, f"{name} at {door.method} {door.path}")
    assert {door.path for door in STAFF_ROUTES if not door.by_script} == tried | APART
    assert (await house.status()).stage != "closed"


async def asked(
    visitor: Visitor, door: StaffRoute, path: str, values: dict[str, str], token: dict[str, str]
) -> httpx.Response:
    if door.method == "GET":
        return await visitor.client.get(path, params={name: said[:40] for name, said in values.items()})
    return await visitor.posts(path, {**values, **token})


@pytest.mark.slow
async def test_no_form_of_a_customer_breaks_or_runs_what_it_was_sent(
    story: Story, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(customer_links, "MOST_SENT", 10_000)
    monkeypatch.setattr(gate, "POSTS_A_MINUTE", 10_000)
    monkeypatch.setattr(pages, "SAME_TIME", 0.001)
    house = await house_with_settings(story, tmp_path)
    await story.asks("assign", department="academic", by="Ana Torres")
    await story.asks("resolve", text="Le devolvemos las horas.", outcome="partly", by="Ana Torres")
    link = house.link().removeprefix(ADDRESS)
    too_long = {"too long": "x" * 150_000}
    async with house.visitor() as rosa:
        page = (await rosa.reads(link)).text
        forms = re.findall(rf'action="({re.escape(link)}/[a-z]+)', page)
        assert {form.rpartition("/")[2] for form in forms} >= {"words", "answer"}
        for name, text in {**NAUGHTY, **too_long}.items():
            said = sendable(text)[:180_000]
            values = dict.fromkeys(FIELDS - OURS - {"choice"}, said)
            for form in forms:
                shown = hidden((await rosa.reads(link)).text, form)
                unharmed(await rosa.posts(form, {**values, **shown}), f"{name} at {form}")
                sure = await rosa.posts(form, {**values, **shown, "choice": "no"})
                unharmed(sure, name)
                if sure.status_code == 200 and f"{link}/sure" in sure.text:  # a no in these words, shown once more
                    back = {**hidden(sure.text, f"{link}/sure"), "back": "1", **dict.fromkeys(("words", "text"), said)}
                    unharmed(await rosa.posts(f"{link}/sure", back), name)
            unharmed(await rosa.posts("/c", {"number": said, "email": f"{said}@x.example"}), name)
            for path in ("/c/", f"{link}/files/", "/c/x/received?mark=", f"{link}?done=", f"{link}?lang="):
                unharmed(await rosa.reads(path + quote(said[:300], safe="")), name)
    assert (await house.status()).round == 1
    await story.says("customer-satisfied")
    assert await story.outcome() == "satisfied"


NO_FORMS = (
    ("multipart/form-data", b"x"),
    ("multipart/form-data; boundary=", b"--\r\n\r\n"),
    ("multipart/form-data; boundary=b", b"--b\r\nContent-Disposition: form-data\r\n\r\nx\r\n--b--"),
    ("multipart/form-data; boundary=b", b'--b\r\nContent-Disposition: form-data; name="a"\r\n\r\nnever ends'),
    *(
        (f"multipart/form-data; boundary=b; charset={charset}", b'--b\r\nContent-Disposition: form-data; name="a"\r\n'
         b"\r\n\xff\xfe-\r\n--b--\r\n")
        for charset in ("undefined", "punycode", "idna", "utf-16", "rot13", "zlib", "unicode_escape", "nobody-knows")
    ),
    ("multipart/form-data; boundary=b", b'--b\r\nContent-Disposition: form-data; name="f"; filename="\r\n\r\n--b--'),
    ("multipart/form-data; boundary=" + "b" * 400, b"--" + b"b" * 400),
    ("application/x-www-form-urlencoded", b"a&" * 100_000),
    ("application/x-www-form-urlencoded; charset=undefined", b"a=%ff%fe%00"),
    ("application/json", b'{"form_token": 1}'),
    ("text/plain", b"form_token=1"),
    ("\xe9\xff", b"a=1"),
)  # fmt: skip
"""What a program sends instead of a form, with what it says of it."""


async def test_what_is_no_form_is_refused_at_every_door_that_anybody_reaches(
    story: Story, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(gate, "POSTS_A_MINUTE", 10_000)
    monkeypatch.setattr(pages, "SAME_TIME", 0.001)
    house = await house_with_settings(story, tmp_path)
    await house.employs("ana")
    link = house.link().removeprefix(ADDRESS)
    doors = ("/sign-in", "/language", "/queja", "/c", f"{link}/words", f"{link}/answer", "/api/complaints")
    act = f"/cases/{story.number}/acts/add_note"
    async with house.signed_in("ana") as ana, house.visitor() as stranger:
        for kind, body in NO_FORMS:
            headers = [(b"content-type", kind.encode("latin-1"))]
            for visitor, door in (*((stranger, door) for door in doors), (ana, act)):
                answer = await visitor.client.post(door, content=body, headers=headers)
                assert 400 <= answer.status_code < 500, (door, kind, answer.status_code)
            of_a_length = [*headers, (b"content-length", b"9" * 5_000)]
            assert (await stranger.client.post("/queja", content=body, headers=of_a_length)).status_code == 413
