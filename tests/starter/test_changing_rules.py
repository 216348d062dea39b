"""Other rules for running complaints, on the real server: shown first, then each asked once."""

import asyncio
import json
from collections.abc import Sequence
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from complaints.policy_file import changed
from complaints.rules.facts import RulesChanged, Via
from complaints.rules.policy import Policy
from complaints.rules.retelling import told_again
from starter import changing_rules
from starter.changing_rules import Asked, Preview, RulesFor, ask_all, previews, under, with_closed_day
from starter.errors import Refused
from starter.front_desk import FrontDesk
from starter.replaying import patient_replayer
from tests.casebook import Tale
from tests.patience import nobody_answers
from tests.rings import session_keys
from tests.story import Story, shown
from tests.terminal import Terminal
from tests.waiting import PATIENCE
from workflows.connection import data_converter

CLOSED = date(2026, 7, 24)


async def seen(story: Story, rules_for: RulesFor) -> list[Preview]:
    """What the records say would change; the complaints' own clocks tell the time."""
    return [each async for each in previews(story.store, rules_for, now=None)]


async def ask(story: Story, chosen: Sequence[Preview]) -> list[Asked]:
    """Asks each of these for its new rules; once more, as the command says, where no answer came in time."""
    async with asyncio.timeout(PATIENCE):
        while True:
            answers = await ask_once(story, chosen)
            if not any(each.unknown for each in answers):
                return answers


async def ask_once(story: Story, chosen: Sequence[Preview]) -> list[Asked]:
    desk = FrontDesk(story.client, story.store, now=None, task_queue=story.settings.task_queue)

    def fact(preview: Preview) -> RulesChanged:
        assert preview.rules is not None
        return RulesChanged(rules=preview.rules, reason="Duelo nacional", by="Luis Castellanos", via=Via.CLI)

    return await ask_all(desk, chosen, fact=fact, on_progress=lambda *_: None)


def dates(preview: Preview) -> dict[str, list[str | None]]:
    """What moves, in Lima's days, warnings apart."""
    return {
        name: [shown(at) if at else None for at in moved]
        for name, moved in preview.moved.items()
        if not name.startswith("warning/")
    }


async def due(story: Story) -> dict[str, str]:
    return {name: shown(clock.due) for name, clock in (await story.explains()).items() if not name.startswith("warn")}


async def test_a_suddenly_closed_day_moves_exactly_the_windows_of_what_is_running(story: Story) -> None:
    resolved = story.another()
    await story.complaint_arrives("2026-07-22 09:00")
    await resolved.complaint_arrives("2026-07-22 10:00")
    await resolved.asks("resolve", text="Se reponen las horas.", by="ana")
    await story.all_is_told()
    await resolved.all_is_told()
    found = {each.number: each for each in await seen(story, with_closed_day(CLOSED))}
    moved = {
        "assessment": ["2026-07-27 18:00", "2026-07-30 18:00"],
        "escalation": ["2026-08-03 18:00", "2026-08-04 18:00"],
    }  # and not the law's: the school closes, the nation works
    assert dates(found[story.number]) == moved
    assert dates(found[resolved.number]) == {}, "only reminders are left, and they count days of the calendar"
    assert [each.hurts for each in found.values()] == [False, False]
    before = await due(story)
    assert [each.refused for each in await ask(story, list(found.values()))] == [None, None]
    assert await due(story) == before | {name: after for name, (_, after) in moved.items() if name in before}
    await story.until("2026-07-28 09:00")
    assert await story.happened("late") == []
    await story.until("2026-07-30 18:01")
    assert await story.happened("late") == ["2026-07-30 18:00 late/assessment"]


async def test_a_day_before_the_complaint_changes_nothing(story: Story) -> None:
    await story.complaint_arrives("2026-07-22 09:00")
    await story.all_is_told()
    assert await seen(story, with_closed_day(date(2026, 7, 21))) == []


async def test_a_second_time_there_is_nothing_to_change(story: Story) -> None:
    await story.complaint_arrives("2026-07-22 09:00")
    await story.all_is_told()
    first = await seen(story, with_closed_day(CLOSED))
    assert [each.refused for each in await ask(story, first)] == [None]
    await story.all_is_told()
    assert await seen(story, with_closed_day(CLOSED)) == []
    # Asked all the same, by somebody who looked before: it has what they want, and nothing is told again.
    assert [(each.refused, each.unknown) for each in await ask(story, first)] == [(None, False)]
    assert len(await story.happened("rules-changed")) == 1
    same = under(changed(Policy(), {"calendar.extra_closed_days": [CLOSED]}))
    assert await seen(story, same) == [], "the file with that day says the same"


async def test_stopped_in_the_middle_it_goes_on_with_the_rest(story: Story) -> None:
    numbers = []
    for hour in ("09", "10", "11"):
        other = story.another()
        await other.complaint_arrives(f"2026-07-22 {hour}:00")
        await other.all_is_told()
        numbers.append(other.number)
    seven = under(changed(Policy(), {"version": "seven", "escalation.after": 7}))
    found = await seen(story, seven)
    assert [each.number for each in found] == numbers
    await ask(story, found[:1])
    left = await seen(story, seven)
    assert [each.number for each in left] == numbers[1:]
    await ask(story, left)
    assert await seen(story, seven) == []


async def test_the_journal_keeps_the_rules_and_the_history_replays(story: Story) -> None:
    await story.complaint_arrives("2026-07-22 09:00")
    await story.all_is_told()
    await ask(story, await seen(story, under(changed(Policy(), {"version": "seven", "escalation.after": 7}))))
    await story.until("2026-08-04 09:00")
    await story.all_is_told()
    assert await story.happened("escalated") == []
    case = told_again(story.number, await story.store.journal(story.number))
    assert (case.policy.version, case.policy.escalation.after) == ("seven", 7)
    row = next(row for row in case.rows if row.what == "rules-changed")
    assert (row.by, row.via, row.data["reason"]) == ("Luis Castellanos", Via.CLI, "Duelo nacional")
    assert row.data["changes"]["escalation.after"] == [5, 7]
    told = next(entry for entry in await story.timeline() if entry.what == "rules-changed")
    assert "rules" not in told.data, "a page of numbers is no news"
    record = await story.store.record(story.number)
    assert record is not None
    assert record.policy_version == "seven"
    await patient_replayer(data_converter(session_keys())).replay_workflow(await story.handle.fetch_history())


async def test_rules_under_which_it_would_be_late_at_once_say_so_before(story: Story) -> None:
    await story.complaint_arrives("2026-07-22 09:00", policy={"windows": {"assessment": 5}})
    await story.until("2026-07-27 10:00")
    await story.all_is_told()
    (found,) = await seen(story, under(changed(Policy(), {"windows.assessment": 1})))
    assert (found.at_once, found.hurts) == (("late/assessment",), True)
    await ask(story, [found])
    await story.comes_true(lambda status: status.late)
    assert (await story.happened("late"))[0].startswith("2026-07-27 10:0")


async def test_what_a_stranger_says_of_rules_is_ignored_with_the_reason(story: Story) -> None:
    await story.complaint_arrives("2026-07-22 09:00")
    await story.says("rules-changed", {"rules": {"policy": {"windows": {"assessment": 0}}, "closed_days": {}}})
    await story.says("rules-changed")
    await story.says("rules-changed", {"rules": {"policy": {}, "closed_days": {"2026-07-24": "\x00"}}})
    assert [reason.partition(":")[0] for reason in await story.why_ignored()] == ["rules-changed"] * 3
    assert (await due(story))["assessment"] == "2026-07-27 18:00"


async def test_where_nobody_answers_the_rest_is_left_for_the_next_time(
    story: Story, monkeypatch: pytest.MonkeyPatch
) -> None:
    for hour in ("09", "10", "11", "12"):
        other = story.another()
        await other.complaint_arrives(f"2026-07-22 {hour}:00")
        await other.all_is_told()
    found = await seen(story, with_closed_day(CLOSED))
    await story.worker_stops()
    monkeypatch.setattr(changing_rules, "ASKED_TOGETHER", 1)
    with nobody_answers():
        answers = await ask_once(story, found)
    assert [(each.unknown, each.left) for each in answers] == [(True, False)] * 3 + [(False, True)]
    await story.worker_starts()
    assert [each.refused for each in await ask(story, found)] == [None] * 4


async def test_a_number_that_is_not_open_is_named(story: Story) -> None:
    with pytest.raises(Refused, match="Q-1"):
        _ = [each async for each in previews(story.store, with_closed_day(CLOSED), now=None, numbers=["Q-1"])]


def test_a_holiday_need_not_be_closed() -> None:
    case = Tale.begins().case
    assert with_closed_day(date(2026, 7, 28))(case) == case.rules


# -- the command -----------------------------------------------------------------------------------------------------


def a_policy(folder: Path, text: str) -> str:
    file = folder / "other.toml"
    file.write_text(text, encoding="utf-8")
    return str(file)


async def test_policy_apply_shows_first_and_changes_when_it_is_told_to(terminal: Terminal, tmp_path: Path) -> None:
    number = await terminal.a_complaint("--source-key", f"policy/{tmp_path.name}")
    await terminal.writes(number)
    file = a_policy(tmp_path, 'version = "three"\n[windows]\nassessment = 3\n')
    words = ("policy", "apply", "--policy", file, "--number", number)
    seen = await terminal.facts(*words, "--preview")
    (preview,) = seen["preview"]
    before, after = preview["moved"]["assessment"]
    assert before < after
    assert seen["results"] == []
    unasked = await terminal.runs(*words)
    assert (unasked.code, "--yes" in unasked.err) == (2, True)
    ran = await terminal.runs(*words, "--yes", "--by", "Luis Castellanos")
    assert (ran.code, f"{number}" in ran.out, "1 complaint with the new rules" in ran.out) == (0, True, True), ran.err
    assert "New complaints still get the worker's rules" in ran.out
    await terminal.writes(number)
    assert (await terminal.facts(*words, "--preview"))["preview"] == []
    timeline = await terminal.facts("timeline", number)
    assert [entry["by"] for entry in timeline if entry["what"] == "rules-changed"] == ["Luis Castellanos"]


@pytest.mark.parametrize(
    ("words", "code", "said"),
    [
        (("apply", "--policy", "no/such.toml", "--all"), 1, "There is no file"),
        (("apply",), 2, "--number, or --all"),
        (("apply", "--all", "--number", "Q-1"), 2, "--number, or --all"),
        (("apply", "--number", "Q-1", "--preview"), 1, "Q-1: not open"),
        (("close-day", "tomorrow", "--reason", "x"), 2, "no date such as"),
        (("close-day", "2026-07-24"), 2, "--reason"),
    ],
)
async def test_a_wrong_call_is_refused_in_a_sentence(
    terminal: Terminal, words: tuple[str, ...], code: int, said: str
) -> None:
    ran = await terminal.runs("policy", *words)
    assert (ran.code, said in " ".join(ran.err.split())) == (code, True), ran.err


async def test_show_and_check_speak_in_the_readers_language(tmp_path: Path, capfd: Any, monkeypatch: Any) -> None:
    from cli.main import run

    monkeypatch.setenv("LANGUAGE", "es")
    assert run(["policy", "show"]) == 0
    assert "Evaluar, en días hábiles" in capfd.readouterr().out
    assert run(["policy", "show", "--json"]) == 0
    assert json.loads(capfd.readouterr().out)["windows"]["assessment"] == 2
    assert run(["policy", "check", a_policy(tmp_path, "[windows]\nassessment = 3\n")]) == 0
    assert "Póngale otra `version`" in capfd.readouterr().out
    assert run(["policy", "check", a_policy(tmp_path, "[windows]\nassesment = 3\n")]) == 1
    assert "¿Quiso decir windows.assessment?" in capfd.readouterr().err
    assert run(["policy", "check", a_policy(tmp_path, '[escalation]\nlevels = ["nobody"]\n')]) == 1
    assert "nobody" in capfd.readouterr().err
