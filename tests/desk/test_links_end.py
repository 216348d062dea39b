"""A link ends with the address it went to, or when staff end it: for ever, at every use, and nobody learns of what."""

import asyncio
import hmac
from base64 import b32encode
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import date, timedelta
from typing import Any

import asyncpg
import httpx
import pytest

from complaints.mail.links import Link, page_address
from complaints.records.migrate import migrate
from complaints.records.staff import Role
from complaints.records.store import Store
from complaints.rules.facts import CustomerDissatisfied, DetailsReceived, Via
from complaints.rules.letters import LetterKind
from complaints.rules.page_links import PLACE
from desk.customer.acts import POSTED
from desk.customer.pages import SAME_TIME
from tests.customer_house import ARRIVED, KEY, RESOLUTION, CustomersHouse, customers_house, links_in
from tests.desk_house import ADDRESS, Visitor, hidden, said
from tests.records.test_schema import run
from tests.records_examples import a_batch, a_record, an_order
from tests.story import CUSTOMER, Story
from tests.waiting import comes, until

WRONG, RIGHT = str(CUSTOMER["email"]), "rosa.quispe@correo.example"


@pytest.fixture
async def house(story: Story) -> CustomersHouse:
    """A case that was resolved; every letter went to an address that is a stranger's."""
    house = await customers_house(story)
    await house.resolved()
    await story.all_is_told()
    return house


async def the_link(house: CustomersHouse, kind: str = "resolution", to: str = WRONG) -> str:
    [link] = links_in(await house.story.text(kind, to=to))
    return link


async def is_open(house: CustomersHouse, link: str) -> bool:
    async with house.visitor() as visitor:
        answer = await visitor.reads(link)
    assert answer.status_code in (200, 410)
    return answer.status_code == 200


async def by_update(house: CustomersHouse) -> None:
    await house.story.asks("receive_details", email=RIGHT, by="Ana Torres")


async def by_signal(house: CustomersHouse) -> None:
    await house.story.handle.signal("details-received", {"email": RIGHT, "by": "crm"})
    await house.has_written(house.story.number, "details-received")


async def by_front_desk(house: CustomersHouse) -> None:
    await house.office.front_desk.ask(house.story.number, "receive_details", DetailsReceived(email=RIGHT, by="ana"))


async def by_desk(house: CustomersHouse) -> None:
    await house.employs("ana", Role.AGENT)
    here = f"/cases/{house.story.number}"
    async with house.signed_in("ana") as ana:
        answer = await ana.sends(here, f"{here}/acts/receive_details", email=RIGHT)
        assert answer.status_code == 303, said(answer)


@pytest.mark.parametrize("corrected", [by_update, by_signal, by_front_desk, by_desk])
async def test_a_stranger_with_the_old_link_reads_and_says_nothing_once_the_address_is_corrected(
    house: CustomersHouse, corrected: object
) -> None:
    """What the attacker did: the page was open when the address was corrected, then yes, and the tick."""
    link = await the_link(house)
    here = link.removeprefix(ADDRESS)
    async with house.visitor() as stranger:
        page = await stranger.reads(here)
        assert RESOLUTION in page.text
        shown = await stranger.posts(f"{here}/answer", {**hidden(page.text, f"{here}/answer"), "choice": "yes"})
        yes = {**hidden(shown.text, f"{here}/sure"), "sure": "yes"}
        await corrected(house)  # type: ignore[operator]
        await house.story.all_is_told()
        for answer in (
            await stranger.reads(here),
            await stranger.reads(f"{here}?lang=es"),
            await stranger.posts(f"{here}/sure", yes),
        ):
            assert (answer.status_code, RESOLUTION in answer.text) == (410, False)
        for act in POSTED:
            forged = {**hidden(page.text, f"{here}/words"), "choice": "no", "text": "x", "score": "1", "sure": "yes"}
            assert (await stranger.posts(f"{here}/{act}", forged)).status_code == 410, act
            assert (await stranger.reads(f"{here}/{act}")).status_code == 410, act
    assert await house.story.stage() == "confirmation"
    for what in ("customer-satisfied", "customer-dissatisfied", "message-received", "feedback-given"):
        assert await house.rows(what) == []


async def test_the_customer_at_the_corrected_address_gets_links_that_work(house: CustomersHouse) -> None:
    old = await the_link(house)
    await by_update(house)
    await house.story.all_is_told()
    async with house.visitor() as rosa:
        await rosa.posts("/c", {"number": house.story.number, "email": RIGHT})
        await rosa.posts("/c", {"number": house.story.number, "email": WRONG})
    await _gets(house, RIGHT, "Su enlace para ver su queja")
    assert await is_open(house, await the_link(house, "new-link", to=RIGHT))
    assert not await is_open(house, old)
    assert "new-link" not in await house.story.kinds(WRONG)


async def _gets(house: CustomersHouse, who: str, subject: str) -> None:
    async with asyncio.timeout(60):
        while subject not in house.story.letters(to=who):
            house.story.sink.arrived.clear()
            await house.story.sink.arrived.wait()


async def test_an_address_that_was_left_and_comes_back_brings_no_old_link_back(house: CustomersHouse) -> None:
    old = await the_link(house)
    for email in (RIGHT, WRONG):
        await house.story.asks("receive_details", email=email, by="Ana Torres")
        await house.story.all_is_told()
    assert not await is_open(house, old)


async def test_the_same_address_written_otherwise_ends_nothing(house: CustomersHouse) -> None:
    old = await the_link(house)
    await house.story.asks("receive_details", email=WRONG.upper(), phone="987 654 322", by="Ana Torres")
    await house.story.all_is_told()
    assert await is_open(house, old)


async def test_a_link_handed_out_where_there_was_no_address_outlives_its_first_and_not_its_correction(
    story: Story,
) -> None:
    house = await customers_house(story)
    await story.complaint_arrives(ARRIVED, channel="phone", customer={"email": None})
    await story.all_is_told()
    link = house.link()
    for email, good in ((WRONG, True), (RIGHT, False)):
        await story.asks("receive_details", email=email, by="Ana Torres")
        await story.all_is_told()
        assert await is_open(house, link) is good


async def test_a_letter_that_was_on_its_way_to_the_old_address_brings_it_nothing(story: Story) -> None:
    """The mail server was away, so the letter goes out after the correction, to the address that its row names."""
    house = await customers_house(story)
    await story.sink.go_away()
    await story.complaint_arrives(ARRIVED)
    await comes(lambda: story.store.letters(story.number), "letter")
    await story.asks("receive_details", email=RIGHT, by="Ana Torres")
    await story.sink.come_back()
    await story.all_is_told()
    for letter in story.sink.to(WRONG):
        body = letter.get_body(("plain",))
        assert body is not None
        for link in links_in(body.get_content()):
            assert not await is_open(house, link)


# -- ended by staff --------------------------------------------------------------------------------------------------


@asynccontextmanager
async def ana_of(house: CustomersHouse) -> AsyncIterator[Visitor]:
    await house.employs("ana", Role.AGENT, name="Ana Torres")
    async with house.signed_in("ana") as ana:
        yield ana


async def revokes(house: CustomersHouse, ana: Visitor, **fields: str) -> httpx.Response:
    here = f"/cases/{house.story.number}"
    return await ana.sends(here, f"{here}/links/revoke", **{"sure": "yes", "reason": "Llegó a otra persona", **fields})


async def test_links_that_staff_end_are_dead_for_ever_and_the_next_letter_brings_one_that_works(
    house: CustomersHouse,
) -> None:
    old = await the_link(house)
    async with ana_of(house) as ana:
        unticked = await revokes(house, ana, sure="")
        assert (unticked.status_code, "Marque" in said(unticked)) == (409, True)
        assert await is_open(house, old)
        answer = await revokes(house, ana)
        assert answer.status_code == 303
        page = (await ana.reads(answer.headers["location"])).text
        assert "no abren más la página del cliente" in page
        assert "Se anularon los enlaces a la página del cliente" in page
        assert not await is_open(house, old)
    [row] = [
        entry
        for entry in (await house.office.front_desk.timeline(house.story.number)).value
        if entry.what == "links-revoked"
    ]
    assert (row.by, row.via, row.data["reason"]) == ("Ana Torres", "desk", "Llegó a otra persona")
    await house.story.asks("confirm_satisfied", by="Ana Torres", words="Gracias")
    await house.story.all_is_told()
    closing = await the_link(house, "closing")
    assert await is_open(house, closing)
    assert not await is_open(house, old)
    # reopened: another run, another round; what was ended stays so
    async with house.visitor() as rosa:
        at = closing.removeprefix(ADDRESS)
        page = (await rosa.reads(at)).text
        sure = await rosa.posts(f"{at}/answer", {**hidden(page, f"{at}/answer"), "choice": "no", "words": "Falta"})
        done = await rosa.posts(f"{at}/sure", {**hidden(sure.text, f"{at}/sure"), "sure": "yes"})
        assert done.status_code == 303

    async def is_begun_anew() -> bool:
        return await house.story.stage() != "closed"

    await comes(is_begun_anew, "next round")
    assert not await is_open(house, old)
    assert await is_open(house, closing)


async def test_ending_is_done_once_for_a_form_sent_twice(house: CustomersHouse) -> None:
    async with ana_of(house) as ana:
        here = f"/cases/{house.story.number}"
        form = hidden((await ana.reads(here)).text, f"{here}/links/revoke")
        for _ in range(2):
            assert (await ana.posts(f"{here}/links/revoke", {**form, "sure": "yes"})).status_code == 303
    known = await house.story.store.links_of(house.story.number)
    assert known.ended(WRONG) == 1


async def test_only_who_may_handle_a_case_sees_the_button_and_ends_links(house: CustomersHouse) -> None:
    await house.employs("eva", Role.QUALITY)
    here = f"/cases/{house.story.number}"
    async with house.signed_in("eva") as eva:
        assert "links/revoke" not in (await eva.reads(here)).text
        token = hidden((await eva.reads("/password")).text, "/sign-out")
        assert (await eva.posts(f"{here}/links/revoke", {**token, "sure": "yes"})).status_code == 403
    assert await is_open(house, await the_link(house))


async def test_the_complaint_that_goes_on_speaks_for_the_one_that_was_merged_into_it(story: Story) -> None:
    house = await customers_house(story)
    await story.complaint_arrives(ARRIVED)
    await story.all_is_told()
    link, other = await the_link(house, "acknowledgement"), await house.opens(email=WRONG, name="Rosa Quispe")
    await house.office.front_desk.merge(story.number, other)
    await story.all_is_told()
    merged = await the_link(house, "merged")
    assert await is_open(house, merged)
    assert await is_open(house, link)
    await house.office.front_desk.ask(other, "receive_details", DetailsReceived(email=RIGHT, by="ana"))
    await house.has_written(other, "details-received")
    assert not await is_open(house, merged)
    assert not await is_open(house, link)


# -- links that were sent before they named an address ----------------------------------------------------------------


def old_link(house: CustomersHouse, *, days: int = 30) -> str:
    """As the program made them until then."""
    until = f"{(house.now.date() + timedelta(days=days) - date(2000, 1, 1)).days:x}"
    mark = hmac.digest(KEY.encode(), f"page/{house.story.number}/{until}".encode(), "sha256")
    return f"{ADDRESS}/c/{house.story.number}.{until}.{b32encode(mark).decode().lower()[:20]}"


async def test_a_link_of_the_old_form_works_to_its_day_and_ends_as_the_others_do(house: CustomersHouse) -> None:
    assert await is_open(house, old_link(house))
    assert not await is_open(house, old_link(house, days=-1))
    await by_update(house)
    await house.story.all_is_told()
    assert not await is_open(house, old_link(house))


async def test_a_link_of_the_old_form_ends_when_staff_end_links(house: CustomersHouse) -> None:
    async with ana_of(house) as ana:
        await revokes(house, ana)
    assert not await is_open(house, old_link(house))


async def test_the_step_of_the_schema_takes_links_out_of_the_ledger_and_ends_those_of_an_address_that_was_left(
    fresh_database: str, store: Store
) -> None:
    """Two letters to a wrong address, one to the right one after; then the program is renewed."""
    number, other = a_record().number, "Q-OTHER"
    await store.write(a_batch(a_record(email=RIGHT)))
    await store.write(a_batch(a_record(number=other, source_key="other", email=RIGHT)))
    for case, key, email, last_day in (
        (number, "1", WRONG, "2643"), (number, "2", WRONG, "2650"), (number, "3", RIGHT, "2651"),
        (other, "1", RIGHT, "2640"),
    ):  # fmt: skip
        link = f"https://q.example/c/{case}.{last_day}.{'a' * 20}"
        await store.claim(
            an_order(case).model_copy(update={"key": key, "recipient": "customer", "kind": LetterKind.UPDATE}),
            message_id=f"<{case}{key}@x>", to_address=email, subject="s", text=f"Aquí:\n    {link}\n",
            html=f'<a href="{link}">Ver</a>', lease=timedelta(minutes=1),
        )  # fmt: skip
    await run(fresh_database, "DROP TABLE link_ends", "UPDATE alembic_version SET version_num = '0008'")
    await migrate(fresh_database, target="0009")
    async with store.connection() as connection:
        rows = await connection.fetch("SELECT text, html FROM letters")
    assert {(row["text"], row["html"]) for row in rows} == {(f"Aquí:\n    {PLACE}\n", f'<a href="{PLACE}">Ver</a>')}
    day = date(2000, 1, 1) + timedelta(days=0x2650)
    ended = await store.links_of(number)
    assert (ended.old_ended(day), ended.old_ended(day + timedelta(days=1))) == (True, False)
    assert not (await store.links_of(other)).old_ended(date(2000, 1, 1))


# -- what a dead link says -------------------------------------------------------------------------------------------


async def test_every_dead_link_gets_the_same_answer_for_the_same_work(
    house: CustomersHouse, monkeypatch: pytest.MonkeyPatch
) -> None:
    """So that neither words nor time tell whether there is such a complaint; a password hash or a replay would."""
    living = await the_link(house)
    await by_update(house)
    await house.story.all_is_told()
    nobodys = page_address(ADDRESS, Link("Q-0000-00000", house.now.date() + timedelta(days=9)), keys=[KEY.encode()])
    dead = {
        "left address": living, "forged": house.link(key="f" * 32), "expired": house.link(days=-1),
        "nobody's": nobodys, "nobody's, forged": nobodys[:-3] + "abc",
    }  # fmt: skip
    asked: list[str] = []
    execute = asyncpg.Connection._execute  # type: ignore[attr-defined]

    async def counted(connection: asyncpg.Connection, query: str, *args: Any, **options: Any) -> Any:
        asked.append(query)
        return await execute(connection, query, *args, **options)

    monkeypatch.setattr(asyncpg.Connection, "_execute", counted)
    answers, work = {}, {}
    async with house.visitor() as visitor:
        for name, link in dead.items():
            asked.clear()
            answer = await visitor.reads(link)
            work[name] = list(asked)
            answers[name] = (answer.status_code, answer.text, sorted(answer.headers.items()))
            posted = await visitor.posts(f"{link}/words", {"text": "x"})
            assert (posted.status_code, posted.text) == (answer.status_code, answer.text)
    assert len({str(answer) for answer in answers.values()}) == 1, answers.keys()
    assert answers["forged"][0] == 410
    assert "Este enlace ya venció" in answers["forged"][1]
    assert work["forged"], "the records are asked"
    assert {name: queries for name, queries in work.items() if queries != work["forged"]} == {}


async def test_nothing_is_looked_up_before_whoever_asks_for_a_new_link_is_answered(
    house: CustomersHouse, monkeypatch: pytest.MonkeyPatch
) -> None:
    """How long the answer takes must not tell whether there is such a complaint."""
    looked_up: list[str] = []
    store, record = house.office.store, house.office.store.record

    async def counted(number: str) -> Any:
        looked_up.append(number)
        return await record(number)

    monkeypatch.setattr(store, "record", counted)
    async with house.visitor() as somebody:
        answers = []
        for number in (house.story.number, "Q-0000-00000"):
            answers.append(await somebody.posts("/c", {"number": number, "email": WRONG}))
            assert number not in looked_up
    assert answers[0].text == answers[1].text
    await _gets(house, WRONG, "Su enlace para ver su queja")
    await until(lambda: sorted(looked_up) == sorted([house.story.number, "Q-0000-00000"]))


async def test_links_that_staff_ended_stay_ended_when_the_complaint_is_reopened(house: CustomersHouse) -> None:
    link = await the_link(house)
    await house.office.store.revoke_links(
        house.story.number, event_id=f"end/{house.story.number}", at=house.office.now(), by="ana", via=Via.DESK
    )
    await house.story.says("customer-satisfied")
    assert await house.story.outcome() == "satisfied"
    await house.office.front_desk.reopen(house.story.number, CustomerDissatisfied(reason="Sigue igual."))
    await house.story.all_is_told()
    assert not await is_open(house, link)
    assert await is_open(house, await the_link(house, "reopening"))


async def test_what_must_not_tell_whether_there_is_a_complaint_takes_its_own_time(house: CustomersHouse) -> None:
    """Never less, whatever there was to do: a difference would have to be longer than that to be seen."""
    link = (await the_link(house)).removeprefix(ADDRESS)
    none = link.replace(house.story.number, "S-000000000000")
    loop = asyncio.get_running_loop()
    async with house.visitor() as somebody:
        for status, number, path in ((410, "", none), (404, "", "/c/cut-off"), (200, house.story.number, "/c"),
                                     (200, "Q-0000-00000", "/c")):  # fmt: skip
            begun = loop.time()
            answer = await (
                somebody.posts(path, {"number": number, "email": WRONG}) if number else somebody.reads(path)
            )
            assert answer.status_code == status
            assert loop.time() - begun >= SAME_TIME * 0.99
