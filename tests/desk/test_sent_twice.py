"""The same key with other content (kind I): a form, a source key or an id that comes again with other words."""

import uuid

import pytest

from complaints.rules.facts import FeedbackGiven, Noted
from complaints.rules.received import ComplaintReceived
from starter.errors import AlreadySent, Refused
from tests.api_caller import calling
from tests.customer_house import ARRIVED, customers_house, links_in
from tests.desk_house import ADDRESS, House, hidden, house_of, said
from tests.story import Story


@pytest.fixture
async def house(story: Story) -> House:
    house = house_of(story)
    await house.employs("ana")
    return house


def a_complaint(key: str, words: str, **more: str) -> ComplaintReceived:
    return ComplaintReceived.model_validate(
        {"source_key": key, "customer": {"phone": "987 654 321", **more}, "problem": {"description": words}}
    )


async def test_a_source_key_with_other_words_is_refused_at_once_and_after_the_records_have_it(house: House) -> None:
    desk, key = house.office.front_desk, f"form/{uuid.uuid4()}"
    number = (await desk.open(a_complaint(key, "Faltan horas."))).number
    for _ in range(2):
        assert (await desk.open(a_complaint(key, "Faltan horas."))).already
        with pytest.raises(AlreadySent, match=number):
            await desk.open(a_complaint(key, "Faltan horas y libros."))
        with pytest.raises(AlreadySent, match=number):
            await desk.open(a_complaint(key, "Faltan horas.", name="Luis"))
        await house.has_written(number, "received")


async def test_an_id_with_other_words_is_refused_while_it_runs_and_after_the_end(house: House) -> None:
    desk = house.office.front_desk
    number = await house.opens(email="rosa@correo.example")
    event_id = f"note/{uuid.uuid4()}"
    await desk.ask(number, "add_note", Noted(text="Llamó."), event_id)
    await desk.ask(number, "add_note", Noted(text="Llamó.", by="luis"), event_id)
    with pytest.raises(Refused, match="no queda registrado"):
        await desk.ask(number, "add_note", Noted(text="Llamó dos veces."), event_id)
    assert [row.what for row in (await desk.timeline(number)).value].count("noted") == 1

    await house.story.client.get_workflow_handle(number).signal("withdrawn", {})
    await house.story.client.get_workflow_handle(number).result()
    with pytest.raises(Refused, match="no queda registrado"):
        await desk.ask(number, "add_note", Noted(text="Llamó dos veces."), event_id)
    late = f"late/{uuid.uuid4()}"
    await desk.tell(number, FeedbackGiven(text="Amables.", event_id=late))
    await desk.tell(number, FeedbackGiven(text="Amables.", event_id=late))
    with pytest.raises(Refused, match="no queda registrado"):
        await desk.tell(number, FeedbackGiven(text="Nada amables.", event_id=late))


async def test_a_form_of_the_desk_that_comes_again_with_other_words_says_so_and_sends_them_as_new(house: House) -> None:
    number = await house.opens(email="rosa@correo.example")
    async with house.signed_in("ana") as ana:
        page, action = f"/cases/{number}", f"/cases/{number}/acts/add_note"
        form = hidden((await ana.reads(page)).text, action)
        assert (await ana.posts(action, {**form, "text": "Llamó."})).status_code == 303
        assert (await ana.posts(action, {**form, "text": "Llamó."})).status_code == 303
        again = await ana.posts(action, {**form, "text": "Llamó dos veces."})
        assert again.status_code == 409
        assert "Lo que escribió ahora no" in said(again)
        assert "Llamó dos veces." in again.text, "what was typed is still there"
        new = await ana.posts(action, {**hidden(again.text, action), "text": "Llamó dos veces."})
        assert new.status_code == 303
    notes = [row.data["text"] for row in (await house.office.front_desk.timeline(number)).value if row.what == "noted"]
    assert notes == ["Llamó.", "Llamó dos veces."]


async def test_a_complaint_by_telephone_typed_over_an_old_form_is_offered_as_a_new_one(house: House) -> None:
    async with house.signed_in("ana") as ana:
        form = {**hidden((await ana.reads("/new")).text, "/new"), "phone": "987 654 321"}
        first = await ana.posts("/new", {**form, "description": "Faltan horas."})
        assert first.status_code == 303
        again = await ana.posts("/new", {**form, "description": "Otro cobro."})
        assert again.status_code == 409
        assert "Registrarla como queja nueva" in again.text
        new = await ana.posts(
            "/new", {**hidden(again.text, "/new"), "phone": "987 654 321", "description": "Otro cobro."}
        )
        assert new.status_code == 303
        assert new.headers["location"] != first.headers["location"]


async def test_the_api_refuses_a_source_key_that_comes_again_with_other_content(house: House) -> None:
    async with calling(house) as crm:
        key = f"crm/{uuid.uuid4()}"
        content = {"source_key": key, "customer": {"email": "rosa@correo.example"}, "problem": {"description": "A"}}
        assert (await crm.posts("/complaints", content, key=None)).status_code == 201
        assert (await crm.posts("/complaints", content, key=None)).status_code == 200
        other = await crm.posts("/complaints", {**content, "problem": {"description": "B"}}, key=None)
        assert other.status_code == 422
        assert other.json()["type"].endswith("key-reused")


async def test_a_customers_form_that_comes_again_with_other_words_is_not_told_to_be_kept(story: Story) -> None:
    house = await customers_house(story)
    await story.complaint_arrives(ARRIVED)
    await story.all_is_told()
    [link] = links_in(await story.text("acknowledgement"))
    here = link.removeprefix(ADDRESS)
    async with house.visitor() as rosa:
        form = hidden((await rosa.reads(here)).text, f"{here}/words")
        assert (await rosa.posts(f"{here}/words", {**form, "text": "Uno."})).status_code == 303
        assert (await rosa.posts(f"{here}/words", {**form, "text": "Uno."})).status_code == 303
        again = await rosa.posts(f"{here}/words", {**form, "text": "Dos."})
        assert again.status_code == 422
        assert "no nos ha llegado" in again.text
        new = await rosa.posts(f"{here}/words", {**hidden(again.text, f"{here}/words"), "text": "Dos."})
        assert new.status_code == 303
    assert [row.data["text"] for row in await story.timeline() if row.what == "message-received"] == ["Uno.", "Dos."]
