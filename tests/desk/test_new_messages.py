"""What customers write, at the desk: seen on board and case, done in one click, their words the evidence (§5.4)."""

import re

import pytest

from tests.desk_house import House, a_mail, house_of, said
from tests.story import Story

ROSA = "rosa@correo.example"


@pytest.fixture
async def house(story: Story) -> House:
    house = house_of(story)
    await house.employs("ana", name="Ana Torres")
    return house


async def a_case(house: House, text: str = "No puedo entrar al aula y nadie me responde.") -> str:
    number: str = (await house.takes_in(a_mail(text, sender=ROSA))).number
    await house.has_written(number, "received")
    return number


async def writes(house: House, number: str, text: str, *, proven: bool = False) -> None:
    """The customer answers by mail: our letter, or, as anybody may who knows the number, nothing that proves it."""
    mail = a_mail(text, subject=f"Re: {number}", sender=ROSA)
    if proven:
        mail["In-Reply-To"] = (await house.has_sent(number, "acknowledgement")).message_id
    assert (await house.takes_in(mail)).reply
    await house.has_written(number, "message-received")


async def test_a_new_message_is_counted_shown_and_read_with_one_click(house: House) -> None:
    number = await a_case(house)
    async with house.signed_in("ana") as ana:
        assert 'class="dot"' not in (await ana.reads("/")).text
        await writes(house, number, "¿Cuándo me responden?")
        board = (await ana.reads("/")).text
        assert re.search(r"<b>1</b> mensaje nuevo", board)
        assert board.count('class="dot"') == 2, "in Now, and on the card"
        assert number in (await ana.reads("/?unread=1")).text
        assert 'class="dot"' in (await ana.reads("/list?unread=1")).text
        page = (await ana.reads(f"/cases/{number}")).text
        now = page.partition('id="waiting"')[2].partition("</section>")[0]
        assert "¿Cuándo me responden?" in now
        assert "remitente no comprobado" in now
        assert "Parece" not in now
        [row] = re.findall(r'name="up_to" value="(\d+)"', now)
        answer = await ana.sends(f"/cases/{number}", f"/cases/{number}/acts/mark_read", up_to=row)
        assert answer.status_code == 303, said(answer)
        await house.has_written(number, "messages-read")
        assert 'id="waiting"' not in (await ana.reads(f"/cases/{number}")).text
        assert 'class="dot"' not in (await ana.reads("/")).text


@pytest.mark.parametrize(("proven", "via"), [(True, "reply"), (False, "desk")])
async def test_8_what_a_message_seems_to_say_is_done_with_one_click_and_the_reply_is_the_evidence(
    house: House, proven: bool, via: str
) -> None:
    number = await a_case(house)
    async with house.signed_in("ana") as ana:
        page = f"/cases/{number}"
        await ana.sends(page, f"{page}/acts/assign", department="systems", representative="Ana Torres")
        await ana.sends(page, f"{page}/acts/resolve", text="Le dimos acceso.", outcome="upheld")
        await house.has_written(number, "resolved")
        await writes(house, number, "Sí, estoy conforme. Muchas gracias.", proven=proven)
        now = (await ana.reads(page)).text.partition('id="waiting"')[2].partition("</section>")[0]
        assert "<mark>estoy conforme</mark>" in now
        assert ("pregúntele antes al cliente" in now) is not proven
        [row] = re.findall(r'name="reply" value="(\d+)"', now)
        stale = await ana.sends(page, f"{page}/acts/confirm_satisfied", reply="1")
        assert stale.status_code == 409
        assert "Ese mensaje ya fue respondido" in stale.text
        answer = await ana.sends(page, f"{page}/acts/confirm_satisfied", reply=row)
        assert answer.status_code == 303, said(answer)
        await house.has_written(number, "customer-satisfied")
        [told] = [
            one for one in (await house.office.front_desk.timeline(number)).value if one.what == "customer-satisfied"
        ]
        assert (told.via, told.by, told.data["words"]) == (via, "Ana Torres", "estoy conforme")


async def test_4_a_proposal_is_noted_or_said_not_to_be_so_with_one_click(house: House) -> None:
    number = await a_case(house, "No puedo entrar al curso de modelado básico. El curso empezó el 3 de agosto.")
    async with house.signed_in("ana") as ana:
        page = f"/cases/{number}"
        readings = (await ana.reads(page)).text.partition('id="readings"')[2].partition('id="facts-title"')[0]
        assert "modelado básico" in readings
        noted = await ana.sends(
            page, f"{page}/acts/receive_details", product="modelado básico", still_missing="occurred_on"
        )
        assert noted.status_code == 303, said(noted)
        await house.has_written(number, "details-received")
        dropped = await ana.sends(page, f"{page}/acts/reject_reading", field="occurred_on")
        assert dropped.status_code == 303, said(dropped)
        await house.has_written(number, "reading-rejected")
        record = await house.office.store.record(number)
        assert record is not None
        assert (record.product, record.occurred_on) == ("modelado básico", None)
        assert 'id="readings"' not in (await ana.reads(page)).text


async def test_whoever_answers_for_a_case_is_called_by_name(house: House) -> None:
    number = await a_case(house)
    async with house.signed_in("ana") as ana:
        page = f"/cases/{number}"
        await ana.sends(page, f"{page}/acts/assign", department="systems", representative="Ana Torres")
        await house.has_written(number, "assigned")
        facts = (await ana.reads(page)).text.partition('id="facts-title"')[2]
        assert re.search(r"<dt>Responde</dt><dd>Ana Torres</dd>", facts)


async def test_5_3_a_colleague_s_answer_is_new_on_board_and_case_until_it_is_read(house: House) -> None:
    number = await a_case(house)
    async with house.signed_in("ana") as ana:
        page = f"/cases/{number}"
        asked = await ana.sends(page, f"{page}/acts/involve", whom="academic", question="¿Qué nota tiene?")
        assert asked.status_code == 303, said(asked)
        letter = await house.has_sent(number, "involvement")
        mail = a_mail("La nota es 15.", subject=f"Re: {letter.subject}", sender=letter.to_address)
        mail["In-Reply-To"] = letter.message_id
        assert (await house.takes_in(mail)).number == number
        await house.has_written(number, "noted")
        board = (await ana.reads("/")).text
        assert board.count('title="Respondió un colega"') == 2, "in Now, and on the card"
        now = (await ana.reads(page)).text.partition('id="help-answered"')[2].partition("</section>")[0]
        assert "La nota es 15." in now
        assert "lo pidió ana" in now or "lo pidió Ana Torres" in now
        [row] = re.findall(r'name="row" value="(\d+)"', now)
        read = await ana.sends(page, f"{page}/acts/mark_read", row=row)
        assert read.status_code == 303, said(read)
        await house.has_written(number, "messages-read")
        assert 'id="help-answered"' not in (await ana.reads(page)).text
