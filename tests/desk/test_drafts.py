"""What is typed and not sent is kept for whoever typed it, until it is sent or emptied (§5, §6)."""

import html
import re

import pytest

from tests.desk_house import House, Visitor, hidden, house_of
from tests.story import Story


@pytest.fixture
async def house(story: Story) -> House:
    house = house_of(story)
    await house.employs("ana", name="Ana Torres")
    await house.employs("beto", name="Beto Rojas")
    return house


async def types(visitor: Visitor, number: str, act: str, **fields: str) -> int:
    page = (await visitor.reads(f"/cases/{number}")).text
    given = hidden(page, f"/cases/{number}/acts/{act}") | fields
    return (await visitor.posts(f"/cases/{number}/drafts/{act}", given)).status_code


async def reply_in(visitor: Visitor, number: str) -> str:
    page = html.unescape((await visitor.reads(f"/cases/{number}")).text)
    found = re.search(r'<textarea id="reply-text"[^>]*>(.*?)</textarea>', page, re.DOTALL)
    assert found
    return found[1]


async def test_a_draft_is_there_again_for_its_writer_alone_and_gone_once_it_is_sent(house: House) -> None:
    number = await house.opens(email="rosa@correo.example", name="Rosa Quispe")
    async with house.signed_in("ana") as ana, house.signed_in("beto") as beto:
        assert await types(ana, number, "reply", text="Rosa: mañana le") == 204
        assert await types(ana, number, "reply", text="Rosa: mañana le llama") == 204
        assert await types(ana, number, "resolve", text="Le pagamos.", outcome="partly", told_in_call="1") == 204
        assert await reply_in(ana, number) == "Rosa: mañana le llama"
        page = (await ana.reads(f"/cases/{number}")).text
        resolve = re.search(r'id="act-resolve".*?</form>', page, re.DOTALL)
        assert resolve
        assert "Le pagamos." in resolve[0]
        assert 'value="partly" selected' in resolve[0]
        assert re.search(r'name="told_in_call" value="1" checked', resolve[0])
        assert await reply_in(beto, number) == ""
        sent = await ana.sends(f"/cases/{number}", f"/cases/{number}/acts/reply", text="Rosa: mañana le llama Luis.")
        assert sent.status_code == 303
        assert set(await house.office.store.drafts_of(number, "ana")) == {"resolve"}
        assert await types(ana, number, "resolve", text=" ", outcome="") == 204
        assert await house.office.store.drafts_of(number, "ana") == {}


async def test_a_draft_is_of_a_complaint_and_has_a_size(house: House) -> None:
    number = await house.opens(email="rosa@correo.example")
    async with house.signed_in("ana") as ana:
        assert await types(ana, number, "add_note", text="x" * 100_001) == 409
        assert await types(ana, number, "add_note", text="Hablé con Caja.") == 204
        fields = hidden((await ana.reads(f"/cases/{number}")).text, f"/cases/{number}/acts/add_note")
        assert (await ana.posts(f"/cases/{number}/drafts/nothing", fields)).status_code == 404
        assert (await ana.posts("/cases/Q-0000-00000/drafts/add_note", {**fields, "text": "a"})).status_code == 409
        nul = await ana.posts(f"/cases/{number}/drafts/add_note", {**fields, "text": "a\0b"})
        assert nul.status_code == 422, "what the database cannot hold is no reason to say that it is away"
