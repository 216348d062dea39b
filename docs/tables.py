"""The tables of these documents that the code knows already: `make docs` writes them, a test compares them.

In a page such a table stands between `<!-- NAME: written by make docs -->` and `<!-- end of NAME -->`.
"""

import sys
from collections.abc import Callable, Sequence
from pathlib import Path

from complaints.rules.facts import FACTS, UPDATES
from complaints.rules.stages import TABLE, Effect, Stage
from starter.acts import ACTS

FOLDER = Path(__file__).parent


def facts() -> str:
    """Everything that can be said about a complaint: as a signal, an update or operation, a command; what it needs."""
    updates = {fact.name: update for update, fact in UPDATES.items()}
    rows = []
    for name, fact in FACTS.items():
        update = updates.get(name, "")
        command = ACTS[update].command if update in ACTS else ""
        needed = [info.alias or field for field, info in fact.model_fields.items() if info.is_required()]
        rows.append((_code(name), _code(update), _code(command), ", ".join(map(_code, needed))))
    return _table(("signal", "update", "command", "must say"), rows)


def stages() -> str:
    """What each fact does to a case in each stage."""
    rows = []
    for fact in FACTS:
        cells = (TABLE[fact, stage] for stage in Stage)
        rows.append((_code(fact), *("–" if cell is Effect.IGNORED else cell.value for cell in cells)))
    return _table(("fact", *(stage.value for stage in Stage)), rows)


PAGES: dict[str, tuple[str, Callable[[], str]]] = {
    "integration.md": ("facts", facts),
    "procedure.md": ("stages", stages),
}
"""By page: its table, and what makes it."""


def with_table(page: str) -> str:
    """The page as it has to be. Raises ValueError where it has no place for its table."""
    name, made = PAGES[page]
    begins, ends = f"<!-- {name}: written by make docs -->", f"<!-- end of {name} -->"
    before, begin, rest = (FOLDER / page).read_text(encoding="utf-8").partition(begins)
    _old, end, after = rest.partition(ends)
    if not (begin and end):
        raise ValueError(f"docs/{page}: there is no place for its table between {begins} and {ends}")
    return f"{before}{begin}\n\n{made()}\n{end}{after}"


def _code(name: str) -> str:
    return f"`{name}`" if name else ""


def _table(heads: tuple[str, ...], rows: Sequence[tuple[str, ...]]) -> str:
    lines = (heads, *rows)
    said = ["|" + "".join(f" {cell} |" if cell else " |" for cell in cells) + "\n" for cells in lines]
    return "".join((said[0], "|" + "---|" * len(heads) + "\n", *said[1:]))


def main() -> int:
    """Writes every table into its page."""
    for page in PAGES:
        (FOLDER / page).write_text(with_table(page), encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
