"""Files of ours that go with a letter: they arrive as they are, and the letter stays what it is without them."""

from dataclasses import replace
from email.message import EmailMessage
from email.parser import BytesParser
from email.policy import default

import pytest
from hypothesis import given, settings, strategies

from complaints.mail.attachments import safe_name
from complaints.mail.headers import UnsafeLetter
from complaints.mail.letters import Attachment, Letter
from complaints.rules.letters import LetterKind
from tests.golden_letters.examples import letter

PDF = Attachment("revision-2026-10.pdf", "application/pdf", b"%PDF-1.7\r\n\x00\xff\n.\r\n.\r\n--=_boundary\r\n" * 999)


def with_files(*files: Attachment) -> Letter:
    return replace(letter(LetterKind.UPDATE), attachments=files)


def read(raw: bytes) -> EmailMessage:
    message = BytesParser(policy=default).parsebytes(raw)
    assert isinstance(message, EmailMessage)
    return message


def test_the_file_comes_back_byte_for_byte_beside_both_texts() -> None:
    made = with_files(PDF)
    message = read(made.as_bytes())
    assert message.get_content_type() == "multipart/mixed"
    [file] = message.iter_attachments()
    assert isinstance(file, EmailMessage)
    assert (file.get_filename(), file.get_content_type(), file.get_content()) == (PDF.name, PDF.type, PDF.content)
    for form, text in (("plain", made.text), ("html", made.html)):
        part = message.get_body((form,))
        assert isinstance(part, EmailMessage)
        assert part.get_content().split() == text.split()
        assert part["Content-Language"] == made.language


def test_it_is_the_same_bytes_every_time_and_changes_no_header() -> None:
    made = with_files(PDF, replace(PDF, name="second.pdf"))
    assert made.as_bytes() == made.as_bytes()
    without, with_them = read(replace(made, attachments=()).as_bytes()), read(made.as_bytes())
    different = {name for name in with_them if str(with_them[name]) != str(without[name])}
    assert different == {"Content-Type"}
    assert max(map(len, made.as_bytes().split(b"\r\n"))) <= 998  # RFC 5322 §2.1.1


@pytest.mark.parametrize(
    ("name", "kind", "content"),
    [
        ("ñ.pdf", "application/pdf", b"%PDF"),
        (f"Constancia de matrícula – {'Ñusta ' * 9}.docx", "application/msword", b"\xd0\xcf\x11\xe0"),
        ("成績証明書 😀.txt", "text/plain", "ñandú\n.\n".encode()),
        ("latin.txt", "text/plain", b"\xf1and\xfa"),
        ("comillas ' y ; punto = %41.png", "image/png", b"\x89PNG"),
        ("vacio.bin", "application/octet-stream", b""),
    ],
)
def test_names_in_any_letters_arrive_as_they_are(name: str, kind: str, content: bytes) -> None:
    raw = with_files(Attachment(name, kind, content)).as_bytes()
    [file] = read(raw).iter_attachments()
    assert (file.get_filename(), file.get_content_type(), file.get_payload(decode=True)) == (name, kind, content)
    assert max(map(len, raw.split(b"\r\n"))) <= 998
    assert raw.isascii(), "as RFC 2231 says; not every mail program knows RFC 6532"


@settings(max_examples=60)
@given(strategies.text(max_size=110))
def test_a_name_that_was_made_safe_is_safe(name: str) -> None:
    safe = safe_name(name, kind="application/pdf", place=1)
    assert safe_name(safe, kind="application/pdf", place=1) == safe
    Attachment(safe, "application/pdf", b"")


@pytest.mark.parametrize(
    "name", ["a\r\nBcc: x@y.example", "=?utf-8?B?SGkNCg0KPGgxPg==?=", "", "a\x00.pdf", "../a.pdf", "con.pdf", "a" * 101]
)
def test_a_name_that_would_not_arrive_as_it_is_is_never_sent(name: str) -> None:
    with pytest.raises(UnsafeLetter):
        with_files(replace(PDF, name=name)).as_bytes()
