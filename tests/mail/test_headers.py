"""Headers: nothing that anybody writes gets into them, and the bytes are read again before they are sent."""

import sys
from dataclasses import replace
from email import message_from_bytes
from email.header import decode_header, make_header
from email.message import EmailMessage
from email.parser import BytesParser
from email.policy import SMTP, default

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from complaints.mail import headers
from complaints.mail.headers import AddressUnusable, UnsafeLetter, safe_header
from complaints.mail.letters import Letter, render
from complaints.rules.letters import Contents, LetterKind
from tests.golden_letters.examples import CONTACTS, LIMA, NUMBER, order, rich

CVE_2024_6923 = "=?utf-8?B?SGkNCg0KPGgxPmV2aWw8L2gxPg==?="
"""Printable, and yet on an unpatched Python it ends the header and begins a body."""

EVIL = [
    CVE_2024_6923,
    f"Hola {CVE_2024_6923}",
    "=?utf-8?Q?a=0D=0ABcc:_x=40y.example?=",
    "==?utf-8?B?SGk=?=",
    "=\x00?utf-8?B?SGk=?=",
    "Hola\r\nBcc: x@y.example",
    "Hola\nBcc: x@y.example",
    "Hola\u2028Bcc: x\u2029y\x85z\x0b\x0c",
    "Hola\x00\x1b[31m\x7f\x9b",
    "\udcff\ud800",
    "\u202eoediv",
    "x" * 5_000,
    "ñ" * 500,
    "",
]


def a_letter(**changes: object) -> Letter:
    made = render(
        order(LetterKind.ACKNOWLEDGEMENT, rich(LetterKind.ACKNOWLEDGEMENT)),
        contacts=CONTACTS,
        public_url=None,
        timezone=LIMA,
    )
    return replace(made, **changes)  # type: ignore[arg-type]


def reread(raw: bytes) -> dict[str, str]:
    message = BytesParser(policy=default).parsebytes(raw)
    assert len(message.keys()) == len(set(message.keys()))
    return {name: str(value) for name, value in message.items()}


def test_the_header_set_of_an_acknowledgement() -> None:
    found = reread(a_letter().as_bytes())
    ours = headers.message_id(NUMBER, "1/acknowledgement/customer", domain="escuela.example")
    assert {name: value for name, value in found.items() if name != "Content-Type"} == {
        "From": "Escuela de Construcción Digital <soporte@escuela.example>",
        "To": "rosa.quispe@correo.example",
        "Subject": f"[{NUMBER}] Recibimos su queja",
        "Message-ID": ours,
        "Date": "Tue, 28 Jul 2026 09:05:00 -0500",
        "Reply-To": "soporte@escuela.example",
        "In-Reply-To": "<CAF+x1y2z3@mail.correo.example>",
        "References": "<CAF+x1y2z3@mail.correo.example>",
        "Auto-Submitted": "auto-replied",
        "X-Auto-Response-Suppress": "All",
        "X-Complaint": NUMBER,
        "MIME-Version": "1.0",
    }


def test_a_letter_is_the_same_bytes_every_time() -> None:
    assert a_letter().as_bytes() == a_letter().as_bytes()


def test_message_ids_differ_by_number_and_key_and_tell_nothing() -> None:
    ids = {
        headers.message_id(n, k, domain="x.example") for n in ("Q-1", "Q-2") for k in ("1/a/customer", "1/b/customer")
    }
    assert len(ids) == 4
    assert not any("Q-1" in one or "customer" in one for one in ids)


def test_later_letters_join_the_customer_s_conversation() -> None:
    later = render(order(LetterKind.UPDATE, Contents()), contacts=CONTACTS, public_url=None, timezone=LIMA)
    found, first = reread(later.as_bytes()), a_letter().message_id
    assert found["In-Reply-To"] == first
    assert found["References"] == f"<CAF+x1y2z3@mail.correo.example> {first}"
    assert found["Auto-Submitted"] == "auto-generated"


def test_staff_letters_name_no_mail_of_the_customer_s_and_are_answered_to_the_care_team() -> None:
    staff = render(order(LetterKind.WARNING, Contents()), contacts=CONTACTS, public_url=None, timezone=LIMA)
    found = reread(staff.as_bytes())
    assert "correo.example" not in staff.as_bytes().decode()
    assert found["Reply-To"] == "atencion@escuela.example"
    other = render(order(LetterKind.LATE, Contents()), contacts=CONTACTS, public_url=None, timezone=LIMA)
    assert found["References"] == reread(other.as_bytes())["References"]


@pytest.mark.parametrize("text", EVIL, ids=range(len(EVIL)))
def test_no_subject_gets_out_of_its_header(text: str) -> None:
    raw = a_letter(subject=text).as_bytes()
    found = reread(raw)
    assert "Bcc" not in found
    assert found["Subject"] == safe_header(text)


NAMES = [
    "Ana Torres",
    'Ana "la jefa" Torres, de Sistemas',
    "Escuela Nacional Superior de Construcción, Ingeniería, Arquitectura y Diseño de Lima Metropolitana",
    "Óscar Ñahui",
    "x" * 70,
]


@pytest.mark.parametrize("name", NAMES)
def test_a_display_name_arrives_as_it_was_set(name: str) -> None:
    sender = headers.address("soporte@escuela.example", name=name, role="sender")
    raw = a_letter(sender=sender).as_bytes()
    message = BytesParser(policy=default).parsebytes(raw)
    assert " ".join(message["From"].addresses[0].display_name.split()) == name
    assert max(len(line) for line in raw.partition(b"\r\n\r\n")[0].split(b"\r\n")) <= 80
    old_reader = str(make_header(decode_header(message_from_bytes(raw)["From"])))
    assert old_reader.replace('"', "").replace("\\", "").startswith(name.replace('"', ""))


@pytest.mark.parametrize("text", EVIL, ids=range(len(EVIL)))
def test_no_display_name_gets_out_of_its_header(text: str) -> None:
    sender = headers.address("soporte@escuela.example", name=text, role="sender")
    found = reread(a_letter(sender=sender).as_bytes())
    assert "Bcc" not in found
    assert found["From"].rstrip(">").endswith("soporte@escuela.example")


@settings(max_examples=200, deadline=None)
@given(st.text(max_size=300))
def test_any_subject_comes_back_as_it_was_set(text: str) -> None:
    raw = a_letter(subject=f"[{NUMBER}] {text}").as_bytes()
    assert " ".join(reread(raw)["Subject"].split()) == " ".join(safe_header(f"[{NUMBER}] {text}").split())


def test_the_proof_finds_what_an_unpatched_library_lets_through() -> None:
    message = EmailMessage(policy=SMTP)
    message["Subject"] = CVE_2024_6923
    message.set_content("texto", cte="quoted-printable")
    message.add_alternative("<p>texto</p>", subtype="html", cte="quoted-printable")
    if sys.version_info < (3, 11, 10):  # the Python that this was found on: it does happen there
        assert message.as_bytes().startswith(b"Subject: Hi\r\n\r\n<h1>evil</h1>")
    with pytest.raises(UnsafeLetter):
        headers.proven(message.as_bytes(), headers=[("Subject", "Hi")], text="texto", html="<p>texto</p>")


def test_the_proof_finds_a_header_too_many_and_a_text_that_changed() -> None:
    raw, meant = b"Subject: Hi\r\nBcc: x@y.example\r\n", [("Subject", "Hi")]
    with pytest.raises(UnsafeLetter, match="header names"):
        headers.proven(raw + b"\r\nx\r\n", headers=meant, text="x", html="")
    letter = a_letter()
    changed = letter.as_bytes().replace(b"Rosa", b"Rita")
    before = [(name, value) for name, value in reread(changed).items() if name not in {"MIME-Version", "Content-Type"}]
    with pytest.raises(UnsafeLetter, match="text came out"):
        headers.proven(changed, headers=before, text=letter.text, html=letter.html)


IDS = [
    ("<a@b.example>", "<a@b.example>"),
    ("  <a@b.example> trailing", "<a@b.example>"),
    ("<" + "a" * 300 + "@b.example>", "<" + "a" * 300 + "@b.example>"),
    ("<" + "a" * 2_000 + ">", None),
    ("a@b.example", None),
    ("<a b@c>", None),
    ("<a\r\nBcc: x@y>", None),
    ("<ñ@b.example>", None),
    ("", None),
    (None, None),
]


@pytest.mark.parametrize(("written", "safe"), IDS)
def test_a_message_id_of_others_is_repeated_only_if_it_is_safe(written: str | None, safe: str | None) -> None:
    assert headers.safe_message_id(written) == safe
    pairs = headers.threading(
        NUMBER, "1/acknowledgement/customer", to_customer=True, in_reply_to=written, domain="x.example"
    )
    assert pairs == ([("In-Reply-To", safe), ("References", safe)] if safe else [])
    reread(a_letter(headers=tuple(pairs)).as_bytes())  # also the long ones arrive unbroken: `proven` compares them


ADDRESSES = [
    ("rosa.quispe@correo.example", "rosa.quispe@correo.example"),
    ("o'brien+x@correo.example", "o'brien+x@correo.example"),
    ("rosa@educación.example", "rosa@xn--educacin-13a.example"),
    ("josé@correo.example", "josé@correo.example"),
]


@pytest.mark.parametrize(("written", "used"), ADDRESSES)
def test_addresses_that_letters_can_go_to(written: str, used: str) -> None:
    address = headers.address(written)
    assert address.addr_spec == used
    raw = a_letter(to=(address,)).as_bytes()
    assert headers.needs_smtputf8([address]) is ("é" in used)
    assert reread(raw)["To"] == used


UNUSABLE = [
    "", "rosa", "a@b@c.example", "a(b)@c.example", "<a@b.example>", '"a b"@c.example', "a@b.example\r\nBcc: x@y",
    "a b@c.example", "a,b@c.example", "a@[192.0.2.1]", "a@" + "x" * 70 + ".example", "a@ñ..example", "a@b..example",
]  # fmt: skip


@pytest.mark.parametrize("written", UNUSABLE)
def test_addresses_that_no_letter_can_go_to_are_refused_without_being_repeated(written: str) -> None:
    with pytest.raises(AddressUnusable) as refusal:
        headers.address(written, role="customer")
    assert not written or written not in str(refusal.value)
