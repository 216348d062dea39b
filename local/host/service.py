"""A host that starts with its machine: one systemd unit, of the system or of a user, with no right too many."""

import pwd
import subprocess
import sys
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path

from complaints.serving import Serving
from complaints.stopping import STOPS_WITHIN
from complaints.words.catalogue import N_
from starter.errors import Refused
from starter.host_settings import is_real, settings_of

NAME = "complaint-desk.service"

RUNNING = Path("/run/systemd/system")
"""There where systemd is what started this machine (sd_booted(3))."""

MEMORY = "3G"
"""The making of the Temporal server, once, takes 2 GB; 500 open cases take a quarter of that (docs/operating.md)."""

_STOP = int(STOPS_WITHIN.total_seconds()) + 60
"""A letter that was handed over waits for its answer, then the servers end."""

_HARDENED = """\
NoNewPrivileges=yes
ProtectSystem=strict
ProtectHome=read-only
PrivateTmp=yes
PrivateDevices=yes
ProtectClock=yes
ProtectControlGroups=yes
ProtectHostname=yes
ProtectKernelLogs=yes
ProtectKernelModules=yes
ProtectKernelTunables=yes
RestrictAddressFamilies=AF_UNIX AF_INET AF_INET6
RestrictNamespaces=yes
RestrictRealtime=yes
RestrictSUIDSGID=yes
LockPersonality=yes
SystemCallArchitectures=native
SystemCallFilter=@system-service"""


@dataclass(frozen=True)
class Unit:
    """What a unit says, and where it lies."""

    path: Path
    text: str
    of_user: bool

    @property
    def systemctl(self) -> tuple[str, ...]:
        """How systemd is spoken to about it."""
        return ("systemctl", *(["--user"] if self.of_user else []))


def unit_of(home: Path, environ: Mapping[str, str], *, of_user: bool, python: str = sys.executable) -> Unit:
    """The unit for that home.

    Raises:
        Refused: the home is for trying, or belongs to root, whom nothing of ours should run as.
        SettingsError: its settings make no sense.
    """
    home = home.absolute()
    if not is_real(home):
        raise Refused(
            N_("{home} is for trying: `complaints init` makes a home that serves for real.", home=home),
        )
    settings = settings_of(home, environ) or {}
    owner = pwd.getpwuid(home.stat().st_uid).pw_name
    if not of_user and owner == "root":
        raise Refused(
            N_(
                "{home} belongs to root: make a user of its own and give it the folder: "
                "useradd --system --home-dir {home} complaint-desk && chown -R complaint-desk {home}",
                home=home,
            ),
        )
    serving = Serving.from_env(settings, public_url=settings.get("PUBLIC_URL"))
    ports = [at.port for at in (serving.listen, serving.redirect) if at]
    writes = [home, *([Path(settings["BACKUP_DIR"])] if settings.get("BACKUP_DIR") else [])]
    lines = ["[Unit]", "Description=Complaint Desk", "Documentation=man:systemd.service(5)"]
    lines += ["Wants=network-online.target", "After=network-online.target time-sync.target", "", "[Service]"]
    lines += ["Type=exec", f"ExecStart={_quoted([python, '-m', 'cli.main', 'up', '--home', str(home)])}"]
    lines += [f"WorkingDirectory={_escaped(str(home))}"]
    # A system's unit runs as another user, whose own home may be read-only: what is made once is kept in ours.
    lines += [] if of_user else [f"User={owner}", f"Environment={_quoted([f'XDG_CACHE_HOME={home}/cache'])}"]
    lines += ["Restart=on-failure", "RestartSec=5", "KillMode=mixed", f"TimeoutStopSec={_STOP}", "UMask=0077"]
    lines += [f"MemoryMax={MEMORY}", "TasksMax=1024"]
    lines += ["NoNewPrivileges=yes"] if of_user else [_HARDENED, f"ReadWritePaths={_quoted(map(str, writes))}"]
    if not of_user:
        low = any(port < 1024 for port in ports)
        bind = "CAP_NET_BIND_SERVICE" if low else ""
        lines += [f"CapabilityBoundingSet={bind}", f"AmbientCapabilities={bind}"]
    lines += ["", "[Install]", f"WantedBy={'default.target' if of_user else 'multi-user.target'}", ""]
    return Unit(_folder(of_user, environ) / NAME, "\n".join(lines), of_user)


def install(unit: Unit) -> bool:
    """Writes the unit and starts it, now and with the machine. Whether systemd runs here, so that it was started.

    Raises Refused where the folder cannot be written, or systemd says no.
    """
    try:
        unit.path.parent.mkdir(parents=True, exist_ok=True)
        unit.path.write_text(unit.text, encoding="utf-8")
    except OSError as error:
        reason = error.strerror or type(error).__name__
        raise Refused(
            N_("{path} cannot be written ({reason}): try it with sudo.", path=unit.path, reason=reason)
        ) from None
    if not RUNNING.is_dir():
        return False
    _systemctl(unit, "daemon-reload")
    _systemctl(unit, "enable", "--now", NAME)
    return True


def installed(environ: Mapping[str, str]) -> bool:
    """Whether a unit of ours is there, of the system or of this user."""
    return any((_folder(of_user, environ) / NAME).exists() for of_user in (False, True))


def uninstall(of_user: bool, environ: Mapping[str, str]) -> bool:
    """Stops it and takes the unit away; the home stays as it is. Whether there was one."""
    unit = Unit(_folder(of_user, environ) / NAME, "", of_user)
    if not unit.path.exists():
        return False
    if RUNNING.is_dir():
        _systemctl(unit, "disable", "--now", NAME)
    unit.path.unlink()
    if RUNNING.is_dir():
        _systemctl(unit, "daemon-reload")
    return True


def state(of_user: bool, environ: Mapping[str, str]) -> dict[str, str]:
    """What systemd says of it: whether it is installed, enabled, active, since when."""
    unit = Unit(_folder(of_user, environ) / NAME, "", of_user)
    found = {"unit": str(unit.path) if unit.path.exists() else ""}
    if not RUNNING.is_dir() or not found["unit"]:
        return found
    asked = ("ActiveState", "SubState", "UnitFileState", "ActiveEnterTimestamp", "MemoryCurrent", "NRestarts")
    said = subprocess.run(
        [*unit.systemctl, "show", NAME, f"--property={','.join(asked)}"], capture_output=True, text=True, check=False
    )
    return found | dict(line.split("=", 1) for line in said.stdout.splitlines() if "=" in line)


def _systemctl(unit: Unit, *words: str) -> None:
    done = subprocess.run([*unit.systemctl, *words], capture_output=True, text=True, check=False)
    if done.returncode != 0:
        last = (done.stderr.strip().splitlines() or [str(done.returncode)])[-1]
        raise Refused(N_("systemd says: {last}", last=last))


def _folder(of_user: bool, environ: Mapping[str, str]) -> Path:
    if not of_user:
        return Path("/etc/systemd/system")
    return Path(environ.get("XDG_CONFIG_HOME") or Path.home() / ".config") / "systemd" / "user"


def _quoted(words: Iterable[str]) -> str:
    return " ".join(f'"{_escaped(word)}"' for word in words)


def _escaped(word: str) -> str:
    """As systemd.syntax(7) reads it: no specifier, no variable, no end of a quote."""
    return word.replace("\\", "\\\\").replace('"', '\\"').replace("%", "%%").replace("$", "$$")
