"""One question over everything that anybody wrote, open and closed: who it is first, then what was said."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from enum import IntEnum
from math import ceil

from pydantic import BaseModel, ConfigDict

from complaints.records.asked import Term, anywhere, of_customer, terms_of
from complaints.records.cases import records_of
from complaints.records.connection import Connected, Connection
from complaints.records.lexemes import SHORTEST_END
from complaints.records.near_words import forgiven, nearest, spellings
from complaints.records.part import Part
from complaints.records.search_keys import document_key, likely_numbers, looks_like_phone, phone_numbers
from complaints.records.snippets import Seeker, Snippet, Written
from complaints.rules.journal import CaseRecord
from complaints.rules.number import as_number
from complaints.rules.same_person import email_key
from complaints.rules.written import TELLING, belongs_to, written_in

PHONES = "string_to_array(phone_digits, ' ')"
"""The numbers of a complaint: a field may hold two, and either finds it."""

FEW = 5
"""Complaints found by what was said; fewer may be because of a slip, of the customer's or of whoever asks."""
SURE_WORD = 6
"""Letters from which a word that was found is forgiven a slip all the same: a shorter one has too many neighbours."""
NEAR_WORDS = 12
MOST_NEAR = 5_000
"""Words that are compared letter by letter for one question."""
LATELY = 1_500
"""Complaints that are looked through one by one, the newest first."""
MARGIN = 1.2
"""Of how many more are looked through where as many as are wanted should be: words lie thick in one month and thin in
another."""
DEEPEST = 6_000
"""Complaints of one question that can be turned to: nobody reads on, and each further page would cost more."""

# known: by what the customer is known, the surest first; what the text cannot be is null and costs nothing.
_KNOWN = f"""
SELECT number, way FROM complaints JOIN (
    SELECT number, min(way) AS way FROM (
        SELECT number, 1 AS way FROM complaints WHERE number = ANY ($1)
        UNION ALL SELECT number, 2 FROM complaints WHERE document_folded <> '' AND document_folded = $2
        UNION ALL SELECT number, 3 FROM complaints WHERE email_folded <> '' AND email_folded = $3
        UNION ALL SELECT number, 4 FROM complaints WHERE phone_digits <> '' AND {PHONES} && $4::text[]
    ) AS ways GROUP BY number
) AS known USING (number)
ORDER BY way, received_at DESC, number
LIMIT $5
"""  # noqa: S608 - constants of ours
# those with some words: among the newest, one after the other, where what half the school writes or is called is found
# at once; or among all by the index of words, which of a common word would have to fetch every complaint. Postgres
# guesses badly which of the two is shorter, so each is told which way to go.
_NEWEST = """
    SELECT number, received_at FROM (
        SELECT * FROM search_words ORDER BY received_at DESC NULLS LAST LIMIT $4
    ) AS newest WHERE words @@ $1::text::tsquery
"""
_ANY = "SELECT number, received_at FROM search_words WHERE words @@ $1::text::tsquery"
_WITH = """
WITH looked_at AS MATERIALIZED ({of})
SELECT number FROM looked_at WHERE number <> ALL ($2::text[]) AND received_at IS NOT NULL
ORDER BY received_at DESC, number LIMIT $3
"""
_WITH_LATELY, _WITH_EVER = _WITH.format(of=_NEWEST), _WITH.format(of=_ANY)
_ABOUT_ALL = "SELECT greatest(reltuples, 0) FROM pg_class WHERE oid = 'search_words'::regclass"
_STEMS = """
SELECT word, ts_lexize('spanish_stem', word) AS spanish, ts_lexize('english_stem', word) AS english
FROM unnest($1::text[]) AS word
"""
# near: of each word that was typed, at its place, those that may be meant.
_NEAR = """
SELECT place, known.word
FROM unnest($1::text[], $2::text[], $3::integer[]) WITH ORDINALITY AS typed (word, spelt, slips, place)
CROSS JOIN LATERAL (
    SELECT word FROM search_vocabulary WHERE spellings && string_to_array(typed.spelt, ' ')
    AND length(word) BETWEEN length(typed.word) - typed.slips AND length(typed.word) + typed.slips LIMIT $4
) AS known
"""
_KNOWN_NUMBERS = "SELECT number FROM complaints WHERE number = ANY ($1)"
# rows: of the complaint itself, and of those that it was merged into, where its own words stand.
_ROWS = """
WITH cases AS (
    SELECT number, number AS keeps FROM unnest($1::text[]) AS asked (number)
    UNION SELECT number, data ->> 'into' FROM journal WHERE number = ANY ($1) AND what = 'merged' AND data ? 'into'
), told AS (
    SELECT number, at, what, data FROM journal WHERE number IN (SELECT keeps FROM cases) AND what = ANY ($2)
    UNION ALL SELECT number, at, what, data FROM afterwords
    WHERE number IN (SELECT keeps FROM cases) AND what = ANY ($2)
)
SELECT cases.number, told.number AS kept_by, at, what, data FROM cases JOIN told ON told.number = keeps ORDER BY at
"""
_FILES = """
SELECT DISTINCT number, name FROM messages JOIN message_attachments ON message = digest WHERE number = ANY ($1)
"""
# Each question is planned for its own words: a rare one and one that everybody writes take different ways. Compiling
# it would take longer than the answer.
_PLANNED = "SELECT set_config('plan_cache_mode', 'force_custom_plan', true), set_config('jit', 'off', true)"


class Way(IntEnum):
    """By what a complaint was found, the surest first."""

    NUMBER = 1
    DOCUMENT = 2
    EMAIL = 3
    TELEPHONE = 4
    CUSTOMER = 5
    """Words or digits of the name, the guardian's, the document, a telephone."""
    SAID = 6
    """What somebody wrote."""
    NEAR = 7
    """The same, a slip or two forgiven."""


class Found(BaseModel):
    """A complaint that may be meant."""

    model_config = ConfigDict(frozen=True)

    record: CaseRecord
    way: Way
    snippet: Snippet | None = None
    """The words in which it was found; None where it is the customer who was."""


class Searching(Connected):
    """The part of the store that finds what somebody remembers."""

    async def find(self, text: str, *, limit: int = 20) -> list[CaseRecord]:
        """The complaints that somebody may mean, open or closed, the surest first: see `found`."""
        return [one.record for one in await self.found(text, limit=limit)]

    async def find_customer(self, text: str, *, limit: int = 20) -> list[CaseRecord]:
        """Those whose number or customer it is, whatever was said in them: see `found`."""
        text = _cleaned(text)
        if not text:
            return []
        async with self.one_moment() as connection:
            ways = await _known(connection, text, terms_of(text), limit)
            return [one.record for one in await _read(connection, ways)]

    async def found(self, text: str, *, limit: int = 20, skip: int = 0, snippets: bool = True) -> Part[Found]:
        """The complaints that somebody may mean, open or closed, each once, the surest first, then the newest.

        By number (its beginning, or whole with one slip), document, email, telephone in any spelling (or six digits
        and more of it), names in any order; then by what anybody wrote: every word has to be there, or another form of
        it. Where little is found, words a slip or two away count too. Accents and case never matter. Whether there are
        more than these it says; how many, nobody counts. Beyond `DEEPEST` it stops. `snippets`: with the words in which
        each was found.
        """
        text, limit = _cleaned(text), min(limit, DEEPEST - skip)
        if not text or limit <= 0:
            return Part()
        most = skip + limit + 1
        async with self.one_moment() as connection:
            await connection.execute(_PLANNED)
            terms = await _stemmed(connection, terms_of(text))
            ways = await _known(connection, text, terms, most)
            telling = [term for term in terms if not term.stop] or terms
            shown = telling
            if telling and len(ways) < most:
                ways |= await _said(connection, telling, ways, Way.SAID, most)
                few = len(ways) < min(FEW, limit)
                forgiving = await _forgiven(connection, telling, sure=bool(ways)) if few and "@" not in text else []
                if forgiving:
                    ways |= await _said(connection, forgiving, ways, Way.NEAR, most)
                shown = forgiving or telling
            page = await _read(connection, dict(list(ways.items())[skip : skip + limit]))
            if snippets:
                page = await _with_snippets(connection, page, shown)
        more = len(ways) == most
        return Part(page, skipped=skip if page else 0, more=more, stops=more and skip + limit == DEEPEST)


async def _known(connection: Connection, text: str, terms: Sequence[Term], limit: int) -> dict[str, Way]:
    """The numbers of those whose number or customer it is, in their order, and by what."""
    numbers = [text, text.upper(), text.lower(), *await _numbers_meant(connection, text)]
    rows = await connection.fetch(_KNOWN, numbers, *_known_by(text), limit)
    ways = {row["number"]: Way(row["way"]) for row in rows}
    if terms and "@" not in text and len(ways) < limit:
        named = await _with(connection, of_customer(terms), ways, limit - len(ways))
        ways |= dict.fromkeys(named, Way.CUSTOMER)
    return ways


async def _said(
    connection: Connection, terms: Sequence[Term], there: Mapping[str, Way], way: Way, limit: int
) -> dict[str, Way]:
    """The same of those in which it was said and that are not there yet."""
    return dict.fromkeys(await _with(connection, anywhere(terms), there, limit - len(there)), way)


async def _with(connection: Connection, query: str, there: Collection[str], limit: int) -> list[str]:
    """The newest complaints whose words fit, besides those that are there.

    How thick they lie among the newest tells what is shorter: to look through as many more as it takes, or to fetch all
    that have the words by the index.
    """
    rows = await connection.fetch(_WITH_LATELY, query, list(there), limit, LATELY)
    if len(rows) < limit and rows:
        thick = len(rows) / LATELY
        enough = ceil(MARGIN * limit / thick)
        if enough < thick * await connection.fetchval(_ABOUT_ALL):
            rows = await connection.fetch(_WITH_LATELY, query, list(there), limit, enough)
    if len(rows) < limit:
        rows = await connection.fetch(_WITH_EVER, query, list(there), limit)
    return [row["number"] for row in rows]


async def _read(connection: Connection, ways: Mapping[str, Way]) -> list[Found]:
    """The complaints of these numbers: whoever turns to the hundredth page reads that page alone."""
    return [Found(record=record, way=ways[record.number]) for record in await records_of(connection, ways)]


async def _stemmed(connection: Connection, terms: Sequence[Term]) -> list[Term]:
    """The terms with their stems in both languages; words that say nothing in one of them are marked."""
    rows = {row["word"]: row for row in await connection.fetch(_STEMS, [term.word for term in terms])}
    read = []
    for term in terms:
        stems = [rows[term.word]["spanish"], rows[term.word]["english"]]
        known = dict.fromkeys(stem for found in stems for stem in found or ())
        read.append(replace(term, stems=tuple(known) if term.word.isalpha() else (), stop=[] in stems))
    return read


async def _forgiven(connection: Connection, terms: Sequence[Term], *, sure: bool) -> list[Term]:
    """The terms with the words that may be meant; nothing where there are none. `sure`: something was found already."""
    slips = [0 if sure and len(term.word) < SURE_WORD else forgiven(term.word) for term in terms]
    asked = [(term.word, " ".join(spellings(term.word)), most) for term, most in zip(terms, slips, strict=True) if most]
    if not asked:
        return []
    rows = await connection.fetch(_NEAR, *map(list, zip(*asked, strict=True)), MOST_NEAR // len(asked))
    known: dict[str, list[str]] = {}
    for row in rows:
        known.setdefault(asked[row["place"] - 1][0], []).append(row["word"])
    forgiving = [
        replace(term, near=tuple(nearest(term.word, known.get(term.word, ()), most=NEAR_WORDS))) for term in terms
    ]
    return forgiving if any(term.near for term in forgiving) else []


async def _with_snippets(connection: Connection, found: Sequence[Found], terms: Sequence[Term]) -> list[Found]:
    """Those found by what was said, with the words that say it."""
    seeker = Seeker(terms)
    texts = {one.record.number: _of_state(one.record) for one in found if one.way >= Way.SAID}
    best = {number: seeker.best(said) for number, said in texts.items()}
    # Where the state holds all of it, nothing holds more: a long story is read for the others only.
    left = [number for number, one in best.items() if one is None or one.count < seeker.most]
    for row in await connection.fetch(_ROWS, left, list(TELLING)) if left else ():
        if row["number"] != (belongs_to(row["what"], row["data"]) or row["kept_by"]):
            continue
        what: str | None = row["what"] if row["what"] != "received" else None
        at: datetime | None = row["at"] if what else None
        said = [
            Written(place=place, text=text, what=what, at=at) for place, text in written_in(row["what"], row["data"])
        ]
        texts[row["number"]] += said
    for row in await connection.fetch(_FILES, left) if left else ():
        texts[row["number"]].append(Written(place="file", text=row["name"]))
    best |= {number: seeker.best(texts[number]) for number in left}
    return [
        one.model_copy(update={"snippet": seeker.snippet(held.written)})
        if (held := best.get(one.record.number))
        else one
        for one in found
    ]


_PLACES = (
    "description", "subject", "number", "customer_name", "guardian", "document", "phone", "email", "address", "product",
    "category", "representative",
)  # fmt: skip


def _of_state(record: CaseRecord) -> list[Written]:
    values = ((place, getattr(record, place)) for place in _PLACES)
    return [Written(place=place, text=value) for place, value in values if value]


async def _numbers_meant(connection: Connection, text: str) -> list[str]:
    """The number as written if it is one that we know; else those one slip away."""
    if (exact := as_number(text)) and await connection.fetchval(_KNOWN_NUMBERS, [exact]):
        return [exact]
    return likely_numbers(text)


def _known_by(text: str) -> tuple[str | None, str | None, list[str] | None]:
    """`text` as a document, an address and telephone numbers; None where it cannot be."""
    document = document_key(text)
    phones = [one for one in phone_numbers(text) if len(one) >= SHORTEST_END] if looks_like_phone(text) else []
    return (
        document if len(document) >= SHORTEST_END and any(c.isdigit() for c in document) else None,
        email_key(text) if "@" in text else None,
        phones or None,
    )


def _cleaned(text: str) -> str:
    return text.replace("\x00", "").strip()
