"""Bytes become the characters that were meant: labels by the WHATWG standard, and one foreign byte is one."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from complaints.mail.charsets import charset, decoded

SENTENCE = "Señores: pagué S/ 480 y la matrícula no aparece. ¿Cuándo?"


@pytest.mark.parametrize(
    ("octets", "label", "text"),
    [
        # Labels that mean more than they say (https://encoding.spec.whatwg.org/#names-and-labels).
        (b"300 \x80 \x96 \x93doble\x94", "iso-8859-1", "300 € – “doble”"),
        (b"300 \x80", "us-ascii", "300 €"),
        (b"300 \x80", "latin1", "300 €"),
        (b"\xa4 300", "iso-8859-15", "€ 300"),
        (b"\xe7\xec \xb3", "iso-8859-9", "çì ³"),
        ("①髙".encode("cp932"), "shift_jis", "①髙"),
        ("镕€".encode("gb18030"), "gb2312", "镕€"),
        ("똠방".encode("cp949"), "ks_c_5601-1987", "똠방"),
        ("Привет".encode("koi8-r"), "koi8", "Привет"),
        ("Привет".encode("cp1251"), "x-cp1251", "Привет"),
        ("mañana".encode("cp850"), "cp850", "mañana"),  # not in the standard, but old programs write it
        ("学校".encode("hz"), "hz-gb-2312", "学校"),
        # Labels that lie, or are none.
        (SENTENCE.encode(), "iso-8859-1", SENTENCE),
        (SENTENCE.encode("cp1252"), "utf-8", SENTENCE),
        (SENTENCE.encode("cp1252"), None, SENTENCE),
        (SENTENCE.encode(), "x-unknown", SENTENCE),
        (SENTENCE.encode(), " \"UTF-8' ", SENTENCE),
        (SENTENCE.encode(), "base64", SENTENCE),
        (SENTENCE.encode(), "unicode_escape", SENTENCE),
        (SENTENCE.encode(), "koi8-r", SENTENCE),
        # One foreign byte.
        (SENTENCE.encode() + b"\ncompa\xf1\xeda", "utf-8", SENTENCE + "\ncompañía"),
        (SENTENCE.encode() + b"\ncompa\xf1\xeda", None, SENTENCE + "\ncompañía"),
        (SENTENCE.encode() + b"\ncompa\xf1\xeda", "iso-8859-1", SENTENCE + "\ncompañía"),
        (b"\xf1and\xfa " + SENTENCE.encode(), "utf-8", "ñandú " + SENTENCE),
        (SENTENCE.encode() + b" \x93s\xed\x94 300 \x80", "utf-8", SENTENCE + " “sí” 300 €"),
        ("学校".encode("gbk") + b" \xff", "gbk", "学校 ÿ"),
        (b"caf\xe9 \x81", "utf-8", "café \x81"),
        # Alphabets behind escapes, and marks of byte order.
        ("授業料".encode("iso2022_jp"), None, "授業料"),
        ("授業料".encode("iso2022_jp"), "us-ascii", "授業料"),
        ("授業料".encode("iso2022_jp"), "utf-8", "授業料"),
        ("ﾃｽﾄ".encode("iso2022_jp_ext"), "iso-2022-jp", "ﾃｽﾄ"),
        (b"ma+APE-ana", "utf-7", "mañana"),
        (SENTENCE.encode("utf-16"), "utf-8", SENTENCE),
        (SENTENCE.encode("utf-16-be"), "utf-16", SENTENCE),
        (SENTENCE.encode("utf-16-le"), "utf-16be", SENTENCE),
        (b"\xef\xbb\xbf" + SENTENCE.encode(), "iso-8859-1", SENTENCE),
    ],
)
def test_bytes_are_the_characters_that_were_meant(octets: bytes, label: str | None, text: str) -> None:
    assert decoded(octets, label) == text


def test_a_page_says_its_charset_where_no_header_does() -> None:
    page = '<meta charset="windows-1251"><p>Привет'.encode("cp1251")
    assert decoded(page, html=True).endswith("Привет")
    assert not decoded(page).endswith("Привет"), "only of a page"
    assert decoded("<meta charset=shift_jis><p>año".encode(), html=True).endswith("año"), "valid UTF-8 is UTF-8"


def test_what_nobody_knows_is_no_charset() -> None:
    assert [charset(label) for label in (None, "", "x-unknown", "zlib", "rot13", "idna", "ñ")] == [None] * 7


LABELS = st.sampled_from(
    (None, "utf-8", "iso-8859-1", "gb2312", "shift_jis", "euc-kr", "big5", "iso-2022-jp", "utf-7", "x")
)


@given(st.binary(max_size=200), LABELS)
def test_any_bytes_are_read(octets: bytes, label: str | None) -> None:
    assert isinstance(decoded(octets, label), str)


@given(st.text(alphabet="áéíóúñÑ¿¡ü€–“”abc .\n", max_size=80), st.sampled_from([b"\xf1", b"\x80", b"\xe9", b"\x93"]))
def test_a_foreign_byte_leaves_every_other_character(text: str, foreign: bytes) -> None:
    octets = text.encode() + b" " + foreign + b" " + text.encode()
    assert decoded(octets, "utf-8") == f"{text} {foreign.decode('cp1252')} {text}"
