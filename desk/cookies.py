"""Our cookies: by TLS under names that no other host and no other path can set (`__Host-`, RFC 6265bis §4.1.3.2)."""

from starlette.requests import Request
from starlette.responses import Response

from desk.app_state import AppState

PREFIX = "__Host-"


def name_of(name: str, app_state: AppState) -> str:
    """What the browser calls it. Without TLS a browser would refuse the prefix."""
    return f"{PREFIX}{name}" if app_state.secure else name


def read(http: Request, app_state: AppState, name: str) -> str:
    """Its value; empty where there is none."""
    return http.cookies.get(name_of(name, app_state), "")


def keep(answer: Response, app_state: AppState, name: str, value: str, *, lasts: int) -> None:
    """A cookie of ours, for so many seconds."""
    answer.set_cookie(
        name_of(name, app_state), value, max_age=lasts, httponly=True, samesite="lax", secure=app_state.secure, path="/"
    )


def drop(answer: Response, app_state: AppState, name: str) -> None:
    """The browser forgets it."""
    answer.delete_cookie(name_of(name, app_state), httponly=True, samesite="lax", secure=app_state.secure, path="/")
