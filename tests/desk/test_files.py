"""Files that staff attach: with the letter, on the customer's page, in story and dossier; never in a history."""

import re
from dataclasses import replace
from email.message import EmailMessage
from hashlib import sha256
from html import unescape
from typing import Any
from urllib.parse import quote

import httpx
import pytest

from complaints.policy_file import changed
from complaints.records.messages import FileToKeep, MailToKeep
from complaints.reports.document import html_of
from complaints.rules.facts import Replied
from complaints.rules.given_files import GivenFile
from complaints.rules.letters import LetterState
from complaints.words.wording import Wording
from desk.app import application
from starter.errors import Refused
from starter.exporting import dossier_of
from starter.resending import resend
from tests.customer_house import ARRIVED, CustomersHouse, customers_house, links_in
from tests.desk_house import ADDRESS, Visitor, hidden, said
from tests.story import CUSTOMER, Story
from tests.waiting import comes

PNG = b"\x89PNG\r\n\x1a\n" + b"\x00" * 64
PDF = b"%PDF-1.7\n" + b"constancia " * 40
NOTE = "Apunte de la reunión: señora Peña.\n".encode()
NAME = "Constancia de matrícula – Peña.pdf"


@pytest.fixture
async def house(story: Story) -> CustomersHouse:
    """What is sent goes at once, unless a test wants it to wait."""
    return await staffed(story, undo_seconds=0)


async def staffed(story: Story, *, undo_seconds: int) -> CustomersHouse:
    house = await customers_house(story)
    policy = changed(house.office.policy, {"letters": {"undo_seconds": undo_seconds}})
    house.office = replace(house.office, policy_now=lambda: policy)
    house.app = application(house.office)
    await house.employs("ana", name="Ana Torres")
    await story.complaint_arrives(ARRIVED)
    return house


def chosen(*files: tuple[str, bytes]) -> list[tuple[str, tuple[str, bytes, str]]]:
    """Files as a browser sends them, whatever it calls them."""
    return [("files", (name, data, "application/octet-stream")) for name, data in files]


async def sends(visitor: Visitor, page: str, action: str, *files: tuple[str, bytes], **fields: Any) -> httpx.Response:
    """Opens the page and sends its form with these files."""
    data = {**hidden((await visitor.reads(page)).text, action), **fields}
    return await visitor.client.post(action, data=data, files=chosen(*files) or None)


def attached(letter: EmailMessage) -> list[tuple[str | None, str, bytes]]:
    return [
        (part.get_filename(), part.get_content_type(), part.get_payload(decode=True))  # type: ignore[misc]
        for part in letter.iter_attachments()
    ]


async def newest(story: Story, kind: str) -> EmailMessage:
    """The newest letter of that kind that the customer got."""
    ids = {row.message_id for row in await story.store.letters(story.number) if row.kind == kind}
    return [one for one in story.sink.to(str(CUSTOMER["email"])) if str(one["Message-ID"]) in ids][-1]


def at_desk(story: Story) -> str:
    return f"/cases/{story.number}"


def words_of(text: str) -> str:
    return " ".join(unescape(text).split())


async def dossier(house: CustomersHouse, *, with_notes: bool = True) -> str:
    story = house.story
    made = await dossier_of(
        story.store, story.number, contacts=house.office.contacts(), words=Wording(language="es"), by="Ana",
        at=house.now, with_notes=with_notes,
    )  # fmt: skip
    return html_of(made)


async def test_5_4_files_go_with_the_reply_and_stand_wherever_it_stands(house: CustomersHouse) -> None:
    story, page = house.story, at_desk(house.story)
    files = ((NAME, PDF), ("captura.png", PNG), ("nota.txt", NOTE))
    async with house.signed_in("ana") as ana:
        sent = await sends(ana, page, f"{page}/acts/reply", *files, text="Aquí va su constancia.")
        assert sent.status_code == 303, said(sent)
        await story.all_is_told()
        letter = await newest(story, "reply")
        kept = [(NAME, "application/pdf", PDF), ("captura.png", "image/png", PNG), ("nota.txt", "text/plain", NOTE)]
        assert attached(letter) == kept
        told = words_of(await story.text("reply"))
        assert f"Le enviamos estos archivos: {NAME}, captura.png y nota.txt. También están en su página." in told
        read = unescape((await ana.reads(page)).text)
        [at_the_desk] = re.findall(rf'href="({page}/files/[0-9a-f]+)" download>{re.escape(NAME)}<', read)
        assert (await ana.reads(at_the_desk)).content == PDF
        again = await resend(
            story.store, story.settings, story.number, letter_key(await story.store.letters(story.number)),
            reason="No le llegó", by="Ana Torres", at=house.now, timezone="America/Lima",
        )  # fmt: skip
        assert again.state is LetterState.SENT
        assert attached(await newest(story, "reply")) == kept, "sent again it is the same letter"
        assert bytes(await newest(story, "reply")) == bytes(letter)
    async with house.visitor() as rosa:
        link = links_in(letter.get_body(("plain",)).get_content())[0].removeprefix(ADDRESS)  # type: ignore[union-attr]
        own = unescape((await rosa.reads(link)).text)
        [hers] = re.findall(rf'href="({re.escape(link)}/files/[0-9a-f]+)" download>{re.escape(NAME)}<', own)
        got = await rosa.reads(hers)
        assert (got.content, got.headers["content-type"]) == (PDF, "application/pdf")
        assert got.headers["content-disposition"].endswith(f"filename*=UTF-8''{quote(NAME, safe='')}")
        assert "sandbox" in got.headers["content-security-policy"]
        assert (await rosa.reads(f"{link}/files/{'0' * 64}")).status_code == 404
    whole = await dossier(house)
    for told in (NAME, sha256(PDF).hexdigest(), "application/pdf"):
        assert told in whole
    [found] = await story.store.found("constancia matricula")
    assert (found.record.number, found.snippet and found.snippet.place) == (story.number, "file")
    history = await story.handle.fetch_history()
    assert not any(PDF[:30] in event.SerializeToString() for event in history.events)
    assert (await verified(story)) == []


async def verified(story: Story) -> list[str]:
    """What `complaints verify` finds of this case's files."""
    [kept] = await story.store.kept([story.number])
    return [fault.check for fault in kept.chain]


def letter_key(letters: Any) -> str:
    return str(next(one.key for one in letters if one.kind == "reply"))


async def test_what_is_too_much_or_forbidden_is_said_and_what_was_typed_stays(house: CustomersHouse) -> None:
    story, page = house.story, at_desk(house.story)
    words = "Le adjunto lo que pidió."
    program = ("arreglo.exe", b"MZ" + b"\x00" * 200)
    several = tuple((f"foto-{place}.png", PNG + bytes([place])) for place in range(11))
    async with house.signed_in("ana") as ana:
        for files, sentence in (
            ((("plano.pdf", PDF), program), "«arreglo.exe» no es una foto, un audio, un video ni un documento"),
            (several, "Son demasiados archivos, o muy grandes: hasta 10, y 25 MB en total."),
            ((("video.pdf", PDF + bytes(27_000_000)),), "Son demasiados archivos, o muy grandes"),
            ((("vacio.pdf", b""),), "«vacio.pdf» está vacío"),
        ):
            refused = await sends(ana, page, f"{page}/acts/reply", *files, text=words)
            assert (refused.status_code, sentence in said(refused)) == (409, True), said(refused)
            assert words in unescape(refused.text), "what was typed stays"
        refused = await sends(ana, page, f"{page}/acts/reply", ("plano.pdf", PDF), program, text=words)
        ticks = re.findall(r'name="kept" value="([0-9a-f]{64})" checked>([^<]+) <', refused.text)
        assert ticks == [(sha256(PDF).hexdigest(), "plano.pdf")], "what is good need not be chosen again"
        beyond = await ana.client.post(
            f"{page}/acts/reply", content=b"x", headers={"content-type": "multipart/form-data; boundary=x",
                                                         "content-length": "900000000"},
        )  # fmt: skip
        assert beyond.status_code == 413
        fields = {**hidden(refused.text, f"{page}/acts/reply"), "text": words, "kept": "f" * 64}
        stranger = await ana.client.post(f"{page}/acts/reply", data=fields, files=chosen(("foto.png", PNG)))
        assert stranger.status_code == 303, "what nobody gave for this complaint is not taken along"
        await story.all_is_told()
        assert [name for name, _, _ in attached(await newest(story, "reply"))] == ["foto.png"]
    with pytest.raises(Refused, match="agréguelo primero"):
        await house.office.front_desk.act(
            story.number, "reply", Replied(text="Va", files=(GivenFile(name="a.pdf", digest="e" * 64, size=1),))
        )


async def test_a_bare_client_sends_no_file_that_was_not_given_for_the_complaint(house: CustomersHouse) -> None:
    """Whoever reaches the engine may name any digest, and learn it elsewhere: no letter and no page hands it out."""
    story, page, digest = house.story, at_desk(house.story), sha256(PDF).hexdigest()
    theirs, mailed = (
        FileToKeep(name="a.pdf", type="application/pdf", declared="", size=len(data), digest=sha256(data).hexdigest(),
                   data=data)
        for data in (PDF, PDF + b"2")
    )  # fmt: skip
    await story.store.give_files("Q-2222-22222", [theirs], by="ana")
    await story.store.keep_mail(
        MailToKeep(
            raw=b"From: luis@otro.example", mailbox="x", received_at=house.now, message_id="<1@otro.example>",
            source_key="mail:1", sender="luis@otro.example", kind="complaint", score=1, evidence=(), files=(mailed,),
        )
    )  # fmt: skip
    assert await story.store.given_file("Q-2222-22222", digest) == PDF
    assert await story.store.given_file(story.number, mailed.digest) is None, "what a customer sent is no file of ours"
    await story.says("replied", text="Va", files=[{"name": "a.pdf", "digest": digest, "size": len(PDF)}])
    await story.comes_true(lambda status: status.call is not None and not status.unwritten_rows)
    [failed] = [one for one in await story.store.letters(story.number) if one.state is LetterState.FAILED]
    assert failed.reason == f"file 1 of 1 (SHA-256 {digest[:12]}…) that goes with it was not given for this complaint"
    link = house.link().removeprefix(ADDRESS)
    async with house.signed_in("ana") as ana, house.visitor() as rosa:
        for visitor, address in ((ana, f"{page}/files/{digest}"), (rosa, f"{link}/files/{digest}")):
            assert (await visitor.reads(address)).status_code == 404


async def test_the_preview_names_them_and_keeps_nothing(house: CustomersHouse) -> None:
    page = at_desk(house.story)
    async with house.signed_in("ana") as ana:
        form = hidden((await ana.reads(page)).text, f"{page}/acts/reply")
        shown = await ana.client.post(
            f"{page}/preview/reply", data={**form, "text": "Va la constancia."}, files=chosen((NAME, PDF))
        )
        assert shown.status_code == 200
        assert f"Adjunto: {NAME}" in words_of(re.sub(r"<[^>]+>", "", shown.text))
        assert f"Le enviamos este archivo: {NAME}." in words_of(shown.text)
    assert await house.story.store.given_files(house.story.number) == {}


async def test_what_was_taken_back_takes_its_files_back(story: Story) -> None:
    house = await staffed(story, undo_seconds=60)
    page, digest = at_desk(story), sha256(PDF).hexdigest()
    async with house.signed_in("ana") as ana, house.visitor() as rosa:
        sent = await sends(ana, page, f"{page}/acts/reply", (NAME, PDF), text="Va la constancia.")
        assert sent.status_code == 303, said(sent)
        link = house.link().removeprefix(ADDRESS)
        for visitor, address in ((ana, f"{page}/files/{digest}"), (rosa, f"{link}/files/{digest}")):
            assert (await visitor.reads(address)).status_code == 404, "it waits"
        assert (await ana.sends(page, f"{page}/acts/undo_act")).status_code == 303
        for visitor, address in ((ana, f"{page}/files/{digest}"), (rosa, f"{link}/files/{digest}")):
            assert (await visitor.reads(address)).status_code == 404, "it was taken back"
        assert NAME not in await dossier(house)
        held = [row for row in await story.timeline() if row.what == "act-held"]
        assert held[0].data["said"]["files"][0]["digest"] == digest, "the journal tells of it as of what was taken back"
        read = unescape((await ana.reads(page)).text)
        assert f'name="kept" value="{digest}" checked>{NAME}' in read, "its form has it again"
        fields = {**hidden(read, f"{page}/acts/reply"), "text": "Va la constancia.", "kept": digest}
        assert (await ana.client.post(f"{page}/acts/reply", data=fields, files={"files": ("", b"")})).status_code == 303
        await story.passes(seconds=61)
        await story.comes_true(lambda status: status.pending_act is None and not status.letters_waiting)
        assert attached(await newest(story, "reply")) == [(NAME, "application/pdf", PDF)]
        assert (await rosa.reads(f"{link}/files/{digest}")).content == PDF


async def test_6_a_correction_says_what_goes_with_it_and_notes_and_calls_stay_here(house: CustomersHouse) -> None:
    story, page = house.story, at_desk(house.story)
    wrong, right, ours, recording = (PDF + mark for mark in (b"1", b"2", b"3", b"4"))
    async with house.signed_in("ana") as ana, house.visitor() as rosa:
        answer = {"text": "Le devolvemos 45 soles.", "outcome": "upheld"}
        for act, name, data, fields in (
            ("add_note", "apunte interno.pdf", ours, {"text": "Lo dijo el docente."}),
            (
                "record_call",
                "grabacion.pdf",
                recording,
                {"reached": "true", "direction": "outbound", "notes": "Ya sabe."},
            ),
            ("resolve", "de otra persona.pdf", wrong, answer),
        ):
            sent = await sends(ana, page, f"{page}/acts/{act}", (name, data), **fields)
            assert sent.status_code == 303, said(sent)
        await story.all_is_told()
        assert attached(await newest(story, "resolution")) == [("de otra persona.pdf", "application/pdf", wrong)]
        link = house.link().removeprefix(ADDRESS)
        own = (await rosa.reads(link)).text
        assert re.findall(r"/files/([0-9a-f]{64})", own) == [sha256(wrong).hexdigest()] * 2
        read = (await ana.reads(page)).text
        assert {sha256(one).hexdigest() for one in (wrong, ours, recording)} == {
            *re.findall(rf'href="{page}/files/([0-9a-f]+)"', read)
        }
        form = re.search(rf'action="{page}/acts/correct_resolution".*?</form>', read, re.DOTALL)
        assert form
        assert f'name="kept" value="{sha256(wrong).hexdigest()}" checked' in form[0], "what goes with it now"
        sent = await sends(ana, page, f"{page}/acts/correct_resolution", ("la suya.pdf", right), **answer)
        assert sent.status_code == 303, said(sent)
        await story.all_is_told()
        assert attached(await newest(story, "correction")) == [("la suya.pdf", "application/pdf", right)]
        assert {*re.findall(r"/files/([0-9a-f]{64})", (await rosa.reads(link)).text)} == {sha256(right).hexdigest()}
        for gone in (wrong, ours, recording):
            assert (await rosa.reads(f"{link}/files/{sha256(gone).hexdigest()}")).status_code == 404
    assert "apunte interno.pdf" in await dossier(house)
    assert "apunte interno.pdf" not in await dossier(house, with_notes=False)


async def test_a_worker_that_starts_again_sends_the_same_bytes(house: CustomersHouse) -> None:
    story, page = house.story, at_desk(house.story)
    await story.all_is_told()
    async with house.signed_in("ana") as ana:
        await story.sink.go_away()
        sent = await sends(ana, page, f"{page}/acts/reply", (NAME, PDF), text="Va la constancia.")
        assert sent.status_code == 303, said(sent)
        await comes(lambda: claimed(story), "the letter that is in the ledger")
        await story.worker_stops()
        await story.sink.come_back()
        await story.worker_starts()
        await story.all_is_told()
    assert attached(await newest(story, "reply")) == [(NAME, "application/pdf", PDF)]


async def claimed(story: Story) -> list[Any]:
    return [one for one in await story.store.letters(story.number) if one.kind == "reply" and one.files]


async def test_where_the_mail_server_takes_none_so_large_the_page_has_them(house: CustomersHouse) -> None:
    story, page = house.story, at_desk(house.story)
    large = PDF + bytes(300_000)
    await story.all_is_told()
    story.sink.largest = 200_000
    await story.sink.go_away()
    await story.sink.come_back()
    async with house.signed_in("ana") as ana, house.visitor() as rosa:
        sent = await sends(ana, page, f"{page}/acts/reply", ("plano.pdf", large), text="Va el plano.")
        assert sent.status_code == 303, said(sent)
        await story.all_is_told()
        assert attached(await newest(story, "reply")) == []
        assert "Le enviamos este archivo: plano.pdf. También está en su página." in words_of(await story.text("reply"))
        [row] = [one for one in await story.store.letters(story.number) if one.kind == "reply"]
        assert (row.state, str(row.reason).partition(":")[0]) == (
            LetterState.SENT, "without its files, which its customer's page has",
        )  # fmt: skip
        link = house.link().removeprefix(ADDRESS)
        assert (await rosa.reads(f"{link}/files/{sha256(large).hexdigest()}")).content == large
    assert (await story.status()).call is None, "her address works"
