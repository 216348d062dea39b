"""What is small and becomes large: sealed parts are opened up to one measure for the whole message, and said to be
unread beyond it."""

import struct
import zlib

import pytest
from asn1crypto import cms
from compressed_rtf import compress

from complaints.mail import sealed
from tests.mail.test_all_parts import (
    BODY,
    CODEPAGE,
    ENTITY,
    FILE,
    PLAIN,
    RTF,
    VERSION,
    WORDS,
    mapi,
    outlook,
    smime,
    tnef,
)
from tests.mail_made import of_parts, part, reading

UNREAD = "[adjunto: smime.p7m, no se pudo leer]"


def compressed(content: bytes, level: int = 9) -> bytes:
    """CMS compressed-data (RFC 3274) as openssl makes it."""
    data = cms.CompressedData(
        {
            "version": "v0",
            "compression_algorithm": {"algorithm": "zlib"},
            "encap_content_info": {"content_type": "data", "content": zlib.compress(content, level)},
        }
    )
    return bytes(cms.ContentInfo({"content_type": "compressed_data", "content": data}).dump())


def pressed(content: bytes) -> bytes:
    return smime(compressed(content), "application/pkcs7-mime; smime-type=compressed-data")


def test_what_is_compressed_is_read() -> None:
    assert reading(of_parts("mixed", pressed(ENTITY))).text == WORDS
    assert reading(of_parts("mixed", pressed(smime(compressed(ENTITY))))).text == WORDS


def test_compressed_parts_come_to_one_measure_together(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sealed, "LARGEST", 3 * len(ENTITY))
    assert reading(of_parts("mixed", PLAIN, *[pressed(ENTITY)] * 3)).text.count(UNREAD) == 0
    assert reading(of_parts("mixed", PLAIN, *[pressed(ENTITY)] * 9)).text.count(UNREAD) == 6
    nested = ENTITY
    for _ in range(3):
        nested = pressed(nested)
    deep = reading(of_parts("mixed", PLAIN, nested))
    assert deep.text.endswith("no se pudo leer]")


def test_what_is_beyond_the_measure_is_never_there_and_nothing_of_it_is_cut() -> None:
    """Cut in its midst it would say what its sender did not: it stays a file."""
    der = compressed(ENTITY + bytes(sealed.LARGEST), level=1)
    assert len(der) < 200_000
    found = reading(of_parts("mixed", PLAIN, *[smime(der, "application/pkcs7-mime")] * 10))
    assert found.text.count(UNREAD) == 10
    assert sum(one.size for one in found.attachments) == 10 * len(der)


def test_packed_rtf_is_unpacked_up_to_one_measure(monkeypatch: pytest.MonkeyPatch) -> None:
    packed = compress(RTF)
    of_rtf = outlook(tnef(VERSION, CODEPAGE, mapi((0x102, 0x1009, packed))))
    monkeypatch.setattr(sealed, "LONGEST_RTF", 2 * len(packed))
    assert "winmail.dat" not in reading(of_parts("mixed", part(""), of_rtf, of_rtf)).text
    three = reading(of_parts("mixed", part(""), of_rtf, of_rtf, of_rtf))
    assert three.text.count("[adjunto: winmail.dat, no se pudo leer]") == 1


def test_what_would_be_unpacked_for_minutes_stays_a_file_with_what_hangs_on_it() -> None:
    control, longest = b"\xff", struct.pack(">H", 0x00F)
    tokens = (control + longest * 8) * 60_000
    head = struct.pack("<II4sI", len(tokens) + 12, 8 * len(tokens), b"LZFu", 0)
    bomb = mapi((0x102, 0x1009, head + tokens))
    found = reading(of_parts("mixed", part(""), outlook(tnef(VERSION, CODEPAGE, bomb, FILE))))
    assert found.text == "[adjunto: winmail.dat, no se pudo leer]"
    told_besides = reading(of_parts("mixed", part(""), outlook(tnef(VERSION, CODEPAGE, BODY, bomb, FILE))))
    assert (told_besides.text, [one.name for one in told_besides.attachments]) == (WORDS, ["boleta.pdf"])
