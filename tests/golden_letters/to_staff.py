"""Letters to the school's own people that are about no single case: the review, the digest, the alarm."""

from datetime import date, datetime

from complaints.contacts import Contacts
from complaints.mail.alarm import render_alarm
from complaints.mail.digest import render_digest
from complaints.mail.letters import Attachment, Letter
from complaints.mail.review import Enclosed, render_review
from complaints.rules import digest, verify
from complaints.rules.calendar import Calendar, OfficeHours
from complaints.rules.digest import DigestDay, Part, Standing, digest_order
from complaints.rules.report.review import Escalations, MonthFigures, Satisfaction, review_order
from complaints.rules.report.review_record import Opened, ReviewAction
from complaints.rules.verify import alarm_order
from complaints.words.vocabulary import Language

REVIEW = "quality-review"
KINDS = (REVIEW, digest.KIND, verify.KIND)
CALENDAR = Calendar(OfficeHours(), [date(2026, 7, 28), date(2026, 7, 29)])
DESK = "https://quejas.escuela.example"

FIGURES = MonthFigures(
    first=date(2026, 7, 1),
    after=date(2026, 8, 1),
    received=12,
    by_channel={"email": 8, "phone": 4},
    by_department={"academic": 9, "unassigned": 3},
    closed={"satisfied": 6, "decision": 1},
    open_at_end=5,
    unconfirmed=("Q-7KF3-02M9D",),
    late={"assessment": 2, "legal": 1},
    escalations=(Escalations(level=1, reason="time", cases=3, on_schedule=1),),
    median_hours_to_acknowledge=0.2,
    median_hours_to_assess=27.25,
    median_hours_to_resolve=98.4,
    satisfaction=Satisfaction(answers=4, average=4.25, scores={5: 2, 4: 1, 3: 1}),
    by_decision=("Q-1AB2-C3D4E",),
    dismissed=("Q-9ZZ1-XW8V4",),
)
_ENCLOSED: dict[Language, Enclosed] = {
    "es": Enclosed(
        title="Qué habría evitado los escalamientos",
        sentences=("Cada escalamiento está una vez, bajo su causa principal: 3 escalamientos.",),
        points=(
            "2 quejas escalaron sin que nadie las hubiera evaluado. Evaluar cada queja en sus 1 a 2 días hábiles.",
            "1 queja escaló esperando datos del cliente. Pedir en el primer contacto exactamente lo que falta.",
        ),
        file=Attachment("informe-2026-07.pdf", "application/pdf", b"%PDF-1.7"),
    ),
    "en": Enclosed(
        title="What would have prevented the escalations",
        sentences=("Each escalation stands once, under its main cause: 3 escalations.",),
        points=(
            "2 complaints escalated before anybody had assessed them. Assess each within its 1 to 2 business days.",
            "1 complaint escalated while waiting for details. Ask for exactly what is missing at the first contact.",
        ),
        file=Attachment("report-2026-07.pdf", "application/pdf", b"%PDF-1.7"),
    ),
}


def to_staff(kind: str, contacts: Contacts, moment: datetime, *, language: Language) -> Letter:
    """The letter of this kind, with everything it may ever say; the day is Monday 27 July 2026."""
    if kind == REVIEW:
        order = review_order(
            FIGURES, recipient="general_director", language=language, at=moment,
            opened=Opened(month="2026-07", cases=9, carried=2, actions_open=1),
        )  # fmt: skip
        return render_review(
            order, contacts=contacts, timezone="America/Lima", enclosed=_ENCLOSED[language], desk_url=DESK
        )
    if kind == verify.KIND:
        lost = alarm_order(tuple(f"Q-7KF3-02M{place:02}" for place in range(23)), at=moment)
        return render_alarm(lost, contacts=contacts, timezone="America/Lima", language=language)
    return _digest(contacts, moment, language)


def _digest(contacts: Contacts, moment: datetime, language: Language) -> Letter:
    day = DigestDay.of(moment.date(), CALENDAR, at=moment)
    told: dict[Part, list[tuple[Standing, datetime | None]]] = {}
    for case in _cases(moment):
        for part, when in case.parts(day):
            told.setdefault(part, []).append((case, when))
    told = {part: told[part] for part in digest.PARTS}
    return render_digest(
        digest_order("general_director", day, language=language),
        contacts.person("general_director", moment.date()),
        cases=told,
        actions=_ACTIONS,
        contacts=contacts,
        timezone="America/Lima",
        calendar=CALENDAR,
        desk_url=DESK,
    )


def _cases(moment: datetime) -> list[Standing]:
    def case(number: str, **known: object) -> Standing:
        empty = dict.fromkeys(Standing.model_fields)
        known = {
            "customer": "Jorge Huamán Ríos",
            "about": "Certificado con el nombre mal escrito",
            "level": 0,
            "stage": "investigation",
            "late": False,
            "past_legal_limit": False,
            **known,
        }
        return Standing.model_validate({**empty, "number": number, **known})

    def hours(day: int, hour: int) -> datetime:
        return moment.replace(day=day, hour=hour, minute=0)

    return [
        case("Q-7KF3-02M9D", late=True, past_legal_limit=True, level=2, due=hours(24, 18), due_name="investigation"),
        *(case(f"Q-1AB2-C3D{place:02}", late=True, due=hours(24, 18), due_name="investigation") for place in range(13)),
        case(
            "Q-9ZZ1-XW8V4", level=1, untouched_since=hours(24, 18), call_due=hours(27, 11), unread_since=hours(24, 10)
        ),
        case("Q-4TT0-93KQ8", stage="assessment", due=hours(27, 18), due_name="assessment", next_word_at=hours(27, 15)),
        case("Q-2M9D-7KF30", stage="assignment", due=hours(30, 18), due_name="assignment"),
    ]


_ACTIONS = [
    ReviewAction(
        month="2026-06", action=2, kind="process", owner="general_director", due=date(2026, 7, 24), by="Carla Ríos",
        at=datetime.fromisoformat("2026-07-01T15:00:00+00:00"),
        words="Acordar con cada área quién recibe las quejas cuando falta su jefatura.",
    ),
    ReviewAction(
        month="2026-06", action=3, kind="training", owner="general_director", due=date(2026, 7, 30), by="Carla Ríos",
        at=datetime.fromisoformat("2026-07-01T15:00:00+00:00"), words="Repasar el plazo de evaluación. " * 9,
    ),
]  # fmt: skip
