"""Finding a case: one field for whatever somebody remembers of it, and where each that was found has it."""

import re

from markupsafe import Markup, escape
from starlette.responses import Response

from complaints.records.search_keys import (
    all_digits,
    document_key,
    looks_like_phone,
    phone_numbers,
    plain_words,
)
from complaints.records.searching import Found, Way
from complaints.rules.number import as_number
from complaints.rules.same_person import email_key
from complaints.words.catalogue import N_
from desk.request import PageRequest
from desk.staff.acts import Words
from desk.staff.paging import page_of, pages

MOST = 30

_WORD = re.compile(r"\w+")


async def find_page(request: PageRequest) -> Response:
    """The cases that may be meant; a whole number that is one goes straight to its case."""
    text = request.http.query_params.get("q", "").strip()[:200]
    page = page_of(request)
    found = await request.app_state.store.found(text, limit=MOST, skip=MOST * (page - 1))
    if len(found) == 1 and page == 1 and as_number(text) == found[0].record.number:
        return request.to(f"/cases/{found[0].record.number}")
    return request.page(
        "find.html", text=text, found=found, **pages(request, page),
        why=lambda one: known_by(one, text), marked=lambda name: marked(name, text),
    )  # fmt: skip


def known_by(found: Found, text: str) -> tuple[Words, str] | None:
    """By what the text is this complaint's: the field's name, and its value as it was given; None: what was written.

    Of what was written the snippet speaks, except where the words stand in the mail alone.
    """
    record = found.record
    if found.way >= Way.SAID:
        return None if found.snippet else (N_("the message as it came"), "")
    if found.way is Way.NUMBER:
        return _by_number(text, record.number), record.number
    if record.document and document_key(text) == document_key(record.document):
        return N_("document"), record.document
    if record.email and email_key(text) == email_key(record.email):
        return N_("email"), record.email
    digits = all_digits(text)
    if record.phone and looks_like_phone(text) and _is_part_of(text, record.phone):
        return N_("telephone"), record.phone
    if record.document and digits and digits in document_key(record.document):
        return N_("document"), record.document
    words = plain_words(text).split()
    if words and all(_begins_a_word(word, record.customer_name) for word in words):
        return N_("name"), record.customer_name or ""
    if words and any(_begins_a_word(word, record.guardian) for word in words):
        return N_("guardian"), record.guardian or ""
    return None


def marked(name: str, text: str) -> Markup:
    """A name in which the words that were asked for stand out, accents and case aside."""
    wanted = tuple(plain_words(text).split())

    def word(found: re.Match[str]) -> str:
        said = escape(found[0])
        return f"<mark>{said}</mark>" if wanted and plain_words(found[0]).startswith(wanted) else str(said)

    parts, at = [], 0
    for found in _WORD.finditer(name):
        parts += [str(escape(name[at : found.start()])), word(found)]
        at = found.end()
    return Markup("".join([*parts, str(escape(name[at:]))]))  # noqa: S704 - every part is escaped


def _by_number(text: str, number: str) -> Words:
    """Digits of a number that was slipped in may stand in a document or a telephone too: that is chance."""
    asked, known = _without_groups(text), _without_groups(number)
    return N_("number") if known.startswith(asked) or as_number(text) == number else N_("number, one letter apart")


def _is_part_of(text: str, phone: str) -> bool:
    known, digits = phone_numbers(phone), all_digits(text)
    return not set(known).isdisjoint(phone_numbers(text)) or any((digits or "-") in one for one in known)


def _without_groups(number: str) -> str:
    return "".join(plain_words(number).split())


def _begins_a_word(start: str, name: str | None) -> bool:
    return any(word.startswith(start) for word in plain_words(name).split())
