"""What somebody types to find a complaint, as Postgres is asked for it: every word, in one of its forms."""

from collections.abc import Sequence
from dataclasses import dataclass

from complaints.records.lexemes import KNOWN_BY, SHORTEST_END, STEM, words_in
from complaints.records.search_keys import all_digits, document_key, looks_like_phone, phone_numbers

SHORTEST_BEGINNING = 3
"""Letters by which a word may begin."""
MOST = 12
"""Words that are looked at; whoever pastes a whole mail is answered by its first."""


@dataclass(frozen=True)
class Term:
    """One word that was typed, and every form in which it counts as found."""

    word: str
    also: tuple[str, ...] = ()
    """A telephone number as people remember it, without its country."""
    stems: tuple[str, ...] = ()
    near: tuple[str, ...] = ()
    """Words that may be meant, where it is forgiven a slip."""
    stop: bool = False
    """It says nothing by itself: `de`, `the`."""

    def anywhere(self) -> str:
        """As a tsquery over everything that was written."""
        begun = [_begins(word) for word in (self.word, *self.also)]
        stems = [form for stem in self.stems for form in (_is(f"{STEM}{stem}"), _is(stem))]
        return _any([*begun, *stems, *(_is(one) for one in self.near)])

    def of_customer(self) -> str:
        """The same over what names the customer."""
        return _any([_begins(f"{KNOWN_BY}{word}", shortest=SHORTEST_BEGINNING - 1) for word in (self.word, *self.also)])


def terms_of(text: str) -> list[Term]:
    """The words of a question, each once, without their stems; digits that belong together are one."""
    if looks_like_phone(text) and len(all_digits(text)) >= SHORTEST_END:
        return [Term(all_digits(text), also=tuple(phone_numbers(text)))]
    document = document_key(text)
    if document.isdecimal() and len(document) >= SHORTEST_END:
        return [Term(document)]
    return [Term(word) for word in _words_asked(text)]


def _words_asked(text: str) -> list[str]:
    words: list[str] = []
    run: list[str] = []
    for word in [*words_in(text), ""]:
        if word.isdecimal():
            run.append(word)
            continue
        words += ["".join(run)] if len("".join(run)) >= SHORTEST_END else run
        run = []
        words += [word] if word else []
    return list(dict.fromkeys(words))[:MOST]


def anywhere(terms: Sequence[Term]) -> str:
    """All of them, wherever somebody wrote them; or written as one: `auto cad`, `Q-MF48`."""
    together = " & ".join(term.anywhere() for term in terms)
    one = as_one(terms)
    return f"({together}) | {_begins(one)}" if one else together


def as_one(terms: Sequence[Term]) -> str | None:
    """Two or three words as one, which they may have been."""
    return "".join(term.word for term in terms) if 2 <= len(terms) <= 3 else None


def of_customer(terms: Sequence[Term]) -> str:
    """All of them in the customer's or guardian's name, document and telephones."""
    return " & ".join(term.of_customer() for term in terms)


def _begins(word: str, *, shortest: int = SHORTEST_BEGINNING) -> str:
    return f"{_is(word)}:*" if len(word.removeprefix(KNOWN_BY)) >= shortest else _is(word)


def _is(word: str) -> str:
    return f"'{word}'"


def _any(forms: Sequence[str]) -> str:
    return forms[0] if len(forms) == 1 else f"({' | '.join(dict.fromkeys(forms))})"
