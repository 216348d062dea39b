"""The public form without a browser: one form is one complaint, nothing typed is lost, and nobody floods the school."""

import asyncio
import hashlib
import logging
import re
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from html import unescape
from pathlib import Path
from typing import Any

import httpx
import pytest
from starlette.requests import Request

from complaints.records.form_uses import Allowance
from complaints.records.staff import Role
from complaints.rules.facts import Via
from complaints.rules.text import cleaned, one_line
from complaints.scanning import LookedAt
from complaints.settings import Settings, SettingsError
from complaints.words.catalogue import LANGUAGES, catalogue
from desk.app import application
from desk.client_address import place_of, site_of
from desk.customer import form
from desk.customer.form import FILLED_IN_AFTER, OPEN_FOR, PATH
from desk.customer.gate import POSTS_A_MINUTE
from desk.customer.request import HEARD
from desk.uploads import LARGEST_FORM
from starter.given_files import file_of
from starter.public_form import AT_ONCE, CONSENT, FIELDS, Filled
from tests.chance import new_name
from tests.customer_house import CustomersHouse, customers_house
from tests.desk_house import ADDRESS, Visitor, hidden
from tests.story import Story

PNG = b"\x89PNG\r\n\x1a\n" + bytes(20)
OF_TESTS = ("mail.log", "httpx")
"""The sink and the browser of the tests: whatever else logs is ours."""
WORDS = "No me dieron el certificado que pagué.\n¿Cuándo llega?"


@dataclass
class FormHouse(CustomersHouse):
    """The desk with the form on, and a clock that a test sets forward."""

    passed: timedelta = timedelta(0)

    def opens_the_form(self, **settings: Any) -> None:
        """Draws the application with the switch on."""
        own = self.story.settings.model_copy(update={"public_form": True, **settings})
        now: Callable[[], datetime] = lambda: datetime.now(UTC) + self.story.offset + self.passed  # noqa: E731
        self.office = replace(self.office, settings=own, now=now)
        self.app = application(self.office)

    def later(self, span: timedelta) -> None:
        """So much later, by the desk's clock."""
        self.passed += span

    async def drawn(self, visitor: Visitor, lang: str = "es") -> dict[str, str]:
        """The hidden fields of a form that was opened long enough ago."""
        answer = await visitor.reads(f"{PATH}?lang={lang}")
        assert answer.status_code == 200, answer.text
        self.later(timedelta(minutes=2))
        return hidden(answer.text, f"{PATH}?lang={lang}")

    async def complaints(self) -> int:
        """How many there are."""
        async with self.story.store.connection() as connection:
            return int(await connection.fetchval("SELECT count(*) FROM complaints"))


async def form_house(story: Story) -> FormHouse:
    """The customers' house, with the form."""
    made = await customers_house(story)
    house = FormHouse(made.story, made.office, made.app)
    house.opens_the_form()
    return house


@pytest.fixture
async def house(story: Story) -> FormHouse:
    return await form_house(story)


def filled(**other: str) -> dict[str, str]:
    """What somebody types; nobody else has this address."""
    return {
        "name": "Rosa Quispe", "document": "45678912", "email": f"{new_name()}@correo.example", "phone": "987 654 321",
        "product": "Curso de BIM", "occurred_on": "2026-07-01", "description": WORDS, "consent": "yes", **other,
    }  # fmt: skip


async def sends(
    visitor: Visitor, fields: dict[str, str], *files: tuple[str, bytes], lang: str = "es"
) -> httpx.Response:
    """Sends it as a browser does: multipart, the files last."""
    parts: list[tuple[str, Any]] = [
        (name, (None, value.encode(errors="surrogatepass"))) for name, value in fields.items()
    ]
    parts += [("files", (name, data, "application/octet-stream")) for name, data in files]
    return await visitor.client.post(f"{PATH}?lang={lang}", files=parts)


def refused(answer: httpx.Response) -> str:
    """Why not, in one line."""
    found = re.search(r'role="alert"[^>]*>(.*?)</(?:div|section)>', answer.text, re.DOTALL)
    assert found, answer.text
    return " ".join(unescape(re.sub(r"<[^>]+>", " ", found[1])).split())


def still_there(answer: httpx.Response, fields: dict[str, str]) -> None:
    """Everything that was typed stands in the form again."""
    text = unescape(answer.text)
    for name, value in fields.items():
        if name not in ("consent", "website", "form", "made", "mark") and value:
            assert value in text, name


# -- one form, one complaint -----------------------------------------------------------------------------------------


async def test_a_form_is_one_complaint_with_its_files_its_consent_its_number_and_its_page(
    house: FormHouse, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    store, fields = house.story.store, filled()
    async with house.visitor() as rosa:
        proof = await house.drawn(rosa)
        double = await asyncio.gather(*(sends(rosa, proof | fields, ("foto.png", PNG)) for _ in range(2)))
        assert {answer.status_code for answer in double} == {303}
        [end] = {answer.headers["location"] for answer in double}
        page = (await rosa.reads(end)).text
        number = re.search(r"<b>(Q-[0-9A-Z-]+)</b>", page)
        assert number
        assert "cookie" not in str([answer.headers for answer in double])
        [link] = set(re.findall(rf'class="my-link">({ADDRESS}/c/[^<]+)<', page))
        own = await rosa.reads(link)
        assert (own.status_code, "Estamos evaluando su queja" in own.text) == (200, True)
        record = await store.record(number[1])
        assert record is not None
        assert (record.channel, record.customer_name, record.email) == ("web", "Rosa Quispe", fields["email"])
        assert (record.product, record.description) == ("Curso de BIM", WORDS)
        [mail] = await store.mails_of(number[1])
        assert [file.type for file in await store.attachments(mail.digest)] == ["image/png"]
        assert f"Ley 29733, {CONSENT}, es".encode() in mail.raw

        # Loaded again, an hour and two days later, it is the same one.
        for span in (timedelta(hours=1), timedelta(days=2)):
            house.later(span)
            assert (await sends(rosa, proof | fields, ("foto.png", PNG))).headers["location"].startswith(end[:40])
        # Other words, or another file, under the same form are not taken for it.
        for other, files in ((fields | {"description": "Otra cosa."}, [("foto.png", PNG)]), (fields, [])):
            answer = await sends(rosa, proof | other, *files)
            assert (answer.status_code, number[1] in refused(answer)) == (409, True)
            still_there(answer, other)
            assert hidden(answer.text, f"{PATH}?lang=es")["form"] != proof["form"], "sent once more it is another one"
        # Who can send the form again brings no link back that was ended.
        await store.revoke_links(number[1], event_id=new_name(), at=house.now, by="Ana", via=Via.DESK)
        await sends(rosa, proof | fields, ("foto.png", PNG))
        assert (await rosa.reads(link)).status_code == 410
    assert await house.complaints() == 1
    for secret in (fields["email"], "Rosa Quispe", "45678912", "certificado", link):
        assert not [line.name for line in caplog.records if line.name not in OF_TESTS and secret in line.getMessage()]


async def test_a_telephone_alone_is_enough_and_english_stays_english(house: FormHouse) -> None:
    fields = {"phone": "987 654 321", "description": "They never opened the classroom.", "consent": "yes"}
    async with house.visitor() as ann:
        answer = await sends(ann, await house.drawn(ann, "en") | fields, lang="en")
        page = (await ann.reads(answer.headers["location"])).text
    assert "Within 24 hours we call you" in page
    number = re.search(r"<b>(Q-[0-9A-Z-]+)</b>", page)
    assert number
    record = await house.story.store.record(number[1])
    assert record is not None
    assert (record.language, record.email, record.phone) == ("en", None, "987 654 321")


# -- nothing typed is lost -------------------------------------------------------------------------------------------


async def test_whatever_is_refused_opens_nothing_and_keeps_every_word(house: FormHouse) -> None:
    own = filled()
    wrong: list[tuple[dict[str, str], list[tuple[str, bytes]], str]] = [
        ({"email": "", "phone": ""}, [], "Escriba un correo o un teléfono"),
        ({"email": "rosa@"}, [], "correo"),
        ({"email": "", "phone": "no sé"}, [], "teléfono"),
        ({"description": " \n "}, [], "Escriba qué pasó"),
        ({"description": "x" * 20_001}, [], "demasiado largo"),
        ({"name": "N" * 301}, [], "300"),
        ({"occurred_on": "2999-01-01"}, [], "todavía no llega"),
        ({"occurred_on": "ayer"}, [], "fecha"),
        ({"consent": ""}, [], "sin eso no podemos usar sus datos"),
        ({}, [("virus.exe", b"MZ" + bytes(60))], "virus.exe"),
        ({}, [(f"{place}.png", PNG + bytes([place])) for place in range(11)], "demasiados archivos"),
        ({"website": "http://spam.example"}, [], "no es para personas"),
        ({"mark": "forged"}, [], "revise lo que escribió"),
        ({"made": "1"}, [], "revise lo que escribió"),
        ({"form": "../../etc"}, [], "revise lo que escribió"),
    ]
    async with house.visitor() as rosa:
        proof = await house.drawn(rosa)
        for change, files, sentence in wrong:
            answer = await sends(rosa, proof | own | change, *files)
            assert answer.status_code == 422, change
            assert sentence in refused(answer), change
            still_there(answer, own | change)
            assert "Set-Cookie" not in answer.headers
        # Several at once are told at once, each beside its field.
        answer = await sends(rosa, proof | own | {"consent": "", "description": ""})
        assert len(re.findall('aria-invalid="true"', answer.text)) == 2
        assert hidden(answer.text, f"{PATH}?lang=es") == proof, "it is still the same form"
        # As a scanner sends it: nothing is filled in.
        assert (await sends(rosa, proof)).status_code == 422
        assert await house.complaints() == 0
        assert (await sends(rosa, proof | own)).status_code == 303, "and in the end it is taken"


async def test_it_tells_who_types_from_what_does_not(house: FormHouse) -> None:
    own = filled()
    async with house.visitor() as rosa:
        proof = hidden((await rosa.reads(f"{PATH}?lang=es")).text, f"{PATH}?lang=es")
        fast = await sends(rosa, proof | own)
        assert (fast.status_code, "muy rápido" in refused(fast)) == (422, True)
        house.later(FILLED_IN_AFTER)
        assert (await sends(rosa, proof | own)).status_code == 303, "the same page, a moment later"
        old = await house.drawn(rosa)
        house.later(OPEN_FOR)
        answer = await sends(rosa, old | own)
        assert (answer.status_code, "abierta mucho tiempo" in refused(answer)) == (422, True)
        still_there(answer, own)
        fresh = hidden(answer.text, f"{PATH}?lang=es")
        assert fresh["form"] != old["form"]
        other = await rosa.client.post(f"{PATH}?lang=es", files={"a": b""}, headers={"sec-fetch-site": "cross-site"})
        assert other.status_code == 403


async def test_what_is_too_large_takes_no_word_along(house: FormHouse) -> None:
    own = filled()
    async with house.visitor() as rosa:
        proof = await house.drawn(rosa)
        answer = await sends(rosa, proof | own, ("video.mp4", b"\x00\x00\x00\x20ftypmp42" + bytes(LARGEST_FORM)))
        assert (answer.status_code, "25 MB" in refused(answer)) == (413, True)
        still_there(answer, own)
        assert 'value="yes" required checked' in answer.text
        headers = {"content-length": str(HEARD * LARGEST_FORM + 1), "content-type": "multipart/form-data; boundary=x"}
        assert (await rosa.client.post(PATH, content=b"", headers=headers)).status_code == 413, "that is not even read"
        broken = {"content-type": "multipart/form-data"}
        assert (await rosa.client.post(PATH, content=b"x", headers=broken)).status_code == 413
    assert await house.complaints() == 0


NAUGHTY = (
    "<script>alert(1)</script>", "'; DROP TABLE complaints; --", "{{ 7*7 }} {% raw %} ${7*7}", "%s %n %x %00 \\x00",
    "a\x00b\x1b[31m\x07", "\u202egnp.exe\u202c", "Z\u0338\u0322a\u0335l\u0336go", "👩\u200d👩\u200d👧 🏳️\u200d🌈 🇵🇪",
    "\ufeffBOM\ufffe", "ｆｕｌｌ İıŁß", "\u2028\u2029\x85", "../../../../etc/passwd", "=cmd|' /C calc'!A0",
    "undefined NaN None", "¡ñandú! «Ñ»", "ሰላም 漢字 עברית", "\ud800 alone", "--\r\nContent-Type: text/html\r\n\r\nX",
    "https://x.example/c/Q-7KF3-02M9D.265a.aaaaaaaaaaaaaaaaaaaa",
)  # fmt: skip


@pytest.mark.parametrize("naughty", NAUGHTY, ids=range(len(NAUGHTY)))
def test_a_naughty_string_is_words_in_every_field(naughty: str) -> None:
    """As the form reads them: what a case cannot hold is taken out there."""
    fields = {name: one_line(f"x {naughty}") for name in FIELDS if name not in ("email", "occurred_on")}
    fields |= {"description": cleaned(f"Queja: {naughty}"), "email": "rosa@correo.example"}
    filled = Filled(new_name(), fields, "es", (LookedAt(file_of(naughty, naughty, b"hola", place=1)),))
    complaint = filled.complaint(datetime(2026, 7, 22, 14, tzinfo=UTC))
    assert complaint.problem.description.startswith("Queja:")
    assert complaint.model_dump_json().encode()
    assert filled.as_message().count(b"Subject:") == 1
    assert complaint.files[0].strip()


async def test_all_of_them_come_through_and_none_is_run(house: FormHouse) -> None:
    naughty = " ".join(NAUGHTY)
    own = dict.fromkeys(("name", "document", "guardian", "product"), naughty[:200])
    async with house.visitor() as rosa:
        answer = await sends(rosa, await house.drawn(rosa) | filled(**own, description=naughty), (NAUGHTY[2], b"hola"))
        assert answer.status_code == 303, refused(answer)
        for address in (answer.headers["location"], answer.headers["location"].partition("/received")[0]):
            page = await rosa.reads(address)
            assert (page.status_code, "<script" in page.text) == (200, False), address
        proof = await house.drawn(rosa)
        for field in ("email", "phone", "occurred_on", "made", "form", "mark", "website", "consent"):
            answer = await sends(rosa, proof | filled() | {"email": "", "description": ""} | {field: naughty})
            assert (answer.status_code, "<script" in answer.text) == (422, False), field


# -- nobody floods the school ----------------------------------------------------------------------------------------


async def test_so_many_from_one_place_for_one_mailbox_and_at_once(house: FormHouse) -> None:
    store = house.story.store
    everybody, here = Allowance(new_name(), 3, timedelta(hours=1)), Allowance(new_name(), 2, timedelta(hours=1))
    assert [await store.use_form([everybody, here]) for _ in range(3)] == [True, True, False]
    assert [await store.use_form([everybody]) for _ in range(2)] == [True, False], "what was refused did not count"
    at_once = await asyncio.gather(*(store.use_form([Allowance("x" + here.name, 4, AT_ONCE)]) for _ in range(9)))
    assert at_once.count(True) == 4
    async with store.connection() as connection:
        await connection.execute("UPDATE form_uses SET used_at = used_at - interval '61 minutes'")
    assert await store.use_form([everybody, here]), "an hour later"
    house.opens_the_form(mail_new_at_once=1)
    async with house.visitor() as rosa:
        own = filled()
        first, second = await house.drawn(rosa), await house.drawn(rosa)
        assert (await sends(rosa, first | own)).status_code == 303
        answer = await sends(rosa, second | own)
        assert (answer.status_code, "demasiadas quejas" in refused(answer)) == (429, True)
        still_there(answer, own)
        assert (await sends(rosa, first | own)).status_code == 303, "the one that was taken is no other one"
        for _ in range(POSTS_A_MINUTE):
            answer = await rosa.client.post(PATH, files={"a": b""})
        assert answer.status_code == 429


@pytest.mark.parametrize(
    ("one", "other", "same_place", "same_site"),
    [
        ("203.0.113.9", "203.0.113.9", True, True),
        ("203.0.113.9", "203.0.113.10", False, False),
        ("2001:db8:1:2::a", "2001:db8:1:2:ffff::b", True, True),
        ("2001:db8:1:2::a", "2001:db8:1:3::a", False, True),  # a /48 is one site
        ("2001:db8:1:2::a", "2001:db8:2:2::a", False, False),
        ("::ffff:203.0.113.9", "203.0.113.9", True, True),
    ],
)
def test_where_a_form_comes_from(one: str, other: str, same_place: bool, same_site: bool) -> None:
    first, second = (Request({"type": "http", "headers": [], "client": (address, 1)}) for address in (one, other))
    assert (place_of(first, ()) == place_of(second, ())) is same_place
    assert (site_of(first, ()) == site_of(second, ())) is same_site
    assert site_of(first, ()) != place_of(first, ()), "two counts, never one"


# -- who may see it, and what looking at it does ---------------------------------------------------------------------


async def test_it_is_off_unless_the_school_wants_it(house: FormHouse) -> None:
    house.opens_the_form(public_form=False)
    async with house.visitor() as rosa:
        assert (await rosa.reads(PATH)).status_code == 404
        assert (await rosa.posts(PATH, {})).status_code in (404, 405)
    assert Settings.from_env({}).public_form is False
    assert Settings.from_env({"PUBLIC_FORM": "1"}).public_form is True
    with pytest.raises(SettingsError, match="PUBLIC_FORM"):
        Settings.from_env({"PUBLIC_FORM": "perhaps"})
    house.opens_the_form(secret_key=None)
    async with house.visitor() as rosa:
        assert (await rosa.reads(PATH)).status_code == 404, "without a key nothing can be signed"


async def test_everybody_sees_the_same_form_and_looking_changes_nothing(house: FormHouse) -> None:
    """Page x role: nobody, and each role that is signed in."""
    kinds = {"form": "x", "made": "0", "mark": "x"}
    async with house.visitor() as nobody:
        page = await nobody.reads(PATH)
        seen = re.sub(r'value="[^"]*"', "", page.text)
        for role in Role:
            await house.employs(role.value, role)
            async with house.signed_in(role.value) as member:
                assert re.sub(r'value="[^"]*"', "", (await member.reads(PATH)).text) == seen
        assert hidden(page.text, PATH).keys() == kinds.keys()
        policy = page.headers["content-security-policy"]
        assert "script-src" not in policy
        assert (page.headers["cache-control"], "set-cookie" in page.headers) == ("no-store", False)
        assert (await nobody.client.head(PATH)).status_code == 200
        forged = await nobody.reads("/c/Q-7KF3-02M9D.265a.aaaaaaaaaaaaaaaaaaaa/received?mark=x")
        assert (forged.status_code, forged.headers["location"]) == (303, "/c/Q-7KF3-02M9D.265a.aaaaaaaaaaaaaaaaaaaa")
    async with house.story.store.connection() as connection:
        assert await connection.fetchval("SELECT count(*) FROM form_uses") == 0
    assert await house.complaints() == 0


def test_another_text_of_the_consent_has_another_name() -> None:
    """What was agreed to can be told years later: whoever changes the words changes CONSENT, and this line."""
    template = (Path(form.__file__).parents[1] / "templates" / "customer" / "consent.html").read_text(encoding="utf-8")
    english = re.findall(r'_\("([^"]*)"\)', template)
    said = "\n".join(catalogue(language).gettext(one) for language in LANGUAGES for one in english)
    assert len(english) == 4
    assert (CONSENT, hashlib.sha256(said.encode()).hexdigest()[:12]) == ("2026-11", "70d2c9a41b4e")
