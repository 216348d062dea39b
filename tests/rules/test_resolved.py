"""The resolution as it stands, read from the journal: what the case itself keeps in its round (§5.3, §6)."""

from typing import Any

import pytest

from complaints.rules.report.lives import Event
from complaints.rules.report.prevention import cause_of
from complaints.rules.resolved import standing_resolution
from complaints.rules.status import timeline_of
from tests.casebook import Tale
from tests.desk.test_customer_story import page_of

DISPUTED = ("customer-dissatisfied", {"reason": "No basta.", "by": "customer", "via": "link"})
BARE = ("resolved", {"by": "ana", "outcome": "upheld", "corrective_actions": ["Dictarlas"]})
TOLD = ("resolved", {"told_in_call": True})


@pytest.mark.parametrize(
    ("facts", "outcome"),
    [
        ([], None),
        ([("resolved", {"text": "Sí.", "outcome": "upheld"})], "upheld"),
        ([("resolved", {"text": "Sí."})], None),  # it does not say whether the complaint was justified
        ([BARE, ("resolved", {"text": "Se dictarán."})], "upheld"),  # decided first, explained later: both are one
        ([BARE, ("resolved", {"text": "No.", "outcome": "not"})], "not"),  # the newest that says so
        ([BARE, ("resolved", {"text": "Sí."}), ("resolution-corrected", {"text": "Tres."})], "upheld"),  # as it was
        ([BARE, ("resolved", {"text": "Sí."}), ("resolution-corrected", {"text": "No.", "outcome": "not"})], "not"),
        ([("resolved", {"text": "No.", "outcome": "not"}), DISPUTED], None),  # a dispute: nothing is decided yet
        ([("resolved", {"text": "No.", "outcome": "not"}), DISPUTED, ("resolved", {"text": "Se verá."})], None),
    ],
)
def test_each_reader_of_the_journal_has_the_outcome_that_the_case_has(
    facts: list[tuple[str, dict[str, Any]]], outcome: str | None
) -> None:
    tale = Tale.begins()
    for name, said in facts:
        tale.says(name, **said)
    stands = standing_resolution(timeline_of(tale.case))
    assert stands == standing_resolution(tale.case.rows)
    assert stands.get("outcome") == tale.case.round.outcome == outcome
    assert tuple(stands.get("corrective_actions", ())) == tale.case.round.corrective_actions
    assert stands.get("text") == tale.case.round.resolution
    page = page_of(tale)
    assert page.measures == list(tale.case.round.corrective_actions)
    assert page.verdict == (page.words.outcome(outcome) if outcome else None)


def test_measures_that_a_correction_takes_back_are_gone() -> None:
    tale = Tale.begins()
    tale.says("resolved", text="Sí.", corrective_actions=["Dictarlas"])
    tale.says("resolution-corrected", text="No.", corrective_actions=[])
    assert standing_resolution(tale.case.rows)["corrective_actions"] == []
    assert page_of(tale).measures == []


@pytest.mark.parametrize(
    ("facts", "why"),
    [
        ([BARE, ("resolved", {"text": "Se dictarán.", "told_in_call": True})], "remedy-refused"),
        ([BARE, ("resolved", {"told_in_call": True, "outcome": "not"})], "rejected"),
        ([BARE, TOLD, ("resolution-corrected", {"text": "No.", "outcome": "not"})], "rejected"),
        ([BARE, TOLD, ("resolution-corrected", {"text": "No.", "corrective_actions": []})], "no-corrective-action"),
    ],
)
def test_the_report_puts_a_dispute_down_to_the_resolution_as_it_stood(
    facts: list[tuple[str, dict[str, Any]]], why: str
) -> None:
    tale = Tale.begins()
    for name, said in [*facts, DISPUTED]:
        tale.says(name, **said)
    events = [Event(row.seq, row.at, row.what, row.by, row.data) for row in tale.case.rows]
    place = next(place for place, event in enumerate(events) if event.what == "escalated")
    assert cause_of(events[:place], events[place]) == why
