"""Signing in through an identity provider: whom it lets in, what it must prove, and what is refused."""

from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass, replace
from typing import Any
from urllib.parse import parse_qs, urlsplit

import httpx
import pytest
from joserfc.jwk import ECKey, OctKey, RSAKey

from complaints.records.sessions import OIDC
from complaints.records.staff import Role
from complaints.sign_in import Oidc, SignIn
from desk.app import application
from desk.staff.identity import Provider
from tests.desk_house import ADDRESS, House, Visitor, hidden, house_of, said
from tests.oidc_provider import CLIENT, SECRET, TestProvider, a_provider
from tests.story import Story

BACK = f"{ADDRESS}/sign-in/oidc/callback"
ANA = {"sub": "u-1", "email": "Ana.Torres@escuela.example", "email_verified": True}


@dataclass
class Place:
    """A desk and its identity provider."""

    house: House
    provider: TestProvider

    def set(self, *, passwords: bool = True, **changes: Any) -> None:
        """The desk with these settings."""
        oidc = Oidc.model_validate(
            {"issuer": self.provider.issuer, "client_id": CLIENT, "client_secret": SECRET, "name": "Escuela",
             "redirect_uri": BACK, **changes}
        )  # fmt: skip
        sign_in = SignIn(passwords=passwords, oidc=oidc)
        self.house.office = replace(self.house.office, sign_in=sign_in, provider=Provider(oidc))
        self.house.app = application(self.house.office)

    async def comes(self, visitor: Visitor, path: str = "/sign-in/oidc") -> httpx.Response:
        """Goes to the provider and comes back; the desk's answer."""
        begun = await visitor.reads(path)
        assert begun.status_code == 303, begun.text
        async with httpx.AsyncClient() as browser:
            there = await browser.get(begun.headers["location"])
        assert there.status_code == 303, there.text
        return await visitor.reads(there.headers["location"].removeprefix(ADDRESS))


@pytest.fixture
async def place(story: Story) -> AsyncIterator[Place]:
    house = house_of(story)
    await house.employs("ana", name="Ana Torres")
    await house.office.store.set_email("ana", "ana.torres@escuela.example")
    async with a_provider(BACK) as provider:
        provider.somebody = dict(ANA)
        there = Place(house, provider)
        there.set()
        yield there


async def test_an_address_that_the_provider_has_verified_lets_somebody_in_and_links_them(place: Place) -> None:
    async with place.house.visitor() as ana:
        assert 'href="/sign-in/oidc?next=%2Ffind"' in (await ana.reads("/sign-in?next=/find")).text
        answer = await place.comes(ana, "/sign-in/oidc?next=/find")
        assert (answer.status_code, answer.headers["location"]) == (303, "/find")
        assert "Ana Torres" in (await ana.reads("/find")).text
        [own] = await place.house.office.store.sessions_of("ana", here="")
        assert own.via == OIDC
    place.provider.somebody = {"sub": "u-1"}  # from now on the subject alone says who it is
    async with place.house.visitor() as ana:
        assert (await place.comes(ana)).headers["location"] == "/"
    place.provider.somebody = ANA | {"sub": "u-2"}  # the address was given to somebody else
    async with place.house.visitor() as stranger:
        assert (await place.comes(stranger)).status_code == 403


async def test_the_address_may_stand_in_userinfo(place: Place) -> None:
    place.provider.email_in_token = False
    async with place.house.visitor() as ana:
        assert (await place.comes(ana)).headers["location"] == "/"


@pytest.mark.parametrize(
    "somebody",
    [
        {"sub": "u-9", "email": "otra@escuela.example", "email_verified": True},
        ANA | {"email_verified": False},
        ANA | {"email_verified": None},
        {"sub": "u-1"},
    ],
    ids=["an unknown account", "an address that is not verified", "nobody says whether it is", "no address"],
)
async def test_whoever_has_no_account_stays_outside(place: Place, somebody: dict[str, Any]) -> None:
    place.provider.somebody = somebody
    async with place.house.visitor() as visitor:
        answer = await place.comes(visitor)
        assert (answer.status_code, "no tiene acceso" in said(answer)) == (403, True)
        assert (await visitor.reads("/find")).headers["location"].startswith("/sign-in")


async def test_a_disabled_account_stays_outside_also_when_it_is_linked(place: Place) -> None:
    async with place.house.visitor() as ana:
        await place.comes(ana)
        await place.house.office.store.disable_staff("ana")
        assert (await ana.reads("/find")).headers["location"].startswith("/sign-in")
        assert (await place.comes(ana)).status_code == 403


@pytest.mark.parametrize(
    "twist",
    [
        {"nonce": "another"},
        {"nonce": None},
        {"aud": "another-client"},
        {"aud": [CLIENT, "another-client"]},
        {"azp": "another-client"},
        {"iss": "https://evil.example"},
        {"exp": 1_600_000_000},
        {"exp": None},
        {"iat": None},
        {"sub": None},
        {"sub": ""},
    ],
    ids=str,
)
async def test_an_id_token_that_does_not_fit_lets_nobody_in(place: Place, twist: dict[str, Any]) -> None:
    place.provider.twist = twist
    async with place.house.visitor() as visitor:
        answer = await place.comes(visitor)
        assert (answer.status_code, "No se pudo comprobar" in said(answer)) == (401, True)


@pytest.mark.parametrize(
    "key",
    [lambda: RSAKey.generate_key(2048), lambda: OctKey.import_key("0" * 64)],
    ids=["another's key", "a shared secret"],
)
async def test_a_token_that_the_provider_did_not_sign_lets_nobody_in(place: Place, key: Callable[[], Any]) -> None:
    place.provider.signs_with = key()
    async with place.house.visitor() as visitor:
        assert (await place.comes(visitor)).status_code == 401


async def test_new_keys_of_the_provider_are_found(place: Place) -> None:
    async with place.house.visitor() as ana:
        assert (await place.comes(ana)).status_code == 303
    place.provider.key = ECKey.generate_key("P-256", {"kid": "1", "use": "sig"})
    async with place.house.visitor() as ana:
        assert (await place.comes(ana)).status_code == 303


async def test_only_the_browser_that_began_comes_back(place: Place) -> None:
    async with place.house.visitor() as ana, place.house.visitor() as victim:
        begun = await ana.reads("/sign-in/oidc")
        async with httpx.AsyncClient() as browser:
            there = await browser.get(begun.headers["location"])
        back = there.headers["location"].removeprefix(ADDRESS)
        assert (await victim.reads(back)).status_code == 400
        await victim.reads("/sign-in/oidc")  # with an attempt of their own
        assert (await victim.reads(back)).status_code == 400
        assert (await ana.reads(back)).status_code == 303
        assert (await ana.reads(back)).status_code == 400  # the attempt is over


async def test_whoever_gives_up_there_or_finds_nobody_there_is_told(place: Place) -> None:
    place.provider.somebody = None
    async with place.house.visitor() as ana:
        gave_up = await place.comes(ana)
        assert (gave_up.status_code, "No se completó" in said(gave_up)) == (401, True)
    place.set(issuer="http://127.0.0.1:9")
    async with place.house.visitor() as ana:
        away = await ana.reads("/sign-in/oidc")
        assert (away.status_code, "no responde" in said(away)) == (503, True)
        assert "contraseña" in away.text  # the other way stays open


async def test_a_claim_may_say_the_role(place: Place) -> None:
    place.set(role_claim="realm.roles", roles=(("jefes", "manager"), ("todos", "agent")))
    place.provider.somebody = ANA | {"realm": {"roles": ["todos", "jefes"]}}
    async with place.house.visitor() as ana:
        assert (await place.comes(ana)).status_code == 303
        assert "gerencia" in (await ana.reads("/sessions")).text
    [member] = await place.house.office.store.staff()
    assert member.role is Role.MANAGER
    for claims in ({"realm": {"roles": ["alumnos"]}}, {"realm": "x"}, {}):
        place.provider.somebody = ANA | claims
        async with place.house.visitor() as ana:
            assert (await place.comes(ana)).status_code == 403


async def test_passwords_may_be_switched_off(place: Place) -> None:
    place.set(passwords=False)
    async with place.house.visitor() as ana:
        page = (await ana.reads("/sign-in")).text
        assert 'type="password"' not in page
        token = hidden(page, "/language")
        answer = await ana.posts("/sign-in", token | {"account": "ana", "password": "x"})
        assert (answer.status_code, "set-cookie" in answer.headers) == (404, False)
        assert (await place.comes(ana)).status_code == 303
        assert (await ana.reads("/password")).status_code == 404


async def test_a_first_password_need_not_be_changed_by_whoever_uses_none(place: Place) -> None:
    hashed = await place.house.office.passwords.hashed("la que le dieron 123")
    await place.house.office.store.set_password("ana", hashed, temporary=True)
    async with place.house.visitor() as ana:
        await place.comes(ana)
        assert (await ana.reads("/find")).status_code == 200


async def test_signing_out_leaves_the_provider_too(place: Place) -> None:
    async with place.house.visitor() as ana:
        await place.comes(ana)
        answer = await ana.sends("/find", "/sign-out")
        assert (answer.status_code, answer.headers["refresh"]) == (200, "0; url=/sign-out/oidc")
        leaving = await ana.reads("/sign-out/oidc")
        there = urlsplit(leaving.headers["location"])
        assert there.path == "/leave"
        assert parse_qs(there.query)["post_logout_redirect_uri"] == [f"{ADDRESS}/sign-in"]
        assert (await ana.reads("/find")).headers["location"].startswith("/sign-in")


async def test_without_a_provider_its_addresses_lead_nowhere(story: Story) -> None:
    house = house_of(story)
    async with house.visitor() as visitor:
        assert (await visitor.reads("/sign-in/oidc")).status_code == 404
        assert (await visitor.reads("/sign-in/oidc/callback?code=x&state=y")).status_code == 404
        assert "oidc" not in (await visitor.reads("/sign-in")).text
