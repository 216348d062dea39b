"""The templates: one body a kind and language, rendered twice, with the blocks of plain text and with those of HTML."""

import re
import textwrap
from dataclasses import dataclass
from functools import cache
from typing import Any, Literal

from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup, escape

from complaints.rules.text import plain
from complaints.telephones import dialled
from complaints.words.catalogue import LANGUAGES

Form = Literal["txt", "html"]

WIDTH = 72
"""Columns of a plain text letter."""


QUOTED_WIDTH = 80
"""Columns of quoted words with their mark: what a mail program broke at 72 to 78 is not broken again."""

LONGEST_LETTER = 1_000_000
"""Characters; far more than the contents of an order can make, so that nothing is ever cut off here."""

_TOGETHER = "\xa0"
"""The space that no line breaks at."""


@dataclass(frozen=True)
class Rendered:
    """A letter's two parts."""

    text: str
    html: str


def rendered(template: str, context: dict[str, Any]) -> Rendered:
    """`es/update` in both forms. An undefined name in a template raises: a letter with a hole must not go out."""
    return Rendered(text=_part(template, context, "txt"), html=_part(template, context, "html"))


def template_names() -> list[str]:
    """Every letter's body, `es/acknowledgement` and so on."""
    found = environment("txt").list_templates(extensions=["j2"])
    return sorted(name.removesuffix(".j2") for name in found if re.match(rf"({'|'.join(LANGUAGES)})/[^_]", name))


@cache
def environment(form: Form) -> Environment:
    """Jinja2 for one form; in HTML everything that is not markup of ours is escaped."""
    jinja = Environment(
        loader=PackageLoader("complaints.mail", "templates"),
        undefined=StrictUndefined,
        auto_reload=False,  # they come with the program: nobody changes them while it runs
        autoescape=form == "html",  # noqa: S701 - plain text has nothing to escape
        trim_blocks=True,
        lstrip_blocks=True,
    )
    jinja.filters.update(
        wrapped=_wrapped, quoted=_quoted, broken=_broken, dialled=_dialled, together=_together, stopped=_stopped
    )
    return jinja


def _part(template: str, context: dict[str, Any], form: Form) -> str:
    jinja = environment(form)
    blocks = jinja.get_template(f"blocks.{form}.j2").module
    body = jinja.get_template(f"{template}.j2").render(**context, b=blocks)
    whole = jinja.get_template(f"layout.{form}.j2").render(**context, body=Markup(body) if form == "html" else body)  # noqa: S704
    return re.sub(r"\n{3,}", "\n\n", plain(whole, longest=LONGEST_LETTER)) + "\n"


def _wrapped(text: object, first: str = "", rest: str = "") -> str:
    """One paragraph in lines of `WIDTH`; a word longer than that (an address) is left whole."""
    line = re.sub(r"[ \t\n]+", " ", str(text)).strip()
    filled = textwrap.fill(
        line, WIDTH, initial_indent=first, subsequent_indent=rest, break_long_words=False, break_on_hyphens=False
    )
    return filled.replace(_TOGETHER, " ")  # a telephone number stays on one line


def _together(text: object) -> str:
    return str(text).replace(" ", _TOGETHER)


def _stopped(text: str) -> str:
    """A sentence of ours that ends with a time ends with its full stop: `a las 9:05 a. m.`, not `a. m..`."""
    ended = re.sub(r"([ap]\. ?m\.)\.(?!\.)", r"\1", text)
    return Markup(ended) if isinstance(text, Markup) else ended  # noqa: S704 - escaped before


def _quoted(text: object, prefix: str) -> str:
    """Somebody's words, their lines kept, each under `prefix`."""
    lines = []
    width = QUOTED_WIDTH if prefix.strip() else WIDTH
    for line in str(text).strip().split("\n"):
        wrapped = textwrap.wrap(line, width - len(prefix), break_long_words=False, break_on_hyphens=False) or [""]
        lines += [(prefix + part).rstrip() for part in wrapped]
    return "\n".join(lines)


def _broken(text: object) -> Markup:
    """Somebody's words in HTML, escaped, their line breaks kept."""
    return Markup("<br>\n").join(escape(line) for line in str(text).strip().split("\n"))


def _dialled(number: object) -> str:
    """A telephone number as `tel:` takes it: `+51967090448`."""
    return dialled(str(number))
