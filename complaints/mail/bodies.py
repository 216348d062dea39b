"""Which parts of a message are the words of whoever wrote it, all of them in order, and what of it could not be read.

Only the branches of one `multipart/alternative` say the same twice (RFC 2046 §5.1.4); the parts of every other kind of
multipart follow each other: a gateway's footer is not the letter, and what stands around an attachment is one text.
"""

import html as entities
import re
from dataclasses import dataclass, field
from email.message import Message
from enum import Enum

from complaints.mail import parts
from complaints.mail.charsets import decoded
from complaints.mail.html_page import LONGEST_URI_OF_TEXT, Page, Picture, page_of, without_pictures
from complaints.mail.html_text import text_of_html
from complaints.mail.sealed import is_sealed
from complaints.mail.text_files import without_files

LONGEST_BODY = 400_000
"""Bytes of one plain part that are decoded; the raw message is kept whole elsewhere."""

LONGEST_PAGE = 40_000_000
"""Bytes of one HTML part that are looked through: its words may stand behind megabytes of pictures and styles."""

ENOUGH = 300_000
"""Characters of words after which no further part is read."""

TINY = 0.4
"""The share of the HTML's words below which the plain branch is no version of it, but a notice in its place."""

LIKE = 0.5
"""The share of the plain branch's words that stand in the HTML too, if it is a version of it."""

MANY = 80
"""Words that no notice has which only stands in for the HTML."""

_DATA = frozenset({"calendar", "csv", "directory", "rfc822-headers", "vcard", "x-vcard", "xml"})
"""Kinds of text that nobody wrote by hand."""

_NEEDS_HTML = re.compile(
    r"\s*html\W*$|(?:\bhtml\b.{0,80}\b(?:view|display|see|support|client|reader|viewer|ver|vea|mostrar|muestre|visualizar|lea|leer|abr[ae]"
    r"|compatible|soport[ae]|admite|program)|(?:view|display|read|support|ver|vea|mostr|muestr|visualiz|lea|leer|compatible"
    r"|soport|admit|use|utilice|habilit|activ)\w*.{0,80}\bhtml\b)",
    re.IGNORECASE | re.DOTALL,
)
"""A plain branch that only says how to see the other one."""

_DATA_URI = re.compile(rb"[Dd](?:ata|ATA):[^,]{0,200},")
_MARKUP = re.compile(r"<[^<>]*>")
_LETTERS = re.compile(r"[^\W_]+")


class _Likeness(Enum):
    """What a plain branch is to the HTML beside it."""

    SAME = "a version"
    LESS = "a notice in its place"
    OTHER = "another text"


@dataclass(frozen=True)
class Body:
    """The words of a message, and what was found beside them."""

    text: str
    pictures: tuple[Picture, ...] = ()
    """Files that stood within the words themselves."""


@dataclass
class _Reader:
    """Reads the parts of one message, each at most once."""

    pictures: list[Picture] = field(default_factory=list)
    length: int = 0
    _pages: dict[int, tuple[Page, str | None]] = field(default_factory=dict)

    def of(self, part: "Message[str, str]", depth: int = 0) -> list[str]:
        """The texts of the part, in order."""
        if self.length > ENOUGH:
            return []
        if part.get_content_maintype() == "multipart" and part.is_multipart():
            inner = [one for one in part.get_payload() if isinstance(one, Message)]
            if depth >= parts.DEEPEST or len(inner) > parts.MOST_PARTS:
                inner = inner[: parts.MOST_PARTS] if depth < parts.DEEPEST else []
            if part.get_content_subtype() == "alternative":
                return self._alternative(inner, depth)
            return self._all(inner, depth)
        if not is_words(part):
            return []
        text = self._text(part)
        self.length += len(text)
        return [text] if text.strip() else []

    def _all(self, inner: "list[Message[str, str]]", depth: int) -> list[str]:
        """Every part once: some programs put both versions into a `mixed`."""
        texts: list[str] = []
        said: set[str] = set()
        for one in inner:
            for text in self.of(one, depth + 1):
                words = " ".join(_LETTERS.findall(text)).casefold()
                if words and words in said:
                    continue
                said.add(words)
                texts.append(text)
        return texts

    def _alternative(self, inner: "list[Message[str, str]]", depth: int) -> list[str]:
        """The plain branch, because nobody has to guess its lines; the HTML where that says more.

        Branches that do not say the same are no alternatives, whatever they are called: both are read.
        """
        branches = [one for one in inner if any(is_words(leaf) for leaf in parts.leaves(one))]
        pages = [one for one in branches if _has_html(one)]
        texts = next((found for one in branches if not _has_html(one) and (found := self.of(one, depth + 1))), [])
        if texts and not pages:
            return texts
        likeness = self._likeness("\n".join(texts), pages) if texts else _Likeness.LESS
        if likeness is _Likeness.SAME:
            self._keep_pictures(pages)
            return texts
        richest = next((found for one in reversed(pages) if (found := self.of(one, depth + 1))), [])
        return [*texts, *richest] if likeness is _Likeness.OTHER else richest or texts

    def _keep_pictures(self, pages: "list[Message[str, str]]") -> None:
        """The files within a page that is not read, because its words stand in the plain branch, too."""
        for leaf in (leaf for page in pages for leaf in parts.leaves(page) if leaf.get_content_type() == "text/html"):
            if _DATA_URI.search(parts.octets(leaf)[:LONGEST_PAGE]):
                self.pictures += self._page_of(leaf)[0].pictures

    def _likeness(self, plain: str, pages: "list[Message[str, str]]") -> _Likeness:
        """Whether a plain branch is a version of the HTML, only stands in for it, or says something of its own."""
        leaves = [leaf for page in pages for leaf in parts.leaves(page) if leaf.get_content_type() == "text/html"]
        said = _LETTERS.findall(plain.casefold())
        if len(said) > MANY and sum(len(parts.octets(leaf)) for leaf in leaves) < 4 * len(plain):
            return _Likeness.SAME  # it cannot say so much more
        shown: list[str] = []
        for leaf in leaves:
            page, label = self._page_of(leaf)
            html = decoded(page.html[:LONGEST_BODY], label, html=True)
            shown += _LETTERS.findall(entities.unescape(_MARKUP.sub(" ", html)).casefold())
        if not shown:
            return _Likeness.SAME
        within = set(shown)
        shared = sum(word in within for word in said) / max(1, len(said))
        if len(said) < len(shown) * TINY:
            return _Likeness.LESS
        if shared >= LIKE:
            return _Likeness.SAME
        return _Likeness.LESS if len(said) <= MANY and _NEEDS_HTML.search(plain) else _Likeness.OTHER

    def _page_of(self, part: "Message[str, str]") -> tuple[Page, str | None]:
        """The page of a part, and what its bytes are: read once, however often it is looked at."""
        if (known := self._pages.get(id(part))) is not None:
            return known
        octets, label = parts.octets(part), part.get_content_charset()
        if b"\x00" in octets[:400]:  # two bytes a letter: its tags are found in another charset
            octets, label = decoded(octets, label).encode("utf-8", "replace"), "utf-8"
        found = self._pages[id(part)] = page_of(octets[:LONGEST_PAGE]), label
        return found

    def _text(self, part: "Message[str, str]") -> str:
        if part.get_content_type() == "text/html":
            page, label = self._page_of(part)
            self.pictures += page.pictures
            return text_of_html(decoded(page.html, label, html=True), keeps_lines=page.keeps_lines)
        payload, label = parts.octets(part), part.get_content_charset()
        if b";base64," in payload:
            payload, found = without_pictures(payload, shortest=LONGEST_URI_OF_TEXT)
            self.pictures += found
        payload, files = without_files(payload)
        self.pictures += files
        if len(payload) > LONGEST_BODY:
            payload = payload[:LONGEST_BODY].rpartition(b"\n")[0] or payload[:LONGEST_BODY]
        text = decoded(payload, label)
        flowed = str(part.get_param("format", "")).lower() == "flowed"
        return _unflowed(text, together=str(part.get_param("delsp", "")).lower() == "yes") if flowed else text


def body_of(message: "Message[str, str]", *, inside: int = 0) -> Body:
    """What was written. A message that only passes another on says what that one says. Never raises."""
    reader = _Reader()
    texts = reader.of(message)
    if not texts and not message.is_multipart() and message.get_content_maintype() == "text":
        texts = [reader._text(message)]  # the only part, whatever its disposition says
    written = "\n\n".join(text.strip() for text in texts if text.strip())
    if written:
        return Body(written, tuple(reader.pictures))
    passed_on = _passed_on(message, inside)
    return Body(passed_on.text, (*reader.pictures, *passed_on.pictures))


def _passed_on(message: "Message[str, str]", inside: int) -> Body:
    for part in parts.leaves(message):
        if part.get_content_type() == "message/rfc822" and part.is_multipart() and inside < parts.DEEPEST // 4:
            inner = (one for one in part.get_payload() if isinstance(one, Message))
            return next((body_of(one, inside=inside + 1) for one in inner), Body(""))
    return Body("")


def is_words(part: "Message[str, str]") -> bool:
    """Whether the part is what was written, not something that came with it."""
    if part.get_content_maintype() == "multipart":
        return not part.is_multipart()  # its border is missing: everything is one text
    if part.get_content_maintype() != "text" or part.is_multipart() or part.get_content_subtype() in _DATA:
        return False
    return not _is_attached(part) and not parts.is_undecodable(part) and not is_sealed(part)


def is_unread(part: "Message[str, str]") -> bool:
    """Whether it may hold words of the writer that nobody could take out of it."""
    return is_sealed(part) or parts.is_undecodable(part)


def links(message: "Message[str, str]") -> int:
    """How many links its HTML has: newsletters have dozens."""
    html = (part for part in parts.leaves(message) if part.get_content_type() == "text/html")
    return sum(parts.octets(part)[:LONGEST_BODY].lower().count(b"<a ") for part in html)


def _is_attached(part: "Message[str, str]") -> bool:
    return "attachment" in str(part.get("Content-Disposition", "")).lower()


def _has_html(branch: "Message[str, str]") -> bool:
    return any(leaf.get_content_type() == "text/html" for leaf in parts.leaves(branch))


def _unflowed(text: str, *, together: bool) -> str:
    """Paragraphs whose lines the sender's program broke with a blank at the end, whole again (RFC 3676)."""
    paragraphs: list[str] = []
    going_on = False
    for line in text.replace("\r\n", "\n").split("\n"):
        quoted = line.startswith(">")
        line = line if quoted else line.removeprefix(" ")
        if going_on and not quoted:
            paragraphs[-1] += line
        else:
            paragraphs.append(line)
        going_on = line.endswith(" ") and line != "-- " and not quoted
        if going_on and together:
            paragraphs[-1] = paragraphs[-1][:-1]
    return "\n".join(paragraphs)
