"""Drafts: what is typed into an act's form is kept while it is typed, for whoever types it, until it is sent."""

from typing import Any

from starlette.responses import Response

from desk.request import PageRequest
from desk.staff.acts import filled
from desk.staff.case import act_of, number_of

LARGEST = 100_000
"""Characters of one draft; what is longer is not kept, and leaving the page asks."""


async def keep(request: PageRequest) -> Response:
    """Keeps what the form has, or forgets it where that is nothing. 204: it is safe; 409: it is not."""
    assert request.form is not None
    number, act = number_of(request), act_of(request)
    if not request.may(act.takes):
        return request.not_allowed()
    typed = {name: value for name, value in filled(act, request.form).items() if value}
    store, account = request.app_state.store, request.member.account
    if not _has_words(typed):
        await store.drop_draft(number, act.name, account)
        return Response(status_code=204)
    small = sum(len(str(value)) for value in typed.values()) <= LARGEST
    kept = small and await store.keep_draft(number, act.name, account, typed)
    return Response(status_code=204 if kept else 409)


def _has_words(typed: dict[str, Any]) -> bool:
    return any(isinstance(value, list) or str(value).strip() for value in typed.values())
