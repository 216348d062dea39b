"""How fast a complaint is found among 100,000, by each kind of question, and what the index costs.

uv run python -m benchmarks.finding [CASES]

The complaints are made by SQL as the version before the index left them: the migration that makes it is timed by
itself, and so are those that follow, of which one links every row into the hash chain.
"""

import asyncio
import statistics
import sys
import tempfile
import time
from pathlib import Path

import asyncpg

from benchmarks.desk import Took, p95
from benchmarks.processor import Processor
from complaints.records.migrate import migrate
from complaints.records.store import Store
from complaints.rules.journal import CaseRecord, RecordBatch, Row
from local.stack.postgres import Postgres

CASES = 100_000
WORDS_OF_EACH = 60
ROUNDS, WARM_UP = 60, 5
TARGET = 100.0
"""Milliseconds, p95, each kind."""

QUESTIONS = {
    "a name": ("quispe rosa", "huaman", "nuñez lucia", "rosa"),
    "the beginning of a name": ("qu", "ros", "hua lu"),
    "a rare word": ("tarapoto", "zamacola", "iquitos"),
    "what everybody writes": ("certificado", "reembolso de matrícula", "el aula virtual"),
    "what one in fifty writes": ("{middling}",),
    "the beginning of many words": ("cam", "tor", "niv"),
    "an accent": ("matrícula tarapoto", "IQUÍTOS", "zamácola"),
    "two words, one of them rare": ("certificado tarapoto", "autocad iquitos", "reembolso zamacola"),
    "two words that never meet": ("tarapoto zamacola", "iquitos tarapoto"),
    "digits in a text": ("987054321", "987 054-321", "054321"),
    "the beginning of a number": ("Q-MF48", "B-77", "b-4242"),
    "a slip": ("certficado tarapotto", "autocda iqitos", "zamacolla"),
    "nothing that there is": ("xyzwvut", "zzzz qqqq", "kjhgfdsa"),
    "one letter": ("a", "q", "ñ"),
    "400 letters": ("x" * 400, "certificado " * 34, "a" * 200 + " " + "b" * 199),
    "no letter at all": ("%_\\", "''", '"%" OR 1=1 --', "…"),
    "a page far on": ("certificado@20", "reembolso@20"),
}
"""`@20`: its twentieth page. `{middling}`: a word that one complaint in fifty has, looked up."""

# The first words are what complaints are about; the rest, made of syllables, are everything else that people write.
VOCABULARY = """
CREATE TABLE bench_words AS SELECT row_number() OVER () AS id, word FROM (
    SELECT unnest(ARRAY['certificado', 'autocad', 'reembolso', 'matricula', 'aula', 'virtual', 'profesor', 'clases',
        'curso', 'horario', 'revit', 'examen', 'pago', 'boleta', 'constancia', 'apellido', 'correo', 'demora'])
    UNION ALL
    SELECT DISTINCT word FROM (
        SELECT (
            SELECT string_agg(substr('camtorilusopenadivermostanque', 1 + 2 * floor(14 * random())::integer, 2), '')
            FROM generate_series(1, 2 + (i % 4))
        ) AS word FROM generate_series(1, 40000) AS i
    ) AS made
) AS all_words (word)
"""
COMPLAINTS = """
INSERT INTO complaints (number, source_key, channel, language, received_at, customer_name, document, email, phone,
    description, product, stage, level, round, late, policy_version, seq, closed_at, outcome,
    name_folded, document_folded, email_folded, phone_digits)
SELECT 'B-' || i, 'bench/' || i, 'email', 'es', now() - i * interval '10 minutes', name, 40000000 + i,
    'c' || i || '@correo.example', '9' || 10000000 + i, description, 'Curso de Revit', 'closed', 0, 1, false, '1', 1,
    CASE WHEN i > 10000 THEN now() END, CASE WHEN i > 10000 THEN 'satisfied' END,
    translate(lower(name), 'áéíóúñ', 'aeioun'), 40000000 + i, 'c' || i || '@correo.example', '9' || 10000000 + i
FROM (
    SELECT i, (ARRAY['Rosa','Luis','Carmen','Jorge','Lucía','Pedro','Inés','Raúl'])[1 + i % 8] || ' '
           || (ARRAY['Quispe','Huamán','Flores','Rojas','Salas','Núñez','Díaz'])[1 + i % 7] || ' '
           || (ARRAY['Vega','Mamani','Torres','Ruiz','Chávez'])[1 + i % 5] AS name,
        said
        || CASE WHEN i % 2000 = 7 THEN ' El certificado no llegó a Tarapoto, llámenme al 987 054-321.' ELSE '' END
        || CASE WHEN i % 3000 = 9 THEN ' El reembolso de AutoCAD: vivo en Iquitos, calle Zamacola.' ELSE '' END
        AS description
    FROM (
        SELECT i, string_agg(word, ' ') AS said FROM (
            SELECT i, 1 + floor($1::integer * power(random(), 3))::integer AS id
            FROM generate_series(1, $2::integer) AS i, generate_series(1, $3::integer)
        ) AS picked JOIN bench_words USING (id) GROUP BY i
    ) AS texts
) AS people
"""
JOURNAL = """
INSERT INTO journal (number, seq, at, what, via, data)
SELECT number, 1, received_at, 'received', 'signal',
       jsonb_build_object('received', jsonb_build_object('problem', jsonb_build_object('description', description)))
FROM complaints
"""
NOTES = """
INSERT INTO journal (number, seq, at, what, by, via, data)
SELECT number, 2, received_at, 'resolved', 'ana', 'desk', jsonb_build_object('text', reverse_words) FROM (
    SELECT number, received_at, substr(description, 100, 200) AS reverse_words FROM complaints) AS said
"""
SIZES = """
SELECT relname, pg_total_relation_size(oid) AS bytes FROM pg_class
WHERE relname IN ('complaints', 'journal', 'search_words', 'search_vocabulary') ORDER BY relname
"""


MIDDLING = """
SELECT word FROM ts_stat('SELECT words FROM search_words ORDER BY number LIMIT 2000')
WHERE length(word) BETWEEN 6 AND 10 AND word ~ '^[a-z]+$' ORDER BY abs(ndoc - 40), word LIMIT 1
"""


async def made(dsn: str, cases: int) -> None:
    """So many complaints, as the version before the index kept them."""
    await migrate(dsn, target="0012")
    connection = await asyncpg.connect(dsn)
    try:
        await connection.execute(VOCABULARY)
        await connection.execute("CREATE INDEX ON bench_words (id)")
        words = await connection.fetchval("SELECT count(*) FROM bench_words")
        await connection.execute(COMPLAINTS, words, cases, WORDS_OF_EACH)
        await connection.execute(JOURNAL)
        await connection.execute(NOTES)
        await connection.execute("DROP TABLE bench_words")
    finally:
        await connection.close()


async def asked(store: Store, texts: tuple[str, ...], processor: Processor) -> Took:
    """Of each answer, the first ones left out."""
    took = Took()
    for turn in range(WARM_UP + ROUNDS):
        text, _, page = texts[turn % len(texts)].partition("@")
        moment = processor.started()
        before = time.perf_counter()
        await store.found(text, limit=30, skip=30 * (int(page or 1) - 1))
        ended = time.perf_counter()
        spent = processor.since(moment)
        if turn >= WARM_UP:
            took.clock.append((ended - before) * 1000)
            took.processor.append(spent)
    return took


async def written(store: Store, record: CaseRecord, texts: list[str]) -> list[float]:
    """Milliseconds of writing a step of a case that tells each of these; an empty one is a clock's, without words."""
    took = []
    for seq, text in enumerate(texts, start=record.seq + 1):
        row = Row(seq=seq, at=record.received_at, what="noted" if text else "late/assessment", data={"text": text})
        batch = RecordBatch(record=record.model_copy(update={"seq": seq}), rows=(row,))
        before = time.perf_counter()
        await store.write(batch)
        took.append((time.perf_counter() - before) * 1000)
    return took


async def measured(cases: int) -> int:
    """Prints the figures; 1 if one misses its target."""
    missed = 0
    with tempfile.TemporaryDirectory(prefix="bench-", ignore_cleanup_errors=True) as folder:
        async with Postgres.started(Path(folder) / "pg", durable=False) as postgres:
            dsn, before = postgres.dsn(), time.perf_counter()
            await made(dsn, cases)
            print(f"{cases} complaints made in {time.perf_counter() - before:.0f} s", flush=True)
            for target, what in (("0013", "indexed"), ("head", "brought to the newest schema, with its hash chain,")):
                before = time.perf_counter()
                await migrate(dsn, target=target)
                print(f"{what} by the migration in {time.perf_counter() - before:.0f} s", flush=True)
            store = await Store.connect(dsn)
            try:
                async with store.connection() as connection:
                    await connection.execute("VACUUM ANALYZE", timeout=300)
                    for row in await connection.fetch(SIZES):
                        print(f"{row['relname']}: {row['bytes'] / cases:.0f} bytes a complaint, with its indexes")
                    middling = await connection.fetchval(MIDDLING)
                processor = await Processor.of(store)
                for kind, questions in QUESTIONS.items():
                    texts = tuple(text.replace("{middling}", middling) for text in questions)
                    took = await asked(store, texts, processor)
                    missed += p95(took.clock) >= TARGET
                    print(f"find by {kind}: {took.said()} (target {TARGET:.0f})", flush=True)
                record = await store.record("B-11")
                assert record is not None
                record = record.model_copy(update={"seq": 2})  # as its journal has it
                quiet = await written(store, record, [""] * 200)
                record = record.model_copy(update={"seq": record.seq + 200})
                notes = [f"Llamó y dijo que la boleta {n} no coincide con el pago de la matrícula" for n in range(200)]
                loud = await written(store, record, notes)
                print(f"write a step without words: p50 {statistics.median(quiet):.1f} ms, p95 {p95(quiet):.1f} ms")
                print(f"write a step with a note: p50 {statistics.median(loud):.1f} ms, p95 {p95(loud):.1f} ms")
            finally:
                await store.close()
    return int(missed > 0)


if __name__ == "__main__":
    sys.exit(asyncio.run(measured(int(sys.argv[1]) if len(sys.argv) > 1 else CASES)))
