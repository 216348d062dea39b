"""Letters: whatever a case knows, each can be written, goes to its own audience only, and says what it must."""

import re
from datetime import date, timedelta
from html.parser import HTMLParser
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from complaints.contacts import Contacts
from complaints.mail.audience import WrongAudience, without_contacts
from complaints.mail.headers import AddressUnusable
from complaints.mail.letters import Letter, render
from complaints.mail.templating import template_names
from complaints.mail.vocabulary import Language
from complaints.rules.letters import (
    CARE_TEAM,
    CUSTOMER,
    DEPARTMENT_HEAD,
    REPRESENTATIVE,
    TO_CUSTOMER,
    Contents,
    LetterKind,
    StoryLine,
)
from complaints.rules.number import in_groups
from tests.golden_letters.examples import CONTACTS, LIMA, NUMBER, RICH, STAFF_ADDRESSES, WORDS, lima, order, rich

TO_STAFF = [kind for kind in LetterKind if kind not in TO_CUSTOMER]
INTERNAL = "NOTA-INTERNA: el profesor admitió el error"


def letter(
    kind: LetterKind,
    contents: Contents | None = None,
    *,
    language: Language = "es",
    recipient: str | None = None,
    contacts: Contacts = CONTACTS,
    **settings: Any,
) -> Letter:
    made = order(kind, rich(kind) if contents is None else contents, language=language, recipient=recipient)
    return render(made, contacts=contacts, timezone=LIMA, **{"public_url": None, **settings})


def test_every_kind_has_its_template_in_both_languages_and_there_is_no_other() -> None:
    assert template_names() == sorted(f"{language}/{kind.value}" for kind in LetterKind for language in ("es", "en"))


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


@settings(max_examples=400, deadline=None)
@given(st.sampled_from(list(LetterKind)), st.sampled_from(["es", "en"]), ANY_CONTENTS, st.booleans())
def test_no_subset_of_contents_leaves_a_hole_in_a_letter(
    kind: LetterKind, language: Language, contents: Contents, linked: bool
) -> None:
    recipient = REPRESENTATIVE if kind not in TO_CUSTOMER else None
    links: dict[str, Any] = {"public_url": "https://quejas.escuela.example/", "token": "t0k3n"} if linked else {}
    made = letter(kind, contents, language=language, recipient=recipient, **links)
    assert made.as_bytes()
    assert "<script>" not in made.html
    assert "None" not in made.text
    assert "Undefined" not in made.text
    assert "\n\n\n" not in made.text
    assert all(
        len(line) <= 72 or " " not in line.strip("> -") or "complaints " in line for line in made.text.split("\n")
    )


# -- each to its own audience ----------------------------------------------------------------------------------------


@pytest.mark.parametrize("language", ["es", "en"])
@pytest.mark.parametrize("kind", sorted(TO_CUSTOMER))
def test_no_letter_to_a_customer_tells_what_is_internal(kind: LetterKind, language: Language) -> None:
    inside = (
        *(StoryLine(at=lima(27), what=what, by="mrojas", text=INTERNAL) for what in ("assessed", "involved", "called")),
        *(
            StoryLine(at=lima(27), what=what, text=INTERNAL)
            for what in ("letter-failed", "ignored", "warned/assessment")
        ),
    )
    contents = rich(kind).model_copy(
        update={
            "story": (*rich(kind).story, StoryLine(at=lima(27), what="noted", by="ana", text=INTERNAL)),
            "since_last_word": (*rich(kind).since_last_word, *inside),
            "script": (INTERNAL,),
            "after_attempts": INTERNAL,
        }
    )
    made = letter(kind, contents, language=language)
    whole = made.text + made.html + made.as_bytes().decode()
    assert "NOTA-INTERNA" not in whole
    assert "mrojas" not in whole
    assert f" {NUMBER} --" not in made.text, "a command line is for staff"
    assert not [address for address in STAFF_ADDRESSES if address in whole]
    found = set(re.findall(r"[\w.+-]+@[\w.-]+\.\w+", made.text + made.html))
    assert found == {"soporte@escuela.example"}, "only the intake's address"


@pytest.mark.parametrize("account", ["root", "mrojas", "ana.rojas@escuela.example", "x_y", "Agente007"])
@pytest.mark.parametrize("kind", sorted(TO_CUSTOMER))
def test_a_customer_never_reads_an_account_or_address_of_a_representative(kind: LetterKind, account: str) -> None:
    contents = rich(kind).model_copy(update={"representative": account, "owner": REPRESENTATIVE})
    made = letter(kind, contents)
    assert account not in made.text + made.html


@pytest.mark.parametrize("kind", [kind for kind in TO_STAFF if kind is not LetterKind.INVOLVEMENT])
def test_a_department_s_head_never_reads_how_to_reach_the_customer(kind: LetterKind) -> None:
    told = letter(kind, _with_contact_data(kind), recipient=DEPARTMENT_HEAD)
    _assert_no_contact_data(told)
    assert told.envelope_to == ("sistemas@escuela.example",)


@pytest.mark.parametrize("whom", ["academic", "ana", "profesora@escuela.example", "general_director"])
def test_whoever_is_asked_to_help_never_reads_how_to_reach_the_customer(whom: str) -> None:
    kind = LetterKind.INVOLVEMENT
    _assert_no_contact_data(letter(kind, _with_contact_data(kind), recipient=whom))


def _with_contact_data(kind: LetterKind) -> Contents:
    words = (
        "Llámeme al 987 654 321, al +51 987-654-321 o al (01) 224 7777, o a rosa.quispe@correo.example. Pagué S/ 480."
    )
    return rich(kind).model_copy(
        update={
            "description": words,
            "words": words,
            "question": words,
            "reason": words,
            "resolution": words,
            "story": (StoryLine(at=lima(27), what="called", text=words),),
            "understood": {**rich(kind).understood, "address": "Jr. Unión 100", "email": "rosa.quispe@correo.example"},
            "corrective_actions": (words,),
        }
    )


def _assert_no_contact_data(made: Letter) -> None:
    whole = made.text + made.html
    for private in ("987", "654", "224 7777", "rosa.quispe", "correo.example", "Jr. Unión", "45678912"):
        assert private not in whole


MASKED = [
    ("escriba a rosa@correo.example.", "escriba a […]", "an address, with the full stop that clings to it"),
    ("mi celular es 987654321", "mi celular es […]", "a Peruvian mobile"),
    ("al 51-913014030 o 01 2247777", "al […] o […]", "with the country's code; a landline"),
    ("DNI 45678912, del 2026-07-20 al 20/07/2026", "DNI 45678912, del 2026-07-20 al 20/07/2026", "no telephones"),
    ("pagué S/ 1480.00 por 12 clases", "pagué S/ 1480.00 por 12 clases", "an amount"),
    (f"la queja {NUMBER}", f"la queja {NUMBER}", "our number"),
]


@pytest.mark.parametrize(("text", "masked", "why"), MASKED)
def test_contact_data_is_taken_out_of_words_for_departments(text: str, masked: str, why: str) -> None:
    assert without_contacts(text) == masked, why


@pytest.mark.parametrize("kind", LetterKind)
def test_no_kind_goes_to_the_other_audience(kind: LetterKind) -> None:
    wrong = CARE_TEAM if kind in TO_CUSTOMER else CUSTOMER
    with pytest.raises(WrongAudience):
        letter(kind, recipient=wrong)


# -- to whom ---------------------------------------------------------------------------------------------------------

RECIPIENTS = [
    (CARE_TEAM, {}, "atencion@escuela.example", "the care team"),
    ("administration_manager", {}, "administracion@escuela.example", "a rung of the ladder"),
    (REPRESENTATIVE, {}, "ana.torres@escuela.example", "by key"),
    (REPRESENTATIVE, {"representative": "ANA TORRES"}, "ana.torres@escuela.example", "by name"),
    (REPRESENTATIVE, {"representative": "root"}, "atencion@escuela.example", "unknown: care, not the department"),
    (REPRESENTATIVE, {"representative": "mr@escuela.example"}, "mr@escuela.example", "an address of the school"),
    (REPRESENTATIVE, {"representative": "mr@otra.example"}, "atencion@escuela.example", "another's address"),
    (
        REPRESENTATIVE,
        {"representative": "root", "department": None},
        "atencion@escuela.example",
        "unknown: the care team",
    ),
    (DEPARTMENT_HEAD, {}, "sistemas@escuela.example", "by key"),
    (DEPARTMENT_HEAD, {"department": "area academica"}, "academica@escuela.example", "by name, without accents"),
    (DEPARTMENT_HEAD, {"department": "no existe"}, "atencion@escuela.example", "unknown: the care team"),
]


@pytest.mark.parametrize(("recipient", "changes", "address", "why"), RECIPIENTS)
def test_staff_letters_go_to_whom_the_contacts_name(
    recipient: str, changes: dict[str, Any], address: str, why: str
) -> None:
    contents = rich(LetterKind.WARNING).model_copy(update=changes)
    assert letter(LetterKind.WARNING, contents, recipient=recipient).envelope_to == (address,), why


@pytest.mark.parametrize("whom", ["nadie", "extraño@otra.example", "soporte+x@escuela.example", ""])
def test_only_staff_can_be_involved(whom: str) -> None:
    with pytest.raises(AddressUnusable) as refusal:
        letter(LetterKind.INVOLVEMENT, recipient=whom or " ")
    assert "@" not in str(refusal.value).replace("name@domain", "")


def test_on_the_days_of_a_substitute_letters_go_to_them() -> None:
    data = CONTACTS.model_dump(by_alias=True, exclude={"departments": {"__all__": {"key"}}})
    data["people"]["administration_manager"]["substitutes"] = [
        {
            "name": "Elena Soto",
            "email": "elena.soto@escuela.example",
            "from": date(2026, 7, 28),
            "until": date(2026, 7, 28),
        }
    ]
    away = Contacts.model_validate(data)
    made = letter(LetterKind.ESCALATED_TO_YOU, contacts=away)
    assert (made.recipient_name, made.envelope_to) == ("Elena Soto", ("elena.soto@escuela.example",))
    tomorrow = order(LetterKind.ESCALATED_TO_YOU, rich(LetterKind.ESCALATED_TO_YOU))
    tomorrow = tomorrow.model_copy(update={"at": tomorrow.at + timedelta(days=1)})
    assert render(tomorrow, contacts=away, public_url=None, timezone=LIMA).recipient_name == "Luis Castellanos"


def test_staff_read_in_their_own_language_customers_in_theirs() -> None:
    data = CONTACTS.model_dump(by_alias=True, exclude={"departments": {"__all__": {"key"}}})
    data["people"]["general_director"]["language"] = "en"
    english = Contacts.model_validate(data)
    assert letter(LetterKind.LEGAL_BREACH, recipient="general_director", contacts=english).language == "en"
    assert letter(LetterKind.LEGAL_BREACH, recipient="administration_manager", contacts=english).language == "es"
    assert letter(LetterKind.UPDATE, language="en").html.count('<html lang="en">') == 1


def test_a_customer_without_an_address_gets_no_letter() -> None:
    made = order(LetterKind.UPDATE, Contents()).model_copy(update={"customer_email": None})
    with pytest.raises(AddressUnusable, match="a call has to be made"):
        render(made, contacts=CONTACTS, public_url=None, timezone=LIMA)


# -- what it must say ------------------------------------------------------------------------------------------------


def test_the_acknowledgement_says_all_that_the_design_asks_for() -> None:
    text = letter(LetterKind.ACKNOWLEDGEMENT).text
    flat = " ".join(text.split())
    for said in (
        NUMBER,
        in_groups(NUMBER),
        "miércoles 22 de julio, a las 9:05",
        "su número de documento de identidad",
        "la fecha en que ocurrió el problema",
        "Producto o servicio: Curso Modelado BIM con Revit",
        "Si algo no es correcto, responda a este correo",
        "La tiene: Atención al Cliente",
        "lunes 3 de agosto, hasta las 18:00",
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
])  # fmt: skip
def test_where_we_do_not_give_in_the_outside_recourse_is_named(
    kind: LetterKind, changes: dict[str, Any], language: Language
) -> None:
    assert "INDECOPI" in letter(kind, rich(kind).model_copy(update=changes), language=language).text


def test_the_resolution_asks_and_invites() -> None:
    text = letter(LetterKind.RESOLUTION).text
    assert "Estoy conforme" in text
    assert "No estoy conforme" in text
    assert "cómo manejamos su queja" in " ".join(text.split())


@pytest.mark.parametrize("kind", [LetterKind.RESOLUTION, LetterKind.REMINDER, LetterKind.CLOSING])
def test_a_link_is_there_only_with_an_address_and_a_token(kind: LetterKind) -> None:
    link = "https://quejas.escuela.example/c/t0k3n"
    both = letter(kind, public_url="https://quejas.escuela.example/", token="t0k3n")
    assert link in both.text
    assert f'href="{link}"' in both.html
    assert "/c/" not in letter(kind, public_url="https://quejas.escuela.example").text
    assert "/c/" not in letter(kind, token="t0k3n").text


def test_a_missed_promise_is_admitted_once_with_the_new_date() -> None:
    contents = rich(LetterKind.UPDATE)
    line = StoryLine(at=lima(27, 18), what="late/promise", text="2026-07-27")
    told = letter(LetterKind.UPDATE, contents.model_copy(update={"since_last_word": (line,)}))
    flat = " ".join(told.text.split())
    assert flat.count("lunes 27 de julio") == 1
    assert "La nueva fecha es el miércoles 5 de agosto" in flat
    without = letter(LetterKind.UPDATE, contents.model_copy(update={"promised_for": None}))
    told_before = letter(LetterKind.UPDATE, Contents(since_last_word=(line,)))
    assert "Pasó la fecha que le prometimos." in told_before.text
    assert "Aún no podemos darle una nueva fecha" in " ".join(without.text.split())


@pytest.mark.parametrize("kind", TO_STAFF)
def test_every_letter_to_staff_says_what_to_do(kind: LetterKind) -> None:
    text = letter(kind).text
    if kind is LetterKind.INVOLVEMENT:  # whoever helps answers by mail: they may have no access to the desk
        assert "responder a este correo" in " ".join(text.split())
    else:
        assert f" {NUMBER}" in text
        assert re.search(rf"^ +complaints [a-z-]+ {NUMBER}", text, re.MULTILINE)


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
