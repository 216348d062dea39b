"""The review's pages (§10): ticked, noted, followed up and signed off, by those whose role says so."""

import asyncio
import re
from datetime import UTC, date, datetime, timedelta

import pytest

from complaints.records.staff import Role
from complaints.rules.report.review import Month
from complaints.rules.report.review_record import NewAction, Signed
from tests.desk_house import House, hidden, house_of, said
from tests.records.test_reviews import ANA, JULY, OPENING, TRAINING, closes, seen
from tests.story import Story

PAGE = "/reviews/2026-07"


@pytest.fixture
async def house(story: Story) -> House:
    house = house_of(story)
    await house.employs("carla", Role.QUALITY, name="Carla Ríos")
    await house.employs("luis", Role.MANAGER, name="Luis Prado")
    await house.employs("ana", Role.AGENT, name="Ana Torres")
    return house


async def opened(house: House, *keys: str) -> list[str]:
    """July's review with complaints of these source keys; their numbers."""
    numbers = [await closes(house.office.store, key) for key in keys]
    await house.office.store.open_review(JULY, at=OPENING)
    return numbers


async def test_what_is_ticked_is_signed_and_can_be_taken_back(house: House) -> None:
    first, second = await opened(house, "a", "b")
    async with house.signed_in("carla") as carla:
        answer = await carla.sends(PAGE, f"{PAGE}/tick", number=first)
        assert answer.headers["location"] == f"{PAGE}?done=tick"
        page = (await carla.reads(PAGE)).text
        assert "1 revisada, 1 por revisar" in " ".join(page.split())
        assert "revisada por Carla Ríos" in page
        await carla.sends(PAGE, f"{PAGE}/untick", number=first)
        await carla.sends(PAGE, f"{PAGE}/tick", all="1", listed=[first, second])
    record = await seen(house.office.store, "2026-07")
    assert record.summary.ticked == 2
    assert [(act.what, act.by, act.via) for act in record.acts][:-1] == [
        (what, "Carla Ríos", "desk") for what in ("ticked", "unticked", "ticked")
    ]


async def test_an_agent_reads_it_and_can_change_nothing(house: House) -> None:
    [number] = await opened(house, "a")
    async with house.signed_in("ana") as ana:
        page = (await ana.reads(PAGE)).text
        assert number in page
        assert f'action="{PAGE}/note"' not in page
        token = hidden(page, "/sign-out")
        for act in ("tick", "untick", "note", "plan", "finish", "move", "sign-off"):
            assert (await ana.posts(f"{PAGE}/{act}", token | {"number": number})).status_code == 403
    assert (await seen(house.office.store, "2026-07")).summary.ticked == 0


async def test_findings_and_actions_are_taken_once_and_refused_with_what_was_typed(house: House) -> None:
    await opened(house, "a")
    async with house.signed_in("luis") as luis:
        answer = await luis.sends(PAGE, f"{PAGE}/note", words="Nadie llamó el sábado.", number="Q-0000-00000")
        assert answer.status_code == 409
        assert said(answer) == "No hay ninguna queja Q-0000-00000: corrija el número o déjelo vacío."
        assert "Nadie llamó el sábado." in answer.text, "what was typed is kept"
        fields = hidden((await luis.reads(PAGE)).text, f"{PAGE}/note") | {"words": "Nadie llamó el sábado."}
        for _ in range(2):  # a double click
            await luis.posts(f"{PAGE}/note", fields)
        plan = {"words": "Turno los sábados", "kind": "service", "owner": "care_team"}
        answer = await luis.sends(PAGE, f"{PAGE}/plan", **plan, due="2020-01-01")
        assert said(answer) == "Fecha: 2020-01-01 ya pasó; elija una por venir."
        answer = await luis.sends(PAGE, f"{PAGE}/plan", **{**plan, "owner": "nadie"}, due=in_days(9))
        assert said(answer).startswith("Nadie responde como «nadie»: elija a uno de care_team, administration_manager")
        answer = await luis.sends(PAGE, f"{PAGE}/plan", **{**plan, "words": " "}, due=in_days(9))
        assert said(answer) == "Texto: falta este dato."
        await luis.sends(PAGE, f"{PAGE}/plan", **plan, due=in_days(9))
        page = (await luis.reads(PAGE)).text
    record = await seen(house.office.store, "2026-07")
    assert [one.words for one in record.findings] == ["Nadie llamó el sábado."]
    assert [(one.words, one.by) for one in record.actions] == [("Turno los sábados", "Luis Prado")]
    assert "Atención al Cliente" in page


async def test_an_open_action_of_an_earlier_review_is_followed_up_in_the_next(house: House) -> None:
    store = house.office.store
    await opened(house)
    await store.plan("2026-07", TRAINING, ANA, event_id="1")
    await store.plan("2026-07", TRAINING.model_copy(update={"words": "Otra"}), ANA, event_id="2")
    await store.open_review(Month(first=date(2026, 8, 1)), at=OPENING + timedelta(days=29))
    august = "/reviews/2026-08"
    async with house.signed_in("luis") as luis:
        page = (await luis.reads(august)).text
        assert "Seguimiento de revisiones anteriores" in page
        await luis.sends(august, f"{august}/finish", which="2026-07/1", result="Taller dado.")
        again = await luis.sends(august, f"{august}/finish", which="2026-07/1", result="Otra vez.")
        assert said(again) == "Luis Prado ya declaró hecha la acción 1 de 2026-07."
        await luis.sends(august, f"{august}/move", which="2026-07/2", due=in_days(20))
    done, moved = (await seen(store, "2026-07")).actions
    assert (done.result, done.done_by) == ("Taller dado.", "Luis Prado")
    assert moved.due.isoformat() == in_days(20)


async def test_who_signs_off_knows_what_is_left_even_if_it_changed_meanwhile(house: House) -> None:
    first, second = await opened(house, "a", "b")
    async with house.signed_in("luis") as luis, house.signed_in("carla") as carla:
        fields = hidden((await luis.reads(PAGE)).text, f"{PAGE}/sign-off")
        assert fields["carrying"] == "2"
        await carla.sends(PAGE, f"{PAGE}/tick", number=first)
        stale = await luis.posts(f"{PAGE}/sign-off", fields)
        assert said(stale).startswith("Sin marcar en la revisión 2026-07: 1, no 2")
        await luis.sends(PAGE, f"{PAGE}/sign-off")
        page = (await carla.reads(PAGE)).text
        assert "cerrada por Luis Prado" in page
        assert f'action="{PAGE}/plan"' not in page
        late = await carla.posts(f"{PAGE}/tick", hidden(page, "/sign-out") | {"number": second})
        assert said(late) == "La revisión 2026-07 ya está cerrada: nada cambia en ella."
    assert (await seen(house.office.store, "2026-07")).summary.waiting == 1


async def test_two_who_tick_at_once_both_find_it_ticked(house: House) -> None:
    [number] = await opened(house, "a")
    async with house.signed_in("luis") as luis, house.signed_in("carla") as carla:
        answers = await asyncio.gather(*(one.sends(PAGE, f"{PAGE}/tick", number=number) for one in (luis, carla)))
        assert [answer.status_code for answer in answers] == [303, 303]
    acts = [act for act in (await seen(house.office.store, "2026-07")).acts if act.what == "ticked"]
    assert len(acts) == 1


async def test_the_list_says_what_is_left_and_a_month_without_review_is_not_found(house: House) -> None:
    async with house.signed_in("carla") as carla:
        assert "el primer día hábil del mes que viene" in (await carla.reads("/reviews")).text
        await opened(house, "a", "b")
        await house.office.store.tick("2026-07", [], Signed(by="x", via="cli", at=OPENING))
        listed = (await carla.reads("/reviews")).text
        assert "julio de 2026" in listed
        assert "2 por revisar" in re.sub(r"<[^>]+>", "", listed)
        for path in ("2026-08", "2026-13", "x", "2026-07%00"):
            assert (await carla.reads(f"/reviews/{path}")).status_code == 404
        assert (await carla.reads(f"{PAGE}?page=99999")).status_code == 200


async def test_a_long_month_has_pages_and_a_tick_stays_on_its_page(house: House) -> None:
    await opened(house, *(f"case {place}" for place in range(103)))
    async with house.signed_in("carla") as carla:
        page = (await carla.reads(f"{PAGE}?page=2")).text
        assert page.count('class="tick-box"') == 3
        answer = await carla.sends(f"{PAGE}?page=2", f"{PAGE}/tick?page=2", all="1", listed=numbers_of(page))
        assert answer.headers["location"] == f"{PAGE}?done=tick&page=2"
    assert (await seen(house.office.store, "2026-07")).summary.ticked == 3


async def test_an_action_of_somebody_who_has_left_is_still_shown(house: House) -> None:
    await opened(house)
    left = NewAction(kind="process", words="Otra", owner="representative/gone", due=date(2026, 8, 20))
    await house.office.store.plan("2026-07", left, ANA, event_id="1")
    async with house.signed_in("carla") as carla:
        assert "representative/gone" in (await carla.reads(PAGE)).text


def numbers_of(page: str) -> list[str]:
    return re.findall(r'name="listed" value="([^"]+)"', page)


def in_days(count: int) -> str:
    return (datetime.now(UTC) + timedelta(days=count)).date().isoformat()
