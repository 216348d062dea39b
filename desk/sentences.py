"""The sentences of the house as the desk says them: what to type on a command line is of no use on a page."""

import re

_COMMAND = re.compile(r"`complaints [^`]*`")
_SENTENCE = re.compile(r"(?<=[.!?])\s+")


def without_commands(text: str) -> str:
    """The text without what names a command: the clause after the colon, or its whole sentence where others stay."""
    if not _COMMAND.search(text):
        return text
    sentences = _SENTENCE.split(text)
    kept = [one for one in sentences if not _COMMAND.search(one)]
    return " ".join(kept) if kept else _cut(sentences[0])


def _cut(sentence: str) -> str:
    before = sentence[: found.start()] if (found := _COMMAND.search(sentence)) else sentence
    ends = max(before.rfind(mark) for mark in (": ", "; ", ", "))
    return f"{before[:ends].rstrip()}." if ends > 0 else sentence
