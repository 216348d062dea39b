"""Signing in at the desk: who gets in, who rests for a while, what ends a session, what a form must carry."""

import asyncpg
import pytest
from argon2 import PasswordHasher

from complaints.records.staff import MOST_FAILURES, Role
from tests.desk_house import PASSWORD, House, hidden, house_of, said
from tests.story import Story


@pytest.fixture
async def house(story: Story) -> House:
    house = house_of(story)
    await house.employs("ana", name="Ana Torres")
    return house


async def test_whoever_is_not_signed_in_gets_the_form_and_then_what_they_wanted(house: House) -> None:
    async with house.visitor() as visitor:
        sent_away = await visitor.reads("/find")
        assert (sent_away.status_code, sent_away.headers["location"]) == (303, "/sign-in?next=%2Ffind")
        answer = await visitor.signs_in("Ana ", next="/find")
        assert (answer.status_code, answer.headers["location"]) == (303, "/find")
        assert "Ana Torres" in (await visitor.reads("/find")).text


async def test_after_a_session_ended_one_comes_back_to_the_page_whose_part_was_asked_for(house: House) -> None:
    async with house.visitor() as visitor:
        for current, wanted in (("http://desk/cases/Q-1?a=b", "?next=%2Fcases%2FQ-1"), ("http://desk/", ""), ("", "")):
            script = {"hx-request": "true", "hx-current-url": current}
            answer = await visitor.client.get("/counts", headers=script)
            assert answer.headers["hx-redirect"] == f"/sign-in{wanted}"


async def test_what_is_sent_after_the_session_ended_is_said_not_to_be_kept(house: House) -> None:
    async with house.visitor() as visitor:
        answer = await visitor.posts("/cases/Q-1/acts/add_note", {"text": "Llamar el lunes."})
        assert answer.headers["location"] == "/sign-in?next=%2Fcases%2FQ-1&unsent=1"
        assert "no se guardó" in (await visitor.reads(answer.headers["location"])).text
        for form, page in (("/new", "%2Fnew"), ("/settings/school", "%2Fsettings"), ("/team/ana/away", "%2Fteam"),
                           ("/list/note", "%2Flist"), ("/reviews/2026-07/note", "%2Freviews%2F2026-07")):  # fmt: skip
            where = (await visitor.posts(form, {"text": "Llamar el lunes."})).headers["location"]
            assert where == f"/sign-in?next={page}&unsent=1"
        assert (await visitor.posts("/sign-out", {})).headers["location"] == "/sign-in"
        assert "no se guardó" not in (await visitor.reads("/sign-in")).text


async def test_without_any_account_the_door_says_how_the_first_is_made(house: House, story: Story) -> None:
    async with house.visitor() as visitor:
        assert "complaints staff add" not in (await visitor.reads("/sign-in")).text
        await _says(story.settings.database_dsn, "DELETE FROM staff")
        assert "complaints staff add" in (await visitor.reads("/sign-in")).text


@pytest.mark.parametrize(
    "elsewhere", ["https://evil.example/", "//evil.example", "/\\evil.example", "javascript:alert(1)"]
)
async def test_nobody_is_led_to_another_site(house: House, elsewhere: str) -> None:
    async with house.visitor() as visitor:
        assert (await visitor.signs_in("ana", next=elsewhere)).headers["location"] == "/"


async def test_a_wrong_account_and_a_wrong_password_get_the_same_answer(house: House) -> None:
    async with house.visitor() as visitor:
        unknown, wrong = await visitor.signs_in("nadie"), await visitor.signs_in("ana", "otra cosa")
    assert (unknown.status_code, said(unknown)) == (wrong.status_code, said(wrong)) == (401, said(wrong))


async def test_five_wrong_passwords_lock_the_account_until_it_is_reset(house: House) -> None:
    async with house.visitor() as visitor:
        for _ in range(MOST_FAILURES):
            assert (await visitor.signs_in("ana", "otra cosa")).status_code == 401
        locked = await visitor.signs_in("ana")
        assert (locked.status_code, "15 minutos" in said(locked)) == (401, True)
        hashed = await house.office.passwords.hashed(PASSWORD)
        await house.office.store.set_password("ana", hashed, temporary=False)
        assert (await visitor.signs_in("ana")).status_code == 303


async def test_a_lock_ends_by_itself(house: House, fresh_database: str) -> None:
    async with house.visitor() as visitor:
        for _ in range(MOST_FAILURES):
            await visitor.signs_in("ana", "otra cosa")
        await _says(fresh_database, "UPDATE staff SET locked_until = now() - interval '1 second'")
        assert (await visitor.signs_in("ana")).status_code == 303


@pytest.mark.parametrize(
    "what",
    [
        "UPDATE staff_sessions SET expires_at = now() - interval '1 second'",
        "UPDATE staff_sessions SET seen_at = now() - interval '3 hours'",
    ],
    ids=["twelve hours are over", "nobody touched it"],
)
async def test_a_session_ends(house: House, fresh_database: str, what: str) -> None:
    async with house.signed_in("ana") as ana:
        await _says(fresh_database, what)
        assert (await ana.reads("/find")).headers["location"].startswith("/sign-in")


async def test_losing_access_or_changing_role_ends_every_session(house: House) -> None:
    store = house.office.store
    async with house.signed_in("ana") as ana:
        await store.set_role("ana", Role.MANAGER)
        assert (await ana.reads("/find")).status_code == 303
    async with house.signed_in("ana") as ana:
        await store.disable_staff("ana")
        assert (await ana.reads("/find")).status_code == 303
        assert (await ana.signs_in("ana")).status_code == 401


async def test_signing_out_ends_the_session_in_the_records_too(house: House) -> None:
    async with house.signed_in("ana") as ana:
        kept = dict(ana.client.cookies)
        assert (await ana.sends("/find", "/sign-out")).headers["location"] == "/sign-in"
        ana.client.cookies.update(kept)
        assert (await ana.reads("/find")).status_code == 303


async def test_a_given_password_is_changed_before_anything_else(house: House) -> None:
    hashed = await house.office.passwords.hashed("la que le dieron 123")
    await house.office.store.add_staff("luz", name="Luz Rojas", role=Role.AGENT, password_hash=hashed)
    async with house.visitor() as luz, house.visitor() as elsewhere:
        await luz.signs_in("luz", "la que le dieron 123")
        await elsewhere.signs_in("luz", "la que le dieron 123")
        assert (await luz.reads("/find")).headers["location"] == "/password"
        old = {"old": "la que le dieron 123"}
        weak = await luz.sends("/password", "/password", **old, new="corta", again="corta")
        assert (weak.status_code, "12 caracteres" in said(weak)) == (422, True)
        new = {"new": PASSWORD, "again": PASSWORD}
        wrong = await luz.sends("/password", "/password", old="otra", **new)
        assert (wrong.status_code, "no es correcta" in said(wrong)) == (422, True)
        assert (await luz.sends("/password", "/password", **old, **new)).headers["location"] == "/"
        assert (await luz.reads("/find")).status_code == 200
        assert (await elsewhere.reads("/find")).headers["location"].startswith("/sign-in")


async def test_a_form_without_its_token_or_from_another_site_does_nothing(house: House) -> None:
    async with house.signed_in("ana") as ana, house.signed_in("ana") as other:
        token = hidden((await ana.reads("/find")).text, "/sign-out")
        foreign = hidden((await other.reads("/find")).text, "/sign-out")
        for fields in ({}, {"form_token": ""}, {"form_token": "ñ"}, foreign):
            assert (await ana.posts("/sign-out", fields)).status_code == 403
        for headers in ({"sec-fetch-site": "cross-site"}, {"origin": "https://evil.example"}):
            answer = await ana.client.post("/sign-out", data=token, headers=headers)
            assert answer.status_code == 403
        assert (await ana.reads("/find")).status_code == 200
        assert (await ana.posts("/sign-out", token)).status_code == 303


async def test_the_browser_holds_nothing_that_the_records_hold(house: House, fresh_database: str) -> None:
    async with house.visitor() as ana:
        answer = await ana.signs_in("ana")
        cookie = next(c for c in answer.headers.get_list("set-cookie") if c.startswith("desk_session="))
        assert {"HttpOnly", "SameSite=lax"} <= {part.strip() for part in cookie.split(";")}
        connection = await asyncpg.connect(fresh_database)
        kept = await connection.fetchrow("SELECT digest, form_token FROM staff_sessions")
        hashed = await connection.fetchval("SELECT password_hash FROM staff")
        await connection.close()
        assert kept is not None
        assert ana.client.cookies["desk_session"] not in {kept["digest"], kept["form_token"]}
        assert hashed.startswith("$argon2id$")


def test_guessing_costs_what_rfc_9106_advises(as_the_program_hashes: tuple[PasswordHasher, str]) -> None:
    """Its second recommended option, §4; an account that does not exist costs the same."""
    hasher, nobody = as_the_program_hashes
    assert (hasher.time_cost, hasher.memory_cost, hasher.parallelism) == (3, 64 * 1024, 4)
    assert nobody.startswith("$argon2id$v=19$m=65536,t=3,p=4$")
    assert not hasher.check_needs_rehash(nobody)


async def test_every_answer_is_kept_by_no_cache_and_runs_no_foreign_script(house: House) -> None:
    async with house.signed_in("ana") as ana:
        for path in ("/", "/sign-in", "/nowhere"):
            headers = (await ana.reads(path)).headers
            assert headers["cache-control"] == "no-store"
            assert headers["referrer-policy"] == "no-referrer"
            assert "script-src 'self';" in headers["content-security-policy"]
            assert "unsafe" not in headers["content-security-policy"]
        page = (await ana.reads("/")).text
        assert "<script>" not in page
        assert " onclick" not in page
        assert "style=" not in page


async def test_two_people_never_sign_with_the_same_name(house: House) -> None:
    from complaints.records.errors import AccountTaken

    with pytest.raises(AccountTaken):
        await house.employs("ana2", name="ANA torres")


async def _says(dsn: str, statement: str) -> None:
    connection = await asyncpg.connect(dsn)
    await connection.execute(statement)
    await connection.close()
