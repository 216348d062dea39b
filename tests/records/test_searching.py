"""Finding a complaint by anything that anybody wrote in it (F5)."""

import json
from typing import Any

import asyncpg
import pytest

from complaints.records.indexing import FORGET
from complaints.records.messages import FileToKeep, MailToKeep
from complaints.records.migrate import migrate
from complaints.records.near_words import nearest, spellings, within
from complaints.records.searching import Way
from complaints.records.store import Store
from complaints.rules.facts import FACTS
from complaints.rules.written import TELLING, written_in
from tests.records_examples import MONDAY, a_batch, a_record, a_row, days

MAIL = """Buenas tardes, soy alumno del curso de AutoCAD. Me enviaron el certificado con mi apellido mal escrito.
Pueden llamarme al 987 654-321 o escribir. Pagué S/ 1,250.00 por la transferencia 0045-77120934."""


def a_story(source_key: str = "mail:1", *, seq: int = 1, **changes: Any) -> Any:
    record = a_record(source_key, seq=seq, customer_name="Jorge Huamán", document=None, phone=None, **changes)
    problem = {"description": record.description, "remedy_sought": "Que lo impriman en cartulina"}
    row = a_row(1, "received", received={"subject": record.subject, "problem": problem, "product": record.product})
    return a_batch(record, row)


@pytest.mark.parametrize(
    ("asked", "marked"),
    [
        ("AutoCAD", "AutoCAD"),  # the four of F5
        ("certificado", "certificado"),
        ("987654321", "987 654-321"),
        ("CERTIFICADOS", "certificado"),  # another form of the word
        ("certficado", "certificado"),  # a letter lost
        ("ceritficado", "certificado"),  # two exchanged
        ("sertificdo", "certificado"),  # two slips in a long word
        ("autocda", "AutoCAD"),
        ("auto cad", "AutoCAD"),  # one word that was two
        ("apellido certificado", "certificado"),  # every word, in any order
        ("el certificado de autocad", "AutoCAD"),  # what says nothing is no condition
        ("77120934", "77120934"),  # the end of a longer number
        ("+51 987 654 321", "987 654-321"),  # with its country
        ("cartulina", "cartulina"),  # what they ask for
        ("transferencia de huaman", "transferencia"),  # what was said, and by whom
    ],
)
async def test_what_stands_in_the_mail_finds_it_and_is_shown(store: Store, asked: str, marked: str) -> None:
    story = a_story(description=MAIL, subject="Certificado con el nombre mal escrito")
    await store.write(story)
    await store.write(a_batch(a_record("mail:2", description="El profesor llegó tarde a todas las clases.")))
    [found] = await store.found(asked)
    assert found.record.number == story.record.number
    assert found.snippet is not None
    shown = [part.text.casefold() for part in found.snippet.parts if part.marked]
    assert marked.casefold() in shown


async def test_4_whose_name_and_number_were_read_wrongly_is_not_known_by_them_any_more(store: Store) -> None:
    """§4, F3: a caller with that telephone is offered no stranger's complaint; what was written is found as before."""
    wrong = a_record("mail:1", customer_name="Jorge Huamán", document="44556677", phone="987654321", description=MAIL)
    await store.write(a_batch(wrong, a_row(1, "received", received={"problem": {"description": MAIL}})))
    assert [one.number for one in await store.find_customer("7654321")] == [wrong.number]
    right = wrong.model_copy(
        update={"customer_name": "Rosa Quispe", "document": "45678912", "phone": "912345678", "seq": 2}
    )
    rejected = a_row(2, "reading-rejected", field="document", value="44556677")
    await store.write(a_batch(right, rejected))
    for gone in ("7654321", "987654321", "jorge huaman", "4556677", "44556677"):
        assert await store.find_customer(gone) == [], gone
    for known in ("2345678", "quispe rosa", "45678912"):
        assert [one.number for one in await store.find_customer(known)] == [wrong.number], known
    assert [one.way for one in await store.found("987654321")] == [Way.SAID], "it stands in the mail"


@pytest.mark.parametrize("beginning", ["Q-3TAZ", "q-3t", "3taz", "Q 3TAZ ES", "3TAZESQ", "q3taz"])
async def test_the_beginning_of_a_number_finds_it(store: Store, beginning: str) -> None:
    await store.write(a_batch(a_record()))
    await store.write(a_batch(a_record("mail:2")))
    assert [found.record.number for found in await store.found(beginning)] == ["Q-3TAZ-ESQPQ"]


@pytest.mark.parametrize(
    ("what", "data", "asked", "place"),
    [
        ("resolved", {"text": "Se reembolsa la matrícula.", "cause": "doble cobro"}, "reembolso", "text"),
        ("resolved", {"corrective_actions": ["Avisar a tesorería"]}, "tesorería", "corrective_actions"),
        ("noted", {"text": "Habló con la coordinadora Beltrán"}, "beltran", "text"),
        ("message-received", {"text": "Sigo esperando mi constancia"}, "constancia", "text"),
        ("called", {"notes": "Contestó su hermana Milagros", "reached": True}, "milagros", "notes"),
        ("customer-dissatisfied", {"reason": "No me sirve un vale"}, "vale", "reason"),
        ("closed-by-decision", {"reason": "Prescribió según indecopi"}, "indecopi", "reason"),
    ],
)
async def test_what_was_said_later_finds_it_too_also_once_it_is_closed(
    store: Store, what: str, data: dict[str, Any], asked: str, place: str
) -> None:
    await store.write(a_story())
    closed = a_story(seq=2, closed_at=MONDAY + days(3), outcome="satisfied").record
    await store.write(a_batch(closed, a_row(2, what, **data)))
    [found] = await store.found(asked)
    assert found.snippet is not None
    assert (found.snippet.what, found.snippet.place) == (what, place)


async def test_what_programs_note_is_no_word_of_anybody(store: Store) -> None:
    await store.write(a_story())
    bounced = a_row(2, "letter-bounced", key="1/acknowledgement/customer", reason="mailbox unavailable")
    await store.write(a_batch(a_story(seq=3).record, bounced, a_row(3, "noted", text="Nada", event_id="cafecafe")))
    for asked in ("unavailable", "acknowledgement", "cafecafe"):
        assert await store.found(asked) == []


async def test_a_word_after_the_end_and_the_names_of_files_find_it(store: Store) -> None:
    number = a_story().record.number
    await store.write(a_story())
    await store.add_afterword(number, event_id="1", at=MONDAY, what="feedback-given", data={"text": "Muy amables"})
    file = FileToKeep(
        name="boleta-matricula.pdf", type="application/pdf", declared="", size=1, digest="a" * 64, data=b"x"
    )
    mail = MailToKeep(
        raw=b"raw", mailbox="soporte", received_at=MONDAY, message_id=None, source_key="mail:1", sender=None,
        kind="reply", score=1, evidence=(), files=(file,),
    )  # fmt: skip
    digest = (await store.keep_mail(mail)).digest
    await store.mail_taken(digest, "reply", number, wrote=["Enviado desde mi casa en Chorrillos"])
    for asked, place in (("amables", "text"), ("boleta", "file")):
        [found] = await store.found(asked)
        assert found.snippet is not None
        assert found.snippet.place == place
    assert [found.record.number for found in await store.found("chorrillos")] == [number]  # in the mail only


async def test_who_it_is_comes_before_what_was_said(store: Store) -> None:
    said = a_record("a", customer_name="Luis Vega", description="La profesora Rosa no vino.", received_at=MONDAY)
    named = a_record("b", customer_name="Rosa Salas", received_at=MONDAY - days(40))
    for record in (said, named):
        await store.write(a_batch(record))
    assert [(found.record.number, found.way) for found in await store.found("rosa")] == [
        (named.number, Way.CUSTOMER),
        (said.number, Way.SAID),
    ]


async def test_a_slip_of_the_customer_does_not_hide_the_others(store: Store) -> None:
    """Who types `certficado` finds the one who wrote it so, and after that one those who wrote it right."""
    wrong, right = (
        a_record("a", description="Mi certficado no llega"),
        a_record("b", description="Mi certificado no llega"),
    )
    for record in (wrong, right):
        await store.write(a_batch(record))
    ways = {found.record.number: found.way for found in await store.found("certficado")}
    assert ways == {wrong.number: Way.SAID, right.number: Way.NEAR}


async def test_a_short_name_that_was_found_is_not_searched_for_its_neighbours(store: Store) -> None:
    await store.write(a_batch(a_record("a", customer_name="Rosa Salas")))
    await store.write(a_batch(a_record("b", customer_name="Luis Vega", email=None, description="Es una cosa muy rara")))
    assert len(await store.found("rosa")) == 1


async def test_words_of_two_complaints_find_neither(store: Store) -> None:
    await store.write(a_batch(a_record("a", description="El certificado")))
    await store.write(a_batch(a_record("b", description="El aula")))
    assert await store.found("certificado aula") == []


@pytest.mark.parametrize("asked", ["'", "a'b:*", "!", "& |", "\\", "%", "(", "x" * 3000, "\x00", "…" * 10, "٩" * 9])
async def test_whatever_is_typed_is_only_looked_for(store: Store, asked: str) -> None:
    await store.write(a_batch(a_record()))
    assert await store.found(asked) == []


async def test_a_complaint_full_of_different_words_is_still_kept(store: Store) -> None:
    """What the index leaves out is no reason to lose a row."""
    for seq in range(1, 7):
        text = " ".join(f"palabra{seq}{chr(97 + i % 26)}{i}" for i in range(9_000))
        await store.write(a_batch(a_record(seq=seq), a_row(seq, "noted", text=text)))
    assert len(await store.journal(a_record().number)) == 6
    assert await store.found("palabra1a0")


async def test_forgotten_is_forgotten(store: Store) -> None:
    """Nothing leads to it, and of its words only those that another complaint has are still known."""
    gone, kept = (
        a_record("a", description="Mi perrito Firulais"),
        a_record("b", description="Mi gatito Micifuz", email=None),
    )
    for record in (gone, kept):
        await store.write(a_batch(record.model_copy(update={"product": None})))
    async with store.connection() as connection:
        await connection.execute(FORGET, gone.number)
    assert await store.found("firulais") == []
    async with store.connection() as connection:
        known = {row["word"] for row in await connection.fetch("SELECT word FROM search_vocabulary")}
    assert "firulais" not in known
    assert {"micifuz", "gatito", "nunez"} <= known


async def test_what_was_there_before_is_found_after_the_migration(empty_database: str) -> None:
    await migrate(empty_database, target="0012")
    connection = await asyncpg.connect(empty_database)
    row = {"received": {"subject": "Certificado", "problem": {"description": MAIL}}}
    await connection.execute(
        "INSERT INTO complaints (number, source_key, channel, language, received_at, customer_name, description, "
        "stage, level, round, late, policy_version, seq, name_folded, document_folded, email_folded, phone_digits) "
        "SELECT 'Q-' || i, i::text, 'email', 'es', now(), 'Jorge Huamán', $1, 'assessment', 0, 1, false, '1', 1, "
        "'', '', '', '' FROM generate_series(1, 1100) AS i",
        MAIL,
    )
    await connection.execute(
        "INSERT INTO journal (number, seq, at, what, via, data) SELECT number, 1, now(), 'received', 'signal', "
        "$1::jsonb FROM complaints",
        json.dumps(row),
    )
    await connection.close()
    await migrate(empty_database)
    store = await Store.connect(empty_database)
    try:
        for asked in ("autocad", "certficado", "987654321", "huaman"):
            assert len(await store.found(asked, limit=2000)) == 1100
        record = await store.record("Q-7")
        assert record is not None
        assert record.subject == "Certificado"
    finally:
        await store.close()


def test_every_text_of_a_fact_is_somebodys_word_unless_it_is_a_mark() -> None:
    """A new fact with words is found without anybody's thinking of it."""
    assert set(FACTS) - set(TELLING) == {"letter-bounced"}
    assert dict(written_in("new-thing", {"text": "x"})) == {}
    for name in TELLING[1:]:
        assert dict(written_in(name, {"anything": "palabras", "event_id": "1", "by": "ana"})) == {
            "anything": "palabras"
        }


@pytest.mark.parametrize(
    ("one", "other", "slips"),
    [
        ("certificado", "certificado", 0),
        ("certficado", "certificado", 1),
        ("ceritficado", "certificado", 1),  # exchanged
        ("sertificdo", "certificado", 2),
        ("pago", "paso", 1),
        ("", "abc", 3),
    ],
)
def test_slips_are_counted(one: str, other: str, slips: int) -> None:
    for word, meant in ((one, other), (other, one)):
        assert within(word, meant, slips)
        assert not slips or not within(word, meant, slips - 1)


def test_whatever_is_near_shares_a_spelling() -> None:
    """Every word one slip away from a short one, and every word two slips away from a long one, letter by letter."""
    letters = "abcdefghijklmnopqrstuvwxyz"

    def slipped(word: str) -> set[str]:
        cuts = [(word[:i], word[i:]) for i in range(len(word) + 1)]
        lost = {a + b[1:] for a, b in cuts if b}
        wrong = {a + c + b[1:] for a, b in cuts if b for c in letters}
        added = {a + c + b for a, b in cuts for c in letters}
        exchanged = {a + b[1] + b[0] + b[2:] for a, b in cuts if len(b) > 1}
        return lost | wrong | added | exchanged

    for word in ("pagos", "boleta", "factura", "certificado"):
        kept = set(spellings(word))
        for typed in slipped(word):
            if len(typed) >= 4:
                assert kept & set(spellings(typed)), f"{typed} does not lead to {word}"
    kept = set(spellings("certificado"))
    for once in sorted(slipped("certificado"))[::40]:
        for twice in sorted(slipped(once))[::40]:
            if within(twice, "certificado", 2) and twice != "certificado":
                assert kept & set(spellings(twice)), f"{twice} does not lead to certificado"
                assert nearest(twice, ["certificado", "otro"], most=2) == ["certificado"]
