"""Files that staff attach to an act: chosen in its form, kept at once, named by its fact; and handed out again."""

from dataclasses import dataclass

from starlette.responses import Response

from complaints.rules.facts import FACTS
from complaints.rules.given_files import GivenFile, files_in
from complaints.rules.number import as_number
from complaints.rules.status import TimelineEntry
from complaints.scanning import LookedAt
from complaints.words.catalogue import N_
from desk.downloads import as_download, struck_out_of
from desk.request import PageRequest
from desk.staff.acts import KEPT
from desk.uploads import are_too_many, attachment_of, uploads_in
from starter.errors import FrontDeskError, NotFound, Refused
from starter.given_files import TOO_MUCH, as_given, expect_few, give
from starter.scanning import handed_out, taken

NEW = "files"
"""The form's field for files that are chosen now; `KEPT` are the ticks of those before."""


@dataclass(frozen=True)
class Chosen:
    """What a form brings."""

    kept: tuple[GivenFile, ...]
    """Ticked, and with us already."""
    new: tuple[LookedAt, ...]
    problem: FrontDeskError | None = None
    """Why not all of it is taken."""

    @property
    def all(self) -> tuple[GivenFile, ...]:
        """Each once, in their order."""
        files = [*self.kept, *map(as_given, self.new)]
        return tuple({file.digest: file for file in files}.values())


async def chosen_in(request: PageRequest, number: str) -> Chosen:
    """The files of the form that was posted; nothing is kept by asking."""
    assert request.form is not None
    ticked = {str(one) for one in request.form.getlist(KEPT)}
    known = await request.app_state.store.given_files(number) if ticked else {}
    kept = tuple(file for digest, file in known.items() if digest in ticked)
    if request.too_much:
        return Chosen(kept, (), Refused(TOO_MUCH))
    uploads = uploads_in(request.form, NEW)
    new: list[LookedAt] = []
    problem: FrontDeskError | None = None
    if are_too_many(uploads, beside=len(kept)):
        return Chosen(kept, (), Refused(TOO_MUCH))
    for place, one in enumerate(uploads, start=1):
        try:
            new += await taken(request.app_state.file_scanner, [await attachment_of(one, place=place)])
        except FrontDeskError as error:
            problem = problem or error
    chosen = Chosen(kept, tuple(new), problem)
    try:
        expect_few(chosen.all)
    except Refused as error:
        return Chosen(kept, (), error)
    return chosen


async def keep(request: PageRequest, number: str, chosen: Chosen) -> None:
    """Keeps the chosen files, whatever becomes of the form."""
    if chosen.new:
        await give(request.app_state.store, number, chosen.new, by=request.member.account)


async def download(request: PageRequest) -> Response:
    """A file that went with an act. What only waits, or was taken back, is handed out to nobody."""
    given = request.http.path_params
    number = as_number(given["number"]) or given["number"]
    timeline = (await request.app_state.front_desk.timeline(number)).value
    named = [file for row in timeline for file in files_of(row) if file.digest == given["digest"]]
    store = request.app_state.store
    data = await store.given_file(number, named[-1].digest) if named else None
    if data is None:
        raise NotFound(N_("{number} has no such file.", number=number))
    kind = (await store.types_of([named[-1].digest])).get(named[-1].digest, "")
    clean = await handed_out(request.app_state.file_scanner, data)
    return as_download(await struck_out_of(clean, kind=kind), name=named[-1].name, kind=kind)


def files_of(row: TimelineEntry) -> tuple[GivenFile, ...]:
    """The files of a row, which somebody gave with what it tells of."""
    return files_in(row.data) if row.what in FACTS else ()
