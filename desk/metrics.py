"""The desk's figures as Prometheus reads them, on an address of their own: nobody outside comes by (docs/operating.md).

Names after Prometheus' own rules: `complaints_`, base units, seconds since 1970 for instants. None has a person, a
number or a free text in a label.
"""

from collections.abc import Iterable, Iterator
from datetime import datetime

from prometheus_client import CollectorRegistry
from prometheus_client.core import GaugeMetricFamily, Metric
from prometheus_client.exposition import choose_encoder
from prometheus_client.registry import Collector
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from complaints.records.errors import RecordsError
from complaints.records.figures import Figures
from complaints.rules.stages import Stage
from complaints.rules.verification import Verification
from desk.app_state import AppState
from desk.readiness import Readiness, readiness
from starter.last_copy import Made, last_copy


def metrics_page(app_state: AppState) -> Starlette:
    """`/metrics`, alone."""

    async def metrics(http: Request) -> Response:
        encode, kind = choose_encoder(http.headers.get("accept", ""))
        registry = CollectorRegistry(auto_describe=False)
        registry.register(_Once(await _found(app_state)))
        return Response(encode(registry), headers={"content-type": kind})

    return Starlette(routes=[Route("/metrics", metrics, methods=["GET"])])


async def _found(app_state: AppState) -> list[Metric]:
    ready = await readiness(app_state)
    found = list(_of_readiness(ready))
    now = app_state.now()
    if ready.ready:
        try:
            found += _of_figures(await app_state.store.figures(now), now)
            found += _of_verification(await app_state.store.newest_verification())
        except RecordsError:  # it went away meanwhile
            found = list(_of_readiness(ready._replace(records="away")))
    if app_state.settings is not None:
        found += _of_copy(last_copy(app_state.settings.home))
    return found


class _Once(Collector):
    """Hands out what was found; prometheus-client asks without waiting, and Postgres is waited for."""

    def __init__(self, found: Iterable[Metric]) -> None:
        self._found = found

    def collect(self) -> Iterable[Metric]:
        return self._found


def _of_readiness(ready: Readiness) -> Iterator[Metric]:
    yield _one("complaints_records_up", "Whether Postgres answers with the schema of this program.", ready.ready)
    yield _one("complaints_temporal_up", "Whether Temporal answers.", ready.temporal == "ok")


def _of_figures(figures: Figures, now: datetime) -> Iterator[Metric]:
    by_stage = GaugeMetricFamily("complaints_open", "Open complaints.", labels=["stage"])
    for stage in Stage:
        if stage is not Stage.CLOSED:
            by_stage.add_metric([stage.value], figures.open.get(stage.value, 0))
    yield by_stage
    yield _one("complaints_closed", "Complaints that have ended.", figures.closed)
    yield _one("complaints_late", "Open complaints past a deadline of theirs.", figures.late)
    yield _one("complaints_unassigned", "Assessed or to be, and nobody's yet.", figures.unassigned)
    yield _one("complaints_clocks_missed", "Deadlines over five minutes old that no clock told of.", figures.missed)
    yield _one("complaints_unread", "Open complaints with an unanswered message of the customer.", figures.unread)
    yield _age("complaints_unread_oldest_seconds", "Since the oldest such message came.", figures.unread_since, now)
    yield _one("complaints_letters_waiting", "Letters the mail server has not accepted yet.", figures.letters_waiting)
    waiting = figures.letters_waiting_since
    yield _age("complaints_letters_waiting_oldest_seconds", "Since the occasion of the oldest of them.", waiting, now)
    yield _one("complaints_letters_uncertain", "Letters of which nobody knows the end.", figures.letters_uncertain)
    yield _one("complaints_calls_open", "Calls that somebody has to make.", figures.calls)
    yield _one("complaints_calls_overdue", "Of them, those whose time has passed.", figures.calls_overdue)
    yield _one("complaints_quarantine_waiting", "Messages in the quarantine.", figures.quarantined)
    since = figures.quarantined_since
    yield _age("complaints_quarantine_oldest_seconds", "Since the oldest of them came.", since, now)


def _of_verification(last: Verification | None) -> Iterator[Metric]:
    if last is None:
        return
    yield _one("complaints_verification_faults", "What the last whole `complaints verify` found.", last.found)
    at = last.at.timestamp()
    yield _one("complaints_verification_timestamp_seconds", "When that was, since 1970.", at)
    yield _one("complaints_verification_duration_seconds", "How long it took.", last.took)


def _of_copy(last: Made | None) -> Iterator[Metric]:
    if last is None:
        return
    yield _one("complaints_backup_timestamp_seconds", "When the last copy was made, since 1970.", last.at.timestamp())
    yield _one("complaints_backup_size_bytes", "How large it is.", last.bytes)


def _one(name: str, help_text: str, value: float) -> Metric:
    return GaugeMetricFamily(name, help_text, value=float(value))


def _age(name: str, help_text: str, since: datetime | None, now: datetime) -> Metric:
    """Zero where there is nothing: an alert on age then needs no second question."""
    return _one(name, help_text, max(0.0, (now - since).total_seconds()) if since else 0.0)
