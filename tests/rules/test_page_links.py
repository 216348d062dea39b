"""The key to a customer's page in text and bytes: found however a mail program broke it, and nothing else touched."""

import email
from email.message import EmailMessage
from email.policy import default

import pytest

from complaints.mail.links import PATH
from complaints.rules.facts import DetailsReceived, MessageReceived
from complaints.rules.page_links import COVERED, PLACE, all_covered, covered, placed
from complaints.rules.text import cleaned, one_line
from complaints.words.page_links import LABELS, shown
from desk.covering import struck_out

MARK = "k7qsw4hd2mzx3bnyt5ra"
TOKEN = f"Q-7KF3-02M9D.2643.{MARK}"
LINK = f"https://quejas.example/dir{PATH}{TOKEN}"


@pytest.mark.parametrize(
    ("said", "kept"),
    [
        (f"Abra {LINK} y vea.", "Abra {} y vea."),
        (f"({LINK}).", "({})."),
        (f"<{LINK}>", "<{}>"),
        (f'<a href="{LINK}?lang=en">{LINK}</a>', '<a href="{}">{}</a>'),
        (f"> {LINK}/words", "> {}"),
        (TOKEN, "{}"),
        (f"{PATH}{TOKEN}", "{}"),
        # wrapped by a mail scanner, and by whoever answered
        (f"https://safe.example/?url=https%3A%2F%2Fquejas.example%2Fc%2F{TOKEN}&data=05%7C", "{}"),
        (f"> https://quejas.example/c/Q-7KF3-02M9D.2643.{MARK[:8]}\n> > {MARK[8:]} fin", "> {} fin"),
        (f"https://quejas.example/c/Q-7KF3-02M9D.26=\r\n43.{MARK[:3]}=\r\n{MARK[3:]}", "{}"),
        # none of it
        ("Escríbame a rosa@correo.example. Es el 2.3.1.", "Escríbame a rosa@correo.example. Es el 2.3.1."),
        ("https://www.de.unsitioconunnombremuylargo.example", "https://www.de.unsitioconunnombremuylargo.example"),
        ("Q-7KF3-02M9D.2643.demasiado", "Q-7KF3-02M9D.2643.demasiado"),
    ],
)
def test_each_address_of_a_page_is_covered_whole_and_nothing_else(said: str, kept: str) -> None:
    assert covered(said) == kept.replace("{}", COVERED)
    assert covered(covered(said)) == covered(said)
    assert placed(said) == kept.replace("{}", PLACE)
    assert shown(said, "es") == kept.replace("{}", LABELS["es"])
    assert MARK not in cleaned(said) + one_line(said)


def test_what_people_say_is_kept_without_a_key_and_makes_no_place_for_one() -> None:
    fact = MessageReceived(text=f"Mire: {LINK}\n{PLACE}")
    assert fact.text == f"Mire: {COVERED}\n{COVERED}", "nobody makes a letter of ours print a link by writing so"
    assert DetailsReceived(product=LINK).product == COVERED


def test_readers_see_the_name_of_it_in_their_language_wherever_it_stands() -> None:
    facts = {"text": LINK, "more": [PLACE, {"x": (COVERED, 3, None)}]}
    assert shown(facts, "en") == {"text": LABELS["en"], "more": [LABELS["en"], {"x": (LABELS["en"], 3, None)}]}
    assert all_covered(facts) == {"text": COVERED, "more": [COVERED, {"x": (COVERED, 3, None)}]}


@pytest.mark.parametrize("encoding", ["7bit", "quoted-printable", "base64"])
def test_a_message_is_handed_out_byte_for_byte_but_for_the_marks(encoding: str) -> None:
    inner = EmailMessage()
    inner["Subject"] = "Fwd"
    inner.set_content(f"Me llego esto:\n\n{'x' * 60}{LINK}\n", cte=encoding)
    outer = EmailMessage()
    outer["Subject"] = "Re"
    outer.set_content(f"> {LINK}\nGracias", cte=encoding)
    outer.add_alternative(f'<p><a href="{LINK}">Ver</a></p>', subtype="html", cte=encoding)
    outer.add_attachment(inner.as_bytes(), maintype="application", subtype="octet-stream", filename="a.eml")
    raw = outer.as_bytes()
    struck = struck_out(raw, encoded=True)
    assert len(struck) == len(raw)
    assert struck.count(b"\n") == raw.count(b"\n")
    assert MARK not in _all_text(struck)
    assert "Gracias" in _all_text(struck)


def _all_text(raw: bytes) -> str:
    text = raw.decode("ascii", "replace").replace("=\n", "").replace("=\r\n", "")
    for part in email.message_from_bytes(raw, policy=default).walk():
        if not part.is_multipart():
            inside = part.get_payload(decode=True)
            assert isinstance(inside, bytes)
            text += inside.decode("utf-8", "replace").replace("=\n", "")
            if part.get_filename():
                text += _all_text(inside)
    return text


def test_bytes_that_hold_no_mark_stay_as_they_are() -> None:
    for data in (b"", b"%PDF-1.7 x.2643.y", bytes(range(256)) * 40, b"QUJD\n" * 1000):
        assert struck_out(data, encoded=True) == data
