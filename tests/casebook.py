"""A case without a server: facts, letters and days, told in Lima time. For tests of the rules alone."""

from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any, Self
from zoneinfo import ZoneInfo

from complaints.policy_file import changed
from complaints.rules.case import Case, parsed
from complaints.rules.clocks import running
from complaints.rules.contents import letter_order
from complaints.rules.letters import CUSTOMER, LetterKind, LetterOrder, LetterOutcome, LetterState, Notice
from complaints.rules.notices import lanes, letter_ended, next_letter
from complaints.rules.policy import Policy, rules_in_force
from complaints.rules.received import ComplaintReceived
from complaints.rules.retelling import told_again
from complaints.rules.stages import Effect

LIMA = ZoneInfo("America/Lima")
WEDNESDAY = "2026-07-22 09:00"
"""Before Fiestas Patrias: +1 is Fri 07-24, +2 Mon 07-27, +5 Mon 08-03, +15 Tue 08-18; 07-23, 28, 29, 08-06 are free."""

ROSA = {"name": "Rosa Quispe", "document": "45678912", "email": "rosa@correo.example", "phone": "+51 987 654 321"}
BY_MAIL = {**ROSA, "phone": None}
BY_PHONE = {**ROSA, "email": None}
PROBLEM = {"description": "El curso de BIM no tuvo las horas prometidas.", "occurred_on": "2026-07-01"}

SENT = LetterOutcome(state=LetterState.SENT, message_id="<1@escuela.example>")
FAILED = LetterOutcome(state=LetterState.FAILED, reason="550 no such user")


def lima(text: str) -> datetime:
    """`2026-07-22 09:00` in Lima, as UTC."""
    return datetime.fromisoformat(text).replace(tzinfo=LIMA).astimezone(UTC)


def shown(at: datetime) -> str:
    """An instant as `2026-07-22 09:00` in Lima."""
    return at.astimezone(LIMA).strftime("%Y-%m-%d %H:%M")


def a_complaint(at: str = WEDNESDAY, **changes: Any) -> ComplaintReceived:
    """A complaint that says all that §4 asks for, received at that Lima time."""
    said = {
        "source_key": "casebook/1", "channel": "email", "received_at": lima(at), "customer": ROSA, "problem": PROBLEM,
        "product": "Curso de BIM", **changes,
    }  # fmt: skip
    said["customer"] = {name: value for name, value in said["customer"].items() if value is not None}
    return ComplaintReceived.model_validate(said)


@dataclass
class Tale:
    """One case whose letters go out at once, unless somebody says otherwise."""

    case: Case
    now: datetime
    mail: LetterOutcome | None = SENT
    """What becomes of a letter to the customer; None: the mail server is away, for everybody."""
    orders: list[LetterOrder] = field(default_factory=list)

    @classmethod
    def begins(
        cls,
        at: str = WEDNESDAY,
        *,
        policy: dict[str, Any] | None = None,
        mail: LetterOutcome | None = SENT,
        number: str = "Q-7KF3-02M9D",
        **said: Any,
    ) -> Self:
        """A complaint arrives."""
        rules = rules_in_force(changed(Policy(), policy or {}), datetime.fromisoformat(at).date())
        case = Case.opened(a_complaint(at, **said), number=number, rules=rules, now=lima(at))
        tale = cls(case, lima(at), mail)
        tale.post()
        return tale

    def until(self, at: str) -> Self:
        """Time passes, from deadline to deadline, up to and with that Lima time; letters go out as they fall due."""
        while (clock := self.case.next_clock) is not None and clock.due <= lima(at):
            self.now = max(self.now, clock.due)
            self.case.settle(self.now)
            self.post()
        self.now = max(self.now, lima(at))
        self.case.settle(self.now)
        self.post()
        return self

    def says(self, name: str, *, on: str | None = None, **fields: Any) -> Effect:
        """A fact arrives, on that Lima time or now."""
        if on is not None:
            self.until(on)
        effect = self.case.apply(parsed(name, (fields,) if fields else ()), now=self.now)
        self.post()
        return effect

    def sleeps(self, **span: float) -> Self:
        """Nobody is there to let deadlines pass: the worker is down."""
        self.now += timedelta(**span)
        return self

    def post(self) -> None:
        """Sends what is due, unless the mail server is away."""
        while self.mail is not None and (waiting := lanes(self.case)):
            for recipient in waiting:
                if notice := next_letter(self.case, recipient):
                    self.orders.append(self.order(notice))
                    notice.state = LetterState.CLAIMED.value
                    letter_ended(self.case, notice.key, self.mail if recipient == CUSTOMER else SENT)

    def order(self, notice: Notice) -> LetterOrder:
        """The letter of that notice, as it would go out now."""
        return letter_order(self.case, notice, staff_language="es")

    # -- what one sees -----------------------------------------------------------------------------------------------

    def told(self, recipient: str = CUSTOMER) -> list[str]:
        """The kinds of the letters that somebody was sent, in order."""
        return [order.kind.value for order in self.orders if order.recipient == recipient]

    def letters(self, kind: LetterKind, recipient: str | None = None) -> list[LetterOrder]:
        """The letters of that kind that went out."""
        return [order for order in self.orders if order.kind is kind and recipient in (None, order.recipient)]

    def notices(self, *kinds: LetterKind) -> list[str]:
        """Who was to be told of what, sent or not: `occasion → recipient`."""
        return [
            f"{notice.key.split('/', 1)[1].rsplit('/', 1)[0]} → {notice.recipient}"
            for notice in self.case.notices
            if not kinds or notice.kind in kinds
        ]

    def happened(self, *what: str) -> list[str]:
        """What happened and when, in Lima time: rows of these kinds, or all but letters."""
        return [
            f"{shown(row.at)} {row.what}"
            for row in self.case.rows
            if (row.what in what or row.what.split("/")[0] in what if what else not row.what.startswith("letter-"))
        ]

    def due(self, name: str) -> str | None:
        """When that clock strikes, in Lima time; None if it does not run."""
        return next((shown(clock.due) for clock in running(self.case) if clock.name == name), None)

    def again(self) -> Case:
        """The case told again from its journal."""
        return told_again(self.case.number, self.case.rows)
