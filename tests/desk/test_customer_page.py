"""The customer's own page without a browser: what a link opens, what it says no to, and what it never does."""

import asyncio
import re
from collections.abc import Callable
from dataclasses import replace
from datetime import date

import httpx
import pytest

from complaints.mail.links import Link, link_token, token_in
from complaints.records.ledger import LetterRow
from complaints.records.staff import Role
from complaints.records.store import Store
from complaints.rules.letters import LetterKind, LetterState
from complaints.rules.page_links import PLACE
from desk.app import application
from desk.customer.letters import read_again
from desk.customer.pages import customer_routes
from tests.customer_house import (
    ARRIVED,
    KEY,
    RESOLUTION,
    CustomersHouse,
    customers_house,
    later,
    links_in,
    problem,
)
from tests.desk_house import ADDRESS, hidden
from tests.golden_letters.examples import OWN, PUBLIC_URL, letter
from tests.story import Story
from tests.waiting import comes

NEW, OLD = b"n" * 32, b"o" * 32


@pytest.fixture
async def house(story: Story) -> CustomersHouse:
    return await customers_house(story)


# -- the link --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("number", ["Q-7KF3-02M9D", "a-client-s-own-ID", "x" * 40])
def test_a_token_opens_what_it_was_made_for(number: str) -> None:
    link = Link(number, date(2026, 10, 20), "rosa@correo.example")
    token = link_token(link, keys=[NEW, OLD])
    read = token_in(token)
    assert read is not None
    assert (read.number, read.until) == (number, link.until)
    assert read.is_of(link, keys=[NEW])
    old = token_in(link_token(link, keys=[OLD]))
    assert old is not None
    assert old.is_of(link, keys=[NEW, OLD]), "an old key is still understood"
    assert not read.is_of(link, keys=[OLD])
    assert not read.is_of(link, keys=[])
    assert read.is_of(replace(link, email=" ROSA@correo.example"), keys=[NEW]), "however it was typed"
    for other in (replace(link, email="otra@correo.example"), replace(link, email=""), replace(link, ended=1)):
        assert not read.is_of(other, keys=[NEW])
    assert not read.is_of_old(keys=[NEW])


def test_whatever_is_changed_in_a_token_it_opens_nothing() -> None:
    link = Link("Q-7KF3-02M9D", date(2026, 10, 20), "rosa@correo.example")
    token = link_token(link, keys=[NEW])
    for place, character in enumerate(token):
        other = "b" if character == "a" else "a"
        read = token_in(token[:place] + other + token[place + 1 :])
        if read is not None:
            assert not read.is_of(Link(read.number, read.until, link.email), keys=[NEW]), place
    for wrong in (token[:-1], token + "a", token.upper(), "", "..", "Q-7KF3-02M9D", f"{token}\n", "ñ" * 50):
        assert token_in(wrong) is None


def test_a_letter_is_read_again_in_whole_sentences() -> None:
    sent = letter(LetterKind.ACKNOWLEDGEMENT, public_url=PUBLIC_URL, own=OWN).text
    read = read_again(sent)
    assert read.startswith(
        "Estimado/a Rosa Quispe Huamán:\n\nRecibimos su queja el miércoles 22 de julio, a las 9:05 a. m. "
    )
    assert "  - su número de documento de identidad (DNI, carné de extranjería o pasaporte)\n" in read
    assert "> Buenos días:\n>\n> Compré el curso" in read
    assert "\n\nAtención al Cliente\nEscuela de Construcción Digital\n\n--\n" in read
    assert PLACE not in read
    assert "[…]" in read
    assert " ".join(read.replace("[…]", "").split()) in " ".join(sent.replace(PLACE, "").split())


async def test_every_letter_brings_the_link_and_its_page_says_where_the_complaint_stands(house: CustomersHouse) -> None:
    await house.story.complaint_arrives(ARRIVED)
    await house.story.all_is_told()
    [link] = links_in(await house.story.text("acknowledgement"))
    async with house.visitor() as rosa:
        page = (await rosa.reads(link)).text
    for said in (house.story.number, "Hola, Rosa Quispe", "Estamos evaluando su queja", "Atención al Cliente",
                 "lunes 27 de julio, hasta las 6:00 p. m.", "Recibimos su queja"):  # fmt: skip
        assert said in page
    assert "administracion@" not in page, "nothing internal"
    assert links_in(page) == [], "a link that ends must not show one that ends later"


async def test_the_page_speaks_the_customers_language_and_the_one_that_is_asked_for(house: CustomersHouse) -> None:
    await house.story.complaint_arrives(ARRIVED, language="en")
    await house.story.all_is_told()
    async with house.visitor() as rosa:
        assert "We are assessing your complaint" in (await rosa.reads(house.link())).text
        spanish = (await rosa.reads(f"{house.link()}?lang=es")).text
        assert "Estamos evaluando su queja" in spanish
        assert hidden(spanish, f"{house.link().removeprefix(ADDRESS)}/words?lang=es"), "its forms keep the language"


async def test_the_page_is_for_no_cache_no_search_engine_no_script_and_sets_no_cookie(house: CustomersHouse) -> None:
    await house.story.complaint_arrives(ARRIVED)
    async with house.visitor() as rosa:
        for address in (house.link(), house.link(days=-1), f"{ADDRESS}/c", f"{ADDRESS}/c/no", f"{ADDRESS}/c/no/way"):
            answer = await rosa.reads(address)
            policy = answer.headers.get_list("content-security-policy")
            assert len(policy) == 1
            assert "default-src 'none'" in policy[0]
            assert "script-src" not in policy[0]
            assert answer.headers["referrer-policy"] == "no-referrer"
            assert answer.headers["cache-control"] == "no-store"
            assert "noindex" in answer.headers["x-robots-tag"]
            assert "set-cookie" not in answer.headers
            assert "<script" not in answer.text


async def test_a_link_that_expired_or_is_none_says_so_kindly_with_the_telephone(house: CustomersHouse) -> None:
    await house.story.complaint_arrives(ARRIVED)
    async with house.visitor() as rosa:
        last_day = await rosa.reads(house.link(days=0))
        assert last_day.status_code == 200
        expired = await rosa.reads(house.link(days=-1))
        assert (expired.status_code, "Este enlace ya venció" in expired.text) == (410, True)
        forged = await rosa.reads(house.link(key="f" * 32))
        cut = await rosa.reads(house.link()[:-3])
        nobody = await rosa.reads(house.link(number="Q-0000-00000"))
        assert cut.status_code == 404, "as its form shows to anybody"
        assert "Rosa" not in cut.text
        assert {(one.status_code, one.text) for one in (forged, nobody, expired)} == {(410, expired.text)}
        assert house.story.number not in expired.text
        for answer in (expired, forged):
            assert 'href="tel:+51967090448"' in answer.text
        posted = await rosa.posts(f"{house.link(days=-1)}/words", {"text": "Hola"})
        assert posted.status_code == 410
    assert await house.rows("message-received") == []


async def test_without_a_key_there_are_no_pages(house: CustomersHouse) -> None:
    settings = house.story.settings.model_copy(update={"secret_key": None})
    assert customer_routes(replace(house.office, settings=settings)) == []


# -- a new link ------------------------------------------------------------------------------------------------------


async def asks_anew(house: CustomersHouse, number: str, email: str) -> httpx.Response:
    async with house.visitor() as somebody:
        return await somebody.posts("/c", {"number": number, "email": email})


async def test_a_new_link_goes_to_the_address_on_record_and_nobody_learns_whether_there_is_one(
    house: CustomersHouse,
) -> None:
    story = house.story
    await story.complaint_arrives(ARRIVED)
    await story.all_is_told()
    known = await asks_anew(house, story.number, " Rosa@Correo.example ")
    answers = {known.text}
    for number, email in (
        (story.number, "otra@correo.example"), ("Q-0000-00000", "rosa@correo.example"), ("'; --", "a@b"),
    ):  # fmt: skip
        answers.add((await asks_anew(house, number, email)).text)
    assert len(answers) == 1, "the same answer to everybody"
    async with house.visitor() as rosa:
        await _until(house, lambda: "Su enlace para ver su queja" in story.letters())
        [link] = links_in(await story.text("new-link"))
        assert (await rosa.reads(link)).status_code == 200
    assert story.sink.to("otra@correo.example") == []


async def test_no_more_than_three_new_links_an_hour_whoever_asks(house: CustomersHouse) -> None:
    await house.story.complaint_arrives(ARRIVED)
    await house.story.all_is_told()
    for _ in range(5):
        await asks_anew(house, house.story.number, "rosa@correo.example")
    await _until(house, lambda: len(house.story.sink.letters) >= 4)
    kinds = [row.kind for row in await house.story.store.letters(house.story.number)]
    assert kinds.count("new-link") == 3


async def _until(house: CustomersHouse, condition: Callable[[], bool]) -> None:
    async with asyncio.timeout(60):
        while not condition():
            house.story.sink.arrived.clear()
            await house.story.sink.arrived.wait()


async def test_a_new_link_that_no_mail_server_took_is_settled_and_asked_for_again(house: CustomersHouse) -> None:
    story = house.story
    await story.complaint_arrives(ARRIVED)
    await story.all_is_told()
    await story.sink.go_away()
    await asks_anew(house, story.number, "rosa@correo.example")

    async def failed() -> list[LetterRow]:
        return [row for row in await _new_links(story) if row.state is LetterState.FAILED]

    await comes(failed, "link that could not be sent")
    await story.sink.come_back()
    await asks_anew(house, story.number, "rosa@correo.example")
    await _until(house, lambda: "Su enlace para ver su queja" in story.letters())


async def _new_links(story: Story) -> list[LetterRow]:
    return [row for row in await story.store.letters(story.number) if row.kind == "new-link"]


async def test_whoever_has_no_link_sends_nothing_that_is_read(house: CustomersHouse) -> None:
    async with house.visitor() as somebody:
        nobodys = house.link(number="Q-0000-00000")
        for address, status in (("/c", 413), ("/c/forged/words", 404), (f"{nobodys}/words", 410)):
            answer = await somebody.client.post(
                address, content=b"x" * 20_000, headers={"content-type": "application/x-www-form-urlencoded"}
            )
            assert answer.status_code == status


async def test_while_the_database_is_away_the_page_says_so_with_the_telephone(house: CustomersHouse) -> None:
    await house.story.complaint_arrives(ARRIVED)
    nobody = await Store.connect("postgresql://nobody@127.0.0.1:1/none")
    away = CustomersHouse(house.story, office := replace(house.office, store=nobody), application(office))
    async with away.visitor() as rosa:
        answer = await rosa.reads(house.link())
    assert (answer.status_code, "Vuelva a intentarlo en unos minutos" in problem(answer)) == (503, True)
    assert 'href="tel:+51967090448"' in answer.text
    await nobody.close()


# -- staff -----------------------------------------------------------------------------------------------------------


async def test_a_staff_session_plays_no_part_there(house: CustomersHouse) -> None:
    await house.resolved()
    await house.story.all_is_told()  # else a letter goes out between the two looks
    await house.employs("ana", Role.ADMIN)
    async with house.signed_in("ana") as ana, house.visitor() as rosa:
        assert _same_page((await ana.reads(house.link())).text, (await rosa.reads(house.link())).text)
        answer = await ana.posts(f"{house.link()}/sure", {"choice": "yes", "sure": "yes"})
        assert answer.status_code == 409, "a session is no proof that a form is ours"
    assert await house.story.stage() == "confirmation"


def _same_page(one: str, other: str) -> bool:
    def plain(page: str) -> str:
        return re.sub(r'name="(id|mark)" value="[^"]*"', "", page)

    return plain(one) == plain(other)


async def test_the_resolution_can_be_read_and_nothing_is_chosen_before(house: CustomersHouse) -> None:
    await house.resolved()
    async with house.visitor() as rosa:
        page = (await rosa.reads(house.link())).text
    assert RESOLUTION in page
    assert "su queja tiene fundamento en parte" in page
    assert "checked" not in page


async def test_an_old_form_of_another_site_or_of_nobody_says_nothing(house: CustomersHouse) -> None:
    await house.resolved()
    here = house.link().removeprefix(ADDRESS)
    async with house.visitor() as rosa:
        form = hidden((await rosa.reads(here)).text, f"{here}/words")
        wrong = await rosa.posts(f"{here}/words", {**form, "mark": "a" * 20, "text": "Hola"})
        assert "hace mucho" in problem(wrong)
        none = await rosa.posts(f"{here}/words", {"text": "Hola"})
        assert none.status_code == 422
        assert "Hola" in none.text, "what was typed is not lost"
        elsewhere = await rosa.client.post(
            f"{here}/words", data={**form, "text": "Hola"}, headers={"sec-fetch-site": "cross-site"}
        )
        assert elsewhere.status_code == 403
    assert await house.rows("message-received") == []
    async with later(house, days=91).visitor() as rosa:
        assert (await rosa.reads(here)).status_code == 410
    assert KEY not in (await _whole(house))


async def _whole(house: CustomersHouse) -> str:
    """Everything that the case's history keeps."""
    history = await house.story.handle.fetch_history()
    return history.to_json()
