"""What is left of a complaint whose person is erased (Ley 29733): what happened and when, and nobody it happened to.

Each text of a person gives way to a stand-in of its kind, so that the journal still tells the same case and every
figure stays. Whatever is not known to be the school's or a program's own is taken for a person's: a new field is erased
until somebody says that it need not be (`KEPT`, `COUNTED`).
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from complaints.rules.after_end import Afterword
from complaints.rules.details import Detail
from complaints.rules.facts import FACTS
from complaints.rules.journal import CaseRecord, Row
from complaints.rules.text import without_accents

ERASED = "erased"
"""The afterword that tells of an erasure: who, when, why."""

MARK = "[···]"
"""What stands where somebody's words stood, in every language."""

DOMAIN = "erased.invalid"
"""Of the addresses that stand for addresses; no letter ever reaches one (RFC 2606)."""

_STAND_IN = re.compile(
    rf"\[···\d*\]|erased-\d+@{re.escape(DOMAIN)}|00000-\d+|erased:[A-Za-z0-9-]{{1,40}}", re.IGNORECASE
)

KEPT = frozenset(
    {
        *("act", "absorbed", "answer_by", "before", "channel", "clock_offset", "date", "department", "digest"),
        *("direction", "due", "effect", "event_id", "field", "form", "into", "key", "kind", "kinds", "language"),
        *("mentions", "moved", "next_at", "occurred_on", "of", "outcome", "policy", "purposes", "received_at"),
        *("recipient", "representative", "rules", "run", "said_at", "says", "severity", "state", "told", "until"),
        *("whom", "whose"),
    }
)
"""Fields with a key, a time, one of a few words, or a name of the school's own: by them the case goes its way."""

COUNTED = frozenset({"category", "cause", "corrective_actions", "internal_actions", "product"})
"""Fields whose words figures count (§10): they stay, unless they name the customer."""

LINES = frozenset({"address", "customer_name", "document", "guardian", "name", "with"})
"""Fields that tell one person from another: two different ones stay two."""

_OF_PROGRAMS = frozenset({"closed", "escalated", "reopened"})
"""Rows, beside those of letters, whose `reason` is a program's word."""

_DETAILS = frozenset(detail.value for detail in Detail)
_SHORTEST_NAME = 4
_SHORTEST_DIGITS = 6


def is_stand_in(text: str | None) -> bool:
    """Whether it stands for something that was erased."""
    return bool(text) and _STAND_IN.fullmatch(text or "") is not None


class Erasing:
    """One complaint's erasure: the same words get the same stand-in wherever they stand."""

    def __init__(self, number: str, rows: Sequence[Row], afterwords: Sequence[Afterword] = ()) -> None:
        self._number = number
        self._given: dict[tuple[str, str], str] = {}
        self._known: dict[str, set[str]] = {"name": set(), "digits": set(), "email": set()}
        for data in (*(row.data for row in rows), *(word.data for word in afterwords)):
            self._learn(data)
        # In the order of the journal, so that whoever asks again hands out the same.
        self.rows = [self._row(row) for row in rows]
        self.afterwords = [self._afterword(word) for word in afterwords]

    def record(self, record: CaseRecord) -> CaseRecord:
        """The present state, as the erased journal tells it."""
        said = {
            "source_key": self._source_key(),
            "customer_name": self._line(record.customer_name),
            "document": self._line(record.document),
            "address": self._line(record.address),
            "guardian": self._line(record.guardian),
            "email": self.email(record.email),
            "phone": self._phone(record.phone),
            "subject": MARK if record.subject else record.subject,
            "description": MARK,
            "product": self._counted(record.product),
            "category": self._counted(record.category),
        }
        return record.model_copy(update=said)

    def email(self, address: str | None) -> str | None:
        """The address that stands for this one."""
        if not address or is_stand_in(address):
            return address
        return self._numbered("email", address.strip().casefold(), "erased-{n}@" + DOMAIN)

    def address(self, written: str) -> str:
        """The same for a letter's, which may be in another spelling than the customer's own."""
        known = ("email", written.strip().casefold())
        first = next((given for (kind, _), given in self._given.items() if kind == "email"), None)
        return (self._given.get(known) or first or self.email(written) or written) if written else written

    def names_person(self, text: str) -> bool:
        """Whether words of the school's own name the customer of this complaint, or how to reach them."""
        words = set(_words(text))
        if words & self._known["name"]:
            return True
        digits = re.sub(r"\D", "", text)
        if any(number in digits for number in self._known["digits"]):
            return True
        return any(address in text.casefold() for address in self._known["email"])

    # -- rows --------------------------------------------------------------------------------------------------------

    def _row(self, row: Row) -> Row:
        return row.model_copy(update={"by": self._by(row.by), "data": self._erased(row.data, row.what)})

    def _afterword(self, word: Afterword) -> Afterword:
        if word.what == ERASED:
            return word
        return word.model_copy(update={"by": self._by(word.by), "data": self._erased(word.data, word.what)})

    def _erased(self, data: Mapping[str, Any], what: str) -> dict[str, Any]:
        return {name: self._value(name, value, data, what) for name, value in data.items()}

    def _value(self, name: str, value: Any, beside: Mapping[str, Any], what: str) -> Any:
        if name in KEPT or value is None or isinstance(value, bool | int | float):
            return value
        if isinstance(value, Mapping):
            return self._erased(value, beside.get("act") or what if name == "said" else what)
        if isinstance(value, list | tuple):
            return [self._value(name, each, beside, what) for each in value]
        return self._text(name, str(value), beside, what)

    def _text(self, name: str, text: str, beside: Mapping[str, Any], what: str) -> str:
        if not text or is_stand_in(text):
            return text
        match name:
            case "by":
                return self._by(text) or text
            case "value":
                return self._read(str(beside.get("field", "")), text)
            case "to":
                return (self.email(text) or "") if "@" in text else text
            case "fact":
                return text if text in FACTS else MARK
            case "reason" | "message_id" if what.startswith("letter-") and what != "letter-bounced":
                return text
            case "reason" if what in _OF_PROGRAMS:
                return text
            case "missing" | "still_missing":
                return text if text in _DETAILS else self._line(text) or text
        return self._personal(name, text)

    def _personal(self, name: str, text: str) -> str:
        if name == "source_key":
            return self._source_key()
        if name == "email":
            return self.email(text) or text
        if name == "phone":
            return self._phone(text) or text
        if name in LINES:
            return self._line(text) or text
        return self._counted(text) or text if name in COUNTED else MARK

    def _read(self, field: str, text: str) -> str:
        """What was read in a message is of the kind that its `field` says."""
        return text if field in KEPT else self._personal(field if field != "customer_name" else "name", text)

    # -- stand-ins ---------------------------------------------------------------------------------------------------

    def _source_key(self) -> str:
        return erased_source_key(self._number)

    def _by(self, by: str | None) -> str | None:
        """Who said it: staff stay, by whose names an act is answered for; the customer's own name does not."""
        if not by or is_stand_in(by):
            return by
        words = set(_words(by))
        is_customer = by.casefold() in self._known["email"] or len(words & self._known["name"]) >= 2
        return self._line(by) if is_customer else by

    def _line(self, text: str | None) -> str | None:
        if not text or is_stand_in(text):
            return text
        return self._numbered("line", " ".join(text.split()).casefold(), "[···{n}]")

    def _phone(self, text: str | None) -> str | None:
        if not text or is_stand_in(text):
            return text
        return self._numbered("phone", re.sub(r"\D", "", text), "00000-{n}")

    def _counted(self, text: str | None) -> str | None:
        return MARK if text and self.names_person(text) else text

    def _numbered(self, kind: str, said: str, stand_in: str) -> str:
        if (kind, said) not in self._given:
            count = sum(1 for other, _ in self._given if other == kind)
            self._given[kind, said] = stand_in.format(n=count + 1)
        return self._given[kind, said]

    # -- who it is ---------------------------------------------------------------------------------------------------

    def _learn(self, data: Mapping[str, Any]) -> None:
        """Remembers every name, number and address of the customer that stands in these fields."""
        is_file = "digest" in data  # what a file is called names nobody for sure
        for name, value in data.items():
            if name in KEPT or is_file:
                continue
            if isinstance(value, Mapping):
                self._learn(value)
            elif isinstance(value, list | tuple):
                for each in value:
                    if isinstance(each, Mapping):
                        self._learn(each)
            elif isinstance(value, str) and not is_stand_in(value):
                self._learn_text(str(data.get("field", "")) if name == "value" else name, value)

    def _learn_text(self, name: str, text: str) -> None:
        if name in ("name", "customer_name", "guardian"):
            self._known["name"].update(word for word in _words(text) if len(word) >= _SHORTEST_NAME)
        elif name in ("document", "phone"):
            digits = re.sub(r"\D", "", text)[-9:]
            self._known["digits"] |= {digits} if len(digits) >= _SHORTEST_DIGITS else set()
        elif name == "email":
            self._known["email"].add(text.strip().casefold())


def erased_source_key(number: str) -> str:
    """The source key of a complaint whose own is erased."""
    return f"erased:{number}"


def _words(text: str) -> Iterable[str]:
    return re.findall(r"\w+", without_accents(text))
