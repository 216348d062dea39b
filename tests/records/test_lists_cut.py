"""A list that is cut says so (kind L): which of how many, and what comes next."""

from collections.abc import Awaitable, Callable
from typing import Any

import pytest

from complaints.records import searching
from complaints.records.board import BoardFilter
from complaints.records.part import Part
from complaints.records.staff import Role
from complaints.records.store import Store
from complaints.rules.facts import Noted
from complaints.rules.journal import CallTask
from tests.records_examples import MONDAY, a_batch, a_record, a_row, days, hours


@pytest.fixture
async def five(store: Store) -> Store:
    """Five complaints of one customer, late, each with a call to make."""
    for place in range(5):
        record = a_record(f"mail:{place}", received_at=MONDAY + hours(place), due=MONDAY + hours(place), late=True)
        call = CallTask(task=1, opened_at=MONDAY, due=MONDAY + hours(place), purposes=(), kinds=("update",))
        await store.write(a_batch(record, calls=(call,)))
    return store


async def test_each_list_says_which_of_how_many_and_its_pages_hold_each_row_once(five: Store) -> None:
    lists: dict[str, Callable[[int], Awaitable[Part[Any]]]] = {
        "list": lambda skip: five.open_cases(limit=2, skip=skip),
        "list, the closed too": lambda skip: five.open_cases(limit=2, skip=skip, closed_too=True),
        "calls": lambda skip: five.open_calls(limit=2, skip=skip),
    }
    for name, asked in lists.items():
        pages = [await asked(skip) for skip in (0, 2, 4)]
        assert [(page.first, page.last, page.total) for page in pages] == [(1, 2, 5), (3, 4, 5), (5, 5, 5)], name
        assert [page.has_more for page in pages] == [True, True, False], name
        assert all(page.is_cut for page in pages), name
        rows = [row.number if hasattr(row, "number") else row[0] for page in pages for row in page]
        assert len(set(rows)) == 5, name


async def test_other_complaints_of_the_same_customer_are_counted(five: Store) -> None:
    others = await five.of_same_customer(a_record("mail:0").number, limit=2)
    assert (len(others), others.total, others.has_more) == (2, 4, True)


async def test_what_a_colleague_has_is_told_and_who_changed_a_file_are_counted(five: Store) -> None:
    await five.add_staff("ana.ruiz", name="Ana Ruiz", role=Role.AGENT, password_hash="x")
    for place in range(5):
        record = a_record(f"mail:{place}", seq=2, received_at=MONDAY + hours(place), representative="Ana Ruiz")
        await five.write(a_batch(record, a_row(2, Noted.name, text="@ana.ruiz llame hoy", mentions=["ana.ruiz"])))
        text = {"before": str(place), "after": str(place + 1)}
        await five.keep_settings_change(at=MONDAY, by="Ana Ruiz", account="ana.ruiz", file="contacts.toml", **text)
    theirs = await five.open_of(("Ana Ruiz",), limit=2)
    called = await five.mentions_of("ana.ruiz", limit=2)
    changes = await five.settings_changes("contacts.toml", limit=2)
    assert [(len(part), part.total) for part in (theirs, called, changes)] == [(2, 5)] * 3
    assert (await five.open_of(("Nobody",), limit=2)).total == 0


async def test_what_needs_somebody_now_is_counted(five: Store) -> None:
    looked = await five.board(BoardFilter(), day_ends=MONDAY + days(1), urgent=2, column=3)
    assert (len(looked.urgent), looked.urgent_in_all) == (2, 5)
    assert (len(looked.calls), looked.calls_in_all) == (2, 5)
    assert (len(looked.columns["assessment"]), looked.counts.by_stage["assessment"]) == (3, 5)


def test_a_whole_list_is_not_cut() -> None:
    assert not Part([1, 2]).is_cut
    assert not Part[int]().is_cut
    assert (Part([1, 2], total=2).has_more, Part([1, 2], total=3).has_more) == (False, True)
    assert Part([3], skipped=2, total=3).is_cut


THICK, THIN = "el aula no abre", "el profesor llegó tarde"


@pytest.mark.parametrize(
    "told",
    [
        [THICK] * 12,  # everybody's word: so many more of the newest are looked through
        [THICK] * 4 + [THIN] * 5 + [THICK] * 3,  # thick among the newest alone: that is not enough, the index has them
        [THIN] * 9 + [THICK] * 3,  # none among the newest
        [THICK, THIN] * 6,
    ],
)
async def test_whichever_way_they_are_looked_for_a_question_has_the_same_pages(
    store: Store, told: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    for place, words in enumerate(told):
        record = a_record(f"mail:{place}", received_at=MONDAY - hours(place), description=words, product=None)
        await store.write(a_batch(record, a_row(1, "received", received={"problem": {"description": words}})))
    async with store.connection() as connection:
        await connection.execute("ANALYZE search_words")
    wanted = [a_record(f"mail:{place}").number for place, words in enumerate(told) if words == THICK]
    monkeypatch.setattr(searching, "LATELY", 4)
    for limit in (1, 2, 5):
        pages = [await store.found("aula", limit=limit, skip=skip) for skip in range(0, len(wanted), limit)]
        assert [one.record.number for page in pages for one in page] == wanted, limit
        assert [page.has_more for page in pages] == [True] * (len(pages) - 1) + [False], limit
        named = [await store.found("nunez", limit=limit, skip=skip) for skip in range(0, len(told), limit)]
        assert [one.record.number for page in named for one in page] == [
            a_record(f"mail:{place}").number for place in range(len(told))
        ], limit


async def test_a_question_has_an_end_and_says_that_there_is_more(five: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(searching, "DEEPEST", 3)
    pages = [await five.found("nunez", limit=2, skip=skip) for skip in (0, 2, 4)]
    assert [len(page) for page in pages] == [2, 1, 0]
    assert [(page.has_more, page.stops) for page in pages] == [(True, False), (False, True), (False, False)]
    monkeypatch.setattr(searching, "DEEPEST", 5)  # as many as there are: nothing is left out
    last = await five.found("nunez", limit=5)
    assert (len(last), last.has_more, last.stops, last.is_cut) == (5, False, False, False)
