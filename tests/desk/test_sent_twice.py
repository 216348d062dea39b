"""The same key with other content (kind I): a form, a source key or an id that comes again with other words."""

import uuid
from typing import Any

import pytest
from temporalio.client import WorkflowFailureError

from complaints.rules.facts import FeedbackGiven, Noted, Via
from complaints.rules.received import ComplaintReceived
from starter.customer_links import CustomerLinks
from starter.errors import AlreadySent, Refused
from tests.api_caller import calling
from tests.chance import new_name
from tests.customer_house import ARRIVED, customers_house, links_in
from tests.desk_house import ADDRESS, House, hidden, house_of, said
from tests.story import Story
from workflows import names


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


# -- beside the run, and without any door of ours ---------------------------------------------------------------------


async def test_one_id_on_two_ended_complaints_is_not_told_to_be_kept_on_the_second(house: House) -> None:
    desk = house.office.front_desk
    one, other = [await house.opens(email=f"{name}@correo.example") for name in ("rosa", "luis")]
    for number in (one, other):
        await house.story.client.get_workflow_handle(number).signal("withdrawn", {})
        await house.story.client.get_workflow_handle(number).result()
    said = FeedbackGiven(text="Amables.", event_id=f"late/{uuid.uuid4()}")
    await desk.tell(one, said)
    with pytest.raises(Refused, match="no queda registrado"):
        await desk.tell(other, said)
    assert await house.office.store.afterwords(other) == []


async def test_an_id_that_ended_one_complaints_links_does_not_seem_to_have_ended_anothers(house: House) -> None:
    one, other = [await house.opens(email=f"{name}@correo.example") for name in ("rosa", "luis")]
    office = house.office
    assert office.settings is not None
    links = CustomerLinks(office.store, office.settings, office.contacts, office.policy.calendar.timezone)
    who: dict[str, Any] = {"by": "ana", "at": office.now(), "via": Via.CLI, "event_id": f"e/{uuid.uuid4()}"}
    assert not (await links.revoke(one, **who)).already
    assert (await links.revoke(one, **who)).already
    with pytest.raises(Refused, match="no queda registrado"):
        await links.revoke(other, **who)
    with pytest.raises(Refused, match="no queda registrado"):
        await links.revoke(one, **who, reason="Otra dirección")
    assert len((await office.store.links_of(other)).ends) == 0


async def test_a_signal_with_other_words_under_a_used_id_is_journalled_as_ignored(story: Story) -> None:
    await story.complaint_arrives(ARRIVED)
    for words in ("Llamó.", "Llamó.", "Llamó dos veces."):
        await story.says("noted", text=words, event_id="n-1")
    await story.comes_true(lambda status: status.ignored == 1)
    [why] = await story.why_ignored()
    assert why.startswith("noted: something else was sent under this id already")
    assert [row.data["text"] for row in await story.timeline() if row.what == "noted"] == ["Llamó."]


@pytest.mark.parametrize("same_id", [False, True])
async def test_a_bare_start_with_a_used_source_key_and_other_words_fails_and_says_so(
    story: Story, *, same_id: bool
) -> None:
    """Under a number of its own, or under that of a complaint whose run has ended."""
    key = f"bare/{uuid.uuid4()}"
    await story.complaint_arrives(ARRIVED, source_key=key)
    await story.says("withdrawn")
    assert await story.outcome() == "withdrawn"
    received = a_complaint(key, "Otra cosa.").model_dump(mode="json")
    kept = (await story.store.journal(story.number))[0].data["received"]
    for content, outcome in ((kept, "duplicate"), (received, None)):
        run = await story.client.start_workflow(
            names.COMPLAINT,
            content,
            id=story.number if same_id else f"own-{new_name()}",
            task_queue=story.settings.task_queue,
        )
        if outcome:
            assert (await run.result())["outcome"] == outcome
            continue
        with pytest.raises(WorkflowFailureError) as failed:
            await run.result()
        assert "something else was sent under this key before" in str(failed.value.cause)
        assert story.number in str(failed.value.cause)
    assert len(story.sink.to("rosa@correo.example")) == 2, "its own two letters"
