"""What a customer's page tells: where the complaint stands, what comes next, what we need, and what may be said now."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import cached_property
from typing import Any

from complaints.contacts import Contacts
from complaints.mail.recipients import People
from complaints.mail.saying import Saying
from complaints.records.ledger import LetterRow
from complaints.rules.details import FIELD_OF
from complaints.rules.facts import (
    CustomerDissatisfied,
    CustomerSatisfied,
    DetailsRequested,
    Merged,
    Noted,
    Replied,
    ResolutionCorrected,
    Resolved,
    Separated,
    SurveyAnswered,
    Whose,
)
from complaints.rules.given_files import GivenFile, files_in, taken_away
from complaints.rules.journal import CaseRecord
from complaints.rules.letters import CUSTOMER, Contents, LetterState
from complaints.rules.policy import Policy
from complaints.rules.resolved import may_be_a_no, resolutions_of, standing_resolution
from complaints.rules.rounds import this_round
from complaints.rules.status import Status, TimelineEntry
from complaints.words.catalogue import N_, Message
from complaints.words.wording import Wording
from desk.customer.joined import goes_on_as_theirs, is_to_tell, written_from
from desk.customer.letters import read_again
from desk.customer.lines import Line, SentLetter, Step
from desk.customer.vocabulary import ALSO_TOLD, ENDS, OWN_WORDS, REACHED_BY, ROUTE, STEPS, UNPROVEN

_SENT = frozenset({LetterState.SENT, LetterState.UNCERTAIN})
_ANSWERS = frozenset({Resolved.name, ResolutionCorrected.name})
_WITH_FILES = _ANSWERS | {Replied.name, Noted.name}
"""Rows with files for the customer, where they are told of the row at all; those of calls are ours."""


@dataclass(frozen=True)
class Story:
    """One complaint as its customer may read it. Nothing internal: no notes of ours, no names they need not know."""

    status: Status
    timeline: Sequence[TimelineEntry]
    record: CaseRecord | None
    sent: Sequence[LetterRow]
    contacts: Contacts
    policy: Policy
    words: Wording
    now: datetime
    after: frozenset[str] = frozenset()
    """The ids of what was said after the end."""

    # -- where it stands ---------------------------------------------------------------------------------------------

    @property
    def closed(self) -> bool:
        """Whether it has ended."""
        return self.status.outcome is not None

    @property
    def stands(self) -> str:
        """Where the complaint stands, in one sentence."""
        if self.closed and self.status.outcome == "merged" and not goes_on_as_theirs(self.timeline):
            return self.words.gettext("We joined your complaint with another about the same matter.")
        if self.closed:
            said = self.words.say(ENDS.get(str(self.status.outcome), ENDS["withdrawn"]))
            return said.format(into=self.status.merged_into)
        if self.status.stage == "confirmation" and not self.is_explained:
            return self.words.gettext(
                "Your complaint is decided, and whoever handles it will explain the decision to you."
            )
        said = self.words.stage_to_customer(self.status.stage)
        return f"{said[0].upper()}{said[1:]}."

    @property
    def steps(self) -> list[Step]:
        """The route with what is done, where it is, and what comes."""
        at = self._reached
        here = ROUTE.index(self.status.stage)
        far = max(ROUTE.index(name) for name in at) if self.closed else here
        found = []
        for place, name in enumerate(ROUTE):
            if place == here:
                when = self.words.day(self.status.closed_at) if self.status.closed_at else None
                found.append(Step(self.words.say(STEPS[name]), "now", when))
            elif place <= far and place < here:  # what a later step implied is done, too
                when = self.words.day(at[name]) if name in at else None
                found.append(Step(self.words.say(STEPS[name]), "done", when))
            elif place > here:
                found.append(Step(self.words.say(STEPS[name]), "todo"))
        return found

    @property
    def rows(self) -> list[tuple[str, str]]:
        """Who has it, and what happens by when."""
        status, say = self.status, self._saying
        if self.closed:
            return []
        department = say.department if say.department and say.department not in say.owner else None
        pairs = (
            (N_("Who has it"), say.owner),
            (N_("Department"), department),
            *self._this_step(),
            *self._promise(),
            (N_("You will hear from us by"),
             self.words.day(status.next_word_at) if status.next_word_at and status.next_word_at > self.now else None),
        )  # fmt: skip
        return [(self.words.say(label), value) for label, value in pairs if value]

    def _this_step(self) -> Iterator[tuple[Message, str | None]]:
        due = self.status.due if self.status.due_name == self.status.stage else None
        if due is None:
            return
        if due > self.now:
            yield N_("This step should be done"), self.words.until(due)
            return
        late = self.words.gettext("{day}. We are late, and whoever answers for your complaint knows it.")  # fmt: skip
        yield N_("This step should have been done"), late.format(day=self.words.day(due))

    def _promise(self) -> Iterator[tuple[Message, str | None]]:
        day = self.status.promised_for
        if day is None or self.status.stage == "confirmation":
            return
        if day >= self._today:
            yield N_("Date promised for your answer"), self.words.day(day)
            return
        missed = self.words.gettext("{day}, and we missed it. We are sorry.")
        yield (
            N_("We had promised you an answer"),
            missed.format(day=self.words.day(day)),
        )

    # -- what we need ------------------------------------------------------------------------------------------------

    @property
    def missing(self) -> list[str]:
        """Exactly what we still need, each as an item of a list; nothing any more once it is resolved."""
        return [self.words.missing(detail) for detail in self._missing]

    @property
    def fields(self) -> list[str]:
        """The labelled fields for what is missing."""
        return [FIELD_OF[item] for item in self._missing if item in FIELD_OF]

    @property
    def _missing(self) -> tuple[str, ...]:
        return self.status.asks_for

    @property
    def needs(self) -> bool:
        """Whether we wait for something from the customer."""
        return bool(self.missing or self.question)

    @property
    def question(self) -> str | None:
        """What whoever handles the case asks, while it waits for the answer."""
        if self.closed or not self.status.waiting_for_details:
            return None
        asked = [row for row in self.timeline if row.what == DetailsRequested.name]
        return str(asked[-1].data.get("question") or "") or None if asked else None

    # -- the resolution ----------------------------------------------------------------------------------------------

    @cached_property
    def _round(self) -> list[TimelineEntry]:
        """What happened in the present round; a dispute or a reopening began it."""
        return list(this_round(self.timeline))

    @cached_property
    def _resolved(self) -> list[TimelineEntry]:
        """The resolution and its corrections, oldest first."""
        return resolutions_of(self.timeline)

    @cached_property
    def _standing(self) -> dict[str, Any]:
        """The resolution as it stands, by field."""
        return standing_resolution(self.timeline)

    @property
    def is_explained(self) -> bool:
        """Whether the customer has, or is being sent, the resolution itself."""
        return any(row.data.get("text") or row.data.get("told_in_call") for row in self._resolved)

    @property
    def resolution(self) -> str | None:
        """The resolution's words; None where it was only told by telephone."""
        return self.status.resolution

    @property
    def told_by_phone(self) -> bool:
        """Whether it was told in a call, and there are no words to read."""
        return not self.resolution and self.is_explained

    @property
    def verdict(self) -> str | None:
        """`su queja tiene fundamento en parte`."""
        return self.words.outcome(self._outcome) if self._outcome else None

    @property
    def _outcome(self) -> str | None:
        return self._standing.get("outcome")

    @property
    def names_ways_outside(self) -> bool:
        """Whether what we say may be a no: our answer, or an end that is not what they asked for."""
        if self.closed and self.status.outcome != "satisfied":
            return self.status.outcome in ("decision", "not-a-complaint", "silence")
        return (self.asked or self.closed) and may_be_a_no(self._outcome, at_last_level=self.at_last_level)

    @property
    def measures(self) -> list[str]:
        """The corrective actions."""
        return [str(one) for one in self._standing.get("corrective_actions", ())]

    @property
    def at_last_level(self) -> bool:
        """Whether the case is at the last level: §7 names no one above."""
        return self.status.level >= len(self.policy.escalation.levels)

    @property
    def by_the_director(self) -> bool:
        """Whether who looks into it after a no is the general director: the last level, or what stands above."""
        above = 0 if self.said_no_at else 1
        return self.at_last_level or self.status.level + above > 1

    # -- what may be said now ----------------------------------------------------------------------------------------

    def has_heard(self, event_id: str) -> bool:
        """Whether what was sent under this id is in already."""
        return event_id in self.after or any(row.data.get("event_id") == event_id for row in self.timeline)

    @property
    def asked(self) -> bool:
        """Whether we wait for the customer's yes or no."""
        return self.status.stage == "confirmation" and self.is_explained

    @property
    def reopens_until(self) -> date | None:
        """The last day for a no after all; None where there is none (§8)."""
        if self.status.closed_at is None or self.status.outcome in ("merged", "not-a-complaint"):
            return None
        last = self.status.closed_at + timedelta(days=self.policy.reopening.within_days)
        return day if (day := self.words.day_of(last)) >= self._today else None

    @property
    def said_no_at(self) -> str | None:
        """When they disputed what was resolved before, while there is no new resolution."""
        if self.closed or self.status.stage == "confirmation" or self.status.round == 1:
            return None
        return self.words.at(self._round[0].at) if self._round else None

    @property
    def changed_mind(self) -> bool:
        """Whether they said yes after that no."""
        said = [row.what for row in self._round if row.what in (CustomerSatisfied.name, CustomerDissatisfied.name)]
        return said[-1:] == [CustomerSatisfied.name]

    @property
    def may_withdraw(self) -> bool:
        """Whether the customer may take the complaint back: while it is open."""
        return not self.closed

    @property
    def may_praise(self) -> bool:
        """Whether feedback is asked for (§6): once there is a resolution, and after the end."""
        return self.asked or (self.closed and self.status.outcome not in ("merged", "not-a-complaint"))

    @property
    def may_survey(self) -> bool:
        """Whether the survey is offered: with the closing, once a round (§8)."""
        return self.closed and self.status.outcome not in ("merged", "not-a-complaint") and self.score is None

    @property
    def score(self) -> int | None:
        """What they answered in this round's survey."""
        given = [row for row in self.timeline if row.what == SurveyAnswered.name]
        found = [row.data.get("score") for row in given if row.data.get("round") == self.status.round]
        return int(str(found[-1])) if found else None

    # -- what happened -----------------------------------------------------------------------------------------------

    @property
    def lines(self) -> list[Line]:
        """What happened, the newest first."""
        return [line for row in reversed(self.timeline) if (line := self._line(row))]

    @property
    def letters(self) -> list[SentLetter]:
        """What we sent, the newest first, without the links in it."""
        return [
            SentLetter(self.words.at(row.occasion_at), self.words.letter(str(row.kind)), read_again(row.text or ""))
            for row in reversed(self.sent)
            if row.recipient == CUSTOMER and row.state in _SENT and row.occasion_at
        ]

    def _line(self, row: TimelineEntry) -> Line | None:
        what = self.words.happened_to_customer(row.what, level=row.data.get("level", 0))
        if what is None and row.what in ALSO_TOLD:
            what = self.words.say(ALSO_TOLD.get(f"{row.what}/{row.data.get('outcome')}", ALSO_TOLD[row.what]))
        if row.data.get("sender_proven") is False:
            what = self.words.say(UNPROVEN)
        hidden = (
            (row.what == "noted" and not row.data.get("for_customer"))
            or (row.what == "called" and not row.data.get("reached"))
            or (row.what == "merged" and not is_to_tell(row))
            or (row.what == "reopened" and row.data.get("reason") == Separated.name)
        )
        if what is None or hidden:
            return None
        return Line(self.words.at(row.at), self._with_particulars(what, row), self._text(row), self._files(row))

    def _files(self, row: TimelineEntry) -> tuple[GivenFile, ...]:
        """What we gave them with it; what a correction took away is not theirs any more."""
        gone = self._taken_away if row.what in _ANSWERS else ()
        return tuple(file for file in files_in(row.data) if file.digest not in gone) if row.what in _WITH_FILES else ()

    @cached_property
    def _taken_away(self) -> frozenset[str]:
        return taken_away(row.data for row in self._resolved)

    @cached_property
    def files(self) -> dict[str, GivenFile]:
        """Every file that the page offers, by its digest."""
        return {file.digest: file for line in self.lines for file in line.files}

    @property
    def answer_files(self) -> list[GivenFile]:
        """What goes with our answer."""
        given = [file for row in self._resolved for file in self._files(row)]
        return list({file.digest: file for file in given}.values())

    @cached_property
    def _written_from_here(self) -> frozenset[str]:
        return written_from(self.record.email if self.record else None, self.timeline)

    def _with_particulars(self, what: str, row: TimelineEntry) -> str:
        said = None
        if row.what == Merged.name and row.data.get("whose") == Whose.OTHER.value:
            return self.words.gettext("We look at your complaint together with another about the same matter.")
        if row.what == "assigned" and (department := row.data.get("department")):
            people = People(self.contacts, Contents(), self._today)
            said = people.named_department(str(department), self.words.language)
        elif row.what == "date-promised" and (day := row.data.get("date")):
            said = self.words.iso_day(str(day))
        return f"{what[:-1]}: {said}." if said else what

    def _text(self, row: TimelineEntry) -> str | None:
        """Words for the customer, or their own."""
        if row.what in ("noted", Replied.name):
            return str(row.data.get("text") or "") or None
        if row.what == Merged.name and row.data.get("whose") == Whose.SAME.value:
            whole = f"{row.data.get('absorbed')}: {row.data.get('text') or ''}"
            return whole if str(row.data.get("absorbed")) in self._written_from_here else None
        if row.data.get("of") and str(row.data["of"]) not in self._written_from_here:
            return None
        if row.data.get("sender_proven") is False:  # it may be another person's, and nobody reads a stranger's words
            return None
        if row.what in OWN_WORDS and row.by == CUSTOMER:
            return str(row.data.get(OWN_WORDS[row.what]) or "") or None
        return None

    @cached_property
    def _reached(self) -> dict[str, datetime]:
        """When each step was completed: assessment and assignment ever, the rest in this round."""
        at = {"received": self.status.received_at}
        for row in self.timeline:
            if (step := REACHED_BY.get(row.what)) and (step != "investigation" or row in self._round):
                at.setdefault(step, row.at)
        if self.closed and self.status.outcome == "satisfied" and (given := self.status.closed_at):
            at["confirmation"] = given
        return at

    @cached_property
    def _saying(self) -> Saying:
        status = self.status
        contents = Contents(
            owner=status.owner, department=status.department, representative=status.representative,
            missing=status.missing,
        )  # fmt: skip
        return Saying(self.words, People(self.contacts, contents, self._today), contents, to_customer=True)

    @property
    def _today(self) -> date:
        return self.words.day_of(self.now)
