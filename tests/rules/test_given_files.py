"""Files that staff give: within limits whoever sends them, with the right letter, read by the right people (§5, §6)."""

from hashlib import sha256
from typing import Any

import pytest
from pydantic import ValidationError

from complaints.rules.facts import FACTS, Resolved
from complaints.rules.given_files import GivenFile, files_in, fitting_one_letter, taken_away
from complaints.rules.joining import to_pass
from complaints.rules.letters import LetterKind
from complaints.rules.written import written_in
from tests.casebook import BY_PHONE, Tale


def a_file(name: str = "constancia.pdf", *, size: int = 10) -> dict[str, Any]:
    return {"name": name, "digest": sha256(name.encode()).hexdigest(), "size": size}


def names(tale: Tale) -> list[str]:
    """What goes with the newest letter."""
    return [file.name for file in tale.orders[-1].contents.attached]


def test_they_go_with_the_reply_and_with_no_other_letter() -> None:
    tale = Tale.begins()
    tale.says("replied", on="2026-07-24 09:00", text="Aquí va.", files=[a_file(), a_file("foto.png")])
    assert (tale.told()[-1], names(tale)) == ("reply", ["constancia.pdf", "foto.png"])
    tale.until("2026-07-27 10:00")
    assert (tale.told()[-1], names(tale)) == ("update", [])


def test_a_note_for_the_customer_brings_its_files_into_the_update_and_an_internal_one_does_not() -> None:
    tale = Tale.begins()
    tale.says("noted", text="El docente lo confirma.", files=[a_file("interno.pdf")])
    tale.says("noted", text="Ya lo vemos.", for_customer=True, files=[a_file("avance.pdf")])
    tale.until("2026-07-25 23:00")
    assert (tale.told()[-1], names(tale)) == ("update", ["avance.pdf"])


def test_the_answer_has_them_once_and_its_correction_what_it_says() -> None:
    tale = Tale.begins()
    tale.says("resolved", text="Se devuelve.", files=[a_file()])
    assert (tale.told()[-1], names(tale)) == ("resolution", ["constancia.pdf"])
    tale.says("resolution-corrected", text="Se devuelve todo.")
    assert (tale.told()[-1], names(tale)) == ("correction", ["constancia.pdf"]), "not said: as they were"
    tale.says("resolution-corrected", text="Se devuelve todo, sí.", files=[])
    assert names(tale) == [], "said to be none"
    tale.says("customer-satisfied")
    assert (tale.told()[-1], names(tale)) == ("closing", [])


def test_what_is_taken_back_never_goes() -> None:
    tale = Tale.begins()
    tale.says("act-held", act="replied", said={"text": "Va.", "files": [a_file()]})
    held = tale.case.rows[-1]
    assert held.data["said"]["files"] == [a_file()]
    assert (files_in(held.data), list(written_in(held.what, held.data))) == ((), [])
    tale.says("act-withdrawn")
    assert "reply" not in tale.told()


def test_a_call_reads_their_names_out() -> None:
    tale = Tale.begins(channel="phone", customer=BY_PHONE)
    tale.says("replied", on="2026-07-22 11:00", text="Aquí va.", files=[a_file(), a_file("foto.png")])
    needed = next(order for order in tale.orders if order.kind is LetterKind.CALL_NEEDED)
    assert needed.contents.replies == ("Aquí va.\n\n[constancia.pdf, foto.png]",)


def test_they_are_found_by_their_names() -> None:
    data = {"text": "Va.", "files": [a_file(), a_file("foto.png")]}
    assert list(written_in("replied", data)) == [("text", "Va."), ("file", "constancia.pdf"), ("file", "foto.png")]


def test_nobody_knows_whom_a_file_names_so_who_goes_along_gets_none() -> None:
    tale = Tale.begins()
    tale.says("merged", absorbed="Q-2222-22222", whose="other")
    tale.says("resolved", text="Se dictarán las horas.", for_joined=True, files=[a_file()])
    [said] = [fact for _, name, fact in to_pass(tale.case) if name == Resolved.name]
    assert (said["text"], "files" in said) == ("Se dictarán las horas.", False)


@pytest.mark.parametrize("name", ["replied", "resolved", "resolution-corrected", "noted", "called"])
@pytest.mark.parametrize(
    "files",
    [
        [a_file(f"{place}.pdf") for place in range(11)],
        [a_file(size=20_000_000), a_file("b.pdf", size=5_000_001)],
        [a_file("x" * 101)],
        [a_file("dos\nlíneas.pdf")],
        [a_file() | {"digest": "../../etc/passwd"}],
        [a_file(size=0)],
        ["constancia.pdf"],
    ],
)
def test_whoever_sends_them_keeps_to_the_limits(name: str, files: list[Any]) -> None:
    said = {"text": "Va.", "reached": True, "files": files}
    with pytest.raises(ValidationError):
        FACTS[name].model_validate(said)
    FACTS[name].model_validate(said | {"files": [a_file(size=25_000_000)]})


def test_a_letter_takes_as_many_as_it_may_each_once() -> None:
    large, small = (GivenFile.model_validate(a_file(name, size=size)) for name, size in (("a", 24_000_000), ("b", 9)))
    another = GivenFile.model_validate(a_file("c", size=2_000_000))
    assert fitting_one_letter([large, another, small, large]) == (large, small)
    many = [GivenFile.model_validate(a_file(f"{place}")) for place in range(12)]
    assert fitting_one_letter(many) == tuple(many[:10])


def test_what_the_last_correction_does_not_have_is_taken_away() -> None:
    one, two = a_file("1"), a_file("2")
    assert taken_away([{"files": [one]}, {}]) == frozenset(), "a correction that does not speak of files"
    assert taken_away([{"files": [one]}, {"files": [two]}]) == {one["digest"]}
    assert taken_away([{"files": [one]}, {"files": []}, {"files": [one, two]}]) == frozenset()
