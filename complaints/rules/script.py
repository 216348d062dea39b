"""What is said in a call to a customer whom letters do not reach (§4 to §6): words to read out, in their language."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from complaints.rules.number import in_groups
from complaints.rules.vocabulary import Words
from complaints.rules.wording import Wording

LONGEST_CHAT = 1500
"""Characters of a chat message: longer ones are folded away on a telephone."""


@dataclass(frozen=True)
class Call:
    """What a call stands for, and what is true of the case now."""

    number: str
    school: str
    kinds: Sequence[str]
    """Of the letters that it stands for; unknown ones say nothing."""
    customer: str | None = None
    received_at: datetime | None = None
    stage: str | None = None
    owner: str | None = None
    """In words."""
    next_word_at: datetime | None = None
    missing: Sequence[str] = ()
    question: str | None = None
    resolution: str | None = None
    phone: str | None = None
    """The school's, to be called back at."""


def to_read_out(call: Call, words: Wording) -> list[str]:
    """The call, paragraph by paragraph: who is calling, what each letter would have said, what is missing, goodbye."""
    es = words.language == "es"
    hello = ("¿Hablo con {0}? ", "Am I speaking to {0}? ")[not es].format(call.customer) if call.customer else ""
    opening = (
        f"Buenos días. {hello}Le llamo de {call.school} por su queja {in_groups(call.number)}."
        if es
        else f"Good morning. {hello}I am calling from {call.school} about your complaint {in_groups(call.number)}."
    )
    goodbye = (
        "¿Hay algo más que quiera decirnos? Gracias por su tiempo."
        if es
        else "Is there anything else you would like to tell us? Thank you for your time."
    )
    return [opening, *_message(call, words), goodbye]


def to_write(call: Call, words: Wording) -> str:
    """The same as a chat message."""
    es = words.language == "es"
    name = f", {call.customer}" if call.customer else ""
    opening = (
        f"Hola{name}. Le escribimos de {call.school} por su queja {call.number}."
        if es
        else f"Hello{name}. This is {call.school} about your complaint {call.number}."
    )
    phone = call.phone or ""
    answer = (
        f"Puede responder por aquí o llamarnos al {phone}." if es else f"You can answer here or call us on {phone}."
    )
    text = "\n\n".join([opening, *_message(call, words), *([answer] if phone else [])])
    return text if len(text) <= LONGEST_CHAT else text[: LONGEST_CHAT - 1].rstrip() + "…"


def _message(call: Call, words: Wording) -> list[str]:
    said = [_of(kind, call, words) for kind in dict.fromkeys(call.kinds)]
    return [line for line in (*said, *_asked(call, words)) if line]


def _of(kind: str, call: Call, words: Wording) -> str:
    es = words.language == "es"
    match kind:
        case "acknowledgement":
            received = (" el " if es else " on ") + words.at(call.received_at) if call.received_at else ""
            return _said(_LINES, kind, es).format(received=received, number=call.number)
        case "update":
            return " ".join(_standing(call, words))
        case "escalation" | "reopening":
            owner = call.owner or _said(_SOMEBODY, "owner", es)
            return _said(_LINES, "escalation", es).format(owner=owner)
        case "resolution" | "resolution-decided":
            decided = f" {call.resolution}" if call.resolution else ""
            return _said(_LINES, "resolution", es).format(resolution=decided)
        case "withdrawal" | "not-a-complaint" | "merged" | "closed-in-silence":
            return _said(_LINES, "ended", es)
        case _:
            return _said(_LINES, kind, es)


def _standing(call: Call, words: Wording) -> Iterable[str]:
    es = words.language == "es"
    if call.stage:
        where = words.stage_to_customer(call.stage)
        yield f"Le cuento cómo va: {where}." if es else f"This is where it stands: {where}."
    if call.owner:
        yield f"La tiene {call.owner}." if es else f"It is with {call.owner}."
    if call.next_word_at:
        day = words.day(call.next_word_at)
        yield f"Volverá a tener noticias nuestras a más tardar el {day}." if es else f"You will hear from us by {day}."


def _asked(call: Call, words: Wording) -> Iterable[str]:
    es = words.language == "es"
    missing = [words.missing(detail) for detail in call.missing]
    if missing:
        yield ("Nos falta: " if es else "We still need: ") + words.joined(missing) + "."
    if call.question:
        yield ("Quien lleva su caso le pregunta: " if es else "Whoever handles your case asks: ") + call.question


def _said(table: Words, key: str, es: bool) -> str:
    return table[key][0 if es else 1] if key in table else ""


_SOMEBODY: Words = {"owner": ("la gerencia", "the management")}

_LINES: Words = {
    "acknowledgement": (
        "Recibimos su queja{received} y ya la estamos atendiendo. Anote su número, por favor: {number}. Presentarla "
        "aquí no le impide acudir al Libro de Reclamaciones o al INDECOPI.",
        "We received your complaint{received} and are working on it. Please note its number: {number}. Complaining "
        "here does not keep you from the Libro de Reclamaciones or INDECOPI.",
    ),
    "details-request": (
        "Para seguir con su caso necesitamos algo de usted.",
        "To go on with your case we need something from you.",
    ),
    "resolution": (
        "Ya hay una decisión sobre su queja.{resolution} ¿Está conforme? ¿Y cómo le pareció la atención?",
        "Your complaint is decided.{resolution} Are you satisfied with that? And how do you feel it was handled?",
    ),
    "escalation": (
        "Su queja pasó al nivel superior de la escuela: ahora la tiene {owner}. No tiene que repetirnos nada.",
        "Your complaint went one level up in the school: {owner} has it now. You need not repeat anything.",
    ),
    "reminder": (
        "Hace unos días le dimos nuestra respuesta. ¿Está conforme con ella? Si no lo está, díganos por qué.",
        "Some days ago we gave you our answer. Are you satisfied with it? If not, please tell us why.",
    ),
    "closing": (
        "Su queja quedó cerrada con su conformidad. Del 1 al 5, ¿qué tan satisfecho quedó con la atención?",
        "Your complaint is closed as you agreed. From 1 to 5, how satisfied are you with how it was handled?",
    ),
    "decision": (
        "La escuela tomó una decisión final sobre su queja; le explico los motivos. Si no está de acuerdo, puede "
        "acudir al INDECOPI o al Libro de Reclamaciones.",
        "The school took a final decision on your complaint; let me explain why. If you do not agree, you can turn "
        "to INDECOPI or the Libro de Reclamaciones.",
    ),
    "ended": (
        "Su queja terminó; le explico cómo y por qué. Si no está de acuerdo, escríbanos o llámenos.",
        "Your complaint has ended; let me explain how and why. If you do not agree, write to us or call us.",
    ),
}
"""By kind of letter, Spanish and English."""
