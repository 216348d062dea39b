"""The subjects of letters: our own short words after the number; nothing that a customer wrote ever gets into one."""

from complaints.mail.vocabulary import Language
from complaints.mail.wording import Wording
from complaints.rules.letters import LetterKind

_SUBJECTS: dict[LetterKind, tuple[str, str]] = {
    LetterKind.ACKNOWLEDGEMENT: ("Recibimos su queja", "We received your complaint"),
    LetterKind.DETAILS_REQUEST: ("Necesitamos unos datos", "We need a few details"),
    LetterKind.UPDATE: ("Cómo va su queja", "How your complaint is going"),
    LetterKind.RESOLUTION: ("Resolución de su queja", "Our answer to your complaint"),
    LetterKind.RESOLUTION_DECIDED: ("Ya hay una decisión", "A decision has been made"),
    LetterKind.ESCALATION: ("Su queja pasó al nivel superior", "Your complaint went one level up"),
    LetterKind.REMINDER: ("¿Está conforme con la resolución?", "Are you satisfied with our answer?"),
    LetterKind.CLOSING: ("Cerramos su queja. Gracias", "Your complaint is closed. Thank you"),
    LetterKind.CLOSED_IN_SILENCE: ("Cerramos su queja", "We closed your complaint"),
    LetterKind.DECISION: ("Decisión final sobre su queja", "Final decision on your complaint"),
    LetterKind.WITHDRAWAL: ("Retiró su queja", "You withdrew your complaint"),
    LetterKind.NOT_A_COMPLAINT: ("Sobre su mensaje", "About your message"),
    LetterKind.MERGED: ("Unimos sus dos quejas", "We joined your two complaints"),
    LetterKind.REOPENING: ("Reabrimos su queja", "We reopened your complaint"),
    LetterKind.ASSIGNMENT: ("Queja asignada a su área", "Complaint assigned to your department"),
    LetterKind.INVOLVEMENT: ("Le pedimos ayuda con una queja", "Your help with a complaint, please"),
    LetterKind.WARNING: ("Por vencer", "Due soon"),
    LetterKind.LATE: ("Plazo vencido", "Overdue"),
    LetterKind.ACKNOWLEDGEMENT_LATE: ("24 horas sin confirmar al cliente", "24 hours without acknowledgement"),
    LetterKind.ESCALATED_TO_YOU: ("Queja escalada a usted", "Complaint escalated to you"),
    LetterKind.ESCALATED_FROM_YOU: ("Queja escalada; siga con ella", "Complaint escalated; please carry on"),
    LetterKind.PROMISE_MISSED: ("Pasó la fecha prometida", "The promised date has passed"),
    LetterKind.LEGAL_WARNING: ("Se acerca el plazo legal", "The legal limit is near"),
    LetterKind.LEGAL_BREACH: ("Venció el plazo legal", "The legal limit has passed"),
    LetterKind.CALL_NEEDED: ("Hay que llamar al cliente", "The customer has to be called"),
    LetterKind.CALL_LATE: ("Llamada pendiente y vencida", "The call is overdue"),
    LetterKind.UNREACHABLE: ("No pudimos ubicar al cliente", "The customer cannot be reached"),
    LetterKind.EXPLAIN: ("Explique la resolución al cliente", "Explain the resolution to the customer"),
    LetterKind.CUSTOMER_SAID: ("El cliente escribió", "The customer wrote"),
    LetterKind.DISPUTED: ("El cliente no está conforme", "The customer is not satisfied"),
    LetterKind.UNCONFIRMED: ("El cliente no respondió", "The customer did not answer"),
}

_OF_WINDOW = frozenset({LetterKind.WARNING, LetterKind.LATE})


def title(kind: LetterKind, wording: Wording, *, window: str | None = None) -> str:
    """What the letter is about, in a few words; the window's name joins it where it is about one."""
    words = _SUBJECTS[kind][_which(wording.language)]
    return f"{words}: {wording.window(window)}" if window and kind in _OF_WINDOW else words


def subject(number: str, title: str) -> str:
    """`[Q-7KF3-02M9D] Recibimos su queja`."""
    return f"[{number}] {title}"


def _which(language: Language) -> int:
    return 0 if language == "es" else 1
