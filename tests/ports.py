"""Ports of tests: one at which nobody listens, and one that stays a server's own while that server is away.

A port that was only looked for is anybody's a moment later: another test's server takes it, or an outgoing connection
begins there, and what should be refused is answered, or the server that comes back finds its place taken.
"""

import socket
from collections.abc import Iterator
from contextlib import contextmanager

LOOPBACK = "127.0.0.1"


def held(port: int = 0) -> socket.socket:
    """That port, or any: bound and never listened on, so that connections are refused and nobody else gets it."""
    holder = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
    holder.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    holder.bind((LOOPBACK, port))
    return holder


@contextmanager
def nobody_listens() -> Iterator[str]:
    """`127.0.0.1:PORT`, where every connection is refused as long as the block runs."""
    with held() as holder:
        yield f"{LOOPBACK}:{holder.getsockname()[1]}"
