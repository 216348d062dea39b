"""An archive is a document where it holds one (by its list of parts), and a program where that holds macros."""

import struct
import zipfile
from collections.abc import Mapping
from io import BytesIO

import pytest

from complaints.mail.archives import ARCHIVE, LONGEST_DIRECTORY, LONGEST_PART, OLD_OFFICE, OPEN_DOCUMENT_MACROS
from complaints.mail.attachments import is_welcome, type_of

OPEN = "application/vnd.openxmlformats-officedocument."
WORD, SHEET = f"{OPEN}wordprocessingml.document", f"{OPEN}spreadsheetml.sheet"
WORD_MACROS = "application/vnd.ms-word.document.macroenabled.12"
ODT = "application/vnd.oasis.opendocument.text"
HEAD = (
    '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n<Types xmlns="http://schemas.openxmlformats.org/package/'
)
RELATIONS = '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'


def parts(main: str, part: str = "/word/document.xml", *, more: str = "") -> str:
    """The list of parts of a document whose main part is of that type."""
    override = f'<Override PartName="{part}" ContentType="{main}"/>'
    return f'{HEAD}2006/content-types">{RELATIONS}{override}{more}</Types>'


def archive(files: dict[str, str | bytes], *, packed: int = zipfile.ZIP_DEFLATED) -> bytes:
    made = BytesIO()
    with zipfile.ZipFile(made, "w", packed) as opened:
        for name, content in files.items():
            opened.writestr(name, content)
    return made.getvalue()


def document(
    main: str = f"{WORD}.main+xml", part: str = "word/document.xml", more: Mapping[str, str | bytes] | None = None
) -> bytes:
    return archive({"[Content_Types].xml": parts(main, f"/{part}"), part: "<w:document/>", **(more or {})})


DOCX = document()
XLSX = document(f"{SHEET}.main+xml", "xl/workbook.xml")
VBA = "application/vnd.ms-word.document.macroEnabled.main+xml"
BASIC = "Basic/Standard/Modulo.xml"


def open_document(*names: str) -> bytes:
    return archive({"mimetype": ODT, "content.xml": "<office/>", **dict.fromkeys(names, "<x/>")})


@pytest.mark.parametrize(
    ("data", "kind"),
    [
        (DOCX, WORD),
        (XLSX, SHEET),
        (document(f"{OPEN}presentationml.presentation.main+xml", "ppt/presentation.xml"),
         f"{OPEN}presentationml.presentation"),
        (archive({"[Content_Types].xml": parts(f"{WORD}.main+xml").encode("utf-16"), "word/document.xml": "x"}), WORD),
        (archive({"[Content_Types].xml": parts(f"{WORD}.main+xml", "/otra/carta.xml"), "otra/carta.xml": "x"}), WORD),
        (open_document(), ODT),
        (open_document("Basic/Standard/script-lb.xml", "Basic/script-lc.xml"), ODT),  # a library with nothing in it
        # whatever its files are called
        (archive({"word/document.xml": "x", "arreglo.exe": b"MZ"}), ARCHIVE),
        (archive({"word/": b"", "xl/": b"", "instalar.bat": b"@echo off"}), ARCHIVE),
        (archive({"[Content_Types].xml": parts(f"{WORD}.main+xml")}), ARCHIVE),  # it names a part that is not there
        (archive({"[Content_Types].xml": "word/document.xml", "word/document.xml": "x"}), ARCHIVE),
        (archive({"mimetype": ODT}), ARCHIVE),
        (archive({"mimetype": "application/epub+zip", "content.xml": "x"}), ARCHIVE),
        (archive({"META-INF/MANIFEST.MF": "Main-Class: A", "A.class": b"\xca\xfe"}), "application/java-archive"),
        (DOCX[:-30], ARCHIVE),  # cut off on its way
        (b"PK\x03\x04" + bytes(200), ARCHIVE),
        # with macros it is a program, whatever it says of itself
        (document(VBA), WORD_MACROS),
        (document(VBA.upper()), WORD_MACROS),
        (document(more={"word/vbaProject.bin": b"\xd0\xcf"}), WORD_MACROS),
        (document(more={"word/VBAPROJECT.BIN": b"\xd0\xcf"}), WORD_MACROS),
        (document(f"{SHEET}.main+xml", "xl/workbook.xml", {"xl/macrosheets/sheet1.xml": "<x/>"}),
         "application/vnd.ms-excel.sheet.macroenabled.12"),
        (open_document(BASIC), OPEN_DOCUMENT_MACROS),
        (open_document("Scripts/python/abrir.py"), OPEN_DOCUMENT_MACROS),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(500) + "_VBA_PROJECT".encode("utf-16-le") + bytes(500),
         "application/x-ole-storage.macroenabled"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(900), OLD_OFFICE),
    ],
)  # fmt: skip
def test_what_an_archive_is(data: bytes, kind: str) -> None:
    assert type_of(data) == kind


def test_documents_are_taken_and_archives_and_programs_are_not() -> None:
    for taken in (DOCX, XLSX, open_document()):
        assert is_welcome(type_of(taken))
    for refused in (
        archive({"word/document.xml": b"MZ"}), document(VBA), document(more={"word/vbaProject.bin": b"x"}),
        open_document(BASIC),
    ):  # fmt: skip
        assert not is_welcome(type_of(refused))


def sealed(data: bytes) -> bytes:
    """The same with the mark of a password at each file, in the directory and before it."""
    marked = bytearray(data)
    for mark, place in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        at = -1
        while (at := data.find(mark, at + 1)) >= 0:
            marked[at + place] |= 1
    return bytes(marked)


def long_directory(files: int) -> bytes:
    """A small archive that says it has so many files."""
    return archive({f"{number:08}": b"" for number in range(files)} | {"[Content_Types].xml": parts(f"{WORD}.main+xml"),
                                                                      "word/document.xml": "x"})  # fmt: skip


def sixty_four(data: bytes) -> bytes:
    """The same with a second end, whose lengths are those of the largest archives (APPNOTE 4.3.14)."""
    end = data.rfind(b"PK\x05\x06")
    huge = struct.pack("<4sQ2H2L4Q", b"PK\x06\x06", 44, 45, 45, 0, 0, 2**40, 2**40, 2**40, 0)
    locator = struct.pack("<4sLQL", b"PK\x06\x07", 0, end, 1)
    return data[:end] + huge + locator + data[end:]


@pytest.mark.parametrize(
    "data",
    [
        document(more={"word/document.xml": "x", "[Content_Types].xml": parts(f"{WORD}.main+xml", more=" " * 900_000)}),
        archive({"[Content_Types].xml": b"\0" * 20_000_000, "word/document.xml": "x"}),
        archive({"[Content_Types].xml": parts(f"{WORD}.main+xml"), "word/document.xml": "x"}, packed=zipfile.ZIP_LZMA),
        archive({"[Content_Types].xml": parts(f"{WORD}.main+xml"), "word/document.xml": "x"}, packed=zipfile.ZIP_BZIP2),
        sealed(DOCX),
        sixty_four(DOCX),
        long_directory(6_000),
        DOCX.replace(b"PK\x01\x02", b"PK\x01\x03"),
    ],
    ids=["long list", "bomb", "lzma", "bzip2", "password", "zip64", "directory", "no directory"],
)
def test_what_would_take_long_or_cannot_be_opened_is_an_archive(data: bytes) -> None:
    assert type_of(data) == ARCHIVE


def test_no_more_is_unpacked_than_such_a_part_may_be() -> None:
    """A document of a school's largest kind is far below both limits."""
    assert type_of(document(more={f"ppt/media/image{number}.png": b"" for number in range(1_500)})) == WORD
    assert 2 * 1_500 * (46 + len("ppt/media/image1234.png")) <= LONGEST_DIRECTORY
    listed = parts(f"{WORD}.main+xml", more=RELATIONS * 1_000)
    assert len(listed) < LONGEST_PART
    assert type_of(archive({"[Content_Types].xml": listed, "word/document.xml": "x"})) == WORD
