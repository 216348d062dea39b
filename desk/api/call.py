"""One request of a program: whose token, how fast, what was sent, and under which key it counts once."""

import hashlib
import math
import re
from dataclasses import dataclass
from functools import cached_property
from typing import TypeVar

import pydantic_core
from pydantic import BaseModel, TypeAdapter, ValidationError
from starlette.requests import Request

from complaints.bearer import digest_of, is_well_formed
from complaints.records.programs import Program, Scope
from complaints.rules.number import OWN_ID, as_number
from complaints.words.catalogue import LANGUAGES, N_, Language, language_of
from desk.api.problems import Problem, invalid
from desk.api.rate_limit import RateLimit
from desk.app_state import AppState

LONGEST = 1_000_000
"""Bytes of what is sent."""

KEY_HEADER = "idempotency-key"
LONGEST_KEY = 120
_KEY = re.compile(rf"[\x21-\x7e]{{1,{LONGEST_KEY}}}")

ONLY_IN_SIMULATIONS = ("policy", "clock_offset")
"""Fields of a complaint that no program may set."""

M = TypeVar("M", bound=BaseModel)


@dataclass
class Call:
    """A request that may go in: its program is known, and may do this."""

    http: Request
    app_state: AppState
    program: Program
    language: Language
    body: bytes = b""

    @property
    def number(self) -> str:
        """The complaint's, in its own spelling. Raises Problem for what can be none."""
        text: str = self.http.path_params["number"]
        number = as_number(text) or text
        if not OWN_ID.fullmatch(number):
            raise Problem("not-found", N_("No complaint has that number."))
        return number

    @cached_property
    def content(self) -> dict[str, object]:
        """What was sent; nothing at all is an empty object. Raises Problem."""
        return _object(self.body) if self.body.strip() else {}

    @cached_property
    def key(self) -> str:
        """Under which this counts once: the header, or an `event_id` in the content. Raises Problem."""
        given = self.http.headers.get(KEY_HEADER) or self.content.get("event_id") or ""
        # The draft of the header writes it as a quoted string; both are taken.
        key = str(given).strip().strip('"')
        if _KEY.fullmatch(key):
            return key
        raise Problem(
            "no-key",
            N_(
                "Say in the header Idempotency-Key what happened, up to {longest_key} characters without "
                "spaces: repeated under the same key it counts once.",
                longest_key=LONGEST_KEY,
            ),
        )

    @property
    def event_id(self) -> str:
        """Of a fact: whose program, and its key."""
        return f"api/{self.program.name}/{self.key}"

    def read(self, model: type[M]) -> M:
        """What was sent, as the model. Raises Problem, naming each field that cannot be taken."""
        content = self.content
        for name in ONLY_IN_SIMULATIONS:
            if name in content:
                raise Problem(
                    "invalid",
                    N_("{name}: on a stack made for simulation only.", name=name),
                )
        try:
            return TypeAdapter(model).validate_json(self.body.strip() or b"{}")
        except ValidationError as error:
            raise invalid(error, self.language) from None

    def read_query(self, model: type[M]) -> M:
        """What stands after the question mark, as the model. Raises Problem like `read`."""
        try:
            return model.model_validate(dict(self.http.query_params))
        except ValidationError as error:
            raise invalid(error, self.language) from None

    async def counts_once(self) -> None:
        """Raises Problem where this key stands for something else already."""
        what = f"{self.http.method} {self.http.url.path}\n".encode() + self.body
        key = self.key.encode()
        same = await self.app_state.store.is_same_request(
            self.program.name,
            key_digest=hashlib.sha256(key).hexdigest(),
            content_digest=hashlib.sha256(key + b"\n" + what).hexdigest(),
        )
        if not same:
            raise Problem(
                "key-reused",
                N_(
                    "Something else was sent under this Idempotency-Key before, and nothing was done now: repeat "
                    "exactly the same, or take another key for what is new."
                ),
            )


async def call_of(
    http: Request, app_state: AppState, rate_limit: RateLimit, scope: Scope, *, longest: int = LONGEST
) -> Call:
    """The request, let in, of at most so many bytes. Raises Problem."""
    program = await _program(http, app_state)
    if wait := rate_limit.wait(program.name):
        seconds = math.ceil(wait)
        raise Problem(
            "too-many",
            N_(
                "That is more than {per_minute} requests a minute: repeat the same in {seconds} s.",
                per_minute=rate_limit.per_minute,
                seconds=seconds,
            ),
            headers={"retry-after": str(seconds)},
        )
    if scope not in program.scopes:
        raise Problem(
            "scope",
            N_("The token of {name} lacks the scope “{value}”: ask for another.", name=program.name, value=scope.value),
            headers={"www-authenticate": f'Bearer error="insufficient_scope", scope="{scope.value}"'},
        )
    call = Call(http, app_state, program, language_wanted(http, app_state))
    if http.method == "POST":
        call.body = await _body(http, longest)
    return call


def language_wanted(http: Request, app_state: AppState) -> Language:
    """English or Spanish as Accept-Language asks, else the school's."""
    wanted = http.headers.get("accept-language", "").replace(",", ":").replace(" ", "").split(";")[0]
    return language_of(wanted) if re.match(rf"({'|'.join(LANGUAGES)})\b", wanted, re.IGNORECASE) else app_state.language


async def _program(http: Request, app_state: AppState) -> Program:
    scheme, _, token = http.headers.get("authorization", "").partition(" ")
    token = token.strip()
    program = None
    if scheme.lower() == "bearer" and is_well_formed(token):
        program = await app_state.store.program(digest_of(token))
    if program is not None:
        return program
    raise Problem(
        "no-token",
        N_("Send the header Authorization: Bearer with a valid token; `complaints token add` makes one."),
        headers={"www-authenticate": 'Bearer realm="complaints"'},
    )


async def _body(http: Request, longest: int) -> bytes:
    kind = http.headers.get("content-type", "").partition(";")[0].strip().lower()
    parts: list[bytes] = []
    length = 0
    async for part in http.stream():
        length += len(part)
        if length > longest:
            raise Problem(
                "too-long",
                N_("At most {longest} bytes.", longest=longest),
                headers={"connection": "close"},
            )
        parts.append(part)
    if length and kind != "application/json":
        raise Problem(
            "media-type",
            N_("Send it with Content-Type: application/json, in UTF-8."),
        )
    return b"".join(parts)


def _object(body: bytes) -> dict[str, object]:
    try:
        content = pydantic_core.from_json(body, allow_inf_nan=False)
    except ValueError:
        content = None
    if isinstance(content, dict):
        return content
    raise Problem(
        "not-json",
        N_('Send one JSON object in UTF-8, such as {"text": "…"}.'),
    )
