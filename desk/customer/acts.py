"""What a customer sends from their page: words and files, a yes or a no, a withdrawal, feedback, the survey."""

from collections.abc import Awaitable, Callable, Mapping
from typing import Any

from pydantic import ValidationError
from starlette.responses import Response

from complaints.rules.facts import Fact, FeedbackGiven, SurveyAnswered, Withdrawn
from complaints.scanning import LookedAt
from complaints.words.catalogue import N_
from desk import uploads
from desk.customer.drawing import CHANGED, drawn, shown_again, story_of
from desk.customer.request import CustomerRequest
from desk.customer.story import Story
from starter.customer_words import CustomerWords, Sent, answer, signed
from starter.errors import NotFound, NotKnown, Refused
from starter.given_files import TOO_MUCH

Page = Callable[[CustomerRequest], Awaitable[Response]]

SCORES = ("1", "2", "3", "4", "5")

_NOT_KNOWN = N_("We do not know whether it reached us: send it again, it counts once. Or call us.")
_TOO_LATE = N_(
    "That can no longer be recorded from this page: call us or answer our letter, and we will look at it with you."
)


SENT_ALREADY = N_(
    "You sent this form before, and we have what you sent then. What you wrote now has not reached us: if it is new, "
    "send it once more."
)

# -- words and files -------------------------------------------------------------------------------------------------


async def words(request: CustomerRequest) -> Response:
    """Words, labelled details and files."""
    story = await story_of(request)
    fields = {name: request.given(name) for name in story.fields}
    typed = {"text": request.given("text"), **fields}
    again: dict[str, Any] = {"asked": "words", "typed": typed}
    try:
        sent = await _sent(request, typed["text"], fields)
        if story.has_heard(request.event_id) and not await _customer(request).was_sent(sent):
            raise Refused(SENT_ALREADY)
        await _expect_room(request)
        heard = await _customer(request).send(sent, story.status, now=request.now)
    except ValidationError:
        sentence = request.gettext("One of the details cannot be read: check them, or write them in the message.")
        return await drawn(request, story, status=422, sentence=sentence, **again)
    except NotKnown:
        return await drawn(request, story, status=503, sentence=request.say(_NOT_KNOWN), same_id=True, **again)
    except NotFound:
        raise
    except Refused as error:
        status = 413 if request.too_large else 422
        return await drawn(request, story, status=status, sentence=request.say(error.message), **again)
    return _done(request, "words", heard)


async def _sent(request: CustomerRequest, text: str, fields: Mapping[str, str]) -> Sent:
    """What the form brings. Raises Refused where that is nothing, or nothing that we can take."""
    if not request.is_ours("words"):
        raise Refused(CHANGED)
    given = tuple((name, value) for name, value in fields.items() if value)
    sent = Sent(request.event_id, text=text, fields=given, files=await _files(request))
    if sent.is_empty:
        raise Refused(N_("Write something or choose a file, and send again."))
    if fields.get("occurred_on", "") > request.day.date().isoformat():
        raise Refused(N_("The date of the problem is still to come: check it."))
    return sent


async def _files(request: CustomerRequest) -> tuple[LookedAt, ...]:
    """What was attached. Raises Refused."""
    assert request.form is not None
    if request.too_large:
        raise Refused(TOO_MUCH)
    return await uploads.all_of(request.form, scanner=request.app_state.file_scanner)


# -- yes, no, or taken back ------------------------------------------------------------------------------------------


async def choose(request: CustomerRequest) -> Response:
    """The first step of a yes or a no: shown once more, nothing said yet."""
    story = await story_of(request)
    choice, given = request.given("choice"), request.given("words")
    if choice in _answers_now(story):
        return shown_again(request, story, choice, given)
    sentence = request.gettext("Choose one of the answers, then go on.")
    return await drawn(
        request, story, status=422, sentence=sentence, asked="answer", typed={"choice": choice, "words": given}
    )


async def choose_to_withdraw(request: CustomerRequest) -> Response:
    """The first step of taking the complaint back."""
    story = await story_of(request)
    if request.given("choice") == "withdraw" and story.may_withdraw:
        return shown_again(request, story, "withdraw", request.given("words"))
    sentence = request.gettext("Tick that you want to withdraw your complaint, then go on.")
    typed = {"words": request.given("words")}
    return await drawn(request, story, status=422, sentence=sentence, asked="withdraw", typed=typed)


async def for_sure(request: CustomerRequest) -> Response:
    """The second step: what was shown and ticked counts (§7, §8)."""
    story = await story_of(request)
    choice, given = request.given("choice"), request.given("words")
    asked, typed = ("withdraw" if choice == "withdraw" else "answer"), {"choice": choice, "words": given}
    if request.given("back"):
        return await drawn(request, story, asked=asked, typed=typed)
    ours = request.is_ours("sure", words=f"{choice}\n{given}")
    if ours and story.has_heard(request.event_id):  # sent twice: a double click, or the page loaded again
        return _done(request, choice, heard=True)
    if not ours or _is_stale(request, story) or choice not in (*_answers_now(story), *_ends_now(story)):
        return await drawn(request, story, status=409, sentence=request.say(CHANGED), asked=asked, typed=typed)
    if not request.given("sure"):
        sentence = request.gettext("Tick the box to confirm it.")
        return shown_again(request, story, choice, given, sentence=sentence, status=422)
    try:
        done = choice if story.asked or choice != "yes" else "changed"
        return await _told(request, done, *_facts(request, story, choice))
    except NotKnown:
        sentence = request.say(_NOT_KNOWN)
        return shown_again(request, story, choice, given, sentence=sentence, status=503, same_id=True)
    except NotFound:
        raise
    except Refused as error:
        sentence = _why_not(request, error)
        return await drawn(request, await story_of(request), status=409, sentence=sentence, asked=asked, typed=typed)


def _facts(request: CustomerRequest, story: Story, choice: str) -> tuple[Fact, ...]:
    given = request.given("words")
    if choice == "withdraw":
        return (Withdrawn(reason=given or None, **signed(request.event_id)),)
    return answer(satisfied=choice == "yes", words=given, status=story.status, event_id=request.event_id)


def _answers_now(story: Story) -> tuple[str, ...]:
    """What may be answered as the complaint stands: a no also after the end, a yes also after a no."""
    if story.asked:
        return ("yes", "no")
    if story.reopens_until:
        return ("no",)
    return ("yes",) if story.said_no_at and not story.changed_mind else ()


def _ends_now(story: Story) -> tuple[str, ...]:
    return ("withdraw",) if story.may_withdraw else ()


# -- how it was handled ----------------------------------------------------------------------------------------------


async def feedback(request: CustomerRequest) -> Response:
    """How it was handled (§6)."""
    text = request.given("text")
    sentence = request.gettext("Write how we handled it, and send again.")
    if not text:
        return await drawn(request, await story_of(request), status=422, sentence=sentence, asked="feedback")
    return await _given(request, "feedback", lambda: FeedbackGiven(text=text, **signed(request.event_id)))


async def survey(request: CustomerRequest) -> Response:
    """1 to 5, and words (§8); once a round."""
    score, comment = request.given("score"), request.given("comment")
    if score not in SCORES:
        sentence = request.gettext("Choose a number from 1 to 5, and send again.")
        typed = {"comment": comment}
        return await drawn(request, await story_of(request), status=422, sentence=sentence, asked="survey", typed=typed)
    return await _given(
        request, "survey", lambda: SurveyAnswered(score=int(score), comment=comment or None, **signed(request.event_id))
    )


async def _given(request: CustomerRequest, what: str, fact: Callable[[], Fact]) -> Response:
    """One fact from a form of one step."""
    story = await story_of(request)
    again: dict[str, Any] = {
        "asked": what,
        "typed": {name: request.given(name) for name in ("text", "score", "comment")},
    }
    open_now = story.may_survey if what == "survey" else story.may_praise
    if request.is_ours(what) and story.has_heard(request.event_id):
        if await _customer(request).was_said(fact()):
            return _done(request, what, heard=True)
        return await drawn(request, story, status=409, sentence=request.say(SENT_ALREADY), **again)
    if not request.is_ours(what) or _is_stale(request, story) or not open_now:
        return await drawn(request, story, status=409, sentence=request.say(CHANGED), **again)
    try:
        return await _told(request, what, fact())
    except NotKnown:
        return await drawn(request, story, status=503, sentence=request.say(_NOT_KNOWN), same_id=True, **again)
    except NotFound:
        raise
    except Refused as error:
        return await drawn(request, await story_of(request), status=409, sentence=_why_not(request, error), **again)


# -- helpers ---------------------------------------------------------------------------------------------------------


class TooOften(Refused):
    """More forms in an hour than anybody writes by hand."""


async def _expect_room(request: CustomerRequest) -> None:
    assert request.links is not None
    if not await request.links.may_send(request.number):
        raise TooOften(
            N_("We have had many messages from this page in the last hour: wait a little, or call us."),
        )


async def _told(request: CustomerRequest, what: str, *facts: Fact) -> Response:
    await _expect_room(request)
    return _done(request, what, await _customer(request).tell(*facts))


def _why_not(request: CustomerRequest, error: Refused) -> str:
    """Our own limits in their words; what the rules say is for staff."""
    return request.say(error.message) if isinstance(error, TooOften) else request.say(_TOO_LATE)


def _is_stale(request: CustomerRequest, story: Story) -> bool:
    """Whether the form is of an earlier round."""
    return request.given("round") != str(story.status.round)


def _customer(request: CustomerRequest) -> CustomerWords:
    return CustomerWords(request.app_state.front_desk, request.number)


def _done(request: CustomerRequest, what: str, heard: bool) -> Response:
    return request.to(request.here(done=what, wait=None if heard else "1"))


POSTED: dict[str, Page] = {
    "words": words,
    "answer": choose,
    "withdraw": choose_to_withdraw,
    "sure": for_sure,
    "feedback": feedback,
    "survey": survey,
}
"""Below a link: what its forms are sent to. Opened, each only leads back to the page."""
