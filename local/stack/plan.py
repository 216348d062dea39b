"""What a stack is made of: the wishes of whoever starts it, and the programs that can be plugged in."""

import os
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from pydantic import BaseModel, ConfigDict, Field
from temporalio.common import SearchAttributeKey

from complaints.stopping import STOPS_WITHIN
from starter.home_keys import KEYS_VARIABLE, ring_of_home
from starter.stack_addresses import Addresses
from starter.stack_links import page_environment

#: What would lead a program of an embedded stack to servers that are not the stack's.
FOREIGN = (
    *("TEMPORAL_", "DATABASE_URL", "PG", "SMTP_", "IMAP_", "COMPLAINTS_HOME", "COMPLAINTS_SIMULATION"),
    *("PAYLOAD_", "SEAL_PAYLOADS"),
)


class Ports(BaseModel):
    """Ports on loopback that somebody asks for; None: the ones of the last time, or free ones."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    temporal: int | None = Field(default=None, ge=1, le=65535)
    temporal_ui: int | None = Field(default=None, ge=1, le=65535)
    #: None: a socket in the home, or a port where the socket's path would be too long.
    database: int | None = Field(default=None, ge=1, le=65535)
    smtp: int | None = Field(default=None, ge=1, le=65535)
    #: Of the page that shows caught mail.
    mailbox: int | None = Field(default=None, ge=1, le=65535)
    desk: int | None = Field(default=None, ge=1, le=65535)


@dataclass(frozen=True)
class Program:
    """A program of ours that runs in the stack, as data."""

    name: str
    command: Sequence[str]
    #: Beside the stack's own environment.
    env: Mapping[str, str] = field(default_factory=dict)
    #: Ready when it polls this task queue; None: when it accepts connections on `port`, or at once.
    task_queue: str | None = None
    #: The name in `Ports` of the port it listens on; it finds the number in its environment as `PORT`.
    port: str | None = None
    #: Variables of the stack's environment that are none of its business: secrets of others, above all.
    without: Sequence[str] = ()
    #: Seconds to stop in.
    grace: float = 5.0


def ours(command: str) -> list[str]:
    """A command line of `complaints`, run by this very Python."""
    return [sys.executable, "-m", "cli.main", command]


#: Ours hand letters over and take mail in, and end what they have begun.
GRACE = STOPS_WITHIN.total_seconds()

SIGNS_IN = ("OIDC_CLIENT_SECRET", "OIDC_CLIENT_SECRET_FILE")
SENDS = ("SMTP_URL", "SMTP_URL_FILE")
COPIES = ("BACKUP_KEY_FILE",)

WORKER = Program("worker", ours("worker"), task_queue="complaints", without=(*SIGNS_IN, *COPIES), grace=GRACE)

#: The pages for staff.
DESK = Program("desk", ours("desk"), port="desk", without=COPIES, grace=GRACE)


@dataclass(frozen=True)
class Parts:
    """What runs beside Temporal, Postgres and the mail catcher."""

    #: Whether the database is brought to our schema before anything else works with it.
    records: bool = True
    #: Run one after the other, each to its end, when the database is ready and before the programs start.
    first: Sequence[Sequence[str]] = ()
    #: Run to their end while the programs start; the stack is ready after them.
    beside: Sequence[Sequence[str]] = ()
    programs: Sequence[Program] = (WORKER,)
    #: Search attributes that Temporal has before anything else runs.
    attributes: Sequence[SearchAttributeKey[Any]] = ()
    #: Whether letters stay in a catcher of our own: for trying. False: `env` says who takes them.
    catches: bool = True
    #: Addresses whose mail is taken in.
    intake: Sequence[str] = ()
    #: Whether Temporal's web page runs, behind the desk.
    temporal_ui: bool = True
    #: Further dynamic configuration of the Temporal server.
    dynamic: Mapping[str, Any] = field(default_factory=dict)
    #: Whether the programs work as a role that can neither change the schema nor rewrite history.
    two_roles: bool = False
    #: Beside our environment, for all programs.
    env: Mapping[str, str] = field(default_factory=dict)
    #: False: the database may be lost with the machine's power (tests, demo).
    durable: bool = True
    #: A Temporal that is not ours: host and port. It is neither started nor prepared.
    temporal_address: str | None = None
    #: A Postgres that is not ours.
    database_url: str | None = None
    #: Whether Temporal keeps its data beside the records, in our Postgres; else in a file of its own.
    one_database: bool = False


def environment(home: Path, addresses: Addresses, parts: Parts) -> dict[str, str]:
    """The environment in which a program works with this stack and no other.

    Variables that name other servers are taken out of ours; with a Temporal of your own its settings are kept.
    """
    foreign = tuple(name for name in FOREIGN if not (parts.temporal_address and name == "TEMPORAL_"))
    env = {name: value for name, value in os.environ.items() if not name.startswith(foreign)}
    if not parts.temporal_address:
        env |= {
            "TEMPORAL_ADDRESS": addresses.temporal,
            "TEMPORAL_NAMESPACE": addresses.namespace,
            # A profile in the user's configuration file would bring certificates and keys along.
            "TEMPORAL_CONFIG_FILE": os.devnull,
        }
    if addresses.time_skipping:
        env["COMPLAINTS_SIMULATION"] = "1"  # such a home has no real cases
    # glibc gives threads heaps of their own, sixteen on two cores, and little of what was once in them comes back.
    env.setdefault("MALLOC_ARENA_MAX", "2")
    if addresses.smtp is not None:
        env["SMTP_URL"] = addresses.smtp
    env |= {"DATABASE_URL": addresses.database, "COMPLAINTS_HOME": str(home), KEYS_VARIABLE: str(ring_of_home(home))}
    return env | page_environment(home, addresses, {**env, **parts.env}) | dict(parts.env)
