"""A day's work at the desk without a browser: taking down, acting once, being refused, and two who act at once."""

import asyncio
import html
import re

import pytest

from complaints.records.staff import Role
from complaints.rules.facts import DetailsReceived, MessageReceived, SurveyAnswered, Via
from desk.page_behind import TemporalPage
from starter.page_behind import Behind
from tests.desk_house import House, Visitor, hidden, house_of, said
from tests.story import Story


@pytest.fixture
async def house(story: Story) -> House:
    house = house_of(story, temporal_page=TemporalPage(lambda: Behind("https://127.0.0.1:1")))
    await house.employs("ana", name="Ana Torres")
    await house.employs("luis", Role.MANAGER, name="Luis Mamani")
    return house


async def takes_down(visitor: Visitor, **more: str) -> str:
    fields = {"phone": "987 654 321", "name": "Rosa Quispe", "description": "El curso no tuvo las horas.", **more}
    answer = await visitor.sends("/new", "/new", **fields)
    assert answer.status_code == 303, said(answer)
    return answer.headers["location"].removeprefix("/new/")


async def test_3_a_call_becomes_one_complaint_though_its_form_is_sent_twice(house: House) -> None:
    async with house.signed_in("ana") as ana:
        form = hidden((await ana.reads("/new")).text, "/new")
        fields = {**form, "phone": "987654321", "description": "Faltan horas.", "product": "Curso de BIM"}
        first, second = await asyncio.gather(ana.posts("/new", fields), ana.posts("/new", fields))
        assert {answer.status_code for answer in (first, second)} == {303}
        numbers = {answer.headers["location"].partition("?")[0] for answer in (first, second)}
        assert len(numbers) == 1
        page = (await ana.reads(numbers.pop())).text
        assert re.search(r'id="read-out">Q [0-9A-Z ·–-]', page)
        assert "número de documento" in page
        assert "producto" not in page


async def test_3_who_hangs_up_knows_by_when_and_what_was_missing_is_noted_on_the_same_page(house: House) -> None:
    """F27: the last page of a call promised no date, and asked for details that it had no field for."""
    async with house.signed_in("ana") as ana:
        number = await takes_down(ana)
        page = f"/new/{number}"
        read = html.unescape((await ana.reads(page)).text)
        assert re.search(r"«Le llamaremos a más tardar el \w+ \d+ de \w+\.»", read)
        details = f"/cases/{number}/acts/receive_details"
        noted = await ana.posts(details, hidden(read, details) | {"document": "45678912", "product": "Curso de BIM"})
        assert noted.headers["location"] == f"/cases/{number}?done=receive_details"
        left = (await ana.reads(page)).text
        assert 'name="occurred_on" type="date"' in left, "what nobody said is still asked for"
        assert 'name="document"' not in left
        written = await takes_down(ana, email="rosa@correo.example", phone="")
        assert "«Le escribiremos a más tardar el " in html.unescape((await ana.reads(f"/new/{written}")).text)


async def test_3_without_a_way_to_answer_the_form_comes_back_as_it_was_filled_in(house: House) -> None:
    async with house.signed_in("ana") as ana:
        answer = await ana.sends("/new", "/new", name="Rosa Quispe", description="Faltan <b>horas</b>.")
        assert (answer.status_code, said(answer)) == (
            422, "Cliente: hace falta un correo o un teléfono para poder responder.",
        )  # fmt: skip
        assert "Faltan &lt;b&gt;horas&lt;/b&gt;." in answer.text
        assert "Rosa Quispe" in answer.text


async def test_who_calls_again_about_an_open_complaint_is_known(house: House) -> None:
    async with house.signed_in("ana") as ana:
        number = await takes_down(ana)
        await house.has_written(number, "received")
        form = hidden((await ana.reads("/new")).text, "/new")
        shown = await ana.posts("/new/similar", {**form, "phone": "+51 987-654-321"})
        assert number in shown.text
        assert number not in (await ana.posts("/new/similar", {**form, "phone": "912 000 111"})).text


async def test_an_act_is_done_once_and_signed_by_whoever_is_signed_in(house: House) -> None:
    async with house.signed_in("ana") as ana:
        number = await takes_down(ana)
        page, action = f"/cases/{number}", f"/cases/{number}/acts/assess"
        fields = hidden((await ana.reads(page)).text, action) | {"category": "horas", "by": "otra persona"}
        answers = await asyncio.gather(*(ana.posts(action, fields) for _ in range(3)))
        assert [answer.headers.get("location") for answer in answers] == [f"{page}?done=assess"] * 3
        again = await ana.posts(action, fields)
        assert again.status_code == 303
    rows = (await house.office.front_desk.timeline(number)).value
    assert [(row.by, row.via) for row in rows if row.what == "assessed"] == [("Ana Torres", "desk")]


async def test_a_letters_link_opens_the_very_form(house: House) -> None:
    async with house.signed_in("ana") as ana:
        number = await takes_down(ana)
        opened = (await ana.reads(f"/cases/{number}?act=promise_date")).text
        assert re.findall(r'<details class="act[ a-z]*" id="act-(\w+)" open>', opened) == ["promise_date"]
        usual = (await ana.reads(f"/cases/{number}")).text
        assert "promise_date" not in re.findall(r'id="act-(\w+)" open>', usual)


async def test_only_what_is_possible_now_is_offered_and_a_refusal_is_the_workflows_own_sentence(house: House) -> None:
    async with house.signed_in("ana") as ana:
        number = await takes_down(ana)
        page = f"/cases/{number}"
        await ana.sends(page, f"{page}/acts/resolve", text="Le devolvemos las horas.", outcome="upheld")
        resolved = (await ana.reads(page)).text
        assert f"{page}/acts/assess" not in resolved
        assert f"{page}/acts/close_by_decision" not in resolved, "an agent closes nothing by decision"
        fields = hidden(resolved, f"{page}/acts/add_note") | {"category": "horas"}
        refused = await ana.posts(f"{page}/acts/assess", fields)
        assert (refused.status_code, said(refused)) == (
            409, f"{number} está en confirmación: ya tiene resolución; no queda nada por evaluar.",
        )  # fmt: skip
        missing = await ana.sends(page, f"{page}/acts/add_note", text=" ")
        assert (missing.status_code, said(missing)) == (409, "Nota: falta este dato.")
    async with house.signed_in("luis") as luis:
        assert f"{page}/acts/close_by_decision" in (await luis.reads(page)).text


async def test_what_did_not_fit_is_told_in_the_readers_language_and_customers_words_are_never_cut(house: House) -> None:
    words = "Escribí `complaints merge` en su chat: no pasó nada. ¿Y ahora?"
    async with house.signed_in("ana") as ana:
        number = await takes_down(ana)
        await house.office.front_desk.tell(number, SurveyAnswered(score=5, by="customer"))
        await house.office.front_desk.tell(number, MessageReceived(text=words, by="customer"))
        await house.has_written(number, "message-received")
        page = (await ana.reads(f"/cases/{number}")).text
        assert "la encuesta llega con el cierre" in page
        assert "the survey comes" not in page
        assert words in html.unescape(page)
        await ana.sends("/password", "/language", language="en")
        assert "the survey comes with the closing (§8)" in (await ana.reads(f"/cases/{number}")).text


async def test_who_comes_second_sees_what_happened_and_may_still_insist(house: House) -> None:
    async with house.signed_in("ana") as ana, house.signed_in("luis") as luis:
        number = await takes_down(ana)
        page = f"/cases/{number}"
        seen_by_ana = (await ana.reads(page)).text
        await luis.sends(page, f"{page}/acts/assign", department="systems", representative="Luis Mamani")
        late = hidden(seen_by_ana, f"{page}/acts/assign") | {"department": "academic", "representative": "Ana Torres"}
        answer = await ana.posts(f"{page}/acts/assign", late)
        assert answer.status_code == 409
        assert said(answer).startswith("Mientras tanto Luis Mamani actuó en este caso: «Se asignó al área: Sistemas»")
        assert (await house.office.front_desk.status(number)).value.department == "systems"
        again = hidden(answer.text, f"{page}/acts/assign") | {"department": "academic"}
        assert (await ana.posts(f"{page}/acts/assign", again)).status_code == 303
        assert (await house.office.front_desk.status(number)).value.department == "academic"

        seen_by_ana = (await ana.reads(page)).text
        of_customer = DetailsReceived(product="Curso de BIM", by="customer", via=Via.LINK)
        await house.office.front_desk.act(number, "receive_details", of_customer, "by-the-customer")
        note = hidden(seen_by_ana, f"{page}/acts/add_note") | {"text": "Lo llamo mañana."}
        assert said(await ana.posts(f"{page}/acts/add_note", note)).startswith("Mientras tanto el cliente actuó en")


async def test_a_case_shows_its_letters_deadlines_and_run(house: House) -> None:
    async with house.signed_in("ana") as ana:
        number = await takes_down(ana, email="rosa@correo.example")
        await house.has_written(number, "letter-sent")
        page = (await ana.reads(f"/cases/{number}")).text
        assert "/temporal/" not in page, "an agent sees the case"
        assert "plazo legal de 15 días hábiles: día 15" in page
        letters = re.findall(rf'href="(/cases/{number}/letters/[^"]+)"', page)
        await house.employs("jefe", Role.ADMIN)
        async with house.signed_in("jefe") as jefe:
            run = f"/temporal/namespaces/default/workflows/{number}"
            assert run in (await jefe.reads(f"/cases/{number}")).text
        letter = await ana.reads(letters[0])
        assert (letter.status_code, "rosa@correo.example" in letter.text) == (200, True)
        assert (await ana.reads(f"/cases/{number.lower()}")).headers["location"] == f"/cases/{number}"
        assert (await ana.reads("/cases/Q-0000-00000")).status_code == 404


async def test_the_page_learns_of_news_and_a_still_board_is_not_sent_again(house: House) -> None:
    async with house.signed_in("ana") as ana:
        number = await takes_down(ana)
        await house.has_written(number, "received")
        newest = await house.office.store.newest_row(number)
        assert (await ana.reads(f"/cases/{number}/news?seen={newest}&poll=1")).status_code == 204
        assert "Pasó algo nuevo" in (await ana.reads(f"/cases/{number}/news?seen=0&poll=1")).text
        board = (await ana.reads("/")).text
        assert number in board
        [poll] = re.findall(r'hx-get="(/board[^"]*)"', board)
        assert (await ana.reads(poll.replace("&amp;", "&"))).status_code == 204
        for query, shown in (("?text=quispe", True), ("?text=mamani", False), ("?late=1", False), ("?mine=1", False)):
            assert (number in (await ana.reads(f"/{query}")).text) is shown, query


async def test_the_pages_speak_english_to_whoever_wants_it(house: House) -> None:
    async with house.signed_in("ana") as ana:
        await ana.sends("/password", "/language", language="en")
        page = (await ana.reads("/")).text
        assert '<html lang="en">' in page
        assert "No complaint is open." in page
