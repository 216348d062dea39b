"""What came with a message: each file's own name made safe, its type by its content, its digest, and its bytes."""

import hashlib
import re
import unicodedata
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from email.message import Message
from pathlib import PurePosixPath

from complaints.mail import parts
from complaints.mail.archives import OFFICE_OPEN, OLD_OFFICE, is_program, type_of_archive, type_of_old_office
from complaints.mail.bodies import is_unread, is_words
from complaints.mail.charsets import decoded
from complaints.mail.html_page import Picture
from complaints.rules.given_files import LONGEST_NAME

MOST = 100
"""Attachments that are taken out; the raw message keeps the others too."""

LARGEST_TOGETHER = 50_000_000
"""Bytes of all attachments that are taken out."""

LONGEST_IN_BYTES = 200
"""Bytes of a name as it is saved: file systems take 255, and browsers add to a name that is there already."""

_SIGNATURES: tuple[tuple[int, bytes, str], ...] = (
    (0, b"%PDF-", "application/pdf"),
    (0, b"\x89PNG\r\n\x1a\n", "image/png"),
    (0, b"\xff\xd8\xff", "image/jpeg"),
    (0, b"GIF87a", "image/gif"),
    (0, b"GIF89a", "image/gif"),
    (0, b"II*\x00", "image/tiff"),
    (0, b"MM\x00*", "image/tiff"),
    (8, b"WEBP", "image/webp"),
    (8, b"WAVE", "audio/wav"),
    (8, b"AVI ", "video/x-msvideo"),
    (4, b"ftypheic", "image/heic"),
    (4, b"ftypheix", "image/heic"),
    (4, b"ftypmif1", "image/heif"),
    (4, b"ftypavif", "image/avif"),
    (4, b"ftypM4A", "audio/mp4"),
    (4, b"ftypqt", "video/quicktime"),
    (4, b"ftyp3g", "video/3gpp"),
    (4, b"ftyp", "video/mp4"),
    (0, b"\x1aE\xdf\xa3", "video/webm"),
    (0, b"OggS", "audio/ogg"),
    (0, b"ID3", "audio/mpeg"),
    (0, b"\xff\xfb", "audio/mpeg"),
    (0, b"#!AMR", "audio/amr"),
    (0, b"{\\rtf", "application/rtf"),
    (0, b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", OLD_OFFICE),
    (0, b"Rar!\x1a\x07", "application/vnd.rar"),
    (0, b"7z\xbc\xaf\x27\x1c", "application/x-7z-compressed"),
    (0, b"\x1f\x8b", "application/gzip"),
    (0, b"MZ", "application/vnd.microsoft.portable-executable"),
    (0, b"\x7fELF", "application/x-executable"),
    (0, b"#!", "text/x-shellscript"),
    (0, b"BEGIN:VCALENDAR", "text/calendar"),
    (0, b"BEGIN:VCARD", "text/vcard"),
    (0, b"From ", "application/mbox"),
)
_ENDINGS: dict[str, tuple[str, ...]] = {
    "application/pdf": ("pdf",),
    "application/rtf": ("rtf",),
    "application/zip": ("zip",),
    "audio/amr": ("amr",),
    "audio/mp4": ("m4a", "mp4"),
    "audio/mpeg": ("mp3",),
    "audio/ogg": ("ogg", "oga", "opus", "ogv"),
    "audio/wav": ("wav",),
    "image/avif": ("avif",),
    "image/bmp": ("bmp",),
    "image/gif": ("gif",),
    "image/heic": ("heic",),
    "image/heif": ("heif", "heic"),
    "image/jpeg": ("jpg", "jpeg", "jpe"),
    "image/png": ("png",),
    "image/tiff": ("tif", "tiff", "dng", "nef", "cr2"),
    "image/webp": ("webp",),
    "message/delivery-status": ("txt",),
    "message/disposition-notification": ("txt",),
    "message/rfc822": ("eml",),
    "text/calendar": ("ics",),
    "text/html": ("html", "htm"),
    "text/plain": ("txt", "csv", "log", "md", "dxf", "ifc", "json", "srt", "vtt"),
    "video/mp4": ("mp4", "m4v", "m4a"),
    "video/quicktime": ("mov",),
    "video/webm": ("webm", "mkv"),
    "video/x-msvideo": ("avi",),
}
"""How files of a type may end, their own ending first. Of the other types any ending may be right that runs nothing."""
_SAID_OF_CONTENT = frozenset(ending for endings in _ENDINGS.values() for ending in endings)
_OF_DOCUMENTS: dict[str, tuple[str, ...]] = {
    f"{OFFICE_OPEN}wordprocessingml.document": ("docx",),
    f"{OFFICE_OPEN}wordprocessingml.template": ("dotx",),
    f"{OFFICE_OPEN}spreadsheetml.sheet": ("xlsx",),
    f"{OFFICE_OPEN}spreadsheetml.template": ("xltx",),
    f"{OFFICE_OPEN}presentationml.presentation": ("pptx",),
    f"{OFFICE_OPEN}presentationml.slideshow": ("ppsx",),
    f"{OFFICE_OPEN}presentationml.template": ("potx",),
    "application/vnd.oasis.opendocument.text": ("odt",),
    "application/vnd.oasis.opendocument.spreadsheet": ("ods",),
    "application/vnd.oasis.opendocument.presentation": ("odp",),
    "application/vnd.oasis.opendocument.graphics": ("odg",),
}
"""The same of documents; but what is sealed with a password (a compound file) is called `.docx` too, and may be."""
_OF_PROGRAMS = """
action ade adp apk app appimage application appref-ms asp aspx asx bas bash bat cer chm class cmd cnt com command cpl
crt csh der desktop diagcab dll dmg docm dotm elf exe fxp gadget grp hlp hpj hta htc img inf ins iqy iso isp jar its
jnlp job js jse ksh library-ms lnk mad maf mag mam maq mar mas mat mau mav maw mcf mda mdb mde mdt mdw mdz mht mhtml
msc msh msh1 msh2 mshxml msi msix msp mst msu ocx ops osd pcd php pif pkg pl plg potm ppam ppsm pptm prf prg
printerexport ps1 ps1xml ps2 ps2xml psc1 psc2 psd1 psdm1 pst py pyc pyo pyw pyz rb reg run scf scpt scr sct
searchconnector-ms settingcontent-ms sh shb shs shtml sldm slk svg svgz swf sys theme themepack tmp tool udl url vb vbe
vbp vbs vhd vhdx vsmacros vsw vxd wbk webloc website workflow ws wsc wsf wsh xbap xht xhtml xlam xll xlm xlsm xltm xnk
xsl xslt zsh
"""
_RUNS = frozenset(_OF_PROGRAMS.split())
"""Endings of what a system opens by running it, or by running what is in it; Outlook's list of blocked files, and
more."""
_WELCOME = ("image/", "audio/", "video/", "application/vnd.openxmlformats-", "application/vnd.oasis.opendocument.")
_WELCOME_TYPES = frozenset({"application/pdf", "application/rtf", OLD_OFFICE, "text/plain"})
_NEVER = frozenset({"image/svg+xml"})
"""A picture that may hold a program."""
_OLD_OFFICE = {"doc": "application/msword", "xls": "application/vnd.ms-excel", "ppt": "application/vnd.ms-powerpoint"}
"""Of files whose bytes show only that they are of an old office program: what mail programs know them by."""
_UNWELCOME = re.compile(r'[<>:"/\\|?*]')
_DEVICES = re.compile(r"(con|prn|aux|nul|conin\$|conout\$|(com|lpt)[\d¹²³])\s*(\..*)?", re.IGNORECASE)


@dataclass(frozen=True)
class Attachment:
    """One file. Its bytes go to the records by digest, never into a workflow's history."""

    name: str
    """Safe to show and to save: one line, no folder, no device, no character that reorders what is read."""
    type: str
    """By its content, whatever the message calls it."""
    declared: str
    """What the message calls it."""
    size: int
    """Bytes."""
    digest: str
    """SHA-256 in hex."""
    data: bytes = field(repr=False)
    unread: bool = False
    """It may hold words of the writer (S/MIME, winmail.dat), and nobody could take them out."""


def attachments_of(message: "Message[str, str]", *, pictures: Iterable[Picture] = ()) -> tuple[Attachment, ...]:
    """What came with the message, in order, then the `pictures` in its words; up to the limits. Never raises."""
    taken: list[Attachment] = []
    together = 0
    for name, declared, data, unread in _files_of(message, pictures):
        together += len(data)
        if len(taken) == MOST or together > LARGEST_TOGETHER:
            break
        kind = type_of(data, declared=declared)
        taken.append(
            Attachment(
                name=safe_name(name, kind=kind, place=len(taken) + 1),
                type=kind,
                declared=declared[:100],
                size=len(data),
                digest=hashlib.sha256(data).hexdigest(),
                data=data,
                unread=unread,
            )
        )
    return tuple(taken)


def _files_of(message: "Message[str, str]", pictures: Iterable[Picture]) -> Iterator[tuple[str, str, bytes, bool]]:
    """Name, what it is called, its bytes, and whether it may hold words that nobody could read."""
    leaves = [part for part in parts.leaves(message) if not (part is message and part.get_content_maintype() == "text")]
    sealed = message.get_content_type() == "multipart/encrypted"
    charset = next((found for part in parts.leaves(message) if (found := part.get_content_charset())), None)
    for part in leaves:
        if not is_words(part):
            yield file_name(part, charset=charset), part.get_content_type(), _data(part), sealed or is_unread(part)
    for picture in pictures:
        yield picture.name, picture.type, picture.data, False


def type_of(data: bytes, *, declared: str = "") -> str:
    """The media type that the bytes show; `application/octet-stream` where they show none."""
    if declared.startswith("message/"):
        return declared
    if data.startswith(b"PK\x03\x04"):
        return type_of_archive(data)
    if data.startswith(b"BM") and data[6:10] == bytes(4):  # of a text that begins so the reserved bytes are letters
        return "image/bmp"
    for offset, mark, kind in _SIGNATURES:
        if data.startswith(mark, offset):
            return type_of_old_office(data) if kind == OLD_OFFICE else kind
    start = data[:2_000]
    if b"\x00" in start:
        return "application/octet-stream"
    if re.match(rb"\s*(?:<!doctype html|<html|<head|<body|<script)", start, re.IGNORECASE):
        return "text/html"
    if re.match(rb"\s*(?:<\?xml|<svg)", start, re.IGNORECASE):
        return "image/svg+xml" if b"<svg" in start else "application/xml"
    return "text/plain" if _is_text(start) else "application/octet-stream"


def is_welcome(kind: str) -> bool:
    """Whether files of this type, by content, are taken from whoever chooses one in a form, and sent with letters.

    A document with macros is none: it is a program.
    """
    return kind not in _NEVER and not is_program(kind) and (kind.startswith(_WELCOME) or kind in _WELCOME_TYPES)


def mail_type(kind: str, name: str) -> str:
    """The media type under which a file of that type and name goes with a letter."""
    ending = name.rpartition(".")[2].lower()
    return _OLD_OFFICE.get(ending, "application/octet-stream") if kind == OLD_OFFICE else kind


def safe_name(name: str, *, kind: str, place: int) -> str:
    """`name` without folders, controls and traps; one by its place where nothing is left."""
    base = unicodedata.normalize("NFC", name).replace("\\", "/")
    base = PurePosixPath(base).name if base.strip("/") else ""
    kept = "".join(c for c in base if unicodedata.category(c) not in {"Cc", "Cf", "Cs", "Zl", "Zp", "Co", "Cn"})
    kept = _UNWELCOME.sub("_", " ".join(kept.split())).strip(". ")
    if _DEVICES.fullmatch(kept):
        kept = f"_{kept}"
    _, dot, ending = kept.rpartition(".")
    tail = f".{ending}" if dot and len(ending) <= 10 else ""
    kept = (_cut(kept.removesuffix(tail), beside=tail) + tail).strip(". ")
    return kept or f"{place}.{_endings(kind, ('bin',))[0]}"


def _cut(stem: str, *, beside: str) -> str:
    """As much of a name as fits beside its ending, in characters and, as file systems count, in bytes."""
    fits = stem[: LONGEST_NAME - len(beside)].encode(errors="ignore")[: LONGEST_IN_BYTES - len(beside.encode())]
    return fits.decode(errors="ignore")


def name_in_mail(name: str, *, kind: str, place: int) -> str:
    """`safe_name`, with the ending of its content: what we hand on is called what it is."""
    safe = safe_name(name, kind=kind, place=place)
    return safe_name(with_own_ending(safe, kind), kind=kind, place=place)  # so much longer it may have become


def with_own_ending(name: str, kind: str) -> str:
    """The name to save a file under: its ending is its content's, whatever the sender called it.

    `boleta.pdf` that holds a picture is `boleta.pdf.png`; one that holds a program is `boleta.pdf.bin`.
    """
    said, own = PurePosixPath(name.rstrip(". ")).suffix.lower().removeprefix("."), _endings(kind)
    if is_program(kind):
        return name if said == "bin" else f"{name}.bin"
    if not own:
        return f"{name}.bin" if said in _SAID_OF_CONTENT | _RUNS else name
    return name if said in own else f"{name}.{own[0]}"


def _endings(kind: str, otherwise: tuple[str, ...] = ()) -> tuple[str, ...]:
    return _ENDINGS.get(kind) or _OF_DOCUMENTS.get(kind, otherwise)


def _is_text(start: bytes) -> bool:
    # The last character may be cut in two.
    text = start.decode("utf-8", "ignore")
    lost = len(start) - len(text.encode())
    controls = sum(c < " " and c not in "\n\r\t\x0c" for c in text)
    return controls * 50 <= len(text) and (lost <= 3 or start.isascii() or (controls == 0 and lost * 10 < len(start)))


def file_name(part: "Message[str, str]", *, charset: str | None = None) -> str:
    """What the message calls the file; empty where it has no name. Raw octets are read as those of a header are.

    `charset` is what the message says of its words: some programs write names in it without any label.
    """
    for header, parameter in (("Content-Disposition", "filename"), ("Content-Type", "name")):
        value = parts.raw_header(part, header, charset=charset)
        if not value:
            continue
        said: Message[str, str] = Message()
        said[header] = value
        found = _parameter(said, header, parameter)
        name = _extended(found) if isinstance(found, tuple) else str(found)
        if name := (parts.words_decoded(name) if "=?" in name else name).strip():
            return name
    return ""


def _parameter(said: "Message[str, str]", header: str, name: str) -> str | tuple[str | None, str | None, str]:
    try:
        return said.get_param(name, "", header)
    except Exception:  # parameters that Python's parser does not take
        return ""


def _extended(value: tuple[str | None, str | None, str]) -> str:
    """A value that says its charset (RFC 2231), or that a program continued over several parameters."""
    charset, _, text = value
    try:
        return decoded(text.encode("latin-1"), charset or None)
    except UnicodeEncodeError:  # it holds letters already
        return text


def _data(part: "Message[str, str]") -> bytes:
    if part.get_content_maintype() != "message" and not part.is_multipart():
        return parts.octets(part)
    inner = part.get_payload()
    try:
        return b"\n".join(one.as_bytes() for one in inner if isinstance(one, Message))
    except Exception:  # a broken message inside this one; the raw message keeps it as it came
        return b""
