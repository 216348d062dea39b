"""What a complaint is about, in the customer's words and in one line (F6)."""

import pytest

from complaints.words.about import LONGEST, about


@pytest.mark.parametrize(
    ("subject", "description", "line"),
    [
        ("Certificado con el nombre mal escrito", "Buenas tardes.", "Certificado con el nombre mal escrito"),
        ("RV: Re: [Externo] Certificado  mal escrito.", "x", "Certificado mal escrito"),
        ("Queja", "Buenas tardes, señores:\nEl aula virtual no abre. Pagué ayer.", "El aula virtual no abre"),
        ("RECLAMO URGENTE!!!", "Hola\n\nmi nombre salió JORJE", "Mi nombre salió JORJE"),
        ("(sin asunto)", "Estimados señores, no me devuelven el dinero.", "No me devuelven el dinero"),
        (None, "Dear Sir or Madam, the course never started.", "The course never started"),
        (None, "El curso no tuvo las horas prometidas.", "El curso no tuvo las horas prometidas"),
        ("Re:", "El docente faltó", "El docente faltó"),
        ("Queja", "Queja", "Queja"),  # nothing else was said
        ("", "…", "…"),
        ("Complaint", "Hi team,\nI was charged twice", "I was charged twice"),
        ("Queja por el cobro doble", "Hola", "Queja por el cobro doble"),
    ],
)
def test_a_line_says_what_it_is_about(subject: str | None, description: str, line: str) -> None:
    assert about(subject, description) == line


def test_a_line_ends_at_a_word() -> None:
    line = about(None, "El certificado que me enviaron " * 20)
    assert len(line) <= LONGEST
    assert line.endswith((" que…", " certificado…", " me…", " enviaron…", " El…"))


@pytest.mark.parametrize("text", ["re: " * 5_000, "hola " * 20_000, "queja " * 20_000, "[" * 20_000, " \n" * 50_000])
def test_nothing_takes_long(text: str) -> None:
    assert len(about(text[:998], text)) <= LONGEST
