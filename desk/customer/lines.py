"""What a customer's page tells piece by piece: a step of the route, a line of what happened, a letter."""

from dataclasses import dataclass

from complaints.rules.given_files import GivenFile


@dataclass(frozen=True)
class Step:
    """One step of the route."""

    name: str
    state: str
    """`done`, `now` or `todo`."""
    when: str | None = None


@dataclass(frozen=True)
class Line:
    """One thing that happened."""

    when: str
    what: str
    text: str | None = None
    files: tuple[GivenFile, ...] = ()


@dataclass(frozen=True)
class SentLetter:
    """A letter of ours."""

    when: str
    about: str
    text: str
