"""Files that go out so that they can do nothing: saved and not shown, in a sandbox, under their type by content.

Only what the scanner let through goes out (`Clean`).
"""

import asyncio
import re
from typing import Any
from urllib.parse import quote

from starlette.responses import Response

from complaints.mail.attachments import name_in_mail
from complaints.scanning import Clean
from desk.covering import struck_out

_TYPE = re.compile(r"[a-z]+/[a-z0-9.+-]{1,100}")

HARMLESS = {
    "content-security-policy": "sandbox; default-src 'none'; base-uri 'none'; frame-ancestors 'none'",
    "cross-origin-resource-policy": "same-origin",
    "x-download-options": "noopen",
}
"""The headers of whatever people sent: nothing in it runs at our address."""


def as_download(data: Clean, *, name: str, kind: str) -> Response:
    """Bytes that a browser saves and does not show, under the ending of their content, whatever they were called."""
    name = name_in_mail(name, kind=kind, place=1)
    plain = re.sub(r"[^A-Za-z0-9._ -]", "_", name)
    headers: dict[str, Any] = {
        **HARMLESS,
        "content-disposition": f"attachment; filename=\"{plain}\"; filename*=UTF-8''{quote(name, safe='')}",
    }
    return Response(data, media_type=kind if _TYPE.fullmatch(kind) else "application/octet-stream", headers=headers)


def as_picture(data: Clean, *, kind: str) -> Response:
    """Bytes that a page of ours may show; such a picture can hold no script."""
    return Response(data, media_type=kind, headers=HARMLESS)


async def struck_out_of(data: Clean, *, kind: str) -> Clean:
    """The same with asterisks for each key to a customer's page, byte for byte; in a thread."""
    encoded = kind.startswith(("message/", "text/"))
    return Clean(await asyncio.to_thread(struck_out, data, encoded=encoded))
