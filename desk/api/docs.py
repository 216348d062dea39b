"""The API's documentation as a page of ours: made from the OpenAPI document, without scripts, in both languages."""

from dataclasses import dataclass
from typing import Any

from starlette.requests import Request
from starlette.responses import HTMLResponse

from complaints.records.programs import Scope
from complaints.words.catalogue import N_, Message
from complaints.words.labels import LABELS
from desk import cookies
from desk.api.call import language_wanted
from desk.api.openapi import document, schema_of
from desk.api.operations import OPERATIONS, Operation
from desk.api.problems import KINDS
from desk.app_state import AppState
from desk.request import LANGUAGE_COOKIE, PageRequest

GROUPS: tuple[tuple[Scope, Message], ...] = (
    (Scope.INTAKE, N_("Intake")),
    (Scope.READ, N_("Look")),
    (Scope.FIND, N_("Find")),
    (Scope.ACTS, N_("Act")),
    (Scope.DECIDE, N_("Decide")),
)


@dataclass(frozen=True)
class Row:
    """One field of what is sent or answered."""

    name: str
    kind: str
    needed: bool
    label: str


def docs_page(http: Request, app_state: AppState) -> HTMLResponse:
    """What the API can do, with an example of each operation."""
    request = PageRequest(http, app_state)
    if not cookies.read(http, app_state, LANGUAGE_COOKIE):
        request.__dict__["language"] = language_wanted(http, app_state)
    base = (
        ((app_state.settings.public_url if app_state.settings else None) or str(http.base_url))
        .rstrip("/")
        .removesuffix("/api")
    )
    return request.page(
        "api/docs.html",
        groups_of=[(scope, words, [one for one in OPERATIONS if one.scope is scope]) for scope, words in GROUPS],
        fields=lambda one: _fields(one, request),
        example=lambda one: _curl(one, base),
        problems=sorted(KINDS.items(), key=lambda kind: kind[1][0]),
        base=f"{base}/api",
        version=document()["info"]["version"],
    )


def _fields(one: Operation, request: PageRequest) -> list[Row]:
    """What is sent, parts of an object under their own path."""
    if one.takes is None and one.query is None:
        return []
    schema = schema_of(one.takes) if one.takes else one.query.model_json_schema() if one.query else {}
    return sorted(_rows(schema, request, ""), key=lambda row: not row.needed)


def _rows(schema: dict[str, Any], request: PageRequest, within: str) -> list[Row]:
    rows: list[Row] = []
    needed = set(schema.get("required", ()))
    for name, said in schema["properties"].items():
        if name in ("event_id", "at", "by", "via") and not within and "customer" not in schema["properties"]:
            continue  # told once for all of them
        whole = _meant(said)
        if "properties" in whole:
            rows += _rows(whole, request, f"{within}{name}.")
            continue
        label = request.say(LABELS[name]) if name in LABELS else ""
        rows.append(Row(within + name, _kind(said, request), name in needed, label))
    return rows


def _meant(said: dict[str, Any]) -> dict[str, Any]:
    """The schema behind a reference, or beside null."""
    for one in (said, *said.get("anyOf", ()), *said.get("allOf", ())):
        if "$ref" in one:
            found: dict[str, Any] = document()["components"]["schemas"][one["$ref"].rpartition("/")[2]]
            return found
    return next((one for one in said.get("anyOf", ()) if one.get("type") != "null"), said)


def _kind(said: dict[str, Any], request: PageRequest) -> str:
    meant = _meant(said)
    if "enum" in meant:
        return " | ".join(str(value) for value in meant["enum"])
    kinds: dict[str, Message | str] = {
        "date": N_("date"),
        "date-time": N_("instant"),
        "string": N_("text"),
        "boolean": "true | false",
        "integer": N_("number"),
        "array": N_("list of texts"),
    }
    kind = request.say(kinds.get(meant.get("format") or meant.get("type", "string"), kinds["string"]))
    if "minimum" in meant and "maximum" in meant:
        return f"{kind}, {meant['minimum']}–{meant['maximum']}"
    return kind


def _curl(one: Operation, base: str) -> str:
    path = one.path.replace("{number}", "$NUMBER")
    asked = "?text=certificado" if one.query else ""
    lines = [f'curl -H "Authorization: Bearer $TOKEN" "{base}/api{path}{asked}"']
    if one.method == "POST":
        lines = [
            f'curl -H "Authorization: Bearer $TOKEN" -H "Idempotency-Key: crm-8841-{one.name}" \\',
            '  -H "Content-Type: application/json" \\',
            f"  -d '{one.example}' \\",
            f"  {base}/api{path}",
        ]
    return "\n".join(lines)
