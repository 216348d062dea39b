"""What a customer's page tells, worked out from a case: no server is needed for that."""

from datetime import datetime, timedelta
from typing import Any

import pytest

from complaints.rules.policy import Policy
from complaints.rules.status import record_of, status_of, timeline_of
from complaints.words.wording import Wording
from desk.customer.story import Story
from tests.casebook import Tale
from tests.golden_letters.examples import CONTACTS, LIMA


def page_of(tale: Tale, *, at: datetime | None = None) -> Story:
    """The customer's page at that moment."""
    now = at or tale.now
    return Story(
        status=status_of(tale.case), timeline=timeline_of(tale.case), record=record_of(tale.case), sent=[],
        contacts=CONTACTS, policy=Policy(), words=Wording("es", LIMA, now.date()), now=now,
    )  # fmt: skip


def resolved(outcome: str | None = "not", **said: Any) -> Tale:
    tale = Tale.begins()
    tale.says("resolved", text="Se revisó su caso.", by="ana", **said, **({"outcome": outcome} if outcome else {}))
    return tale


@pytest.mark.parametrize(
    ("outcome", "outside"), [("not", True), ("partly", True), (None, True), ("upheld", False)]
)  # fmt: skip
def test_6_beside_an_answer_that_may_be_a_no_the_page_names_the_ways_outside(
    outcome: str | None, outside: bool
) -> None:
    tale = resolved(outcome)
    assert page_of(tale).names_ways_outside is outside
    tale.says("resolution-corrected", text="No tiene razón.", outcome="not", by="ana")
    assert page_of(tale).names_ways_outside


@pytest.mark.parametrize(
    ("end", "said", "outside"),
    [
        ("closed-by-decision", {"reason": "El curso se dictó completo."}, True),
        ("not-a-complaint", {"reason": "Es una consulta."}, True),
        ("withdrawn", {}, False),
        ("merged", {"into": "Q-1AB2-3CD4E", "whose": "same"}, False),
    ],
)
def test_8_so_does_the_page_of_an_end_that_is_not_what_they_asked_for(
    end: str, said: dict[str, Any], outside: bool
) -> None:
    tale = Tale.begins()
    if end == "closed-by-decision":  # the last level decides
        for _ in range(2):
            tale.says("resolved", text="No.", by="ana")
            tale.says("customer-dissatisfied", reason="No.", by="customer", via="link")
    tale.says(end, by="ana", **said)
    assert tale.case.ended
    assert page_of(tale).names_ways_outside is outside


def test_8_the_day_until_which_it_can_be_reopened_counts_to_its_end() -> None:
    tale = resolved()
    tale.says("customer-satisfied", by="customer", via="link")
    closed = tale.case.closed_at
    assert closed is not None
    until = page_of(tale).reopens_until
    assert until == (closed + timedelta(days=30)).date()
    evening = closed + timedelta(days=30, hours=14)
    assert page_of(tale, at=evening).reopens_until == until
    tale.now = evening
    tale.says("customer-dissatisfied", reason="Volvió a pasar", by="customer", via="link")
    assert tale.case.round.number == 2, "what the page says is kept"
    assert page_of(tale, at=closed + timedelta(days=31)).reopens_until is None


def test_7_who_looks_into_it_after_a_no_is_who_the_letters_name() -> None:
    tale = resolved()
    assert not page_of(tale).by_the_director, "the manager, after the first no"
    tale.says("customer-dissatisfied", reason="No.", by="customer", via="link")
    assert page_of(tale).said_no_at
    assert not page_of(tale).by_the_director
    tale.says("resolved", text="Tampoco.", by="luis")
    assert page_of(tale).by_the_director, "the director, after the second"
    tale.says("customer-dissatisfied", reason="No.", by="customer", via="link")
    assert page_of(tale).by_the_director


def test_nobody_reads_on_their_page_what_anybody_may_have_written() -> None:
    """A stranger who mistypes a number, or forges a From: the words may be another customer's (M)."""
    tale = Tale.begins()
    tale.says(
        "message-received", text="Soy Luis Paredes, DNI 40112233.", via="reply", by="customer", sender_proven=False
    )
    tale.says("message-received", text="Gracias, espero.", via="reply", by="customer")
    lines = page_of(tale).lines
    assert not any("40112233" in f"{line.what} {line.text}" for line in lines)
    assert [line.text for line in lines if line.text] == ["Gracias, espero."]
    assert any("no se muestran aquí" in line.what for line in lines)
