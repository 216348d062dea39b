"""Bytes as the characters that were meant: labels as the WHATWG Encoding standard reads them, and no byte lost.

A label lies often, and one foreign byte (an antivirus' footer, a pasted name) must not garble what stands around it:
what the charset can read is read by it, the rest as Windows' Latin, in which every byte is a character.
"""

import codecs
import re
from functools import cache

import webencodings

LATIN = "windows-1252"
"""The charset of last resort, and what `iso-8859-1` and `us-ascii` mean in mail as on the web."""

_FOREIGN = "complaints.foreign"
"""The name under which Python's codecs know how a byte that is none of theirs is read."""

_NO_TEXT = frozenset(
    {"base64", "bz2", "hex", "idna", "mbcs", "oem", "punycode", "quopri", "raw-unicode-escape", "rot-13", "undefined"}
    | {"unicode-escape", "uu", "zlib"}
)
"""Python's codecs that are no charset of a text."""

_JAPANESE = ("iso2022_jp", "iso2022_jp_ext", "iso2022_jp_3", "iso2022_jp_2004")
"""Each with characters that the one before lacks; all with the same escapes."""

_OF_TWO_BYTES = frozenset({"big5hkscs", "cp932", "cp949", "euc_jp", "euc-jp", "gb18030", *_JAPANESE})
"""Charsets whose characters take two bytes or more."""

_PYTHON = {LATIN: LATIN, "utf-8": "utf-8", "gbk": "gb18030", "iso-2022-jp": _JAPANESE[0]}
"""Where Python's name is another: the standard's GBK decoder is that of GB18030."""

_SHIFTS = re.compile(rb"\x1b(?:\$[@B]|\([IJ])")
"""How ISO-2022-JP changes its alphabet: in no other text."""

_SEQUENCE = re.compile(rb"[\xc2-\xdf][\x80-\xbf]|[\xe0-\xef][\x80-\xbf]{2}|[\xf0-\xf4][\x80-\xbf]{3}")
_LATIN_AS_UTF8 = re.compile(
    rb"\xc3[\x80-\xbf]|\xc2[\xa1\xaa\xab\xb0\xb4\xb7\xba\xbb\xbf]|\xe2\x82\xac|\xe2\x80[\x93\x94\x98\x99\x9c\x9d\xa6]"
)
"""In Windows' Latin `Ã` or `Â` before a sign: no word has that."""

_OF_SPANISH = frozenset("áéíóúñüÁÉÍÓÚÑÜ¿¡ºª°€“”‘’–—…´«»·\u00a0")
_HIGH = re.compile(rb"[\x80-\xff]")
_META = re.compile(rb"<meta[^>]{0,300}?charset\s*=\s*[\"']?\s*([a-z0-9_:.-]{2,40})", re.IGNORECASE)
_MARKS = ((codecs.BOM_UTF8, "utf-8"), (codecs.BOM_UTF16_LE, "utf-16-le"), (codecs.BOM_UTF16_BE, "utf-16-be"))

DECLARED_WITHIN = 4_000
"""Bytes of an HTML page in which it may say its own charset."""


def decoded(octets: bytes, label: str | None = None, *, html: bool = False) -> str:
    """`octets` as text, by `label` as far as it is true. Never raises, and never loses a byte.

    A byte order mark counts before the label. Without a label, or with one that nobody knows, it is UTF-8; `html`
    lets the page say what it is where it is not valid UTF-8.
    """
    for mark, encoding in _MARKS:
        if octets.startswith(mark):
            return _read(octets[len(mark) :], encoding)
    if octets.isascii():
        return _ascii(octets, label)
    name = charset(label)
    if name in {None, LATIN, "utf-8"}:
        return _latin_or_utf8(octets, name, html=html)
    assert name is not None
    if name.startswith("utf-16"):
        return _read(octets, _byte_order(octets, name))
    # Two bytes of a Chinese word may well be UTF-8; letters of one byte each hardly ever are, whole texts long.
    if name in _OF_TWO_BYTES and (latin := _as_latin_utf8(octets)) is not None:
        return latin
    for codec in (name, "utf-8") if name in _OF_TWO_BYTES else ("utf-8",):
        try:
            return octets.decode(codec)
        except UnicodeError:
            continue
    return _read(octets, name)


@cache
def charset(label: str | None) -> str | None:
    """Python's name for what a label means; None where it is missing, or nobody knows it."""
    plain = (label or "").strip().strip("\"';").strip().lower()
    plain = re.sub(r"^(?:cp|windows)-?(?=\d)", lambda found: "windows-" if found[0][0] == "w" else "cp", plain)
    if not plain.isascii() or len(plain) > 60:
        return None
    known = webencodings.lookup(plain) if plain else None
    if known is not None and known.name != "replacement":
        return _PYTHON.get(known.name, str(known.codec_info.name))
    try:
        found = codecs.lookup(plain)
    except (LookupError, ValueError, UnicodeError):
        return None
    # `_is_text_encoding` tells base64 and its like; the others are escapes of Python's own.
    return None if found.name.replace("_", "-") in _NO_TEXT or not found._is_text_encoding else found.name


def _ascii(octets: bytes, label: str | None) -> str:
    """Seven bits may hide an alphabet behind escapes: Japanese also unlabelled, UTF-7 and HZ only by their label."""
    if b"\x1b" in octets and _SHIFTS.search(octets):
        return _as_japanese(octets)
    name = charset(label)
    if name in {"utf-7", "hz", "iso2022_kr"} or (name or "").startswith("utf-16"):
        return _read(octets, name or "ascii")
    return octets.decode("ascii")


def _as_japanese(octets: bytes) -> str:
    for name in _JAPANESE:
        try:
            return octets.decode(name)
        except UnicodeDecodeError:
            continue
    return _read(octets, _JAPANESE[-1])


def _latin_or_utf8(octets: bytes, name: str | None, *, html: bool) -> str:
    """Either is often called the other. Valid UTF-8 is never Latin by chance; of a mixture the commoner one counts."""
    try:
        return _once(octets.decode("utf-8"))
    except UnicodeDecodeError:
        pass
    said = _META.search(octets[:DECLARED_WITHIN]) if html and name is None else None
    own = charset(said[1].decode("ascii")) if said else None
    if own and own != "utf-8" and not own.startswith("utf-16"):
        return _read(octets, own)
    sequences = sum(len(one) for one in _SEQUENCE.findall(octets))
    alone = len(_HIGH.findall(octets)) - sequences
    evident = sum(len(one) for one in _LATIN_AS_UTF8.findall(octets))
    if name == LATIN and sequences - evident <= alone:
        return _read(_LATIN_AS_UTF8.sub(_one_latin, octets), LATIN)
    return _read(octets, "utf-8")


def _once(text: str) -> str:
    """What was encoded twice, decoded twice: `SeÃ±ores` is nobody's word."""
    if "Ã" not in text and "Â" not in text:
        return text
    try:
        return text.encode("cp1252").decode("utf-8")
    except UnicodeError:
        return text


def _one_latin(found: "re.Match[bytes]") -> bytes:
    return found[0].decode("utf-8").encode("cp1252", "replace")


def _as_latin_utf8(octets: bytes) -> str | None:
    """The text if it is UTF-8 with no other letters than Spanish has: a charset of China's reads any of it, too."""
    try:
        text = octets.decode("utf-8")
    except UnicodeDecodeError:
        return None
    return text if all(sign.isascii() or sign in _OF_SPANISH for sign in set(text)) else None


def _byte_order(octets: bytes, name: str) -> str:
    """Without a mark the label's order counts, unless the zeros of Latin letters stand in the other places."""
    even, odd = octets[:400:2].count(0), octets[1:400:2].count(0)
    if even != odd:
        return "utf-16-be" if even > odd else "utf-16-le"
    return "utf-16-be" if "be" in name else "utf-16-le"


def _read(octets: bytes, name: str) -> str:
    try:
        return octets.decode(name, _FOREIGN)
    except (LookupError, UnicodeError):
        return octets.decode("cp1252", _FOREIGN)


def _foreign(error: UnicodeError) -> tuple[str, int]:
    """A byte that the codec does not know, as Windows' Latin has it; its five holes as the standard fills them."""
    if not isinstance(error, UnicodeDecodeError):
        raise error
    octets = error.object[error.start : max(error.end, error.start + 1)]
    return "".join(_latin_letter(one) for one in octets), error.start + len(octets)


def _latin_letter(octet: int) -> str:
    return chr(octet) if octet in {0x81, 0x8D, 0x8F, 0x90, 0x9D} else bytes([octet]).decode("cp1252")


codecs.register_error(_FOREIGN, _foreign)
