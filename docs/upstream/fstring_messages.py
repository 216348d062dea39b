"""Babel before Python 3.12 finds no message within an f-string, whose tokens are one there (PEP 701)."""

import io

from babel.messages.extract import extract

found = [message for _, message, *_ in extract("python", io.BytesIO(b"""f"{_('Hello')}!" """))]
print(f"found: {found}")
print("mended" if found == ["Hello"] else "still there")
