"""What is wrong with policy.toml, contacts.toml or a scenario, in Spanish: their rooms say it in English."""

import re

_PARTS: tuple[tuple[str, str], ...] = (
    (
        r"There is no file (.+?): write one, or name none to use the packaged (\S*)\.",
        r"No hay un archivo \1: escríbalo, o no nombre ninguno y se usa el \2 del programa.",
    ),
    (
        r"(\S+) cannot be read \((.+?)\): give a file that this program may open\.",
        r"\1 no se puede leer (\2): dé un archivo que este programa pueda abrir.",
    ),
    (r"(\S+) is not UTF-8 text: save it as UTF-8\.", r"\1 no es texto UTF-8: guárdelo como UTF-8."),
    (r"(\S+) is not TOML: ", r"\1 no es TOML: "),
    (r"The changed policy: ", "Las reglas cambiadas: "),
    (
        r"There is no scenario (\S+): (?:did you mean (\S+?)\? )?`complaints simulate --list` names those that come "
        r"with the program; or give a file\.",
        r"No hay un guion \1: `complaints simulate --list` nombra los que trae el programa (¿\2?); o dé un archivo.",
    ),
    (
        r"The policy's escalation\.levels name (.+?), and contacts\.toml has no such person: add (\S+) or take the "
        r"level out of the policy\.",
        r"Las reglas nombran en escalation.levels a \1 y contacts.toml no tiene a esa persona: agregue \2 o quite el "
        r"nivel de las reglas.",
    ),
    (
        r"(\S+) is an intake address, so each letter to it would come in as a complaint: give another address there, "
        r"or take it out of intake\.emails\.",
        r"\1 es una dirección de recepción, y cada carta a ella entraría como queja: ponga otra dirección ahí, o "
        r"quítela de intake.emails.",
    ),
    (r"Nobody has the role (.+?) in contacts\.toml; there are: ", r"Nadie tiene el rol \1 en contacts.toml; hay: "),
    (r"There is no department (.+?); there are: ", r"No hay un área \1; hay: "),
    (r"is not known here\.", "no se conoce aquí."),
    (r"Did you mean (\S+?)\?", r"¿Quiso decir \1?"),
    (r"did you mean (\S+?)\?", r"¿quiso decir \1?"),
    (r"Known are: ", "Se conocen: "),
    (r"is missing\.", "falta."),
    (r"; it is ", "; dice "),
    (r"must be a whole number", "debe ser un número entero"),
    (r"must be true or false", "debe ser true o false"),
    (r"must be text in quotes", "debe ser texto entre comillas"),
    (r"must be a table of settings", "debe ser una tabla"),
    (r"must be a list", "debe ser una lista"),
    (r"must not be empty", "no debe estar vacío"),
    (r"has one item too many", "tiene un elemento de más"),
    (r"must be a date like 2026-12-24, without a time", "debe ser una fecha como 2026-12-24, sin hora"),
    (r"must be a date like", "debe ser una fecha como"),
    (r"must be greater than or equal to", "debe ser al menos"),
    (r"must be less than or equal to", "debe ser como máximo"),
    (r"must be greater than", "debe ser mayor que"),
    (r"must be less than", "debe ser menor que"),
    (r"must not name anything twice", "no debe nombrar nada dos veces"),
    (r"must not name a day twice", "no debe nombrar un día dos veces"),
    (r"must not name two people for", "no debe nombrar a dos personas para el"),
    (r"must be a key of small letters, digits and _, like", "debe ser una clave de minúsculas, cifras y _, como"),
    (
        r"must go up and end before business_days",
        "debe ir en aumento y terminar antes de business_days",
    ),
    (r"is no kind of letter; there are: ", "no es un tipo de carta; hay: "),
    (r"must hold the school's own language,", "debe contener el idioma de la escuela,"),
    (r"must be a time of day like '09:00', up to '24:00'", "debe ser una hora como '09:00', hasta '24:00'"),
    (r"is not a time zone: write it like", "no es una zona horaria: escríbala como"),
    (
        r"an interval must end after it starts on the same day: (\S+) to (\S+) does not",
        r"un intervalo debe terminar después de empezar, el mismo día: de \1 a \2 no es así",
    ),
    (
        r"intervals must be in order and must not overlap: (\S+) comes before",
        r"los intervalos deben ir en orden y sin cruzarse: \1 viene antes de",
    ),
    (r"must be an email address like", "debe ser un correo como"),
    (r"must be a telephone number, such as", "debe ser un teléfono, como"),
    (r"must be a RUC: 11 digits in quotes", "debe ser un RUC: 11 cifras entre comillas"),
    (r"until must not be before from", "until no debe ser antes que from"),
    (r"must not give (.+?) and (.+?) the same name", r"no debe dar a \1 y \2 el mismo nombre"),
    (
        r"must not use (.+?) as a role: letters call somebody else by that name",
        r"no debe usar \1 como rol: las cartas llaman así a otra persona",
    ),
    (
        r"without (\S+) there must be a table \[quality\]: who gets the review of §10\?",
        r"sin \1 debe haber una tabla [quality]: ¿quién recibe la revisión del §10?",
    ),
    (r"must be a span like", "debe ser un lapso como"),
    (r"must be a time like", "debe ser un momento como"),
    (r"must be the school's own time, without a zone", "debe ser la hora de la escuela, sin zona"),
    (r"must have an hour too, like", "debe tener también hora, como"),
    (
        r"(\S+) does not belong here; give (.+?) at the top of the scenario",
        r"\1 no va aquí; ponga \2 al comienzo del guion",
    ),
    (r"say when, either `at` or `after`", "diga cuándo, con `at` o con `after`"),
    (r"say what happens, either `does` or `mail_server`", "diga qué ocurre, con `does` o con `mail_server`"),
    (r"`mail_server` takes no other fields", "`mail_server` no lleva otros campos"),
    (r"step (\d+) is at (.+?), before (.+?): sort them", r"el paso \1 es el \2, antes del \3: ordénelos"),
    (r"until lies before the last step,", "until es anterior al último paso,"),
    (r"the story would last until (\S+), longer than three years", r"el relato duraría hasta el \1: más de tres años"),
    (r"nobody can do (\S+?); ", r"nadie puede hacer \1; "),
    (r"(\S+) has no field (\S+?); ", r"\1 no tiene un campo \2; "),
    (r"there are: ", "hay: "),
    (r"it has none", "no tiene ninguno"),
    (r"lies outside the years (\d+) to (\d+)", r"está fuera de los años \1 a \2"),
    (r"must be ", "debe ser "),
    (r" or '", " o '"),
)


def in_spanish(sentences: str) -> str:
    """The sentences of PolicyError, ContactsError or ScenarioError; fields and values stay as they are written."""
    for english, spanish in _PARTS:
        sentences = re.sub(english, spanish, sentences)
    return sentences.replace(" (¿?)", "")
