"""The subjects of letters: our own short words after the number; nothing that a customer wrote ever gets into one."""

from complaints.mail.wording import Wording
from complaints.rules.letters import LetterKind

_OF_WINDOW = frozenset({LetterKind.WARNING, LetterKind.LATE})


def title(kind: LetterKind, wording: Wording, *, window: str | None = None) -> str:
    """What the letter is about, in a few words; the window's name joins it where it is about one."""
    words = wording.letter(kind)
    return f"{words}: {wording.window(window)}" if window and kind in _OF_WINDOW else words


def subject(number: str, title: str) -> str:
    """`[Q-7KF3-02M9D] Recibimos su queja`."""
    return f"[{number}] {title}"
