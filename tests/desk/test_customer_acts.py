"""What customers say on their page, on the real server: yes, no, words and files, a withdrawal, the survey."""

import asyncio
import hashlib
import re
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import replace
from typing import Any

import httpx
import pytest

from complaints.mail.incoming import read
from complaints.rules.facts import DetailsReceived, MessageReceived
from desk.app import application
from starter import customer_words
from starter.customer_links import MOST_SENT
from starter.front_desk import FrontDesk
from tests.customer_house import ARRIVED, CustomersHouse, customers_house, later, problem
from tests.desk_house import ADDRESS, Visitor, hidden
from tests.patience import nobody_answers
from tests.story import MANAGER, Story
from workflows.connection import connect

PNG = b"\x89PNG\r\n\x1a\n" + b"\x00" * 64
PDF = b"%PDF-1.7\n" + b"0" * 200


@pytest.fixture
async def house(story: Story) -> CustomersHouse:
    return await customers_house(story)


class Rosa:
    """A customer who opens a link and sends the page's forms."""

    def __init__(self, visitor: Visitor, link: str) -> None:
        self.visitor, self.here = visitor, link.removeprefix(ADDRESS)

    async def page(self) -> str:
        return (await self.visitor.reads(self.here)).text

    async def form(self, what: str) -> dict[str, str]:
        return hidden(await self.page(), f"{self.here}/{what}")

    async def sends(self, what: str, *, files: Any = None, **fields: str) -> httpx.Response:
        data = {**await self.form(what), **fields}
        return await self.visitor.client.post(f"{self.here}/{what}", data=data, files=files)

    async def chooses(self, choice: str, words: str = "", *, what: str = "answer") -> dict[str, str]:
        """The first step, and what the second one would send."""
        shown = await self.sends(what, choice=choice, words=words)
        assert shown.status_code == 200, problem(shown)
        return {**hidden(shown.text, f"{self.here}/sure"), "sure": "yes"}

    async def says(self, choice: str, words: str = "", *, what: str = "answer") -> httpx.Response:
        """Both steps."""
        return await self.visitor.posts(f"{self.here}/sure", await self.chooses(choice, words, what=what))


@asynccontextmanager
async def rosa_of(house: CustomersHouse, *, days: int = 90) -> AsyncIterator[Rosa]:
    async with house.visitor() as visitor:
        yield Rosa(visitor, house.link(days=days))


def told(answer: httpx.Response) -> str:
    """What the customer is led to after something was accepted."""
    assert answer.status_code == 303, problem(answer)
    return str(answer.headers["location"]).rpartition("?")[2]


# -- yes and no ------------------------------------------------------------------------------------------------------


async def test_8_a_yes_by_the_link_closes_the_case_and_says_through_what(house: CustomersHouse) -> None:
    await house.resolved()
    async with rosa_of(house) as rosa:
        assert told(await rosa.says("yes", "Gracias,\nquedó bien.")) == "done=yes"
        page = await rosa.page()
    assert await house.story.outcome() == "satisfied"
    [row] = await house.rows("customer-satisfied")
    assert (row["by"], row["via"], row["words"]) == ("customer", "link", "Gracias,\nquedó bien.")
    assert str(row["event_id"]).startswith("link/")
    assert "Hasta el viernes 21 de agosto puede decirnos que no está conforme" in page


async def test_7_a_no_by_the_link_goes_one_level_up(house: CustomersHouse) -> None:
    await house.resolved()
    async with rosa_of(house) as rosa:
        assert told(await rosa.says("no", "Faltan dos clases.")) == "done=no"
        page = await rosa.page()
    status = await house.status()
    assert (status.stage, status.level, status.round) == ("investigation", 1, 2)
    [row] = await house.rows("customer-dissatisfied")
    assert (row["by"], row["via"], row["reason"]) == ("customer", "link", "Faltan dos clases.")
    await house.story.all_is_told()
    assert "escalated-to-you" in await house.story.kinds(MANAGER)
    assert "nos dijo que no está conforme" in page
    assert "Gerente de Administración" in page


async def test_an_answer_takes_a_choice_and_a_tick_and_counts_once(house: CustomersHouse) -> None:
    await house.resolved()
    async with rosa_of(house) as rosa:
        nothing = await rosa.sends("answer", words="Muchas gracias")
        assert (nothing.status_code, "Elija una de las respuestas" in problem(nothing)) == (422, True)
        assert "Muchas gracias" in nothing.text
        sure = await rosa.chooses("yes", "Bien")
        unticked = await rosa.visitor.posts(f"{rosa.here}/sure", {**sure, "sure": ""})
        assert (unticked.status_code, problem(unticked)) == (422, "Marque la casilla para confirmarlo.")
        changed = await rosa.visitor.posts(f"{rosa.here}/sure", {**sure, "words": "Otra cosa"})
        assert changed.status_code == 409, "only what was shown may be sent"
        swapped = await rosa.visitor.posts(f"{rosa.here}/sure", {**sure, "choice": "no"})
        assert swapped.status_code == 409
        back = await rosa.visitor.posts(f"{rosa.here}/sure", {**sure, "back": "1"})
        assert re.search(r'value="yes" checked', back.text)
        assert await house.story.stage() == "confirmation", "nothing has been said so far"
        first, second = await asyncio.gather(*(rosa.visitor.posts(f"{rosa.here}/sure", sure) for _ in range(2)))
        assert {told(first), told(second)} == {"done=yes"}
    assert len(await house.rows("customer-satisfied")) == 1
    assert await house.rows("ignored") == []


async def test_8_who_said_yes_may_still_say_no_until_the_day_that_the_page_names(house: CustomersHouse) -> None:
    await house.resolved()
    async with rosa_of(house) as rosa:
        await rosa.says("yes")
        await house.story.outcome()
        assert told(await rosa.says("no", "El problema volvió.")) == "done=no"
    status = await house.status()
    assert (status.stage, status.level, status.round) == ("investigation", 1, 2)


async def test_8_after_the_reopening_days_the_page_offers_no_more_no(house: CustomersHouse) -> None:
    await house.resolved()
    async with rosa_of(house) as rosa:
        await rosa.says("yes")
        await house.story.outcome()
    async with rosa_of(later(house, days=31)) as rosa:
        page = await rosa.page()
        assert "reabrimos su queja" not in page
        late = await rosa.visitor.posts(f"{rosa.here}/answer", {"choice": "no"})
        assert late.status_code == 422
    assert (await house.story.handle.describe()).run_id is not None
    assert await house.rows("reopened") == []


async def test_who_said_no_by_mistake_says_so_and_the_next_resolution_closes_the_case(house: CustomersHouse) -> None:
    await house.resolved()
    async with rosa_of(house) as rosa:
        await rosa.says("no")
        assert told(await rosa.says("yes", "Me confundí.")) == "done=changed"
        assert "Después nos dijo que sí está conforme" in await rosa.page()
    await house.story.all_is_told()
    assert "Me confundí." in await house.story.text("customer-said", MANAGER), "whoever has it now hears of it"
    assert (await house.status()).level == 1, "what was said stays said"
    await house.story.asks("resolve", text="Como le dijimos: dos clases más.", by="Ana Torres")
    assert await house.story.outcome() == "satisfied"


async def test_a_form_of_an_earlier_round_answers_nothing(house: CustomersHouse) -> None:
    await house.resolved()
    async with rosa_of(house) as rosa:
        sure = await rosa.chooses("yes")
        await house.story.asks("dispute", reason="Llamó: no está conforme.", by="Ana Torres", via="call")
        await house.story.asks("resolve", text="Otra solución.", by="Ana Torres")
        stale = await rosa.visitor.posts(f"{rosa.here}/sure", sure)
        assert (stale.status_code, "cambió mientras usted escribía" in problem(stale)) == (409, True)
        assert "Otra solución." in stale.text
    assert await house.story.stage() == "confirmation"


async def test_what_is_said_while_nobody_works_counts_when_somebody_does(house: CustomersHouse) -> None:
    await house.resolved()
    await house.story.all_is_told()
    await house.story.worker_stops()
    with nobody_answers():
        async with rosa_of(house) as rosa:
            assert told(await rosa.says("yes")) == "done=yes&wait=1"
    await house.story.worker_starts()
    assert await house.story.outcome() == "satisfied"


# -- words and files -------------------------------------------------------------------------------------------------


async def test_5_1_details_and_files_reach_the_case_and_the_files_stay_out_of_its_history(
    house: CustomersHouse,
) -> None:
    story = house.story
    await story.complaint_arrives(ARRIVED, customer={"document": None})
    await story.asks("request_details", missing=["identification", "la boleta de pago"], by="Ana Torres")
    files = [("files", ("boleta.pdf", PDF, "application/pdf")), ("files", ("../foto.png", PNG, "image/png"))]
    async with rosa_of(house) as rosa:
        answer = await rosa.sends("words", files=files, document="45678912", text="Aquí está la boleta.")
        assert told(answer) == "done=words"
        page = await rosa.page()
    assert "Lo que necesitamos de usted" not in page
    [row] = await house.rows(DetailsReceived.name)
    assert (row["by"], row["via"], row["document"]) == ("customer", "link", "45678912")
    assert row["text"] == "Aquí está la boleta.\n\n[boleta.pdf, foto.png]"
    assert (await house.status()).waiting_for_details is False
    [kept] = await story.store.mails_of(story.number)
    attached = await story.store.attachments(kept.digest)
    assert [(one.name, one.type) for one in attached] == [("boleta.pdf", "application/pdf"), ("foto.png", "image/png")]
    assert await story.store.attachment(hashlib.sha256(PDF).hexdigest()) == PDF
    assert (await house.story.handle.fetch_history()).to_json().count("0" * 60) == 0


async def test_staff_find_what_was_sent_beside_its_row_of_the_case(house: CustomersHouse) -> None:
    story = house.story
    await story.complaint_arrives(ARRIVED)
    await house.employs("ana")
    async with rosa_of(house) as rosa:
        await rosa.sends("words", files=[("files", ("boleta.pdf", PDF, "application/pdf"))], text="La boleta.")
    [kept] = await story.store.mails_of(story.number)
    message = f"/cases/{story.number}/messages/{kept.digest}"
    async with house.signed_in("ana") as ana:
        page = (await ana.reads(f"/cases/{story.number}")).text
        assert message in page
        assert "por su enlace" in page
        shown = (await ana.reads(message)).text
        assert "La boleta." in shown
        assert "boleta.pdf" in shown
        assert (await ana.reads(f"{message}/files/1")).content == PDF
    assert read(kept.raw, mailbox="soporte@escuela.example", received_at=house.now).by_human, "not taken for a letter"


async def test_only_the_detail_that_was_given_is_no_longer_missing(house: CustomersHouse) -> None:
    await house.story.complaint_arrives(ARRIVED, customer={"document": None}, problem={"occurred_on": None})
    await house.story.asks("request_details", by="Ana Torres")
    async with rosa_of(house) as rosa:
        await rosa.sends("words", document="45678912")
        status = await house.status()
        assert (status.missing, status.waiting_for_details) == (("occurred_on",), True)
        late = await rosa.sends("words", occurred_on="2027-01-01")
        assert "todavía no llega" in problem(late)
        told(await rosa.sends("words", occurred_on="2026-07-01"))
    assert (await house.status()).missing == ()


async def test_words_that_nobody_asked_for_are_a_message_and_reach_whoever_has_the_case(house: CustomersHouse) -> None:
    await house.story.complaint_arrives(ARRIVED)
    async with rosa_of(house) as rosa:
        form = await rosa.form("words")
        for _ in range(2):  # a form that is sent twice
            answer = await rosa.visitor.posts(f"{rosa.here}/words", {**form, "text": "¿Cómo va mi caso? <b>"})
            assert told(answer) == "done=words"
        assert "¿Cómo va mi caso? &lt;b&gt;" in await rosa.page()
    [row] = await house.rows(MessageReceived.name)
    assert (row["via"], row["text"]) == ("link", "¿Cómo va mi caso? <b>")
    assert len(await house.story.store.mails_of(house.story.number)) == 1


@pytest.mark.parametrize(
    ("name", "data", "why"),
    [
        ("virus.pdf", b"MZ" + b"0" * 99, "no es una foto"),  # a program, whatever it is called
        ("pagina.png", b"<html><script>alert(1)</script>", "no es una foto"),
        ("dibujo.svg", b"<svg xmlns='http://www.w3.org/2000/svg'/>", "no es una foto"),
        ("todo.zip", b"PK\x03\x04" + b"0" * 99, "no es una foto"),
        ("vacio.jpg", b"", "está vacío"),
    ],
)
async def test_a_file_that_is_none_of_ours_is_refused_by_its_content(
    house: CustomersHouse, name: str, data: bytes, why: str
) -> None:
    await house.story.complaint_arrives(ARRIVED)
    async with rosa_of(house) as rosa:
        answer = await rosa.sends("words", files=[("files", (name, data, "image/png"))], text="Mire esto")
    assert (answer.status_code, why in problem(answer)) == (422, True)
    assert "Mire esto" in answer.text
    assert await house.story.store.mails_of(house.story.number) == []


async def test_nothing_too_many_and_too_large_are_refused(house: CustomersHouse) -> None:
    await house.story.complaint_arrives(ARRIVED)
    async with rosa_of(house) as rosa:
        assert "Escriba algo" in problem(await rosa.sends("words", text="  "))
        many = [("files", (f"{place}.png", PNG, "image/png")) for place in range(40)]
        large = [("files", ("foto.png", PNG + b"0" * 25_000_000, "image/png"))]
        huge_one = [("files", ("video.mp4", PNG + b"0" * 40_000_000, "video/mp4"))]
        for files, status in ((many, 422), (large, 422), (huge_one, 413)):
            answer = await rosa.sends("words", files=files, text="Lo escribí <con> calma.")
            assert (answer.status_code, "demasiados archivos" in problem(answer)) == (status, True)
            assert "Lo escribí &lt;con&gt; calma.</textarea>" in answer.text, "nothing that was typed is lost"
        sure = await rosa.visitor.client.post(f"{rosa.here}/answer", data={"choice": "yes"}, files=huge_one)
        assert sure.status_code == 413, "a form without files is not so large"
        huge = await rosa.visitor.client.post(
            f"{rosa.here}/words", content=b"", headers={"content-length": "99000000", "content-type": "text/plain"}
        )
        assert huge.status_code == 413
    assert await house.rows(MessageReceived.name) == []


async def test_one_link_cannot_flood_the_school(house: CustomersHouse) -> None:
    await house.story.complaint_arrives(ARRIVED)
    async with rosa_of(house) as rosa:
        form = await rosa.form("words")
        for _ in range(MOST_SENT):
            told(await rosa.visitor.posts(f"{rosa.here}/words", {**form, "text": "otra vez"}))
        answer = await rosa.visitor.posts(f"{rosa.here}/words", {**form, "text": "otra vez"})
    assert "muchos envíos" in problem(answer)


async def test_the_files_of_one_complaint_have_a_limit_a_day(
    house: CustomersHouse, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(customer_words, "LARGEST_A_DAY", len(PDF) + len(PNG) + 1)
    await house.story.complaint_arrives(ARRIVED)
    async with rosa_of(house) as rosa:
        told(await rosa.sends("words", files=[("files", ("boleta.pdf", PDF, "application/pdf"))]))
        told(await rosa.sends("words", files=[("files", ("foto.png", PNG, "image/png"))]))
        more = await rosa.sends("words", files=[("files", ("otra.png", PNG + b"1", "image/png"))])
        assert (more.status_code, "envíe el resto mañana" in problem(more)) == (422, True)
        assert told(await rosa.sends("words", text="Le escribo entonces.")) == "done=words"


async def test_while_temporal_is_away_nothing_is_lost_that_was_typed_and_it_counts_once(house: CustomersHouse) -> None:
    await house.resolved()
    await house.story.all_is_told()
    away = FrontDesk(await connect(address="127.0.0.1:1", lazy=True), house.story.store, now=None)
    office = replace(house.office, front_desk=away)
    async with rosa_of(house) as rosa, rosa_of(CustomersHouse(house.story, office, application(office))) as cut_off:
        sure = await rosa.chooses("no", "Faltan dos clases.")
        lost = await cut_off.visitor.posts(f"{rosa.here}/sure", sure)
        assert (lost.status_code, "envíelo otra vez" in problem(lost)) == (503, True)
        again = {**hidden(lost.text, f"{rosa.here}/sure"), "sure": "yes"}
        assert again == sure, "the same id: however often it is sent, it counts once"
        assert told(await rosa.visitor.posts(f"{rosa.here}/sure", again)) == "done=no"
    assert len(await house.rows("customer-dissatisfied")) == 1


async def test_words_after_the_end_are_kept_and_put_before_staff(house: CustomersHouse) -> None:
    await house.resolved()
    async with rosa_of(house) as rosa:
        await rosa.says("yes")
        await house.story.outcome()
        told(await rosa.sends("words", text="Una pregunta más."))
    said = [word for word in await house.story.store.afterwords(house.story.number) if word.what == "message-received"]
    assert [word.data["text"] for word in said] == ["Una pregunta más."]
    [item] = await house.story.store.quarantined(limit=5)
    assert (item.reason, item.number) == ("after-closing", house.story.number)
    await house.employs("ana")
    async with house.signed_in("ana") as ana:
        shown = (await ana.reads(f"/quarantine/{item.name}")).text
    assert "Una pregunta más." in shown
    assert "enviado por el enlace del cliente" in shown


# -- the rest --------------------------------------------------------------------------------------------------------


async def test_a_withdrawal_takes_two_steps_and_a_tick(house: CustomersHouse) -> None:
    await house.story.complaint_arrives(ARRIVED)
    async with rosa_of(house) as rosa:
        assert (await rosa.sends("withdraw", words="Ya no")).status_code == 422
        assert await house.story.stage() == "assessment"
        assert told(await rosa.says("withdraw", "Ya me ayudaron.", what="withdraw")) == "done=withdraw"
        page = await rosa.page()
    assert await house.story.outcome() == "withdrawn"
    [row] = await house.rows("withdrawn")
    assert (row["via"], row["reason"]) == ("link", "Ya me ayudaron.")
    assert "Usted retiró su queja" in page


async def test_6_feedback_and_8_the_survey_once_a_round_also_after_the_end(house: CustomersHouse) -> None:
    await house.resolved()
    async with rosa_of(house) as rosa:
        assert told(await rosa.sends("feedback", text="Me atendieron bien.")) == "done=feedback"
        await rosa.says("yes")
        await house.story.outcome()
        assert "Elija un número" in problem(await rosa.sends("survey", comment="Bien"))
        form = await rosa.form("survey")
        assert told(await rosa.sends("survey", score="4", comment="Bien")) == "done=survey"
        again = await rosa.visitor.posts(f"{rosa.here}/survey", {**form, "score": "1"})
        assert again.status_code == 409
        assert "nos dio 4 de 5" in await rosa.page()
        assert told(await rosa.sends("feedback", text="Gracias de nuevo.")) == "done=feedback"
    words = await house.story.store.afterwords(house.story.number)
    surveys = [(word.data["score"], word.data["round"], word.via.value) for word in words if "survey" in word.what]
    assert surveys == [(4, 1, "link")]


async def test_who_loads_the_answer_to_a_form_again_gets_the_page(house: CustomersHouse) -> None:
    await house.resolved()
    async with rosa_of(house) as rosa:
        for what in ("words", "answer", "sure", "withdraw", "feedback", "survey"):
            answer = await rosa.visitor.reads(f"{rosa.here}/{what}")
            assert (answer.status_code, answer.headers["location"]) == (303, rosa.here)
