"""What the intake API answers when something does not fit: problem details (RFC 9457), naming fields, never values."""

from dataclasses import dataclass, field
from typing import Any

from pydantic import BaseModel, ConfigDict, Field, ValidationError
from starlette.responses import JSONResponse, Response

from complaints.language import Language
from complaints.records.errors import RecordsError, Unkeepable
from complaints.rules.labels import Words, field_problems, with_labels
from starter.errors import Away, FrontDeskError, NotFound, NotKnown

MEDIA_TYPE = "application/problem+json"

KINDS: dict[str, tuple[int, Words]] = {
    "not-json": (400, ("El contenido no es un objeto JSON", "The content is no JSON object")),
    "no-key": (400, ("Falta el encabezado Idempotency-Key", "The header Idempotency-Key is missing")),
    "no-token": (401, ("Falta un token que valga", "A valid token is missing")),
    "scope": (403, ("El token no alcanza para esto", "The token does not reach this far")),
    "not-found": (404, ("No existe", "There is no such thing")),
    "method": (405, ("Ese método no existe aquí", "There is no such method here")),
    "refused": (409, ("No corresponde al caso como está", "It does not fit the case as it stands")),
    "too-long": (413, ("El contenido es demasiado largo", "The content is too long")),
    "media-type": (415, ("El contenido no se envió como application/json", "The content is not application/json")),
    "invalid": (422, ("Hay datos que no se pueden tomar", "Some fields cannot be taken")),
    "key-reused": (422, ("Esa Idempotency-Key ya tuvo otro contenido", "That Idempotency-Key had other content")),
    "too-many": (429, ("Demasiados pedidos", "Too many requests")),
    "broken": (500, ("Algo inesperado pasó", "Something unexpected happened")),
    "away": (503, ("Nadie responde: nada se hizo", "Nobody answers: nothing was done")),
    "not-known": (504, ("No se sabe si se hizo", "It is not known to be done")),
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


class ProblemDetails(BaseModel):
    """RFC 9457: what happened, in Spanish, or English where Accept-Language asks for it."""

    model_config = ConfigDict(json_schema_extra={"additionalProperties": False})

    type: str = Field(examples=["/api/docs#problem-invalid"])
    title: str
    status: int
    detail: str
    errors: list[FieldProblem] | None = None


@dataclass
class Problem(Exception):
    """A request that is not granted."""

    kind: str
    es: str
    en: str
    errors: list[FieldProblem] = field(default_factory=list)
    headers: dict[str, str] = field(default_factory=dict)
    status: int | None = None
    """Where it is another than the kind's own."""

    def answer(self, language: Language) -> Response:
        """The problem as the caller reads it."""
        status, title = KINDS[self.kind]
        spanish = language == "es"
        details = ProblemDetails(
            type=f"/api/docs#problem-{self.kind}",
            title=title[0 if spanish else 1],
            status=self.status or status,
            detail=self.es if spanish else self.en,
            errors=self.errors or None,
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
        "; ".join(one.said for one in found) + ".",
        "; ".join(one.said for one in found) + ".",
        errors=[FieldProblem(pointer=_pointer(one.path), detail=one.reason) for one in found],
    )


def of_front_desk(error: FrontDeskError, *, key: str | None) -> Problem:
    """What the front desk says no to."""
    if isinstance(error, NotFound):
        return Problem("not-found", error.es, error.en)
    if isinstance(error, NotKnown):
        return Problem(
            "not-known",
            f"No se sabe si se aplicó: repita lo mismo con Idempotency-Key {key}; se aplica una sola vez.",
            f"Not known to be applied: repeat the same with Idempotency-Key {key}; it is applied once.",
        )
    if isinstance(error, Away):
        return Problem("away", error.es, error.en)
    return Problem("refused", with_labels(error.es, "es"), with_labels(error.en, "en"))


def of_records(error: RecordsError) -> Problem:
    """The database is away, or cannot hold something that was sent; its own words stay in the log."""
    if isinstance(error, Unkeepable):
        return Problem("invalid", f"Hay un valor que no se puede guardar: {error}", str(error))
    return Problem(
        "away",
        "La base de datos no responde: no se hizo nada. Repita lo mismo dentro de un momento.",
        "The database does not answer: nothing was done. Repeat the same in a moment.",
    )


def _pointer(path: tuple[Any, ...]) -> str:
    return "".join("/" + str(part).replace("~", "~0").replace("/", "~1") for part in path)
