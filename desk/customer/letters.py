"""A letter that was sent, as its customer reads it again on a telephone: without its title, its width and its links."""

import re
from itertools import pairwise

from complaints.mail.templating import WIDTH
from complaints.rules.page_links import PLACE

_BEGINS = ("-", ">", "=", "(")
"""What begins a line of its own: an item, a quotation, a rule, the number in groups."""


def read_again(text: str) -> str:
    """The letter's plain text. Lines that were broken for their width are whole again: a telephone breaks elsewhere."""
    lines = re.sub(rf"\s*{re.escape(PLACE)}", " […]", text).strip().split("\n")
    if len(lines) > 1 and lines[1] and not lines[1].strip("="):
        lines = lines[2:]
    told: list[str] = lines[:1]
    for before, line in pairwise(lines):
        if _was_broken(before, line):
            told[-1] += f" {line.strip()}"
        else:
            told.append(line)
    return "\n".join(told).strip()


def _was_broken(before: str, line: str) -> bool:
    """Whether the line goes on with the one before: its first word had no room there."""
    words = line.split()
    if not before.strip() or not words or words[0].startswith(_BEGINS) or before.lstrip().startswith(">"):
        return False
    return len(before) + 1 + len(words[0]) > WIDTH
