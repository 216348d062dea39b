"""Forged senders get no acknowledgements of ours: a brake on new complaints by mail, and our mail server's own word."""

import asyncio
from collections import Counter
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from complaints.contacts_file import ContactsFile
from complaints.mail import tokens
from complaints.mail.authentication import authenticated
from complaints.settings import Settings, SettingsError
from starter.front_desk import FrontDesk
from starter.intake import Ours, Taken
from starter.quarantine import released
from tests.mail_attacks import BOX, KEY, OURS, ROSA, a_mail, acknowledged, rows, take
from tests.story import CARE_TEAM, Story
from tests.waiting import comes

AT = datetime.now(UTC) - timedelta(hours=15)
FEW = replace(OURS, new_at_once=3)
SERVER = "mx.escuela.example"
CHECKED = replace(OURS, servers=(SERVER,))


@pytest.fixture(autouse=True)
def english(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LANGUAGE", "en")


@pytest.fixture
def desk(story: Story) -> FrontDesk:
    return FrontDesk(story.client, story.store, contacts=ContactsFile(None), task_queue=story.settings.task_queue)


def of(n: int) -> bytes:
    """One of many senders, each with an address of their own."""
    return a_mail(f"Faltaron horas, dice la persona {n}.", sender=f"p{n}@victima{n}.example")


async def notices(story: Story) -> list[str]:
    """The subjects of the notices about the quarantine, once every watch that is due is over."""
    query = f"TaskQueue = '{story.settings.task_queue}' AND WorkflowType = 'QuarantineWatch'"

    async def all_over() -> bool:
        watches = [one async for one in story.client.list_workflows(query)]
        return bool(watches) and all(one.close_time for one in watches)

    await comes(all_over, "end of each watch")
    return [str(letter["Subject"]) for letter in story.sink.to(CARE_TEAM) if "cuarentena" in str(letter["Subject"])]


# -- the brake --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("most", "forged"), [(6, 12), pytest.param(60, 75, marks=pytest.mark.slow)])
async def test_many_forged_senders_are_few_acknowledgements_and_one_notice(
    desk: FrontDesk, story: Story, most: int, forged: int
) -> None:
    """As on 2026-11-28, where 300 had 300 answers, in small: in one go by several readers."""
    assert Ours().new_at_once == 60
    turns = asyncio.Semaphore(6)
    now = datetime.now(UTC)

    async def reader(n: int) -> Taken:
        async with turns:
            return await take(desk, of(n), at=now + timedelta(seconds=n), ours=replace(OURS, new_at_once=most))

    taken = await asyncio.gather(*(reader(n) for n in range(forged)))
    assert Counter(one.quarantined for one in taken) == {None: most, "flood": forged - most}
    assert len(await story.store.quarantined()) == forged - most
    subjects = await notices(story)
    assert len(subjects) == 1
    held = [n for n, one in enumerate(taken) if one.quarantined]
    assert [n for n in held if story.sink.to(f"p{n}@victima{n}.example")] == [], "nobody held back was answered"


async def test_the_count_is_by_receipt_shared_by_all_readers_and_outlives_them(desk: FrontDesk, story: Story) -> None:
    first = [await take(desk, of(n), at=AT, ours=FEW) for n in range(2)]
    another = FrontDesk(story.client, story.store, contacts=ContactsFile(None), task_queue=story.settings.task_queue)
    second = [await take(another, of(n), at=AT + timedelta(minutes=9), ours=FEW) for n in range(2, 5)]
    assert [one.quarantined for one in (*first, *second)] == [None, None, None, "flood", "flood"]
    later = await take(desk, of(6), at=AT + timedelta(minutes=11), ours=FEW)
    assert later.quarantined is None, "ten minutes after the first two"


async def test_mail_that_is_read_out_of_its_order_is_counted_too(desk: FrontDesk, story: Story) -> None:
    """Several readers, and a mailbox that was read from its end: 61 of 60 came through once."""
    turn = (7, 5, 6, 1, 18)
    taken = [await take(desk, of(n), at=AT + timedelta(minutes=n), ours=FEW) for n in turn]
    assert [one.quarantined for one in taken] == [None, None, None, "flood", None]


async def test_a_backlog_of_days_is_no_flood(desk: FrontDesk, story: Story) -> None:
    taken = [await take(desk, of(n), at=AT + timedelta(hours=n), ours=FEW) for n in range(8)]
    assert {one.quarantined for one in taken} == {None}


async def test_a_mail_read_again_is_counted_once_and_stays_what_it_was(desk: FrontDesk, story: Story) -> None:
    mails = [of(n) for n in range(4)]
    first = [await take(desk, raw, at=AT, ours=FEW) for raw in mails]
    async with story.store.connection() as connection:
        await connection.execute("UPDATE messages SET taken_as = NULL, taken_at = NULL, number = NULL")
    again = [await take(desk, raw, at=AT, ours=FEW) for raw in mails]  # the reader died before it could note them
    assert [one.number for one in again] == [one.number for one in first]
    assert [one.quarantined for one in again] == [None, None, None, "flood"]


async def test_answers_are_never_braked(desk: FrontDesk) -> None:
    number = (await take(desk, a_mail(), ours=FEW)).number
    for n in range(5):
        assert (await take(desk, a_mail(f"Agrego {n}.", subject=f"Re: {number}"), ours=FEW)).reply


async def test_one_notice_also_where_other_mail_floods_the_quarantine(desk: FrontDesk, story: Story) -> None:
    long_ago = datetime.now(UTC) - timedelta(days=2)
    for n in range(8):
        raw = a_mail(f"Ausente {n}.", sender=f"p{n}@victima.example", headers={"Auto-Submitted": "auto-replied"})
        assert (await take(desk, raw, at=long_ago + timedelta(seconds=n), ours=FEW)).quarantined == "auto-reply"
    subjects = await notices(story)
    assert len(subjects) == 4, "three of their own, one for the other five"


async def test_the_notice_comes_while_anything_of_the_flood_waits(desk: FrontDesk, story: Story) -> None:
    for n in range(6):
        await take(desk, of(n), at=AT + timedelta(seconds=n), ours=FEW)
    items = sorted(await story.store.quarantined(), key=lambda item: item.received_at)
    assert len({item.flood for item in items}) == 1
    assert items[0].flood is not None
    taken = await released(desk, items[0].name, to=None, new=True, by="ana")
    assert taken.quarantined is None, "a person decides: no brake"
    waiting = await story.store.flood_waiting(items[0].flood)
    assert (waiting.count, waiting.oldest) == (2, items[1].received_at)


# -- what our mail server found ---------------------------------------------------------------------------------------


def checked(said: str, **more: str) -> bytes:
    return a_mail("Faltaron horas.", headers={"Authentication-Results": said, **more})


@pytest.mark.parametrize(
    "said", ["spf=fail smtp.mailfrom=mala.example", "dkim=fail", "dmarc=fail header.from=x.example"]
)
async def test_a_forged_sender_is_held_and_not_acknowledged(desk: FrontDesk, story: Story, said: str) -> None:
    taken = await take(desk, checked(f"{SERVER}; {said}"), ours=CHECKED)
    assert taken.quarantined == "forged-sender"
    assert story.sink.to(ROSA) == []


async def test_another_servers_word_is_no_word(desk: FrontDesk) -> None:
    assert (await take(desk, checked("mx.mala.example; dmarc=fail"), ours=CHECKED)).quarantined is None
    assert (await take(desk, checked(f"{SERVER}; dmarc=fail"), ours=OURS)).quarantined is None, "none is named"


async def test_a_pass_does_not_pass_the_brake(desk: FrontDesk) -> None:
    for n in range(4):
        said = {"Authentication-Results": f"{SERVER}; dmarc=pass header.from=victima{n}.example"}
        raw = a_mail(f"Palabras {n}.", sender=f"p@victima{n}.example", headers=said)
        taken = await take(desk, raw, at=AT, ours=replace(CHECKED, new_at_once=3))
    assert taken.quarantined == "flood"


async def test_a_forged_answer_is_held_with_the_number_and_a_proven_one_is_not(desk: FrontDesk, story: Story) -> None:
    number = (await take(desk, a_mail())).number
    letter = await acknowledged(desk, number)
    forged = a_mail("Cierren.", subject=f"Re: {number}", headers={"Authentication-Results": f"{SERVER}; dmarc=fail"})
    assert (await take(desk, forged, ours=CHECKED)).quarantined == "forged-sender"
    assert [(item.reason, item.number) for item in await story.store.quarantined()] == [("forged-sender", number)]
    signed = tokens.reply_address(BOX, number, keys=[KEY])
    for n, head in enumerate(({"To": signed}, {"In-Reply-To": letter.message_id})):
        said = {"Authentication-Results": f"{SERVER}; dmarc=fail", **head}
        taken = await take(desk, a_mail(f"DNI: 4567891{n}", headers=said), ours=CHECKED)  # a list on the way broke it
        assert (taken.number, taken.reply) == (number, True)
    assert [row["sender_proven"] for row in await rows(desk, number, "message-received")] == [False, False]


@pytest.mark.parametrize(
    ("results", "found"),
    [
        (["mx; dmarc=pass header.from=correo.example"], "pass"),
        (["mx 1; spf=pass smtp.mailfrom=a@correo.example; dkim=fail header.d=correo.example"], "pass"),
        (["mx; spf=pass smtp.mailfrom=a@mala.example; dkim=fail"], "fail"),  # their own domain passes for themselves
        (["mx; spf=pass smtp.mailfrom=a@mala.example; dkim=none"], None),
        (["mx; spf=softfail"], None),
        (["mx; none"], None),
        (["MX (our server (really)); SPF=Fail (no) smtp.mailfrom=x@correo.example"], "fail"),
        (["otro; dmarc=fail", "mx; dmarc=pass"], "pass"),
        (["mx; dmarc=pass", "mx; dmarc=fail"], "fail"),  # one of them is forged
        (["mx.evil; dmarc=fail"], None),
        (["mx", "", ";", "mx;;;= ; dmarc", "mx; dmarc=(" + "(" * 5_000], None),
        (["mx; dkim=pass header.d=example"], None),  # a suffix is nobody's domain
        (["mx; dkim=pass header.d=mail.correo.example", "mx; spf=fail"], "pass"),
    ],
)
def test_what_is_believed_of_authentication_results(results: list[str], found: str | None) -> None:
    assert authenticated(results, "rosa@correo.example", servers=("mx",)) == found


def test_the_settings() -> None:
    settings = Settings.from_env({"MAIL_NEW_AT_ONCE": "5", "MAIL_AUTHSERV_ID": f"{SERVER} mx2.escuela.example"})
    ours = Ours.of(settings, ContactsFile(None).now())
    assert (ours.new_at_once, ours.servers) == (5, (SERVER, "mx2.escuela.example"))
    assert Ours.of(Settings(), ContactsFile(None).now()).new_at_once == 60
    for name, value in (("MAIL_NEW_AT_ONCE", "0"), ("MAIL_AUTHSERV_ID", "mx;evil")):
        with pytest.raises(SettingsError, match=name):
            Settings.from_env({name: value})
