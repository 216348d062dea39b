"""Every reason for which the rules say no, once: a code with its values, and the English in which records keep it.

The English is no prose for readers but part of the records: journals, the engine's histories and programs that ask know
each sentence, so none of them changes. What a reader is told, in whichever language, is `complaints.words.refusals`.
"""

from collections.abc import Iterable, Mapping
from types import MappingProxyType
from typing import Any, NamedTuple

from pydantic import ValidationError
from pydantic_core import ErrorDetails, PydanticCustomError


class Refusal(NamedTuple):
    """Why something does not fit."""

    code: str
    """One of `ENGLISH`, such as `resolved.assess`; of a model's field also a type of pydantic's: `string_too_long`."""
    values: Mapping[str, str] = MappingProxyType({})
    """What stands in the braces of its sentence; never what was sent, which may be personal."""
    field: str = ""
    """The field that it is about, as programs call it: `customer.phone`."""


def N_(english: str) -> str:  # noqa: N802 - gettext's own name for it
    """Gettext's mark: what stands in it is collected for the catalogue, and is itself its key."""
    return english


ENGLISH: Mapping[str, str] = {
    # The table of facts and stages
    "closed": N_("it is closed; if the customer is not satisfied, reopen it"),
    "resolved.assess": N_("it is resolved; nothing is left to assess"),
    "resolved.request-details": N_(
        "it is resolved; if details are needed after all, record the customer's dispute first"
    ),
    "resolved.assign": N_("it is resolved; assign it again when the customer disputes the resolution"),
    "resolved.involve": N_("it is resolved; add a note instead"),
    "resolved.promise": N_("it is resolved; no date is left to promise"),
    "resolved.dismiss": N_("it was resolved as a complaint; close it by decision instead"),
    "survey.early": N_("the survey comes with the closing (§8)"),
    # What a fact says does not fit the case
    "resolved.merge": N_("it is resolved; close it by decision and name the other case in the reason"),
    "resolved.explained": N_(
        "it is resolved and explained already; a new resolution needs the customer's dispute first"
    ),
    "resolved.unexplained": N_("it is resolved already; what is missing is its explanation, as a text"),
    "correct.unresolved": N_("nothing is resolved yet that could be corrected"),
    "correct.unexplained": N_("the customer has no answer yet that could be corrected; explain the resolution first"),
    "held.act": N_("is nothing that can wait and be taken back"),
    "send.none": N_("nothing waits to be sent any more: it has gone out already, or was taken back"),
    "undo.none": N_("nothing waits to be sent any more; correct the resolution, or write to the customer"),
    "survey.answered": N_("the survey of this round is answered already"),
    "letter.elsewhere": N_(
        "the letter went to an address that was corrected since; the new one is written to as before"
    ),
    "details.none-missing": N_("nothing is missing: say what you need, with `missing` or `question`"),
    "day.over": N_("{day} is over; promise a day to come"),
    "day.closed": N_("{day} is no business day; the next one is {next}"),
    "day.future": N_("lies in the future"),
    "resolved.names": N_(
        "the text names this customer ({word}), and others would read it: write it without, or for this one alone"
    ),
    "names.another": N_(
        "the text names another customer ({word}), whose complaint goes along with this one: write it without"
    ),
    "merge.nameless": N_("name the complaint that goes on"),
    "merge.itself": N_("a complaint cannot be merged into itself"),
    "merge.whose": N_("say whose the two complaints are: one person's (same) or two people's (other)"),
    "merge.resolved": N_("it is resolved; two people's complaints are joined before that"),
    "merge.twice": N_("it goes along with {number} already; separate the two first"),
    "merge.carries": N_("{numbers} came into it; separate them first, or merge the other way round"),
    "separate.alone": N_("it is not merged with another complaint"),
    "separate.stranger": N_("{number} is not merged into it"),
    "separate.other-way": N_("it is {number} that leaves: separate that one"),
    "separate.over": N_("it was merged more than {days} days ago"),
    "merge.not-open": N_("{number} is not open; nothing was told there"),
    "reopening.over": N_("it closed more than {days} days ago, or not as a resolved complaint"),
    "rules.same": N_("these rules hold for it already"),
    "rules.ladder": N_("it is at level {level}, and the new ladder ends at {levels}"),
    "words.full": N_("it holds as much text as a complaint can; keep what is new elsewhere and name the place here"),
    "words.long": N_("it holds almost as much text as a complaint can; say this in at most {characters} characters"),
    "messages.none-new": N_("nothing that the customer wrote is new; all of it is answered or read"),
    "reading.none": N_("nothing of that kind was read in the customer's words"),
    "start.already": N_(
        "something else was sent under this key before, and is registered as {number}; what is sent now is not "
        "registered. If it is new, send it under another key"
    ),
    "sent.already": N_(
        "something else was sent under this id already; what is sent now is not registered. If it is new, send it "
        "under another id"
    ),
    # What a field cannot hold
    "text.empty": N_("must not be empty"),
    "text.control": N_("holds the control character {character}, which cannot be kept: take it out"),
    "text.lines": N_("must be one line"),
    "files.large": N_("are more than {megabytes} MB together"),
    "text.email": N_("is not an email address"),
    "text.phone": N_("is not a telephone number"),
    "text.misspelt": N_("is not spelled as it should be"),
    "time.zone": N_("names no time zone: write it as 2026-07-22T09:00-05:00"),
    "time.years": N_("lies outside the years {first} to {last}"),
    "time.offset": N_("is more than {years} years"),
    "customer.unreachable": N_("an email or a phone is needed, so that we can answer"),
    "receipt.old": N_("lies more than {years} years back; start it without, or with a later one"),
    # What the rules of a school cannot be
    "policy.twice": N_("must not name anything twice"),
    "policy.key": N_("must be a key of small letters, digits and _, like 'general_director'"),
    "policy.warnings": N_("warn_on ({days}) must go up and end before business_days ({limit})"),
    "policy.letter": N_("{kind} is no kind of letter; there are: {known}"),
    "policy.language": N_("customer_languages must hold the school's own language, {language}"),
    "calendar.clock": N_("must be a time of day like '09:00', up to '24:00'"),
    "calendar.zone": N_("is not a time zone: write it like 'America/Lima'"),
    "calendar.day-twice": N_("must not name a day twice"),
    "calendar.interval": N_("an interval must end after it starts on the same day: {opens} to {closes} does not"),
    "calendar.overlap": N_("intervals must be in order and must not overlap: {opens} comes before {earlier}"),
    # What the front desk and the workflow say no to
    "representative.unknown": N_("nobody here is called that; there are: {known}"),
    "helper.unknown": N_(
        "nobody is known by that; name a department, a colleague, or an email address of the school's staff"
    ),
    "department.unknown": N_("There is no department {named}; there are: {known}"),
    "day.future-start": N_("lies in the future; say the day on which it happened, or none"),
    "signal.unknown": N_("no signal of this name"),
    "payload.foreign-key": N_(
        "its payload cannot be read: it is sealed with a key that this system does not have ({key})"
    ),
    "payload.unreadable": N_("its payload cannot be read (encoding {encoding})"),
    "cancelled": N_("a complaint cannot be cancelled; close it by decision, with a written reason"),
    "start.number": N_("letters, digits and hyphens, at most 40"),
    "start.id": N_("letters, digits and hyphens, at most 40; it is the complaint's number"),
    "start.other-id": N_("is not the workflow id"),
    "start.broken": N_("does not hold together: the case could not go on from it; have it made from its journal"),
}
"""By code."""


def clause(*refusals: Refusal) -> str:
    """As records say it: `into: name the complaint that goes on`; several joined by semicolons."""
    return "; ".join(f"{each.field}: {_reason(each)}" if each.field else _reason(each) for each in refusals)


def _reason(refusal: Refusal) -> str:
    return ENGLISH[refusal.code].format_map(refusal.values) if refusal.code in ENGLISH else refusal.values["message"]


class NotNow(Exception):
    """What was asked does not fit the case as it stands. Says to which case, why, and what to do instead."""

    def __init__(self, *refusals: Refusal, number: str = "", stage: str = "") -> None:
        """`number`: of the case, where there is one. `stage`: where the reason is that it has come so far."""
        self.refusals, self.number, self.stage = refusals, number, stage
        self.about = f"{number} is in {stage}: " if stage else f"{number}: " if number else ""
        super().__init__(f"{self.about}{clause(*refusals)}.")

    def details(self) -> dict[str, Any]:
        """The same for programs, as JSON; `read` reads it."""
        return {"number": self.number, "stage": self.stage, "refusals": as_details(self.refusals)}

    @classmethod
    def read(cls, details: Any) -> "NotNow | None":
        """What `details` gave; None for anything else, as an older worker or somebody else's program sends."""
        try:
            refusals = [Refusal(each["code"], each["values"], each["field"]) for each in details["refusals"]]
            return cls(*refusals, number=details["number"], stage=details["stage"])
        except (TypeError, KeyError, ValueError):
            return None


def as_details(refusals: Iterable[Refusal]) -> list[dict[str, Any]]:
    """Refusals as JSON, for the details of a failure."""
    return [{"code": each.code, "field": each.field, "values": dict(each.values)} for each in refusals]


# -- what a model refuses --------------------------------------------------------------------------------------------


def invalid(code: str, **values: object) -> PydanticCustomError:
    """What a validator raises: its type of error is the code."""
    return PydanticCustomError(code, ENGLISH[code], {name: str(value) for name, value in values.items()})  # type: ignore[arg-type,unused-ignore]


LONGEST_PART = 60
"""Characters of each part of a field's name: ours are shorter, a stranger's may be anything."""


def refusals_of(error: ValidationError) -> tuple[Refusal, ...]:
    """Each field that a model refuses, and why."""
    return tuple(map(_refusal, error.errors(include_input=False, include_url=False)))


def _refusal(problem: ErrorDetails) -> Refusal:
    kind, field = problem["type"], ".".join(_plain(part)[:LONGEST_PART] for part in problem["loc"])
    values = {name: _plain(value) for name, value in problem.get("ctx", {}).items()}
    if kind in ENGLISH:
        return Refusal(kind, values, field or _ABOUT.get(kind, ""))
    if kind in _OURS:  # in words that somebody at a telephone understands, where the validator speaks of items
        return Refusal(_OURS[kind], {}, field)
    if kind == "string_pattern_mismatch":
        return Refusal(_PATTERNS.get(field.rpartition(".")[2], "text.misspelt"), {}, field)
    said = values["error"] if kind == "value_error" else _plain(problem["msg"])  # the validator's own words alone
    return Refusal(kind, {**values, "message": said}, field)


def _plain(said: object) -> str:
    """What may hold words from outside (a field that nobody knows, a key), as a journal and an error can: a character
    that no database or engine takes would keep them from ever being written."""
    return "".join(character if character.isprintable() else "�" for character in str(said))


_OURS = {"too_short": "text.empty", "string_too_short": "text.empty", "timezone_aware": "time.zone"}
_PATTERNS = {"email": "text.email", "phone": "text.phone"}
_ABOUT = {"customer.unreachable": "customer"}
"""The field of a reason that is found when the whole is looked at."""
