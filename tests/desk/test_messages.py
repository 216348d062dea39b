"""What customers wrote and what we wrote to them, at the desk: shown whole, and so that nothing in it can run."""

import re

import pytest

from complaints.rules.letters import LetterState
from tests.desk_house import House, a_mail, house_of, said
from tests.story import Story

SCRIPT = b"<html><script>parent.alert(1)</script></html>"
PICTURE = b"\x89PNG\r\n\x1a\n" + bytes(40)
ROSA = "Rosa Quispe <rosa@correo.example>"


@pytest.fixture
async def house(story: Story) -> House:
    house = house_of(story)
    await house.employs("ana", name="Ana Torres")
    return house


async def a_complaint_with_files(house: House) -> str:
    mail = a_mail("Me cobraron dos veces el curso de Revit.\nMi DNI es 45678912.", sender=ROSA)
    mail.add_attachment(SCRIPT, maintype="image", subtype="png", filename="captura ñ.png")
    mail.add_attachment(b"%PDF-1.4 nada", maintype="application", subtype="pdf", filename='a"; b.pdf')
    number = (await house.takes_in(mail)).number
    await house.has_written(number, "received", "letter-sent")
    return number


async def test_3_attachments_are_saved_under_what_they_are_and_never_shown(house: House) -> None:
    number = await a_complaint_with_files(house)
    async with house.signed_in("ana") as ana:
        page = (await ana.reads(f"/cases/{number}")).text
        files = re.findall(rf'href="(/cases/{number}/messages/[0-9a-f]+/files/\d)"', page)
        assert len(files) == 2
        script = await ana.reads(files[0])
        assert script.content == SCRIPT
        assert script.headers["content-type"].startswith("text/html"), "by its content, whatever the mail calls it"
        assert script.headers["content-disposition"].startswith('attachment; filename="captura _.png.html"')
        assert script.headers["content-security-policy"].startswith("sandbox; default-src 'none'")
        assert script.headers["x-content-type-options"] == "nosniff"
        assert script.headers.get_list("content-security-policy") == [script.headers["content-security-policy"]]
        second = await ana.reads(files[1])
        assert second.headers["content-disposition"].count('"') == 2, "a name ends no header"
        assert (await ana.reads(files[0][:-1] + "9")).status_code == 404
        other = await house.opens(email="otra@correo.example")
        assert (await ana.reads(files[0].replace(number, other))).status_code == 404, "another case's file"


async def test_3_a_picture_is_shown_and_only_a_picture(house: House) -> None:
    mail = a_mail("Adjunto la captura.", sender=ROSA)
    mail.add_attachment(PICTURE, maintype="application", subtype="octet-stream", filename="captura")
    mail.add_attachment(SCRIPT, maintype="image", subtype="png", filename="captura.png")
    number = (await house.takes_in(mail)).number
    await house.has_written(number, "received")
    async with house.signed_in("ana") as ana:
        page = (await ana.reads(f"/cases/{number}")).text
        [message] = re.findall(rf'href="(/cases/{number}/messages/[0-9a-f]+)"', page)
        [shown] = re.findall(r'<img class="picture" src="([^"]+)"', (await ana.reads(message)).text)
        picture = await ana.reads(shown)
        assert (picture.content, picture.headers["content-type"]) == (PICTURE, "image/png")
        assert picture.headers["content-security-policy"].startswith("sandbox")
        assert (await ana.reads(shown.replace("/1/image", "/2/image"))).status_code == 404


async def test_3_a_message_is_its_own_words_with_the_history_folded_away(house: House) -> None:
    number = await a_complaint_with_files(house)
    text = f"Les envío el voucher.\n\nEl lun, 16 nov 2026 a las 9:00, Soporte <s@escuela.example> escribió:\n> {number}"
    taken = await house.takes_in(a_mail(text, subject=f"Re: {number}", sender=ROSA))
    assert taken.reply
    await house.has_written(number, "message-received")
    async with house.signed_in("ana") as ana:
        page = (await ana.reads(f"/cases/{number}")).text
        shown = re.findall(rf'href="(/cases/{number}/messages/[0-9a-f]+)"', page)
        answer = (await ana.reads(shown[0])).text  # the newest first
        own, _, collapsed = answer.partition("Con lo que cita")
        assert "Les envío el voucher." in own
        assert "escribió:" not in own
        assert "escribió:" in collapsed
        raw = await ana.reads(f"{shown[0]}/raw")
        assert raw.headers["content-disposition"].startswith("attachment")
        assert b"Les env" in raw.content


async def test_5_1_what_was_seen_in_a_message_counts_once_somebody_confirms_it(house: House) -> None:
    number = (
        await house.takes_in(a_mail("No hubo el curso de modelado básico. Mi DNI es 45678912", sender=ROSA))
    ).number
    await house.has_written(number, "received")
    record = await house.office.store.record(number)
    assert record is not None
    assert (record.document, record.product) == ("45678912", None), "what is evident is understood at once"
    async with house.signed_in("ana") as ana:
        page = (await ana.reads(f"/cases/{number}")).text
        message = re.findall(rf'href="(/cases/{number}/messages/[0-9a-f]+)"', page)[0]
        offered = (await ana.reads(message)).text
        assert "«curso de modelado básico»" in offered
        assert "DNI es 45678912»" not in offered
        answer = await ana.sends(message, f"/cases/{number}/acts/receive_details", product="modelado básico")
        assert answer.status_code == 303, said(answer)
        await house.has_written(number, "details-received")
        record = await house.office.store.record(number)
        assert record is not None
        assert record.product == "modelado básico"
        assert "modelado básico»" not in (await ana.reads(message)).text


async def test_6_a_letter_is_shown_as_it_was_sent_in_a_frame_that_can_do_nothing(house: House) -> None:
    number = await a_complaint_with_files(house)
    async with house.signed_in("ana") as ana:
        page = (await ana.reads(f"/cases/{number}/letters/1/acknowledgement/customer")).text
        [frame] = re.findall(r'<iframe[^>]* sandbox [^>]*src="([^"]+)"', page)
        letter = await ana.reads(frame)
        assert "Recibimos su queja" in letter.text
        assert "script-src" not in letter.headers["content-security-policy"]
        assert "sandbox; default-src 'none'" in letter.headers["content-security-policy"]
        assert letter.headers["x-frame-options"] == "SAMEORIGIN"


async def test_6_a_letter_of_unknown_end_is_pointed_out_and_sent_again_with_a_reason(house: House) -> None:
    number = await a_complaint_with_files(house)
    key, store = "1/acknowledgement/customer", house.office.store
    await _lost(house, number, key)
    async with house.signed_in("ana") as ana:
        assert "Correos que quizá no llegaron" in (await ana.reads(f"/cases/{number}")).text
        page, action = f"/cases/{number}/letters/{key}", f"/cases/{number}/resend/{key}"
        assert said(await ana.sends(page, action, reason=" ")) == "Diga por qué se envía otra vez."
        assert (await ana.sends(page, action, reason="El cliente no la ve.")).status_code == 303
        letter = await store.letter(number, key)
        assert letter is not None
        assert letter.state is LetterState.SENT
        words = await store.afterwords(number)
        assert [(word.what, word.by, word.via.value) for word in words] == [("letter-resent", "Ana Torres", "desk")]
        again = await ana.reads(page)
        assert action not in again.text


async def _lost(house: House, number: str, key: str) -> None:
    """As if the mail server's word about this letter had been lost."""
    async with house.office.store.connection() as connection:
        await connection.execute(
            "UPDATE letters SET state = 'uncertain', sent_at = NULL WHERE number = $1 AND key = $2",
            number, key,
        )  # fmt: skip
