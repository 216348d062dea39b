"""What our own mail server found out about a sender (RFC 8601): believed under its own name only, and no other's."""

import re
from collections.abc import Iterator, Sequence
from typing import Literal

Verdict = Literal["pass", "fail"]

MOST = 20
"""Authentication-Results of one message that are looked at."""

LONGEST = 4_000
"""Characters of one that are looked at."""

_METHODS = frozenset({"spf", "dkim", "dmarc"})
_COMMENT = re.compile(r"\((?:[^()\\]|\\.)*\)")
_RESULT = re.compile(r"\s*([a-z][a-z0-9_-]{0,30})\s*(?:/\s*\d+)?\s*=\s*([a-z]+)", re.IGNORECASE)
_DOMAIN_OF = {
    "spf": re.compile(r"smtp\.(?:mailfrom|mfrom|helo)\s*=\s*\"?(?:[^\s;\"@]*@)?([A-Za-z0-9.-]+)", re.IGNORECASE),
    "dkim": re.compile(r"header\.(?:d|i)\s*=\s*\"?(?:[^\s;\"@]*@)?([A-Za-z0-9.-]+)", re.IGNORECASE),
    "dmarc": re.compile(r"header\.from\s*=\s*\"?(?:[^\s;\"@]*@)?([A-Za-z0-9.-]+)", re.IGNORECASE),
}


def authenticated(results: Sequence[str], sender: str | None, *, servers: Sequence[str]) -> Verdict | None:
    """Whether the From was proven (`pass`) or found forged (`fail`) by one of our `servers`; None: nobody says.

    `results` are the values of Authentication-Results, the newest first. DMARC's word is the last one; without it a
    failed SPF or DKIM counts unless the other passed for the From's own domain: forwarding breaks one of the two. Two
    headers that say otherwise mean that one is forged, so the worse is believed.
    """
    found = [
        (method, result, domain)
        for value in results[:MOST]
        for method, result, domain in _results(value[:LONGEST], servers)
    ]
    said = {result for method, result, _ in found if method == "dmarc"}
    if "fail" in said:
        return "fail"
    if "pass" in said:
        return "pass"
    if any(result == "pass" and _aligned(domain, sender) for _, result, domain in found):
        return "pass"
    return "fail" if any(result == "fail" for _, result, _ in found) else None


def _results(value: str, servers: Sequence[str]) -> Iterator[tuple[str, str, str]]:
    """Each method of ours with its result and the domain that it is about; nothing of a foreign server's header."""
    while (bare := _COMMENT.sub(" ", value)) != value:  # comments inside comments
        value = bare
    server, *stated = value.split(";")
    named = server.split()
    if not named or named[0].strip('"').lower() not in {one.lower() for one in servers}:
        return
    for one in stated:
        result = _RESULT.match(one)
        if result and (method := result[1].lower()) in _METHODS:
            domain = _DOMAIN_OF[method].search(one)
            yield method, result[2].lower(), domain[1].lower().rstrip(".") if domain else ""


def _aligned(domain: str, sender: str | None) -> bool:
    """Whether it is the From's domain or one above or below it (RFC 7489 §3.1, relaxed, without a list of suffixes)."""
    of_sender = (sender or "").rpartition("@")[2].lower()
    if not domain or not of_sender or "." not in domain or "." not in of_sender:
        return False
    return domain == of_sender or domain.endswith(f".{of_sender}") or of_sender.endswith(f".{domain}")
