"""Whatever the bytes are: reading never raises, says the same twice, and ends in time."""

import time
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from complaints.mail.attachments import MOST
from complaints.mail.html_text import text_of_html
from complaints.mail.incoming import Reading, read
from complaints.mail.kinds import Kind
from complaints.mail.quoting import own_words
from complaints.rules.text import LONGEST_TEXT, cleaned
from tests.incoming_expected import MAILBOX, MAILS, RECEIVED

FIXTURES = sorted(MAILS.rglob("*.eml"))
IN_TIME = 8.0
"""Seconds for the most hostile mail, on a machine that does other things too; alone it takes one or two."""


def reading(raw: bytes) -> Reading:
    return read(raw, mailbox=MAILBOX, received_at=RECEIVED)


def assert_sound(raw: bytes) -> None:
    """A reading that can be stored, and the same each time."""
    first = reading(raw)
    assert first == reading(raw)
    assert first.kind in set(Kind)
    assert first.evidence
    assert len(first.attachments) <= MOST
    for text in (first.text, first.whole_text, first.subject):
        assert text == cleaned(text)
        assert len(text) <= LONGEST_TEXT
    for one in first.proposals:
        assert 0 <= one.start <= one.end <= len(first.whole_text)
    if first.by_human and first.from_address and not first.held:
        first.complaint()


@settings(max_examples=150, deadline=None)
@given(st.binary(max_size=2_000))
def test_any_bytes_are_read(raw: bytes) -> None:
    assert_sound(raw)


NAMES = st.sampled_from(
    (
        *("From", "To", "Subject", "Date", "Message-ID", "In-Reply-To", "References", "Content-Type", "Return-Path"),
        *("Content-Transfer-Encoding", "Content-Disposition", "Auto-Submitted", "List-Id", "X-Complaint", "Reply-To"),
    )
)
VALUES = st.one_of(
    st.binary(max_size=80),
    st.text(max_size=60).map(lambda text: text.encode("utf-8", "surrogatepass")),
    st.sampled_from(
        (
            *(
                b"multipart/mixed; boundary=b",
                b"multipart/report; report-type=delivery-status; boundary=b",
                b"text/html",
            ),
            *(
                b"message/rfc822",
                b"message/delivery-status",
                b"base64",
                b"quoted-printable",
                b"attachment; filename*=''%ff",
            ),
            *(
                b"=?utf-8?b?//8=?=",
                b"=?unknown?q?a?=",
                b"<>",
                b"a@b.example",
                b"text/plain; charset=utf-7",
                b"x-uuencode",
            ),
        )
    ),
)


@settings(max_examples=200, deadline=None)
@given(st.lists(st.tuples(NAMES, VALUES), max_size=12), st.binary(max_size=600))
def test_any_headers_and_body_are_read(headers: list[tuple[str, bytes]], body: bytes) -> None:
    lines = [name.encode() + b": " + value.replace(b"\n", b"\n ") for name, value in headers]
    assert_sound(b"\n".join(lines) + b"\n\n--b\n" + body + b"\n--b--\n")


@settings(max_examples=200, deadline=None)
@given(st.sampled_from(FIXTURES), st.data())
def test_torn_mails_are_read(path: Path, data: st.DataObject) -> None:
    raw = bytearray(path.read_bytes())
    for _ in range(data.draw(st.integers(1, 5))):
        at = data.draw(st.integers(0, len(raw)))
        raw[at : at + data.draw(st.integers(0, 40))] = data.draw(st.binary(max_size=20))
    assert_sound(bytes(raw))


@settings(max_examples=150, deadline=None)
@given(st.text(max_size=600), st.booleans())
def test_own_words_lose_nothing_but_history_and_signature(text: str, answering: bool) -> None:
    words = own_words(text, answering=answering)
    assert len(words.signed) == len(text), "places stay"
    assert bool(words.own.strip()) is bool(text.strip())
    theirs = {line.strip() for line in text.split("\n")} | {text.strip()}
    assert {line.strip() for line in words.own.split("\n")} <= theirs | {""}


@example("<![a")
@settings(max_examples=150, deadline=None)
@given(st.text(alphabet="<>!-/a= \"'&;#[]?\n", max_size=400))
def test_any_html_is_read(html: str) -> None:
    assert "\x01" not in text_of_html(html)


HEAD = b"From: a@b.example\nTo: soporte@escuela.example\nSubject: RE: x\n"
PLAIN = HEAD + b"Content-Type: text/plain; charset=utf-8\n\n"
HTML = HEAD + b"Content-Type: text/html; charset=utf-8\n\n"
MANY = 400_000
HOSTILE: dict[str, Callable[[], bytes]] = {
    "open marks": lambda: HTML + b"<" * MANY,
    "open tags": lambda: HTML + b"<a" * MANY,
    "comments never closed": lambda: HTML + b"<!--" * MANY,
    "declarations never closed": lambda: HTML + b"<!" * MANY,
    "quotes never closed": lambda: HTML + b'<a x="' * MANY,
    "attributes without end": lambda: HTML + b"<a " + b"x " * MANY,
    "script never closed": lambda: HTML + b"<script>" + b"</s" * MANY,
    "quotations in quotations": lambda: HTML + b"<blockquote>" * MANY,
    "blanks": lambda: PLAIN + b" " * MANY,
    "colons": lambda: PLAIN + b"a:" * MANY,
    "at signs": lambda: PLAIN + b"a@" * MANY,
    "digits": lambda: PLAIN + b"9" * MANY,
    "courses": lambda: PLAIN + b"curso " + b"Aa de la " * MANY,
    "attributions": lambda: PLAIN + b"On 1\n" * MANY,
    "one attribution": lambda: PLAIN + b"On 1 wrote wrote " * MANY,
    "headers of Outlook": lambda: PLAIN + b"From: x\n" * MANY,
    "rules": lambda: PLAIN + (b"_ " * 450 + b"\n") * 1_000,
    "quotes in From": lambda: b'From: "' + b'\\"' * MANY + b"\n\nx",
    "a To without end": lambda: b"To: " + b"a" * MANY + b"\n\nx",
    "encoded words": lambda: b"Subject: " + b"=?utf-8?q?a?= " * MANY + b"\n\nx",
    "references": lambda: b"References: " + b"<a@b> " * MANY + b"\n\nx",
    "headers": lambda: b"X-A: b\n" * 3_000_000 + b"\n\nx",
    "parameters": lambda: b"Content-Type: text/plain; " + b"a=b; " * 5_000_000 + b"\n\nx",
    "folded parameters": lambda: b"Content-Type: multipart/mixed; boundary=b;\n" + b" a=b;\n" * 3_000_000 + b"\n\nx",
    "parts": lambda: HEAD + b"Content-Type: multipart/mixed; boundary=b\n\n" + b"--b\n\nx\n" * 3_000_000,
    "messages in messages": lambda: HEAD + b"Content-Type: message/rfc822\n\n" * 500 + b"x",
    "recipients of a report": lambda: (
        b"From: mailer-daemon@x\nContent-Type: multipart/report; report-type=delivery-status; boundary=b\n\n--b\n"
        b"Content-Type: message/delivery-status\n\n" + b"Final-Recipient: rfc822; a@b\n\n" * 500_000
    ),
    "empty lines": lambda: b"\n" * 25_000_000,
    "25 MB of text": lambda: PLAIN + b"hola que tal estamos aqui\n" * 900_000,
    "25 MB attached": lambda: (
        HEAD
        + b"MIME-Version: 1.0\nContent-Type: multipart/mixed; boundary=b\n\n--b\n\nhola\n--b\n"
        + b"Content-Type: application/pdf\nContent-Transfer-Encoding: base64\n\n"
        + (b"QUJD" * 19 + b"\n") * 330_000
        + b"--b--\n"
    ),
}


@pytest.mark.parametrize("build", HOSTILE.values(), ids=HOSTILE)
def test_hostile_mail_is_read_in_time(build: Callable[[], bytes]) -> None:
    raw = build()
    began = time.process_time()
    found = reading(raw)
    assert time.process_time() - began < IN_TIME
    assert len(found.whole_text) <= LONGEST_TEXT


def test_parts_in_parts_beyond_any_depth_are_read() -> None:
    raw = HEAD + b"Content-Type: multipart/mixed; boundary=b0\n\n"
    for depth in range(1, 3_000):
        raw += b"--b%d\nContent-Type: multipart/mixed; boundary=b%d\n\n" % (depth - 1, depth)
    assert_sound(raw + b"--b2999\n\nhola\n")


def test_a_reading_says_the_same_wherever_the_mail_came_in() -> None:
    raw = FIXTURES[0].read_bytes()
    assert (
        replace(read(raw, mailbox="otro@escuela.example", received_at=RECEIVED), mailbox=MAILBOX).text
        == reading(raw).text
    )
