"""Tests never fail by chance: kinds once found in them stay out (docs/decisions.md, 331 to 337, 461 to 466)."""

import ast
import gc
from functools import cache
from pathlib import Path

from hypothesis import HealthCheck, settings
from temporalio.worker._workflow import _WorkflowWorker

from tests.chance import new_key, new_name
from tests.patience import OF_A_RUN, OF_OTHERS
from tests.sources import nodes
from tests.story import Story

TESTS = Path(__file__).parents[1]

LEAST = 30
"""Seconds that whatever will come is waited for: a busy machine takes ten for the start of a program."""

WAITS = {"timeout": 0, "wait_for": 1}
"""Of asyncio, and where they have their seconds; those of `tests.waiting` have them by name."""

RUN_OUT = {
    "said_by": "some ports never answer a browser, and that is what is asked",
}
"""Waits that are meant to run out, by their function."""


@cache
def functions() -> list[tuple[Path, ast.FunctionDef | ast.AsyncFunctionDef]]:
    """Every function of the tests, with its file."""
    return [
        (file, node)
        for file in sorted(TESTS.rglob("*.py"))
        for node in nodes(file)
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)
    ]


@cache
def calls(function: ast.AST) -> tuple[ast.Call, ...]:
    return tuple(node for node in ast.walk(function) if isinstance(node, ast.Call))


def test_what_will_come_is_waited_for_long_enough() -> None:
    short, meant = [], set()
    for file, function in functions():
        for call in calls(function):
            name = ast.unparse(call.func).removeprefix("asyncio.")
            limit = call.args[WAITS[name] :][:1] if name in WAITS else []
            limit += [keyword.value for keyword in call.keywords if keyword.arg == "within"]
            seconds = limit[0].value if limit and isinstance(limit[0], ast.Constant) else None
            if isinstance(seconds, int | float) and 0 < seconds < LEAST:
                meant.add(function.name)
                if function.name not in RUN_OUT:
                    short.append(f"{file.name}:{call.lineno} {ast.unparse(call)}")
    assert short == [], f"at least {LEAST} s: nothing is slower for it, and a busy machine may need them"
    assert meant == RUN_OUT.keys(), "and the list has nothing that is no longer there"


def test_what_will_come_is_not_asked_for_a_number_of_times() -> None:
    """A hundred looks a tenth of a second apart are ten seconds: `tests.waiting` asks until it is there."""
    found = [
        f"{file.name}:{loop.lineno}"
        for file, function in functions()
        for loop in ast.walk(function)
        if isinstance(loop, ast.For) and ast.unparse(loop.iter).removeprefix("range(").removesuffix(")").isdigit()
        for call in calls(loop)
        if ast.unparse(call.func).endswith(".sleep") and ast.unparse(call.args[0]) != "0"
    ]
    assert found == []


def test_what_is_explored_in_full_is_explored_to_its_end() -> None:
    """With a limit of time a busy machine decides whether it was."""
    limited = [
        f"{file.name}:{call.lineno}"
        for file, function in functions()
        for call in calls(function)
        if ast.unparse(call.func) == "explored" and any(keyword.arg == "seconds" for keyword in call.keywords)
    ]
    assert limited == []


def test_how_long_the_program_waits_is_said_in_one_place() -> None:
    """`tests.patience`: a minute where somebody is there, a second where nobody is."""
    limits = {name for _, name in (*OF_A_RUN, *OF_OTHERS)}
    found = [
        f"{file.name}:{call.lineno}"
        for file, function in functions()
        for call in calls(function)
        if file.name not in ("patience.py", "test_schema.py", "test_find.py")  # where running out is what is tested
        and ast.unparse(call.func).endswith(".setattr")
        and any(isinstance(arg, ast.Constant) and arg.value in limits for arg in call.args)
    ]
    assert found == [], "`with nobody_answers():` of `tests.patience` shortens them all, where nobody will answer"


def test_hypothesis_draws_the_same_at_each_run_and_looks_at_no_clock() -> None:
    now = settings() if settings().derandomize else settings.get_profile("same")  # or somebody asked for others
    assert (now.derandomize, now.deadline, now.database) == (True, None, None)
    assert HealthCheck.too_slow in now.suppress_health_check


def test_names_by_chance_have_no_digits_that_could_be_somebodys() -> None:
    cut = {
        f"{file.name}:{function.name}"
        for file, function in functions()
        for node in ast.walk(function)
        if isinstance(node, ast.Subscript) and ast.unparse(node.value).endswith("uuid4().hex")
    }
    assert cut == {"chance.py:new_name"}, "`tests.chance.new_name()` gives a name of letters"
    for _ in range(200):
        assert new_name().isalpha()
    assert len({new_key("steady") for _ in range(20)}) == 20


def test_a_page_is_ready_before_its_keys_are_pressed_and_what_it_will_show_is_waited_for() -> None:
    """Keys of a page's script are lost until it has been read: `by_keys` waits. What a field gets needs no script."""
    of_fields = {"Enter", "Control+Enter", "Tab", "Shift+Tab", "Escape", "ArrowDown", "ArrowUp"}
    found = [
        f"{file.name}:{call.lineno} {ast.unparse(call)}"
        for file, function in functions()
        if file.parent.name == "browser"
        for call in calls(function)
        if (
            ast.unparse(call.func).endswith("keyboard.press")
            and isinstance(call.args[0], ast.Constant)
            and call.args[0].value not in of_fields
        )
        or any(keyword.arg == "timeout" and isinstance(keyword.value, ast.Constant) for keyword in call.keywords)
    ]
    assert found == []


def test_what_a_page_is_asked_again_and_again_is_a_function() -> None:
    """A text is read again at each look, which our pages forbid (CSP): it would do only where it is true at once."""
    texts = [
        f"{file.name}:{call.lineno}"
        for file, function in functions()
        for call in calls(function)
        if ast.unparse(call.func).endswith("wait_for_function")
        and not (isinstance(call.args[0], ast.Constant) and "=>" in str(call.args[0].value))
    ]
    assert texts == []


def test_a_slow_machine_is_no_history_that_does_not_replay() -> None:
    """A worker's 2 seconds for a step run out in a garbage collection: `patient_replayer` has no such limit."""
    found = {
        file.name
        for file, function in functions()
        if any(ast.unparse(call.func) == "Replayer" for call in calls(function))
    }
    assert found == {"commanded.py"}, "it alone replays with a runner of its own"


async def test_a_workers_steps_have_a_minute_here(story: Story) -> None:
    limits = {each._deadlock_timeout_seconds for each in gc.get_objects() if type(each) is _WorkflowWorker}
    assert limits <= {60, None}
    assert 60 in limits
