"""Scenario files: what they may say, and the sentence with which a wrong one is refused."""

from datetime import UTC, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from complaints.contacts import load_contacts
from complaints.policy_file import changed, load_policy
from complaints.rules.facts import Called, Via
from local.stories.scenario import Scenario, ScenarioError, load, shipped

GOOD = """
title = "Una historia"
says = { es = "Qué muestra.", en = "What it shows." }
received = "2026-07-22 09:00"
[complaint.customer]
email = "ines@correo.example"
[complaint.problem]
description = "El audio no se oye."
"""
LIMA = ZoneInfo("America/Lima")


def from_text(tmp_path: Path, text: str) -> Scenario:
    file = tmp_path / "story.toml"
    file.write_text(text, encoding="utf-8")
    return load(str(file))


@pytest.mark.parametrize("name", shipped())
def test_each_shipped_scenario_is_told_in_both_languages_by_rules_and_contacts_that_hold(name: str) -> None:
    scenario = load(name)
    assert scenario.title.es != scenario.title.en
    assert scenario.says.es != scenario.says.en
    load_contacts().check(changed(load_policy(), scenario.policy))


def test_the_story_in_the_documentation_is_a_scenario(tmp_path: Path) -> None:
    page = (Path(__file__).parents[2] / "docs" / "scenarios.md").read_text(encoding="utf-8")
    scenario = from_text(tmp_path, page.partition("```toml\n")[2].partition("```")[0])
    assert [step.does or step.mail_server for step in scenario.steps] == ["assigned", "down", "up"]
    assert changed(load_policy(), scenario.policy).windows.investigation == 3


def test_times_are_the_schools_own_and_spans_count_from_the_step_before(tmp_path: Path) -> None:
    steps = """
[[step]]
at = 2026-07-22 10:00:00
does = "assessed"
[[step]]
after = "1d 6h"
who = "Ana"
does = "called"
via = "call"
reached = false
with = "Inés"
next_at = "2026-07-24 09:00"
"""
    scenario = from_text(tmp_path, GOOD + steps)
    at, step = scenario.calendar[1]
    assert at == datetime(2026, 7, 23, 16, 0)  # noqa: DTZ001 - the school's own time
    fact = step.fact(datetime(2026, 7, 23, 21, 0, tzinfo=UTC), LIMA)
    assert isinstance(fact, Called)
    assert (fact.with_, fact.by, fact.via) == ("Inés", "Ana", Via.CALL)
    assert fact.next_at == datetime(2026, 7, 24, 14, 0, tzinfo=UTC)


@pytest.mark.parametrize(
    ("text", "end"),
    [
        ("", "2026-08-21 09:00"),  # 30 days where nobody does anything
        ('\n[[step]]\nafter = "2d"\ndoes = "assigned"', "2026-07-25 09:00"),  # the day after the last step
    ],
)
def test_a_story_without_an_end_ends_when_it_has_been_told(tmp_path: Path, text: str, end: str) -> None:
    assert f"{from_text(tmp_path, GOOD + text).end:%Y-%m-%d %H:%M}" == end


STEP = '[[step]]\nafter = "1d"\n'


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("colour = 1\n" + GOOD, "colour is not known here."),
        (GOOD.replace("received", "recieved"), "recieved is not known here. Did you mean received?"),
        (GOOD.replace("email =", "e_mail ="), "complaint.customer.e_mail is not known here. Did you mean"),
        (GOOD.replace("email =", "name ="), "an email or a phone is needed"),
        (GOOD.replace('"2026-07-22 09:00"', '"yesterday"'), "received must be a time like 2026-07-22 09:00"),
        (GOOD.replace('"2026-07-22 09:00"', "2026-07-22"), "received must have an hour too"),
        (GOOD.replace("22 09:00", "22T09:00-05:00"), "received must be the school's own time, without a zone"),
        (GOOD + STEP, "step[0]: say what happens, either `does` or `mail_server`."),
        (GOOD + '[[step]]\ndoes = "assigned"', "step[0]: say when, either `at` or `after`."),
        (GOOD + STEP + 'does = "asigned"', "step[0]: nobody can do 'asigned'; did you mean assigned?"),
        (GOOD + STEP + 'does = "dance"', "there are: act-held, act-sent-now, act-withdrawn, assessed, assigned"),
        (GOOD + STEP + 'does = "assigned"\ndepartmnt = "x"', "no field 'departmnt'; did you mean department?"),
        (GOOD + STEP + 'does = "noted"', "step[0]: text: is needed."),
        (GOOD + STEP + 'does = "survey-answered"\nscore = 6', "score: must be 5 or less"),
        (GOOD + STEP + 'does = "called"\nreached = true\nevent_id = "x"', "no field 'event_id'"),
        (GOOD + '[[step]]\nafter = "soon"\ndoes = "assigned"', "step[0].after must be a span like 3d, 12h or 1d 6h"),
        (GOOD + STEP + 'mail_server = "down"\nwho = "Ana"', "`mail_server` takes no other fields"),
        (GOOD + STEP + 'mail_server = "gone"', "step[0].mail_server must be 'down' or 'up'"),
        (GOOD + STEP + 'does = "assigned"\nvia = "fax"', "step[0].via must be"),
        (GOOD + '[[step]]\nat = "2026-07-21 09:00"\ndoes = "assigned"', "step 1 is at 2026-07-21 09:00, before"),
        ('until = "2026-07-22 10:00"\n' + GOOD + STEP + 'does = "assigned"', "until lies before the last step"),
        ('until = "2036-07-22 10:00"\n' + GOOD, "longer than three years"),
        (GOOD.replace('title = "Una historia"', 'title = { es = "Una" }'), "title.en is missing"),
        ("title = ", "story.toml is not TOML"),
    ],
)  # fmt: skip
def test_a_wrong_scenario_is_refused_with_the_field_and_the_reason(tmp_path: Path, text: str, sentence: str) -> None:
    with pytest.raises(ScenarioError) as refused:
        from_text(tmp_path, text)
    assert sentence in str(refused.value)


@pytest.mark.parametrize(
    ("field", "sentence"),
    [
        ('received_at = "2026-07-22 09:00"', "received_at does not belong here; give `received`"),
        ("clock_offset = 3", "clock_offset does not belong here"),
        ('policy = { version = "x" }', "policy does not belong here; give [policy]"),
    ],
)
def test_what_the_scenario_itself_says_is_not_said_in_the_complaint(tmp_path: Path, field: str, sentence: str) -> None:
    with pytest.raises(ScenarioError) as refused:
        from_text(tmp_path, GOOD.replace("[complaint.customer]", f"[complaint]\n{field}\n[complaint.customer]"))
    assert sentence in str(refused.value)


@pytest.mark.parametrize(
    ("named", "sentence"),
    [
        ("smoth", "There is no scenario smoth: did you mean smooth?"),
        ("no/such.toml", "There is no file no/such.toml"),
        ("qwertz", "`complaints simulate --list` names those that come with the program"),
    ],
)
def test_a_name_that_nobody_knows_is_refused(named: str, sentence: str) -> None:
    with pytest.raises(ScenarioError) as refused:
        load(named)
    assert sentence in str(refused.value)
