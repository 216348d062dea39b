"""How a customer's page is drawn: the whole page, and the step between choosing an answer and giving it."""

import asyncio
from collections.abc import Mapping, Sequence

from starlette.responses import Response

from complaints.colleagues import on_that_day
from complaints.mail.links import same_mailbox
from complaints.rules.facts import DetailsReceived
from complaints.rules.given_files import LARGEST_TOGETHER, MOST_FILES
from complaints.rules.journal import CaseRecord
from complaints.rules.status import TimelineEntry
from complaints.words.catalogue import N_, language_of
from desk.customer.request import CustomerRequest
from desk.customer.story import Story
from starter.errors import Away

CHANGED = N_(
    "Your complaint changed while you were writing, or the form is old: look where it stands now and send again."
)


async def story_of(request: CustomerRequest) -> Story:
    """The complaint that the link opens. Raises NotFound, Away, and the records' errors.

    Away also for the moment in which the records, against which the link was checked, have not yet heard of another
    address: a link that went to the old one must not be good a moment longer.
    """
    desk, store, number = request.app_state.front_desk, request.app_state.store, request.number
    stands, timeline, record, letters, after, colleagues = await asyncio.gather(
        desk.status(number), desk.timeline(number), store.record(number), store.letters(number),
        store.afterwords(number), store.colleagues(),
    )  # fmt: skip
    if record and _knows_another_address(timeline.value, record):
        raise Away(N_("The records are about to catch up."))
    request.spoken = language_of(record.language) if record else None
    return Story(
        status=stands.value, timeline=timeline.value, record=record, sent=letters,
        contacts=on_that_day(request.app_state.contacts(), colleagues, request.words.day_of(request.now)),
        policy=request.app_state.policy, words=request.words, now=request.now,
        after=frozenset(word.event_id for word in after),
    )  # fmt: skip


def _knows_another_address(timeline: Sequence[TimelineEntry], record: CaseRecord) -> bool:
    named = [
        row.data["email"] for row in timeline if row.seq and row.what == DetailsReceived.name and "email" in row.data
    ]
    return bool(named) and same_mailbox(named[-1]) != same_mailbox(record.email)


async def drawn(
    request: CustomerRequest,
    story: Story,
    *,
    status: int = 200,
    sentence: str | None = None,
    asked: str | None = None,
    typed: Mapping[str, str] | None = None,
    same_id: bool = False,
) -> Response:
    """The page. `asked` is the form that did not go through, with what was typed into it.

    `same_id`: nobody knows whether it did; sent again it counts once.
    """
    query = request.http.query_params
    keep = request.given("id") if same_id else None
    return request.page(
        "customer/page.html", status=status, story=story, sentence=sentence, asked=asked, typed=typed or {},
        done=query.get("done") if request.form is None else None, waits=query.get("wait") == "1",
        form=lambda what: request.form_of(what, story.status.round, event_id=keep if what == asked else None),
        most_files=MOST_FILES, megabytes=LARGEST_TOGETHER // 1_000_000, today=request.day.date().isoformat(),
    )  # fmt: skip


def shown_again(
    request: CustomerRequest,
    story: Story,
    choice: str,
    words: str,
    *,
    sentence: str | None = None,
    status: int = 200,
    same_id: bool = False,
) -> Response:
    """What is about to be said, to be ticked and sent, or changed."""
    keep = request.given("id") if same_id else None
    form = request.form_of("sure", story.status.round, event_id=keep, words=f"{choice}\n{words}")
    return request.page(
        "customer/sure.html", status=status, story=story, choice=choice, given=words, form=form, sentence=sentence
    )
