"""What a ZIP archive is: a document of an office program only where it holds one, whatever its files are called.

Judged as such a program would: by the list of parts (ISO/IEC 29500-2 §10.1.2, `[Content_Types].xml`) or the `mimetype`
of OpenDocument (1.3, part 2, §3.3). Nothing but that one part is unpacked, and no more of it than such a part may be.
"""

import re
import zlib
from collections.abc import Callable, Iterator
from io import BytesIO
from zipfile import ZIP_DEFLATED, ZIP_STORED, BadZipFile, ZipFile

ARCHIVE = "application/zip"
"""Of which nobody knows what it is, or that does not open."""

LONGEST_DIRECTORY = 300_000
"""Bytes of an archive's directory: thousands of files, more than a document has. A longer one is not read."""

LONGEST_PART = 300_000
"""Bytes of the one part that is unpacked."""

OFFICE_OPEN = "application/vnd.openxmlformats-officedocument."
_PARTS = "[Content_Types].xml"
_MAIN: dict[str, str] = {
    f"{OFFICE_OPEN}wordprocessingml.document.main+xml": f"{OFFICE_OPEN}wordprocessingml.document",
    f"{OFFICE_OPEN}wordprocessingml.template.main+xml": f"{OFFICE_OPEN}wordprocessingml.template",
    f"{OFFICE_OPEN}spreadsheetml.sheet.main+xml": f"{OFFICE_OPEN}spreadsheetml.sheet",
    f"{OFFICE_OPEN}spreadsheetml.template.main+xml": f"{OFFICE_OPEN}spreadsheetml.template",
    f"{OFFICE_OPEN}presentationml.presentation.main+xml": f"{OFFICE_OPEN}presentationml.presentation",
    f"{OFFICE_OPEN}presentationml.slideshow.main+xml": f"{OFFICE_OPEN}presentationml.slideshow",
    f"{OFFICE_OPEN}presentationml.template.main+xml": f"{OFFICE_OPEN}presentationml.template",
    "application/vnd.ms-word.document.macroenabled.main+xml": "application/vnd.ms-word.document.macroenabled.12",
    "application/vnd.ms-word.template.macroenabledtemplate.main+xml":
        "application/vnd.ms-word.template.macroenabled.12",
    "application/vnd.ms-excel.sheet.macroenabled.main+xml": "application/vnd.ms-excel.sheet.macroenabled.12",
    "application/vnd.ms-excel.template.macroenabled.main+xml": "application/vnd.ms-excel.template.macroenabled.12",
    "application/vnd.ms-excel.addin.macroenabled.main+xml": "application/vnd.ms-excel.addin.macroenabled.12",
    "application/vnd.ms-excel.sheet.binary.macroenabled.main": "application/vnd.ms-excel.sheet.binary.macroenabled.12",
    "application/vnd.ms-powerpoint.presentation.macroenabled.main+xml":
        "application/vnd.ms-powerpoint.presentation.macroenabled.12",
    "application/vnd.ms-powerpoint.slideshow.macroenabled.main+xml":
        "application/vnd.ms-powerpoint.slideshow.macroenabled.12",
    "application/vnd.ms-powerpoint.template.macroenabled.main+xml":
        "application/vnd.ms-powerpoint.template.macroenabled.12",
}  # fmt: skip
"""The type of a document by that of its main part, in small letters."""

_WITH_MACROS = {
    "word": "application/vnd.ms-word.document.macroenabled.12",
    "spre": "application/vnd.ms-excel.sheet.macroenabled.12",
    "pres": "application/vnd.ms-powerpoint.presentation.macroenabled.12",
}
"""What a document that says it has none is all the same where it holds a program, by the beginning of its kind."""

_OLD_PROGRAM = "_VBA_PROJECT".encode("utf-16-le")
"""The name of the stream that old office programs keep a program in, as a compound file lists it ([MS-OVBA] §2.2)."""

OLD_OFFICE = "application/x-ole-storage"
OLD_OFFICE_MACROS = "application/x-ole-storage.macroenabled"

_OPEN_DOCUMENT = "application/vnd.oasis.opendocument."
OPEN_DOCUMENT_MACROS = f"{_OPEN_DOCUMENT}macroenabled"
"""An OpenDocument file that holds a program. No type of the standard: that has none of its own for it."""

_OVERRIDE = re.compile(r"<(?:\w+:)?Override\b[^>]{0,2000}>")
_ATTRIBUTE = re.compile(r"""\b(PartName|ContentType)\s*=\s*["']([^"']{1,500})["']""")
_PROGRAM = re.compile(r"(.*/)?(vba(project|data)[^/]*\.(bin|xml)|macrosheets/.+)", re.IGNORECASE)
_BASIC = re.compile(r"Basic/(?!.*(?:script-l[bc]|dialog-l[bc])\.xml$)[^/]+/[^/]+\.xml|Scripts/.*[^/]")
_BROKEN = (
    BadZipFile, zlib.error, NotImplementedError, RuntimeError, EOFError, OSError, LookupError, ValueError,
    ArithmeticError,
)  # fmt: skip
"""What `zipfile` raises for what is none, is cut off, sealed with a password, or packed by a way that few know."""


class _TooLong(ValueError):
    """More than is read of an archive in one piece."""


class _InPieces(BytesIO):
    """An archive of which nobody reads more than a directory at once, whatever length it says that it has."""

    def read(self, size: int | None = -1, /) -> bytes:
        """So many bytes. Raises _TooLong."""
        left = max(self.getbuffer().nbytes - self.tell(), 0)
        wanted = left if size is None or size < 0 else min(size, left)
        if wanted > LONGEST_DIRECTORY:
            raise _TooLong
        return super().read(wanted)


def type_of_archive(data: bytes) -> str:
    """The media type of a ZIP archive: of the document that it is, or `application/zip`. Never raises."""
    try:
        with ZipFile(_InPieces(data)) as archive:
            names = set(archive.namelist())
            looks: tuple[Callable[[ZipFile, set[str]], str | None], ...] = (_office, _open_document)
            found = next((kind for look in looks if (kind := look(archive, names)) is not None), None)
    except _BROKEN:
        return ARCHIVE
    return found or ("application/java-archive" if "META-INF/MANIFEST.MF" in names else ARCHIVE)


def type_of_old_office(data: bytes) -> str:
    """The media type of a compound file of an old office program, which has none of its own that tells of macros."""
    return OLD_OFFICE_MACROS if _OLD_PROGRAM in data else OLD_OFFICE


def is_program(kind: str) -> bool:
    """Whether that is a document with macros: a program in the clothes of a letter."""
    return "macroenabled" in kind


def _office(archive: ZipFile, names: set[str]) -> str | None:
    if _PARTS not in names:
        return None
    for part, of_part in _parts(_as_text(_unpacked(archive, _PARTS))):
        kind = _MAIN.get(of_part.lower())
        if kind is not None and part.lstrip("/") in names:
            holds_program = not is_program(kind) and any(_PROGRAM.fullmatch(name) for name in names)
            return _WITH_MACROS[kind.removeprefix(OFFICE_OPEN)[:4]] if holds_program else kind
    return None


def _parts(listed: str) -> Iterator[tuple[str, str]]:
    """Each part that is named one by one, and its type."""
    for override in _OVERRIDE.findall(listed):
        said = dict(_ATTRIBUTE.findall(override))
        if len(said) == 2:
            yield said["PartName"], said["ContentType"]


def _open_document(archive: ZipFile, names: set[str]) -> str | None:
    if "mimetype" not in names or "content.xml" not in names:
        return None
    kind = _as_text(_unpacked(archive, "mimetype")).strip()
    if not re.fullmatch(re.escape(_OPEN_DOCUMENT) + r"[a-z-]{1,40}", kind):
        return None
    return OPEN_DOCUMENT_MACROS if any(_BASIC.fullmatch(name) for name in names) else kind


def _unpacked(archive: ZipFile, name: str) -> bytes:
    """The part, where it is no longer than such a part may be. Raises what is `_BROKEN`."""
    info = archive.getinfo(name)
    if info.compress_type not in (ZIP_STORED, ZIP_DEFLATED):  # others may ask for any amount of memory
        raise NotImplementedError
    with archive.open(info) as part:
        read = part.read(LONGEST_PART + 1)
    if len(read) > LONGEST_PART:
        raise _TooLong
    return read


def _as_text(part: bytes) -> str:
    """XML in one of the two encodings that a list of parts may have."""
    return part.decode("utf-16" if part[:2] in (b"\xff\xfe", b"\xfe\xff") else "utf-8-sig", errors="replace")
