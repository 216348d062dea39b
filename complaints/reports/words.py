"""What a report says, in Spanish and English: its causes, its lessons, and the names of what it counts."""

from typing import NamedTuple

from complaints.rules.vocabulary import Words


class Cause(NamedTuple):
    """A main cause of escalations, as told of one complaint and of several, and what would have prevented them."""

    one: tuple[str, str]
    many: tuple[str, str]
    """After the number and the noun: `3 quejas escalaron …`."""
    instead: tuple[str, str]


CAUSES: dict[str, Cause] = {
    "not-assessed": Cause(
        ("escaló sin que nadie la hubiera evaluado", "escalated before anybody had assessed it"),
        ("escalaron sin que nadie las hubiera evaluado", "escalated before anybody had assessed them"),
        (
            "Evaluar cada queja en sus 1 a 2 días hábiles: que alguien tenga cada mañana la lista de las no evaluadas.",
            "Assess every complaint within its 1 to 2 business days: let somebody own the list of the unassessed.",
        ),
    ),
    "not-assigned": Cause(
        ("escaló evaluada, pero sin área asignada", "escalated assessed, but assigned to no department"),
        ("escalaron evaluadas, pero sin área asignada", "escalated assessed, but assigned to no department"),
        (
            "Asignar en el mismo acto en que se evalúa.",
            "Assign in the same act as the assessment.",
        ),
    ),
    "late-assessment": Cause(
        ("se evaluó tarde, y la investigación ya no cupo", "was assessed late, which left too little to investigate"),
        (
            "se evaluaron tarde, y la investigación ya no cupo",
            "were assessed late, which left too little to investigate",
        ),
        (
            "Cumplir el plazo de evaluación: cada día que se pierde allí le falta al área que investiga.",
            "Keep the window of the assessment: each day lost there is missing in the investigation.",
        ),
    ),
    "late-assignment": Cause(
        ("se asignó tarde, y la investigación ya no cupo", "was assigned late, which left too little to investigate"),
        (
            "se asignaron tarde, y la investigación ya no cupo",
            "were assigned late, which left too little to investigate",
        ),
        (
            "Asignar dentro de su día hábil, y acordar con cada área quién recibe las quejas cuando falta su jefatura.",
            "Assign within its business day, and agree who receives complaints when a head is away.",
        ),
    ),
    "details-outstanding": Cause(
        ("escaló esperando datos del cliente", "escalated while waiting for the customer's details"),
        ("escalaron esperando datos del cliente", "escalated while waiting for the customers' details"),
        (
            "Pedir en el primer contacto exactamente lo que falta, y llamar cuando el correo no se contesta.",
            "Ask for exactly what is missing at the first contact, and call when the mail is not answered.",
        ),
    ),
    "promise-broken": Cause(
        ("pasó la fecha que se prometió al cliente", "passed the date promised to the customer"),
        ("pasaron la fecha que se prometió al cliente", "passed the date promised to the customer"),
        (
            "Prometer solo fechas acordadas con el área, y avisar antes de que pasen.",
            "Promise only dates agreed with the department, and speak up before they pass.",
        ),
    ),
    "untouched": Cause(
        (
            "subió otro nivel sin que nadie la tocara en el anterior",
            "went up again without anybody touching it at the level before",
        ),
        (
            "subieron otro nivel sin que nadie las tocara en el anterior",
            "went up again without anybody touching them at the level before",
        ),
        (
            "Quien recibe un escalamiento responde el mismo día: asigna, llama o fija una fecha.",
            "Whoever receives an escalation acts the same day: assigns, calls or sets a date.",
        ),
    ),
    "long-investigation": Cause(
        ("se investigó más tiempo del que había", "was investigated for longer than there was time"),
        ("se investigaron más tiempo del que había", "were investigated for longer than there was time"),
        (
            "Pedir ayuda a otras áreas al comenzar, con fecha de respuesta, y no al vencer el plazo.",
            "Involve others at the beginning, with a date to answer by, not when the window ends.",
        ),
    ),
    "on-schedule": Cause(
        (
            "escaló aunque cada etapa cumplió su plazo: los 5 días se cuentan desde la recepción",
            "escalated though every window was kept: the 5 days count from receipt",
        ),
        (
            "escalaron aunque cada etapa cumplió su plazo: los 5 días se cuentan desde la recepción",
            "escalated though every window was kept: the 5 days count from receipt",
        ),
        (
            "Ninguna falta: evaluar y asignar en el primer día, o revisar en la política desde cuándo se cuentan.",
            "Nobody was late: assess and assign on the first day, or review from when the policy counts.",
        ),
    ),
    "unexplained": Cause(
        ("se disputó sin que se explicara la resolución", "was disputed before the resolution was explained"),
        ("se disputaron sin que se explicara la resolución", "were disputed before the resolution was explained"),
        (
            "Comunicar la resolución con sus razones, no solo que está decidida.",
            "Tell the resolution with its reasons, not only that it is decided.",
        ),
    ),
    "rejected": Cause(
        ("se disputó porque no se le dio la razón al cliente", "was disputed because the complaint was not upheld"),
        ("se disputaron porque no se le dio la razón al cliente", "were disputed because they were not upheld"),
        (
            "Llamar antes de negar una queja: explicar por qué y ofrecer lo que sí se puede.",
            "Call before rejecting a complaint: explain why, and offer what can be done.",
        ),
    ),
    "no-corrective-action": Cause(
        (
            "se disputó: su resolución no tenía ninguna acción correctiva registrada",
            "was disputed: its resolution had no corrective action on record",
        ),
        (
            "se disputaron: sus resoluciones no tenían ninguna acción correctiva registrada",
            "were disputed: their resolutions had no corrective action on record",
        ),
        (
            "Decir en la resolución qué se hará, quién y cuándo.",
            "Say in the resolution what will be done, by whom and when.",
        ),
    ),
    "remedy-refused": Cause(
        ("se disputó porque la solución no bastó", "was disputed because the remedy was not enough"),
        ("se disputaron porque la solución no bastó", "were disputed because the remedy was not enough"),
        (
            "Preguntar al tomar la queja qué solución espera el cliente, y responder a eso.",
            "Ask what solution the customer expects when taking the complaint down, and answer that.",
        ),
    ),
    "reopened": Cause(
        ("se reabrió después de cerrada", "was reopened after it had closed"),
        ("se reabrieron después de cerradas", "were reopened after they had closed"),
        (
            "Comprobar que lo ofrecido se cumplió antes de cerrar.",
            "Check that what was offered was done before closing.",
        ),
    ),
}


class Listed(NamedTuple):
    """Complaints that are looked at one by one, and how the figures count them."""

    name: tuple[str, str]
    more: tuple[str, str]


SILENT = Listed(
    ("Resueltas y abiertas: el cliente no respondió", "Resolved and open: the customer is silent"),
    ("Cuentan entre las abiertas.", "They count among the open ones."),
)
BY_DECISION = Listed(
    ("Cerradas por decisión, sin la conformidad del cliente", "Closed by decision, not confirmed by the customer"),
    ("Nunca cuentan como conformes.", "They never count as satisfied."),
)
DISMISSED = Listed(
    ("No eran quejas", "Not complaints"),
    ("No están en ninguna otra cifra.", "They are in no other figure."),
)

LESSONS: Words = {
    "reopened": ("se reabrió", "reopened"),
    "escalated-twice": ("escaló más de una vez", "escalated more than once"),
    "legal": ("pasó el plazo legal", "passed the legal limit"),
    "disputed": ("el cliente no aceptó la resolución", "the customer did not accept the resolution"),
    "low-score": ("puntaje bajo, con palabras", "a low score, with words"),
    "worst-wait": ("de las que más esperaron", "among the longest waits"),
}

STEPS: Words = {
    "acknowledge": ("Acuse de recibo", "Acknowledgement"),
    "assess": ("Evaluación inicial", "Initial assessment"),
    "assign": ("Asignación", "Assignment"),
    "resolve": ("Resolución", "Resolution"),
}
"""From receipt to these."""

SPENT: Words = {
    "assessment": ("sin evaluar", "not assessed"),
    "assignment": ("sin asignar", "not assigned"),
    "investigation": ("en investigación", "in investigation"),
    "waiting": ("esperando datos del cliente", "waiting for the customer's details"),
}

DIMENSIONS: Words = {
    "department": ("Por área", "By department"),
    "product": ("Por producto o servicio", "By product or service"),
    "category": ("Por categoría", "By category"),
    "channel": ("Por canal", "By channel"),
    "severity": ("Por gravedad", "By severity"),
}
SINGULAR: Words = {
    "department": ("Área", "Department"),
    "product": ("Producto o servicio", "Product or service"),
    "category": ("Categoría", "Category"),
    "channel": ("Canal", "Channel"),
    "severity": ("Gravedad", "Severity"),
}
NOTHING_SAID: Words = {
    "department": ("Sin asignar", "Not assigned"),
    "product": ("Sin indicar", "Not given"),
    "category": ("Sin categoría", "No category"),
    "channel": ("Sin indicar", "Not given"),
    "severity": ("Sin indicar", "Not given"),
}
CHANNELS: Words = {
    "email": ("Correo electrónico", "Email"),
    "phone": ("Teléfono", "Telephone"),
    "web": ("Página web", "Web page"),
}
BUCKETS = (
    ("hasta 1 h", "to 1 h"), ("4 h", "4 h"), ("1 día", "1 day"), ("2 días", "2 days"), ("3 días", "3 days"),
    ("5 días", "5 days"), ("10 días", "10 days"), ("15 días", "15 days"), ("más", "more"),
)  # fmt: skip
"""The names of `complaints.rules.report.BUCKETS`: calendar days from receipt."""
