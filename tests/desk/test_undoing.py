"""*Deshacer* at the desk: what was sent waits, is taken back with its words, or goes out after its time (§5, §6)."""

import html
import re
import uuid

import pytest

from complaints.rules.facts import Noted
from tests.desk_house import House, hidden, house_of, said
from tests.story import Story

ROSA = {"email": "rosa@correo.example", "name": "Rosa Quispe"}
ANSWER = {"text": "Le devolvemos 45 soles.", "outcome": "upheld", "corrective_actions": "Revisar los pagos\nAvisar"}


@pytest.fixture
async def house(story: Story) -> House:
    house = house_of(story, undo_seconds=60)
    await house.employs("ana", name="Ana Torres")
    return house


async def test_6_what_was_sent_is_taken_back_with_its_words(house: House) -> None:
    number = await house.opens(**ROSA)
    desk, page = house.office.front_desk, f"/cases/{number}"
    async with house.signed_in("ana") as ana:
        assert (await ana.sends(page, f"{page}/acts/resolve", **ANSWER)).status_code == 303
        assert (await desk.status(number)).value.stage == "assessment"
        read = (await ana.reads(page)).text
        assert f'action="{page}/acts/undo_act"' in read
        assert f'action="{page}/acts/resolve"' not in read, "it is on its way"
        undone = await ana.sends(page, f"{page}/acts/undo_act")
        assert undone.headers["location"] == f"{page}?done=undo_act&act=resolve"
        form = re.search(r'id="act-resolve" open>.*?</form>', html.unescape((await ana.reads(page)).text), re.DOTALL)
        assert form
        assert ANSWER["text"] in form[0]
        assert ANSWER["corrective_actions"] in form[0]
        assert 'value="upheld" selected' in form[0]
        again = await ana.posts(f"{page}/acts/undo_act", await _fields(ana, page))
        assert "ya no hay nada por enviar" in said(again)
    told = [(row.what, row.by) for row in (await desk.timeline(number)).value if row.what.startswith("act-")]
    assert told == [("act-held", "Ana Torres"), ("act-withdrawn", "Ana Torres")]
    assert [one.kind for one in await house.office.store.letters(number)] in ([], ["acknowledgement"])


async def test_6_whatever_happens_next_sends_it_and_what_writes_nothing_does_not_wait(house: House) -> None:
    number = await house.opens(**ROSA)
    desk, page = house.office.front_desk, f"/cases/{number}"
    async with house.signed_in("ana") as ana:
        assert (await ana.sends(page, f"{page}/acts/assess", category="cobros")).status_code == 303
        assert (await desk.status(number)).value.stage == "assignment", "no letter, no minute"
        assert (await ana.sends(page, f"{page}/acts/reply", text="Lo estamos viendo.")).status_code == 303
        seen = await _fields(ana, page)
        await desk.ask(number, "add_note", Noted(text="Llamó su hermana.", by="Ana Torres"))
        assert "Lo estamos viendo." in (await house.has_sent(number, "reply")).text
        late = await ana.posts(f"{page}/acts/undo_act", seen)
        assert late.status_code == 409


async def test_5_what_would_be_refused_is_refused_before_it_waits(house: House) -> None:
    """Whom nobody knows gets no letter: said while the form is still there, not a minute later to nobody."""
    number = await house.opens(**ROSA)
    page = f"/cases/{number}"
    async with house.signed_in("ana") as ana:
        asked = await ana.sends(page, f"{page}/acts/involve", whom="la secretaria", question="¿Quién la vio?")
        assert (asked.status_code, "indique un área, un colega o un correo" in said(asked)) == (409, True)
        assert (await house.office.front_desk.status(number)).value.pending_act is None
        asked = await ana.sends(page, f"{page}/acts/involve", whom="systems", question="¿Quién la vio?")
        assert asked.status_code == 303


async def test_6_what_waits_is_sent_now_and_once_though_pressed_twice(house: House) -> None:
    number = await house.opens(**ROSA)
    desk, page = house.office.front_desk, f"/cases/{number}"
    async with house.signed_in("ana") as ana:
        assert (await ana.sends(page, f"{page}/acts/resolve", **ANSWER)).status_code == 303
        pressed = hidden((await ana.reads(page)).text, f"{page}/acts/send_now")
        assert (await desk.status(number)).value.pending_act is not None, "nothing went out before its minute"
        for _ in range(2):
            assert (await ana.posts(f"{page}/acts/send_now", pressed)).status_code == 303
        assert (await desk.status(number)).value.pending_act is None
        read = (await ana.reads(page)).text
        assert "acts/send_now" not in read
        assert "acts/undo_act" not in read
        later = await ana.posts(f"{page}/acts/send_now", {**pressed, "event_id": str(uuid.uuid4())})
        assert "ya salió" in said(later)
    await house.has_sent(number, "resolution")
    assert [row.what for row in (await desk.timeline(number)).value].count("resolved") == 1


async def _fields(visitor: object, page: str) -> dict[str, str]:
    read = (await visitor.reads(page)).text  # type: ignore[attr-defined]
    return dict(re.findall(r'<input type="hidden" name="([^"]+)" value="([^"]*)"', read))
