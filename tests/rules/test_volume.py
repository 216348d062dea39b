"""How many words a case holds: it fits into one piece that Temporal passes on, whatever people write."""

from typing import Any

import pytest

from complaints.rules import volume
from complaints.rules.case import Case, parsed
from complaints.rules.refusals import NotNow, Refusal, clause
from complaints.rules.requests import Carried
from complaints.rules.retelling import told_again
from complaints.rules.stages import Effect
from complaints.rules.text import LONGEST_TEXT
from tests.casebook import PROBLEM, Tale

PIECE = 2_000_000
"""Bytes in one piece that the server takes (`limit.blobSize.error`)."""

LONG = "El curso de BIM no tuvo las horas prometidas. " * (LONGEST_TEXT // 46)
WIDE = "😀" * LONGEST_TEXT
FULL = Refusal("words.full")
"""As long as a text may be, and four bytes a character."""


def piece(case: Case) -> int:
    """Bytes of the case as a continued run gets it."""
    return len(Carried(carried=case).model_dump_json())


def messages(tale: Tale) -> list[str]:
    """What the customer wrote, as the case has it."""
    return [row.data["text"] for row in tale.case.rows if row.what == "message-received"]


def test_long_texts_are_whole_until_there_are_many() -> None:
    tale = Tale.begins(problem={**PROBLEM, "description": LONG})
    tale.says("message-received", text=LONG)
    assert messages(tale) == [LONG.strip()]
    for _ in range(20):
        tale.says("message-received", text=LONG)
    kept = messages(tale)[-1]
    assert kept.endswith(volume.CUT)
    assert len(kept.encode()) <= volume.LEAST
    assert LONG.startswith(kept.removesuffix(volume.CUT))
    assert piece(tale.case) < PIECE


LIVES: dict[str, list[tuple[str, dict[str, Any]]]] = {
    "messages": [("message-received", {"text": WIDE})],
    "disputes, told to four people each": [
        ("assigned", {"department": "academic", "representative": "Ana"}),
        ("resolved", {"text": WIDE}),
        ("customer-dissatisfied", {"reason": WIDE}),
    ],
    "every line is long": [("resolved", {"text": WIDE, "corrective_actions": ["á" * 300] * 20}),
                           ("customer-dissatisfied", {"reason": WIDE})],
    "held": [("customer-satisfied", {"words": WIDE}), ("noted", {"text": WIDE})],
    "questions": [("details-requested", {"question": WIDE}), ("details-received", {"text": WIDE})],
    "calls": [("called", {"reached": True, "notes": WIDE, "direction": "inbound"})],
}  # fmt: skip


@pytest.mark.parametrize("life", LIVES)
def test_whatever_is_written_it_goes_on_in_one_piece_and_is_told_again(life: str) -> None:
    tale = Tale.begins(problem={**PROBLEM, "description": WIDE, "remedy_sought": WIDE})
    for _ in range(12):
        for fact, said in LIVES[life]:
            tale.says(fact, **said)
    assert piece(tale.case) < PIECE
    assert told_again(tale.case.number, tale.case.rows).rows == tale.case.rows


def test_a_flood_of_short_words_is_ignored_in_the_end_and_the_case_goes_on() -> None:
    tale = Tale.begins()
    said = [tale.says("noted", text=f"{number} {'x' * 1_900}") for number in range(400)]
    assert said.count(Effect.IGNORED) > 100
    assert piece(tale.case) < PIECE
    assert next(row.data["reason"] for row in tale.case.rows if row.what == "ignored") == clause(FULL)
    assert tale.says("resolved", text="Se repone.") is Effect.IMPLIES
    assert tale.says("customer-satisfied") is Effect.APPLIES


def test_a_request_that_is_too_long_is_refused_with_what_to_do() -> None:
    tale = Tale.begins()
    tale.case.expect(parsed("noted", ({"text": LONG},)))
    for _ in range(4):
        tale.says("message-received", text=LONG)
    with pytest.raises(NotNow) as refused:
        tale.case.expect(parsed("noted", ({"text": LONG},)))
    said = str(refused.value)
    assert said.endswith("almost as much text as a complaint can; say this in at most 1000 characters.")
    tale.case.expect(parsed("noted", ({"text": "ñ" * 1_000},)))


def test_what_is_cut_is_cut_between_characters_and_only_once() -> None:
    once = volume.shortened("😀" * 1_000, 2_000)
    assert len(once.encode()) <= 2_000
    assert volume.shortened(once, 2_000) == once
    assert set(once.removesuffix(volume.CUT)) == {"😀"}
