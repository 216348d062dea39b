"""What the desk sends waits a minute and can be taken back; whatever happens meanwhile finds it done (§5, §6)."""

from typing import Any

import pytest
from pydantic import ValidationError

from complaints.rules.case import parsed
from complaints.rules.letters import LetterKind
from complaints.rules.refusals import NotNow
from complaints.rules.retelling import told_again
from complaints.rules.stages import Effect, Stage
from complaints.rules.status import explained, status_of
from tests.casebook import Tale, shown

MONDAY = "2026-07-27 10:00"
ANSWER: dict[str, Any] = {"act": "resolved", "said": {"text": "Se reponen dos horas.", "outcome": "upheld"}}


def sent(event_id: str = "desk/1", **held: Any) -> Tale:
    tale = Tale.begins()
    tale.says("act-held", on=MONDAY, by="Ana", via="desk", event_id=event_id, **(held or ANSWER))
    return tale


def rows(tale: Tale) -> list[str]:
    return [row.what for row in tale.case.rows if row.what in ("act-held", "act-withdrawn", "resolved", "replied")]


def test_nothing_is_done_before_its_minute_and_then_it_is_as_it_was_said() -> None:
    tale = sent()
    assert (tale.case.stage, "resolution" in tale.told()) == (Stage.ASSESSMENT, False)
    pending = status_of(tale.case).pending_act
    assert pending is not None
    assert (pending.act, shown(pending.until)) == ("resolved", "2026-07-27 10:01")
    tale.until("2026-07-27 10:01")
    assert (tale.case.stage, tale.told()[-1]) == (Stage.CONFIRMATION, "resolution")

    resolved = next(row for row in tale.case.rows if row.what == "resolved")
    assert (resolved.by, resolved.via, resolved.data["event_id"]) == ("Ana", "desk", "done/desk/1")

    assert status_of(tale.case).pending_act is None
    told_again(tale.case.number, tale.case.rows)


def test_taken_back_it_never_was_and_the_journal_shows_both() -> None:
    tale = sent()
    assert tale.says("act-withdrawn", by="Ana", via="desk") is Effect.APPLIES
    tale.until("2026-07-27 12:00")
    assert rows(tale) == ["act-held", "act-withdrawn"]
    assert (tale.case.stage, "resolution" in tale.told()) == (Stage.ASSESSMENT, False)
    told_again(tale.case.number, tale.case.rows)
    assert tale.says("act-held", by="Ana", event_id="desk/2", **ANSWER) is Effect.APPLIES
    tale.until("2026-07-27 12:02")
    assert tale.told()[-1] == "resolution"
    told_again(tale.case.number, tale.case.rows)


def test_after_its_minute_it_is_not_taken_back() -> None:
    tale = sent().until("2026-07-27 10:01")
    with pytest.raises(NotNow, match="nothing waits to be sent any more"):
        tale.case.expect(parsed("act-withdrawn", ({},)))


def test_sent_now_it_is_done_once_and_waits_no_longer() -> None:
    tale = sent()
    assert tale.case.pending_act is not None
    row = tale.case.pending_act.row
    assert tale.says("act-sent-now", by="Eva", via="desk", event_id="now/1", row=row) is Effect.APPLIES
    assert (tale.case.stage, status_of(tale.case).pending_act) == (Stage.CONFIRMATION, None)
    resolved = next(row for row in tale.case.rows if row.what == "resolved")
    assert resolved.by == "Ana", "it is what Ana sent; Eva only hurried it"
    assert tale.says("act-sent-now", by="Eva", via="desk", event_id="now/1", row=row) is Effect.IGNORED, "pressed twice"
    with pytest.raises(NotNow, match="it has gone out already, or was taken back"):
        tale.case.expect(parsed("act-sent-now", ({"event_id": "now/2"},)))
    tale.until("2026-07-27 12:00")
    assert [row.what for row in tale.case.rows].count("resolved") == 1
    assert tale.told().count("resolution") == 1
    told_again(tale.case.number, tale.case.rows)


def test_what_was_taken_back_is_not_sent_now() -> None:
    tale = sent()
    tale.says("act-withdrawn", by="Ana", via="desk")
    with pytest.raises(NotNow, match="was taken back"):
        tale.case.expect(parsed("act-sent-now", ({},)))


def test_another_row_than_the_one_that_waits_is_not_taken_back() -> None:
    tale = sent()
    with pytest.raises(NotNow):
        tale.case.expect(parsed("act-withdrawn", ({"row": 1},)))
    with pytest.raises(NotNow):
        tale.case.expect(parsed("act-sent-now", ({"row": 1},)))
    assert status_of(tale.case).pending_act is not None


@pytest.mark.parametrize(
    "fact",
    [
        ("message-received", {"text": "¿Y?", "via": "reply"}),
        ("noted", {"text": "…"}),
        ("act-held", {"act": "withdrawn"}),
    ],
    ids=lambda fact: str(fact[0]),
)
def test_whatever_comes_meanwhile_finds_it_done(fact: tuple[str, dict[str, Any]]) -> None:
    tale = sent()
    tale.says(fact[0], **fact[1])
    assert [row.what for row in tale.case.rows].index("resolved") < len(tale.case.rows) - 1
    assert tale.case.stage is Stage.CONFIRMATION
    told_again(tale.case.number, tale.case.rows)


def test_a_deadline_that_passes_within_the_minute_was_kept() -> None:
    tale = Tale.begins()
    tale.says("act-held", on="2026-07-27 17:59", by="Ana", event_id="desk/1", **ANSWER)
    tale.sleeps(seconds=55)
    tale.until("2026-07-27 18:30")  # the assessment's window ended at 18:00
    assert "late/assessment" not in [row.what for row in tale.case.rows]
    assert tale.told()[-1] == "resolution"
    told_again(tale.case.number, tale.case.rows)


def test_it_is_no_deadline_of_the_procedure() -> None:
    tale = sent()
    assert tale.case.due is not None
    assert tale.case.due[0] == "assessment"
    assert "undo" not in [deadline.name for deadline in explained(tale.case)]


def test_what_would_be_refused_is_refused_before_it_waits() -> None:
    tale = Tale.begins()
    corrected = parsed("act-held", ({"act": "resolution-corrected", "said": {"text": "…"}},))
    with pytest.raises(NotNow, match="nothing is resolved yet"):
        tale.case.expect(corrected)
    for held in ({"act": "assessed"}, {"act": "replied"}, {"act": "replied", "said": {"text": " "}}):
        with pytest.raises(ValidationError):
            parsed("act-held", (held,))


def test_zero_seconds_are_none() -> None:
    tale = Tale.begins(policy={"letters": {"undo_seconds": 0}})
    tale.says("act-held", on=MONDAY, by="Ana", **ANSWER)
    tale.until(MONDAY)
    assert LetterKind.RESOLUTION in [order.kind for order in tale.orders]
