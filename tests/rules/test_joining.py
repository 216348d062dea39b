"""Two complaints about the same: one person's go on as one, two people's side by side; and how they part again."""

from dataclasses import replace
from typing import Any

import pytest

from complaints.rules import joining
from complaints.rules.facts import Separated
from complaints.rules.letters import LetterKind
from complaints.rules.policy import Policy
from complaints.rules.retelling import told_again
from complaints.rules.stages import Effect
from complaints.rules.status import status_of, timeline_of
from tests.casebook import Tale, lima
from tests.rules.case_laws import comparable

WORDS = "El curso de BIM no tuvo las horas prometidas."
LUIS = {"name": "Luis Paredes", "document": "40112233", "email": "luis@correo.example", "phone": "912345678"}


def named(tale: Tale, number: str) -> Tale:
    tale.case.number = number
    return tale


def heard(tale: Tale) -> list[joining.Passed]:
    """What the others have still to hear, as the workflow would send it; heard after that."""
    said = joining.to_pass(tale.case)
    tale.case.passed = len(tale.case.rows)
    return said


def passes(tale: Tale, other: Tale) -> list[str]:
    """The one's messages reach the other."""
    names = []
    for number, name, fact in heard(tale):
        assert number == other.case.number
        other.now = max(other.now, tale.now)
        other.says(name, **fact)
        names.append(name)
    return names


def of_one_person() -> tuple[Tale, Tale]:
    gone, stays = named(Tale.begins(), "Q-1"), Tale.begins("2026-07-24 09:00")
    gone.says("merged", on="2026-07-24 10:00", into=stays.case.number, whose="same", by="ana", via="desk")
    stays.says("merged", on="2026-07-24 10:00", **joining.ended_as_part(gone.case))
    return gone, stays


def of_two_people() -> tuple[Tale, Tale]:
    """Luis's joins Rosa's."""
    luis, rosa = named(Tale.begins(customer=LUIS), "Q-1"), named(Tale.begins("2026-07-24 09:00"), "Q-2")
    luis.says("merged", on="2026-07-24 10:00", into="Q-2", whose="other", by="luisa", via="desk")
    assert passes(luis, rosa) == ["merged"]
    return luis, rosa


# -- one person's ----------------------------------------------------------------------------------------------------


def test_one_persons_words_and_contacts_come_along_with_their_number_and_with_who_merged() -> None:
    gone, stays = of_one_person()
    assert (gone.case.outcome, status_of(gone.case).merged_into) == ("merged", stays.case.number)
    assert gone.letters(LetterKind.MERGED)[0].contents.merged_into == stays.case.number
    row = next(row for row in stays.case.rows if row.what == "merged")
    assert (row.by, row.via, row.data["absorbed"], row.data["text"]) == ("ana", "desk", "Q-1", WORDS)
    assert (row.data["email"], row.data["phone"]) == ("rosa@correo.example", "+51 987 654 321")
    assert status_of(stays.case).absorbed == ("Q-1",)
    assert status_of(stays.case).joined == ()


def test_separated_each_has_its_own_again_by_the_clocks_of_its_own_receipt() -> None:
    gone, stays = of_one_person()
    assert stays.due("escalation") == "2026-08-03 18:00"
    stays.says("message-received", on="2026-07-27 11:00", text="¿Y mi queja?", of="Q-1", event_id="m-1", by="customer")
    gone.says("separated", on="2026-08-04 10:00", by="ana")
    assert gone.told()[-3:] == ["merged", "separated", "escalation"]
    assert gone.happened("separated", "reopened", "late", "escalated") == [
        "2026-08-04 10:00 separated", "2026-08-04 10:00 reopened", "2026-08-04 10:00 late/assessment",
        "2026-08-04 10:00 escalated",
    ]  # fmt: skip
    assert (gone.case.outcome, gone.case.merged_into, gone.due("legal/15")) == (None, None, "2026-08-18 18:00")

    stays.until("2026-08-04 10:00")
    assert passes(gone, stays) == ["separated"]
    assert (stays.due("legal/15"), stays.case.absorbed) == ("2026-08-19 18:00", [])
    assert passes(stays, gone) == ["message-received"]
    assert [(row.data["text"], row.by) for row in gone.case.rows if row.what == "message-received"] == [
        ("¿Y mi queja?", "customer")
    ]
    told = [entry.data for entry in timeline_of(stays.case)]
    assert "¿Y mi queja?" not in str(told)
    assert WORDS not in str(told)
    for tale in (gone, stays):
        assert comparable(tale.again()) == comparable(tale.case)


def test_what_was_late_by_the_earlier_receipt_only_is_not_late_any_more_and_nobody_is_told_twice() -> None:
    gone, stays = named(Tale.begins("2026-07-20 09:00"), "Q-1"), Tale.begins("2026-07-24 09:00")
    gone.says("merged", on="2026-07-24 10:00", into=stays.case.number, whose="same")
    stays.says("merged", on="2026-07-24 10:00", **joining.ended_as_part(gone.case))
    stays.until("2026-07-24 10:01")
    assert stays.case.late_for == ["assessment"]
    gone.says("separated", on="2026-07-24 12:00")
    stays.until("2026-07-24 12:00")
    passes(gone, stays)
    assert (stays.case.late_for, stays.due("assessment")) == ([], "2026-07-30 18:00")
    stays.until("2026-07-31 09:00")
    assert stays.notices(LetterKind.LATE) == ["late/assessment → care_team"]


# -- two people's ----------------------------------------------------------------------------------------------------


def test_two_peoples_go_side_by_side_and_nothing_of_the_one_is_in_the_others() -> None:
    luis, rosa = of_two_people()
    assert (luis.case.outcome, luis.case.goes_with) == (None, "Q-2")
    assert (status_of(rosa.case).absorbed, status_of(rosa.case).joined) == (("Q-1",), ("Q-1",))
    assert (luis.due("legal/15"), rosa.due("legal/15")) == ("2026-08-18 18:00", "2026-08-19 18:00")
    assert (luis.told()[-1], rosa.told()[-1]) == ("joined", "joined")
    for tale, stranger, number in ((luis, "Rosa", "Q-2"), (rosa, "Luis", "Q-1")):
        letter = str(tale.letters(LetterKind.JOINED)[0].contents)
        assert stranger not in letter
        assert number not in letter
        assert "text" not in next(row.data for row in tale.case.rows if row.what == "merged")


def test_what_is_done_for_the_one_is_done_for_the_other_but_her_answer_is_hers() -> None:
    luis, rosa = of_two_people()
    rosa.says("assessed", category="docencia", note="Rosa ya se quejó en junio", by="ana", event_id="e1")
    rosa.says("assigned", department="academic", by="ana", event_id="e2")
    rosa.says("noted", text="Rosa llamó", by="ana", for_customer=True)
    rosa.says("resolved", text="Rosa, le devolvemos S/ 300.", outcome="upheld", by="ana", event_id="e3")
    assert passes(rosa, luis) == ["assessed", "assigned", "resolved"]
    assert (luis.case.category, luis.case.department, luis.case.stage.value) == ("docencia", "academic", "confirmation")
    assert luis.told()[-1] == "resolution-decided"
    assert "Rosa" not in str([row.data for row in luis.case.rows[1:]])
    assert passes(luis, rosa) == []
    rosa.says("customer-satisfied")
    assert passes(rosa, luis) == []
    assert luis.case.outcome is None


def test_a_text_that_names_nobody_is_everybodys_answer() -> None:
    luis, rosa = of_two_people()
    rosa.says("resolved", text="Se dictarán las horas.", corrective_actions=["Dos clases"], by="ana", for_joined=True)
    passes(rosa, luis)
    assert luis.letters(LetterKind.RESOLUTION)[0].contents.resolution == "Se dictarán las horas."


def test_everybodys_answer_is_corrected_for_everybody() -> None:
    luis, rosa = of_two_people()
    rosa.says("resolved", text="Se dictarán las horas.", by="ana", for_joined=True)
    passes(rosa, luis)
    rosa.says("resolution-corrected", text="Se dictarán dos horas más.", by="ana", event_id="c1")
    assert passes(rosa, luis) == ["resolution-corrected"]
    assert (luis.told()[-1], luis.orders[-1].contents.resolution) == ("correction", "Se dictarán dos horas más.")
    assert passes(luis, rosa) == []
    for tale in (luis, rosa):
        assert comparable(tale.again()) == comparable(tale.case)


@pytest.mark.parametrize(
    ("for_joined", "right"),
    [(False, "Se dictarán dos horas más."), (True, "Rosa, le devolvemos S/ 200.")],
)
def test_what_names_one_customer_corrects_nobody_elses_answer(for_joined: bool, right: str) -> None:
    luis, rosa = of_two_people()
    rosa.says("resolved", text="Se dictarán las horas.", by="ana", for_joined=for_joined)
    passes(rosa, luis)
    rosa.says("resolution-corrected", text=right, by="ana")
    assert passes(rosa, luis) == []


def test_whoever_joins_a_case_that_is_further_on_is_brought_up_to_it() -> None:
    luis, rosa = named(Tale.begins(customer=LUIS), "Q-1"), named(Tale.begins("2026-07-24 09:00"), "Q-2")
    rosa.says("assessed", category="docencia", severity="alta", by="ana")
    rosa.says("assigned", department="academic", representative="Ana Torres", by="ana")
    luis.says("merged", on="2026-07-24 10:00", into="Q-2", whose="other")
    passes(luis, rosa)
    assert passes(rosa, luis) == ["assessed", "assigned"]
    assert (luis.case.stage.value, luis.case.representative) == ("investigation", "Ana Torres")


def test_apart_again_nothing_more_is_passed_on() -> None:
    luis, rosa = of_two_people()
    luis.says("separated", on="2026-07-25 10:00", by="luisa")
    assert passes(luis, rosa) == ["separated"]
    assert (luis.told()[-1], rosa.told()[-1]) == ("separated", "separated")
    rosa.says("resolved", text="Se dictarán las horas.", by="ana", for_joined=True)
    assert heard(rosa) == []
    assert (luis.case.goes_with, rosa.case.absorbed) == (None, [])
    for tale in (luis, rosa):
        assert comparable(tale.again()) == comparable(tale.case)


def test_merged_separated_and_merged_again_each_time_is_told() -> None:
    luis, rosa = of_two_people()
    for _ in range(2):
        luis.says("separated")
        passes(luis, rosa)
        luis.says("merged", into="Q-2", whose="other")
        passes(luis, rosa)
    assert luis.told().count("joined") == luis.told().count("separated") + 1 == 3
    assert rosa.case.absorbed == ["Q-1"]


@pytest.mark.parametrize("whose", [None, "other"])
def test_whoever_sends_it_another_persons_words_are_not_taken_in(whose: str | None) -> None:
    rosa = Tale.begins()
    rosa.says("merged", absorbed="Q-1", whose=whose, text="Pagué dos veces.", email="luis@correo.example")
    assert set(rosa.case.rows[-1].data if whose is None else rosa.case.rows[-2].data) <= {"absorbed", "whose"}
    assert "Pagué" not in str(rosa.case.model_dump())


# -- what is refused -------------------------------------------------------------------------------------------------


def _gone(days: str) -> Tale:
    gone, _ = of_one_person()
    return gone.until(days)


REFUSED: list[tuple[str, Tale, str, dict[str, Any], str]] = [
    ("after 30 days", _gone("2026-08-24 10:00"), "separated", {}, "it was merged more than 30 days ago"),
    ("not merged", Tale.begins(), "separated", {}, "it is not merged with another complaint"),
    ("a stranger", Tale.begins(), "separated", {"absorbed": "Q-9"}, "absorbed: Q-9 is not merged into it"),
    ("two at once", of_two_people()[0], "merged", {"into": "Q-3", "whose": "other"}, "it goes along with Q-2 already"),
    ("with company", of_two_people()[1], "merged", {"into": "Q-3", "whose": "same"}, "Q-1 came into it"),
]


@pytest.mark.parametrize(("tale", "name", "said", "reason"), [row[1:] for row in REFUSED], ids=[r[0] for r in REFUSED])
def test_what_cannot_be_says_why(tale: Tale, name: str, said: dict[str, Any], reason: str) -> None:
    assert tale.says(name, **said) is Effect.IGNORED
    assert tale.case.rows[-1].data["reason"].startswith(reason)


def test_on_the_thirtieth_day_it_still_can_be_separated() -> None:
    assert _gone("2026-08-23 09:59").says("separated") is Effect.APPLIES


def test_a_request_separates_the_one_that_leaves() -> None:
    _, rosa = of_two_people()
    refusal = joining.unsaid(rosa.case, Separated(absorbed="Q-1"))
    assert refusal is not None
    assert refusal.code == "separate.other-way"


def test_no_letter_after_the_separation_has_the_words_that_left() -> None:
    """Also the whole story that the manager gets, and thanks for what she wrote."""
    gone, stays = of_one_person()
    stays.says("message-received", on="2026-07-24 11:00", text="¿Y mi BIM?", of="Q-1", by="customer", via="reply",
               event_id="m")  # fmt: skip
    gone.says("separated", on="2026-07-24 12:00", by="ana")
    passes(gone, stays)
    stays.until("2026-08-05 10:00")
    letters = [stays.letters(kind)[0].contents for kind in (LetterKind.ESCALATED_TO_YOU, LetterKind.UPDATE)]
    assert letters[0].story
    for contents in letters:
        assert "¿Y mi BIM?" not in str(contents)
        assert contents.thanks_for is None
    assert not [line for line in letters[0].story if line.text == WORDS]


# -- what was written before -----------------------------------------------------------------------------------------


def test_a_merger_of_old_that_did_not_say_whose_ends_the_one_and_tells_it_nothing_of_the_other() -> None:
    old = named(Tale.begins(), "Q-1")
    old.says("merged", into="Q-2")
    assert old.case.outcome == "merged"
    assert old.letters(LetterKind.MERGED)[0].contents.merged_into is None
    assert set(joining.ended_as_part(old.case)) == {"absorbed", "received_at", "event_id"}
    assert heard(old) == []


def test_a_journal_of_old_reads_whatever_the_models_learned_since() -> None:
    """A row keeps the policy and the complaint whole, as their fields were then."""
    tale = Tale.begins().until("2026-07-24 10:00")
    tale.says("merged", absorbed="Q-0", received_at=lima("2026-07-01 09:00"))
    first = tale.case.rows[0].model_dump(mode="json")
    del first["data"]["rules"]["policy"]["merging"]
    del first["data"]["received"]["in_reply_to"]
    kept = [type(tale.case.rows[0]).model_validate(first), *tale.case.rows[1:]]
    told = told_again(tale.case.number, kept)
    assert told.rows == kept
    assert told.policy.merging == Policy().merging
    again = replace(tale, case=told)
    assert again.says("merged", into="Q-2") is Effect.APPLIES


# -- what waits for somebody -----------------------------------------------------------------------------------------


def test_what_one_person_wrote_and_nobody_answered_goes_along_and_waits_there_and_comes_back() -> None:
    gone, stays = named(Tale.begins(), "Q-1"), Tale.begins("2026-07-24 09:00")
    gone.says("message-received", on="2026-07-24 09:30", text="¿Y mi queja?", via="reply", by="customer", event_id="m")
    gone.says("merged", on="2026-07-24 10:00", into=stays.case.number, whose="same", by="ana", via="desk")
    assert gone.case.unread == []
    assert passes(gone, stays) == ["message-received"]
    assert [stays.case.rows[one.row - 1].data["text"] for one in stays.case.unread] == ["¿Y mi queja?"]
    stays.says("merged", on="2026-07-24 10:00", **joining.ended_as_part(gone.case))
    gone.says("separated", on="2026-07-24 11:00", by="ana")
    assert len(gone.case.unread) == 1
    heard(stays)
    assert passes(gone, stays) == ["separated"]
    assert stays.case.unread == []
    assert joining.to_pass(stays.case) == []  # its own journal has it


def test_two_peoples_messages_wait_each_for_their_own_answer() -> None:
    luis, rosa = named(Tale.begins(customer=LUIS), "Q-1"), named(Tale.begins("2026-07-24 09:00"), "Q-2")
    luis.says("message-received", on="2026-07-24 09:30", text="Soy Luis.", via="reply", by="customer", event_id="m")
    luis.says("merged", on="2026-07-24 10:00", into="Q-2", whose="other", by="luisa", via="desk")
    assert passes(luis, rosa) == ["merged"]
    heard(rosa)
    rosa.says("date-promised", on="2026-07-24 11:00", date="2026-07-30", by="ana", event_id="p")
    assert passes(rosa, luis) == ["date-promised"]
    assert len(luis.case.unread) == 1
    assert rosa.case.unread == []
    assert "Soy Luis." not in rosa.case.model_dump_json()
