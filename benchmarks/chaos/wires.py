"""A proxy on loopback in front of Postgres, the mail server or Temporal: it delays, cuts, or lets nothing through.

Half open is what a firewall leaves that has forgotten a connection: both ends think that it stands, new ones are taken,
and no byte comes through any more, not even that somebody has gone.
"""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from pathlib import Path
from urllib.parse import parse_qs, quote, urlsplit


class Wire:
    """Forwards connections to a target, as well as it is told to."""

    def __init__(self, host: str, port: int) -> None:
        self.target = (host, port)
        self.port = 0
        self.lag = 0.0
        """Seconds that each piece of data takes longer, either way."""
        self._lines: set[_Line] = set()
        self._open = True
        self._half_open = False

    def cut(self) -> None:
        """Who is connected is not any more, and nobody gets through until `mend`."""
        self._open = False
        for line in list(self._lines):
            line.abort()

    def half_open(self) -> None:
        """Those who are connected, and who connects from now on, hear nothing any more, for ever."""
        self._half_open = True
        for line in list(self._lines):
            line.dead = True

    def mend(self) -> None:
        """Who connects from now on gets through, at full speed; dead lines stay dead."""
        self.lag, self._open, self._half_open = 0.0, True, False

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """One connection."""
        if not self._open:
            writer.transport.abort()
            return
        try:
            onward = await self._onward()
        except OSError:
            writer.transport.abort()
            return
        line = _Line(self, (reader, writer), onward, dead=self._half_open)
        self._lines.add(line)
        try:
            await line.forward()
        finally:
            self._lines.discard(line)

    async def _onward(self) -> tuple[asyncio.StreamReader, asyncio.StreamWriter]:
        host, port = self.target
        if host.startswith("/"):
            return await asyncio.open_unix_connection(str(Path(host) / f".s.PGSQL.{port}"))
        return await asyncio.open_connection(host, port)


class _Line:
    """One connection through a wire."""

    def __init__(
        self,
        wire: Wire,
        near: tuple[asyncio.StreamReader, asyncio.StreamWriter],
        far: tuple[asyncio.StreamReader, asyncio.StreamWriter],
        *,
        dead: bool,
    ) -> None:
        self.wire, self.near, self.far, self.dead = wire, near, far, dead

    async def forward(self) -> None:
        """Until one end closes it; a dead line is held open until then."""
        pumps = [
            asyncio.ensure_future(self._pump(self.near[0], self.far[1])),
            asyncio.ensure_future(self._pump(self.far[0], self.near[1])),
        ]
        try:
            await asyncio.wait(pumps, return_when=asyncio.ALL_COMPLETED)
        finally:
            for pump in pumps:
                pump.cancel()
            self.abort()

    def abort(self) -> None:
        """Both ends are told that it is gone."""
        for _, writer in (self.near, self.far):
            writer.transport.abort()

    async def _pump(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        with suppress(OSError):
            while data := await reader.read(65536):
                if self.dead:
                    continue
                if self.wire.lag:
                    await asyncio.sleep(self.wire.lag)
                writer.write(data)
                await writer.drain()
        if not self.dead:
            writer.close()


@asynccontextmanager
async def wire(host: str, port: int) -> AsyncIterator[Wire]:
    """One, for as long as the block runs."""
    made = Wire(host, port)
    server = await asyncio.start_server(made.serve, "127.0.0.1", 0)
    made.port = server.sockets[0].getsockname()[1]
    try:
        yield made
    finally:
        server.close()
        made.cut()


def place_in(dsn: str) -> tuple[str, int]:
    """Host (or folder of a socket) and port of a database."""
    url = urlsplit(dsn)
    query = parse_qs(url.query)
    return (query["host"][0] if "host" in query else url.hostname or "127.0.0.1"), url.port or 5432


def through(dsn: str, wire: Wire) -> str:
    """The same database, by way of that wire."""
    url = urlsplit(dsn)
    return f"postgresql://{url.username}:{quote(url.password or '')}@127.0.0.1:{wire.port}{url.path}"
