"""A wire that can be cut: a loopback proxy in front of Postgres or a mail server, for tests of outages."""

import asyncio
import socket
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from pathlib import Path
from urllib.parse import parse_qs, quote, unquote, urlsplit

from tests.ports import held


class Wire:
    """Forwards connections on 127.0.0.1 to a target, until it is cut; mended, it forwards again on the same port."""

    def __init__(self, host: str, port: int) -> None:
        self._target = (host, port)
        self._server: asyncio.Server | None = None
        self._writers: set[asyncio.StreamWriter] = set()
        self._place: socket.socket | None = None
        self.port = 0

    async def mend(self) -> None:
        self.gives_its_place_up()
        self._server = await asyncio.start_server(self._forward, "127.0.0.1", self.port)
        self.port = self._server.sockets[0].getsockname()[1]

    async def cut(self) -> None:
        """Nobody gets through any more, and who was connected is not."""
        if self._server:
            self._server.close()
            self._server = None
            self._place = held(self.port)  # or it may be somebody else's when it is mended
        for writer in list(self._writers):
            writer.transport.abort()

    def gives_its_place_up(self) -> None:
        """Its port is anybody's."""
        if self._place:
            self._place.close()
            self._place = None

    async def _forward(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        host, port = self._target
        try:
            if host.startswith("/"):
                onward = await asyncio.open_unix_connection(str(Path(host) / f".s.PGSQL.{port}"))
            else:
                onward = await asyncio.open_connection(host, port)
        except OSError:
            writer.close()
            return
        pair = (writer, onward[1])
        self._writers.update(pair)
        try:
            await asyncio.gather(pump(reader, onward[1]), pump(onward[0], writer))
        finally:
            for one in pair:
                one.close()
                self._writers.discard(one)


async def pump(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    """Hands on what comes, to its end."""
    with suppress(OSError):
        while data := await reader.read(65536):
            writer.write(data)
            await writer.drain()
    writer.close()


@asynccontextmanager
async def wire_to_postgres(dsn: str) -> AsyncIterator[tuple[Wire, str]]:
    """A wire to that database, and the URL that goes through it."""
    url = urlsplit(dsn)
    query = parse_qs(url.query)
    host = query["host"][0] if "host" in query else unquote(url.hostname or "127.0.0.1")
    port = int(query["port"][0]) if "port" in query else url.port or 5432
    wire = Wire(host, port)
    await wire.mend()
    secret = f":{quote(unquote(url.password))}" if url.password else ""
    try:
        yield wire, f"postgresql://{url.username}{secret}@127.0.0.1:{wire.port}{url.path}"
    finally:
        await wire.cut()
        wire.gives_its_place_up()
