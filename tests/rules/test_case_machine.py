"""The case as a state machine: facts in any order with any payload, days, letters, calls, outages; it never contradicts
itself. The default run is short; the slow one tries much more."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)
from pydantic import ValidationError

from complaints.policy_file import changed
from complaints.rules.case import Case, parsed
from complaints.rules.facts import FACTS
from complaints.rules.letters import (
    LetterOutcome,
    LetterState,
    Notice,
)
from complaints.rules.notices import lanes, letter_ended, next_letter
from complaints.rules.policy import Policy, rules_in_force
from complaints.rules.readings import Says
from complaints.rules.refusals import clause, refusals_of
from complaints.rules.stages import Effect
from complaints.rules.status import delivered_or_handed_over
from tests.casebook import BY_MAIL, BY_PHONE, LIMA, ROSA, a_complaint, lima
from tests.rules import case_laws
from tests.rules.case_laws import Before

POLICIES: list[dict[str, Any]] = [
    {},
    {"confirmation": {"silence_closes_after": 4, "reminders": 1}},
    {"escalation": {"counted_from": "investigation"}, "calls": {"after_attempts": "manager", "attempts": 1}},
    {"escalation": {"after": 1, "levels": ["administration_manager", "general_director", "board"]}},
    {"windows": {"warn_before": 0}, "updates": {"every_days": 1}, "confirmation": {"reminders": 0}},
    {"calendar": {"office_hours": [["08:00", "12:00"], ["14:00", "24:00"]], "work_days": ["tue", "sat"]}},
]
PEOPLE = st.sampled_from([None, "ana", "bruno", "customer"])
WORDS = st.sampled_from(["", "sí", "No estoy conforme, porque…", "línea\notra", "x" * 300])
DAYS = st.dates(lima("2026-03-20 00:00").date(), lima("2027-03-01 00:00").date())
HOURS = st.sampled_from([0, 1, 5, 23, 24, 49, 72, 120, 200])
READ = st.fixed_dictionaries(
    {
        "field": st.sampled_from(["document", "phone", "occurred_on", "product", "address", "shoe size"]),
        "value": st.sampled_from(["44556677", "987654321", "2026-03-10", "2027-09-09", "Revit", "x"]),
        "words": st.just("lo que dijo"), "evident": st.booleans(), "corrects": st.booleans(),
    }
)  # fmt: skip
FIELDS: dict[str, st.SearchStrategy[Any]] = {
    "text": WORDS, "note": WORDS, "reason": WORDS, "words": WORDS, "notes": WORDS, "question": WORDS, "comment": WORDS,
    "category": WORDS, "severity": WORDS, "department": st.sampled_from([None, "academic", "finance"]),
    "representative": PEOPLE, "missing": st.lists(st.sampled_from(["identification", "la boleta"]), max_size=2),
    "still_missing": st.lists(st.sampled_from(["product"]), max_size=1), "email": st.sampled_from(["r@c.example", "x"]),
    "phone": st.sampled_from(["987654321", "?"]), "product": WORDS, "document": WORDS, "occurred_on": DAYS,
    "date": DAYS, "answer_by": DAYS, "whom": st.sampled_from(["academic", "care_team", "dr@escuela.example"]),
    "for_customer": st.booleans(), "outcome": st.sampled_from(["upheld", "partly", "not", "perhaps"]),
    "corrective_actions": st.lists(st.just("se repone la clase"), max_size=1), "told_in_call": st.booleans(),
    "reached": st.booleans(), "direction": st.sampled_from(["inbound", "outbound"]), "told": st.booleans(),
    "with": PEOPLE, "score": st.integers(0, 6), "permanent": st.booleans(), "into": st.sampled_from(["Q-2", "Q-1"]),
    "absorbed": st.sampled_from(["Q-3", "Q-4", "Q-1"]), "whose": st.sampled_from([None, "same", "other"]),
    "of": st.sampled_from(["Q-3", "Q-4"]), "for_joined": st.booleans(),
    "field": st.sampled_from(["document", "occurred_on", "anything"]),
    "value": st.sampled_from(["44556677", "2026-11-10"]), "up_to": st.sampled_from([1, 5, 20]),
    "sender_proven": st.booleans(), "read": st.lists(READ, max_size=3),
    "seems": st.builds(lambda says: {"says": says, "words": "…"}, st.sampled_from([*Says, "perhaps"])),
}  # fmt: skip


class Complaints(RuleBasedStateMachine):
    """One complaint, to which anything may happen."""

    case: Case
    now: datetime
    before: Before

    @initialize(
        day=DAYS,
        hour=st.sampled_from([0, 8, 9, 13, 18, 23]),
        channel=st.sampled_from(["email", "phone", "web"]),
        customer=st.sampled_from([ROSA, BY_MAIL, BY_PHONE]),
        policy=st.sampled_from(POLICIES),
        product=st.sampled_from([None, "Curso"]),
        waited=HOURS,
    )
    def a_complaint_arrives(self, day: Any, hour: int, waited: int, policy: dict[str, Any], **said: Any) -> None:
        at = datetime(day.year, day.month, day.day, hour, tzinfo=LIMA)
        self.now = at.astimezone(UTC) + timedelta(
            hours=waited
        )  # started late: it was pending, or the server was out of reach
        rules = rules_in_force(changed(Policy(), policy), day)
        received = a_complaint(at.strftime("%Y-%m-%d %H:%M"), **said)
        self.case = Case.opened(received, number="Q-1", rules=rules, now=self.now)
        self.before = Before(self.case.as_of, 0, 0)

    # -- what happens ------------------------------------------------------------------------------------------------

    @rule(
        name=st.sampled_from(sorted(FACTS)), data=st.data(), by=PEOPLE,
        via=st.sampled_from(["signal", "call", "desk", "reply"]),
        ago=st.sampled_from([None, 0, 2, 30, -5]), event=st.sampled_from([None, None, None, "e1", "e2"]),
    )  # fmt: skip
    def somebody_says(
        self, name: str, data: st.DataObject, by: str | None, via: str, ago: int | None, event: Any
    ) -> None:
        wanted = {field.alias or name for name, field in FACTS[name].model_fields.items()}
        chosen = data.draw(st.fixed_dictionaries({}, optional={n: s for n, s in FIELDS.items() if n in wanted}))
        said = {**chosen, "by": by, "via": via, "event_id": event}
        if ago is not None:
            said["at"] = self.now - timedelta(hours=ago)
        if name in (
            "called",
            "involved",
            "noted",
            "feedback-given",
            "closed-by-decision",
            "date-promised",
            "reading-rejected",
        ):
            said = {"reached": True, "field": "document", "whom": "academic", "question": "¿?", "text": "…",
                    "reason": "…", "date": (self.now + timedelta(days=4)).date(), **said}  # fmt: skip
        if name == "letter-bounced":
            said["key"] = data.draw(st.sampled_from([notice.key for notice in self.case.notices] or ["none"]))
        if name == "merged" and data.draw(st.booleans()):
            said["received_at"] = self.now - timedelta(days=data.draw(st.integers(0, 40)))
        if name == "separated" and self.case.absorbed and data.draw(st.booleans()):
            said["absorbed"] = data.draw(st.sampled_from(self.case.absorbed))
        rows, known = len(self.case.rows), event is not None and event in self.case.event_ids
        try:
            fact = parsed(name, (said, "one argument too many"))
        except ValidationError as error:
            self.case.settle(self.now, inclusive=False)
            self.case.ignore(name, clause(*refusals_of(error)))
            return
        effect = self.case.apply(fact, now=self.now)
        assert effect is not Effect.IGNORED or known or self.case.junk
        assert not known or name not in {row.what for row in self.case.rows[rows:]}, "an event id is applied once"

    @rule(hours=HOURS)
    def time_passes(self, hours: int) -> None:
        self.now += timedelta(hours=hours)
        self.case.settle(self.now)
        self.is_settled()

    @rule()
    def the_next_deadline_comes(self) -> None:
        if clock := self.case.next_clock:
            self.now = max(self.now, clock.due)
            self.case.settle(self.now)
            self.is_settled()

    @rule(hours=HOURS)
    def the_worker_is_down(self, hours: int) -> None:
        self.now += timedelta(hours=hours)

    @rule(data=st.data(), state=st.sampled_from(["sent", "sent", "sent", "failed", "uncertain", "due", "superseded"]))
    def a_letter_is_tried(self, data: st.DataObject, state: str) -> None:
        if not (waiting := lanes(self.case)):
            return
        self.case.settle(self.now, inclusive=False)
        notice = next_letter(self.case, data.draw(st.sampled_from(waiting)))
        if notice is None:
            return
        self.is_fit_for_its_reader(notice)
        if state != "due":
            notice.state = LetterState.CLAIMED.value
            letter_ended(self.case, notice.key, LetterOutcome(state=LetterState(state), message_id="<1@x>"))

    @rule()
    def all_letters_go_out(self) -> None:
        self.case.settle(self.now, inclusive=False)
        while waiting := lanes(self.case):
            for recipient in waiting:
                if notice := next_letter(self.case, recipient):
                    self.is_fit_for_its_reader(notice)
                    letter_ended(self.case, notice.key, LetterOutcome(state=LetterState.SENT))
        assert delivered_or_handed_over(self.case)

    @rule()
    def junk_comes(self) -> None:
        self.case.settle(self.now, inclusive=False)
        self.case.ignore("no-such-signal", "no signal of this name")

    @rule()
    def it_is_carried_into_a_new_run(self) -> None:
        carried = Case.model_validate_json(self.case.model_dump_json())
        assert carried == self.case
        self.case = carried

    @precondition(lambda self: self.case.rows)
    @rule()
    def it_is_told_again(self) -> None:
        case_laws.it_can_be_told_again(self.case)
        case_laws.it_would_be_whole_in_the_records(self.case)

    def teardown(self) -> None:
        if hasattr(self, "case"):
            self.it_is_told_again()

    # -- what always holds -------------------------------------------------------------------------------------------

    @invariant()
    def time_and_level_never_go_back(self) -> None:
        case_laws.time_and_level_never_go_back(self.case, self.before)
        self.before = Before.of(self.case)

    @invariant()
    def every_law_holds(self) -> None:
        for law in case_laws.LAWS:
            law(self.case)

    def is_settled(self) -> None:
        case_laws.is_settled(self.case, self.now)

    def is_fit_for_its_reader(self, notice: Notice) -> None:
        case_laws.is_fit_for_its_reader(self.case, notice)


def test_found_at_random_a_resolution_that_is_only_decided_leaves_the_updates_their_days() -> None:
    """Until it is explained §5.4 counts, not the reminders of §8: a policy may give them other days."""
    life = Complaints()
    life.a_complaint_arrives(
        day=lima("2026-03-20 00:00").date(), hour=0, waited=0, channel="email", customer=ROSA, product=None,
        policy={"updates": {"every_days": 1}, "confirmation": {"remind_every_days": 3}},
    )  # fmt: skip
    life.case.apply(parsed("resolved", ()), now=life.now)
    life.the_next_deadline_comes()
    assert life.case.last_word_at == life.case.received_at + timedelta(days=1)


QUICK = settings(
    max_examples=60, stateful_step_count=30, deadline=None, derandomize=True,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.filter_too_much, HealthCheck.data_too_large],
)  # fmt: skip
THOROUGH = settings(QUICK, max_examples=400, stateful_step_count=50)


@pytest.mark.timeout(900)  # a failure takes minutes to be made small
def test_the_case_never_contradicts_itself() -> None:
    run_state_machine_as_test(Complaints, settings=QUICK)


@pytest.mark.slow
@pytest.mark.timeout(1800)
def test_nor_in_many_more_lives() -> None:
    run_state_machine_as_test(Complaints, settings=THOROUGH)
