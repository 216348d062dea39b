"""What a mail program writes above our letter, in whatever language its owner reads: history, and nothing else is."""

import pytest

from tests.mail_made import ANSWERS, text_of

OWN = "Mi DNI es 45678912 y el curso fue Revit.\nEl profesor escribió: mañana no hay clase.\n¿Cuándo me responden?"
LETTER = "> Estimada Rosa:\n>\n> Recibimos su queja.\n> Nos contacta Atención al Cliente."
US = "Escuela <soporte@escuela.example>"

ATTRIBUTIONS = {
    "Gmail": f"El lun., 3 de ago. de 2026 10:15 a. m., {US} escribió:",
    "Gmail, Portuguese": f"Em seg., 3 de ago. de 2026 às 10:15, {US} escreveu:",
    "Gmail, Galician": f"O luns, 3 de ago de 2026 ás 10:15, {US} escribiu:",
    "Gmail, Catalan": f"Missatge de {US} del dia dl., 3 d’ag. 2026 a les 10:15:",
    "Gmail, Basque": f"{US} igorleak hau idatzi du (2026 abu. 3, al. 10:15):",
    "Gmail, Italian": f"Il giorno lun 3 ago 2026 alle ore 10:15 {US} ha scritto:",
    "Gmail, Dutch": f"Op ma 3 aug 2026 om 10:15 schreef {US}:",
    "Gmail, Swedish": f"Den mån 3 aug. 2026 kl 10:15 skrev {US}:",
    "Gmail, Finnish": "ma 3. elok. 2026 klo 10.15 Escuela (soporte@escuela.example) kirjoitti:",
    "Gmail, Czech": f"po 3. 8. 2026 v 10:15 odesílatel {US} napsal:",
    "Gmail, Romanian": f"În lun., 3 aug. 2026 la 10:15, {US} a scris:",
    "Gmail, Hungarian": f"{US} ezt írta (időpont: 2026. aug. 3., H, 10:15):",
    "Gmail, Turkish": f"{US}, 3 Ağu 2026 Pzt, 10:15 tarihinde şunu yazdı:",
    "Gmail, Greek": f"Στις Δευ 3 Αυγ 2026 στις 10:15 π.μ., ο/η {US} έγραψε:",
    "Gmail, Russian": f"пн, 3 авг. 2026 г. в 10:15, {US}:",
    "Gmail, Ukrainian": f"пн, 3 серп. 2026 р. о 10:15 {US} пише:",
    "Gmail, Chinese": f"{US} 于2026年8月3日周一 10:15写道：",
    "Gmail, Japanese": f"2026年8月3日(月) 10:15 {US}:",
    "Gmail, Korean": f"2026년 8월 3일 (월) 오전 10:15, {US}님이 작성:",
    "Yandex": "03.08.2026, 10:15, \"Escuela\" <soporte@escuela.example>:",
    "Spark": f"El 3 de ago. de 2026 10:15 -0500, {US}, escribió:",
    "Proton": f"------- Original Message -------\nOn Monday, August 3rd, 2026 at 10:15 AM, {US} wrote:",
    "Proton, Spanish": f"-------- Mensaje original --------\nEl lunes, 3 de agosto de 2026 a las 10:15, {US} escribió:",
    "Aqua Mail": f"----- Respuesta a mensaje -----\nEl 3 de agosto de 2026 10:15:22 {US} escribió:",
    "Zoho": f"---- El lun, 03 ago 2026 10:15:00 -0500 {US} escribió ----",
}  # fmt: skip


def head(sender: str, moment: str, to: str, about: str) -> str:
    return f"{sender}: {US}\n{moment} 10:15\n{to}: Rosa\n{about}: Recibimos su queja"


HEADS = {
    "Outlook": head("De", "Enviado: lunes, 3 de agosto de 2026", "Para", "Asunto"),
    "Outlook, in bold": f"*De:* {US}\n*Enviado:* lunes, 3 de agosto de 2026 10:15\n*Para:* Rosa\n*Asunto:* q",
    "Outlook, Portuguese": head("De", "Enviada em: segunda-feira, 3 de agosto de 2026", "Para", "Assunto"),
    "Outlook, German": head("Von", "Gesendet: Montag, 3. August 2026", "An", "Betreff"),
    "Outlook, French": head("De ", "Envoyé : lundi 3 août 2026", "À ", "Objet "),
    "Outlook, Italian": head("Da", "Inviato: lunedì 3 agosto 2026", "A", "Oggetto"),
    "Outlook, Dutch": head("Van", "Verzonden: maandag 3 augustus 2026", "Aan", "Onderwerp"),
    "Outlook, Swedish": head("Från", "Skickat: den 3 augusti 2026", "Till", "Ämne"),
    "Outlook, Polish": head("Od", "Wysłano: poniedziałek, 3 sierpnia 2026", "Do", "Temat"),
    "Outlook, Russian": head("От", "Отправлено: 3 августа 2026 г.", "Кому", "Тема"),
    "Outlook, Chinese": head("发件人", "发送时间: 2026年8月3日", "收件人", "主题"),
    "QQ": f"------------ 原始邮件 ------------\n{head('发件人', '发送时间: 2026年8月3日', '收件人', '主题')}",
    "Huawei": f"-------- Mensaje original --------\n{head('De', 'Fecha: lun., 3 ago. 2026,', 'Para', 'Asunto')}",
    "BlackBerry": f"  Mensaje original  \n{head('De', 'Enviado: lunes, 3 de agosto de 2026', 'Para', 'Asunto')}",
    "GMX": "Gesendet: Montag, 03. August 2026 um 10:15 Uhr\nVon: soporte@escuela.example\nAn: r\nBetreff: q",
    "Hotmail, old": f"Subject: q\nFrom: {US}\nTo: rosa@correo.example\nDate: Mon, 3 Aug 2026 10:15:00 -0500",
    "Samsung, its lines lost": f"-------- Mensaje original --------De: {US} Fecha: 3/08/26  10:15 Para: r Asunto: q ",
    "eM Client": "------ Mensaje original ------\nDe soporte@escuela.example\nPara r\nFecha 3/8/2026\nAsunto q",
}  # fmt: skip
BY_PROGRAM = {**ATTRIBUTIONS, **HEADS}


@pytest.mark.parametrize("program", BY_PROGRAM)
def test_what_is_quoted_below_is_history(program: str) -> None:
    assert text_of(f"{OWN}\n\n{BY_PROGRAM[program]}\n\n{LETTER}", ANSWERS) == OWN


@pytest.mark.parametrize("program", BY_PROGRAM)
def test_what_is_written_below_a_quotation_is_the_writers(program: str) -> None:
    assert text_of(f"{BY_PROGRAM[program]}\n{LETTER}\n\n{OWN}", ANSWERS) == OWN


@pytest.mark.parametrize("program", HEADS)
def test_what_nothing_marks_as_quoted_is_history_below_our_header(program: str) -> None:
    assert text_of(f"{OWN}\n\n{HEADS[program]}\n\n{LETTER.replace('> ', '').replace('>', '')}", ANSWERS) == OWN


@pytest.mark.parametrize(
    "told",
    [
        "Ustedes (soporte@escuela.example) me dijeron el 3/8/2026:\n> Su pago está conforme\nPero no tengo acceso.",
        "A las 10:15 me llegó de soporte@escuela.example esto:\n> Su pago está conforme\nY no es verdad.",
        "Escribí a Escuela <soporte@escuela.example> el 3/8/2026 a las 10:15 y pedí:\n- mi certificado",
        "Od tej pory: nada.\nDo: re mi\nTemat: mi certificado",
    ],
)
def test_what_a_customer_tells_of_us_is_theirs(told: str) -> None:
    assert text_of(told, ANSWERS) == told


def test_a_new_complaint_keeps_what_it_quotes() -> None:
    for told in BY_PROGRAM.values():
        words = f"{OWN}\n\n{told}\n\n{LETTER}"
        assert text_of(words) == words


@pytest.mark.parametrize(
    "added",
    [
        "Yahoo Mail: Busca, organiza, conquista",
        "Enviado con Aqua Mail para Android\nhttps://www.mobisystems.com/aqua-mail",
        "-- \nEnviado desde mi dispositivo Android con K-9 Mail. Por favor, disculpe mi brevedad.",
        "-- \nSent from my Android device with K-9 Mail. Please excuse my brevity.",
        "Enviado desde mi Xiaomi, disculpe los errores de tipeo",
    ],
)
def test_what_a_telephone_adds_below_is_no_word_of_theirs(added: str) -> None:
    assert text_of(f"{OWN}\n\n{added}", ANSWERS) == OWN


def test_a_quotation_may_be_marked_with_bars_and_a_table_is_none() -> None:
    head = f"De: {US}\nPara: Rosa\nEnviados: Lunes\nAsunto: q\n\n{LETTER.replace('> ', '').replace('>', '')}"
    barred = "\n".join(f"| {line}".rstrip() for line in head.split("\n"))
    assert text_of(f"{OWN}\n\n{barred}", ANSWERS) == OWN
    table = "| De: | soporte@escuela.example |\n| Para: | mí |\n| Enviado: | lunes |\n| Asunto: | q |"
    assert text_of(f"{OWN}\n\n{table}", ANSWERS) == f"{OWN}\n\n{table}"
