"""Whatever a customer writes, in any order, comes out whole of ten mail programs' history and signatures."""

from hypothesis import given, settings
from hypothesis import strategies as st

from tests.incoming_expected import OURS
from tests.mail_made import mail, reading

SENTENCES = (
    "Enviado mi DNI por correo hace un mes, aún no me matriculan.",
    "Enviada la tarea desde mi celular, el profesor me puso cero.",
    "El 20 de octubre el profesor me escribió:",
    "El coordinador escribió: ya no hay vacantes.",
    "Ustedes me dijeron que mi pago está conforme, y no tengo acceso.",
    "De: 9 a 11 no hubo clase.",
    "Asunto: mi certificado",
    "Para: mi hijo",
    "Fecha: 20/07/2026",
    "1. Pagué el 3 de noviembre.",
    "- nadie responde",
    "--",
    "> Su pago está conforme",
    "Obtener una respuesta por correo me tomó tres semanas.",
    "Mi DNI es 45678912 y mi celular 987 654 321.",
    "On October 20 the teacher wrote:",
    "Sent my payment by mobile phone and nobody answered.",
    "I want a refund of S/ 480 -- all of it.",
    "Get my certificate sent by mail, please.",
    "¿Cuándo me responden? Escribí a soporte@escuela.example el lunes.",
    "Le escribí a jperez@otro.example y no contesta:",
    "__ y nada más",
    "Gracias",
    "Saludos cordiales,",
)
CLOSING = "Pido la devolución de mi dinero."
"""The last sentence: what stands last could be taken for a program's."""

US, BOX = "Escuela", "soporte@escuela.example"
LETTER = ("Estimada Rosa:", "", "Recibimos su queja Q-1234-56789.", "DNI: 99999999", "", "Atención al cliente")
HISTORY = "99999999"
MARKED = "\n".join(f"> {line}".rstrip() for line in LETTER)
BARE = "\n".join(LETTER)
HEAD_ES = (
    f"De: {US} <{BOX}>\nEnviado: lunes, 3 de agosto de 2026 10:15\nPara: Rosa Quispe\nAsunto: Recibimos su queja\n"
)
HEAD_EN = f"From: {US} <{BOX}>\nSent: Monday, August 3, 2026 10:15 AM\nTo: Rosa Quispe\nSubject: Recibimos su queja\n"
RULE = "________________________________\n"

WHEN_ES, WHEN_EN = "3/8/26 10:15", "8/3/26 10:15"
PROGRAMS: dict[str, str] = {
    "Gmail": f"El lun, 3 ago 2026 a las 10:15, {US} (<{BOX}>)\nescribió:\n\n{MARKED}",
    "Gmail en": f"On Mon, Aug 3, 2026 at 10:15 AM {US} <{BOX}>\nwrote:\n\n{MARKED}",
    "Outlook desktop": f"{HEAD_ES}\n{BARE}",
    "Outlook desktop en": f"{HEAD_EN}\n{BARE}",
    "Outlook desktop, old": f"-----Mensaje original-----\n{HEAD_ES}\n{BARE}",
    "Outlook desktop, old, en": f"-----Original Message-----\n{HEAD_EN}\n{BARE}",
    "Outlook web": f"{RULE}{HEAD_ES}\n{BARE}",
    "Outlook web en": f"{RULE}{HEAD_EN}\n{BARE}",
    "Outlook mobile": f"Obtener Outlook para Android<https://aka.ms/AAb9ysg>\n{RULE}{HEAD_ES}\n{BARE}",
    "Outlook mobile en": f"Get Outlook for iOS<https://aka.ms/o0ukef>\n{RULE}{HEAD_EN}\n{BARE}",
    "Apple Mail": f"> El 3 ago 2026, a las 10:15, {US} <{BOX}> escribió:\n> \n{MARKED}",
    "Apple Mail en": f"> On Aug 3, 2026, at 10:15 AM, {US} <{BOX}> wrote:\n> \n{MARKED}",
    "iPhone": f"Enviado desde mi iPhone\n\n> El 3 ago. 2026, a la(s) 10:15, {US} <{BOX}> escribió:\n> \n{MARKED}",
    "iPhone en": f"Sent from my iPhone\n\n> On Aug 3, 2026, at 10:15, {US} <{BOX}> wrote:\n> \n{MARKED}",
    "Yahoo": "Enviado desde Yahoo Mail para Android \n \n"
    f"  El lun., 3 ago. 2026 a la(s) 10:15, {US} <{BOX}> escribió:   {' '.join(LETTER)}",
    "Yahoo en": f"    On Monday, August 3, 2026 at 10:15:00 AM GMT-5, {US} <{BOX}> wrote:  \n \n {BARE}",
    "Thunderbird": f"El 3/8/26 a las 10:15, {US} escribió:\n{MARKED}",
    "Thunderbird en": f"On 8/3/26 10:15, {US} wrote:\n{MARKED}",
    "Hotmail": f"{RULE}{HEAD_ES.replace(US, BOX)}\n{BARE}",
    "Hotmail, old": f"> Date: Mon, 3 Aug 2026 10:15:00 -0500\n> From: {BOX}\n> To: rosa@correo.example\n"
    f"> Subject: q\n> \n{MARKED}",
    "Zimbra": f'De: "{US}" <{BOX}>\nPara: "rosa quispe"\nEnviados: Lunes, 3 de Agosto 2026\nAsunto: q\n\n{BARE}',
    "Zimbra en": f'----- Original Message -----\nFrom: "{US}" <{BOX}>\nTo: "rosa"\nSent: Monday\nSubject: q\n\n{BARE}',
    "Samsung": "Enviado desde mi Samsung Galaxy\n\n-------- Mensaje original --------\n"
    f"De: {US} <{BOX}>\nFecha: {WHEN_ES}\nPara: R\nAsunto: q\n\n{BARE}",
    "Samsung en": "Sent from my Galaxy\n\n-------- Original message --------\n"
    f"From: {US} <{BOX}>\nDate: {WHEN_EN}\nTo: R\nSubject: q\n\n{BARE}",
}
"""Ten programs, in both languages and in their versions."""

SIGNATURES = (
    "",
    "-- \nRosa Quispe\nJefa de Obra\nTel. 01 234 5678",
    "--\nRosa Quispe\nrosa@empresa.example",
    "Rosa Quispe",
)
ANSWERS = {"Subject": "RE: [Q-1234-56789] Recibimos su queja", "In-Reply-To": OURS}


def lines_of(text: str) -> list[str]:
    return [line for line in (" ".join(line.split()) for line in text.split("\n")) if line]


@settings(max_examples=600, deadline=None)
@given(
    st.lists(st.tuples(st.sampled_from(SENTENCES), st.sampled_from(("\n", "\n\n"))), min_size=1, max_size=9),
    st.sampled_from(SIGNATURES),
    st.sampled_from(sorted(PROGRAMS)),
    st.booleans(),
)
def test_own_sentences_come_out_whole_and_the_history_goes(
    written: list[tuple[str, str]], signature: str, program: str, known: bool
) -> None:
    own = "".join(sentence + end for sentence, end in written) + CLOSING
    body = "\n\n".join(filter(None, [own, signature, PROGRAMS[program]]))
    found = reading(mail(body, ANSWERS), answered=BARE if known else None)
    kept = lines_of(found.text)
    assert kept[: len(lines_of(own))] == lines_of(own), program
    assert HISTORY not in found.text, program
    assert "document" not in found.fields or found.fields["document"] != HISTORY


def as_html(text: str) -> str:
    escaped = text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
    return "".join(f"<div>{line or '<br>'}</div>" for line in escaped.split("\n"))


LETTER_HTML = "".join(f"<p>{line}</p>" for line in LETTER if line)
US_HTML = f'{US} &lt;<a href="mailto:{BOX}">{BOX}</a>&gt;'
HEAD_HTML = (
    f"<b>De:</b> {US_HTML}<br><b>Enviado el:</b> lunes, 3 de agosto<br><b>Para:</b> Rosa<br><b>Asunto:</b> q<br>"
)
OF_HTML: dict[str, str] = {
    "Gmail": '<div dir="ltr">OWN</div><br><div class="gmail_quote"><div class="gmail_attr">'
    f"El lun, 3 ago 2026 a las 10:15, {US_HTML} escribió:<br></div>"
    f'<blockquote class="gmail_quote" style="border-left:1px #ccc solid">{LETTER_HTML}</blockquote></div>',
    "Outlook": '<div class="WordSection1">OWN<div style="border:none;border-top:solid #E1E1E1 1.0pt">'
    f'<p class="MsoNormal">{HEAD_HTML}</p></div>{LETTER_HTML}</div>',
    "Outlook web": f'OWN<hr style="width:98%"><div id="divRplyFwdMsg">{HEAD_HTML}<div></div></div>{LETTER_HTML}',
    "Apple Mail": 'OWN<br><div><blockquote type="cite">'
    f"<div>El 3 ago 2026, a las 10:15, {US_HTML} escribió:</div><br>{LETTER_HTML}</blockquote></div>",
    "Thunderbird": f'<p>OWN</p><div class="moz-cite-prefix">El 3/8/26 a las 10:15, {US} escribió:<br></div>'
    f'<blockquote type="cite" cite="mid:x">{LETTER_HTML}</blockquote>',
    "Yahoo": '<div class="ydp">OWN</div><div id="yahoo_quoted">'
    f"<div>El lunes, 3 de agosto de 2026, 10:15:00 GMT-5, {US_HTML} escribió: </div>{LETTER_HTML}</div>",
    "Zimbra": 'OWN<hr><blockquote style="border-left:2px solid #1010FF;margin-left:5px">'
    f"{HEAD_HTML}{LETTER_HTML}</blockquote>",
}


@settings(max_examples=200, deadline=None)
@given(st.lists(st.sampled_from(SENTENCES), min_size=1, max_size=7), st.sampled_from(sorted(OF_HTML)))
def test_the_same_of_their_html(written: list[str], program: str) -> None:
    own = "\n".join([*written, CLOSING])
    body = OF_HTML[program].replace("OWN", as_html(own))
    found = reading(mail(body, ANSWERS, kind="text/html; charset=utf-8"))
    assert lines_of(found.text) == lines_of(own), program
