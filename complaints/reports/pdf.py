"""PDF from a template of ours and data: typst, from its wheel, with its own fonts; tagged for screen readers (PDF/UA).

What people wrote reaches a document as data only, never as markup, and nothing of it touches the disk: a template reads
`#let data = json(bytes(sys.inputs.data))`, and a picture is `#image(bytes(data.chart), format: "svg", alt: …)`.
"""

import json
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
    Raises PdfFailed.
    """
    try:
        made: bytes = typst.compile(
            _template(template, package),
            sys_inputs={"data": json.dumps(data, ensure_ascii=False)},
            font_paths=_fonts(),
            ignore_system_fonts=True,  # the same page on every machine
            format="pdf",
            pdf_standards="ua-1",
            timestamp=int(made_at.astimezone(UTC).timestamp()),
        )
    except typst.TypstError as error:
        raise PdfFailed(f"{template}.typ: {error}") from error
    return made


@cache
def _template(name: str, package: str) -> bytes:
    return files(package).joinpath("templates", f"{name}.typ").read_bytes()


@cache
def _fonts() -> Any:
    return cast("Any", typst.Fonts)(include_system_fonts=False)
