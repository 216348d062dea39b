"""Mail whose labels lie and whose structure broke on the way: every word and every file of it is read, or named."""

import base64
import binascii

import pytest

from tests.mail_made import html, mail, of_parts, part, reading

WORDS = "Señores: pagué 300 y nadie responde.\nPido la devolución."
PLAIN = "text/plain; charset={}"
PHOTO = b"\x89PNG\r\n\x1a\n" + bytes(range(256)) * 40
IN_BASE64 = base64.b64encode(PHOTO).decode()
IN_LINES = "\n".join(IN_BASE64[at : at + 76] for at in range(0, len(IN_BASE64), 76))
IN_UUENCODE = b"".join(binascii.b2a_uu(PHOTO[at : at + 45]) for at in range(0, len(PHOTO), 45))


@pytest.mark.parametrize(
    ("label", "true"),
    [
        *(("gb2312", "utf-8"), ("big5", "utf-8"), ("iso-2022-jp", "utf-8"), ("windows-1250", "utf-8")),
        *(("cp-850", "cp850"), ("windows1252", "cp1252"), ("utf-8;", "utf-8"), ("cp1252", "utf-8")),
    ],
)
def test_a_label_that_lies_or_is_misspelt(label: str, true: str) -> None:
    assert reading(mail(WORDS.encode(true), kind=PLAIN.format(label))).text == WORDS


def test_what_was_encoded_twice_is_decoded_twice() -> None:
    assert reading(mail(WORDS.encode().decode("cp1252").encode())).text == WORDS
    assert reading(mail("São João, Ângela Âncora y SeÃ±or ñ")).text == "São João, Ângela Âncora y SeÃ±or ñ"


def test_a_foreign_line_of_utf8_in_a_latin_text_is_read_as_such() -> None:
    octets = f"{WORDS}\nMENÚ “CAFÉ”\n".encode("cp1252") + "Escribió mi niño".encode()
    assert reading(mail(octets, kind=PLAIN.format("iso-8859-1"))).text == f"{WORDS}\nMENÚ “CAFÉ”\nEscribió mi niño"


@pytest.mark.parametrize(
    ("encoding", "octets", "kept"),
    [
        ("base64", base64.b64encode(WORDS.encode())[:-3], WORDS[:-2]),  # its end is missing
        ("base64", WORDS.encode(), WORDS),  # and is none
        ("base64", base64.b64encode(WORDS.encode()) + b"\n\n-- \nLista\n", WORDS),
        ("8bit", "Señores: pagu=C3=A9 300".encode("ascii", "ignore"), "Seores: pagué 300"),
        ("7bit", b"Se=C3=B1ores: pagu=C3=A9 300=\n soles", "Señores: pagué 300 soles"),
    ],
)
def test_a_transfer_encoding_that_lies_or_broke_off(encoding: str, octets: bytes, kept: str) -> None:
    assert reading(mail(octets, {"Content-Transfer-Encoding": encoding})).text == kept


@pytest.mark.parametrize("written", [IN_LINES, IN_BASE64, f"data:image/png;base64,{IN_BASE64}"])
def test_a_file_that_lost_its_part_is_a_file(written: str) -> None:
    found = reading(mail(f"{WORDS}\n\n{written}\n\nGracias."))
    assert found.text == f"{WORDS}\n\nGracias."
    assert [file.size for file in found.attachments] == [len(PHOTO)]


def test_what_is_uuencoded_in_the_text_is_a_file_with_its_name() -> None:
    found = reading(mail(WORDS.encode() + b"\n\nbegin 644 mi foto.png\n" + IN_UUENCODE + b"`\nend\n\nGracias."))
    assert found.text == f"{WORDS}\n\nGracias."
    assert [(file.name, file.size) for file in found.attachments] == [("mi foto.png", len(PHOTO))]


@pytest.mark.parametrize("told", ["begin 644 mi foto.png\nesto no es nada\nend", "Código ABCDEFGHIJ" * 9])
def test_words_that_only_look_like_a_file_are_words(told: str) -> None:
    assert reading(mail(told)).text == told


@pytest.mark.parametrize(
    "source", ["data:image/png;base64,{}", "data:image/png;base64, {}", "DATA:IMAGE/PNG;BASE64,{}"]
)
def test_a_picture_of_the_page_is_kept_where_the_plain_branch_is_read(source: str) -> None:
    page = html(f"<p>{WORDS}</p><img src='{source.format(IN_BASE64)}'>")
    found = reading(of_parts("alternative", part(WORDS), page))
    assert found.text == WORDS
    assert [file.size for file in found.attachments] == [len(PHOTO)]


@pytest.mark.parametrize(
    "before", [b"\xef\xbb\xbf", b"\n", b"\r\n", b"From ana@correo.example Mon Aug  3 10:15:22 2026\n"]
)
def test_what_stands_before_the_first_header_hides_none(before: bytes) -> None:
    found = reading(before + mail(WORDS))
    assert (found.from_address, found.subject, found.text) == ("rosa.quispe@correo.example", "Reclamo", WORDS)


def test_more_files_than_are_named_are_counted() -> None:
    alone = reading(of_parts("mixed", *(part(b"%PDF-1.7", f'application/pdf; name="{at}.pdf"') for at in range(23))))
    assert alone.text.endswith("[adjunto: 19.pdf]\n[3 adjuntos más]")
