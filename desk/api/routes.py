"""The intake API (§3): for programs without a Temporal client or keys. Each request is let in, done, and answered."""

import logging
import traceback
from collections.abc import Awaitable, Callable

from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.requests import ClientDisconnect, Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from complaints.records.errors import RecordsError
from complaints.rules.text import one_line
from complaints.words.catalogue import N_
from desk.api.call import call_of, language_wanted
from desk.api.docs import docs_page
from desk.api.openapi import document
from desk.api.operations import OPERATIONS, Operation
from desk.api.problems import Problem, of_front_desk, of_records
from desk.api.rate_limit import RateLimit
from desk.app_state import AppState
from starter.errors import FrontDeskError

LOG = logging.getLogger("desk.api")

Answering = Callable[[Request], Awaitable[Response]]


def api(app_state: AppState, rate_limit: RateLimit | None = None) -> Starlette:
    """The API of that desk, to be mounted under /api."""
    rate_limit = rate_limit or RateLimit()
    routes = [Route(one.path, _opened(one, app_state, rate_limit), methods=[one.method]) for one in OPERATIONS]
    return Starlette(
        routes=[
            *routes,
            Route("/openapi.json", _openapi, methods=["GET"]),
            Route("/docs", _docs(app_state), methods=["GET"]),
        ],
        exception_handlers={404: not_here(app_state), 405: not_here(app_state)},
    )


def _opened(operation: Operation, app_state: AppState, rate_limit: RateLimit) -> Answering:
    async def enter(http: Request) -> Response:
        key = None
        try:
            call = await call_of(http, app_state, rate_limit, operation.scope, longest=operation.longest)
            if http.method == "POST":
                key = http.headers.get("idempotency-key")
            return await operation.handle(call)
        except Problem as problem:
            return problem.answer(language_wanted(http, app_state))
        except FrontDeskError as error:
            return of_front_desk(error, key=one_line(key or "")).answer(language_wanted(http, app_state))
        except RecordsError as error:
            LOG.warning("%s: %s", operation.name, type(error).__name__)
            return of_records(error).answer(language_wanted(http, app_state))
        except ClientDisconnect:  # nobody is there to be answered
            raise
        except Exception as error:
            # Neither its words nor its trace: both may quote what was sent. Where it happened is enough to look.
            place = traceback.extract_tb(error.__traceback__)[-1]
            LOG.error("%s: %s in %s:%s", operation.name, type(error).__name__, place.filename, place.lineno)
            return _broken(error).answer(language_wanted(http, app_state))

    return enter


def _broken(error: Exception) -> Problem:
    return Problem(
        "broken",
        N_(
            "Something unexpected happened ({name}): repeat the same once; if it recurs, report it.",
            name=type(error).__name__,
        ),
    )


async def _openapi(_: Request) -> Response:
    return JSONResponse(document())


def _docs(app_state: AppState) -> Answering:
    async def page(http: Request) -> Response:
        return docs_page(http, app_state)

    return page


def not_here(app_state: AppState) -> Callable[[Request, Exception], Awaitable[Response]]:
    """What an address under /api that leads nowhere answers."""

    async def answer(http: Request, error: Exception) -> Response:
        known = isinstance(error, HTTPException) and error.status_code == 405
        if known:
            problem = Problem("method", N_("See /api/docs."))
            problem.headers = dict(error.headers or {}) if isinstance(error, HTTPException) else {}
        else:
            problem = Problem(
                "not-found",
                N_("There is nothing here; /api/docs shows what there is."),
            )
        return problem.answer(language_wanted(http, app_state))

    return answer
