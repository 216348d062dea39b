"""Every kind of letter there is, written in each way it can be: what is approved, compared and photographed."""

from datetime import datetime
from functools import cache
from zoneinfo import ZoneInfo

from complaints.mail.letters import PLAIN, Letter, render
from complaints.rules.letters import LetterKind
from complaints.words.catalogue import LANGUAGES, Language
from tests.golden_letters import to_staff as staff
from tests.golden_letters.examples import (
    CONTACTS,
    LIMA,
    OF_NO_CASE,
    OWN,
    PAGE_ADDRESS,
    PUBLIC_URL,
    of_no_case,
    order,
    rich,
    sparse,
)

OF_A_CASE = tuple(kind.value for kind in LetterKind)
KINDS = (*OF_A_CASE, *OF_NO_CASE, *staff.KINDS)


@cache
def made(kind: str, language: Language, *, bare: bool = False) -> Letter:
    """The letter as it goes out: with everything it may say, or `bare`, and then without a page to lead to."""
    return made_anew(kind, language, bare=bare)


def made_anew(kind: str, language: Language, *, bare: bool = False) -> Letter:
    """The same, written once more for whoever looks on meanwhile."""
    return _made(kind, language, bare=bare).with_page(PAGE_ADDRESS)


def in_every_way(kind: str) -> dict[str, Letter]:
    """The letters of one kind, by what tells them apart."""
    amounts = {"with everything": False} | ({"bare": True} if kind in OF_A_CASE else {})
    return {
        f"{language}, {amount}": made(kind, language, bare=bare)
        for language in LANGUAGES
        for amount, bare in amounts.items()
    }


def _made(kind: str, language: Language, *, bare: bool) -> Letter:
    if kind in OF_NO_CASE:
        return of_no_case(kind, language=language)
    if kind in staff.KINDS:
        people = {role: post.model_copy(update={"language": None}) for role, post in CONTACTS.people.items()}
        contacts = CONTACTS.model_copy(update={"people": people})
        return staff.to_staff(kind, contacts, datetime(2026, 7, 27, 9, tzinfo=ZoneInfo(LIMA)), language=language)
    one = LetterKind(kind)
    contents = sparse(one) if bare else rich(one)
    url, own = (None, PLAIN) if bare else (PUBLIC_URL, OWN)
    return render(order(one, contents, language=language), contacts=CONTACTS, public_url=url, timezone=LIMA, own=own)
