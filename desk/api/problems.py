"""What the intake API answers when something does not fit: problem details (RFC 9457), naming fields, never values."""

from dataclasses import dataclass, field
from typing import Any

from pydantic import BaseModel, ConfigDict, Field, ValidationError
from starlette.responses import JSONResponse, Response

from complaints.records.errors import RecordsError, Unkeepable
from complaints.rules.refusals import as_details
from complaints.words.catalogue import N_, Composed, Language, Message, catalogue
from complaints.words.refusals import by_label, field_problems, said
from starter.errors import Away, FrontDeskError, NotFound, NotKnown, Refused

MEDIA_TYPE = "application/problem+json"

KINDS: dict[str, tuple[int, Message]] = {
    "not-json": (400, N_("The content is no JSON object")),
    "no-key": (400, N_("The header Idempotency-Key is missing")),
    "no-token": (401, N_("A valid token is missing")),
    "scope": (403, N_("The token does not reach this far")),
    "not-found": (404, N_("There is no such thing")),
    "method": (405, N_("There is no such method here")),
    "refused": (409, N_("It does not fit the case as it stands")),
    "too-long": (413, N_("The content is too long")),
    "media-type": (415, N_("The content is not application/json")),
    "invalid": (422, N_("Some fields cannot be taken")),
    "key-reused": (422, N_("That Idempotency-Key had other content")),
    "too-many": (429, N_("Too many requests")),
    "broken": (500, N_("Something unexpected happened")),
    "away": (503, N_("Nobody answers: nothing was done")),
    "not-known": (504, N_("It is not known to be done")),
}
"""Every kind of problem with its status and title; `type` is the page of the documentation that explains it."""

RETRY_AFTER = {"away": 15, "not-known": 5}
"""Seconds."""


class FieldProblem(BaseModel):
    """One field that cannot be taken."""

    pointer: str
    """A JSON pointer (RFC 6901) into what was sent."""
    detail: str
    """Why, in the reader's words; never what was sent."""


class Reason(BaseModel):
    """Why it does not fit, for programs."""

    code: str
    """Such as `resolved.assign`; it stays the same, however the sentence is worded."""
    field: str
    """The field that it is about; empty where it is about the case."""
    values: dict[str, str]
    """What stands in the sentence."""


class ProblemDetails(BaseModel):
    """RFC 9457: what happened, in Spanish, or English where Accept-Language asks for it."""

    model_config = ConfigDict(json_schema_extra={"additionalProperties": False})

    type: str = Field(examples=["/api/docs#problem-invalid"])
    title: str
    status: int
    detail: str
    errors: list[FieldProblem] | None = None
    refusals: list[Reason] | None = None


@dataclass
class Problem(Exception):
    """A request that is not granted."""

    kind: str
    message: Message | Composed
    errors: list[FieldProblem] = field(default_factory=list)
    headers: dict[str, str] = field(default_factory=dict)
    status: int | None = None
    """Where it is another than the kind's own."""
    refusals: list[Reason] = field(default_factory=list)

    def answer(self, language: Language) -> Response:
        """The problem as the caller reads it."""
        status, title = KINDS[self.kind]
        say = catalogue(language).say
        details = ProblemDetails(
            type=f"/api/docs#problem-{self.kind}",
            title=say(title),
            status=self.status or status,
            detail=say(self.message),
            errors=self.errors or None,
            refusals=self.refusals or None,
        )
        headers = {"content-language": language, **self.headers}
        if self.kind in RETRY_AFTER:
            headers.setdefault("retry-after", str(RETRY_AFTER[self.kind]))
        body = details.model_dump(exclude_none=True)
        return JSONResponse(body, details.status, headers=headers, media_type=MEDIA_TYPE)


def invalid(error: ValidationError, language: Language) -> Problem:
    """What a model refuses, each field with its reason."""
    found = field_problems(error, language)
    return Problem(
        "invalid",
        N_("{found}.", found="; ".join(one.said for one in found)),
        errors=[FieldProblem(pointer=_pointer(one.path), detail=one.reason) for one in found],
    )


def of_front_desk(error: FrontDeskError, *, key: str | None) -> Problem:
    """What the front desk says no to."""
    if isinstance(error, NotFound):
        return Problem("not-found", error.message)
    if isinstance(error, NotKnown):
        return Problem(
            "not-known",
            N_("Not known to be applied: repeat the same with Idempotency-Key {key}; it is applied once.", key=key),
        )
    if isinstance(error, Away):
        return Problem("away", error.message)
    if isinstance(error, Refused) and (answer := error.answer):
        message = Composed(lambda language: said(answer, language, by_label(language)))
        reasons = [Reason.model_validate(each) for each in as_details(answer.refusals)]
        return Problem("refused", message, refusals=reasons)
    return Problem("refused", error.message)


def of_records(error: RecordsError) -> Problem:
    """The database is away, or cannot hold something that was sent; its own words stay in the log."""
    if isinstance(error, Unkeepable):
        return Problem("invalid", N_("A value cannot be kept: {error}", error=str(error)))
    return Problem(
        "away",
        N_("The database does not answer: nothing was done. Repeat the same in a moment."),
    )


def _pointer(path: tuple[Any, ...]) -> str:
    return "".join("/" + str(part).replace("~", "~0").replace("/", "~1") for part in path)
