"""Each door by which a file comes in or goes out, with a scanner that condemns it and with one that does not look.

Which doors there are: `tests/house/test_file_doors.py`. The command line's is in `tests/cli/test_acts.py`.
"""

import re
from base64 import b64encode
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from hashlib import sha256
from html import unescape
from pathlib import Path

import httpx
import pytest

from complaints.policy_file import changed
from complaints.rules.letters import LetterState
from desk.app import application
from starter.resending import resend
from tests.api_caller import calling
from tests.customer_house import ARRIVED
from tests.desk.test_files import at_desk, attached, letter_key, newest
from tests.desk.test_files import sends as sends_files
from tests.desk.test_public_form import FormHouse, filled, form_house, refused
from tests.desk.test_public_form import sends as sends_form
from tests.desk_house import ADDRESS, Visitor, a_mail, hidden, said
from tests.story import Story
from tests.waiting import comes

PDF = b"%PDF-1.7\nuna constancia que nadie debe tener\n"
PICTURE = b"\x89PNG\r\n\x1a\n" + b"una captura que nadie debe tener"
OF_NOBODY = b"nadie debe tener"
NAME = "constancia.pdf"

CLEAN, CONDEMNED, BROKEN = "0", "1", "2"
"""How the scanner ends."""


@dataclass
class Scanned:
    """A house with a scanner whose verdict a test chooses, and files on both sides of each door."""

    house: FormHouse
    verdict: Path
    mail: str
    """The message that brought a picture."""
    from_mail: str
    """The number of the complaint that it became."""

    def finds(self, how: str) -> None:
        self.verdict.write_text(how)


@pytest.fixture
async def scanned(story: Story, tmp_path: Path) -> Scanned:
    verdict = tmp_path / "verdict"
    verdict.write_text(CLEAN)
    scanner = f"sh -c 'exit $(cat {verdict})'"
    house = await form_house(story)
    await story.worker_stops()
    story.settings = story.settings.model_copy(update={"file_scanner": scanner})
    await story.worker_starts()
    policy = changed(house.office.policy, {"letters": {"undo_seconds": 0}})
    house.office = replace(house.office, policy_now=lambda: policy)
    house.opens_the_form(file_scanner=scanner)
    house.app = application(house.office)
    await house.employs("ana", name="Ana Torres")
    await story.complaint_arrives(ARRIVED)
    mail = a_mail("Adjunto la captura.", sender="Luz <luz@correo.example>")
    mail.add_attachment(PICTURE, maintype="image", subtype="png", filename="captura.png")
    number = (await house.takes_in(mail)).number
    assert number is not None
    await house.has_written(number, "received")
    digest = sha256(mail.as_bytes()).hexdigest()
    await story.store.quarantine(
        digest, reason="spam-like", number=None, sender="luz@correo.example", subject="", received_at=datetime.now(UTC),
        due=datetime.now(UTC),
    )  # fmt: skip
    return Scanned(house, verdict, digest, number)


async def test_no_door_takes_in_what_is_condemned_or_was_not_looked_at(scanned: Scanned) -> None:
    house, story, page = scanned.house, scanned.house.story, at_desk(scanned.house.story)
    await house.has_written(story.number, "received")
    link = house.link().removeprefix(ADDRESS)
    async with house.signed_in("ana") as ana, house.visitor() as rosa, calling(house) as crm:
        for verdict, why in ((CONDEMNED, "rechazó"), (BROKEN, "no podemos revisar archivos")):
            scanned.finds(verdict)
            by_staff = await sends_files(ana, page, f"{page}/acts/reply", (NAME, PDF), text="Va lo suyo.")
            assert (by_staff.status_code, why in said(by_staff)) == (409, True), said(by_staff)
            assert "Va lo suyo." in unescape(by_staff.text), "what was typed stays"
            form = {**hidden((await rosa.reads(link)).text, f"{link}/words"), "text": "Mire esto."}
            by_link = await rosa.client.post(f"{link}/words", data=form, files=[("files", (NAME, PDF))])
            assert (by_link.status_code, why in said(by_link)) == (422, True), said(by_link)
            assert "Mire esto." in by_link.text
            fields = await house.drawn(rosa) | filled()
            by_form = await sends_form(rosa, fields, (NAME, PDF))
            assert (by_form.status_code, why in refused(by_form)) == (422, True), refused(by_form)
            sent = {"name": NAME, "content": b64encode(PDF).decode()}
            by_program = await crm.posts(f"/complaints/{story.number}/files", sent, key=None)
            assert by_program.status_code == (409 if verdict == CONDEMNED else 503), by_program.text
            assert ("retry-after" in by_program.headers) is (verdict == BROKEN), "a program tries again by itself"
    assert await story.store.attachment(sha256(PDF).hexdigest()) is None, "nothing of it is anywhere"
    assert await story.store.mails_of(story.number) == []


async def test_no_door_hands_out_what_is_condemned_or_was_not_looked_at(scanned: Scanned) -> None:
    house, story, page = scanned.house, scanned.house.story, at_desk(scanned.house.story)
    link, digest = house.link().removeprefix(ADDRESS), sha256(PDF).hexdigest()
    message = f"/cases/{scanned.from_mail}/messages/{scanned.mail}"
    async with house.signed_in("ana") as ana, house.visitor() as rosa:
        sent = await sends_files(ana, page, f"{page}/acts/reply", (NAME, PDF), text="Va lo suyo.")
        assert sent.status_code == 303, said(sent)
        await story.all_is_told()
        assert attached(await newest(story, "reply")) == [(NAME, "application/pdf", PDF)]
        item = f"/quarantine/{await quarantined(ana)}"
        assert 'src="' in (await ana.reads(message)).text
        doors: tuple[tuple[Visitor, str], ...] = (
            (ana, f"{page}/files/{digest}"), (rosa, f"{link}/files/{digest}"), (ana, f"{message}/files/1"),
            (ana, f"{message}/files/1/image"), (ana, f"{message}/raw"), (ana, f"{item}/files/1"), (ana, f"{item}/raw"),
            (ana, f"{item}/files/1/image"),
        )  # fmt: skip
        for verdict, status in ((CLEAN, 200), (CONDEMNED, 403), (BROKEN, 503)):
            scanned.finds(verdict)
            for visitor, door in doors:
                answer = await visitor.reads(door)
                assert answer.status_code == status, (door, verdict, answer.text[:500])
                held = OF_NOBODY in answer.content or b64encode(PICTURE)[:40] in answer.content
                assert held is (status == 200), door
                assert status == 200 or "archivo" in answer.text, "a sentence"


async def quarantined(ana: Visitor) -> str:
    [name] = set(re.findall(r'href="/quarantine/([0-9a-f]+)"', (await ana.reads("/quarantine")).text))
    return str(name)


async def test_a_letter_waits_for_a_scanner_that_is_away_and_never_carries_what_is_condemned(scanned: Scanned) -> None:
    house, story, page = scanned.house, scanned.house.story, at_desk(scanned.house.story)
    async with house.signed_in("ana") as ana:
        sent = await sends_files(ana, page, f"{page}/acts/reply", (NAME, PDF), text="Va lo suyo.")
        assert sent.status_code == 303, said(sent)
        await story.all_is_told()
        count = len(story.sink.letters)

        async def again(text: str) -> httpx.Response:
            """Another reply with the file that is with us already."""
            fields = hidden((await ana.reads(page)).text, f"{page}/acts/reply")
            kept = {"kept": sha256(PDF).hexdigest(), "text": text}
            return await ana.client.post(f"{page}/acts/reply", data={**fields, **kept}, files={"files": ("", b"")})

        scanned.finds(BROKEN)
        assert (await again("Va otra vez.")).status_code == 303
        await comes(waits(story, "the file scanner does not answer"), "the letter that waits")
        assert len(story.sink.letters) == count
        scanned.finds(CLEAN)
        await story.all_is_told()
        assert attached(await newest(story, "reply")) == [(NAME, "application/pdf", PDF)], "it was tried again"
        scanned.finds(CONDEMNED)
        count = len(story.sink.letters)
        assert (await again("Va una tercera vez.")).status_code == 303
        await comes(waits(story, "is one that our file scanner refuses"), "the letter that is not sent")
        assert (await story.comes_true(lambda status: status.call is not None)).call is not None, "staff call her"
        key = letter_key(await story.store.letters(story.number))
        once_more = await resend(
            story.store, house.office.settings or story.settings, story.number, key, reason="No le llegó", by="Ana",
            at=house.now, timezone="America/Lima",
        )  # fmt: skip
        assert "our file scanner refuses" in str(once_more.reason)
        assert len([one for one in story.sink.letters[count:] if attached(one)]) == 0


def waits(story: Story, why: str) -> Callable[[], Awaitable[bool]]:
    async def found() -> bool:
        rows = await story.store.letters(story.number)
        return any(why in str(row.reason) and row.state is not LetterState.SENT for row in rows)

    return found
