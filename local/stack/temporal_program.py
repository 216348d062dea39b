"""A Temporal server program on this machine, built by us or the `temporal` command: what to run at a given place."""

import json
import os
import secrets
import sqlite3
import sys
from collections.abc import Mapping
from contextlib import closing, suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from local.stack.certificate import own_certificate
from local.stack.child import Order
from local.stack.ports import LOOPBACK, free_ports
from local.stack.temporal_store import persistence
from starter.page_behind import Behind
from starter.private_files import write_private

#: Dynamic configuration for every local server.
STEADY: Mapping[str, Any] = {
    # A search attribute registered a moment ago can be used at once.
    "system.forceSearchAttributesCacheRefreshOnRead": True,
    # … which costs a read each time, so that the limits on reads are raised as `temporal server start-dev` raises them.
    "frontend.persistenceMaxQPS": 10000,
    "history.persistenceMaxQPS": 45000,
    "frontend.enableUpdateWorkflowExecution": True,
    # Its own HTTP interface knows nobody. We do not use it, so it answers to no name at all: the `temporal` command
    # always opens it, our own build never.
    "frontend.httpAllowedHosts": ["none.invalid"],
    # The scanner looks for garbage of large clusters; here it would only write to the log.
    "worker.executionsScannerEnabled": False,
    "worker.historyScannerEnabled": False,
}

#: … and for one that knew our search attributes before it started: it looks again each minute, as by default.
KNOWN_ATTRIBUTES: Mapping[str, Any] = {"system.forceSearchAttributesCacheRefreshOnRead": False}

#: … and for one whose workflows' time can be skipped. Servers before and after 1.33 name the switch differently.
TIME_SKIPPING: Mapping[str, Any] = {
    "frontend.WorkflowTimeSkippingEnabled": True,
    "system.workflowTimeSkippingEnabled": True,
    # Timers are looked for this often; at the default of a second, a skipped week would take a second for each timer.
    "history.timerProcessorMaxTimeShift": "5ms",
}

#: … and for one that serves a small host, with its data in Postgres: its caches are made for clusters (a gigabyte of
#: runs, a quarter of events), and whatever falls out of them is read again from a database on the same machine.
SMALL: Mapping[str, Any] = {
    "history.cacheSizeBasedLimit": True,
    # Counted as they are stored, closed runs too; in Go's memory they take several times that.
    "history.hostLevelCacheMaxSizeBytes": 2**20,
    "history.eventsHostLevelCacheMaxSizeBytes": 2**20,
}

#: Go's collector begins when this share of what lives has been added (percent; its default is 100): less memory for a
#: little processor time. Whoever sets GOGC has the last word.
GOGC = "50"

#: … and for one whose data ends with it: a queue has one part instead of four, of which three ask the first, and what
#: is done is written down each second.
#: Not where data is kept: what waits in the other parts of a queue would be looked for no more.
IN_MEMORY: Mapping[str, Any] = {
    "matching.numTaskqueueReadPartitions": 1,
    "matching.numTaskqueueWritePartitions": 1,
    # A run is deleted (a complaint that is erased) once its last tasks are known to be done; by default that is written
    # down twice a minute.
    "history.transferProcessorUpdateAckInterval": "1s",
    "history.visibilityProcessorUpdateAckInterval": "1s",
    "history.timerProcessorUpdateAckInterval": "1s",
}

#: What the web page must not offer: what happens to a case is said at the desk, with a name and a reason (§8).
UI_SWITCHES = {
    "disableWriteActions": True,
    "workflowCancelDisabled": True,
    "workflowTerminateDisabled": True,
    "workflowResetDisabled": True,
    "workflowPauseDisabled": True,
    "batchActionsDisabled": True,
    "activityCommandsDisabled": True,
}


#: Seconds to stop in; stopped soon after its start, the server would wait 10 s for its own pollers. What it has
#: answered for is on the disk at each step, so its end by force loses nothing; in memory there is nothing to lose.
GRACE = 3.0


@dataclass(frozen=True)
class TemporalPorts:
    """The ports of one server; `inner` are for its four services among themselves."""

    frontend: int
    ui: int
    inner: tuple[int, ...]

    @classmethod
    def choose(cls, *, frontend: int | None = None, ui: int | None = None) -> "TemporalPorts":
        """Free ports, but for those that are given."""
        free = [port for port in free_ports(11) if port not in (frontend, ui)]
        return cls(frontend or free[0], ui or free[1], tuple(free[2:9]))


@dataclass(frozen=True)
class Place:
    """Where and how one server runs."""

    #: For its configuration, its database and its logs. 0700.
    folder: Path
    ports: TemporalPorts
    time_skipping: bool = False
    #: Keeps its database in the folder; otherwise in memory only.
    persistent: bool = True
    ui: bool = True
    #: Further dynamic configuration, such as `limit.historyCount.suggestContinueAsNew`.
    dynamic: Mapping[str, Any] = field(default_factory=dict)
    #: Where the logs go; None: into the folder.
    logs: Path | None = None
    #: URL of the Postgres database in which it keeps its data beside the records; None: in SQLite.
    dsn: str | None = None

    @property
    def address(self) -> str:
        """Host and port for clients."""
        return f"{LOOPBACK}:{self.ports.frontend}"

    @property
    def cluster(self) -> str:
        """The name that the server gives itself, so that nobody takes another for it; it stays with the folder."""
        file = self.folder / "cluster"
        if not file.exists():
            file.write_text(f"complaints-{secrets.token_hex(4)}", encoding="ascii")
        return file.read_text(encoding="ascii")

    @property
    def hidden(self) -> str:
        """A loopback address for a page that only its desk may find: one of 16 million, where the whole net is ours."""
        file = self.folder / "page-address"
        if not file.exists():
            file.write_text(f"127.{'.'.join(str(secrets.choice(range(1, 255))) for _ in range(3))}", encoding="ascii")
        return file.read_text(encoding="ascii")

    @property
    def database(self) -> Path:
        """The SQLite file."""
        return self.folder / "temporal.sqlite"

    def forget_members(self) -> None:
        """Takes the services of the server before this one out of the database.

        Without that they count as living for 20 seconds more, under ports that nobody answers, and a server started
        meanwhile finds "not enough hosts" for more than a minute.
        """
        if self.dsn or not (self.persistent and self.database.exists()):
            return
        with closing(sqlite3.connect(self.database, timeout=5)) as database, suppress(sqlite3.OperationalError):
            database.execute("DELETE FROM cluster_membership")
            database.commit()

    def dynamic_config(self) -> dict[str, Any]:
        """All dynamic configuration of this server."""
        small = SMALL if self.dsn else {}
        passing = {} if self.persistent or self.dsn else IN_MEMORY
        return {**STEADY, **small, **(TIME_SKIPPING if self.time_skipping else {}), **passing, **self.dynamic}

    def log(self, name: str) -> Path:
        """The log of one of its programs."""
        return (self.logs or self.folder) / f"{name}.log"


def _of_a_server(place: Place, command: list[str]) -> Order:
    return Order(
        command,
        env={"GOGC": GOGC, **os.environ} if place.dsn else None,
        log=place.log("temporal"),
        grace=GRACE if place.persistent else 0.2,
        cwd=place.folder,
    )


@dataclass(frozen=True)
class FromSource:
    """Server and page as `temporal_build` makes them."""

    server: Path
    ui: Path
    #: Makes its tables where its data is in Postgres.
    tool: Path | None = None

    def cluster(self, place: Place) -> str | None:
        """By what name the server can be told from others."""
        return place.cluster

    def server_order(self, place: Place) -> Order:
        """The server, its configuration written."""
        place.forget_members()
        self._write(
            place.folder / "dynamic.yaml", {key: [{"value": value}] for key, value in place.dynamic_config().items()}
        )
        self._write(place.folder / "server.yaml", server_config(place))
        command = [str(self.server), "--config-file", str(place.folder / "server.yaml"), "--allow-no-auth", "start"]
        return _of_a_server(place, command)

    def page(self, place: Place) -> Behind | None:
        """Where the desk reaches the page; None if it is not wanted."""
        return Behind(f"https://{LOOPBACK}:{place.ports.ui}", place.folder / "ui" / "page.crt") if place.ui else None

    def ui_order(self, place: Place) -> Order | None:
        """The page, its configuration written and its certificate made; None if it is not wanted."""
        if not place.ui:
            return None
        self._write(place.folder / "ui" / "ours.yaml", ui_config(place))
        command = [str(self.ui), "--root", str(place.folder), "--config", "ui", "--env", "ours", "start"]
        return Order(command, log=place.log("temporal-ui"), grace=2, cwd=place.folder)

    @staticmethod
    def _write(path: Path, content: dict[str, Any]) -> None:
        """As JSON, which is YAML."""
        path.parent.mkdir(mode=0o700, exist_ok=True)
        write_private(path, json.dumps(content, indent=1))


@dataclass(frozen=True)
class Cli:
    """The `temporal` command, whose `server start-dev` is server and page in one process.

    Its page has no switches, neither TLS: it stands at an address that only the desk knows. Where there is but one
    loopback address (not on Linux), it has no page.
    """

    path: Path

    def cluster(self, place: Place) -> str | None:
        """None: it calls itself what all others do."""
        return None

    def server_order(self, place: Place) -> Order:
        """Server and page."""
        place.forget_members()
        ports = place.ports
        command = [str(self.path), "server", "start-dev", "--ip", LOOPBACK, "--port", str(ports.frontend)]
        command += ["--namespace", "default", "--log-level", "warn", "--log-format", "json"]
        if place.ui and ONE_NET:
            command += ["--ui-port", str(ports.ui), "--ui-ip", place.hidden]
        else:
            command += ["--headless"]
        if place.persistent:
            command += ["--db-filename", place.database.name]
        for key, value in place.dynamic_config().items():
            command += ["--dynamic-config-value", f"{key}={json.dumps(value)}"]
        return _of_a_server(place, command)

    def page(self, place: Place) -> Behind | None:
        """Where the desk reaches the page; None where there is none."""
        return Behind(f"http://{place.hidden}:{place.ports.ui}") if place.ui and ONE_NET else None

    def ui_order(self, place: Place) -> Order | None:
        """None: server and page are one process."""
        return None


TemporalProgram = FromSource | Cli


#: Whether all of 127.0.0.0/8 is this machine.
ONE_NET = sys.platform == "linux"


def server_config(place: Place) -> dict[str, Any]:
    """Configuration of the server built from source: four services in one process."""
    names = ("frontend", "history", "matching", "worker")
    inner = iter(place.ports.inner)
    services = {
        name: {
            "rpc": {
                "grpcPort": place.ports.frontend if name == "frontend" else next(inner),
                "membershipPort": next(inner),
                "bindOnIP": LOOPBACK,
            }
        }
        for name in names
    }
    return {
        "log": {"stdout": True, "level": "warn"},
        "persistence": persistence(place.dsn) if place.dsn else _in_a_file(place),
        "global": {"membership": {"maxJoinDuration": "30s", "broadcastAddress": LOOPBACK}},
        "services": services,
        "clusterMetadata": {
            "enableGlobalNamespace": False,
            "failoverVersionIncrement": 10,
            "masterClusterName": place.cluster,
            "currentClusterName": place.cluster,
            "clusterInformation": {
                place.cluster: {
                    "enabled": True,
                    "initialFailoverVersion": 1,
                    "rpcName": "frontend",
                    "rpcAddress": place.address,
                }
            },
        },
        "dcRedirectionPolicy": {"policy": "noop"},
        "archival": {part: {"state": "disabled", "enableRead": False} for part in ("history", "visibility")},
        "namespaceDefaults": {"archival": {part: {"state": "disabled"} for part in ("history", "visibility")}},
        "publicClient": {"hostPort": place.address},
        "dynamicConfigClient": {"filepath": str(place.folder / "dynamic.yaml"), "pollInterval": "10s"},
    }


def _in_a_file(place: Place) -> dict[str, Any]:
    """Where its data is, for trying: one SQLite database."""
    store = {
        "pluginName": "sqlite",
        # Relative to the folder that it runs in: a folder's name may hold what an SQLite address must not.
        "databaseName": place.database.name if place.persistent else f"complaints-{place.ports.frontend}",
        "connectAddr": "localhost",
        "connectProtocol": "tcp",
        "connectAttributes": _sqlite_attributes(place),
        "maxConns": 1,
        "maxIdleConns": 1,
    }
    return {
        "defaultStore": "sqlite",
        "visibilityStore": "sqlite",
        "numHistoryShards": 1,
        "datastores": {"sqlite": {"sql": store}},
    }


def _sqlite_attributes(place: Place) -> dict[str, str]:
    if not place.persistent:
        return {"mode": "memory", "cache": "shared", "setup": "true"}
    # Written through to the disk at each step, so that a loss of power forgets nothing that was answered for.
    return {"mode": "rwc", "setup": "true", "journal_mode": "wal", "synchronous": "2"}


def ui_config(place: Place) -> dict[str, Any]:
    """Configuration of the web page: nothing fetched from outside, nothing to be done, and no browser speaks to it."""
    folder = place.folder / "ui"
    folder.mkdir(mode=0o700, exist_ok=True)
    certificate, key = own_certificate(folder)
    return {
        "host": LOOPBACK,
        "port": place.ports.ui,
        "uiServerTLS": {"certFile": str(certificate), "keyFile": str(key)},
        "temporalGrpcAddress": place.address,
        "enableUi": True,
        "defaultNamespace": "default",
        "disableNewsFetch": True,
        "hideLogs": True,
        "cors": {"allowOrigins": [], "cookieInsecure": True},
        **UI_SWITCHES,
    }
