"""docker-compose.yml: accepted by the tool, closed to the outside, and consistent with the code."""

import os
import re
import shutil
import stat
import subprocess
import tomllib
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
import yaml

from complaints.settings import Settings
from complaints.stopping import STOPS_WITHIN
from local.stack.temporal_build import SERVER, UI
from local.stack.temporal_program import STEADY, UI_SWITCHES

ROOT = Path(__file__).parents[2]
COMPOSE: dict[str, Any] = yaml.safe_load((ROOT / "docker-compose.yml").read_text(encoding="utf-8"))
SERVICES: dict[str, dict[str, Any]] = COMPOSE["services"]
OURS = {name for name, service in SERVICES.items() if str(service["image"]).startswith("complaint-desk:")}
JOBS = {name for name, service in SERVICES.items() if service["restart"] == "on-failure"}


def test_the_tool_accepts_it(tmp_path: Path) -> None:
    """Debian's docker-compose, which knows the least; the newer `docker compose` where it is there."""
    tool = _compose_tool()
    if tool is None:
        assert not os.environ.get("CI"), "CI must install docker-compose (.ci/run does)"
        pytest.skip("neither docker-compose nor `docker compose` is on this machine")
    for profile in ([], ["--profile", "demo"]):
        done = subprocess.run(
            [*tool, "-f", str(ROOT / "docker-compose.yml"), *profile, "config", "--quiet"],
            capture_output=True,
            text=True,
            check=False,
            env={"PATH": os.environ["PATH"], "HOME": str(tmp_path)},
        )
        assert done.returncode == 0, done.stderr


def test_it_is_reached_from_this_host_only() -> None:
    """Temporal lets everybody do everything, its page too, and the mail catcher shows everybody's letters.

    Only the proxy may be opened to others, by somebody who says so.
    """
    said = {name: service.get("ports", []) for name, service in SERVICES.items()}
    assert [name for name, ports in said.items() if any("${" in port for port in ports)] == ["proxy"]
    published = [_without_variables(port) for ports in said.values() for port in ports]
    assert published
    assert [port for port in published if not port.startswith("127.0.0.1:")] == []


def test_no_password_is_written_down() -> None:
    """Not even a default one: secrets are files, made once on the machine."""
    text = (ROOT / "docker-compose.yml").read_text(encoding="utf-8")
    given = [pair for service in SERVICES.values() for pair in service.get("environment", {}).items()]
    secret = {
        key: value for key, value in given if value and re.search("PASSWORD|PWD|SECRET|DATABASE_URL|SMTP_URL", key)
    }
    # A switch, and a file that only whoever has an identity provider names.
    assert (secret.pop("PASSWORD_SIGN_IN"), secret.pop("OIDC_CLIENT_SECRET_FILE")) == (
        "${PASSWORD_SIGN_IN:-1}",
        "${OIDC_CLIENT_SECRET_FILE:-}",
    )
    assert secret
    assert [key for key, value in secret.items() if not str(value).startswith("/run/secrets/")] == []
    assert re.findall(r"://[^\s'\"/]*:[^\s'\"/]*@", text.partition("x-ours")[2]) == []
    assert {secret["file"] for secret in COMPOSE["secrets"].values()} == {
        f"./secrets/{name}" for name in COMPOSE["secrets"]
    }


@pytest.mark.parametrize("name", SERVICES)
def test_a_service_gets_only_secrets_that_it_names(name: str) -> None:
    service = SERVICES[name]
    given = set(service.get("secrets", []))
    assert given <= set(COMPOSE["secrets"])
    named = {
        value.removeprefix("/run/secrets/")
        for value in service.get("environment", {}).values()
        if str(value).startswith("/run/secrets/")
    }
    assert named <= given
    if name in OURS:
        # The mailbox's address is there for whoever names it in .env.
        assert given - named == ({"imap_url"} if name == "reader" else set())


def test_who_sends_letters_knows_the_mail_server_and_who_owns_the_tables_does_nothing_else() -> None:
    has = {name: set(service.get("secrets", [])) for name, service in SERVICES.items()}
    assert {name for name in has if "smtp_url" in has[name]} == {"worker", "desk"}
    assert {name for name in has if "imap_url" in has[name]} == {"reader"}
    assert (has["setup"], has["proxy"], has["temporal-ui"]) == ({"database_owner_url"}, set(), set())
    assert {name for name in has if "temporal_password" in has[name]} == {"postgres", "temporal-schema", "temporal"}


@pytest.mark.parametrize("name", SERVICES)
def test_a_service_may_do_no_more_than_it_must(name: str) -> None:
    service = SERVICES[name]
    assert (service["cap_drop"], service["security_opt"]) == (["ALL"], ["no-new-privileges:true"])
    needs = {"postgres": {"CHOWN", "DAC_OVERRIDE", "FOWNER", "SETGID", "SETUID"}, "proxy": {"NET_BIND_SERVICE"}}
    assert set(service.get("cap_add", [])) == needs.get(name, set())
    # Temporal's own images write their configuration into themselves as they start.
    assert bool(service.get("read_only")) is not name.startswith("temporal")


def test_the_world_meets_the_proxy_and_the_proxy_the_desk() -> None:
    on = {
        network: {n for n, s in SERVICES.items() if network in s.get("networks", [])} for network in COMPOSE["networks"]
    }
    assert on["front"] == {"proxy", "desk"}
    assert not {"proxy", "temporal-ui"} & (on["records"] | on["engine"]), (
        "Temporal's page shares the desk's network alone"
    )
    assert COMPOSE["networks"]["records"] == {"internal": True}
    assert (on["records"] - OURS, on["engine"] - OURS) == (
        {"postgres", "temporal-schema", "temporal"},
        {"temporal", "temporal-namespace"},
    )


@pytest.mark.parametrize("name", sorted(set(SERVICES) - JOBS))
def test_what_runs_for_ever_is_watched_and_started_again(name: str) -> None:
    service = SERVICES[name]
    assert service["restart"] == "unless-stopped"
    assert {"test", "interval", "timeout", "retries", "start_period"} <= service["healthcheck"].keys()
    assert service["logging"]["options"]["max-file"], "logs must not fill the disk"


def test_everything_waits_for_what_it_needs() -> None:
    """A server until it is healthy, a job until it has done its work."""
    for name, service in SERVICES.items():
        for needed, how in service.get("depends_on", {}).items():
            wanted = "service_completed_successfully" if needed in JOBS else "service_healthy"
            assert how["condition"] == wanted, f"{name} → {needed}"


@pytest.mark.parametrize("name", ["worker", "reader", "desk"])
def test_docker_waits_longer_than_a_mail_server_may_be_slow(name: str) -> None:
    granted = re.fullmatch(r"(\d+)m", SERVICES[name]["stop_grace_period"])
    assert granted is not None
    assert timedelta(minutes=int(granted[1])) >= STOPS_WITHIN


def test_what_signs_is_the_same_everywhere_and_the_proxy_logs_no_address() -> None:
    for name in sorted(OURS - {"setup"}):  # which makes tables and schedules, and signs nothing
        assert SERVICES[name]["environment"]["SECRET_KEY_FILE"] == "/run/secrets/secret_key"
    caddyfile = (ROOT / "deploy" / "caddy" / "Caddyfile").read_text(encoding="utf-8")
    assert "reverse_proxy desk:8600" in caddyfile
    assert SERVICES["desk"]["command"][-1] == "8600"


def test_what_must_survive_lies_in_named_volumes() -> None:
    named = {volume.partition(":")[0] for service in SERVICES.values() for volume in service.get("volumes", [])}
    assert {volume for volume in named if not volume.startswith("./")} == set(COMPOSE["volumes"])
    assert "postgres:/var/lib/postgresql" in SERVICES["postgres"]["volumes"]


def test_files_that_are_mounted_are_in_the_clone() -> None:
    mounted = {
        volume.partition(":")[0]
        for service in SERVICES.values()
        for volume in service.get("volumes", [])
        if volume.startswith("./deploy")
    }
    assert mounted
    for path in mounted:
        assert (ROOT / path).exists()
    for script in (ROOT / "deploy").rglob("*.sh"):
        assert script.stat().st_mode & stat.S_IXUSR, f"{script.name} must be executable"
        checked = subprocess.run(["sh", "-n", str(script)], capture_output=True, text=True, check=False)
        assert checked.returncode == 0, checked.stderr


def test_temporal_is_the_one_that_is_tested_and_its_shards_are_explicit() -> None:
    assert SERVICES["temporal"]["image"] == f"temporalio/server:{SERVER.version.lstrip('v')}"
    assert SERVICES["temporal-ui"]["image"] == f"temporalio/ui:{UI.version.lstrip('v')}"
    tools = {service["image"] for service in SERVICES.values() if "admin-tools" in service["image"]}
    assert tools == {f"temporalio/admin-tools:{SERVER.version.lstrip('v')}"}, "server and tools must match"
    assert int(SERVICES["temporal"]["environment"]["NUM_HISTORY_SHARDS"]) > 1


def test_nothing_can_be_done_in_temporals_page_and_only_the_desk_gets_to_it() -> None:
    """As in `complaints up`; the file is what the page reads in place of the image's own."""
    said = yaml.safe_load((ROOT / "deploy" / "temporal" / "ui.yaml").read_text(encoding="utf-8"))
    assert UI_SWITCHES.items() <= said.items()
    assert said["host"] == "127.0.0.1"
    page, desk = SERVICES["temporal-ui"], SERVICES["desk"]
    assert "./deploy/temporal/ui.yaml:/home/ui-server/config/docker.yaml:ro" in page["volumes"]
    assert page["network_mode"] == "service:desk"
    assert not {"ports", "networks"} & page.keys()
    assert desk["environment"]["COMPLAINTS_TEMPORAL_UI_BEHIND"] == f"http://127.0.0.1:{said['port']}"
    assert "ports" not in desk


def test_temporals_own_http_interface_answers_to_no_name() -> None:
    said = yaml.safe_load((ROOT / "deploy" / "temporal" / "dynamic.yaml").read_text(encoding="utf-8"))
    assert said["frontend.httpAllowedHosts"] == [{"value": STEADY["frontend.httpAllowedHosts"]}]


@pytest.mark.parametrize("name", sorted(OURS))
def test_our_services_get_settings_that_can_be_read(name: str, tmp_path: Path) -> None:
    (tmp_path / "url").write_text("postgresql://somebody:secret@postgres/complaints?sslmode=disable", encoding="utf-8")
    (tmp_path / "smtp").write_text("smtp://mail:1025?tls=none", encoding="utf-8")
    environment = {key: _without_variables(str(value)) for key, value in SERVICES[name]["environment"].items()}
    (tmp_path / "key").write_text("0123456789abcdef0123456789abcdef", encoding="utf-8")
    environment |= {"DATABASE_URL_FILE": str(tmp_path / "url"), "SMTP_URL_FILE": str(tmp_path / "smtp")}
    environment |= {"SECRET_KEY_FILE": str(tmp_path / "key")}
    settings = Settings.from_env(environment)
    assert settings.database_dsn
    assert settings.smtp_server.host == "mail"
    assert settings.simulation is False


def test_the_image_holds_every_room() -> None:
    """What the wheel is made of is what the Dockerfile copies; a room that is left out would be missed at run time."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    rooms = set(project["tool"]["hatch"]["build"]["targets"]["wheel"]["only-include"])
    copied = {word for line in _lines("Dockerfile", "COPY") if "--from" not in line for word in line.split()[1:-1]}
    built_with = {
        "pyproject.toml",
        "hatch_build.py",
        project["project"]["readme"],
        *project["project"]["license-files"],
    }
    assert copied == rooms | built_with
    assert "USER complaints" in (ROOT / "Dockerfile").read_text(encoding="utf-8")


# -- the secrets -----------------------------------------------------------------------------------------------------


def make_secrets(folder: Path, *arguments: str, host: str = "postgres:5432") -> subprocess.CompletedProcess[str]:
    """`deploy/make-secrets.sh`, into that folder."""
    return subprocess.run(
        [str(ROOT / "deploy" / "make-secrets.sh"), *arguments],
        capture_output=True,
        text=True,
        check=False,
        env={"PATH": os.environ["PATH"], "SECRETS_FOLDER": str(folder), "POSTGRES_HOST": host},
    )


def test_secrets_are_made_once_and_never_overwritten(tmp_path: Path) -> None:
    folder = tmp_path / "secrets"
    assert make_secrets(folder, "smtp://ana:word@mail.example:587").returncode == 0
    first = {path.name: path.read_text(encoding="utf-8") for path in folder.iterdir()}
    assert set(first) == set(COMPOSE["secrets"])
    passwords = [value for name, value in first.items() if name.endswith("_password")]
    assert len(set(passwords)) == 4
    assert all(re.fullmatch("[0-9a-f]{48}", value) for value in passwords)
    assert first["app_password"] in first["database_url"]
    assert first["smtp_url"] == "smtp://ana:word@mail.example:587"
    assert re.fullmatch("[0-9a-f]{48}", first["secret_key"])
    assert first["imap_url"] == "none"
    assert stat.S_IMODE(folder.stat().st_mode) == 0o700
    assert make_secrets(folder, "--demo").returncode == 0
    assert {path.name: path.read_text(encoding="utf-8") for path in folder.iterdir()} == first


@pytest.mark.parametrize("arguments", [(), ("mail.example",), ("--help",)])
def test_secrets_without_a_mail_server_are_refused(arguments: tuple[str, ...], tmp_path: Path) -> None:
    refused = make_secrets(tmp_path / "secrets", *arguments)
    assert refused.returncode == 2
    assert "Say who takes our letters" in refused.stderr
    assert not (tmp_path / "secrets").exists()


def test_the_mailbox_is_kept_as_a_secret_too(tmp_path: Path) -> None:
    folder, mailbox = tmp_path / "secrets", "imaps://ana:word@mail.example/INBOX"
    made = make_secrets(folder, "smtp://ana:word@mail.example:587", mailbox)
    assert "IMAP_URL_FILE=/run/secrets/imap_url" in made.stdout
    assert (folder / "imap_url").read_text(encoding="utf-8") == mailbox
    assert make_secrets(tmp_path / "other", "--demo", "pop3://ana@mail.example").returncode == 2


# -- helpers ---------------------------------------------------------------------------------------------------------


def _compose_tool() -> list[str] | None:
    if shutil.which("docker-compose"):
        return ["docker-compose"]
    if shutil.which("docker"):
        plugin = subprocess.run(["docker", "compose", "version"], capture_output=True, check=False)
        return ["docker", "compose"] if plugin.returncode == 0 else None
    return None


def _without_variables(value: str) -> str:
    """`${NAME:-default}` as it is where nobody set NAME."""
    return re.sub(r"\$\{\w+:-([^}]*)\}", r"\1", value)


def _lines(name: str, instruction: str) -> list[str]:
    text = (ROOT / name).read_text(encoding="utf-8")
    return [line for line in text.splitlines() if line.startswith(f"{instruction} ")]
