"""Accounts and programs on the administrator's pages, and everybody's own sessions."""

import logging
import re
from html import unescape

import pytest

from complaints.records.staff import Role
from tests.desk_house import PASSWORD, House, hidden, house_of, said
from tests.story import NOBODYS, Story


@pytest.fixture
async def house(story: Story) -> House:
    house = house_of(story)
    await house.employs("jefa", Role.ADMIN, name="Julia Ramos")
    return house


def secret(html: str) -> str:
    """What a page shows once."""
    found = re.search(r'<p class="secret">(.*?)</p>', html)
    assert found, html
    return unescape(found[1])


async def test_an_account_is_made_on_the_page_and_its_password_works_once(house: House) -> None:
    async with house.signed_in("jefa") as jefa, house.visitor() as luz:
        fields = {"account": " Luz.Rojas ", "name": "Luz Rojas", "role": "agent", "email": "Luz@escuela.example"}
        made = await jefa.sends("/people", "/people", **fields)
        assert made.status_code == 200
        password = secret(made.text)
        assert (await jefa.reads("/people")).text.count(password) == 0
        assert (await luz.signs_in("luz.rojas", password)).status_code == 303
        assert (await luz.reads("/find")).headers["location"] == "/password"
    [member] = [one for one in await house.office.store.staff() if one.account == "luz.rojas"]
    assert (member.name, member.email) == ("Luz Rojas", "luz@escuela.example")


@pytest.mark.parametrize(
    ("fields", "status", "sentence"),
    [
        ({"account": "Ñandú", "name": "N"}, 422, "Cuenta: la cuenta lleva letras sin tilde"),
        ({"account": "luz", "name": " "}, 422, "Nombre: hace falta"),
        ({"account": "luz", "name": "Luz", "role": "king"}, 422, "Rol: elija"),
        ({"account": "luz", "name": "Luz", "email": "luz"}, 422, "Correo: no es una dirección"),
        ({"account": "jefa", "name": "Otra"}, 409, "Ya hay una cuenta"),
        ({"account": "luz", "name": "JULIA ramos"}, 409, "Ya hay una cuenta"),
    ],
)
async def test_what_is_no_account_is_told_and_what_was_typed_stays(
    house: House, fields: dict[str, str], status: int, sentence: str
) -> None:
    async with house.signed_in("jefa") as jefa:
        answer = await jefa.sends("/people", "/people", **{"role": "agent", **fields})
        assert (answer.status_code, said(answer).startswith(sentence)) == (status, True), said(answer)
        assert f'value="{fields["account"]}"' in unescape(answer.text)
    assert len(await house.office.store.staff()) == 1


async def test_role_password_and_access_change_by_the_same_rules_as_on_the_command_line(house: House) -> None:
    await house.employs("ana", name="Ana Torres")
    async with house.signed_in("jefa") as jefa:
        async with house.signed_in("ana") as ana:
            done = await jefa.sends("/people", "/people/ana/role", role="manager")
            assert done.headers["location"] == "/people?done=role"
            assert (await ana.reads("/find")).status_code == 303  # the sessions ended
        reset = await jefa.sends("/people", "/people/ana/reset")
        async with house.visitor() as ana:
            assert (await ana.signs_in("ana")).status_code == 401
            assert (await ana.signs_in("ana", secret(reset.text))).status_code == 303
        assert (await jefa.sends("/people", "/people/ana/disable")).status_code == 303
        async with house.visitor() as ana:
            assert (await ana.signs_in("ana", secret(reset.text))).status_code == 401
        assert "sin acceso" in (await jefa.reads("/people")).text
        again = await jefa.sends("/people", "/people/ana/reset")
        async with house.visitor() as ana:
            assert (await ana.signs_in("ana", secret(again.text))).status_code == 303


@pytest.mark.parametrize(
    ("what", "fields"),
    [
        ("role", {"role": "manager"}),
        ("role", {"role": "agent"}),  # the same again: to end what is open, and change nothing
        ("email", {"email": "ana@escuela.example"}),
        ("reset", {}),
        ("second-factor", {}),
        ("disable", {}),
    ],
)
async def test_an_administrator_ends_every_session_of_an_account(
    house: House, what: str, fields: dict[str, str], caplog: pytest.LogCaptureFixture
) -> None:
    """ASVS 7.4.5: whatever is changed of how somebody signs in, all that they have open is over, and a line tells."""
    await house.employs("ana", name="Ana Torres")
    await house.employs("luz", name="Luz Rojas")
    async with (
        house.signed_in("jefa") as jefa, house.signed_in("ana") as here, house.signed_in("ana") as there,
        house.signed_in("luz") as luz,
    ):  # fmt: skip
        token = hidden((await jefa.reads("/people")).text, "/sign-out")
        with caplog.at_level(logging.INFO, logger="desk.security"):
            done = await jefa.posts(f"/people/ana/{what}", token | fields)
        assert done.status_code in (200, 303)
        for one in (here, there):
            left = await one.reads("/find")
            assert (left.status_code, left.headers.get("location", "").startswith("/sign-in")) == (303, True)
        assert (await luz.reads("/find")).status_code == 200, "nobody else is out"
        assert (await jefa.reads("/people")).status_code == 200
    [line] = [one.getMessage() for one in caplog.records if one.getMessage().startswith("account-changed")]
    assert line.startswith("account-changed account=jefa place=")
    assert line.endswith(f" about=ana/{what}")


async def test_two_accounts_never_share_an_address_and_nobody_shuts_themselves_out(house: House) -> None:
    await house.employs("ana", name="Ana Torres")
    async with house.signed_in("jefa") as jefa:
        assert (await jefa.sends("/people", "/people/ana/email", email="x@escuela.example")).status_code == 303
        taken = await jefa.sends("/people", "/people/jefa/email", email="X@escuela.example")
        assert (taken.status_code, "Otra cuenta" in said(taken)) == (409, True)
        token = hidden(taken.text, "/sign-out")
        for what in ("role", "disable"):
            own = await jefa.posts(f"/people/jefa/{what}", token | {"role": "agent"})
            assert (own.status_code, "otra persona" in said(own)) == (422, True)
        assert (await jefa.posts("/people/nadie/disable", token)).status_code == 404


async def test_a_program_gets_a_token_that_works_until_it_is_revoked(house: House) -> None:
    async with house.signed_in("jefa") as jefa:
        fields = {"name": "formulario-web", "days": "365", "scope": ["intake", "read"]}
        made = await jefa.sends("/programs", "/programs", **fields)
        token = {"Authorization": f"Bearer {secret(made.text)}"}
        assert (await jefa.client.get(f"/api/complaints/{NOBODYS}", headers=token)).status_code == 404
        again = await jefa.sends("/programs", "/programs", **fields)
        assert (again.status_code, "ya tiene un token" in said(again)) == (409, True)
        for wrong in ({"name": "Ñ"}, {"name": "otro", "scope": []}):
            assert (await jefa.sends("/programs", "/programs", **(fields | wrong))).status_code == 422
        page = unescape((await jefa.reads("/programs")).text)
        assert "por jefa" in page
        assert secret(made.text) not in page
        assert (await jefa.sends("/programs", "/programs/formulario-web/revoke")).status_code == 303
        assert (await jefa.client.get(f"/api/complaints/{NOBODYS}", headers=token)).status_code == 401
        assert "revocado" in (await jefa.reads("/programs")).text
    [kept] = await house.office.store.programs()
    assert (kept.made_by, kept.live, kept.expires_at is not None) == ("jefa", False, True)


async def test_people_see_their_own_sessions_and_end_them(house: House) -> None:
    await house.employs("ana", name="Ana Torres")
    async with house.visitor() as here, house.visitor() as there, house.signed_in("jefa") as jefa:
        there.client.headers["user-agent"] = "Mozilla/5.0 (Windows NT 10.0; rv:140.0) Gecko/20100101 Firefox/140.0"
        await here.signs_in("ana")
        await there.signs_in("ana", PASSWORD)
        page = (await here.reads("/sessions")).text
        assert "Firefox · Windows" in page
        assert page.count('class="mark"') == 1
        handles = re.findall(r'action="/sessions/([0-9a-f-]{36})/end"', page)
        assert len(handles) == 2  # the administrator's is not among them
        theirs = hidden((await jefa.reads("/sessions")).text, "/sign-out")
        assert (await jefa.posts("/sessions/others", theirs)).status_code == 303
        assert (await there.reads("/find")).status_code == 200
        other = handles[1]  # this one stands first
        token = hidden(page, "/sign-out")
        assert (await here.posts(f"/sessions/{other}/end", token)).headers["location"] == "/sessions"
        assert (await there.reads("/find")).status_code == 303
        assert (await here.posts(f"/sessions/{other}/end", token)).status_code == 404
        await there.signs_in("ana")
        assert (await here.posts("/sessions/others", token)).status_code == 303
        assert (await there.reads("/find")).status_code == 303
        assert (await here.posts(f"/sessions/{handles[0]}/end", token)).headers["location"] == "/sign-in"
        assert (await here.reads("/find")).status_code == 303


async def test_nobody_ends_another_persons_session(house: House) -> None:
    await house.employs("ana", name="Ana Torres")
    async with house.signed_in("ana") as ana, house.signed_in("jefa") as jefa:
        [own] = await house.office.store.sessions_of("ana", here="")
        token = hidden((await jefa.reads("/sessions")).text, "/sign-out")
        assert (await jefa.posts(f"/sessions/{own.handle}/end", token)).status_code == 404
        assert (await ana.reads("/find")).status_code == 200
