"""A limit for each network address, and whose word on addresses counts; the settings of signing in."""

from collections.abc import Sequence
from dataclasses import replace
from ipaddress import ip_network

import httpx
import pytest

from complaints.records.sessions import FROM_ONE_PLACE
from complaints.settings import SettingsError
from complaints.sign_in import SignIn
from desk.app import application
from desk.client_address import address_of
from tests.desk_house import ADDRESS, House, Visitor, house_of, said
from tests.story import Story

PROXIES = (ip_network("127.0.0.0/8"), ip_network("10.0.0.0/8"))


@pytest.mark.parametrize(
    ("connected", "forwarded", "trusted", "whence"),
    [
        ("203.0.113.9", [], PROXIES, "203.0.113.9"),
        ("203.0.113.9", ["198.51.100.1"], PROXIES, "203.0.113.9"),  # no proxy of ours: its word is nothing
        ("127.0.0.1", ["198.51.100.1"], (), "127.0.0.1"),
        ("127.0.0.1", ["198.51.100.1"], PROXIES, "198.51.100.1"),
        ("127.0.0.1", ["1.1.1.1, 198.51.100.1"], PROXIES, "198.51.100.1"),  # what stands before it anybody writes
        ("127.0.0.1", ["1.1.1.1", "198.51.100.1, 10.1.2.3"], PROXIES, "198.51.100.1"),
        ("127.0.0.1", ["unknown"], PROXIES, "127.0.0.1"),
        ("127.0.0.1", ["10.0.0.7"], PROXIES, "10.0.0.7"),
        ("::ffff:127.0.0.1", ["2001:db8::1"], PROXIES, "2001:db8::1"),
        ("", ["198.51.100.1"], PROXIES, "None"),
    ],
)
def test_a_visitors_address(connected: str, forwarded: list[str], trusted: Sequence[object], whence: str) -> None:
    assert str(address_of(connected, forwarded, trusted)) == whence  # type: ignore[arg-type]


@pytest.fixture
async def house(story: Story) -> House:
    house = house_of(story)
    house.office = replace(house.office, sign_in=SignIn(trusted_proxies=(ip_network("127.0.0.1"),)))
    house.app = application(house.office)
    return house


def visitor_from(house: House, address: str) -> Visitor:
    transport = httpx.ASGITransport(app=house.app)
    headers = {"x-forwarded-for": address}
    return Visitor(httpx.AsyncClient(transport=transport, base_url=ADDRESS, headers=headers))


async def test_whoever_tries_many_accounts_from_one_place_rests(house: House) -> None:
    await house.employs("ana")
    guesser, colleague = visitor_from(house, "2001:db8:1:2::a"), visitor_from(house, "2001:db8:1:3::a")
    for number in range(FROM_ONE_PLACE):
        assert (await guesser.signs_in(f"nadie{number}", "x")).status_code == 401
    assert (await guesser.signs_in("ana")).status_code == 429
    neighbour = visitor_from(house, "2001:db8:1:2::b")  # another address of the same household
    answer = await neighbour.signs_in("ana")
    assert (answer.status_code, "desde esta conexión" in said(answer)) == (429, True)
    assert (await colleague.signs_in("ana")).status_code == 303


async def test_the_rest_of_a_place_ends(house: House, fresh_database: str) -> None:
    import asyncpg

    await house.employs("ana")
    guesser = visitor_from(house, "198.51.100.1")
    connection = await asyncpg.connect(fresh_database)
    for _ in range(2):
        assert (await guesser.signs_in("nadie", "x")).status_code == 401
        await connection.execute("UPDATE sign_in_failures SET failures = 30")
        assert (await guesser.signs_in("ana")).status_code == 429
        await connection.execute("UPDATE sign_in_failures SET since = now() - interval '16 minutes'")
    assert (await guesser.signs_in("ana")).status_code == 303
    kept = await connection.fetch("SELECT place FROM sign_in_failures")
    await connection.close()
    assert "198.51.100.1" not in str(kept)


OIDC = {"OIDC_ISSUER": "https://id.example/", "OIDC_CLIENT_ID": "desk"}


def test_the_settings_of_an_identity_provider() -> None:
    env = OIDC | {"OIDC_CLIENT_SECRET": "s", "OIDC_ROLE_CLAIM": "groups", "OIDC_ROLES": "jefes=manager, todos = agent"}
    read = SignIn.from_env(env | {"PASSWORD_SIGN_IN": "0", "TRUSTED_PROXIES": "127.0.0.1, 10.0.0.0/8"},
                           public_url="https://quejas.example")  # fmt: skip
    assert read.oidc is not None
    assert (read.oidc.issuer, read.oidc.redirect_uri) == (
        "https://id.example",
        "https://quejas.example/sign-in/oidc/callback",
    )
    assert read.oidc.roles == (("jefes", "manager"), ("todos", "agent"))
    assert (read.passwords, len(read.trusted_proxies)) == (False, 2)
    assert "s'" not in repr(read.oidc.client_secret)
    assert SignIn.from_env({}, public_url=None) == SignIn()


@pytest.mark.parametrize(
    ("env", "named"),
    [
        ({"PASSWORD_SIGN_IN": "0"}, "OIDC_ISSUER"),
        ({"OIDC_ISSUER": "id.example"}, "OIDC_ISSUER"),
        ({"OIDC_ISSUER": "https://id.example"}, "OIDC_CLIENT_ID"),
        (OIDC | {"OIDC_ROLES": "x=king", "OIDC_ROLE_CLAIM": "g"}, "OIDC_ROLES"),
        (OIDC | {"OIDC_ROLES": "x=agent"}, "OIDC_ROLE_CLAIM"),
        ({"TRUSTED_PROXIES": "proxy"}, "TRUSTED_PROXIES"),
    ],
)
def test_a_setting_that_cannot_be_used_is_named(env: dict[str, str], named: str) -> None:
    with pytest.raises(SettingsError, match=named):
        SignIn.from_env(env, public_url="https://quejas.example")


def test_an_identity_provider_needs_a_public_address() -> None:
    with pytest.raises(SettingsError, match="PUBLIC_URL"):
        SignIn.from_env(OIDC, public_url=None)
