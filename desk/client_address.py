"""Where a request comes from: which site, and which network address as far as our own proxies vouch for it."""

import hashlib
from collections.abc import Sequence
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_address, ip_network
from urllib.parse import urlsplit

from starlette.requests import Request

LONGEST_BROWSER = 200


def place_of(http: Request, trusted: Sequence[IPv4Network | IPv6Network]) -> str:
    """A digest of the visitor's address; of IPv6 its /64, which one household has."""
    return _digest(_network(_visitor(http, trusted), 64))


def site_of(http: Request, trusted: Sequence[IPv4Network | IPv6Network]) -> str:
    """The same of a whole site: of IPv6 its /48, among whose /64 one visitor may choose."""
    return _digest(f"site/{_network(_visitor(http, trusted), 48)}")


def from_this_site(http: Request) -> bool:
    """Whether a form was sent from a page of ours, as far as its browser says; `null` is what our own pages send."""
    site = http.headers.get("sec-fetch-site")
    if site is not None and site not in ("same-origin", "none"):
        return False
    origin = http.headers.get("origin")
    return origin in (None, "null") or urlsplit(origin or "").netloc == http.headers.get("host")


def address_of(
    connected: str, forwarded: Sequence[str], trusted: Sequence[IPv4Network | IPv6Network]
) -> IPv4Address | IPv6Address | None:
    """The last address of the chain that is none of our proxies': whatever stands before it, anybody can write."""
    chain = [hop.strip() for line in forwarded for hop in line.split(",")]
    address = _read(connected)
    while address is not None and chain and any(address in network for network in trusted):
        before = _read(chain.pop())
        if before is None:
            break
        address = before
    return address


def browser_of(http: Request) -> str | None:
    """What the browser says it is, in a few words: `Firefox · Windows`."""
    said = http.headers.get("user-agent", "")[:1_000]
    browser = next((name for sign, name in _BROWSERS if sign in said), None)
    system = next((name for sign, name in _SYSTEMS if sign in said), None)
    return " · ".join(filter(None, (browser, system)))[:LONGEST_BROWSER] or None


# The first that fits: most browsers claim to be those before them as well.
_BROWSERS = (
    ("Edg", "Edge"), ("OPR/", "Opera"), ("SamsungBrowser", "Samsung Internet"), ("Firefox", "Firefox"),
    ("FxiOS", "Firefox"), ("CriOS", "Chrome"), ("HeadlessChrome", "Chrome"), ("Chrome", "Chrome"), ("Safari", "Safari"),
)  # fmt: skip
_SYSTEMS = (
    ("Android", "Android"), ("iPhone", "iPhone"), ("iPad", "iPad"), ("Windows", "Windows"), ("Mac OS", "macOS"),
    ("CrOS", "ChromeOS"), ("Linux", "Linux"),
)  # fmt: skip


def _visitor(http: Request, trusted: Sequence[IPv4Network | IPv6Network]) -> IPv4Address | IPv6Address | None:
    return address_of(http.client.host if http.client else "", http.headers.getlist("x-forwarded-for"), trusted)


def _network(address: IPv4Address | IPv6Address | None, prefix: int) -> str:
    if isinstance(address, IPv6Address):
        return str(ip_network(f"{address}/{prefix}", strict=False))
    return str(address) if address else "unknown"


def _digest(said: str) -> str:
    return hashlib.sha256(said.encode()).hexdigest()


def _read(text: str) -> IPv4Address | IPv6Address | None:
    try:
        address = ip_address(text)
    except ValueError:
        return None
    return address.ipv4_mapped or address if isinstance(address, IPv6Address) else address
