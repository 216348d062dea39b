"""What `complaints doctor` looks at: each finding says how it is and what to do; nothing is changed unless it mends."""

from collections.abc import AsyncIterator
from datetime import datetime, timedelta
from enum import StrEnum

from pydantic import BaseModel, ConfigDict
from temporalio.api.workflowservice.v1 import (
    DescribeNamespaceRequest,
    GetClusterInfoRequest,
)
from temporalio.client import Client
from temporalio.service import RPCError, RPCStatusCode

from complaints.contacts import ContactsError
from complaints.contacts_file import ContactsFile
from complaints.policy_file import PolicyError
from complaints.records.errors import RecordsError
from complaints.records.schema import head_revision
from complaints.records.store import Store
from complaints.rules.policy import Policy
from complaints.rules.privacy_requests import PrivacyRequest, near_their_end
from complaints.settings import SettingsError
from complaints.words.catalogue import NP_, _, ngettext, pgettext, say, spoken
from starter.clock import utc_now
from starter.errors import FrontDeskError, Refused
from starter.front_desk import FrontDesk
from starter.host_state import HostState, state_of
from starter.memory import Memory
from starter.place import Place
from starter.pollers import FRESH, pollers
from starter.reaching import client_of
from starter.setup import missing_search_attributes
from workflows import lost, names
from workflows.connection import TemporalUnreachable
from workflows.key_ring import Keys, KeysError

SHORTEST_RETENTION = timedelta(days=31)
"""Shorter, and Temporal forgets a closed case before a dispute can reopen it (§8); the records still can."""

SHORT = timedelta(seconds=5)

MOST_NAMED = 20
"""Failed starts that are named, the newest first; of more it says so."""

LOOKED_AT = 50
"""Running complaints whose tasks are looked at."""

_TITLES = {
    "policy": NP_("a check", "policy"),
    "contacts": NP_("a check", "contacts"),
    "temporal": NP_("a check", "temporal"),
    "namespace": NP_("a check", "namespace"),
    "search attributes": NP_("a check", "search attributes"),
    "worker": NP_("a check", "worker"),
    "workflow tasks": NP_("a check", "workflow tasks"),
    "database": NP_("a check", "database"),
    "letters": NP_("a check", "letters"),
    "pending": NP_("a check", "pending"),
    "lost runs": NP_("a check", "lost runs"),
    "failed starts": NP_("a check", "failed starts"),
    "legal limit": NP_("a check", "legal limit"),
    "backup": NP_("a check", "backup"),
    "disk": NP_("a check", "disk"),
    "memory": NP_("a check", "memory"),
    "payload keys": NP_("a check", "payload keys"),
    "privacy requests": NP_("a check", "privacy requests"),
}
"""The checks by their names for programs."""


class Health(StrEnum):
    """How well something is: ok, warn or bad."""

    OK = "ok"
    WARN = "warn"
    BAD = "bad"


class Finding(BaseModel):
    """One thing that was looked at."""

    model_config = ConfigDict(frozen=True)

    check: str
    health: Health
    message: str
    """What was found and, unless it is well, what to do."""

    @property
    def title(self) -> str:
        """What was looked at, as people read it; `check` is its name for programs."""
        return say(_TITLES.get(self.check, self.check))


def ok(check: str, message: str) -> Finding:
    """A finding that all is well there."""
    return Finding(check=check, health=Health.OK, message=message)


def warn(check: str, message: str) -> Finding:
    """A finding that somebody should look at, though nothing stands still."""
    return Finding(check=check, health=Health.WARN, message=message)


def bad(check: str, message: str) -> Finding:
    """It does not work like this."""
    return Finding(check=check, health=Health.BAD, message=message)


async def findings(place: Place, *, mend: bool = False) -> AsyncIterator[Finding]:
    """Everything, in the order in which it should be mended. With `mend`, what can be started again is."""
    for finding in (*_files(place), *machine(place)):
        yield finding
    ring_is_read = True
    try:
        client = await client_of(place)
        async for finding in _temporal(client, place.settings.task_queue):
            yield finding
    except TemporalUnreachable as error:
        client = None
        yield bad("temporal", str(error))
    except KeysError as error:  # without its keys nothing can be asked there; the records can
        client, ring_is_read = None, False
        yield bad("payload keys", str(error))
    try:
        async with place.store() as store:
            await store.check_schema()
            yield ok("database", _("schema {head_revision}").format(head_revision=head_revision()))
            if ring_is_read:
                yield await _keys(place, store)
            uncertain = await store.uncertain_count()
            yield _letters(uncertain)
            yield legal_limits(await store.counted_by_the_school())
            yield privacy(await store.privacy_requests(), place.policy, utc_now())
            if client is None:  # what was taken down meanwhile is said all the more
                yield _waiting([one.number for one in await store.pending()])
            else:
                desk = FrontDesk(client, store, task_queue=place.settings.task_queue)
                async for finding in _cases(desk, mend=mend):
                    yield finding
    except (RecordsError, SettingsError) as error:
        yield bad("database", str(error))


async def _keys(place: Place, store: Store) -> Finding:
    """Whether what Temporal keeps is sealed, with keys that are all there; and what came without a seal."""
    file = place.settings.payload_keys_file
    if file is None or place.settings.seal_payloads == "0":
        return warn("payload keys", _("payloads are in clear in Temporal: PAYLOAD_KEYS_FILE names no ring"))
    try:
        ring = Keys(file).ring
    except KeysError as error:
        return bad("payload keys", str(error))
    have = {key.id: key.fingerprint for key in ring.keys}
    known = await store.payload_keys()
    if lost := [id_ for id_, fingerprint in known.items() if have.get(id_) != fingerprint]:
        said = _("{file} lacks {ids}: put it back from a copy; lost for good: `complaints keys forget {id}`")
        return bad("payload keys", said.format(file=file, ids=", ".join(lost), id=lost[0]))
    in_clear = await store.came_in_clear()
    said = _("{id} seals").format(id=ring.sealing.id)
    if in_clear:
        said += "; " + ngettext("{n} entry came unencrypted", "{n} entries came unencrypted", in_clear).format(
            n=in_clear
        )
    return ok("payload keys", said)


def machine(place: Place) -> list[Finding]:
    """How old the last copy of a host is that serves for real, how full its disk and its memory."""
    state = state_of(place.home)
    if state is None:
        return []
    found = [_copied(state)] if state.real else []
    full = _("{percent:.0f} % full, {free:.1f} GB are left").format(
        percent=state.disk_used * 100, free=state.disk_free / 1e9
    )
    disk = ok("disk", full)
    if state.disk_is_full:
        disk = warn("disk", _("{full}: make room, or Postgres will stop").format(full=full))
    return [*found, disk, *([_memory(state.memory, full=state.memory_is_full)] if state.memory else [])]


def _memory(memory: Memory, *, full: bool) -> Finding:
    """Of the machine or of the service, whichever is nearer to its end."""
    said = _("{percent:.0f} % full, {free:.1f} GB are left").format(percent=memory.used * 100, free=memory.left / 1e9)
    if memory.of_service:
        said = _("{said} of what the service may have").format(said=said)
    if not full:
        return ok("memory", said)
    if memory.of_service:
        return warn(
            "memory",
            _(
                "{said}: at the end of it the system ends a program of ours. Raise MemoryMax "
                "(`systemctl edit complaint-desk`), or lower CASES_IN_MEMORY"
            ).format(said=said),
        )
    return warn(
        "memory",
        _(
            "{said}: at the end of it the system ends a program. End what else runs on this machine, or give it more"
        ).format(said=said),
    )


def _copied(state: HostState) -> Finding:
    """How old the last copy is."""
    if state.copied_at is None:
        return warn("backup", _("no copy was ever made: `complaints backup DIR`, or BACKUP_DIR for one each night"))
    hours = (utc_now() - state.copied_at).total_seconds() / 3600
    said = _("the last copy is {hours:.0f} hours old: {path}").format(hours=hours, path=state.copy_path)
    return warn("backup", said) if state.copy_is_old(utc_now()) else ok("backup", said)


def _files(place: Place) -> list[Finding]:
    """Policy and contacts can be used, and fit each other."""
    try:
        policy = place.policy
    except PolicyError as error:
        return [bad("policy", error.said(spoken()))]
    try:
        ContactsFile(place.settings.contacts_file).now().check(policy)
    except ContactsError as error:
        return [ok("policy", policy.version), bad("contacts", error.said(spoken()))]
    return [ok("policy", policy.version), ok("contacts", _("usable"))]


async def _temporal(client: Client, task_queue: str) -> AsyncIterator[Finding]:
    """The server, its namespace, what it must know of us, and whether a worker asks it for work."""
    service = client.workflow_service
    try:
        cluster = await service.get_cluster_info(GetClusterInfoRequest(), timeout=SHORT)
        address = client.service_client.config.target_host
        yield ok("temporal", f"{cluster.server_version} · {address}")
        namespace = await service.describe_namespace(
            DescribeNamespaceRequest(namespace=client.namespace), timeout=SHORT
        )
        yield _namespace(client.namespace, namespace.config.workflow_execution_retention_ttl.ToTimedelta())
        missing = await missing_search_attributes(client)
        names = ", ".join(missing)
        yield (
            bad("search attributes", _("{names} missing: `complaints setup`").format(names=names))
            if missing
            else ok("search attributes", _("registered"))
        )
        yield await _worker(client, task_queue)
        yield await failing_tasks(client)
    except Refused as error:
        yield bad("search attributes", str(error))
    except RPCError as error:
        if error.status is RPCStatusCode.NOT_FOUND:
            said = _("{namespace} does not exist: create it, or name another in TEMPORAL_NAMESPACE").format(
                namespace=client.namespace
            )
            yield bad("namespace", said)
        else:
            yield bad("temporal", f"{error.status.name}: {error.message}")


def _namespace(name: str, retention: timedelta) -> Finding:
    kept = _("keeps closed runs for {days} days").format(days=retention.days)
    if retention < SHORTEST_RETENTION:
        longer = _("{name}: {kept}; 31 or more is better (§8)").format(name=name, kept=kept)
        return warn("namespace", longer)
    return ok("namespace", f"{name}: {kept}")


async def _worker(client: Client, task_queue: str) -> Finding:
    """Without a worker nothing is lost, and nothing happens."""
    asked = await pollers(client, task_queue)
    living = sum(ago < FRESH.total_seconds() for ago in asked.values())
    if living:
        return ok("worker", _("{living} running").format(living=living))
    return bad(
        "worker",
        _("none polls {task_queue}: `complaints worker`").format(task_queue=task_queue),
    )


async def failing_tasks(client: Client) -> Finding:
    """A worker that asks for work may still fail at all of it: such cases wait, loudly, for the next deploy."""
    running = client.list_workflows(f'WorkflowType="{names.COMPLAINT}" AND ExecutionStatus="Running"', limit=LOOKED_AT)
    numbers = [one.id async for one in running]
    stuck = await lost.failing_tasks(client, numbers)
    if not stuck:
        return ok("workflow tasks", _("go through ({n} looked at)").format(n=len(numbers)))
    listed = ", ".join(stuck[:5])
    return bad(
        "workflow tasks",
        _(
            "fail again and again in {n} of {n_2} complaints ({listed}): see the worker's log; nothing "
            "is lost, they go on by themselves with a mended program"
        ).format(n=len(stuck), n_2=len(numbers), listed=listed),
    )


def _letters(uncertain: int) -> Finding:
    if not uncertain:
        return ok("letters", _("none uncertain"))
    return warn(
        "letters",
        _("{uncertain} of unknown end: look at them with `complaints timeline`").format(uncertain=uncertain),
    )


def _the_first(named: list[str]) -> str:
    """As many as a line holds; and that there are more."""
    return ", ".join(named[:MOST_NAMED]) + (", …" if len(named) > MOST_NAMED else "")


def legal_limits(numbers: list[str]) -> Finding:
    """Open complaints of an older release, whose legal limit still counts the school's own days."""
    if not numbers:
        return ok("legal limit", _("all open complaints count the nation's business days"))
    return warn(
        "legal limit",
        _("{n} open complaints count the school's days: `complaints policy apply` ({listed})").format(
            n=len(numbers), listed=_the_first(numbers)
        ),
    )


def privacy(waiting: list[PrivacyRequest], policy: Policy, now: datetime) -> Finding:
    """Requests about personal data whose term is over, or nearly."""
    near = near_their_end(waiting, policy, now)
    if not near:
        return ok("privacy requests", _("{n} open, none near its end").format(n=len(waiting)))
    said = _("{listed} (Ley 29733): `complaints privacy requests`").format(
        listed=_the_first([f"{one.number} {one.due.date().isoformat()}" for one in near])
    )
    late = any(one.is_late(now) for one in near)
    return bad("privacy requests", said) if late else warn("privacy requests", said)


async def _cases(desk: FrontDesk, *, mend: bool) -> AsyncIterator[Finding]:
    """Complaints that wait to be started, have lost their run, or never became one."""
    yield await _pending(desk, mend=mend)
    yield await _lost(desk, mend=mend)
    failed = await desk.failed_starts(limit=MOST_NAMED + 1)
    more = "+" if len(failed) > MOST_NAMED else ""
    failed = failed[:MOST_NAMED]
    listed = "; ".join(f"{start.number}: {start.said(spoken())}" for start in failed)
    yield (
        warn("failed starts", _("{n}: {listed}").format(n=f"{len(failed)}{more}", listed=listed))
        if failed
        else ok("failed starts", _("none"))
    )


async def _pending(desk: FrontDesk, *, mend: bool) -> Finding:
    assert desk.store is not None
    waiting = [one.number for one in await desk.store.pending()]
    if not waiting or not mend:
        return _waiting(waiting)
    listed = ", ".join(waiting)
    try:
        refused = [f"{number}: {error}" for number, error in await desk.start_pending() if error]
    except FrontDeskError as error:
        return bad("pending", str(error))
    return bad("pending", "; ".join(refused)) if refused else ok("pending", _("started: ") + listed)


def _waiting(numbers: list[str]) -> Finding:
    if not numbers:
        return ok("pending", pgettext("complaints", "none"))
    listed = ", ".join(numbers)
    return warn("pending", _("{listed} wait: `complaints doctor --mend`").format(listed=listed))


async def _lost(desk: FrontDesk, *, mend: bool) -> Finding:
    lost = await desk.lost_runs()
    if not lost:
        return ok("lost runs", pgettext("complaints", "none"))
    listed = ", ".join(lost)
    if not mend:
        said = _("open and without a run: {listed}: `complaints doctor --mend`").format(listed=listed)
        return bad("lost runs", said)
    for number in lost:
        try:
            await desk.restart_lost(number)
        except Refused as error:
            return bad("lost runs", str(error))
    return ok("lost runs", _("started again: ") + listed)
