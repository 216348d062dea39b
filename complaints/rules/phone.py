"""Telephone numbers as programs dial them: a Peruvian number without its country's code gets it."""

import re
from urllib.parse import quote

COUNTRY = "51"


def dialled(number: str) -> str:
    """`+51987654321` for `987 654 321` and `(51) 987-654-321`; a number of another country keeps its own code."""
    digits = re.sub(r"\D", "", number)
    if number.strip().startswith("+"):
        return f"+{digits}"
    if digits.startswith("00"):
        return f"+{digits[2:]}"
    if _is_mobile(digits) or re.fullmatch(r"0[1-9]\d{6,8}", digits):
        return f"+{COUNTRY}{digits.lstrip('0')}"
    if digits.startswith(COUNTRY) and len(digits) >= 10:
        return f"+{digits}"
    return digits


def tel_link(number: str) -> str:
    """What a telephone dials when it is touched."""
    return f"tel:{dialled(number)}"


def chat_link(number: str, text: str) -> str | None:
    """A WhatsApp chat with the text written already; None for what cannot be a mobile."""
    whole = dialled(number)
    if not whole.startswith("+") or (whole.startswith(f"+{COUNTRY}") and not _is_mobile(whole[3:])):
        return None
    return f"https://wa.me/{whole[1:]}?text={quote(text, safe='')}"


def _is_mobile(digits: str) -> bool:
    return re.fullmatch(r"9\d{8}", digits) is not None
