"""Why something does not fit, as readers are told: by code, in both languages; old journals are read by their words."""

import ast
import json
from collections.abc import Iterator
from string import Formatter

import pytest
from pydantic import ValidationError
from temporalio.exceptions import ApplicationError

from complaints.rules.received import ComplaintReceived
from complaints.rules.refusals import ENGLISH, NotNow, Refusal, clause, refusals_of
from complaints.rules.stages import CLOSED, INSTEAD
from complaints.rules.status import TimelineEntry
from complaints.words.recorded import journalled, recorded
from complaints.words.refusals import INVALID, reason, refusal_in_words, said
from complaints.words.telling import particulars
from complaints.words.wording import Wording
from starter.refusals import refused_by
from tests.casebook import lima
from tests.house.test_rooms import product
from tests.rules.test_refusals import BEFORE, OneCase, told
from tests.sources import nodes

_MISSING = Refusal("missing", {"message": "Field required"})


def an(code: str) -> Refusal:
    """With something in each of its braces."""
    names = [name for _, name, *_ in Formatter().parse(ENGLISH.get(code) or INVALID[code]) if name]
    return Refusal(code, dict.fromkeys(names, "30"))


def clauses() -> Iterator[str]:
    """Every reason that stood in a journal, as the code before the codes wrote it."""
    for place, sentence in json.loads(BEFORE.read_text(encoding="utf-8")).items():
        if not place.startswith(("request", "start")):
            yield sentence


# -- by code ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("code", [*ENGLISH, *INVALID])
def test_every_code_is_said_in_spanish(code: str) -> None:
    assert reason(an(code), "es") != reason(an(code), "en")
    assert "{" not in reason(an(code), "es")


def test_every_code_that_the_product_writes_is_in_the_table_and_every_one_of_the_table_is_written() -> None:
    makes = {"Refusal", "invalid", "not_fitting"}
    written = {
        call.args[0].value
        for program in product()
        for call in nodes(program.path)
        if isinstance(call, ast.Call) and isinstance(call.func, ast.Name) and call.func.id in makes
        and call.args and isinstance(call.args[0], ast.Constant)
    }  # fmt: skip
    in_tables = {"text.empty", "time.zone", "text.email", "text.phone", "text.misspelt"}  # by a validator's type
    assert written - {""} | in_tables == set(ENGLISH)


@pytest.mark.parametrize(
    ("answer", "es", "en"),
    [
        (NotNow(INSTEAD["involved", "confirmation"], number="Q-1", stage="confirmation"),  # type: ignore[index]
         "Q-1 está en confirmación: ya tiene resolución; agregue más bien una nota.",
         "Q-1 is in confirmation: it is resolved; add a note instead."),
        (NotNow(CLOSED, number="Q-1", stage="closed"), "Q-1: está cerrada; si el cliente no está conforme, reábrala.",
         "Q-1 is in closed: it is closed; if the customer is not satisfied, reopen it."),
        (NotNow(_MISSING._replace(field="text"), _MISSING._replace(field="score"), number="Q-1"),
         "Q-1: text: falta este dato; score: falta este dato.", "Q-1: text: is needed; score: is needed."),
        (NotNow(Refusal("day.over", {"day": "2020-01-01"}), number="Q-1", stage="investigation"),
         "Q-1 está en investigación: el miércoles 1 de enero de 2020 ya pasó; prometa un día por venir.",
         "Q-1 is in investigation: Wednesday 1 January 2020 is over; promise a day to come."),
        (NotNow(Refusal("nobody_foresaw", {"message": "something"})), "something.", "something."),
    ],
)  # fmt: skip
def test_an_answer_is_said_in_both_languages(answer: NotNow, es: str, en: str) -> None:
    assert (said(answer, "es"), said(answer, "en")) == (es, en)


def test_a_surface_adds_its_own_hint() -> None:
    answer = NotNow(Refusal("details.none-missing"), number="Q-1", stage="assessment")
    assert said(answer, "es", hints={"details.none-missing": "--missing"}) == (
        "Q-1 está en evaluación inicial: no falta nada: diga qué dato necesita, o qué quiere preguntar (--missing)."
    )
    assert "--" not in said(answer, "es")


@pytest.mark.parametrize(
    ("part", "es", "en"),
    [
        ({"problem": {"description": ""}}, "Qué pasó: no puede estar vacío.", "What happened: must not be empty."),
        ({"problem": {"description": "a\0b"}},
         "Qué pasó: contiene el carácter de control U+0000, que no se puede guardar: quítelo.",
         "What happened: holds the control character U+0000, which cannot be kept: take it out."),
        ({"customer": {"phone": "12"}}, "Teléfono: no es un número de teléfono.",
         "Telephone: is not a telephone number."),
        ({"customer": {"email": "rosa at home"}}, "Correo: no es una dirección de correo.",
         "Email: is not an email address."),
        ({"received_at": "2026-07-22T09:00"},
         "Fecha de recepción: no dice la zona horaria: escríbalo como 2026-07-22T09:00-05:00.",
         "Date of receipt: names no time zone: write it as 2026-07-22T09:00-05:00."),
        ({"language": "fr"}, "Idioma del cliente: debe ser 'es' o 'en'.", "Customer's language: must be 'es' or 'en'."),
        ({"customer": {}}, "Cliente: hace falta un correo o un teléfono para poder responder.",
         "Customer: an email or a phone is needed, so that we can answer."),
    ],
)  # fmt: skip
def test_what_no_complaint_can_hold_is_said_in_words_people_know(part: dict[str, object], es: str, en: str) -> None:
    whole = {"channel": "phone", "customer": {"phone": "987654321"}, "problem": {"description": "x"}} | part
    with pytest.raises(ValidationError) as refused:
        ComplaintReceived.model_validate(whole)
    assert (refusal_in_words(refused.value, "es"), refusal_in_words(refused.value, "en")) == (es, en)


# -- over the wire ---------------------------------------------------------------------------------------------------


def test_a_request_is_refused_with_its_codes_beside_the_sentence() -> None:
    hall = OneCase(told(resolved={"text": "Se repone."}))
    with pytest.raises(ApplicationError) as refused:
        hall.may("involved", ({"whom": "academic", "question": "¿Hubo clase?"},))
    [details] = json.loads(json.dumps(refused.value.details))
    assert details["refusals"] == [{"code": "resolved.involve", "field": "", "values": {}}]
    assert str(NotNow.read(details)) == refused.value.message
    answer = refused_by(refused.value)
    assert answer.es == "Q-7KF3-02M9D está en confirmación: ya tiene resolución; agregue más bien una nota."
    assert answer.en == refused.value.message


def test_fields_and_values_come_over_the_wire() -> None:
    with pytest.raises(ValidationError) as refused:
        ComplaintReceived.model_validate({"customer": {"phone": "12345", "name": "x" * 301}, "problem": {}})
    answer = NotNow(*refusals_of(refused.value), number="Q-1")
    again = NotNow.read(json.loads(json.dumps(answer.details())))
    assert again is not None
    assert (again.refusals, str(again)) == (answer.refusals, str(answer))


@pytest.mark.parametrize("details", [None, (), "x", {}, {"refusals": 1}, {"refusals": [{}], "number": "", "stage": ""}])
def test_what_an_older_worker_answers_is_said_as_it_stands(details: object) -> None:
    answer = refused_by(ApplicationError("Q-1 is full.", details, type="NotNow"))
    assert (answer.es, answer.en, answer.answer) == ("Q-1 is full.", "Q-1 is full.", None)
    assert refused_by(ApplicationError("Q-1 is full.")).en == "Q-1 is full."


# -- old journals ----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("sentence", sorted(set(clauses())))
def test_a_journals_reason_is_recognised_and_said_in_spanish(sentence: str) -> None:
    found = list(recorded(sentence))
    assert all(each.code in ENGLISH or each.code in INVALID for each in found), found
    spanish = journalled(sentence, "es")
    assert spanish == "; ".join(
        f"{each.field}: {reason(each, 'es')}" if each.field else reason(each, "es") for each in found
    )
    assert not {"it", "is", "must", "Input", "should", "the"} & set(spanish.split())


@pytest.mark.parametrize("code", ENGLISH)
def test_every_sentence_of_the_table_is_recognised(code: str) -> None:
    two = clause(an(code)._replace(field="x.y"), an(code))
    assert list(recorded(two)) == [an(code)._replace(field="x.y"), an(code)]


def test_what_nobody_knows_stays_as_it_stands() -> None:
    assert journalled("a complaint from the moon; really; it is resolved; add a note instead", "es") == (
        "a complaint from the moon; really; ya tiene resolución; agregue más bien una nota"
    )


def test_a_row_of_the_timeline_is_readable() -> None:
    row = TimelineEntry(seq=9, at=lima("2026-07-22 09:00"), what="ignored", via="signal",
                        data={"fact": "assigned", "reason": clause(CLOSED)})  # fmt: skip
    spanish, english = Wording(language="es"), Wording(language="en")
    assert list(particulars(row, spanish)) == ["está cerrada; si el cliente no está conforme, reábrala"]
    assert list(particulars(row, english)) == [clause(CLOSED)]
    other = row.model_copy(update={"what": "withdrawn", "data": {"reason": clause(CLOSED)}})
    assert list(particulars(other, spanish)) == [clause(CLOSED)], "what people wrote stays as they wrote it"


def test_whoever_was_asked_for_help_is_called_by_name() -> None:
    """§5.3; a key of contacts.toml is for programs. An address, and whom nobody knows, stay as they were written."""
    asked = TimelineEntry(
        seq=4,
        at=lima("2026-07-22 09:00"),
        what="involved",
        via="desk",
        data={"whom": "systems", "question": "¿Quedó grabado?"},
    )
    named = list(particulars(asked, Wording(language="es"), {"systems": "Sistemas"}))
    assert named == ["A quién: Sistemas", "¿Quedó grabado?"]
    assert next(iter(particulars(asked, Wording(language="es"), {"academic": "Área Académica"}))) == "A quién: systems"
