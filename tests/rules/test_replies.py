"""A reply of ours: a letter now, the update of these days, and what a call reads out (§5.4)."""

from complaints.rules.calls import untold_replies
from complaints.rules.facts import Replied
from complaints.rules.letters import LetterKind
from complaints.rules.previewing import preview
from tests.casebook import BY_PHONE, Tale

SAID = "Mañana a las 10 le llama el docente."


def test_the_three_days_begin_anew_with_it() -> None:
    tale = Tale.begins()
    tale.says("replied", on="2026-07-24 09:00", text=SAID)
    assert (tale.told()[-1], tale.orders[-1].contents.words) == ("reply", SAID)
    assert tale.due("update") == "2026-07-27 09:00"
    tale.until("2026-07-26 23:00")
    assert "update" not in tale.told()


def test_it_answers_what_the_customer_wrote_and_thanks_for_it() -> None:
    tale = Tale.begins()
    tale.says("message-received", via="reply", text="¿Y?")
    tale.says("replied", on="2026-07-23 09:00", text=SAID)
    assert tale.case.unread == []
    contents = tale.orders[-1].contents
    assert (contents.thanks_for is not None, contents.message_waits) == (True, False)


def test_without_an_address_a_call_reads_it_out_once() -> None:
    tale = Tale.begins(channel="phone", customer=BY_PHONE)
    tale.says("replied", on="2026-07-22 11:00", text=SAID)
    needed = next(order for order in tale.orders if order.kind is LetterKind.CALL_NEEDED)
    assert needed.contents.replies == (SAID,)
    tale.says("called", reached=True)
    assert untold_replies(tale.case.rows) == ()
    assert tale.case.open_call is None


def test_trying_it_does_nothing() -> None:
    tale = Tale.begins()
    before = tale.case.model_dump()
    tried = preview(tale.case, Replied(text=SAID), now=tale.now)
    assert [order.contents.words for order in tried.letters] == [SAID]
    assert tale.case.model_dump() == before
