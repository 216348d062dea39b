"""Whose digest says what: everybody who answers for a case, each mailbox once, and nobody with nothing."""

from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest

from complaints.contacts import Contacts, Post, load_contacts
from complaints.digest import Digest, digests_of, stranger
from complaints.mail.digest import MOST, render_digest
from complaints.policy_file import load_policy
from complaints.records.store import Store
from complaints.responsible import Responsible
from complaints.rules.digest import DigestDay, Standing, digest_order
from complaints.rules.policy import rules_in_force
from complaints.rules.report.review_record import ReviewAction
from tests.records_examples import a_batch, a_call, a_record, a_row
from tests.story import lima

POLICY = load_policy()
CALENDAR = rules_in_force(POLICY, date(2026, 7, 1)).calendar
OPENING = lima("2026-07-27 09:00")
MONDAY = DigestDay.of(date(2026, 7, 27), CALENDAR, at=OPENING)
ANA = Post.model_validate({"name": "Ana Torres", "email": "ana@escuelaconstrucciondigital.com"})
CONTACTS = load_contacts().model_copy(update={"representatives": {"ana": ANA}})

MANAGER, DIRECTOR = "administration_manager", "general_director"


def case(**known: Any) -> Standing:
    """One in investigation in the academic department, on schedule."""
    usual = {
        "number": "Q-7KF3-02M9D", "stage": "investigation", "level": 0, "late": False, "department": "academic",
        "representative": "ana", "past_legal_limit": False,
    }  # fmt: skip
    return Standing.model_validate({**dict.fromkeys(Standing.model_fields), **usual, **known})


def told(*cases: Standing, actions: tuple[ReviewAction, ...] = (), contacts: Contacts = CONTACTS) -> list[Digest]:
    return digests_of(cases, actions, day=MONDAY, contacts=contacts, policy=POLICY)


def parts(*cases: Standing, **more: Any) -> dict[str, list[str]]:
    return {digest.key: list(digest.cases) for digest in told(*cases, **more)}


def test_tomorrow_is_the_next_business_day() -> None:
    assert MONDAY.next_day == date(2026, 7, 30), "28 and 29 July are Fiestas Patrias"
    friday = DigestDay.of(date(2026, 7, 31), CALENDAR, at=lima("2026-07-31 09:00"))
    assert friday.next_day == date(2026, 8, 3)
    assert (MONDAY.ends, MONDAY.next_ends) == (lima("2026-07-28 00:00"), lima("2026-07-31 00:00"))


@pytest.mark.parametrize(
    ("known", "expected"),
    [
        ({}, {}),  # nothing is due: nobody hears anything
        ({"due": lima("2026-07-27 18:00")}, {"representative/ana": ["today"]}),
        ({"unread_since": lima("2026-07-24 10:00")}, {"representative/ana": ["unread"]}),
        ({"unread_since": lima("2026-07-24 10:00"), "stage": "assessment"}, {"care_team": ["unread"]}),
        ({"due": lima("2026-07-30 18:00")}, {"representative/ana": ["tomorrow"]}),
        ({"due": lima("2026-07-31 18:00")}, {}),  # the day after tomorrow
        ({"stage": "assessment", "due": lima("2026-07-27 18:00")}, {"care_team": ["today"]}),  # §5.1 is the care team's
        # §5.3: late is told to who works on it and to the head, as the letter is
        ({"late": True}, {"department/academic": ["late"], "representative/ana": ["late"]}),
        # §7: the level that has it, and who goes on working
        (
            {"level": 1, "late": True},
            {MANAGER: ["late"], "department/academic": ["late"], "representative/ana": ["late"]},
        ),
        ({"level": 2, "untouched_since": OPENING}, {DIRECTOR: ["untouched"]}),
        # Ley 31435: the first rung, and every rung that has it
        ({"past_legal_limit": True}, {MANAGER: ["legal"], "representative/ana": ["legal"]}),
        (
            {"past_legal_limit": True, "level": 2},
            {MANAGER: ["legal"], DIRECTOR: ["legal"], "representative/ana": ["legal"]},
        ),
        ({"call_due": lima("2026-07-27 13:00")}, {"representative/ana": ["calls"]}),
        ({"call_due": lima("2026-07-26 13:00"), "representative": None}, {"care_team": ["calls"]}),  # overdue
        ({"call_due": lima("2026-07-30 13:00")}, {}),
        ({"next_word_at": lima("2026-07-27 22:00")}, {"representative/ana": ["updates"]}),
        ({"next_word_at": lima("2026-07-28 00:00")}, {}),
        ({"stage": "confirmation", "next_word_at": OPENING}, {}),  # a reminder, to which nothing can be added
    ],
)  # fmt: skip
def test_each_part_goes_to_those_who_answer_for_it(known: dict[str, Any], expected: dict[str, list[str]]) -> None:
    assert parts(case(**known)) == expected


def test_nobody_knows_a_strangers_address_so_the_head_stands_in_and_the_care_team_for_a_head() -> None:
    due = lima("2026-07-27 18:00")
    assert parts(case(due=due, representative="Alguien de Fuera")) == {"department/academic": ["today"]}
    assert parts(case(due=due, representative=None, department="inventada")) == {"care_team": ["today"]}


def test_an_address_of_the_school_is_written_to_and_its_key_names_nobody() -> None:
    address = "luz@escuelaconstrucciondigital.com"
    [digest] = told(case(due=lima("2026-07-27 18:00"), representative=address))
    assert (digest.key, digest.person.email) == (stranger(address), address)
    assert "luz" not in digest.key


def test_who_has_two_roles_gets_one_digest_that_names_a_case_once() -> None:
    contacts = CONTACTS.model_copy(update={"care_team": ANA.model_copy(update={"name": "Atención"})})
    [digest] = told(
        case(due=lima("2026-07-27 18:00"), stage="assessment"),
        case(number="Q-1AB2-C3D4E", call_due=OPENING, late=False),
        contacts=contacts,
    )
    assert digest.key == "care_team"
    assert {part: len(named) for part, named in digest.cases.items()} == {"calls": 1, "today": 1}
    assert digest.count == 2


def test_the_gravest_stands_first() -> None:
    [manager] = [
        one
        for one in told(
            case(level=1, due=lima("2026-07-27 18:00")),
            case(level=1, late=True, past_legal_limit=True, untouched_since=OPENING),
        )
        if one.key == MANAGER
    ]
    assert list(manager.cases) == ["legal", "late", "untouched", "today"]


def action(owner: str, due: date = date(2026, 7, 27)) -> ReviewAction:
    return ReviewAction(
        month="2026-06", action=1, kind="process", words="Lista diaria.", owner=owner, due=due, by="Ana", at=OPENING
    )


def test_a_reviews_action_reaches_its_owner_and_the_care_team_where_they_have_left() -> None:
    found = told(actions=(action("department/systems"), action("representative/gone")))
    assert {digest.key: len(digest.actions) for digest in found} == {"department/systems": 1, "care_team": 1}


def test_whom_an_action_can_be_given_to() -> None:
    people = Responsible(CONTACTS, date(2026, 7, 27))
    assert {"care_team", MANAGER, DIRECTOR, "department/finance", "representative/ana"} <= set(people.keys)
    assert people.name("representative/ana", "es") == "Ana Torres"
    assert people.name("department/systems", "en") == "Jefatura de Sistemas (Systems)"
    assert people.name("care_team", "es") == "Atención al Cliente"
    assert people.name("nobody/there", "es") == "nobody/there"
    assert people.representative("ana@escuelaconstrucciondigital.com") == "representative/ana"


Actions = tuple[ReviewAction, ...]

JORGE: dict[str, Any] = {"customer": "Jorge Huamán Ríos", "about": "Certificado con nombre mal escrito, DNI 44556677",
                         "late": True, "due": lima("2026-07-17 18:00")}  # fmt: skip


def lines(
    known: dict[str, Any], key: str, *, desk: str | None = "https://quejas.example", actions: Actions = ()
) -> str:
    digest = next(one for one in told(case(**known), actions=actions) if one.key == key)
    letter = render_digest(
        digest_order(digest.key, MONDAY, language="es"), digest.person, cases=digest.cases, actions=digest.actions,
        contacts=CONTACTS, timezone="America/Lima", calendar=CALENDAR, desk_url=desk,
    )  # fmt: skip
    return " ".join(letter.text.split())


def test_a_line_is_a_sentence_and_leads_to_the_form() -> None:
    new = {**JORGE, "stage": "assessment", "representative": None, "department": None}
    assert (
        "Jorge H. · Certificado con nombre mal escrito, DNI 44556677: nadie la evaluó · 4 días hábiles tarde · la "
        "tiene Atención al Cliente → Evaluar https://quejas.example/cases/Q-7KF3-02M9D?act=assess#act-assess"
    ) in lines(new, "care_team")
    assert "nadie la resolvió · 4 días hábiles tarde · la tenía Ana Torres → Resolver" in lines(
        JORGE | {"level": 1}, MANAGER
    )


def test_whatever_is_late_says_by_how_many_business_days() -> None:
    """A call, and an action of the review, too; what is over since this weekend is not a business day late yet."""
    called = lines({**JORGE, "late": False, "due": None, "call_due": lima("2026-07-17 10:00")}, "representative/ana")
    assert "a las 10:00 a. m. · 4 días hábiles tarde" in called
    done = lines({"due": lima("2026-07-27 18:00")}, "representative/ana",
                 actions=(action("representative/ana", date(2026, 7, 20)),))  # fmt: skip
    assert "Lista diaria. (venció el lunes 20 de julio: 3 días hábiles tarde)" in done
    assert "hábiles tarde" not in lines(JORGE | {"due": lima("2026-07-25 13:00")}, "representative/ana")
    law = lines(JORGE | {"due": lima("2026-08-04 18:00"), "late_since": lima("2026-07-17 18:00"),
                         "past_legal_limit": True}, "representative/ana")  # fmt: skip
    assert "nadie la resolvió · 4 días hábiles tarde" in law


def test_where_only_a_message_is_late_nobody_is_blamed_for_the_stage() -> None:
    waits = {"due": lima("2026-08-04 18:00"), "late_since": lima("2026-07-21 18:00"),
             "unread_since": lima("2026-07-20 12:00")}  # fmt: skip
    assert "nadie respondió lo que escribió el cliente · 2 días hábiles tarde" in lines(
        JORGE | waits, "representative/ana"
    )


def test_a_department_reads_neither_the_name_nor_a_document() -> None:
    said = lines({**JORGE, "representative": None}, "department/academic")
    assert "Certificado con nombre mal escrito, DNI […]: nadie la resolvió" in said
    assert "Jorge" not in said


def test_without_a_desk_the_number_stands_in_the_line() -> None:
    assert "Q-7KF3-02M9D · Jorge H. · Certificado" in lines(JORGE, "representative/ana", desk=None)


def test_a_long_day_is_cut_and_counted() -> None:
    many = [case(number=f"Q-1AB2-C3D{place:02}", late=True, due=OPENING - timedelta(days=3)) for place in range(40)]
    digest = next(one for one in told(*many) if one.key == "representative/ana")
    letter = render_digest(
        digest_order(digest.key, MONDAY, language="es"), digest.person, cases=digest.cases, actions=(),
        contacts=CONTACTS, timezone="America/Lima", calendar=CALENDAR,
    )  # fmt: skip
    assert letter.subject == "Quejas de hoy, lunes 27 de julio: 40 vencidas"
    assert letter.text.count("Q-1AB2") == MOST
    assert f"Y {40 - MOST} más, en el tablero." in letter.text
    assert letter.as_bytes()


# -- what the records say --------------------------------------------------------------------------------------------


async def standing(store: Store) -> dict[str, Standing]:
    return {one.number: one for one in await store.standing(MONDAY)}


async def test_only_what_may_matter_that_day_is_asked_for(store: Store) -> None:
    quiet = a_record("quiet", due=lima("2026-08-12 18:00"), next_word_at=lima("2026-07-29 09:00"))
    spoken = a_record("spoken", due=lima("2026-08-12 18:00"), next_word_at=lima("2026-07-27 09:00"))
    closed = a_record("closed", late=True, stage="closed", outcome="satisfied", closed_at=OPENING)
    called = a_record("called", due=lima("2026-08-12 18:00"))
    for record in (quiet, spoken, closed):
        await store.write(a_batch(record))
    due, again = lima("2026-07-24 12:00"), lima("2026-07-27 11:00")
    await store.write(a_batch(called, calls=(a_call(due=due, next_at=again, attempts=1),)))
    found = await standing(store)
    assert set(found) == {spoken.number, called.number}
    assert found[spoken.number].next_word_at == lima("2026-07-27 09:00")
    assert found[called.number].call_due == again, "after an attempt: when to try again"


@pytest.mark.parametrize(
    ("after", "untouched"),
    [
        ((), True),
        (("letter-sent", "late/investigation", "updated"), True),  # clocks and letters touch nothing
        (("noted",), False),
        (("letter-sent", "called"), False),
    ],
)
async def test_escalated_and_untouched_is_until_somebody_acts(
    store: Store, after: tuple[str, ...], untouched: bool
) -> None:
    rows = [a_row(1), a_row(2, "noted"), a_row(3, "escalated", at=datetime(2026, 7, 24, 23, tzinfo=UTC))]
    rows += [a_row(seq, what, at=OPENING) for seq, what in enumerate(after, start=4)]
    record = a_record("risen", seq=len(rows), level=1, stage="investigation", owner=MANAGER)
    await store.write(a_batch(record, *rows))
    since = (await standing(store))[record.number].untouched_since
    assert (since is not None) is untouched


async def test_past_the_legal_limit_stays_named_until_the_end(store: Store) -> None:
    record = a_record("legal", seq=3, late=True, stage="confirmation")
    await store.write(a_batch(record, a_row(1), a_row(2, "late/legal"), a_row(3, "resolved")))
    assert (await standing(store))[record.number].past_legal_limit
