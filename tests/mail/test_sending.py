"""Sending through pool and ledger: what the scripted server accepted is the ground truth of "effectively once"."""

import asyncio
import re
import ssl
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from temporalio.exceptions import ApplicationError
from temporalio.testing import ActivityEnvironment

from activities import letters as sending
from activities.letters import LetterActivities
from complaints.contacts_file import ContactsFile
from complaints.mail.letters import OwnAddresses
from complaints.mail.outgoing import Mailer, NotAccepted, SmtpAddress, SmtpTimeouts
from complaints.mail.rate_limiter import RateLimiter
from complaints.mail.tokens import bounce_address, letter_in, number_in, reply_address
from complaints.records.store import Store
from complaints.rules.letters import LetterKind, LetterOutcome, LetterState
from complaints.rules.page_links import PLACE
from tests.golden_letters.examples import order, rich
from tests.smtp_script import DROP, Script, identity, patience_with, server

__all__ = ["identity"]  # a fixture

SENDER, TO = "soporte@escuela.example", "rosa.quispe@correo.example"
RAW = b"Subject: hola\r\nMessage-ID: <1@escuela.example>\r\n\r\nuno\r\n"
PATIENT = SmtpTimeouts(connect=60.0, command=60.0, data_start=60.0, data_block=60.0, data_end=60.0)
KEYS = (b"k" * 32, b"old" * 12)


# -- the ledger and the server together ------------------------------------------------------------------------------


class Office:
    """A worker's letters activity with a real ledger and a scripted mail server; each attempt is one call."""

    def __init__(self, store: Store, script: Script, *, timeouts: SmtpTimeouts | None = None, **settings: Any) -> None:
        self.store, self.script = store, script
        address, timeouts = SmtpAddress("127.0.0.1", script.port, tls="none"), timeouts or patience_with(script)
        self.mailer = Mailer(address, timeouts=timeouts, hello_as="e.example")
        contacts = ContactsFile(None)
        self.letters = LetterActivities(store, self.mailer, contacts, timezone="America/Lima", **settings)

    async def attempt(self, kind: LetterKind = LetterKind.ACKNOWLEDGEMENT, **changes: Any) -> LetterOutcome:
        made = order(kind, rich(kind)).model_copy(update=changes)
        outcome: LetterOutcome = await ActivityEnvironment().run(self.letters.send_letter, made)
        return outcome

    async def fails(self, **changes: Any) -> ApplicationError:
        with pytest.raises(ApplicationError) as failed:
            await self.attempt(**changes)
        return failed.value

    async def state(self) -> LetterState:
        (row,) = await self.store.letters()
        return row.state


@asynccontextmanager
async def office(dsn: str, script: Script, **settings: Any) -> AsyncIterator[Office]:
    store = await Store.connect(dsn, max_size=4)
    try:
        async with server(script):
            opened = Office(store, script, **settings)
            yield opened
            await opened.mailer.close()
    finally:
        await store.close()


TEMPORARY = [
    ({"connect": ["421 4.3.2 busy"]}, "the server takes nobody in right now"),
    ({"RCPT": ["450 4.2.1 greylisted"]}, "greylisted once"),
    ({"DATA": [DROP]}, "dropped before the letter was handed over"),
    ({"dot": ["451 4.3.0 disk"]}, "refused after the dot, for now"),
]


@pytest.mark.parametrize(("answers", "why"), TEMPORARY)
async def test_a_temporary_failure_is_tried_again_and_goes_out_once(
    fresh_database: str, answers: dict[str, list[str]], why: str
) -> None:
    async with office(fresh_database, Script(answers)) as at:
        failed = await at.fails()
        assert (failed.type, failed.non_retryable) == ("NotAcceptedYet", False), why
        assert await at.state() is LetterState.DUE
        assert (await at.attempt()).state is LetterState.SENT
        assert (await at.attempt()).state is LetterState.SENT  # asked once more, nothing goes out
        assert len(at.script.message_ids) == 1


@pytest.mark.parametrize("answers", [{"RCPT": ["550 5.1.1 nobody here"]}, {"dot": ["552 5.2.2 mailbox full"]}])
async def test_a_refusal_for_good_is_an_outcome_and_never_tried_again(
    fresh_database: str, answers: dict[str, list[str]]
) -> None:
    async with office(fresh_database, Script(answers)) as at:
        outcome = await at.attempt()
        assert outcome.state is LetterState.FAILED
        assert outcome.reason is not None
        assert "@" not in outcome.reason
        assert (await at.attempt()).state is LetterState.FAILED
        assert at.script.message_ids == []


async def test_an_answer_lost_after_the_dot_is_uncertain_counted_and_sent_again_as_the_same_letter(
    fresh_database: str,
) -> None:
    async with office(fresh_database, Script({"dot": [DROP]})) as at:
        failed = await at.fails(resend_after_hours=6)
        assert (failed.type, failed.next_retry_delay) == ("UncertainYet", timedelta(hours=6))
        assert await at.store.uncertain_count() == 1
        assert (await at.attempt()).state is LetterState.SENT
        assert await at.store.uncertain_count() == 0
        (row,) = await at.store.letters()
        assert row.uncertain_at is not None, "that it may have gone out twice stays known"
        assert at.script.message_ids == [row.message_id] * 2


async def test_where_the_policy_leaves_it_to_people_an_uncertain_letter_is_not_sent_again(fresh_database: str) -> None:
    async with office(fresh_database, Script({"dot": [DROP]})) as at:
        for _ in range(2):
            assert (await at.attempt(resend_uncertain=False)).state is LetterState.UNCERTAIN
        assert len(at.script.message_ids) == 1
        assert [row.key for row in await at.store.letters(uncertain=True)] == ["1/acknowledgement/customer"]


async def test_an_answer_within_the_wait_is_no_duplicate(fresh_database: str) -> None:
    # RFC 5321's ten minutes, scaled: 70 s of 600 s are 1 s of 8.6 s, and here it may be a minute
    async with office(fresh_database, Script({"dot": ["after 0.12 s: 250 2.0.0 queued"]})) as at:
        assert (await at.attempt()).state is LetterState.SENT
        assert len(at.script.message_ids) == 1


async def test_a_letter_that_waits_for_its_turn_is_not_claimed(
    fresh_database: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sending, "TURN_WITHIN", timedelta(seconds=0.1))
    async with office(fresh_database, Script()) as at:
        async with at.mailer.turn(), at.mailer.turn(), at.mailer.turn():
            failed = await at.fails()
        assert (failed.type, failed.non_retryable) == ("MailIsBusy", False)
        assert await at.store.letters() == []
        assert (await at.attempt()).state is LetterState.SENT


async def test_the_link_is_in_the_bytes_alone_and_the_same_at_every_attempt(fresh_database: str) -> None:
    linked: dict[str, Any] = {"public_url": "https://quejas.example", "own": OwnAddresses(keys=KEYS)}
    async with office(fresh_database, Script({"dot": [DROP]}), **linked) as at:
        await at.fails()
        assert (await at.attempt()).state is LetterState.SENT
        first, second = (re.sub(rb"=\r?\n", b"", raw) for raw in at.script.accepted)
        links = re.findall(rb"https://quejas\.example/c/[A-Za-z0-9-]+\.[0-9a-f]+\.[a-z2-7]{20}", first)
        assert len({*links}) == 1
        assert first == second
        (row,) = await at.store.letters()
        assert links[0].decode() not in row.text + row.html
        assert PLACE in row.text


async def test_a_letter_that_was_claimed_with_a_link_waits_where_the_settings_allow_none_any_more(
    fresh_database: str,
) -> None:
    linked: dict[str, Any] = {"public_url": "https://quejas.example", "own": OwnAddresses(keys=KEYS)}
    async with office(fresh_database, Script({"RCPT": ["451 4.3.0 later"]}), **linked) as at:
        assert (await at.fails()).type == "NotAcceptedYet"
    async with office(fresh_database, Script()) as at:
        failed = await at.fails()
        assert (failed.type, "set PUBLIC_URL and SECRET_KEY" in failed.message) == ("NotAcceptedYet", True)
        assert await at.state() is LetterState.DUE
        assert at.script.accepted == []


async def test_a_letter_says_where_it_comes_back_to_and_where_it_is_answered(fresh_database: str) -> None:
    own = OwnAddresses(keys=KEYS, bounces="rebotes@escuela.example")
    script = Script(extensions=("SIZE 1000000", "DSN", "SMTPUTF8"))
    async with office(fresh_database, script, own=own) as at:
        await at.attempt()
        (row,) = await at.store.letters()
    mail, rcpt = script.envelopes
    back = mail.partition("<")[2].partition(">")[0]
    assert letter_in(back, domain=row.message_id.rpartition("@")[2].rstrip(">"), keys=KEYS) == row.message_id
    assert f"RET=HDRS ENVID={row.message_id[1:41]}" in mail
    assert "NOTIFY=FAILURE,DELAY" in rcpt
    assert script.accepted[0].startswith(b"From: ")
    assert b"rebotes" not in script.accepted[0], "the address to come back to is the envelope's alone"
    (reply_to,) = [line for line in script.accepted[0].decode().split("\r\n") if line.startswith("Reply-To:")]
    assert number_in(reply_to.partition(": ")[2].strip("<>"), keys=KEYS) == row.number


async def test_without_dsn_nothing_of_it_is_said(fresh_database: str) -> None:
    async with office(fresh_database, Script()) as at:
        await at.attempt()
    assert not any("NOTIFY" in line or "ENVID" in line for line in at.script.envelopes)


# -- tokens ----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("number", ["Q-7KF3-02M9D", "S-0a1b2c", "A" * 30])
def test_a_reply_address_leads_to_its_case(number: str) -> None:
    made = reply_address("soporte@escuela.example", number, keys=KEYS)
    assert number_in(made, keys=KEYS) == number
    assert number_in(made, keys=(b"new" * 12, KEYS[0])) == number, "keys can be rotated"
    assert len(made.partition("@")[0]) <= 64


FORGED = [
    "soporte@escuela.example",
    "soporte+@escuela.example",
    "soporte+Q-7KF3-02M9D@escuela.example",
    "soporte+Q-7KF3-02M9D-aaaaaaaaaaaaaaaa@escuela.example",
    "soporte+\udcff-\udcff@escuela.example",
    "",
]


@pytest.mark.parametrize("address", FORGED)
def test_a_forged_address_leads_nowhere(address: str) -> None:
    assert number_in(address, keys=KEYS) is None
    assert letter_in(address, domain="escuela.example", keys=KEYS) is None


def test_a_token_is_for_its_purpose_and_its_case_alone() -> None:
    made = reply_address("soporte@escuela.example", "Q-7KF3-02M9D", keys=KEYS)
    assert number_in(made.replace("02M9D", "02M9E"), keys=KEYS) is None
    assert number_in(made, keys=(b"z" * 32,)) is None
    assert letter_in(made, domain="escuela.example", keys=KEYS) is None
    assert reply_address("soporte@escuela.example", "Q-7KF3-02M9D", keys=()) == "soporte@escuela.example"


def test_a_bounce_address_in_small_letters_still_leads_to_its_letter() -> None:
    message_id = f"<{'0a' * 20}@escuela.example>"
    made = bounce_address("rebotes@escuela.example", message_id, keys=KEYS)
    assert letter_in(made.upper(), domain="escuela.example", keys=KEYS) == message_id


def test_a_mailbox_with_no_room_for_a_token_stays_plain() -> None:
    assert reply_address(f"{'x' * 40}@e.example", "Q-7KF3-02M9D", keys=KEYS) == f"{'x' * 40}@e.example"


# -- the limit a minute ----------------------------------------------------------------------------------------------


@pytest.mark.parametrize("per_minute", [1, 5, 60, 600])
async def test_in_no_minute_more_letters_leave_than_the_limit(per_minute: int, monkeypatch: pytest.MonkeyPatch) -> None:
    clock = 0.0

    async def passes(seconds: float) -> None:
        nonlocal clock
        clock += seconds

    monkeypatch.setattr("complaints.mail.rate_limiter.time.monotonic", lambda: clock)
    monkeypatch.setattr("complaints.mail.rate_limiter.asyncio.sleep", passes)
    limiter, left = RateLimiter(per_minute), []
    for _ in range(per_minute * 3 + 2):
        await limiter.take()
        left.append(clock)
    most = max(sum(start <= at < start + 60 for at in left) for start in left)
    assert most <= per_minute
    assert clock <= 60 * 4, "and the limit is used"


async def test_without_a_limit_nobody_waits() -> None:
    await asyncio.wait_for(asyncio.gather(*(RateLimiter(None).take() for _ in range(1_000))), 60)


# -- a busy or unkind server -----------------------------------------------------------------------------------------


async def test_a_server_that_dawdles_with_one_letter_does_not_hold_up_the_others() -> None:
    async with server(Script({"dot": ["when released: 250 2.0.0 queued"]})) as script:
        mailer = Mailer(SmtpAddress("127.0.0.1", script.port, tls="none"), timeouts=PATIENT, connections=2)
        slow = asyncio.create_task(mailer.send(RAW, sender=SENDER, to=[TO]))
        await asyncio.wait_for(script.handing_over.wait(), 60)
        for _ in range(5):
            await mailer.send(RAW, sender=SENDER, to=[TO])
        assert not slow.done()
        script.released.set()
        await slow
        await mailer.close()
    assert (len(script.accepted), script.connections) == (6, 2)


async def test_all_connections_dropped_at_once_are_made_anew_and_no_letter_is_lost() -> None:
    async with server(Script()) as script:
        mailer = Mailer(SmtpAddress("127.0.0.1", script.port, tls="none"), timeouts=PATIENT, connections=3)
        await asyncio.gather(*(mailer.send(RAW, sender=SENDER, to=[TO]) for _ in range(6)))
        for hang_up in script.hang_up:
            hang_up()
        await asyncio.gather(*(mailer.send(RAW, sender=SENDER, to=[TO]) for _ in range(6)))
        await mailer.close()
    assert (len(script.accepted), script.connections) == (12, 6)


async def test_a_certificate_for_another_name_is_refused(identity: tuple[Path, Path]) -> None:
    own = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    own.load_cert_chain(*identity)
    async with server(Script(), own) as script:
        address = SmtpAddress("127.0.0.1", script.port, tls="implicit")  # it is for localhost
        trusting = ssl.create_default_context(cafile=identity[0])
        with pytest.raises(NotAccepted, match="certificate could not be verified") as refusal:
            await Mailer(address, timeouts=PATIENT, tls_context=trusting).send(RAW, sender=SENDER, to=[TO])
    assert refusal.value.temporary, "not about the letter: it goes out once the certificate is right"
    assert script.accepted == []


async def test_a_letter_to_a_domain_in_other_letters_goes_to_its_ascii_form(fresh_database: str) -> None:
    async with office(fresh_database, Script()) as at:
        outcome = await at.attempt(customer_email="rosa@peñaflor.example")
        assert outcome.state is LetterState.SENT
    domain = "peñaflor.example".encode("idna").decode()
    assert any(line.startswith(f"RCPT TO:<rosa@{domain}>") for line in at.script.envelopes)
    assert not any("SMTPUTF8" in line for line in at.script.envelopes)


async def test_a_letter_to_a_name_in_other_letters_needs_a_server_that_takes_it(fresh_database: str) -> None:
    async with office(fresh_database, Script(extensions=("SIZE 1000000",))) as at:
        outcome = await at.attempt(customer_email="ñusta@correo.example")
        assert outcome.state is LetterState.FAILED
        assert "RFC 6531" in (outcome.reason or "")
