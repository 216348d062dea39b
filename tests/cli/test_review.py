"""The review and the digest at a terminal (§10)."""

from datetime import UTC, datetime, timedelta

from tests.records_examples import a_batch, a_record, a_row, days
from tests.terminal import Terminal

SPANISH = {"LANGUAGE": "es"}
MAY = datetime(2026, 5, 12, 15, tzinfo=UTC)


async def closed_in_may(terminal: Terminal, source_key: str) -> str:
    record = a_record(source_key, seq=2, stage="closed", outcome="satisfied", closed_at=MAY + days(3), received_at=MAY)
    rows = (a_row(1, at=MAY), a_row(2, "closed", at=MAY + days(3), outcome="satisfied"))
    await terminal.store.write(a_batch(record, *rows))
    return record.number


def in_days(count: int) -> str:
    return (datetime.now(UTC) + timedelta(days=count)).date().isoformat()


async def test_a_month_is_reviewed_by_commands_alone(terminal: Terminal) -> None:
    first, second = [await closed_in_may(terminal, f"cli-review/{key}") for key in "ab"]
    opened = await terminal.facts("review", "open", "2026-05")
    assert (opened["month"], opened["cases"], opened["state"]) == ("2026-05", 2, "sent")
    assert (await terminal.runs("review", "tick", "2026-05", first, "--by", "Ana")).code == 0
    assert (await terminal.runs("review", "tick", "2026-05", first, "--undo")).code == 0
    assert (await terminal.runs("review", "tick", "2026-05", first.lower(), "--by", "Ana")).code == 0
    assert (await terminal.runs("review", "note", "2026-05", "--text", "-", stdin="Nadie llamó.")).code == 0
    action = ("review", "action", "2026-05", "--text", "Turno", "--owner", "care_team", "--kind", "service")
    for _ in range(2):
        assert (await terminal.runs(*action, "--due", in_days(5), "--id", "once")).code == 0
    assert (await terminal.runs("review", "move", "2026-05", "1", "--due", in_days(9))).code == 0
    told = (await terminal.runs("review", "show", "2026-05", env=SPANISH)).out
    for said in ("1/2", f"✓ {first}", f"○ {second}", "Nadie llamó.", "2026-05/1", "Turno"):
        assert said in told
    refused = await terminal.runs("review", "sign-off", "2026-05", env=SPANISH)
    assert (refused.code, refused.out) == (1, "")
    assert "Sin marcar en la revisión 2026-05: 1, no 0" in refused.err
    assert (await terminal.runs("review", "sign-off", "2026-05", "--carry", "1", "--by", "Luis")).code == 0
    assert (await terminal.runs("review", "done", "2026-05", "1", "--text", "Hecho el lunes")).code == 0
    facts = await terminal.facts("review", "show", "2026-05")
    assert (facts["summary"]["signed_off_by"], facts["actions"][0]["result"]) == ("Luis", "Hecho el lunes")
    assert len(facts["actions"]) == 1
    listed = (await terminal.runs("review", env=SPANISH)).out
    assert "2026-05  1/2  cerrada por Luis  acciones pendientes: 0" in listed


async def test_what_cannot_be_is_refused_in_a_sentence(terminal: Terminal) -> None:
    for words, said in (
        (("show", "2031-01"), "No se ha abierto ninguna revisión de 2031-01"),
        (("tick", "2031-01", "Q-1"), "No se ha abierto ninguna revisión de 2031-01"),
        (("open", "2099-01"), "2099-01 todavía no termina: su revisión se puede abrir desde el 2099-02-01."),
        (("open", "mayo"), "«mayo» no es un mes como 2026-07."),
        (("action", "2031-01", "--text", "x", "--owner", "nadie", "--due", in_days(1)), "Nadie responde como «nadie»"),
        (("action", "2031-01", "--text", "x", "--owner", "care_team", "--due", "2020-01-01"), "ya pasó"),
        (("action", "2031-01", "--text", " ", "--owner", "care_team", "--due", in_days(1)), "Texto:"),
    ):
        ran = await terminal.runs("review", *words, env=SPANISH)
        assert ran.code == 1, words
        assert said.casefold() in ran.err.casefold(), (words, ran.err)
        assert "Traceback" not in ran.err


async def test_the_digest_shows_what_would_be_sent_and_sends_nothing(terminal: Terminal) -> None:
    late = datetime.now(UTC) - timedelta(hours=3)
    record = a_record("cli-digest/1", late=True, due=late, received_at=MAY)
    await terminal.store.write(a_batch(record, a_row(1, at=MAY)))
    try:
        await _digest_is_shown(terminal, record.number)
    finally:
        # It has no run: left open, it would be a lost one to the doctor of the tests that share this terminal.
        ended = a_record("cli-digest/1", seq=2, stage="closed", outcome="satisfied", closed_at=late, received_at=MAY)
        await terminal.store.write(a_batch(ended, a_row(2, "closed", at=late, outcome="satisfied")))


async def _digest_is_shown(terminal: Terminal, number: str) -> None:
    before = len(terminal.sink.letters)
    shown = await terminal.runs("digest", "--for", "care_team")
    assert (shown.code, shown.err) == (0, "")
    assert number in shown.out
    assert "atencion@" in shown.out
    facts = await terminal.facts("digest")
    assert {"key", "name", "email", "subject", "text", "count"} <= facts[0].keys()
    assert len(terminal.sink.letters) == before
    nobody = await terminal.runs("digest", "--for", "nadie", env=SPANISH)
    assert (nobody.code, nobody.err) == (
        1, "Hoy no espera nada a «nadie»: `complaints digest` muestra a quién sí.\n",
    )  # fmt: skip
