"""The second step of signing in: codes count once each, the lock counts them, administrators take it away."""

import re
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import httpx
import pyotp
import pytest

from complaints import second_factor as factors
from complaints.records.staff import MOST_FAILURES, Role
from complaints.settings import Settings
from complaints.sign_in import SignIn
from desk.app import application
from tests.desk_house import PASSWORD, House, Visitor, hidden, house_of, said
from tests.story import Story

KEYS = {"SECRET_KEY": "0123456789abcdef0123456789abcdef"}
NOON = datetime(2026, 11, 20, 17, 0, tzinfo=UTC)


class Clock:
    """The desk's clock, which only goes on when somebody says so."""

    at = NOON

    def __call__(self) -> datetime:
        return self.at

    def passes(self, **span: float) -> None:
        self.at += timedelta(**span)


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
async def house(story: Story, clock: Clock) -> House:
    house = house_of(story)
    await house.employs("ana", name="Ana Torres")
    office = replace(house.office, settings=Settings.from_env(KEYS), now=clock)
    return replace(house, office=office, app=application(office))


async def sets_up(ana: Visitor, clock: Clock) -> tuple[pyotp.TOTP, list[str]]:
    page = await ana.reads("/second-factor")
    assert "<svg" in page.text
    fields = hidden(page.text, "/second-factor")
    totp = pyotp.TOTP(fields["secret"])
    done = await ana.posts("/second-factor", fields | {"password": PASSWORD, "code": totp.at(clock.at)})
    codes = re.findall(r"<li>([a-z2-9-]{14})</li>", done.text)
    assert (done.status_code, len(codes)) == (200, factors.RECOVERY_CODES)
    return totp, codes


async def comes_to_the_code(visitor: Visitor) -> dict[str, str]:
    answer = await visitor.signs_in("ana", next="/find")
    assert (answer.status_code, answer.headers["location"]) == (303, "/sign-in/code")
    assert (await visitor.reads("/find")).headers["location"].startswith("/sign-in"), "a password alone opens nothing"
    return hidden((await visitor.reads("/sign-in/code")).text, "/sign-in/code")


async def says(visitor: Visitor, fields: dict[str, str], code: str) -> httpx.Response:
    return await visitor.posts("/sign-in/code", fields | {"code": code})


async def test_a_code_lets_in_once_and_never_again(house: House, clock: Clock) -> None:
    async with house.signed_in("ana") as ana, house.visitor() as elsewhere:
        totp, _ = await sets_up(ana, clock)
        fields = await comes_to_the_code(elsewhere)
        assert (await says(elsewhere, fields, totp.at(clock.at))).status_code == 401, "it proved the app a moment ago"
        clock.passes(seconds=30)
        assert (await says(elsewhere, fields, totp.at(clock.at))).headers["location"] == "/find"
        assert (await elsewhere.reads("/find")).status_code == 200
    async with house.visitor() as thief:
        fields = await comes_to_the_code(thief)
        replayed = await says(thief, fields, totp.at(clock.at))
        assert (replayed.status_code, "se usó" in said(replayed)) == (401, True)
        assert (await says(thief, fields, totp.at(clock.at - timedelta(seconds=90)))).status_code == 401


async def test_wrong_codes_are_counted_as_wrong_passwords_are(house: House, clock: Clock) -> None:
    async with house.signed_in("ana") as ana, house.visitor() as thief:
        totp, _ = await sets_up(ana, clock)
        fields = await comes_to_the_code(thief)
        clock.passes(seconds=30)
        for _ in range(MOST_FAILURES):
            assert (await says(thief, fields, "000000")).status_code == 401
        assert (await says(thief, fields, totp.at(clock.at))).status_code == 401, "the account rests"


async def test_a_recovery_code_counts_once_however_it_is_typed(house: House, clock: Clock) -> None:
    async with house.signed_in("ana") as ana, house.visitor() as elsewhere:
        _, codes = await sets_up(ana, clock)
        kept = await house.office.store.second_factor("ana")
        assert kept is not None
        assert not any(code in kept.model_dump_json() for code in codes)
        fields = await comes_to_the_code(elsewhere)
        assert (await says(elsewhere, fields, codes[0].upper().replace("-", " "))).status_code == 303
    async with house.visitor() as again:
        fields = await comes_to_the_code(again)
        assert (await says(again, fields, codes[0])).status_code == 401
        clock.passes(minutes=6)
        late = await says(again, fields, codes[1])
        assert (late.status_code, "contraseña" in said(late)) == (401, True), "half-way for five minutes"


async def test_an_administrator_takes_it_away_and_the_desk_may_ask_everybody(house: House, clock: Clock) -> None:
    await house.employs("luz", Role.ADMIN)
    async with house.signed_in("ana") as ana, house.signed_in("luz") as luz:
        await sets_up(ana, clock)
        await luz.sends("/people", "/people/ana/second-factor")
        assert await house.office.store.second_factor("ana") is None
    asking = replace(house.office, sign_in=SignIn(second_factor=True))
    strict = replace(house, office=asking, app=application(asking))
    async with strict.signed_in("ana") as ana:
        assert (await ana.reads("/find")).headers["location"] == "/second-factor"
        await sets_up(ana, clock)
        assert (await ana.reads("/find")).status_code == 200


async def test_another_second_step_ends_the_sessions_that_were_opened_without_it(house: House, clock: Clock) -> None:
    """ASVS 7.4.3: whoever got in before, with the password alone, is out; whoever sets it up stays."""
    async with house.signed_in("ana") as ana, house.signed_in("ana") as thief:
        _, codes = await sets_up(ana, clock)
        assert (await thief.reads("/find")).status_code == 303
        assert (await ana.reads("/find")).status_code == 200
        fields = await comes_to_the_code(thief)
        assert (await says(thief, fields, codes[0])).headers["location"] == "/find"
        fields = hidden((await ana.reads("/second-factor")).text, "/second-factor")
        assert (await ana.posts("/second-factor", fields | {"off": "1", "password": PASSWORD})).status_code == 303
        assert [(await one.reads("/find")).status_code for one in (ana, thief)] == [200, 303]


async def test_what_signs_one_in_is_changed_with_the_present_password_alone(house: House, clock: Clock) -> None:
    """ASVS 7.5.1: a session that somebody left open is not enough."""
    async with house.signed_in("ana") as ana:
        await sets_up(ana, clock)
        for change in ({"off": "1"}, {"off": "1", "password": "otra"}, {"secret": pyotp.random_base32(), "code": "1"}):
            fields = hidden((await ana.reads("/second-factor")).text, "/second-factor")
            assert (await ana.posts("/second-factor", fields | change)).status_code == 422, change
        fields = hidden((await ana.reads("/password")).text, "/password")
        new = {"old": "otra", "new": "tres perros en el patio 9", "again": "tres perros en el patio 9"}
        assert (await ana.posts("/password", fields | new)).status_code == 422
    assert await house.office.store.second_factor("ana") is not None
    async with house.visitor() as visitor:
        await comes_to_the_code(visitor)  # the old password, and the second step


def test_the_secret_is_kept_sealed_and_codes_are_those_of_the_standard() -> None:
    keys = (b"0123456789abcdef", b"an older one 12345")
    secret = factors.new_secret()
    kept = factors.sealed(secret, keys=keys[1:])
    assert secret not in kept
    assert factors.unsealed(kept, keys=keys) == secret, "an older key still opens"
    with pytest.raises(factors.CannotUnseal):
        factors.unsealed(kept, keys=keys[:1])
    rfc_6238 = "GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ"  # appendix B's secret, of which apps show six of its eight digits
    assert factors.step_of(rfc_6238, "287082", datetime.fromtimestamp(59, UTC)) == 1
    assert factors.step_of(rfc_6238, "287 082", datetime.fromtimestamp(89, UTC)) == 1
    assert factors.step_of(rfc_6238, "287082", datetime.fromtimestamp(120, UTC)) is None
    assert factors.step_of(rfc_6238, "２８７０８２", datetime.fromtimestamp(59, UTC)) is None
