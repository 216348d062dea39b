"""imap-tools: IDLE sleeps through news that came in one packet with the server's leave to idle.

`imaplib` reads lines through a buffer; `idle.poll` then watches the socket, where nothing more will come: a new message
is seen minutes later. The server here says `+ idling` and `* 2 EXISTS` at once, as Dovecot does now and then.
"""

import socket
import threading
import time

from imap_tools import MailBoxUnencrypted

PATIENCE = 3.0


def serve(listener: socket.socket) -> None:
    """One conversation."""
    connection, _ = listener.accept()
    with connection, connection.makefile("rb") as lines:
        connection.sendall(b"* OK ready\r\n")
        tag = b""
        for line in lines:
            words = line.split()
            if words[0] == b"DONE":
                connection.sendall(tag + b" OK done\r\n")
                continue
            tag, verb = words[0], words[1].upper()
            said = {b"CAPABILITY": b"* CAPABILITY IMAP4rev1 IDLE\r\n", b"SELECT": b"* 1 EXISTS\r\n"}.get(verb, b"")
            connection.sendall(b"+ idling\r\n* 2 EXISTS\r\n" if verb == b"IDLE" else said + tag + b" OK done\r\n")


listener = socket.create_server(("127.0.0.1", 0))
threading.Thread(target=serve, args=[listener], daemon=True).start()
box = MailBoxUnencrypted("127.0.0.1", listener.getsockname()[1]).login("rosa", "secret")
with box.idle as idle:
    began = time.monotonic()
    news = idle.poll(timeout=PATIENCE)
    print(f"after {time.monotonic() - began:.1f} s: {news or 'nothing'}")
print("mended" if news else "still there")
