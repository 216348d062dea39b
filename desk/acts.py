"""The acts of staff as forms: which fields each has, which are possible now, and what was filled in as a fact."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from zoneinfo import ZoneInfo

from starlette.datastructures import FormData

from complaints.records.staff import Role
from complaints.rules.facts import UPDATES, Fact, Via
from complaints.rules.stages import TABLE, Effect, Stage
from desk.forms import instant
from desk.roles import may, needed_for

Words = tuple[str, str]
"""Spanish, English."""


@dataclass(frozen=True)
class Field:
    """One field of a form."""

    name: str
    kind: str
    """line, text, lines (one a line), day, when, tick, choice, department, person, category, severity, details."""
    label: Words
    required: bool = False
    choices: tuple[tuple[str, Words], ...] = ()
    hint: Words | None = None
    checked: bool = False


@dataclass(frozen=True)
class Act:
    """One act, named as the update that asks for it."""

    name: str
    title: Words
    button: Words
    fields: tuple[Field, ...]
    hint: Words | None = None
    grave: bool = False
    """It ends the case: the button says so by its colour."""


_REASON = Field("reason", "text", ("Motivo", "Reason"))
_YES_NO = (("true", ("Sí, se habló con el cliente", "Yes, we spoke")), ("false", ("No contestó", "No answer")))
_UPHELD = (
    ("upheld", ("Sí, tiene fundamento", "Yes, justified")),
    ("partly", ("En parte", "In part")),
    ("not", ("No tiene fundamento", "Not justified")),
)
_WHO_CALLED = (("outbound", ("Llamamos nosotros", "We called")), ("inbound", ("Llamó el cliente", "They called")))
_SCORES = tuple((str(score), (str(score), str(score))) for score in range(1, 6))

ACTS: dict[str, Act] = {
    act.name: act
    for act in (
        Act("assess", ("Evaluar", "Assess"), ("Registrar evaluación", "Record assessment"), (
            Field("category", "category", ("De qué trata", "What it is about")),
            Field("severity", "severity", ("Gravedad", "Severity"), hint=("baja, media o alta", "low, medium or high")),
            Field("note", "text", ("Nota interna", "Internal note")),
        )),
        Act("assign", ("Asignar", "Assign"), ("Asignar", "Assign"), (
            Field("department", "department", ("Área", "Department")),
            Field("representative", "person", ("Representante", "Representative")),
        )),
        Act("resolve", ("Resolver", "Resolve"), ("Enviar la resolución", "Send the resolution"), (
            Field("text", "text", ("Resolución, como la leerá el cliente", "Resolution, as the customer reads it")),
            Field("outcome", "choice", ("¿Tiene fundamento?", "Is it justified?"), choices=_UPHELD),
            Field("cause", "line", ("Causa", "Cause")),
            Field("corrective_actions", "lines", ("Acciones correctivas", "Corrective actions"),
                  hint=("una por línea", "one a line")),
            Field("told_in_call", "tick", ("Ya se lo dije al cliente por teléfono", "I told the customer by phone")),
        )),
        Act("confirm_satisfied", ("El cliente está conforme", "The customer is satisfied"),
            ("Cerrar: está conforme", "Close: satisfied"),
            (Field("words", "text", ("Qué dijo", "What they said")),)),
        Act("dispute", ("El cliente no está conforme", "The customer is not satisfied"),
            ("Registrar disconformidad", "Record it"), (_REASON,),
            hint=("La queja pasa al nivel siguiente.", "The complaint goes one level up.")),
        Act("request_details", ("Pedir datos", "Ask for details"), ("Pedir al cliente", "Ask the customer"), (
            Field("missing", "details", ("Qué falta", "What is missing")),
            Field("question", "text", ("Pregunta", "Question")),
        ), hint=("Los plazos internos esperan, como máximo 5 días hábiles.", "Windows wait, 5 business days at most.")),
        Act("receive_details", ("Registrar datos", "Record details"), ("Registrar", "Record"), (
            Field("text", "text", ("Qué dijo", "What they said")),
            Field("document", "line", ("Documento", "Document")),
            Field("customer_name", "line", ("Nombre", "Name")),
            Field("phone", "line", ("Teléfono", "Telephone")),
            Field("email", "line", ("Correo", "Email")),
            Field("address", "line", ("Domicilio", "Address")),
            Field("occurred_on", "day", ("Fecha del problema", "Date of the problem")),
            Field("product", "line", ("Producto o servicio", "Product or service")),
            Field("still_missing", "details", ("Todavía falta", "Still missing")),
        )),
        Act("add_note", ("Nota", "Note"), ("Guardar nota", "Save note"), (
            Field("text", "text", ("Nota", "Note"), required=True),
            Field("for_customer", "tick", ("Contarla en el próximo aviso al cliente", "Tell it in the next update")),
        )),
        Act("record_call", ("Llamada", "Call"), ("Registrar llamada", "Record call"), (
            Field("reached", "choice", ("¿Se habló con el cliente?", "Did you reach them?"), True, _YES_NO),
            Field("direction", "choice", ("Quién llamó", "Who called"), True, _WHO_CALLED),
            Field("with", "line", ("Con quién", "With whom")),
            Field("notes", "text", ("Qué se dijo", "What was said")),
            Field("told", "tick", ("Le dijimos cómo va su queja", "We told them where it stands"), checked=True),
            Field("next_at", "when", ("Volver a llamar", "Call again")),
        )),
        Act("promise_date", ("Prometer fecha", "Promise a date"), ("Prometer", "Promise"), (
            Field("date", "day", ("Fecha de solución", "Date of the solution"), required=True),
            Field("note", "text", ("Nota para el cliente", "Note for the customer")),
        )),
        Act("involve", ("Pedir ayuda", "Involve"), ("Enviar", "Send"), (
            Field("whom", "person", ("A quién: área, clave o correo", "Whom: department, key or email"), required=True),
            Field("question", "text", ("Qué necesita saber", "What you need to know"), required=True),
            Field("answer_by", "day", ("Hasta cuándo", "By when")),
        ), hint=("No verá los datos de contacto del cliente.", "They do not see the customer's contact data.")),
        Act("give_feedback", ("Opinión del cliente", "Customer's feedback"), ("Guardar", "Save"), (
            Field("text", "text", ("Sobre la atención recibida", "On how it was handled"), required=True),
        )),
        Act("answer_survey", ("Encuesta", "Survey"), ("Guardar", "Save"), (
            Field("score", "choice", ("De 1 (muy mal) a 5 (muy bien)", "1 (very bad) to 5 (very good)"), True, _SCORES),
            Field("comment", "text", ("Comentario", "Comment")),
        )),
        Act("merge", ("Unir a otra queja", "Merge"), ("Unir", "Merge"), (
            Field("into", "line", ("Número de la queja que continúa", "Number of the one that goes on"), required=True),
        ), grave=True),
        Act("withdraw", ("El cliente la retira", "Withdrawn"), ("Retirar", "Withdraw"), (_REASON,), grave=True),
        Act("dismiss", ("No es una queja", "Not a complaint"), ("Cerrar: no es una queja", "Close"), (_REASON,),
            hint=("El motivo se le cuenta al cliente.", "The customer is told the reason."), grave=True),
        Act("close_by_decision", ("Cerrar por decisión", "Close by decision"), ("Cerrar", "Close"), (
            Field("reason", "text", ("Motivo, por escrito", "Written reason"), required=True),
        ), grave=True),
    )
}  # fmt: skip
"""Every request of staff, the everyday ones first."""

_FIRST = {
    Stage.ASSESSMENT: ("assess",),
    Stage.ASSIGNMENT: ("assign",),
    Stage.INVESTIGATION: ("resolve",),
    Stage.CONFIRMATION: ("confirm_satisfied", "dispute"),
    Stage.CLOSED: ("answer_survey",),
}


_GROUPS: tuple[tuple[Words, tuple[str, ...]], ...] = (
    (("El cliente dijo", "The customer said"), ("confirm_satisfied", "dispute", "give_feedback", "answer_survey")),
    (("Terminar de otra manera", "End it otherwise"), ("merge", "withdraw", "dismiss", "close_by_decision")),
)
"""What is folded away under a heading of its own, unless it is what the stage is for."""


def grouped(acts: list[Act], stage: str) -> list[tuple[Words | None, list[Act]]]:
    """The acts as the page shows them: the everyday ones without a heading, then the rest under theirs."""
    folded = {name for _, names in _GROUPS for name in names} - set(_FIRST[Stage(stage)])
    everyday: tuple[Words | None, list[Act]] = (None, [act for act in acts if act.name not in folded])
    rest = [(title, [act for act in acts if act.name in names and act.name in folded]) for title, names in _GROUPS]
    return [everyday, *((title, some) for title, some in rest if some)]


def possible(stage: str, role: Role) -> list[Act]:
    """What this role may do with a case in that stage, what the stage is for standing first."""
    now = Stage(stage)
    found = [
        act
        for act in ACTS.values()
        if TABLE[UPDATES[act.name].name, now] is not Effect.IGNORED and may(role, needed_for(act.name))
    ]
    return sorted(found, key=lambda act: act.name not in _FIRST[now])


def is_first(act: Act, stage: str) -> bool:
    """Whether this is what the stage is for."""
    return act.name in _FIRST[Stage(stage)]


def as_fact(act: Act, form: FormData, *, by: str, event_id: str, zone: ZoneInfo) -> Fact:
    """What was filled in. Raises pydantic's ValidationError."""
    given = {field.name: _value(field, form, zone) for field in act.fields}
    said = {name: value for name, value in given.items() if value not in (None, "", [])}
    return UPDATES[act.name].model_validate(said | {"by": by, "via": Via.DESK.value, "event_id": event_id})


def filled(act: Act, form: Mapping[str, Any]) -> dict[str, Any]:
    """What was typed, to be shown again beside a refusal."""
    lists = isinstance(form, FormData)
    return {
        field.name: form.getlist(field.name) if lists and field.kind == "details" else form.get(field.name)  # type: ignore[attr-defined]
        for field in act.fields
    }


def _value(field: Field, form: FormData, zone: ZoneInfo) -> Any:
    text = str(form.get(field.name) or "").strip()
    match field.kind:
        case "tick":
            return bool(text)
        case "lines":
            return [line.strip() for line in text.splitlines() if line.strip()]
        case "details":
            return [str(item) for item in form.getlist(field.name) if str(item).strip()]
        case "when":
            return instant(text, zone)
    return text.replace("\r\n", "\n")
