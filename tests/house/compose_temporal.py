"""Temporal as docker-compose.yml runs it: the scripts of deploy/temporal with the real programs, on this Postgres.

What differs from the images is where files and servers are, and that here `temporal-server` is found on PATH. The
command-line program `temporal`, which namespace.sh calls, is to be had by a download only: the namespace is made by the
same request through the SDK.
"""

import asyncio
import os
import subprocess
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

from local.stack.ports import LOOPBACK, free_ports, listening
from local.stack.temporal_find import find_beside_records
from local.stack.temporal_ready import make_ready
from local.stack.voice import to_stderr
from tests.house.test_compose import ROOT, SERVICES

SCRIPTS = ROOT / "deploy" / "temporal"
NAMESPACE = "default"

ENTRYPOINT = '#!/bin/sh\nset -eu\nexport BIND_ON_IP="${BIND_ON_IP:?}"\nexec temporal-server start\n'
"""What /etc/temporal/entrypoint.sh of the image comes to, where BIND_ON_IP is said."""

PORTS = (
    "FRONTEND_GRPC_PORT", "FRONTEND_HTTP_PORT", "FRONTEND_MEMBERSHIP_PORT", "MATCHING_GRPC_PORT",
    "MATCHING_MEMBERSHIP_PORT", "HISTORY_GRPC_PORT", "HISTORY_MEMBERSHIP_PORT", "WORKER_GRPC_PORT",
    "WORKER_MEMBERSHIP_PORT",
)  # fmt: skip
"""Inside a container each has its usual one."""


@asynccontextmanager
async def temporal_of_compose(folder: Path, *, secrets: Path, postgres_port: str) -> AsyncIterator[str]:
    """Its tables made twice, as at two starts, and the server; its address."""
    programs = await find_beside_records(say=to_stderr)
    assert programs.tool is not None
    (folder / "bin").mkdir(parents=True)
    (folder / "bin" / "temporal-server").symlink_to(programs.server)
    (folder / "bin" / "temporal-sql-tool").symlink_to(programs.tool)
    (folder / "entrypoint.sh").write_text(ENTRYPOINT, encoding="utf-8")
    (folder / "entrypoint.sh").chmod(0o755)
    here = {
        "/run/secrets": str(secrets),
        "--ep postgres -p 5432": f"--ep {LOOPBACK} -p {postgres_port}",
        "/etc/temporal/entrypoint.sh": str(folder / "entrypoint.sh"),
    }
    for name in ("schema.sh", "server.sh"):
        text = (SCRIPTS / name).read_text(encoding="utf-8")
        for inside, outside in here.items():
            text = text.replace(inside, outside)
        (folder / name).write_text(text, encoding="utf-8")
    path = {"PATH": f"{folder / 'bin'}:{os.environ['PATH']}"}
    for _ in range(2):
        await _made(folder / "schema.sh", path)
    ports = dict(zip(PORTS, free_ports(len(PORTS)), strict=True))
    given = {name: str(value) for name, value in SERVICES["temporal"]["environment"].items()}
    given |= {"POSTGRES_SEEDS": LOOPBACK, "DB_PORT": postgres_port, "BIND_ON_IP": LOOPBACK}
    given |= {"PROMETHEUS_ENDPOINT": f"{LOOPBACK}:{free_ports(1)[0]}"}
    given |= {"DYNAMIC_CONFIG_FILE_PATH": str(SCRIPTS / Path(given["DYNAMIC_CONFIG_FILE_PATH"]).name)}
    with (folder / "server.log").open("wb") as log:
        server = await asyncio.create_subprocess_exec(
            *("sh", str(folder / "server.sh")), cwd=folder, stdout=log, stderr=subprocess.STDOUT,
            env={**path, **given, **{name: str(port) for name, port in ports.items()}},
        )  # fmt: skip
    try:
        frontend = ports["FRONTEND_GRPC_PORT"]
        up = await listening(frontend, alive=lambda: server.returncode is None, limit=120)  # its health check
        assert up, (folder / "server.log").read_text(encoding="utf-8", errors="replace")[-2000:]
        await make_ready(f"{LOOPBACK}:{frontend}", namespace=NAMESPACE, limit=120)
        yield f"{LOOPBACK}:{frontend}"
    finally:
        if server.returncode is None:
            server.terminate()
        await asyncio.wait_for(server.wait(), 60)


async def _made(script: Path, env: dict[str, str]) -> None:
    process = await asyncio.create_subprocess_exec(
        *("sh", str(script)), env=env, stdout=subprocess.PIPE, stderr=subprocess.STDOUT
    )
    said, _ = await asyncio.wait_for(process.communicate(), 120)
    assert process.returncode == 0, said.decode()
