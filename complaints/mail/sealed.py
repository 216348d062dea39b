"""What a message holds inside one of its parts: opaque S/MIME, and Outlook's winmail.dat; taken out in its place.

Nothing is verified here and nothing decrypted: signed-data holds the words in the clear (RFC 5652 §5), and what the
school does with them does not hang on a signature. What cannot be opened stays a file, and is said to be unread.
"""

import logging
import re
import zlib
from collections.abc import Iterator
from email import message_from_bytes
from email.message import Message
from email.policy import compat32

from asn1crypto import cms
from compressed_rtf import decompress
from striprtf.striprtf import rtf_to_text
from tnefparse import TNEF
from tnefparse.tnef import TNEFAttachment

from complaints.mail.charsets import decoded

LARGEST = 30_000_000
"""Bytes of a sealed part that is opened; and of all that the compressed ones of a message may come to."""

MOST_COPIED = 3_000_000_000
"""Bytes that the TNEF reader may copy of a message: it copies the rest of the file for each of its attributes."""

LONGEST_RTF = 500_000
"""Bytes of packed RTF that are read of a message: it is unpacked octet by octet, to eight times as many."""

DEEPEST = 3
"""Seals within seals that are opened."""

_SMIME = frozenset({"application/pkcs7-mime", "application/x-pkcs7-mime"})
_TNEF = frozenset({"application/ms-tnef", "application/vnd.ms-tnef"})
_OF_THE_SEAL = ("Content-Type", "Content-Transfer-Encoding", "Content-Disposition", "Content-Description")
_ENTITY = re.compile(rb"(?:[!-9;-~]+:[^\n]*\r?\n(?:[ \t][^\n]*\r?\n)*)*?content-[a-z-]+[ \t]*:", re.IGNORECASE)
_FIRST = 6
"""Octets of a TNEF stream before its first attribute: signature and key."""

_WINDOWS_LATIN = bytes.fromhex("01 07 90 06 00 08 00 00 00 e4 04 00 00 00 00 00 00 e8 00")
"""The attribute attOemCodepage, 1252, for a stream that forgot to say it (MS-OXTNEF 2.1.3.3)."""

logging.getLogger("tnefparse").setLevel(logging.CRITICAL)  # what is broken is said to be unread, to people


def is_sealed(part: "Message[str, str]") -> bool:
    """Whether the part holds words or files that this file could not take out, or did not yet."""
    return _is_smime(part) or _is_tnef(part)


class Opener:
    """Opens the seals of one message, and knows what that may still cost: two hundred small ones may be a large one.

    What would be beyond it stays a file, and is said to be unread.
    """

    def __init__(self) -> None:
        self._to_inflate = LARGEST
        self._to_copy = MOST_COPIED
        self._to_unpack = LONGEST_RTF

    def opened(self, part: "Message[str, str]", octets: bytes) -> bool:
        """Puts what the sealed `part` holds (`octets`) in its place; False, and nothing done, where it cannot be."""
        if not octets or len(octets) > LARGEST:
            return False
        try:
            inner = [self._signed(octets)] if _is_smime(part) else list(self._of_outlook(octets))
        except Exception:  # whatever a broken seal makes the libraries raise: it is a file, said to be unread
            return False
        if not any(inner):
            return False
        for name in _OF_THE_SEAL:
            del part[name]
        part["Content-Type"] = "multipart/mixed"
        part.set_payload([one for one in inner if one is not None])
        return True

    def _signed(self, octets: bytes) -> "Message[str, str] | None":
        """The MIME entity inside signed or compressed data; None for what is encrypted, or signs something else."""
        info = cms.ContentInfo.load(octets)
        content = info["content"]["encap_content_info"]["content"]
        kind = info["content_type"].native
        if kind == "signed_data":
            inner = content.native
        elif kind == "compressed_data":
            inner = self._inflated(content.native)
        else:
            return None
        if not isinstance(inner, bytes) or not _ENTITY.match(inner[:20_000]):
            return None
        return message_from_bytes(inner, policy=compat32)

    def _inflated(self, packed: bytes) -> bytes | None:
        reader = zlib.decompressobj()
        inner = reader.decompress(packed, self._to_inflate + 1)  # of nothing more it would give everything
        self._to_inflate -= min(len(inner), self._to_inflate)
        return None if reader.unconsumed_tail or not reader.eof else inner

    def _of_outlook(self, octets: bytes) -> Iterator["Message[str, str]"]:
        """The words and the files of a TNEF stream, each as a part of its own."""
        self._to_copy -= _attributes(octets) * len(octets)
        if self._to_copy < 0:
            return
        try:
            opened = TNEF(octets, do_checksum=False)
        except (TypeError, LookupError):  # texts before, or without, the codepage that they are in
            opened = TNEF(octets[:_FIRST] + _WINDOWS_LATIN + octets[_FIRST:], do_checksum=False)
        if isinstance(opened._rtfbody, bytes) and not _plain(opened):
            self._to_unpack -= len(opened._rtfbody)
            if self._to_unpack < 0:
                return
        if words := _words_of(opened):
            yield words
        for file in opened.attachments:
            if file.data:
                yield _file(file)


def _is_smime(part: "Message[str, str]") -> bool:
    kind = part.get_content_type()
    if kind in _SMIME:
        return True
    return kind == "application/octet-stream" and _name(part) == "smime.p7m"


def _is_tnef(part: "Message[str, str]") -> bool:
    return part.get_content_type() in _TNEF or _name(part) == "winmail.dat"


def _name(part: "Message[str, str]") -> str:
    try:
        return (part.get_filename() or "").strip().lower()
    except Exception:  # parameters that Python's parser does not take
        return ""


def _attributes(octets: bytes) -> int:
    at, count = _FIRST, 0
    while at + 9 <= len(octets):
        at += 11 + int.from_bytes(octets[at + 5 : at + 9], "little")
        count += 1
    return count


def _words_of(opened: TNEF) -> "Message[str, str] | None":
    """HTML before plain text before RTF: Outlook's plain text is made from the others, and RTF needs most guessing."""
    if said := _plain(opened):
        return said
    packed = opened._rtfbody
    if isinstance(packed, bytes) and packed:
        rtf = decompress(packed + b"\x00" * 16)  # the library takes off the zeros at its end, which its checksum covers
        read = rtf_to_text(rtf.decode("latin-1"), encoding="cp1252", errors="replace")  # type: ignore[no-untyped-call]
        if plain := str(read).strip():
            return _part("text/plain", plain)
    return None


def _plain(opened: TNEF) -> "Message[str, str] | None":
    if html := _text(opened.htmlbody, opened).strip():
        return _part("text/html", html)
    if plain := _text(opened.body, opened).strip():
        return _part("text/plain", plain)
    return None


def _text(body: object, opened: TNEF) -> str:
    if isinstance(body, bytes):
        body = decoded(body.rstrip(b"\x00"), str(opened.codepage or "cp1252"))
    return str(body or "").rstrip("\x00")


def _part(kind: str, text: str) -> "Message[str, str]":
    part: Message[str, str] = Message(policy=compat32)
    part["Content-Type"] = f"{kind}; charset=utf-8"
    part["Content-Transfer-Encoding"] = "8bit"
    part.set_payload(text.encode("utf-8", "replace").decode("ascii", "surrogateescape"))
    return part


def _file(file: TNEFAttachment) -> "Message[str, str]":
    name = file.long_filename() or file.name
    part: Message[str, str] = Message(policy=compat32)
    part["Content-Type"] = "application/octet-stream"
    part["Content-Transfer-Encoding"] = "binary"
    part.add_header("Content-Disposition", "attachment", filename=("utf-8", "", str(name)))
    part.set_payload(bytes(file.data).decode("ascii", "surrogateescape"))
    return part
