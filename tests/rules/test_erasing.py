"""An erased journal still tells the same case, and names nobody (Ley 29733)."""

from collections.abc import Callable

import pytest

from complaints.rules.erasing import MARK, Erasing, erased_source_key, is_stand_in
from complaints.rules.retelling import told_again
from complaints.rules.status import record_of
from tests.casebook import Tale
from tests.records.lived import a_whole_life
from tests.rules.test_retelling import LIVES


def _read_in_words() -> Tale:
    """Details that were read, corrected and rejected; what waits on the desk; a colleague who is asked."""
    tale = Tale.begins(product="Curso de Rosa Quispe", customer={"email": "rosa@correo.example"})
    words = {"words": "mi DNI es 44556677", "start": 0, "end": 18}
    read = [{"field": "document", "value": "44556677", "evident": True, **words}]
    read += [
        {"field": "phone", "value": "999 888 777", **words},
        {"field": "occurred_on", "value": "2026-07-01", **words},
    ]
    tale.says("message-received", text="mi DNI es 44556677", read=read, via="reply", by="customer", event_id="m-1")
    tale.says("reading-rejected", field="phone", value="999 888 777", by="ana")
    tale.says("noted", text="Rosa llamó", mentions=["luz"], by="Rosa Quispe")
    tale.says("noted", text="La boleta", files=[{"name": "boleta Mamani.pdf", "digest": "a" * 64, "size": 3}], by="ana")
    tale.says("involved", whom="academic", question="¿Qué dijo Rosa?", by="ana")
    tale.says("act-held", act="resolved", said={"text": "Estimada Rosa", "cause": "docencia"}, by="ana", via="desk")
    return tale.until("2026-08-10 10:00")


@pytest.mark.parametrize("life", [*LIVES, _read_in_words, a_whole_life], ids=lambda life: life.__name__.strip("_"))
def test_it_tells_the_same_case(life: Callable[[], Tale]) -> None:
    case = life().case
    erasing = Erasing(case.number, case.rows)
    again = told_again(case.number, erasing.rows)
    assert record_of(again) == erasing.record(record_of(told_again(case.number, list(case.rows))))
    assert [(row.seq, row.at, row.what) for row in erasing.rows] == [(row.seq, row.at, row.what) for row in case.rows]
    assert Erasing(case.number, erasing.rows).rows == erasing.rows, "erased once more it is the same"


def test_nothing_of_the_person_is_left_and_two_ways_to_reach_them_stay_two() -> None:
    tale = _read_in_words()
    tale.says("details-received", email="otra@correo.example", customer_name="Rosa Quispe Mamani", by="ana")
    rows = Erasing(tale.case.number, tale.case.rows).rows
    told = " ".join(row.model_dump_json(exclude={"data": {"rules"}}) for row in rows)
    for text in ("Quispe", "44556677", "999 888 777", "correo.example", "Mamani", "llamó", "Estimada", "casebook"):
        assert text not in told, text
    emails = [row.data.get("email") or row.data.get("received", {}).get("customer", {}).get("email") for row in rows]
    assert [email for email in emails if email] == ["erased-1@erased.invalid", "erased-2@erased.invalid"]
    assert rows[0].data["received"]["source_key"] == erased_source_key(tale.case.number)


def test_words_that_figures_count_stay_unless_they_name_the_person() -> None:
    tale = Tale.begins(product="Curso de BIM")
    tale.says(
        "resolved", text="Se repone.", cause="horario mal publicado", corrective_actions=["llamar a Quispe"], by="ana"
    )
    erasing = Erasing(tale.case.number, tale.case.rows)
    [resolved] = [row.data for row in erasing.rows if row.what == "resolved"]
    assert (resolved["text"], resolved["cause"], resolved["corrective_actions"]) == (
        MARK,
        "horario mal publicado",
        [MARK],
    )
    assert erasing.rows[0].data["received"]["product"] == "Curso de BIM"


@pytest.mark.parametrize("text", [MARK, "[···7]", "erased-3@erased.invalid", "00000-1", "erased:Q-7KF3-02M9D"])
def test_a_stand_in_is_known_as_one(text: str) -> None:
    assert is_stand_in(text)
    assert not is_stand_in(f"{text} Rosa")
