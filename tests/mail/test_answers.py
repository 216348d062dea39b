"""What an answer seems to say, as people write it; and where nothing may be proposed, because a wrong one is worse."""

import pytest

from complaints.mail.answers import seems_in

SATISFIED = """
Sí, estoy conforme
si, estoy conforme
Si estoy conforme, gracias
SI ESTOY CONFORME
Estoy conforme
estoy muy conforme con la respuesta, muchas gracias
Quedo conforme.
Conforme, gracias
Conforme
Todo bien, gracias
todo ok
Todo perfecto, muchas gracias por su ayuda
Ya está todo solucionado. Gracias
Hola, sí, estoy satisfecha con la solución. Saludos
Buenas tardes:\\n\\nYa se solucionó el problema, gracias.
Ya me llegó. Gracias.
Sí, ya me llegó el certificado. Gracias.
Acepto la respuesta
Le doy mi conformidad
Perfecto, gracias
Sí
sí, gracias
Buenas tardes, todo bien, gracias
Hola, sí, gracias
Hello, yes, thank you
Yes, I am satisfied
I'm satisfied, thank you
I am happy with the answer.
All good, thanks
Yes, thank you
It works now, thanks!
The problem has been resolved. Thank you
Everything is fine now.
"""

NOT_SATISFIED = """
No, sigue igual
No estoy conforme
NO ESTOY CONFORME CON LA RESPUESTA
No, no estoy conforme porque faltan dos horas
no quedo satisfecho
Estoy disconforme con la resolución
No acepto la respuesta.
Sigue igual, nada ha cambiado
Todavía no me llega el certificado
Aún no puedo entrar al aula
El problema persiste
No me han solucionado nada
No
No, para nada.
Sigo sin acceso
Estoy inconforme.
Buenos días. No.
I am not satisfied
I'm not happy with this answer
It is still not working
No, it's still the same
The issue is not resolved
I do not accept this.
I disagree
"""

WITHDRAWAL = """
ya no deseo continuar
Ya no deseo continuar con la queja
Ya no quiero seguir con el reclamo, gracias
Retiro mi queja
Desisto de mi reclamo
Quiero retirar mi queja
Por favor anulen mi queja, ya lo arreglé por mi cuenta
Solicito que cierren mi caso
ya no voy a continuar con esta queja
I want to withdraw my complaint
Please cancel my complaint
I no longer wish to continue
I no longer wish to continue with my complaint.
I am withdrawing my complaint
"""

NOTHING = """
Gracias
Ok
Muchas gracias por su respuesta
Recibido, gracias
¿Cómo va mi queja?
¿Debo responder que estoy conforme?
Si estoy conforme, ¿qué debo hacer?
Estaré conforme cuando me devuelvan el dinero
Quedaría conforme con una devolución
Estoy conforme pero aún no llega mi certificado
Estoy conforme con el trato, pero no con la solución
Estoy de acuerdo en que fue un error, pero quiero mi dinero
Me dijeron que todo estaba solucionado
Conforme a lo conversado, adjunto mi boleta
Ya no deseo continuar con el curso
ya no quiero seguir estudiando ahí, devuélvanme mi dinero
ya no quiero seguir esperando
No deseo retirar mi queja
No voy a desistir de mi reclamo
No retiro mi queja
Mi DNI es 44556677, fue el 10/11 en Revit
Adjunto la boleta
No tengo más documentos
No hay problema, espero su respuesta
No recuerdo la fecha exacta
No, gracias
No fue el 10, fue el 11
¿Ya está solucionado?
Creo que ya está solucionado
Si no me dan una solución iré a INDECOPI
Cancelen mi matrícula
I would be satisfied with a refund
I am satisfied with the teacher but not with the platform
If it is resolved I will let you know
I'm happy to wait until Monday
I do not want to withdraw my complaint
I no longer wish to continue with the course
Buenos días
Hola, gracias
Thank you
No problem
I am attaching the receipt
"""


def rows(text: str) -> list[str]:
    return [line.replace("\\n", "\n") for line in text.strip().splitlines()]


@pytest.mark.parametrize(
    ("text", "says"),
    [
        *((line, "satisfied") for line in rows(SATISFIED)),
        *((line, "not-satisfied") for line in rows(NOT_SATISFIED)),
        *((line, "withdrawal") for line in rows(WITHDRAWAL)),
        *((line, None) for line in rows(NOTHING)),
    ],
)
def test_what_an_answer_seems_to_say(text: str, says: str | None) -> None:
    found = seems_in(text)
    assert (found.says.value if found else None) == says


@pytest.mark.parametrize("text", [*rows(SATISFIED), *rows(NOT_SATISFIED), *rows(WITHDRAWAL)])
def test_the_words_that_speak_for_it_stand_where_it_says(text: str) -> None:
    found = seems_in(text)
    assert found is not None
    assert found.words == " ".join(text[found.start : found.end].split())
    assert found.words


def test_whoever_says_much_does_not_only_say_yes() -> None:
    assert seems_in("Estoy conforme. " + "Les cuento qué pasó con mi certificado y con la clase. " * 12) is None
    assert seems_in("x" * 100_000 + " no estoy conforme") is None
