"""The rules and their changes on a terminal: each number with its section, what moves from when to when (§4 to §8)."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from rich import box
from rich.table import Table
from rich.text import Text

from complaints.rules.policy import Policy
from complaints.rules.reasons import reason_in_spanish
from complaints.rules.vocabulary import ROLES
from complaints.rules.wording import Wording
from local.telling import Telling
from starter import show
from starter.changing_rules import Asked, Preview
from starter.language import say

SHOWN = 50
"""Complaints of a preview that are shown; --json has them all."""

# place in policy.toml: section, what it is in Spanish and English
_NUMBERS: dict[str, tuple[str, str, str]] = {
    "version": ("–", "Nombre de estas reglas", "Name of these rules"),
    "language": ("–", "Idioma de la escuela", "The school's language"),
    "customer_languages": ("–", "Idiomas en que se escribe al cliente", "Languages for customers"),
    "required_details": ("§4", "Datos que se piden a todos", "Details asked of everybody"),
    "calendar.timezone": ("§5", "Zona horaria", "Time zone"),
    "calendar.work_days": ("§5", "Días de atención", "Work days"),
    "calendar.office_hours": ("§5", "Horas de oficina", "Office hours"),
    "calendar.national_holidays": ("§5", "Feriados nacionales", "National holidays"),
    "calendar.extra_closed_days": ("§5", "Otros días cerrados", "Other closed days"),
    "closed_days": ("§5", "Días cerrados, con los feriados", "Closed days, holidays included"),
    "acknowledgement.hours": ("§4", "Confirmar la recepción, en horas", "Acknowledge within, hours"),
    "windows.assessment": ("§5.1", "Evaluar, en días hábiles", "Assess within, business days"),
    "windows.assignment": ("§5.2", "Asignar, en días hábiles", "Assign within, business days"),
    "windows.investigation": ("§5.3", "Investigar y resolver, en días hábiles", "Investigate within, business days"),
    "windows.warn_before": ("§5", "Avisar tantos días hábiles antes", "Warn so many business days before"),
    "details.longest_pause": ("§5.1", "Pausa por datos que faltan, días hábiles", "Pause for details, business days"),
    "updates.every_days": ("§5.4", "Actualizar al cliente cada tantos días", "Update the customer every so many days"),
    "escalation.after": ("§7", "Escalar tras tantos días hábiles", "Escalate after so many business days"),
    "escalation.counted_from": ("§7", "… contados desde", "… counted from"),
    "escalation.levels": ("§7", "Niveles", "Levels"),
    "confirmation.remind_every_days": ("§8", "Recordar al cliente cada tantos días", "Remind every so many days"),
    "confirmation.reminders": ("§8", "Cuántos recordatorios", "How many reminders"),
    "confirmation.silence_closes_after": ("§8", "Cerrar tras tantos días hábiles de silencio", "Silence closes after"),
    "reopening.within_days": ("§8", "Reabrir dentro de tantos días", "Reopen within so many days"),
    "legal_limit.business_days": ("Ley 31435", "Plazo legal, en días hábiles", "Legal limit, business days"),
    "legal_limit.warn_on": ("Ley 31435", "Avisar a la gerencia en los días", "Managers are warned on days"),
    "calls.attempts": ("§4–§6", "Intentos de llamada", "Attempts to call"),
    "calls.retry_after_office_hours": (
        "§4–§6",
        "Reintentar tras tantas horas de oficina",
        "Try again after office hours",
    ),
    "calls.due_within_office_hours": ("§4–§6", "Llamar en tantas horas de oficina", "Call within office hours"),
    "calls.after_attempts": ("§4–§6", "Si no contesta", "If nobody answers"),
    "letters.retry_hours": ("§4–§8", "Reenviar una carta dudosa tras horas", "Send an uncertain letter again, hours"),
    "letters.resend_uncertain.default": ("§4–§8", "Reenviar cartas dudosas", "Send uncertain letters again"),
}


_VALUES: dict[Any, tuple[str, str]] = {
    "mon": ("lunes", "Monday"), "tue": ("martes", "Tuesday"), "wed": ("miércoles", "Wednesday"),
    "thu": ("jueves", "Thursday"), "fri": ("viernes", "Friday"), "sat": ("sábado", "Saturday"),
    "sun": ("domingo", "Sunday"), "PE": ("los del Perú", "Peru's"), "none": ("ninguno", "none"),
    "receipt": ("la recepción", "receipt"), "investigation": ("la investigación", "the investigation"),
    "letter": ("una carta por correo postal", "a letter by post"),
    "manager": ("decide la gerencia", "a manager decides"),
    "identification": ("documento de identidad", "identity document"), "product": ("producto o servicio", "product"),
    "occurred_on": ("fecha del problema", "date of the problem"), "es": ("español", "Spanish"),
    "en": ("inglés", "English"), "administration_manager": ROLES["administration_manager"],
    "general_director": ROLES["general_director"],
}  # fmt: skip


def policy(rules: Policy) -> None:
    """Every number with its section and its place in policy.toml."""
    table = Table(box=box.SIMPLE_HEAD, pad_edge=False)
    for heading in ("§", say("Regla", "Rule"), say("Valor", "Value"), say("En policy.toml", "In policy.toml")):
        table.add_column(heading, no_wrap=heading == "§")
    for place, value in flat(rules).items():
        section, words = _words(place)
        table.add_row(section, words, _value(value), Text(place, style=show.QUIET))
    show.console().print(table)


def changes(found: Mapping[str, Sequence[Any]]) -> None:
    """Each number that differs, as it is and as it would be."""
    table = Table(box=box.SIMPLE_HEAD, pad_edge=False)
    for heading in ("§", say("Regla", "Rule"), say("Antes", "Before"), say("Después", "After")):
        table.add_column(heading)
    for place, (before, after) in found.items():
        section, words = _words(place)
        table.add_row(section, words, _value(before), _value(after))
    show.console().print(table)


def previews(found: Sequence[Preview], words: Wording) -> None:
    """What moves, complaint by complaint; who would be late at once stands first."""
    telling = Telling(words)
    table = Table(box=box.SIMPLE_HEAD, pad_edge=False)
    headings = (say("Queja", "Complaint"), say("Plazo", "Deadline"), say("Antes", "Before"), say("Después", "After"))
    for heading in headings:
        table.add_column(heading, no_wrap=heading != headings[1])
    moving = sorted(_worth_showing(found), key=lambda each: (not each.hurts, each.refused is None))
    for each in moving[:SHOWN]:
        for number, line in enumerate(_lines(each, telling)):
            table.add_row(each.number if number == 0 else "", *line)
    if moving:
        show.console().print(table)
    if len(moving) > SHOWN:
        rest = len(moving) - SHOWN
        show.line(say(f"… y {rest} más: --json las nombra.", f"… {rest} more: --json names them."), show.QUIET)
    show.line(_summary(found), "bold")


def results(answers: Sequence[Asked]) -> None:
    """How many have the new rules, and who has not."""
    done = sum(not (each.refused or each.unknown or each.left) for each in answers)
    said = say(f"{_complaints(done)} con las reglas nuevas.", f"{_complaints(done)} with the new rules.")
    show.line(said, "bold green")
    for each in answers:
        if each.refused:
            show.line(f"  {each.number}: {show.plain(each.refused)}", "yellow")
    if silent := sum(each.unknown or each.left for each in answers):
        show.line(
            say(
                f"{_complaints(silent)} de las que no se sabe: nadie contestó. Revise que haya un worker y repita el "
                "mismo comando: sigue donde quedó.",
                f"{_complaints(silent)} not known to have changed: nobody answered. See that a worker runs, and repeat "
                "the same command: it goes on where it stopped.",
            ),
            show.LATE,
        )


def flat(rules: Policy) -> dict[str, Any]:
    """The policy by place in its file."""
    found: dict[str, Any] = {}

    def put(data: Mapping[str, Any], place: str) -> None:
        for name, value in data.items():
            if isinstance(value, Mapping):
                put(value, f"{place}{name}.")
            else:
                found[place + name] = value

    put(rules.model_dump(mode="json"), "")
    return found


def _worth_showing(found: Sequence[Preview]) -> list[Preview]:
    return [each for each in found if _people_see(each) or each.at_once or each.refused]


Dates = tuple[datetime | None, datetime | None]
"""Before and after."""


def _people_see(each: Preview) -> dict[str, Dates]:
    """A warning moves with its window, and the law's warnings with its limit: each is one line."""
    legal = [dates for name, dates in each.moved.items() if name.startswith("legal/")]
    before = max((at for at, _ in legal if at), default=None)
    after = max((at for _, at in legal if at), default=None)
    seen: dict[str, Dates] = {
        name: dates for name, dates in each.moved.items() if not name.startswith(("warning/", "legal/"))
    }
    return seen | ({"legal": (before, after)} if before != after else {})


def _lines(each: Preview, telling: Telling) -> list[tuple[str | Text, str, str]]:
    lines: list[tuple[str | Text, str, str]] = []
    if each.refused:
        lines.append((Text(show.plain(say(reason_in_spanish(each.refused), each.refused)), style="yellow"), "", ""))
    for what in each.at_once:
        said = telling.wording.happened(what)
        lines.append((Text(say(f"¡Al instante!: {said}", f"At once: {said}"), style=show.LATE), "", ""))
    for name, (before, after) in _people_see(each).items():
        title = say("plazo legal", "legal limit") if name == "legal" else telling.wording.window(name)
        lines.append((title, telling.short(before) if before else "–", telling.short(after) if after else "–"))
    return lines


def _summary(found: Sequence[Preview]) -> str:
    moving = sum(bool(_people_see(each)) for each in found)
    hurt = sum(each.hurts for each in found)
    refused = sum(each.refused is not None for each in found)
    change = len(found) - refused
    said = say(
        f"{_complaints(change)} por cambiar de reglas; en {moving} se mueve un plazo",
        f"{_complaints(change)} to change; in {moving} a deadline moves",
    )
    if hurt:
        said += say(f"; vencidas o escaladas al instante: {hurt}", f"; late or escalated at once: {hurt}")
    if refused:
        said += say(f"; no pueden cambiar: {refused}", f"; cannot change: {refused}")
    return said + "."


def _complaints(count: int) -> str:
    one = count == 1
    return say(f"{count} queja" if one else f"{count} quejas", f"{count} complaint" if one else f"{count} complaints")


def _words(place: str) -> tuple[str, str]:
    section, spanish, english = _NUMBERS.get(place, ("", place, place))
    return section, say(spanish, english)


def _value(value: Any) -> str:
    if value is None:
        return say("nunca", "never")
    if isinstance(value, bool):
        return say("sí", "yes") if value else "no"
    if isinstance(value, list):
        return ", ".join("–".join(each) if isinstance(each, list) else _value(each) for each in value) or "–"
    return say(*_VALUES[value]) if value in _VALUES else str(value)
