"""`make words`: every sentence of the sources into `es.po`, in the order of the sources; a translator fills the rest.

What is new stands there with an empty `msgstr`, what nobody says any more is taken out, translations stay as they are.
`--check` writes nothing. It ends with 1 where anything is missing.
"""

import ast
import io
import sys
from collections.abc import Collection, Iterator
from pathlib import Path
from string import Formatter
from typing import Any, BinaryIO

from babel.messages.catalog import Catalog
from babel.messages.extract import extract_from_file
from babel.messages.pofile import read_po, write_po

FOLDER = Path(__file__).parent
ROOT = FOLDER.parent.parent
SOURCES = ("complaints", "workflows", "activities", "local", "starter", "desk", "cli", "worker.py")
"""What is shipped, and so what may be said."""

_WHOLE_PROSE = ROOT / "complaints" / "mail" / "templates"
"""Letters stand there as a file a language: schools edit them."""

KEYWORDS = {
    "_": None,
    "gettext": None,
    "ngettext": (1, 2),
    "pgettext": ((1, "c"), 2),
    "npgettext": ((1, "c"), 2, 3),
    "N_": (1,),
    "NP_": ((1, "c"), 2),
    "NN_": (1, 2),
}
"""Which functions say something, and which of their arguments is it; `c` is the context."""

Found = Iterator[tuple[int, str, tuple[str | None, ...], list[str]]]
"""Line, function, its texts, comments: as Babel's extractors give them."""


def python_calls(file: BinaryIO, keywords: Collection[str], _comments: object, options: object) -> Found:
    """The calls in a Python file. Babel's own reader goes by tokens, and sees nothing in an f-string before 3.12."""
    for node in ast.walk(ast.parse(file.read())):
        if isinstance(node, ast.Call):
            name = node.func.attr if isinstance(node.func, ast.Attribute) else getattr(node.func, "id", "")
            if name in keywords and node.args:
                texts = tuple(
                    one.value if isinstance(one, ast.Constant) and isinstance(one.value, str) else None
                    for one in node.args
                )
                yield node.lineno, name, texts, []


_METHODS: dict[str, Any] = {".py": python_calls, ".html": "jinja2", ".j2": "jinja2"}
_COMMENT = """# The Spanish of every sentence; the English is the key and stands in the sources.
# `make words` brings the two together: what is new comes in with an empty msgstr, what nobody says any more goes."""
_DROPPED = tuple(
    f'"{name}'.encode()
    for name in (
        *("POT-Creation-Date", "PO-Revision-Date", "Last-Translator", "Language-Team", "Generated-By"),
        *("Project-Id-Version", "Report-Msgid-Bugs-To"),
    )
)
"""Of the header: what changes with every edit, or tells nothing."""


def collected(root: Path = ROOT) -> Catalog:
    """Every sentence of the sources with the files that say it, untranslated."""
    found = Catalog()
    for top in SOURCES:
        files = [root / top] if (root / top).is_file() else sorted((root / top).rglob("*.*"))
        for file in files:
            if file.suffix in _METHODS and not file.is_relative_to(_WHOLE_PROSE):
                name = file.relative_to(root).as_posix()
                for line, message, _comments, context in extract_from_file(
                    _METHODS[file.suffix], file, keywords=KEYWORDS, options={"silent": "false"}
                ):
                    found.add(message, locations=[(name, line)], context=context)
    return found


def translated(source: Path) -> Catalog:
    """A `.po` as it is written."""
    with source.open("rb") as file:
        return read_po(file, locale=source.stem, abort_invalid=True)


def merged(sources: Catalog, translations: Catalog) -> Catalog:
    """The sentences of the sources with the translations that there are."""
    whole = Catalog(locale=translations.locale, header_comment=_COMMENT, fuzzy=False)
    whole.mime_headers = [("Plural-Forms", f"nplurals={translations.num_plurals}; plural={translations.plural_expr};")]
    for message in sources:
        if message.id:
            known = translations.get(message.id, message.context)
            whole.add(
                message.id,
                known.string if known else "",
                locations=message.locations,
                context=message.context,
                user_comments=known.user_comments if known else (),
                flags={"fuzzy"} if known and known.fuzzy else (),
            )
    return whole


def written(catalogue: Catalog) -> bytes:
    """As it stands in the file, without what changes with every edit: lines of the sources, dates, versions."""
    out = io.BytesIO()
    write_po(out, catalogue, width=120, include_lineno=False, ignore_obsolete=True)
    lines = out.getvalue().splitlines(keepends=True)
    return b"".join(line for line in lines if not line.startswith(_DROPPED))


def problems(catalogue: Catalog) -> Iterator[str]:
    """What a reader would see in the wrong language, or with a hole in it."""
    for message in catalogue:
        if not message.id:
            continue
        english, translations = _texts(message.id), _texts(message.string)
        if not all(translations):
            yield f"not translated: {english[0]!r}"
        elif message.fuzzy:
            yield f"marked fuzzy, which nobody has checked: {english[0]!r}"
        elif not _same_places(english, translations):
            yield f"the translation has other places than {english[0]!r}"


def _texts(text: object) -> tuple[str, ...]:
    """One, or one and many."""
    return tuple(str(part or "") for part in (text if isinstance(text, tuple | list) else (text,)))


def _same_places(english: tuple[str, ...], translations: tuple[str, ...]) -> bool:
    """Nothing is lost and nothing is invented; only the singular may leave out its count."""
    count = {"n"} if len(english) > 1 else set()
    wanted = _places(english[-1]) | count
    return all(_places(text) | count == wanted for text in (*english, *translations))


def _places(text: str) -> set[str]:
    """The names in braces; a text with braces of its own has its braces as they stand."""
    try:
        return {name for _before, name, _format, _conversion in Formatter().parse(text) if name is not None}
    except ValueError:
        return {piece for piece in text.split() if "{" in piece or "}" in piece}


def main() -> int:
    """Writes every `.po` anew, or checks them."""
    check = "--check" in sys.argv[1:]
    sources = collected()
    wrong = []
    for place in sorted(FOLDER.glob("*.po")):
        whole = merged(sources, translated(place))
        new = written(whole)
        if not check:
            place.write_bytes(new)
        elif new != place.read_bytes():
            wrong.append(f"{place.name} is not what the sources say: run `make words`.")
        wrong += [f"{place.name}: {problem}" for problem in problems(whole)]
    print("\n".join(wrong) if wrong else "Every sentence has its translation.")
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
