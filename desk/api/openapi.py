"""The OpenAPI 3.1 document of the intake API, made from its operations and models: it cannot say anything else."""

from functools import cache
from importlib.metadata import PackageNotFoundError, version
from typing import Any

from pydantic import BaseModel
from pydantic.json_schema import models_json_schema

from complaints.records.programs import Scope
from complaints.words.catalogue import catalogue
from desk.api.call import LONGEST_KEY, ONLY_IN_SIMULATIONS
from desk.api.operations import EVIDENCE, OPERATIONS, Operation
from desk.api.problems import KINDS, MEDIA_TYPE, ProblemDetails

_REF = "#/components/schemas/{model}"

_PROBLEMS = {
    "GET": ("no-token", "scope", "not-found", "too-many", "away"),
    "POST": (
        "not-json", "no-key", "no-token", "scope", "not-found", "refused", "too-long", "media-type", "invalid",
        "key-reused", "too-many", "away", "not-known",
    ),
}  # fmt: skip
"""What may go wrong, by method."""

SCOPES = {
    Scope.INTAKE: "open complaints, and pass on what customers write",
    Scope.ACTS: "the acts of staff, from assessing to what the customer said",
    Scope.DECIDE: "close a case by decision",
    Scope.READ: "where a case stands, its timeline, its deadlines",
    Scope.FIND: "look for cases by whatever anybody wrote in them",
}


@cache
def document() -> dict[str, Any]:
    """The whole document, in English as documents of this kind are; a JSON object."""
    return {
        "openapi": "3.1.0",
        "jsonSchemaDialect": "https://json-schema.org/draft/2020-12/schema",
        "info": {
            "title": "Complaint Desk: intake API",
            "version": _version(),
            "description": (
                "For programs without a Temporal client. Every request carries `Authorization: Bearer …`; "
                "every POST is safe to repeat under its Idempotency-Key. Unknown fields are ignored. "
                "Problems are told as RFC 9457, in Spanish, or in English with `Accept-Language: en`.\n\n"
                "Scopes: " + "; ".join(f"`{scope.value}`: {said}" for scope, said in SCOPES.items()) + "."
            ),
            "license": {"name": "MIT", "identifier": "MIT"},
        },
        "servers": [{"url": "/api"}],
        "security": [{"token": []}],
        "paths": _paths(),
        "components": {
            "securitySchemes": {"token": {"type": "http", "scheme": "bearer"}},
            "schemas": _schemas(),
            "responses": {kind: _problem(kind) for kind in sorted({k for kinds in _PROBLEMS.values() for k in kinds})},
        },
    }


def _paths() -> dict[str, Any]:
    paths: dict[str, Any] = {}
    for operation in OPERATIONS:
        paths.setdefault(operation.path, {})[operation.method.lower()] = _operation(operation)
    return paths


english = catalogue("en").say


def _operation(one: Operation) -> dict[str, Any]:
    said: dict[str, Any] = {
        "operationId": one.name,
        "summary": english(one.title),
        "description": " ".join(filter(None, (english(one.hint), f"Scope: `{one.scope.value}`."))),
        "tags": [one.scope.value],
        "parameters": _parameters(one),
        "responses": {str(status): _answer(english(why), model) for status, (why, model) in one.answers.items()}
        | _problems_of(one),
    }
    if one.takes is not None:
        needed = any(field.is_required() for field in one.takes.model_fields.values())
        said["requestBody"] = {
            "required": needed,
            "content": {"application/json": {"schema": {"$ref": _REF.format(model=one.takes.__name__)}}},
        }
    return said


def _problems_of(one: Operation) -> dict[str, Any]:
    """Problems of one status share an answer: they differ in `type`."""
    kinds = [kind for kind in _PROBLEMS[one.method] if kind != "not-found" or "{number}" in one.path]
    kinds += ["invalid"] if one.query else []
    return {str(KINDS[kind][0]): {"$ref": f"#/components/responses/{kind}"} for kind in kinds}


def _parameters(one: Operation) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = []
    if "{number}" in one.path:
        schema = {"type": "string", "pattern": "^[A-Za-z0-9-]{1,40}$", "examples": ["Q-J33A-T1ATA"]}
        found.append({"name": "number", "in": "path", "required": True, "schema": schema})
    if one.query:
        asked = one.query.model_json_schema()
        for name, said in asked["properties"].items():
            plain = {key: value for key, value in said.items() if key not in ("title", "description")}
            found.append({"name": name, "in": "query", "required": name in asked.get("required", ()), "schema": plain})
    if one.method == "POST":
        found.append(
            {
                "name": "Idempotency-Key",
                "in": "header",
                # An open may say a source_key instead, an act an event_id.
                "required": False,
                "description": "What happened, such as crm-8841-assigned: repeated under the same key it counts once. "
                "Needed unless the content has a `source_key` (open) or an `event_id` (else); not for a file.",
                "schema": {"type": "string", "pattern": f"^[!-~]{{1,{LONGEST_KEY}}}$"},
            }
        )
    return found


def _answer(why: str, model: Any) -> dict[str, Any]:
    many = not (isinstance(model, type) and issubclass(model, BaseModel))
    of = model.__args__[0] if many else model
    one = {"$ref": _REF.format(model=of.__name__)}
    schema = {"type": "array", "items": one} if many else one
    return {"description": why, "content": {"application/json": {"schema": schema}}}


def _problem(kind: str) -> dict[str, Any]:
    schema = {"$ref": _REF.format(model=ProblemDetails.__name__)}
    headers = {"Retry-After": {"schema": {"type": "integer"}, "description": "Seconds."}}
    said: dict[str, Any] = {"description": english(KINDS[kind][1]), "content": {MEDIA_TYPE: {"schema": schema}}}
    return said | ({"headers": headers} if KINDS[kind][0] in (429, 503, 504) else {})


def _schemas() -> dict[str, Any]:
    taken = {one.takes for one in OPERATIONS if one.takes is not None}
    given = {model for one in OPERATIONS for _, model in one.answers.values() if isinstance(model, type)}
    listed = {
        model.__args__[0] for one in OPERATIONS for _, model in one.answers.values() if hasattr(model, "__args__")
    }
    wanted: list[tuple[type[BaseModel], Any]] = [
        *((model, "validation") for model in sorted(taken, key=lambda model: model.__name__)),
        *((model, "serialization") for model in sorted(_models(given | listed), key=lambda model: model.__name__)),
        (ProblemDetails, "serialization"),
    ]
    _, found = models_json_schema(wanted, by_alias=True, ref_template=_REF)
    schemas: dict[str, Any] = found["$defs"]
    for name in ONLY_IN_SIMULATIONS:
        schemas["ComplaintReceived"]["properties"].pop(name, None)
    # §3: somebody has to be answered; a rule that the model checks by itself.
    ways = [{"required": [way], "properties": {way: {"type": "string"}}} for way in ("email", "phone")]
    schemas["Customer"] = schemas["Customer"] | {"anyOf": ways}
    schemas["Via"] = schemas["Via"] | {"enum": sorted(via.value for via in EVIDENCE)}
    return schemas


def _models(found: set[Any]) -> set[type[BaseModel]]:
    return {model for model in found if isinstance(model, type) and issubclass(model, BaseModel)}


def schema_of(model: type[BaseModel]) -> dict[str, Any]:
    """The schema of one model as the document has it."""
    schema: dict[str, Any] = document()["components"]["schemas"][model.__name__]
    return schema


def _version() -> str:
    try:
        return version("complaint-desk")
    except PackageNotFoundError:  # run from a folder that was never installed
        return "0"
