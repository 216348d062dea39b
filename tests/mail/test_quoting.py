"""What somebody wrote themselves, below and above what their mail program quoted: one row a program and language."""

import pytest

from complaints.mail.histories import Ours
from complaints.mail.quoting import own_words

HEAD_ES = "De: Escuela <soporte@e.example>\nEnviado: martes, 4 de agosto de 2026 09:00\nPara: Rosa\nAsunto: q\n\nHola"
HEAD_EN = "From: Escuela <soporte@e.example>\nSent: Tuesday, August 4, 2026 9:00 AM\nTo: Rosa\nSubject: q\n\nHola"
HEAD_PT = "De: Escuela <soporte@e.example>\nEnviada em: terça-feira, 4 de agosto\nPara: Rosa\nAssunto: q\n\nOlá"
ADDRESS = "Escuela <soporte@e.example>"
US = Ours(
    addresses=frozenset({"soporte@e.example"}),
    domains=frozenset({"e.example"}),
    names=("Escuela",),
    subject="Re: [Q-1234-56789] Recibimos su queja",
)


@pytest.mark.parametrize(
    "history",
    [
        pytest.param(f"El mar., 4 de agosto de 2026 9:00 a. m., {ADDRESS}\nescribió:\n\n> Hola", id="Gmail, wrapped"),
        pytest.param("El mar, 4 ago 2026 a las 9:00, Escuela (<a@e.example>) escribió:\nHola", id="Gmail, no marks"),
        pytest.param(f"Em ter., 4 de ago. de 2026 às 09:00, {ADDRESS} escreveu:\n\n> Olá", id="Gmail in Portuguese"),
        pytest.param(HEAD_ES, id="Outlook"),
        pytest.param(HEAD_EN, id="Outlook in English"),
        pytest.param(HEAD_PT, id="Outlook in Portuguese"),
        pytest.param(f"________________________________\n{HEAD_ES}", id="Outlook on the web, with its line"),
        pytest.param(f"Obtener Outlook para Android<https://aka.ms/x>\n________________\n{HEAD_EN}", id="on Android"),
        pytest.param(HEAD_ES.replace("De:", "*De:*").replace("Para:", "*Para:*"), id="Outlook as Gmail shows it"),
        pytest.param("-----Mensaje original-----\nDe: Escuela\n\nHola", id="an older Outlook"),
        pytest.param(f"> El 4 ago 2026, a las 9:00, {ADDRESS} escribió:\n> \n> Hola", id="Apple Mail"),
        pytest.param(f"Enviado do meu iPhone\n\n> Em 4 de ago. de 2026, {ADDRESS} escreveu:\n> Olá", id="iPhone"),
        pytest.param(
            f"Enviado desde Yahoo Mail para Android \n \n  El mar., 4 ago. 2026, {ADDRESS} escribió:   Hola Rosa",
            id="Yahoo on a telephone: on one line",
        ),
        pytest.param("-------- Mensaje original --------\nDe: Escuela\nFecha: 4/8/26\n\nHola", id="Samsung"),
        pytest.param(
            "Enviado desde mi HUAWEI P30\n\n-------- Mensaje original --------\nDe: Escuela\nHola", id="Huawei"
        ),
        pytest.param("---- En mar, 04 ago 2026 09:00:00 -0500 a@e.example escribió ----\n\nHola", id="Zoho"),
        pytest.param('De: "Escuela" <a@e.example>\nPara: "rosa"\nEnviados: Martes\nAsunto: q\n\nHola', id="Zimbra"),
        pytest.param("Date: Tue, 4 Aug\nFrom: a@e.example\nTo: r@c.example\nSubject: q\n\nHola", id="the date first"),
        pytest.param(f"El 2026-08-04 09:00, {ADDRESS} escribió:\n> Hola", id="Roundcube"),
    ],
)
def test_what_stands_above_the_history_is_theirs(history: str) -> None:
    assert own_words(f"Mi DNI es 45678912.\n\n{history}", answering=True, ours=US).own == "Mi DNI es 45678912."


@pytest.mark.parametrize(
    "history", ["El 4/08/26 a las 09:00, Escuela escribió:\n> Hola", "On 8/4/26 09:00, Escuela wrote:\n> Hola"]
)
def test_what_stands_below_the_history_is_theirs(history: str) -> None:
    assert own_words(f"{history}\n\nFue el curso de Revit.", answering=True, ours=US).own == "Fue el curso de Revit."


@pytest.mark.parametrize(
    "text",
    [
        pytest.param("El profesor me escribió:\nno vengas mañana\ny yo fui igual", id="tells what somebody wrote"),
        pytest.param("Curso: Revit\nFecha: 20/07/2026\nDe: 9 a 11\nPara: mi hijo\n\nNo hubo clase.", id="labels"),
        pytest.param("Pasó esto:\n- no hubo clase\n-- ni aviso\n- ni nada", id="a list of dashes"),
        pytest.param("Saludos,\n\nRosa Quispe\nJefa de Obra\nTel. 01 234 5678", id="a name under greetings"),
    ],
)
def test_what_only_looks_like_history_stays(text: str) -> None:
    assert own_words(text, answering=True, ours=US).own == text
