"""Who may sign in, for the administrator; accounts are made and changed on the command line."""

from starlette.responses import Response

from desk.visit import Visit


async def people_page(visit: Visit) -> Response:
    """Every account with its role, and the commands that change it."""
    return visit.page("people.html", staff=await visit.office.store.staff())
