"""A reply from under the story's heading, and every letter as the customer will get it before it goes (§5.4, §6)."""

import html
import re

import pytest

from complaints.records.staff import Role
from complaints.rules.facts import MessageReceived, Via
from complaints.rules.journal import Row
from tests.desk_house import House, house_of, said
from tests.story import Story
from tests.waiting import comes

ROSA = {"email": "rosa@correo.example", "name": "Rosa Quispe"}


@pytest.fixture
async def house(story: Story) -> House:
    house = house_of(story)
    await house.employs("ana", name="Ana Torres")
    return house


async def test_5_4_a_reply_goes_out_now_counts_as_the_update_and_answers_the_message(house: House) -> None:
    number = await house.opens(**ROSA)
    desk, page = house.office.front_desk, f"/cases/{number}"
    await desk.tell(number, MessageReceived(text="¿Ya saben algo?", by="customer", via=Via.REPLY))
    await house.has_written(number, "message-received")
    before = (await desk.status(number)).value
    assert before.unread == 1
    async with house.signed_in("ana") as ana:
        read = (await ana.reads(page)).text
        assert re.search(r'<details class="reply" id="reply" data-untouched open>', read), "somebody waits for it"
        empty = await ana.sends(page, f"{page}/acts/reply", text=" ")
        assert (empty.status_code, said(empty)) == (409, "Su mensaje: falta este dato.")
        words = "Rosa: mañana a las 10 le llama el docente.\n\nAna"
        assert (await ana.sends(page, f"{page}/acts/reply", text=words)).status_code == 303
        letter = await house.has_sent(number, "reply")
        assert "mañana a las 10 le llama el docente." in letter.text
        after = (await desk.status(number)).value
        assert (after.unread, after.stage) == (0, "assessment")
        assert after.last_word_at > before.last_word_at
        read = html.unescape((await ana.reads(page)).text)
        assert "Se escribió al cliente" in read
        # Under the form, told from the newest on, lands what they answer.
        await desk.tell(number, MessageReceived(text="Gracias, espero su llamada.", by="customer", via=Via.REPLY))

        async def written() -> list[Row]:
            return [row for row in await house.office.store.journal(number) if row.what == "message-received"][1:]

        await comes(written, "what the customer answered")
        read = (await ana.reads(page)).text
        form, story = read.index('id="reply"'), read.index('id="story"')
        assert form < story
        assert read.index("Gracias, espero su llamada.", story) < read.index("mañana a las 10", story)


async def test_text_blocks_are_filled_in_for_the_case_in_the_customers_language(house: House) -> None:
    number = await house.opens(**ROSA)
    async with house.signed_in("ana") as ana:
        read = html.unescape((await ana.reads(f"/cases/{number}?act=reply&block=working_on_it")).text)
    form = re.search(r'<textarea id="reply-text"[^>]*>(.*?)</textarea>', read, re.DOTALL)
    assert form
    assert f"Su queja {number}, del " in form[1]
    assert form[1].endswith("Ana Torres")
    assert "{" not in form[1]


async def test_a_letter_is_read_before_it_goes_and_is_the_one_that_goes(house: House) -> None:
    number = await house.opens(**ROSA)
    page = f"/cases/{number}"
    answer = {"text": "Le devolvemos 45 soles.", "outcome": "upheld", "corrective_actions": "Revisar los pagos"}
    async with house.signed_in("ana") as ana:
        shown = await ana.sends(page, f"{page}/acts/resolve", **answer)
        assert shown.status_code == 303
        letter = await house.has_sent(number, "resolution")
        other = await house.opens(**ROSA)
        await house.has_sent(other, "acknowledgement")
        there = f"/cases/{other}"
        form = await ana.reads(there)
        assert f'hx-post="{there}/preview/resolve"' in form.text
        preview = await ana.sends(there, f"{there}/acts/resolve", text="")
        assert preview.status_code == 409
        fields = re.findall(r'<input type="hidden" name="([^"]+)" value="([^"]*)"', form.text)
        read = await ana.posts(f"{there}/preview/resolve", {**dict(fields), **answer})
        assert read.status_code == 200
        found = re.search(r'<pre class="letter"[^>]*>(.*?)</pre>', read.text, re.DOTALL)
        assert found
        assert _words(html.unescape(found[1]), other) == _words(letter.text, number)
        assert (await house.office.front_desk.status(other)).value.stage == "assessment", "nothing was done"
        refused = await ana.posts(f"{there}/preview/resolve", dict(fields))
        assert "Falta llenar" in refused.text
        assert (await ana.posts(f"{there}/preview/add_note", dict(fields))).status_code == 404
    await house.employs("audi", Role.QUALITY)
    async with house.signed_in("audi") as audi:
        fields = re.findall(r'<input type="hidden" name="([^"]+)" value="([^"]*)"', (await audi.reads(there)).text)
        assert (await audi.posts(f"{there}/preview/resolve", {**dict(fields), **answer})).status_code == 403


def _words(text: str, number: str) -> list[str]:
    return text.replace(number, "NUMBER").split()
