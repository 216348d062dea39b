"""HTML mail as plain text: what a person would read, quotations marked, without styles, scripts or what they hide."""

import html as entities
import re
from collections import Counter
from html.parser import HTMLParser

LONGEST_HTML = 3_000_000
"""Characters that are read; `html_page` takes out before what is no words."""

ENOUGH = 250_000
"""Characters of text after which no more is read: more than a case takes."""

AT_ONCE = 50_000
"""Characters that are given to the parser at once."""

SIMPLE = 200_000
"""Characters up to which a page without anything unusual is read tag by tag, without the whole parser."""

_BLOCK_TAGS = """
address article blockquote center dd div dl dt fieldset figure footer form h1 h2 h3 h4 h5 h6 header hr li main nav ol
p pre section table tr ul
"""
_BLOCKS = frozenset(_BLOCK_TAGS.split())
_SILENT = frozenset({"head", "script", "style", "template", "title"})
_OF_A_HEAD = frozenset({"base", "link", "meta", "noscript", "xml"})
_KEEPS_LINES = frozenset({"listing", "pre", "textarea", "xmp"})
_STYLED = re.compile(r"white-space\s*:\s*(pre|break-spaces|normal|nowrap)", re.IGNORECASE)
_NEVER_CLOSED = "area base br col embed hr img input link meta param source track wbr"
_VOID = frozenset(_NEVER_CLOSED.split())
_INDENTED = re.compile(
    r"border(?:-left)?(?:-width|-style)?\s*:\s*(?:none|0|medium none)|border-width\s*:\s*0", re.IGNORECASE
)
_PARAGRAPHS = frozenset({"p", "h1", "h2", "h3", "h4", "h5", "h6", "blockquote", "ul", "ol", "table"})
_OPEN, _CLOSE = "\x01", "\x02"
"""Where a quotation begins and ends, until lines are made."""

_BARE_TAGS = """
a article b body br center dd div dl dt em font footer h1 h2 h3 h4 h5 h6 header html i img li main o:p ol p section
small span strong sub sup table tbody td th tr u ul
"""
_BARE = frozenset(_BARE_TAGS.split())
"""Tags of which only the name counts here; of `style`, whether line breaks are lines."""

_START = re.compile(
    r"<([a-zA-Z][a-zA-Z0-9:]*)((?:\s+[a-zA-Z][a-zA-Z0-9:-]*(?:=(?:\"[^\"&]*\"|'[^'&]*'|[\w#%.:;,-]+))?)*)\s*>"
)
_TAGS = re.compile(r"(<[^<>]*>)")
_END = re.compile(r"</([a-zA-Z][a-zA-Z0-9:]*)>")
_MARKS = str.maketrans({_OPEN: " ", _CLOSE: " "})
_BREAK = re.compile(
    r"<(?:br|hr|/?(?:p|div|tr|li|ul|ol|table|h[1-6]|blockquote|pre|section|article|center|form))\b[^<>]*>",
    re.IGNORECASE,
)
_TAG = re.compile(r"<[^<>]*>")
_FAR_APART = re.compile(r"\n\n\n+")
"""Written so that it is looked for as the two signs that it begins with, not at every letter."""


def text_of_html(html: str, *, keeps_lines: frozenset[str] = frozenset()) -> str:
    """The text of an HTML document or fragment, a quotation's lines after `> `; never raises, whatever it is.

    `keeps_lines` are the tags and classes whose line breaks are lines by the page's style sheet.
    """
    html = _without_comments(html[:LONGEST_HTML]).replace(_OPEN, " ").replace(_CLOSE, " ")
    if not _whole(html):
        return _without_tags(html)
    reader = _Reader(keeps_lines)
    if len(html) <= SIMPLE and reader.takes(html):
        return reader.text()
    reader = _Reader(keeps_lines)
    try:
        for at in range(0, len(html), AT_ONCE):
            if reader.length > ENOUGH:
                break
            reader.feed(html[at : at + AT_ONCE])
            if len(reader.rawdata) > 2 * AT_ONCE:  # a tag that does not end: each feeding would read it again
                return _without_tags(html)
        else:
            reader.close()
    except AssertionError:  # Python's parser raises it on broken declarations, `<![a`
        return _without_tags(html)
    return reader.text()


def _without_tags(html: str) -> str:
    text = _TAG.sub("", _BREAK.sub("\n", html.replace("\n", " ")))
    return _tidied(entities.unescape(text[: 2 * ENOUGH]).translate(_MARKS))


def _whole(html: str) -> bool:
    """Whether nearly every mark is closed, so that the parser goes through it once."""
    return html.count("<") - html.count(">") < 1_000 and html.count("<!") + html.count("<?") < 2_000


def _without_comments(html: str) -> str:
    """Comments taken out by walking, Outlook's conditional ones too; an unclosed one ends where its line does."""
    pieces, at = [], 0
    while (start := html.find("<!--", at)) >= 0:
        pieces.append(html[at:start])
        end = html.find("-->", start + 4)
        if end < 0:
            return "".join(pieces) + html[start:].replace("<!--", "")
        at = end + 3
    return "".join(pieces) + html[at:]


class _Reader(HTMLParser):
    def __init__(self, keeps_lines: frozenset[str] = frozenset()) -> None:
        super().__init__(convert_charrefs=True)
        self._parts: list[str] = []
        self._silent: list[str] = []
        self._keeps_lines = keeps_lines
        self._spaces: list[tuple[str, bool]] = []
        """The open elements that say whether line breaks count, innermost last."""
        self._open: Counter[str] = Counter()
        self._quotes: list[bool] = []
        """Whether each open blockquote is a quotation, or only indented."""
        self.length = 0

    def takes(self, html: str) -> bool:
        """Reads a page of whole tags of which only the names count, as the library would; False where it has others."""
        known: dict[str, tuple[bool, str]] = {}
        for place, piece in enumerate(_TAGS.split(html)):
            if place % 2 == 0:
                if "<" in piece:
                    return False
                if piece:
                    self.handle_data(entities.unescape(piece) if "&" in piece else piece)
                continue
            if piece not in known:
                found = _START.fullmatch(piece) or _END.fullmatch(piece)
                tag = found[1].lower() if found else ""
                if tag not in _BARE or (self._keeps_lines or "white-space" in piece.lower()):
                    return False
                known[piece] = piece[1] == "/", tag
            closes, tag = known[piece]
            if closes:
                self.handle_endtag(tag)
            else:
                self.handle_starttag(tag, [])
            if self.length > ENOUGH:
                break
        return True

    def updatepos(self, i: int, j: int) -> int:
        """Nobody asks in which line something stands."""
        return j

    def parse_starttag(self, i: int) -> int:
        """What makes up most of a page, without a look at each attribute; the library takes everything else."""
        found = _START.match(self.rawdata, i)
        if found is None or (tag := found[1].lower()) not in _BARE:
            return super().parse_starttag(i)
        if found[2] and (self._keeps_lines or "white-space" in found[2].lower()):
            return super().parse_starttag(i)
        self.handle_starttag(tag, [])
        return found.end()

    def parse_endtag(self, i: int) -> int:
        """The same for what closes one."""
        found = _END.match(self.rawdata, i)
        if found is None or self.cdata_elem or (tag := found[1].lower()) not in _BARE:
            return super().parse_endtag(i)
        self.handle_endtag(tag)
        return found.end()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag in _SILENT:
            self._silent.append(tag)
            return
        if self._silent and tag not in _OF_A_HEAD and self._silent[-1] in {"head", "title"}:
            self._silent.clear()  # a head that was never closed ends with the first thing to see
        if tag == "br":
            self._parts.append("\n")
        elif tag in _BLOCKS:
            self._parts.append("\n\n" if tag in _PARAGRAPHS else "\n")
            if tag == "li":
                self._parts.append("- ")
            elif tag == "blockquote":
                self._quotes.append(not _is_indent(attrs))
                self._parts.append(_OPEN if self._quotes[-1] else "")
        elif tag in {"td", "th"}:
            self._parts.append(" ")
        elif tag == "textarea":
            self._parts.append("\n")
        if attrs or self._spaces or self._keeps_lines or tag in _KEEPS_LINES:
            self._open_space(tag, attrs)

    def _open_space(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        keeps: bool | None = True if tag in _KEEPS_LINES or tag in self._keeps_lines else None
        for name, value in attrs:
            if not value:
                continue
            if name == "style" and (said := _STYLED.search(value)):
                keeps = said[1].lower() in {"pre", "break-spaces"}
            elif name == "class" and self._keeps_lines and keeps is None:
                keeps = True if any(f".{one}" in self._keeps_lines for one in value.lower().split()) else None
        # One that says nothing is kept in mind only where its end could be taken for that of one that did.
        if tag not in _VOID and (keeps is not None or self._open[tag]):
            self._open[tag] += 1
            self._spaces.append((tag, self._lines_count if keeps is None else keeps))

    @property
    def _lines_count(self) -> bool:
        return bool(self._spaces) and self._spaces[-1][1]

    def handle_endtag(self, tag: str) -> None:
        if tag in self._silent:
            while self._silent.pop() != tag:
                pass  # what was opened inside and never closed ends with it
        elif tag == "body":
            self._silent.clear()
        elif tag in _BLOCKS:
            if tag == "blockquote" and self._quotes and self._quotes.pop():
                self._parts.append(_CLOSE)
            self._parts.append("\n\n" if tag in _PARAGRAPHS else "\n")
        elif tag == "textarea":
            self._parts.append("\n")
        while self._open[tag]:
            closed, _ = self._spaces.pop()
            self._open[closed] -= 1
            if closed == tag:
                break

    def handle_data(self, data: str) -> None:
        if self._silent:
            return
        # A line break in the source is a blank, unless the page keeps it; runs of blanks become one in `_tidied`.
        kept = "\n" if self._lines_count else " "
        if "\r" in data:
            data = data.replace("\r\n", "\n").replace("\r", "\n")
        data = data.replace("\n", kept)
        self._parts.append(data)
        self.length += len(data)

    def text(self) -> str:
        return _tidied("".join(self._parts))


def _is_indent(attrs: list[tuple[str, str | None]]) -> bool:
    """Whether a blockquote is what "indent" makes in a mail program: no line at its side, no source."""
    said = {name: (value or "") for name, value in attrs}
    if "cite" in said or said.get("type", "").lower() == "cite" or re.search("quote|cite", said.get("class", ""), re.I):
        return False
    return _INDENTED.search(said.get("style", "")) is not None


def _tidied(text: str) -> str:
    lines, depth = [], 0
    if _OPEN not in text and _CLOSE not in text:
        lines, text = [_spaced(line) for line in text.split("\n")], ""
    for line in text.split("\n"):
        depth = max(0, depth + line.count(_OPEN) - line.count(_CLOSE))
        words = " ".join(line.translate(_MARKS).split())
        quoted = "> " if depth or (words and _CLOSE in line) else ""
        lines.append(f"{quoted}{words}" if words else "")
    return _FAR_APART.sub("\n\n", "\n".join(lines)).strip()


def _spaced(line: str) -> str:
    """With one blank between its words; most lines are so already, and a blank is the only one that can be printed."""
    line = line.strip(" ")
    return line if "  " not in line and line.isprintable() else " ".join(line.split())
