"""The intake API (§3): for programs without a Temporal client or keys. Each request is let in, done, and answered."""

import logging
import traceback
from collections.abc import Awaitable, Callable

from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from complaints.records.errors import RecordsError
from complaints.rules.text import one_line
from complaints.words.catalogue import N_
from desk.api_call import call_of, language_wanted
from desk.api_docs import docs_page
from desk.api_openapi import document
from desk.api_operations import OPERATIONS, Operation
from desk.api_pace import Pace
from desk.api_problems import Problem, of_front_desk, of_records
from desk.office import Office
from starter.errors import FrontDeskError

LOG = logging.getLogger("desk.api")

Answering = Callable[[Request], Awaitable[Response]]


def api(office: Office, pace: Pace | None = None) -> Starlette:
    """The API on that office, to be mounted under /api."""
    pace = pace or Pace()
    doors = [Route(one.path, _opened(one, office, pace), methods=[one.method]) for one in OPERATIONS]
    return Starlette(
        routes=[
            *doors,
            Route("/openapi.json", _openapi, methods=["GET"]),
            Route("/docs", _docs(office), methods=["GET"]),
        ],
        exception_handlers={404: not_here(office), 405: not_here(office)},
    )


def _opened(operation: Operation, office: Office, pace: Pace) -> Answering:
    async def enter(request: Request) -> Response:
        key = None
        try:
            call = await call_of(request, office, pace, operation.scope)
            if request.method == "POST":
                key = request.headers.get("idempotency-key")
            return await operation.handle(call)
        except Problem as problem:
            return problem.answer(language_wanted(request, office))
        except FrontDeskError as error:
            return of_front_desk(error, key=one_line(key or "")).answer(language_wanted(request, office))
        except RecordsError as error:
            LOG.warning("%s: %s", operation.name, type(error).__name__)
            return of_records(error).answer(language_wanted(request, office))
        except Exception as error:
            # Neither its words nor its trace: both may quote what was sent. Where it happened is enough to look.
            place = traceback.extract_tb(error.__traceback__)[-1]
            LOG.error("%s: %s in %s:%s", operation.name, type(error).__name__, place.filename, place.lineno)
            return _broken(error).answer(language_wanted(request, office))

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


def _docs(office: Office) -> Answering:
    async def page(request: Request) -> Response:
        return docs_page(request, office)

    return page


def not_here(office: Office) -> Callable[[Request, Exception], Awaitable[Response]]:
    """What an address under /api that leads nowhere answers."""

    async def answer(request: Request, error: Exception) -> Response:
        known = isinstance(error, HTTPException) and error.status_code == 405
        if known:
            problem = Problem("method", N_("See /api/docs."))
            problem.headers = dict(error.headers or {}) if isinstance(error, HTTPException) else {}
        else:
            problem = Problem(
                "not-found",
                N_("There is nothing here; /api/docs shows what there is."),
            )
        return problem.answer(language_wanted(request, office))

    return answer
