"""Every door by which a file comes in or goes out asks the scanner: a list that the sources are held to.

What each of them does where the file is condemned, or nobody looks at it: `tests/desk/test_scanned.py`.
"""

import ast
from collections.abc import Iterator
from functools import cache
from pathlib import Path

from tests.house.test_rooms import ROOT, product

DOORS_OUT = {
    "complaints/attaching.py:with_files": "a letter, sent by the worker or once more by hand",
    "desk/customer/pages.py:given_file": "the customer's page",
    "desk/staff/files.py:download": "what staff gave, at the desk",
    "desk/staff/messages.py:_file": "what came with a message or a form, of a case and in the quarantine",
}
"""Where bytes of files are taken out of the records."""

DOORS_IN = {
    "starter/given_files.py:give": "staff at the desk, `complaints … --file`, the API",
    "starter/kept_forms.py:keep_form": "customers, on their page and by the public form",
}
"""Where somebody's choice of files is kept. Mail is taken in as it came (§3), and looked at when it is handed on."""

RAW_OUT = {
    "desk/staff/messages.py:as_mail": "the message itself: looked at as a file",
    "desk/staff/messages.py:reading_of": "its words",
    "starter/exporting.py:_read": "its words",
    "starter/quarantine.py:_answer": "its words, to answer them",
    "starter/answering.py:_may_be_sent": "its headers",
    "starter/understanding.py:understood_item": "its words",
}
"""Where a kept message is read: but for the first, only as text that our own pages draw."""

MAKERS = {"complaints/scanning.py:clean", "complaints/scanning.py:looked_at", "desk/downloads.py:struck_out_of"}
"""Who says that bytes are clean: whoever asked the scanner, and what strikes keys out of such bytes."""


@cache
def _found() -> tuple[tuple[str, ast.Call | ast.Attribute], ...]:
    """Every call in the product, and every `.raw`, by file and innermost function."""
    return tuple(found for program in product() for found in _within(program.tree, program.path, ""))


def _within(node: ast.AST, path: Path, function: str) -> Iterator[tuple[str, ast.Call | ast.Attribute]]:
    if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
        function = node.name
    if isinstance(node, ast.Call) or (isinstance(node, ast.Attribute) and node.attr == "raw"):
        yield f"{path.relative_to(ROOT).as_posix()}:{function}", node
    for child in ast.iter_child_nodes(node):
        yield from _within(child, path, function)


def _where(*names: str, of_a_thing: bool) -> set[str]:
    """The functions that call one of these: as a method of something, or by its bare name."""
    return {
        place
        for place, call in _found()
        if isinstance(call, ast.Call)
        and (
            (isinstance(call.func, ast.Attribute) and call.func.attr in names and of_a_thing)
            or (isinstance(call.func, ast.Name) and call.func.id in names and not of_a_thing)
        )
    }


def test_files_leave_the_records_at_these_doors_alone() -> None:
    assert _where("given_file", "attachment", of_a_thing=True) == DOORS_OUT.keys()


def test_files_are_kept_at_these_doors_alone() -> None:
    assert _where("give_files", of_a_thing=True) == {"starter/given_files.py:give"}
    makers = _where("MailToKeep", of_a_thing=False)
    assert {place for place in makers if place.startswith("starter/kept_forms")} == {"starter/kept_forms.py:keep_form"}
    assert {place.partition(":")[0] for place in makers} == {"starter/kept_forms.py", "starter/said_by_mail.py"}
    assert DOORS_IN.keys() == {"starter/given_files.py:give", "starter/kept_forms.py:keep_form"}


def test_nobody_else_says_that_bytes_are_clean() -> None:
    assert _where("Clean", "LookedAt", of_a_thing=False) == MAKERS
    cast_to = {
        place
        for place, call in _found()
        if isinstance(call, ast.Call)
        and call.args
        and place.partition(":")[2]
        and ast.unparse(call.args[0]).strip("'\"") in ("Clean", "LookedAt")
    }
    assert cast_to == set()


def test_a_kept_message_is_handed_out_at_one_door_alone() -> None:
    found = {
        place
        for place, node in _found()
        if isinstance(node, ast.Attribute)
        and ast.unparse(node.value) in ("mail", "answer")
        and place.partition("/")[0] in ("desk", "starter", "activities", "cli")
    }
    assert found == RAW_OUT.keys()
