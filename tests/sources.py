"""The sources as trees, for tests that read them: each file is parsed and walked once a process."""

import ast
import gc
from functools import cache
from pathlib import Path

from babel.messages.catalog import Catalog

from complaints.words.collecting import collected


@cache
def tree(file: Path) -> ast.Module:
    """A Python file's."""
    return ast.parse(file.read_text(encoding="utf-8"), str(file))


@cache
def nodes(file: Path) -> tuple[ast.AST, ...]:
    """All of the file's tree, as `ast.walk` comes to it."""
    found = tuple(ast.walk(tree(file)))
    gc.freeze()  # they stay until the end: the collector need not look at them (tests/plugins_loading.py)
    return found


@cache
def everything_said() -> Catalog:
    """Every sentence of the sources, untranslated."""
    return collected()
