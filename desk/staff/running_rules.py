"""Other rules for complaints that are under way: which dates would move, then, by one button, each asked (§5, §7)."""

import asyncio
import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from uuid import uuid4

from starlette.responses import Response

from complaints.rules.facts import RulesChanged, Via
from complaints.rules.journal import CaseRecord
from complaints.rules.policy import Policy
from complaints.rules.text import cleaned
from complaints.toml_file import FileError
from complaints.words.catalogue import N_, Message
from complaints.words.refusals import reason as reason_in_words
from desk.request import PageRequest
from desk.staff.many import MOST, Outcome, ticked
from desk.staff.rules import NO_FILE, is_writable, policy_text, today
from desk.staff.settings_changes import NOTHING, Wrong, keep_and_write
from starter.changing_rules import Asked, Preview, RulesFor, ask_all, previews, under, with_closed_day
from starter.errors import Refused

READ = 1_000
"""Running complaints that are read to find those whose dates a closed day moves."""

LONGEST_REASON = 500

_APPLY = N_("These rules for running complaints")
_CLOSE = N_("A day on which the school is closed")
_CHANGED = N_("The rules were changed meanwhile: look at what they would do now, and apply them again.")
_ENDED = N_("It is not open any more; only a running complaint can change its rules.")
_UNKNOWN = N_("Nobody answered in time: it may have changed or not. Press again: it changes once.")
_LEFT = N_("Not asked, for nobody answered for those before it: wait a moment, and press again.")
_NO_DAY = N_("Say which day.")
_NO_REASON = N_("Say why: it stands in the journal of each complaint.")


@dataclass(frozen=True)
class Shown:
    """One complaint of a preview."""

    preview: Preview
    record: CaseRecord | None
    refused: str | None


async def running_page(request: PageRequest) -> Response:
    """Which running complaints have other rules than those of today, and what these would change in each."""
    return await _preview_of_rules(request)


async def apply(request: PageRequest) -> Response:
    """Asks those that were ticked to go on under the rules of today, and tells what came of each."""
    assert request.form is not None
    policy = request.app_state.policy
    if request.form.get("seen") != _mark(policy):
        return await _preview_of_rules(request, wrong=Wrong(rest=request.say(_CHANGED)))
    return await _each(request, under(policy), _given_reason(request), title=_APPLY)


async def closed_day_page(request: PageRequest) -> Response:
    """Which dates move if the school is closed on that day; without a day, the form that asks for one."""
    day = _day(request.http.query_params.get("day"))
    return await _preview_of_day(request, day, one_reason(request.http.query_params.get("reason")))


async def close_day(request: PageRequest) -> Response:
    """The day is closed for complaints to come, and for the running ones that were ticked; tells what came of each."""
    assert request.form is not None
    day, reason = _day(request.form.get("day")), _given_reason(request)
    if day is None or reason is None:
        missing = {"day": _NO_DAY if day is None else None, "reason": _NO_REASON if reason is None else None}
        wrong = Wrong({name: request.say(said) for name, said in missing.items() if said})
        return await _preview_of_day(request, day, reason, wrong=wrong)
    try:
        if is_writable(request):
            file = policy_text(request)
            text = file.with_closed_day(day, contacts=request.app_state.contacts(), today=today(request))
            await keep_and_write(request, file, text)
    except FileError as error:
        return await _preview_of_day(request, day, reason, wrong=Wrong(rest=error.said(request.language)))
    except Refused as error:
        return await _preview_of_day(request, day, reason, wrong=Wrong(rest=request.told(error)))
    if not ticked(request):
        return request.to("/settings/rules?done=1")
    return await _each(request, with_closed_day(day), reason, title=_CLOSE)


# -- what would change -----------------------------------------------------------------------------------------------


async def _preview_of_rules(request: PageRequest, *, wrong: Wrong = NOTHING) -> Response:
    state = request.app_state
    numbers, total = await state.store.open_under_others(state.policy.version, limit=MOST)
    shown = await _shown(request, under(state.policy), numbers)
    return request.page(
        "running_rules.html", status=409 if wrong else 200, wrong=wrong, shown=shown, title=_APPLY,
        action="/settings/rules/running", seen=_mark(state.policy), version=state.policy.version,
        more=total > len(numbers), closing=False, day=None, reason=None, writable=True, no_file=NO_FILE,
    )  # fmt: skip


async def _preview_of_day(
    request: PageRequest, day: date | None, reason: str | None, *, wrong: Wrong = NOTHING
) -> Response:
    running = await request.app_state.store.open_without_closed_at() if day else []
    shown = await _shown(request, with_closed_day(day), running[:READ]) if day else []
    return request.page(
        "running_rules.html", status=422 if wrong else 200, wrong=wrong, shown=shown[:MOST], title=_CLOSE,
        action="/settings/rules/closed-day", seen="", version="", more=len(shown) > MOST or len(running) > READ,
        closing=True, day=day, reason=reason, writable=is_writable(request), no_file=NO_FILE,
    )  # fmt: skip


async def _shown(request: PageRequest, rules_for: RulesFor, numbers: Sequence[str]) -> list[Shown]:
    """Those whose rules would be others; who would be late at once first."""
    found = await _previewed(request, rules_for, numbers)
    first = sorted(found, key=lambda each: (not each.hurts, each.refused is None))[: MOST + 1]
    records = await _records(request, [each.number for each in first])
    return [Shown(each, records.get(each.number), _refused(request, each)) for each in first]


async def _records(request: PageRequest, numbers: Sequence[str]) -> dict[str, CaseRecord]:
    return {record.number: record for record in await request.app_state.store.records(numbers)}


async def _previewed(request: PageRequest, rules_for: RulesFor, numbers: Sequence[str]) -> list[Preview]:
    """Raises Refused where one of them ended in this very moment."""
    found = []
    now = request.now if request.app_state.front_desk.stamps else None
    async for each in previews(request.app_state.store, rules_for, now=now, numbers=numbers):
        found.append(each)
        await asyncio.sleep(0)  # each is a life told again: whoever else asks the desk comes in between
    return found


def _refused(request: PageRequest, each: Preview) -> str | None:
    return reason_in_words(each.refusal, request.language) if each.refusal else each.refused


# -- what came of it -------------------------------------------------------------------------------------------------


async def _each(request: PageRequest, rules_for: RulesFor, reason: str | None, *, title: Message) -> Response:
    """Asks the ticked ones. Safe to repeat: who has the rules keeps them."""
    numbers = ticked(request)
    running = set(await request.app_state.store.open_without_closed_at())
    found = await _previewed(request, rules_for, [number for number in numbers if number in running])
    refused = {each.number: _refused(request, each) for each in found if each.refused}

    def fact(preview: Preview) -> RulesChanged:
        assert preview.rules is not None
        return RulesChanged(
            rules=preview.rules, reason=reason, by=request.member.name, via=Via.DESK, event_id=f"desk/{uuid4()}"
        )

    answers = await ask_all(
        request.app_state.front_desk,
        [each for each in found if not each.refused],
        fact=fact,
        on_progress=lambda *_: None,
    )
    refused |= {each.number: _why_not(request, each) for each in answers}
    refused |= {number: request.say(_ENDED) for number in numbers if number not in running}
    records = await _records(request, numbers)
    outcomes = [Outcome(number, records.get(number), refused.get(number)) for number in numbers]
    return request.page(
        "many.html", title=title, outcomes=outcomes, back="/settings/rules",
        refused=[one for one in outcomes if one.refusal is not None],
    )  # fmt: skip


def _why_not(request: PageRequest, answer: Asked) -> str | None:
    if answer.unknown or answer.left:
        return request.say(_UNKNOWN if answer.unknown else _LEFT)
    return answer.refused


def _given_reason(request: PageRequest) -> str | None:
    assert request.form is not None
    return one_reason(request.form.get("reason"))


def one_reason(given: object) -> str | None:
    """What was typed as the reason, if anything."""
    return cleaned(str(given or "")).strip()[:LONGEST_REASON] or None


def _day(given: object) -> date | None:
    try:
        return date.fromisoformat(str(given or "").strip())
    except ValueError:
        return None


def _mark(policy: Policy) -> str:
    """Tells these rules from any others, so that what is applied is what was looked at."""
    return hashlib.sha256(policy.model_dump_json().encode()).hexdigest()[:16]
