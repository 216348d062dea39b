"""What identifies or reaches a person is taken out of words that a department reads (§5.3): one rule for every kind."""

import re

from complaints.mail.documents import places_of_numbers

_MASK = "[…]"
_EMAIL = re.compile(r"[^\s@<>()\[\],;:]{1,100}@[^\s@<>()\[\],;:]{1,200}")
_PHONE = re.compile(
    r"\+\d[\d ().-]{6,16}\d"  # international: +51 967 090 448
    r"|(?<![\d-])(?:51[ .-]?)?9\d{2}[ .-]?\d{3}[ .-]?\d{3}(?![\d-])"  # a Peruvian mobile
    r"|(?<![\d-])\(?0\d{1,2}\)?[ .-]?\d{3}[ .-]?\d{3,4}(?![\d-])"  # a landline with its area code: (01) 224 7777
)
_LABELLED_PHONE = re.compile(
    r"\b((?:tel[eé]fonos?|tel[fe]?|fono|fijo|celular|cel|m[oó]vil|whats\w{0,5}|ll[aá]m\w{1,6}"
    r"|phone|mobile|call(?:[ ]me)?)"
    r"\.?(?:[ ](?:al?|es|de[ ]casa|at|on|is))?[ \t:.#°º(]{0,4})(\+?\(?\d[\d ().-]{4,18}\d)",
    re.IGNORECASE,
)
_IDENTIFIER = re.compile(
    r"(?<![\w./-])(?:"
    r"(?:10|15|17|20)\d{9}"  # RUC
    r"|0\d{8,11}"  # a foreigner's card
    r"|\d{8}(?:-[A-Z0-9])?"  # DNI
    r"|[A-Z]{1,3}-?\d{6,9}"  # passport
    r")(?![\w/])(?![.,-]\d)"
)
_PAYMENT = re.compile(
    r"(?:voucher|operaci[oó]n|pedido|boleta|factura|recibo|orden|ticket|cuenta|c[oó]digo|transacci[oó]n|dep[oó]sito"
    r"|constancia|order|invoice|s/|us\$)[^\n\d]{0,12}$",
    re.IGNORECASE,
)
"""What stands before a number that is no person's."""


def without_identifiers(text: str) -> str:
    """`text` without what identifies or reaches a person: addresses, telephones, DNI, CE, passport, RUC.

    Dates, amounts, our own numbers and those of payments stay: a department needs them.
    """
    for start, end in reversed(list(places_of_numbers(text))):
        text = f"{text[:start]}{_MASK}{text[end:]}"
    text = _EMAIL.sub(_MASK, text)
    text = _LABELLED_PHONE.sub(rf"\g<1>{_MASK}", text)
    return _IDENTIFIER.sub(_masked, _PHONE.sub(_masked, text))


def _masked(found: re.Match[str]) -> str:
    """Only what a payment's number can look like is one where a payment is named before it: no mobile, no RUC is."""
    could_be = not re.match(r"\+|9|51|(?:10|15|17|20)\d{9}$", found[0])
    before = found.string[max(0, found.start() - 40) : found.start()]
    return found[0] if could_be and _PAYMENT.search(before) else _MASK
