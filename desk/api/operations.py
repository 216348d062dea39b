"""Every operation of the intake API: what it takes, what it does, what it answers."""

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Annotated, Any

from pydantic import AwareDatetime, Base64Bytes, BaseModel, ConfigDict, Field, StringConstraints
from starlette.responses import JSONResponse, Response

from complaints.records.programs import Scope
from complaints.rules.facts import UPDATES, DetailsReceived, Fact, MessageReceived, Via
from complaints.rules.given_files import LARGEST_TOGETHER, LONGEST_NAME
from complaints.rules.received import ComplaintReceived
from complaints.rules.status import DeadlineExplained, Status, TimelineEntry
from complaints.rules.text import WrittenLine
from complaints.words.about import about
from complaints.words.catalogue import N_, Message
from complaints.words.page_links import shown
from desk.api.call import LONGEST, Call
from desk.api.problems import Problem
from desk.request import address
from starter.acts import ACTS, Act
from starter.errors import AlreadySent, NotFound
from starter.given_files import as_given, expect_few, file_of, give
from starter.permissions import Permission
from starter.scanning import taken

LONGEST_FILE = 2 * LARGEST_TOGETHER
"""Bytes of a file as it is sent: in Base64, with room for how programs write JSON."""

EVIDENCE = frozenset({Via.SIGNAL, Via.CALL})
"""Through what a program may say that it heard something: only our own pages, mail and command line know the rest."""


class Accepted(BaseModel):
    """A complaint that has its number."""

    number: str
    already: bool
    """It was a complaint before: nothing new was opened."""
    pending: bool
    """Kept, and opened with its true receipt time as soon as the workflow server answers."""
    missing: list[str]
    """Details of §4 that are missing; the acknowledgement asks the customer for them."""


class Taken(BaseModel):
    """What a customer said is kept for the case."""

    number: str
    event_id: str
    """Under which the timeline shows it."""


class Wanted(BaseModel):
    """What a program looks for with `GET /find`."""

    model_config = ConfigDict(extra="ignore")

    text: Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=200)]
    """Words, a name, a telephone, a document, an address, a number or its beginning."""
    limit: Annotated[int, Field(ge=1, le=100)] = 20
    """At most so many."""
    page: Annotated[int, Field(ge=1, le=1000)] = 1
    """Which page, of `limit` each."""


class FoundComplaint(BaseModel):
    """A complaint that may be meant."""

    number: str
    way: str
    """By what: number, document, email, telephone, customer (who it is), said (what anybody wrote), near (a slip)."""
    customer_name: str | None
    about: str
    """Its subject, or its first words."""
    received_at: AwareDatetime
    stage: str
    outcome: str | None
    snippet: str | None
    """The words in which it was found; null where it is the customer who was."""


class FileSent(BaseModel):
    """A file that is to go with an act, with its bytes."""

    model_config = ConfigDict(extra="ignore")

    name: Annotated[WrittenLine, Field(max_length=LONGEST_NAME)]
    """As it is shown and saved: `constancia.pdf`."""
    content: Annotated[Base64Bytes, Field(min_length=1, max_length=4 * LARGEST_TOGETHER // 3 + 4)]
    """Its bytes in Base64 (RFC 4648 §4)."""


class FileKept(BaseModel):
    """What an act names, to take the file along."""

    name: str
    digest: str
    """SHA-256 of its bytes, in hex."""
    size: int
    """Bytes."""


@dataclass(frozen=True)
class Operation:
    """One address of the API."""

    name: str
    method: str
    path: str
    scope: Scope
    title: Message | str
    hint: Message | str
    answers: dict[int, tuple[Message, Any]]
    """What is answered when it goes well: why this status, and the model of the content."""
    handle: Callable[[Call], Awaitable[Response]]
    takes: type[BaseModel] | None = None
    query: type[BaseModel] | None = None
    """What stands in the address after the question mark."""
    example: str = ""
    """What may be sent: a JSON object."""
    longest: int = LONGEST
    """Bytes of what is sent."""


async def open_complaint(call: Call) -> Response:
    """Opens a complaint (§3): 201, 200 where it was one already, 202 while Temporal is away."""
    key = call.key if not call.content.get("source_key") else None
    received = call.read(ComplaintReceived)
    received = received.model_copy(
        update={
            "source_key": received.source_key or f"api/{call.program.name}/{key}",
            "by": received.by or call.program.name,
        }
    )
    if call.http.headers.get("idempotency-key"):
        await call.counts_once()
    try:
        opened = await call.app_state.front_desk.open(received)
    except AlreadySent as error:
        raise Problem("key-reused", error.message) from None
    missing = received.missing(tuple(call.app_state.policy.required_details))
    accepted = Accepted(missing=[detail.value for detail in missing], **opened.model_dump())
    status = 202 if opened.pending else 200 if opened.already else 201
    return JSONResponse(accepted.model_dump(), status, headers={"location": f"/api/complaints/{opened.number}"})


async def status(call: Call) -> Response:
    """Where it stands."""
    return _json((await call.app_state.front_desk.status(call.number)).value)


async def timeline(call: Call) -> Response:
    """Everything that happened, oldest first."""
    found = (await call.app_state.front_desk.timeline(call.number)).value
    return JSONResponse([entry.model_dump(mode="json") for entry in found])


async def deadlines(call: Call) -> Response:
    """Each deadline that runs, with the reason for its date."""
    found = (await call.app_state.front_desk.explain(call.number)).value
    return JSONResponse([one.model_dump(mode="json") for one in found])


async def find(call: Call) -> Response:
    """The complaints that may be meant, open and closed, the surest first."""
    wanted = call.read_query(Wanted)
    skip = wanted.limit * (wanted.page - 1)
    part = await call.app_state.store.found(wanted.text, limit=wanted.limit, skip=skip)
    found = [
        FoundComplaint(
            way=one.way.name.lower(),
            about=about(one.record.subject, one.record.description),
            snippet=one.snippet.text if one.snippet else None,
            **one.record.model_dump(include={"number", "customer_name", "received_at", "stage", "outcome"}),
        )
        for one in part
    ]
    following = address(call.http.url.path, **wanted.model_copy(update={"page": wanted.page + 1}).model_dump())
    more = {"link": f'<{following}>; rel="next"'} if part.has_more else {}  # RFC 8288
    return JSONResponse(shown([one.model_dump(mode="json") for one in found], call.language), headers=more)


def _told(model: type[Fact]) -> Callable[[Call], Awaitable[Response]]:
    async def tell(call: Call) -> Response:
        """What the customer said: kept also while no worker runs."""
        fact = _signed(call, call.read(model), otherwise="customer")
        await call.counts_once()
        await call.app_state.front_desk.tell(call.number, fact)
        return JSONResponse(Taken(number=call.number, event_id=call.event_id).model_dump(), 202)

    return tell


def _asked(act: str) -> Callable[[Call], Awaitable[Response]]:
    async def ask(call: Call) -> Response:
        """An act of staff: granted with the new status, or refused with a sentence."""
        fact = _signed(call, call.read(UPDATES[act]), otherwise=call.program.name)
        await call.counts_once()
        manager = Scope.DECIDE in call.program.scopes
        desk = call.app_state.front_desk
        return _json(await desk.act(call.number, act, fact, call.event_id, as_manager=manager))

    return ask


async def add_file(call: Call) -> Response:
    """Keeps a file, for an act that names it afterwards. The same twice is one."""
    sent = call.read(FileSent)
    store = call.app_state.store
    if await store.record(call.number) is None:
        raise NotFound.number(call.number)
    file = await asyncio.to_thread(file_of, sent.name, "", sent.content, place=1)
    expect_few([as_given(file)])
    looked_at = await taken(call.app_state.file_scanner, [file])
    [given] = await give(store, call.number, looked_at, by=call.program.name)
    return JSONResponse(FileKept(**dict(given)).model_dump(), 201)


def _signed(call: Call, fact: Fact, *, otherwise: str) -> Fact:
    """With the program's event id, and whoever it speaks for. Raises Problem for evidence that it cannot have."""
    if fact.via not in EVIDENCE:
        raise Problem(
            "invalid",
            N_("Through what: a program may say call or signal."),
        )
    return fact.model_copy(update={"event_id": call.event_id, "by": fact.by or otherwise})


def _json(model: BaseModel) -> Response:
    return JSONResponse(model.model_dump(mode="json"))


_DONE: Message = N_("Done; where the case stands now.")

_ASKING = (
    Operation(
        "openComplaint", "POST", "/complaints", Scope.INTAKE,
        N_("Open a complaint"),
        N_("It takes a description and an email or telephone; what else is missing the customer is "
"asked for. `source_key` says which arrival it is: twice the same is one complaint; else the "
"Idempotency-Key counts."),
        {
            201: (N_("Opened."), Accepted),
            200: (N_("It was a complaint already."), Accepted),
            202: (N_("Kept with its number; opened as soon as Temporal answers."), Accepted),
        },
        open_complaint, ComplaintReceived,
        example='{"channel": "web", "customer": {"name": "Rosa Quispe", "email": "rosa@correo.example"}, '
        '"problem": {"description": "El curso no tuvo las horas prometidas."}, "product": "Curso de BIM"}',
    ),
    Operation(
        "addMessage", "POST", "/complaints/{number}/messages", Scope.INTAKE,
        N_("Pass on what the customer wrote"),
        N_("It reaches whoever has the case, also after the end."),
        {202: (N_("Kept."), Taken)}, _told(MessageReceived), MessageReceived,
        example='{"text": "¿Cuándo me responden?"}',
    ),
    Operation(
        "addDetails", "POST", "/complaints/{number}/details", Scope.INTAKE,
        N_("Pass on details that were missing"),
        N_("What the customer sent: document, date, product (§5.1)."),
        {202: (N_("Kept."), Taken)}, _told(DetailsReceived), DetailsReceived,
        example='{"document": "45678912", "occurred_on": "2026-07-01"}',
    ),
    Operation(
        "status", "GET", "/complaints/{number}", Scope.READ,
        N_("Where it stands"), "", {200: (N_("The status."), Status)}, status,
    ),
    Operation(
        "timeline", "GET", "/complaints/{number}/timeline", Scope.READ,
        N_("What happened"), N_("Oldest first."),
        {200: (N_("The story."), list[TimelineEntry])}, timeline,
    ),
    Operation(
        "deadlines", "GET", "/complaints/{number}/deadlines", Scope.READ,
        N_("Why these dates"),
        N_("Each deadline that runs, each day counted or not."),
        {200: (N_("The deadlines."), list[DeadlineExplained])}, deadlines,
    ),
)  # fmt: skip


_ADDING = Operation(
    "addFile", "POST", "/complaints/{number}/files", Scope.ACTS,
    N_("Add a file for an act"),
    N_(
        "It is kept and sent to nobody: name it with what is answered in the `files` of a reply, a resolution, its "
        "correction, a note or a call. Photos, sound, video, PDF, text and office documents. No Idempotency-Key is "
        "needed: the same bytes are one file."
    ),
    {201: (N_("Kept; what an act names."), FileKept)}, add_file, FileSent,
    example='{"name": "constancia.txt", "content": "SG9yYXMgZGljdGFkYXM6IDI0Cg=="}', longest=LONGEST_FILE,
)  # fmt: skip


def _of_act(act: Act) -> Operation:
    scope = Scope.DECIDE if act.takes is Permission.DECIDE else Scope.ACTS
    return Operation(
        act.name, "POST", f"/complaints/{{number}}/{act.name}", scope,
        act.title, act.hint or "", {200: (_DONE, Status)}, _asked(act.name), UPDATES[act.name], example=act.example,
    )  # fmt: skip


_FINDING = Operation(
    "find", "GET", "/find", Scope.FIND,
    N_("Find a complaint"),
    N_(
        "By whatever anybody wrote in it, open or closed, the surest first. Accents, case and slips are forgiven. "
        "Where there are more, the header Link leads to the next page (RFC 8288)."
    ),
    {200: (N_("Those that may be meant."), list[FoundComplaint])}, find, query=Wanted,
)  # fmt: skip

OPERATIONS: tuple[Operation, ...] = (*_ASKING, _FINDING, _ADDING, *(_of_act(act) for act in ACTS.values()))
"""The whole API; the routes and the OpenAPI document are made from this table."""
