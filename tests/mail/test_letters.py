"""Letters: whatever a case knows, each can be written, goes to its own audience only, and says what it must."""

import re
from datetime import date
from html.parser import HTMLParser
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from typer.main import get_command

from cli.application import app
from complaints.mail.headers import UnsafeLetter
from complaints.mail.letters import link_until
from complaints.mail.templating import template_names
from complaints.rules.journal import Row
from complaints.rules.letters import (
    CARE_TEAM,
    DEPARTMENT_HEAD,
    REPRESENTATIVE,
    TO_CUSTOMER,
    Contents,
    LetterKind,
    StoryLine,
)
from complaints.rules.number import in_groups
from complaints.rules.page_links import PLACE
from complaints.rules.quarantine import ANSWER
from complaints.rules.story_lines import told_to_customer
from complaints.words.catalogue import LANGUAGES
from complaints.words.vocabulary import Language
from complaints.words.wording import Wording
from starter.acts import ACTS
from tests.golden_letters import all_letters
from tests.golden_letters.examples import (
    LIMA,
    NUMBER,
    OWN,
    PAGE_ADDRESS,
    RICH,
    WORDS,
    letter,
    lima,
    of_no_case,
    order,
    rich,
)

COMMANDS = set(get_command(app).commands)  # type: ignore[attr-defined]
TO_STAFF = [kind for kind in LetterKind if kind not in TO_CUSTOMER]


def test_every_kind_has_its_template_in_each_language_and_there_is_no_other() -> None:
    assert template_names() == sorted(f"{language}/{kind.value}" for kind in LetterKind for language in LANGUAGES)


# -- whatever a case knows -------------------------------------------------------------------------------------------

WORDS_OF_ANYBODY = st.sampled_from(
    [
        "a",
        "<b>negrita</b> & <script>alert(1)</script>",
        "{{ 7*7 }} {% if %}",
        "x" * 3_000,
        "línea\n\n\notra",
        "\x00\udcff",
        "🙂",
    ]
)
FIELDS: dict[str, st.SearchStrategy[Any]] = {name: st.just(value) for name, value in RICH.items()}
FIELDS |= {
    "description": WORDS_OF_ANYBODY,
    "customer_name": WORDS_OF_ANYBODY,
    "question": WORDS_OF_ANYBODY,
    "resolution": WORDS_OF_ANYBODY,
    "words": WORDS_OF_ANYBODY,
    "reason": st.sampled_from(["time", "dissatisfied", "reopened", "palabras de alguien"]),
    "missing": st.lists(st.sampled_from(["identification", "occurred_on", "product", "otra <cosa>"]), max_size=4),
    "stage": st.sampled_from(["assessment", "assignment", "investigation", "confirmation", "closed"]),
    "owner": st.sampled_from([CARE_TEAM, REPRESENTATIVE, "administration_manager", "general_director", "dean"]),
    "department": st.sampled_from(["systems", "Sistemas", "una que no existe"]),
    "representative": st.sampled_from(
        ["ana", "Ana Torres", "root", "x@y.example", "Pedro Salas", "ana.torres@escuela.example"]
    ),
    "window": st.sampled_from(["assessment", "assignment", "investigation", "otra"]),
    "days_left": st.integers(-3, 15),
    "attempts": st.integers(0, 4),
    "after_attempts": st.sampled_from(["letter", "manager"]),
    "resolution_outcome": st.sampled_from(["upheld", "partly", "not"]),
    "script": st.lists(st.sampled_from([kind.value for kind in LetterKind]), max_size=5).map(tuple),
    "last_level": st.booleans(),
    "on_schedule": st.booleans(),
    "level": st.integers(0, 3),
}
ANY_CONTENTS = st.fixed_dictionaries({}, optional=FIELDS).map(lambda fields: Contents(**fields))


@settings(max_examples=200, deadline=None)
@given(st.sampled_from(list(LetterKind)), st.sampled_from(["es", "en"]), ANY_CONTENTS, st.booleans())
def test_no_subset_of_contents_leaves_a_hole_in_a_letter(
    kind: LetterKind, language: Language, contents: Contents, linked: bool
) -> None:
    recipient = REPRESENTATIVE if kind not in TO_CUSTOMER else None
    links: dict[str, Any] = {"public_url": "https://quejas.escuela.example/", "own": OWN} if linked else {}
    made = letter(kind, contents, language=language, recipient=recipient, **links)
    assert made.with_page("https://quejas.escuela.example/c/it").as_bytes()
    assert "<script>" not in made.html
    assert "None" not in made.text
    assert "Undefined" not in made.text
    assert "\n\n\n" not in made.text
    unbroken = ("x" * 100, "https://", "personal-link")
    lines = [line for line in made.text.split("\n") if not any(one in line for one in unbroken)]
    assert all(len(line) <= (80 if line.startswith(">") else 72) for line in lines)


# -- what it must say ------------------------------------------------------------------------------------------------


def test_the_acknowledgement_says_all_that_the_design_asks_for() -> None:
    text = letter(LetterKind.ACKNOWLEDGEMENT).text
    flat = " ".join(text.split())
    for said in (
        NUMBER,
        in_groups(NUMBER),
        "miércoles 22 de julio, a las 9:05 a. m.",
        "su número de documento de identidad",
        "la fecha en que ocurrió el problema",
        "Producto o servicio: Curso Modelado BIM con Revit",
        "Si algo no es correcto, responda a este correo",
        "La tiene: Atención al Cliente",
        "lunes 3 de agosto, hasta las 6:00 p. m.",
        "+51 967 090 448",
        "INDECOPI",
        "Libro de Reclamaciones",
        "ni es un requisito",
    ):
        assert said in flat, said
    copied = [line.removeprefix(">").strip() for line in text.split("\n") if line.startswith(">")]
    assert " ".join(WORDS.split()) in " ".join(" ".join(copied).split())


@pytest.mark.parametrize("language", ["es", "en"])
@pytest.mark.parametrize(("kind", "changes"), [
    (LetterKind.DECISION, {}),
    (LetterKind.RESOLUTION, {"resolution_outcome": "not"}),
    (LetterKind.RESOLUTION, {"resolution_outcome": "upheld", "last_level": True}),
    (LetterKind.CLOSED_IN_SILENCE, {}),
    (LetterKind.NOT_A_COMPLAINT, {}),
    (LetterKind.REMINDER, {"resolution_outcome": "not"}),
    (LetterKind.CORRECTION, {"resolution_outcome": "partly"}),
    (LetterKind.RESOLUTION, {"resolution_outcome": None}),  # it does not say that the complaint is right
    (LetterKind.CALL_NEEDED, {"resolution_outcome": "not", "script": ("resolution",)}),
    (LetterKind.CALL_NEEDED, {"script": ("not-a-complaint",)}),
])  # fmt: skip
def test_where_we_do_not_give_in_the_outside_recourse_is_named(
    kind: LetterKind, changes: dict[str, Any], language: Language
) -> None:
    assert "INDECOPI" in letter(kind, rich(kind).model_copy(update=changes), language=language).text


@pytest.mark.parametrize("language", ["es", "en"])
def test_an_answer_to_what_came_after_the_end_names_it_too(language: Language) -> None:
    """A complaint is not reopened after its days: that is a no, and a person says it in such a letter."""
    assert "INDECOPI" in of_no_case(ANSWER, language=language, after_the_end=True).text
    assert "INDECOPI" not in of_no_case(ANSWER, language=language).text


@pytest.mark.parametrize("language", ["es", "en"])
def test_whoever_may_still_change_an_end_reads_until_when(language: Language) -> None:
    day = {"es": "lunes 3 de agosto", "en": "Monday 3 August"}[language]
    for kind in (LetterKind.CLOSING, LetterKind.CLOSED_IN_SILENCE, LetterKind.DECISION, LetterKind.WITHDRAWAL):
        assert day in " ".join(letter(kind, language=language).text.split()), kind


def test_the_resolution_asks_and_invites() -> None:
    text = letter(LetterKind.RESOLUTION).text
    assert "Estoy conforme" in text
    assert "No estoy conforme" in text
    assert "cómo manejamos su queja" in " ".join(text.split())


@pytest.mark.parametrize("language", ["es", "en"])
@pytest.mark.parametrize("kind", sorted(TO_CUSTOMER))
def test_every_letter_to_a_customer_has_their_link_once_where_there_is_an_address_and_a_key(
    kind: LetterKind, language: Language
) -> None:
    both = letter(kind, language=language, public_url="https://quejas.escuela.example/", own=OWN)
    assert (both.text.count(PLACE), both.html.count(f'href="{PLACE}"')) == (1, 1), "its place: the ledger keeps no link"
    with pytest.raises(UnsafeLetter, match="not been put in"):
        both.as_bytes()
    sent = both.with_page(PAGE_ADDRESS)
    assert (sent.text.count(PAGE_ADDRESS), sent.html.count(f'href="{PAGE_ADDRESS}"')) == (1, 1)
    assert link_until(order(kind, rich(kind)), timezone=LIMA, own=OWN) == date(2026, 10, 26), (
        "90 days from the letter's own"
    )
    for none in ({"public_url": "https://quejas.escuela.example"}, {"own": OWN}):
        assert not letter(kind, language=language, **none).wants_page


@pytest.mark.parametrize("kind", TO_STAFF)
def test_no_letter_to_staff_has_a_customers_link(kind: LetterKind) -> None:
    made = letter(kind, public_url="https://quejas.escuela.example/", own=OWN)
    assert not made.wants_page


@pytest.mark.parametrize(("level", "whose"), [(1, "La gerencia"), (2, "La dirección"), (3, "La dirección")])
def test_an_update_names_who_took_the_complaint_over(level: int, whose: str) -> None:
    row = Row(seq=9, at=lima(27, 18), what="escalated", data={"level": level, "to": "somebody", "reason": "time"})
    line = told_to_customer(row)
    assert line is not None
    told = letter(LetterKind.UPDATE, rich(LetterKind.UPDATE).model_copy(update={"since_last_word": (line,)}))
    assert f"{whose} de la escuela se hizo cargo de su queja." in " ".join(told.text.split())
    assert (
        Wording("es").happened_to_customer("escalated", level=level)
        == f"{whose} de la escuela se hizo cargo de su queja."
    )


def test_a_missed_promise_is_admitted_once_with_the_new_date() -> None:
    contents = rich(LetterKind.UPDATE)
    line = StoryLine(at=lima(27, 18), what="late/promise", text="2026-07-27")
    told = letter(LetterKind.UPDATE, contents.model_copy(update={"since_last_word": (line,)}))
    flat = " ".join(told.text.split())
    assert flat.count("lunes 27 de julio") == flat.count("disculpas") == 1
    assert "La nueva fecha es el miércoles 5 de agosto" in flat
    without = letter(LetterKind.UPDATE, contents.model_copy(update={"promised_for": None}))
    told_before = letter(LetterKind.UPDATE, Contents(since_last_word=(line,)))
    assert "Pasó la fecha que le prometimos." in " ".join(told_before.text.split())
    assert "Aún no podemos darle una nueva fecha" in " ".join(without.text.split())


LATE = [
    ("assessment", "escalation", 0, "Debimos evaluarla a más tardar el viernes 24 de julio y no lo hicimos. Le pedimos "
     "disculpas. La nueva fecha es el lunes 3 de agosto: si para entonces no está resuelta, la tomará la gerencia"),
    ("assignment", "escalation", 1, "Debimos asignarla al área que debe resolverla a más tardar el viernes 24 de julio "
     "y no lo hicimos. Le pedimos disculpas. La nueva fecha es el lunes 3 de agosto: si para entonces no está "
     "resuelta, la tomará la dirección"),
    ("investigation", "promise", 0, "Debimos resolverla a más tardar el viernes 24 de julio y no lo hicimos. Le "
     "pedimos disculpas. La nueva fecha es el lunes 3 de agosto."),
    ("investigation", "legal", 2, "La nueva fecha es el lunes 3 de agosto, el límite que la ley nos da"),
    ("investigation", None, 2, "Todavía no podemos darle una nueva fecha"),
]  # fmt: skip


@pytest.mark.parametrize(("window", "whose", "level", "said"), LATE)
def test_an_update_of_a_late_case_says_so_apologises_and_gives_the_new_date(
    window: str, whose: str | None, level: int, said: str
) -> None:
    changes = {"promise_missed": None, "since_last_word": (), "late_window": window, "level": level, "stage": window,
               "new_date_from": whose, **({} if whose else {"new_date": None})}  # fmt: skip
    flat = " ".join(letter(LetterKind.UPDATE, rich(LetterKind.UPDATE).model_copy(update=changes)).text.split())
    assert said in flat
    assert "No hay novedades" not in flat


def test_an_answer_says_until_when_it_counts_and_what_silence_does() -> None:
    open_ended = " ".join(letter(LetterKind.RESOLUTION).text.split())
    assert "No hay una fecha límite para responder" in open_ended
    closes = rich(LetterKind.RESOLUTION).model_copy(update={"answer_until": lima(14, 18, month=8)})
    flat = " ".join(letter(LetterKind.RESOLUTION, closes).text.split())
    assert "Puede responder hasta el viernes 14 de agosto." in flat
    assert "durante los 30 días siguientes podrá pedirnos que lo reabramos" in flat


@pytest.mark.parametrize("kind", sorted(TO_CUSTOMER))
def test_no_sentence_ends_with_two_full_stops_and_no_time_lacks_its_half_of_the_day(kind: LetterKind) -> None:
    text = " ".join(letter(kind).text.split())
    assert ". m.." not in text
    assert not re.findall(r"\ba las? \d{1,2}:\d\d(?! [ap]\. m\.)", text)


CASE = f"https://quejas.escuela.example/cases/{NUMBER}"


@pytest.mark.parametrize("language", ["es", "en"])
@pytest.mark.parametrize("kind", TO_STAFF)
def test_every_letter_to_staff_leads_to_the_case_and_to_the_form(kind: LetterKind, language: Language) -> None:
    made = letter(kind, language=language, public_url="https://quejas.escuela.example/")
    flat = " ".join(made.text.split())
    if kind is LetterKind.INVOLVEMENT:  # whoever helps answers by mail: they may have no access to the desk
        assert ("responder a este correo" if language == "es" else "answer this email") in flat
        return
    assert f"{CASE} " in flat
    assert f'href="{CASE}"' in made.html
    assert "No puedo entrar al aula virtual" in flat, "what it is about, above all"
    forms = re.findall(rf"{CASE}\?act=(\w+)#(?:act-)?(\w+)", flat)
    assert forms
    assert all(first == second and first in ACTS for first, second in forms)


@pytest.mark.parametrize("language", ["es", "en"])
@pytest.mark.parametrize("kind", all_letters.KINDS)
def test_no_letter_names_a_command(kind: str, language: Language) -> None:
    for made in all_letters.in_every_way(kind).values():
        named = COMMANDS & set(re.findall(r"\bcomplaints ([a-z-]+)", made.text))
        assert not named, made.text
        assert not re.search(r" --[a-z]", made.text), made.text


def test_a_manager_reads_on_top_who_waits_who_had_it_and_why_nothing_happened() -> None:
    contents = rich(LetterKind.ESCALATED_TO_YOU).model_copy(
        update={"stage": "assessment", "had_by": CARE_TEAM, "words": None, "waited": 6}
    )
    made = letter(LetterKind.ESCALATED_TO_YOU, contents, public_url="https://quejas.escuela.example")
    flat = " ".join(made.text.split())
    said = "Nadie la evaluó desde el viernes 24 de julio; la tenía Atención al Cliente."
    assert f"Rosa Quispe Huamán espera desde hace 6 días hábiles. {said}" in flat
    assert flat.index("De qué se trata: No puedo entrar") < flat.index(said) < flat.index("Abrir el caso") < 600
    assert "+51 987 654 321" in flat


def test_a_representative_is_told_that_it_is_theirs() -> None:
    to = {role: letter(LetterKind.ASSIGNMENT, recipient=role).subject for role in (REPRESENTATIVE, DEPARTMENT_HEAD)}
    assert to == {
        REPRESENTATIVE: f"[{NUMBER}] Queja asignada a usted", DEPARTMENT_HEAD: f"[{NUMBER}] Queja asignada a su área",
    }  # fmt: skip


# -- as a page -------------------------------------------------------------------------------------------------------


class _Page(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.open: list[str] = []
        self.tags: list[str] = []
        self.attributes: list[tuple[str, str | None]] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)
        self.attributes += attrs
        if tag not in {"meta", "br"}:
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag


@pytest.mark.parametrize("language", ["es", "en"])
@pytest.mark.parametrize("kind", LetterKind)
def test_the_page_is_well_formed_accessible_and_asks_nothing_of_the_network(
    kind: LetterKind, language: Language
) -> None:
    page = _Page()
    html = letter(kind, language=language).html
    page.feed(html)
    assert page.open == []
    assert f'<html lang="{language}">' in html
    assert page.tags.count("h1") == page.tags.count("title") == 1
    assert not {"img", "script", "link", "style", "iframe", "form", "table"} & set(page.tags)
    names = {name for name, _ in page.attributes}
    assert not {"src", "background", "srcset"} & names
    assert not any(name.startswith("on") for name in names)
    assert "url(" not in html
    links = [value or "" for name, value in page.attributes if name == "href"]
    assert all(link.startswith(("tel:+", "mailto:")) for link in links)


def test_what_people_write_is_only_text() -> None:
    evil = "<script>alert(1)</script><img src=x onerror=alert(1)> {{ 7*7 }} \"'&"
    contents = rich(LetterKind.ACKNOWLEDGEMENT).model_copy(
        update={
            "description": evil,
            "customer_name": evil,
            "question": evil,
            "missing": (evil,),
            "understood": {"name": evil},
        }
    )
    made = letter(LetterKind.ACKNOWLEDGEMENT, contents)
    page = _Page()
    page.feed(made.html)
    assert not {"script", "img"} & set(page.tags)
    assert "49" not in made.text.replace(NUMBER, "")
    assert "&lt;script&gt;" in made.html
    assert "<script>" in made.text, "plain text is not escaped"
