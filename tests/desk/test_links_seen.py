"""Whoever may look holds no key: nothing that any role reads opens the customer's page, of new rows or of old ones."""

import asyncio
import base64
import io
import re
from email.message import EmailMessage
from functools import cache

import httpx
import pypdf
import pytest

from complaints.mail.links import Link, link_token
from complaints.records.messages import FileToKeep, MailToKeep
from complaints.records.staff import Role
from complaints.records.store import Store
from complaints.rules.languages import LANGUAGES
from complaints.rules.page_links import COVERED, PLACE
from complaints.words.page_links import LABELS
from desk.app import STAFF_ROUTES
from tests.api_caller import calling
from tests.customer_house import KEY, RESOLUTION, CustomersHouse, customers_house, links_in
from tests.desk_house import ADDRESS, MAILBOX, Visitor, a_mail, hidden
from tests.story import CUSTOMER, Story

ROSA = str(CUSTOMER["email"])
TOKEN = re.compile(r"[A-Za-z0-9-]{1,40}\.[0-9a-f]{1,6}\.[a-z2-7]{20}")


@pytest.fixture
async def house(story: Story) -> CustomersHouse:
    """A case with a resolution, an answer that quotes the letter, and rows from before letters had places for links."""
    house = await customers_house(story)
    await house.resolved()
    await story.all_is_told()
    [link] = links_in(await story.text("resolution"))
    text = f"Gracias.\n\nMire su enlace: {link}\n\nEl lun, 27 jul 2026, Soporte <s@escuela.example> escribió:\n> {link}"
    letter = next(row for row in await story.store.letters(story.number) if row.kind == "resolution")
    taken = await house.takes_in(_quoting(text, letter.message_id), hours_ago=0)
    assert taken.reply
    stranger = await house.takes_in(_quoting(text, letter.message_id, sender="otra@correo.example"), hours_ago=0)
    assert stranger.quarantined
    await house.has_written(story.number, "message-received")
    await _rows_of_old(house)
    return house


def _quoting(text: str, answers: str, sender: str = ROSA) -> EmailMessage:
    link = links_in(text)[0]
    mail = a_mail(text, subject=f"Re: {link}", sender=sender, In_Reply_To=answers)
    mail.add_alternative(
        f'<p>Gracias</p><blockquote><a href="{link}">Dar mi respuesta</a></blockquote>', subtype="html"
    )
    mail.add_attachment(f"<a href='{link}'>".encode(), maintype="text", subtype="html", filename="carta.html")
    mail.add_attachment(a_mail(text), filename="carta.eml")
    return mail


async def _rows_of_old(house: CustomersHouse) -> None:
    """As the program wrote them before: letters with living links, words and mail that quote one."""
    link, story = house.link(), house.story
    raw = a_mail(f"Quise responder: {link}", subject=f"Re: {link}", sender=ROSA).as_bytes()
    await story.store.keep_mail(
        MailToKeep(
            raw=raw, mailbox=MAILBOX, received_at=house.now, message_id="<old@correo.example>", source_key="old",
            sender=ROSA, kind="reply", score=0.0, evidence=({"what": link, "weight": 1.0, "says": "reply"},),
            files=(FileToKeep(name="c.txt", type="text/plain", declared="text/plain", size=9, digest="a" * 64,
                              data=link.encode()),),
        )
    )  # fmt: skip
    async with story.store.connection() as connection:
        await connection.execute(
            "UPDATE letters SET text = replace(text, $2, $3), html = replace(html, $2, $3) WHERE number = $1",
            story.number, PLACE, link,
        )  # fmt: skip
        await connection.execute(
            "UPDATE messages SET number = $1, taken_as = 'reply' WHERE source_key = 'old'", story.number
        )
        await connection.execute(
            "UPDATE complaints SET description = description || $2, product = $2 WHERE number = $1", story.number, link
        )
        await connection.execute("UPDATE quarantine SET subject = $1", link)
    await story.store.add_afterword(
        story.number, event_id="old", at=house.now, what="message-received", by="customer", data={"text": link}
    )


async def _opened_by(house: CustomersHouse, said: str, tried: dict[str, bool] | None = None) -> list[str]:
    """The tokens in it that open the page; those that were tried before are not tried again."""
    tried, found = {} if tried is None else tried, {*TOKEN.findall(said)}
    async with house.visitor() as stranger:
        for one in found - tried.keys():
            tried[one] = (await stranger.reads(f"/c/{one}")).status_code == 200
    return [one for one in found if tried[one]]


def all_in(answer: httpx.Response) -> str:
    """Everything that a file says: text, the text of a PDF, what a mail's parts hold, what is in base64."""
    data, said = answer.content, [answer.text, str(answer.headers)]
    if data.startswith(b"%PDF"):
        said += _text_of(data)
    said.append(re.sub(rb"=\r?\n", b"", data).decode("latin-1"))
    for block in re.findall(rb"(?:^[A-Za-z0-9+/]{20,}={0,2}\r?\n?)+", data, re.MULTILINE):
        bare = re.sub(rb"\s", b"", block)
        said.append(base64.b64decode(bare + b"=" * (-len(bare) % 4)).decode("latin-1"))
    return "\n".join([*said, re.sub(r"\s", "", said[-1])])


@cache
def _text_of(pdf: bytes) -> list[str]:
    """What its pages say; most are the same for each role."""
    return [page.extract_text() for page in pypdf.PdfReader(io.BytesIO(pdf)).pages]


async def test_what_the_attack_uses_is_real(house: CustomersHouse) -> None:
    """The tokens that are looked for do open the page; so a page without them is a finding and no accident."""
    [new] = links_in(await house.story.text("resolution"))
    for link in (new, house.link()):
        assert await _opened_by(house, link) == [link.rpartition("/")[2]]


async def every_page(store: Store, visitor: Visitor, number: str) -> dict[str, httpx.Response]:
    """Each address of the desk with everything that there is of a complaint to be put into it."""
    letters = [row.key for row in await store.letters(number)]
    mails = [mail.digest for mail in await store.mails_of(number)]
    items = [item.name for item in await store.quarantined(handled_too=True, limit=50)]
    values = {
        "key:path": letters, "digest": mails, "item": items, "place": ["1", "2", "3", "4"], "kind": ["html", "pdf"],
        "form": ["html", "pdf", "csv", "json"], "month": ["2026-07"], "number": [number],
    }  # fmt: skip
    paths = [door.path for door in STAFF_ROUTES if door.method == "GET"]
    for name, given in values.items():
        paths = [
            path.replace("{" + name + "}", one)
            for path in paths
            for one in (given if "{" + name + "}" in path else [""])
        ]
    paths += [f"/find?q={word}" for word in ("rosa", number, "enlace")] + [
        f"/list?q={number}",
        "/reports/report.html?month=2026-07",
    ]
    return {path: await visitor.reads(path) for path in paths}


@pytest.mark.timeout(900)  # every page five times in two languages: a minute and more on a busy machine
async def test_no_page_or_file_of_any_role_opens_the_customers_page(house: CustomersHouse) -> None:
    tried: dict[str, bool] = {}
    for role in Role:
        await house.employs(role, role)
        async with house.signed_in(role) as visitor:
            for language in LANGUAGES:
                token = hidden((await visitor.reads("/password")).text, "/language")
                await visitor.posts("/language", {**token, "language": language})
                pages = await every_page(house.story.store, visitor, house.story.number)
                assert sum(answer.status_code == 200 for answer in pages.values()) > 20, role
                opened = {
                    path: found
                    for path, answer in pages.items()
                    if (found := await _opened_by(house, all_in(answer), tried))
                }
                assert opened == {}, role
                letter = pages[f"/cases/{house.story.number}/letters/1/resolution/customer"].text
                assert LABELS[language] in letter
                assert PLACE not in letter
                assert COVERED not in "".join(answer.text for answer in pages.values())
    await _nothing_was_said(house)


async def test_a_role_that_may_only_look_cannot_close_the_case_as_the_customer(house: CustomersHouse) -> None:
    """What the attacker did: the link out of the letter, then yes, and the tick."""
    await house.employs("eva", Role.QUALITY)
    number = house.story.number
    async with house.signed_in("eva") as eva:
        for path in ("letters/1/resolution/customer", "letter-html/1/resolution/customer", "dossier.html"):
            page = (await eva.reads(f"/cases/{number}/{path}")).text
            for href in re.findall(r'href="(https?://[^"]+|/c/[^"]+)"', page):
                answer = await eva.reads(href.replace(ADDRESS, ""))
                assert RESOLUTION not in answer.text, href
            assert links_in(page) == []
    await _nothing_was_said(house)


async def _nothing_was_said(house: CustomersHouse) -> None:
    assert await house.story.stage() == "confirmation"
    assert await house.rows("customer-satisfied") == []


async def test_no_answer_of_the_api_and_no_query_opens_it(house: CustomersHouse) -> None:
    number, story = house.story.number, house.story
    async with calling(house) as program:
        for path in ("", "/timeline", "/deadlines"):
            answer = await program.gets(f"/complaints/{number}{path}")
            assert answer.status_code == 200
            assert await _opened_by(house, answer.text) == []
    timeline = await house.office.front_desk.timeline(number)
    said = str(timeline.value) + str(await story.timeline()) + str(await story.status())
    assert await _opened_by(house, said) == []
    assert COVERED in said, "that the customer quoted it can be seen"


async def test_neither_the_ledger_nor_the_history_nor_the_journal_keeps_a_key(story: Story) -> None:
    house = await customers_house(story)
    await house.resolved()
    await story.all_is_told()
    [link] = links_in(await story.text("resolution"))
    await story.handle.signal("message-received", {"text": f"Esto: {link}"})
    await house.has_written(story.number, "message-received")
    async with story.store.connection() as connection:
        rows = [str(dict(row)) for table in ("letters", "journal", "complaints") for row in
                await connection.fetch(f"SELECT * FROM {table} WHERE number = $1", story.number)]  # fmt: skip
    assert await _opened_by(house, "\n".join(rows)) == []
    assert PLACE in "".join(rows)
    history = (await story.handle.fetch_history()).to_json()
    given = "".join(
        base64.b64decode(data).decode("latin-1") for data in re.findall(r'"data": ?"([A-Za-z0-9+/=]+)"', history)
    )
    signal = given.count(link.rpartition("/")[2])
    assert signal <= 1, "what came in from outside by a bare signal; nothing of ours repeats it"


async def test_a_letter_that_is_sent_again_brings_a_link_that_works_and_keeps_none(house: CustomersHouse) -> None:
    story = house.story
    await house.employs("ana", Role.AGENT)
    async with house.signed_in("ana") as ana:
        for key in ("1/resolution/customer", "1/acknowledgement/customer"):
            before = len(story.sink.to(ROSA))
            async with story.store.connection() as connection:
                await connection.execute(
                    "UPDATE letters SET state = 'uncertain' WHERE key = $1 AND number = $2", key, story.number
                )
            answer = await ana.sends(
                f"/cases/{story.number}/letters/{key}", f"/cases/{story.number}/resend/{key}", reason="No llegó"
            )
            assert answer.status_code == 303, answer.text
            async with asyncio.timeout(60):
                while len(story.sink.to(ROSA)) == before:
                    story.sink.arrived.clear()
                    await story.sink.arrived.wait()
            body = story.sink.to(ROSA)[-1].get_body(("plain",))
            assert body is not None
            [link] = links_in(body.get_content())
            assert await _opened_by(house, link)
    row = await story.store.letter(story.number, "1/resolution/customer")
    assert row is not None
    assert links_in(row.text + row.html) == []


async def test_a_letter_whose_claim_was_kept_with_a_link_goes_out_with_one_of_now(house: CustomersHouse) -> None:
    """Rows from before: the worker takes the letter up again; what it keeps of it has no key."""
    kept = await house.story.store.letter(house.story.number, "1/resolution/customer")
    assert kept is not None
    assert kept.text.count(PLACE) == 1
    token = link_token(Link(house.story.number, house.now.date()), keys=[KEY.encode()])
    assert token not in kept.text
