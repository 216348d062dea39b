"""PDF from a template of ours and data: typst, from its wheel, with its own fonts; tagged for screen readers (PDF/UA).

What people wrote reaches a document as data only, never as markup, and nothing of it touches the disk: a template reads
`#let data = json(bytes(sys.inputs.data))`, and a picture is `#image(bytes(data.chart), format: "svg", alt: …)`.
"""

import json
import re
import unicodedata
from collections.abc import Mapping
from datetime import UTC, datetime
from functools import cache
from importlib.resources import files
from typing import Any, cast

import typst

PACKAGE = "complaints.reports"


class PdfFailed(Exception):
    """A template of ours is wrong: says what typst found. Never the reader's fault."""


def pdf_of(template: str, data: Mapping[str, Any], *, made_at: datetime, package: str = PACKAGE) -> bytes:
    """The document that `templates/<template>.typ` of that package makes of the data (JSON values only).

    The same data give the same bytes. The template says title, language and alternative texts, else PDF/UA refuses it.
    Characters that our fonts lack are told by their names. Raises PdfFailed.
    """
    text = json.dumps(data, ensure_ascii=False)
    while True:
        try:
            return _compiled(_template(template, package), text, made_at)
        except typst.TypstError as error:
            spelled = _spelled_out(text, str(error))
            if spelled == text:
                raise PdfFailed(f"{template}.typ: {error}") from error
            text = spelled


def _compiled(source: bytes, text: str, made_at: datetime) -> bytes:
    made: bytes = typst.compile(
        source,
        sys_inputs={"data": text},
        font_paths=_fonts(),
        ignore_system_fonts=True,  # the same page on every machine
        format="pdf",
        pdf_standards="ua-1",
        timestamp=int(made_at.astimezone(UTC).timestamp()),
    )
    return made


def _spelled_out(text: str, complaint: str) -> str:
    """The text with the characters that no font of ours has told by their names: PDF/UA allows no empty boxes.

    Typst names one run of them at a time; every other character beyond the scripts that our fonts know goes with it, so
    that two rounds are enough for a letter full of them.
    """
    found = _NO_GLYPH.search(complaint)
    if found is None:
        return text
    named = set(found[1])
    unknown = {char for char in named if ord(char) > 126} | {char for char in set(text) if _is_far(char)}
    return text.translate({ord(char): _name(char) for char in unknown})


def _is_far(char: str) -> bool:
    """Beyond Latin, Greek, Cyrillic, punctuation, arrows and mathematics."""
    return ord(char) > 0x2BFF or 0x0590 <= ord(char) < 0x1E00


def _name(char: str) -> str:
    """`[grinning face]`; marks that only join or colour others say nothing."""
    if unicodedata.category(char) in ("Cf", "Cc", "Mn", "Sk", "Co", "Cn", "Cs"):
        return ""
    return f"[{unicodedata.name(char, f'U+{ord(char):04X}').lower()}]"


_NO_GLYPH = re.compile(r'the text `"(.+?)"` could not be displayed')


@cache
def _template(name: str, package: str) -> bytes:
    return files(package).joinpath("templates", f"{name}.typ").read_bytes()


@cache
def _fonts() -> Any:
    return cast("Any", typst.Fonts)(include_system_fonts=False)
