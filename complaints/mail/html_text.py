"""HTML mail as plain text: what a person would read, quotations marked, without styles, scripts or what they hide."""

import re
from html.parser import HTMLParser

LONGEST_HTML = 300_000
"""Characters that are read."""

MOST_MARKS = 20_000
"""Signs `<` up to which the whole parser is used: on a heap of broken ones its time grows with their square."""

_BLOCK_TAGS = """
address article blockquote center dd div dl dt fieldset figure footer form h1 h2 h3 h4 h5 h6 header hr li main nav ol
p pre section table tr ul
"""
_BLOCKS = frozenset(_BLOCK_TAGS.split())
_SILENT = frozenset({"head", "script", "style", "template", "title"})
_PARAGRAPHS = frozenset({"p", "h1", "h2", "h3", "h4", "h5", "h6", "blockquote", "ul", "ol", "table"})
_OPEN, _CLOSE = "\x01", "\x02"
"""Where a quotation begins and ends, until lines are made."""

_TAG = re.compile(r"<[^<>]*>")


def text_of_html(html: str) -> str:
    """The text of an HTML document or fragment, a quotation's lines after `> `; never raises, whatever it is."""
    html = _without_comments(html[:LONGEST_HTML])
    if html.count("<") > MOST_MARKS or not _whole(html):
        return _without_tags(html)
    reader = _Reader()
    try:
        reader.feed(html)
        reader.close()
    except AssertionError:  # Python's parser raises it on broken declarations, `<![a`
        return _without_tags(html)
    return reader.text()


def _without_tags(html: str) -> str:
    return _tidied(_TAG.sub("\n", html).replace(_OPEN, " ").replace(_CLOSE, " "))


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
    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self._parts: list[str] = []
        self._silent: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag in _SILENT:
            self._silent.append(tag)
        elif tag == "br":
            self._parts.append("\n")
        elif tag in _BLOCKS:
            self._parts.append("\n\n" if tag in _PARAGRAPHS else "\n")
            if tag == "li":
                self._parts.append("- ")
            elif tag == "blockquote":
                self._parts.append(_OPEN)
        elif tag in {"td", "th"}:
            self._parts.append(" ")

    def handle_endtag(self, tag: str) -> None:
        if tag in self._silent:
            while self._silent.pop() != tag:
                pass  # what was opened inside and never closed ends with it
        elif tag == "body":
            self._silent.clear()
        elif tag in _BLOCKS:
            if tag == "blockquote":
                self._parts.append(_CLOSE)
            self._parts.append("\n\n" if tag in _PARAGRAPHS else "\n")

    def handle_data(self, data: str) -> None:
        if not self._silent:
            # A line break in the source is a blank; runs of blanks become one in `_tidied`.
            self._parts.append(data.replace("\n", " ").replace(_OPEN, " ").replace(_CLOSE, " "))

    def text(self) -> str:
        return _tidied("".join(self._parts))


def _tidied(text: str) -> str:
    lines, depth = [], 0
    if _OPEN not in text and _CLOSE not in text:
        lines, text = [" ".join(line.split()) for line in text.split("\n")], ""
    for line in text.split("\n"):
        depth = max(0, depth + line.count(_OPEN) - line.count(_CLOSE))
        words = " ".join(line.replace(_OPEN, " ").replace(_CLOSE, " ").split())
        quoted = "> " if depth or (words and _CLOSE in line) else ""
        lines.append(f"{quoted}{words}" if words else "")
    return re.sub(r"\n{3,}", "\n\n", "\n".join(lines)).strip()
