"""Our own octets of a letter: what the library would have written, and refused where they say anything else."""

import re
from email import message_from_bytes
from email.headerregistry import Address

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from complaints.mail import headers, octets
from complaints.mail.headers import UnsafeLetter
from complaints.mail.letters import Letter
from tests.golden_letters.all_letters import KINDS, in_every_way
from tests.mail.test_headers import EVIL, NAMES, a_letter

BOUNDARY = "=_" + "a" * 32


def as_lines(raw: bytes) -> list[bytes]:
    """The lines before quoted-printable broke the long ones: ours end at 76 octets, the library's at 78."""
    return re.sub(rb"=\r\n", b"", raw).split(b"\r\n")


def by_the_library(letter: Letter) -> bytes:
    boundary = re.search(rb'boundary="([^"]+)"', letter.as_bytes())
    assert boundary
    return letter._by_the_library(boundary[1].decode())


@pytest.mark.parametrize("kind", KINDS)
def test_every_letter_has_the_octets_that_the_library_writes(kind: str) -> None:
    for letter in in_every_way(kind).values():
        if letter.attachments:
            continue  # the library's anyway
        raw = letter.as_bytes()
        assert as_lines(raw) == as_lines(by_the_library(letter))
        body = raw.partition(b"\r\n\r\n")[2]
        assert max(map(len, body.split(b"\r\n"))) <= 76  # RFC 2045 §6.7; the library's have up to 78


def test_no_letter_of_ours_goes_the_long_way(monkeypatch: pytest.MonkeyPatch) -> None:
    def unwanted(self: Letter, boundary: str) -> bytes:
        raise AssertionError(f"{self.subject}: made by the library")

    monkeypatch.setattr(Letter, "_by_the_library", unwanted)
    for kind in KINDS:
        for letter in in_every_way(kind).values():
            if not letter.attachments:
                letter.as_bytes()


@pytest.mark.parametrize("text", [*EVIL, *NAMES], ids=range(len(EVIL) + len(NAMES)))
def test_names_and_subjects_come_out_as_the_library_writes_them(text: str) -> None:
    sender = headers.address("soporte@escuela.example", name=text, role="sender")
    for letter in (a_letter(sender=sender), a_letter(subject=text or "x")):
        assert as_lines(letter.as_bytes()) == as_lines(by_the_library(letter))


TEXT = st.text(st.characters(codec="utf-8"), max_size=400)


@settings(max_examples=100, deadline=None)
@given(TEXT, TEXT)
def test_any_text_arrives_as_a_reader_of_mail_reads_it(text: str, html: str) -> None:
    """NUL apart, which no template lets through: every end of a line is one, and no other."""
    text, html = text.replace("\x00", ""), html.replace("\x00", "")
    raw = a_letter(text=text, html=html).as_bytes()
    assert raw.isascii()
    assert not re.search(rb"\r(?!\n)|(?<!\r)\n", raw)
    leaves = [part.get_payload(decode=True) for part in message_from_bytes(raw).walk() if not part.is_multipart()]
    assert [bytes(part).splitlines() for part in leaves if isinstance(part, bytes)] == [
        said.encode().splitlines() for said in (text, html)
    ]


def test_where_a_name_before_the_at_is_not_ascii_the_library_writes() -> None:
    raw = a_letter(to=(headers.address("josé@correo.example"),)).as_bytes()
    assert "To: josé@correo.example".encode() in raw


HEADS: list[octets.Header] = [
    ("From", Address("Ana", "soporte", "escuela.example")),
    ("To", Address("", "rosa", "correo.example")),
    ("Subject", "Hola"),
]

SMUGGLED = {
    "a header more": (b"Subject: Hola\r\n", b"Subject: Hola\r\nBcc: x@y.example\r\n", "names"),
    "a header less": (b"Subject: Hola\r\n", b"", "names"),
    "another subject": (b"Subject: Hola\r\n", b"Subject: Chau\r\n", "header Subject"),
    "a subject that is decoded": (b"Hola\r\n", b"=?utf-8?B?Q2hhdQ==?=\r\n", "header Subject"),
    "another recipient": (b"rosa@", b"luis@", "header To"),
    "a recipient more": (b"rosa@correo.example", b"rosa@correo.example, luis@y.example", "header To"),
    "another name": (b"Ana\r\n <", b"Eva\r\n <", "header From"),
    "a bare line feed": (b"Hola\r\n", b"Hola\nBcc: x@y.example\r\n", "octets"),
    "a bare carriage return": (b"uno", b"uno\r.\r", "octets"),
    "an octet that is not ASCII": (b"uno", "uñó".encode(), "octets"),
    "an early end of the head": (b"Subject", b"\r\nSubject", "names"),
    "another word": (b"uno", b"dos", "text"),
    "a part more": (b"uno", b"uno\r\n--" + BOUNDARY.encode() + b"\r\n\r\nx", "parts"),
    "an end too many": (b"--\r\n", b"--\r\nmore", "parts"),
}


@pytest.mark.parametrize("how", SMUGGLED)
def test_octets_that_say_anything_else_are_refused(how: str) -> None:
    was, becomes, refused = SMUGGLED[how]
    raw = octets.octets(HEADS, text="uno", html="<p>una</p>", language="es", boundary=BOUNDARY)
    assert raw is not None
    assert was in raw
    octets._prove(raw, HEADS, ["uno", "<p>una</p>"], BOUNDARY)
    with pytest.raises(UnsafeLetter, match=refused):
        octets._prove(raw.replace(was, becomes, 1), HEADS, ["uno", "<p>una</p>"], BOUNDARY)
