"""Why something does not fit, in Spanish too: the rules and their journal say it in English."""

import re

_FIELD = r"([a-z_.0-9]+): "

SPANISH: tuple[tuple[str, str], ...] = (
    (r"it is resolved; nothing is left to assess", "ya tiene resolución; no queda nada por evaluar"),
    (
        r"it is resolved; if details are needed after all, record the customer's dispute first",
        "ya tiene resolución; si todavía hacen falta datos, registre antes la disconformidad del cliente",
    ),
    (
        r"it is resolved; assign it again when the customer disputes the resolution",
        "ya tiene resolución; asígnela de nuevo si el cliente no está conforme",
    ),
    (r"it is resolved; add a note instead", "ya tiene resolución; agregue más bien una nota"),
    (r"it is resolved; no date is left to promise", "ya tiene resolución; no queda fecha por prometer"),
    (r"the survey comes with the closing \(§8\)", "la encuesta llega con el cierre (§8)"),
    (
        r"it was resolved as a complaint; close it by decision instead",
        "se resolvió como queja; ciérrela más bien por decisión",
    ),
    (
        r"it is resolved; close it by decision and name the other case in the reason",
        "ya tiene resolución; ciérrela por decisión y nombre la otra queja en el motivo",
    ),
    (
        r"it is closed; if the customer is not satisfied, reopen it",
        "está cerrada; si el cliente no está conforme, reábrala",
    ),
    (
        r"it is resolved and explained already; a new resolution needs the customer's dispute first",
        "ya tiene resolución y está explicada; otra resolución requiere antes la disconformidad del cliente",
    ),
    (
        r"it is resolved already; what is missing is its explanation, as a text",
        "ya tiene resolución; lo que falta es explicarla con un texto",
    ),
    (
        r"nothing is missing: say what you need, with `missing` or `question`",
        "no falta nada: diga qué dato necesita, o qué quiere preguntar (--missing, --question)",
    ),
    (r"(\S+) is over; promise a day to come", r"el \1 ya pasó; prometa un día por venir"),
    (r"into: name the complaint that goes on", "into: nombre la queja que continúa"),
    (r"into: a complaint cannot be merged into itself", "into: una queja no puede unirse a sí misma"),
    (r"occurred_on: lies in the future", "occurred_on: está en el futuro"),
    (
        r"it closed more than (\d+) days ago, or not as a resolved complaint",
        r"se cerró hace más de \1 días, o no como queja resuelta",
    ),
    (r"these rules hold for it already", "estas reglas ya rigen para ella"),
    (
        r"rules: it is at level (\d+), and the new ladder ends at (\d+)",
        r"rules: está en el nivel \1 y la nueva escalera llega al \2",
    ),
    (
        r"it holds as much text as a complaint can; keep what is new elsewhere and name the place here",
        "ya contiene todo el texto que cabe en una queja; guarde lo nuevo en otro lugar y nómbrelo aquí",
    ),
    (
        r"it holds almost as much text as a complaint can; say this in at most (\d+) characters",
        r"contiene casi todo el texto que cabe en una queja; dígalo en \1 caracteres como máximo",
    ),
    (r"the survey of this round is answered already", "la encuesta de esta ronda ya fue respondida"),
    (_FIELD + r"Field required", r"\1: falta este dato"),
    (_FIELD + r"must not be empty", r"\1: no puede estar vacío"),
    (_FIELD + r"is not an email address", r"\1: no es una dirección de correo"),
    (_FIELD + r"is not a telephone number", r"\1: no es un número de teléfono"),
    (_FIELD + r"is not spelled as it should be", r"\1: no está bien escrito"),
    (
        _FIELD + r"names no time zone: write it as (\S+)",
        r"\1: no dice la zona horaria: escríbalo como \2",
    ),
    (_FIELD + r"String should have at most (\d+) characters", r"\1: no puede pasar de \2 caracteres"),
    (
        _FIELD + r"holds the control character (\S+), which cannot be kept: take it out",
        r"\1: contiene el carácter de control \2, que no se puede guardar: quítelo",
    ),
    (_FIELD + r"must be one line", r"\1: debe ser una sola línea"),
    (_FIELD + r"Input should be ('.+') or ('.+')", r"\1: debe ser \2 o \3"),
    (_FIELD + r"Input should be a valid date.*", r"\1: no es una fecha: escríbala como 2026-07-22"),
    (
        r"customer: an email or a phone is needed, so that we can answer",
        "customer: hace falta un correo o un teléfono para poder responder",
    ),
    (_FIELD + r"Input should be greater than or equal to (\d+)", r"\1: debe ser \2 o más"),
    (_FIELD + r"Input should be less than or equal to (\d+)", r"\1: debe ser \2 o menos"),
)
"""Each reason of the rules (a pattern), and how it is said in Spanish. A test holds it to be complete."""

_IN_STAGE = re.compile(r"(?P<number>\S+) is in (?P<stage>[a-z]+): (?P<reason>.+?)\.?", re.DOTALL)
_OF_NUMBER = re.compile(r"(?P<number>\S+): (?P<reason>.+?)\.?", re.DOTALL)


def in_spanish(sentence: str) -> str:
    """`sentence` in Spanish as far as its reason is known; else as it is."""
    if match := _IN_STAGE.fullmatch(sentence):
        reason = reason_in_spanish(match["reason"])
        if match["stage"] == "closed":
            return f"{match['number']}: {reason}."
        from complaints.words.wording import Wording

        return f"{match['number']} está en {Wording(language='es').stage(match['stage'])}: {reason}."
    if match := _OF_NUMBER.fullmatch(sentence):
        return f"{match['number']}: {reasons_in_spanish(match['reason'])}."
    return sentence


def reasons_in_spanish(reasons: str) -> str:
    """Several reasons, as a validation names them."""
    return "; ".join(reason_in_spanish(reason) for reason in reasons.split("; ")) if ": " in reasons else reasons


def journalled_in_spanish(reason: str) -> str:
    """A reason as the journal keeps it: one of the procedure's, or those of a validation."""
    said = reason_in_spanish(reason)
    return said if said != reason else reasons_in_spanish(reason)


def reason_in_spanish(reason: str) -> str:
    """One reason."""
    for pattern, spanish in SPANISH:
        if match := re.fullmatch(pattern, reason):
            return match.expand(spanish)
    return reason
