"""Free ports on the loopback interface."""

import asyncio
import random
import socket
import time
from collections.abc import Callable

LOOPBACK = "127.0.0.1"

#: Below the ranges from which Linux (32768 up) and macOS (49152 up) take the near end of outgoing connections: a port
#: that we remember for the next start must not be in somebody's use by then.
_RANGE = range(20000, 32768)


def free_ports(count: int) -> list[int]:
    """Different ports that nobody listens on now.

    Raises:
        OSError: after many tries too few were free.
    """
    held: list[socket.socket] = []
    try:
        for port in random.sample(_RANGE, 40 * count):
            if len(held) == count:
                break
            if (taken := _bound(port)) is not None:
                held.append(taken)
        if len(held) < count:
            raise OSError(f"fewer than {count} free ports were found on {LOOPBACK} between 20000 and 32767")
        return [one.getsockname()[1] for one in held]
    finally:
        for one in held:
            one.close()


def is_free(port: int) -> bool:
    """Whether a server could listen on the port now."""
    taken = _bound(port)
    if taken is None:
        return False
    taken.close()
    return True


async def listening(port: int, *, alive: Callable[[], bool] = lambda: True, limit: float = 20.0) -> bool:
    """True once somebody accepts connections on the port; False when `alive` says no or `limit` seconds are over."""
    give_up = time.monotonic() + limit
    while alive() and time.monotonic() < give_up:
        try:
            _, writer = await asyncio.open_connection(LOOPBACK, port)
        except OSError:
            await asyncio.sleep(0.03)
            continue
        writer.close()
        return True
    return False


def _bound(port: int) -> socket.socket | None:
    """A socket bound and listening as servers do it (SO_REUSEADDR: connections that just ended do not matter)."""
    one = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
    one.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        one.bind((LOOPBACK, port))
        one.listen(1)
    except OSError:
        one.close()
        return None
    return one
