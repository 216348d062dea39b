"""The words of the procedure in Spanish and English: stages, roles, details, windows, the journal's vocabulary."""

from typing import Literal

Language = Literal["es", "en"]
Words = dict[str, tuple[str, str]]
"""A word's key, and how it is said in Spanish and in English."""

WEEKDAYS = {
    "es": ("lunes", "martes", "miércoles", "jueves", "viernes", "sábado", "domingo"),
    "en": ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"),
}
MONTHS = {
    "es": (
        "enero", "febrero", "marzo", "abril", "mayo", "junio",
        "julio", "agosto", "setiembre", "octubre", "noviembre", "diciembre",
    ),
    "en": (
        "January", "February", "March", "April", "May", "June",
        "July", "August", "September", "October", "November", "December",
    ),
}  # fmt: skip

STAGES: Words = {
    "assessment": ("evaluación inicial", "initial assessment"),
    "assignment": ("asignación", "assignment"),
    "investigation": ("investigación", "investigation"),
    "confirmation": ("confirmación", "confirmation"),
    "closed": ("cerrada", "closed"),
}
"""The stages by name, for tables and headings."""

STAGES_TO_CUSTOMER: Words = {
    "assessment": (
        "estamos evaluando su queja para saber qué área debe atenderla",
        "we are assessing your complaint to see which department should look after it",
    ),
    "assignment": (
        "ya evaluamos su queja y la estamos asignando al área que debe resolverla",
        "we have assessed your complaint and are assigning it to the department that should resolve it",
    ),
    "investigation": (
        "estamos investigando lo que pasó para darle una solución",
        "we are investigating what happened so that we can resolve it",
    ),
    "confirmation": (
        "su queja ya tiene una resolución y falta su respuesta",
        "your complaint has been resolved and we are waiting for your answer",
    ),
    "closed": ("su queja está cerrada", "your complaint is closed"),
}
"""The stages as a sentence goes on: "ahora mismo …"."""

ROLES: Words = {
    "customer": ("cliente", "customer"),
    "care_team": ("Atención al Cliente", "Customer Care"),
    "representative": ("representante a cargo", "representative in charge"),
    "department_head": ("jefatura del área", "head of the department"),
    "administration_manager": ("Gerente de Administración", "Administration Manager"),
    "general_director": ("Director General", "General Director"),
    "quality": ("responsable de calidad", "quality lead"),
}

DETAILS: Words = {
    "identification": (
        "su número de documento de identidad (DNI, carné de extranjería o pasaporte)",
        "your identity document number (DNI, foreigner's card or passport)",
    ),
    "occurred_on": ("la fecha en que ocurrió el problema", "the date when the problem happened"),
    "product": (
        "el producto o servicio del que se trata (por ejemplo, el curso o programa)",
        "the product or service it is about (for example, the course or programme)",
    ),
    "name": ("su nombre completo", "your full name"),
    "phone": ("un teléfono donde podamos llamarle", "a telephone number where we can call you"),
    "email": ("un correo electrónico", "an email address"),
    "address": ("su domicilio", "your address"),
    "description": ("qué ocurrió", "what happened"),
    "remedy_sought": ("qué solución espera", "what solution you expect"),
    "amount": ("el monto que reclama", "the amount you claim"),
    "kind": ("si es un reclamo o una queja", "whether it is about the service or about how you were treated"),
}
"""What is missing (§4), as an item of a list; other words are the representative's own and are printed as they are."""

UNDERSTOOD: Words = {
    "name": ("Nombre", "Name"),
    "document": ("Documento de identidad", "Identity document"),
    "phone": ("Teléfono", "Telephone"),
    "email": ("Correo", "Email"),
    "address": ("Domicilio", "Address"),
    "guardian": ("Madre, padre o apoderado", "Parent or guardian"),
    "occurred_on": ("Fecha del problema", "Date of the problem"),
    "product": ("Producto o servicio", "Product or service"),
    "remedy_sought": ("Lo que nos pide", "What you ask for"),
    "amount": ("Monto", "Amount"),
    "kind": ("Tipo", "Kind"),
}
"""Labels of what we understood (§4)."""

UNDERSTOOD_BY_STAFF: Words = {
    "remedy_sought": ("Lo que pide", "What is asked for"),
}
"""Where the same label is said otherwise to staff."""

KINDS: Words = {
    "reclamo": (
        "Reclamo (sobre el producto o servicio)",
        "Claim (reclamo: about the product or service)",
    ),
    "queja": ("Queja (sobre la atención recibida)", "Grievance (queja: about how you were attended)"),
}

OUTCOMES: Words = {
    "upheld": ("su queja tiene fundamento", "your complaint is justified"),
    "partly": ("su queja tiene fundamento en parte", "your complaint is justified in part"),
    "not": ("su queja no tiene fundamento suficiente", "your complaint is not sufficiently justified"),
}
"""Outcomes of a resolution, as the sentence to the customer goes on: "Concluimos que …"."""

ENDS: Words = {
    "satisfied": ("cerrada con la conformidad del cliente", "closed, confirmed by the customer"),
    "decision": ("cerrada por decisión", "closed by decision"),
    "withdrawn": ("retirada por el cliente", "withdrawn by the customer"),
    "not-a-complaint": ("no era una queja", "not a complaint"),
    "merged": ("unida a otra queja", "merged into another complaint"),
    "silence": ("cerrada sin respuesta del cliente", "closed without an answer from the customer"),
}

ESCALATION_REASONS: Words = {
    "time": (
        "pasó el plazo para resolverla",
        "the time to resolve it has passed",
    ),
    "dissatisfied": (
        "el cliente no está conforme con la resolución",
        "the customer is not satisfied with the resolution",
    ),
    "reopened": (
        "el cliente no está conforme y la queja se reabrió",
        "the customer is not satisfied and the complaint was reopened",
    ),
}

WINDOWS: Words = {
    "acknowledgement": ("confirmación de recepción", "acknowledgement"),
    "assessment": ("evaluación inicial", "initial assessment"),
    "assignment": ("asignación", "assignment"),
    "investigation": ("investigación y resolución", "investigation and resolution"),
    "promise": ("fecha prometida", "promised date"),
    "legal": ("plazo legal de 15 días hábiles", "legal limit of 15 business days"),
    "call": ("llamada al cliente", "call to the customer"),
    "escalation": ("resolución antes de escalar", "resolution before escalation"),
    "update": ("actualización al cliente", "update to the customer"),
    "reminder": ("recordatorio al cliente", "reminder to the customer"),
    "confirmation-call": ("llamada de confirmación", "confirmation call"),
    "silence": ("cierre por falta de respuesta", "closing after silence"),
}
"""Every deadline that runs, by its clock's name."""

LETTERS: Words = {
    "acknowledgement": ("Recibimos su queja", "We received your complaint"),
    "details-request": ("Necesitamos unos datos", "We need a few details"),
    "update": ("Cómo va su queja", "How your complaint is going"),
    "resolution": ("Resolución de su queja", "Our answer to your complaint"),
    "resolution-decided": ("Ya hay una decisión", "A decision has been made"),
    "escalation": ("Su queja pasó al nivel superior", "Your complaint went one level up"),
    "reminder": ("¿Está conforme con la resolución?", "Are you satisfied with our answer?"),
    "closing": ("Cerramos su queja. Gracias", "Your complaint is closed. Thank you"),
    "closed-in-silence": ("Cerramos su queja", "We closed your complaint"),
    "decision": ("Decisión final sobre su queja", "Final decision on your complaint"),
    "withdrawal": ("Su queja queda retirada", "Your complaint is withdrawn"),
    "not-a-complaint": ("Sobre su mensaje", "About your message"),
    "merged": ("Unimos sus dos quejas", "We joined your two complaints"),
    "reopening": ("Reabrimos su queja", "We reopened your complaint"),
    "assignment": ("Queja asignada a su área", "Complaint assigned to your department"),
    "involvement": ("Le pedimos ayuda con una queja", "Your help with a complaint, please"),
    "warning": ("Por vencer", "Due soon"),
    "late": ("Plazo vencido", "Overdue"),
    "acknowledgement-late": ("24 horas sin confirmar al cliente", "24 hours without acknowledgement"),
    "escalated-to-you": ("Queja escalada a usted", "Complaint escalated to you"),
    "escalated-from-you": ("Queja escalada; siga con ella", "Complaint escalated; please carry on"),
    "promise-missed": ("Pasó la fecha prometida", "The promised date has passed"),
    "legal-warning": ("Se acerca el plazo legal", "The legal limit is near"),
    "legal-breach": ("Venció el plazo legal", "The legal limit has passed"),
    "call-needed": ("Hay que llamar al cliente", "The customer has to be called"),
    "call-late": ("Llamada pendiente y vencida", "The call is overdue"),
    "unreachable": ("No pudimos ubicar al cliente", "The customer cannot be reached"),
    "explain": ("Explique la resolución al cliente", "Explain the resolution to the customer"),
    "customer-said": ("El cliente escribió", "The customer wrote"),
    "disputed": ("El cliente no está conforme", "The customer is not satisfied"),
    "unconfirmed": ("El cliente no respondió", "The customer did not answer"),
    "quarantine": ("Un correo espera en la cuarentena", "A message waits in the quarantine"),
    "quarantine-answer": ("Sobre su mensaje", "About your message"),
    "review": ("Revisión de quejas", "Complaints reviewed"),
    "new-link": ("Su enlace para ver su queja", "Your link to your complaint"),
}
"""What each letter is about, by its kind: its subject and heading."""

DEADLINES: Words = {
    "warned": ("Se avisó del plazo", "A warning went out"),
    "late": ("Se venció el plazo", "A deadline has passed"),
}
"""`warned/…` and `late/…` of the journal; the window's words follow."""

JOURNAL: Words = {
    "received": ("Se recibió la queja", "The complaint was received"),
    "acknowledged": ("El cliente tiene la confirmación de recepción", "The customer has the acknowledgement"),
    "assessed": ("Se evaluó la queja", "The complaint was assessed"),
    "details-requested": ("Se pidieron datos al cliente", "The customer was asked for details"),
    "details-received": ("El cliente envió datos", "The customer sent details"),
    "assigned": ("Se asignó al área", "It was assigned to the department"),
    "noted": ("Se agregó una nota", "A note was added"),
    "involved": ("Se pidió ayuda a otra persona o área", "Another person or department was asked to help"),
    "date-promised": ("Se prometió una fecha al cliente", "A date was promised to the customer"),
    "resolved": ("Se decidió la resolución", "The resolution was decided"),
    "customer-satisfied": ("El cliente está conforme", "The customer is satisfied"),
    "customer-dissatisfied": ("El cliente no está conforme", "The customer is not satisfied"),
    "called": ("Hubo una llamada con el cliente", "There was a call with the customer"),
    "message-received": ("El cliente escribió", "The customer wrote"),
    "letter-bounced": ("Un correo fue devuelto", "A letter came back"),
    "feedback-given": ("El cliente opinó sobre la atención", "The customer said how it was handled"),
    "survey-answered": ("El cliente respondió la encuesta", "The customer answered the survey"),
    "withdrawn": ("El cliente retiró la queja", "The customer withdrew the complaint"),
    "not-a-complaint": ("Se vio que no era una queja", "It turned out not to be a complaint"),
    "merged": ("Se unió con otra queja", "It was merged with another complaint"),
    "closed-by-decision": ("Se cerró por decisión", "It was closed by decision"),
    "rules-changed": ("Rigen otras reglas", "Other rules hold"),
    "updated": ("Se preparó una actualización para el cliente", "An update to the customer was prepared"),
    "reminded": ("Se preparó un recordatorio para el cliente", "A reminder to the customer was prepared"),
    "unconfirmed": ("El cliente no respondió a los recordatorios", "The customer did not answer the reminders"),
    "escalated": ("Se escaló", "It was escalated"),
    "round": ("Empezó una nueva ronda", "A new round began"),
    "letter-sent": ("Se envió un correo", "A letter was sent"),
    "letter-failed": ("Un correo no pudo entregarse", "A letter could not be delivered"),
    "letter-uncertain": ("No se sabe si un correo salió", "It is not known whether a letter went out"),
    "letter-resent": ("Un correo se envió otra vez", "A letter was sent again"),
    "call-taken": ("Alguien tomó la llamada", "Somebody took the call"),
    "link-given": ("Se entregó un enlace a la página del cliente", "A link to the customer's page was handed out"),
    "links-revoked": (
        "Se anularon los enlaces a la página del cliente",
        "The links to the customer's page were ended",
    ),
    "letter-superseded": ("Un correo ya no hizo falta", "A letter was no longer needed"),
    "call-task": ("Hay que llamar al cliente", "The customer has to be called"),
    "call-done": ("Terminó la tarea de llamar al cliente", "The task of calling the customer ended"),
    "ignored": ("Llegó algo que no correspondía; no se aplicó", "Something came that did not fit; it was not applied"),
    "held": ("Se guardó una respuesta para cuando corresponda", "An answer was kept until it applies"),
    "closed": ("Se cerró la queja", "The complaint was closed"),
    "reopened": ("Se reabrió la queja", "The complaint was reopened"),
    "exported": ("Alguien sacó el expediente", "Somebody took the dossier"),
}
"""Every `what` of the journal but `warned/…` and `late/…`, which are made from the window's words."""

JOURNAL_TO_CUSTOMER: Words = {
    "received": ("Recibimos su queja.", "We received your complaint."),
    "assessed": ("Evaluamos su queja.", "We assessed your complaint."),
    "details-requested": ("Le pedimos algunos datos.", "We asked you for some details."),
    "details-received": ("Recibimos los datos que nos envió.", "We received the details you sent."),
    "assigned": ("La asignamos al área que debe resolverla.", "We assigned it to the right department."),
    "noted": ("Nota de quien lleva su caso:", "A note from the person handling your case:"),
    "involved": ("Pedimos información a quienes conocen el tema.", "We asked those who know the matter."),
    "date-promised": ("Fijamos una fecha para darle una respuesta.", "We set a date for giving you an answer."),
    "late/promise": ("Pasó la fecha que le prometimos.", "The date that we promised you passed."),
    "resolved": ("Tomamos una decisión sobre su queja.", "We reached a decision on your complaint."),
    "customer-dissatisfied": (
        "Usted nos dijo que la resolución no le satisface.",
        "You told us that you are not satisfied with the resolution.",
    ),
    "called": ("Le llamamos, o usted nos llamó.", "We called you, or you called us."),
    "message-received": ("Recibimos su mensaje.", "We received your message."),
    "escalated": ("Su queja pasó al nivel siguiente de responsabilidad.", "Your complaint went one level up."),
    "merged": ("Unimos a esta queja otra suya sobre lo mismo.", "We joined your other complaint to this one."),
    "reopened": ("Reabrimos su queja.", "We reopened your complaint."),
}
"""What a customer is told of the journal. What is not here is ours to know: clocks, letters, tasks."""

VIAS: Words = {
    "desk": ("escritorio", "desk"),
    "cli": ("terminal", "terminal"),
    "link": ("enlace", "link"),
    "reply": ("respuesta", "reply"),
    "call": ("llamada", "call"),
    "signal": ("señal", "signal"),
    "clock": ("reloj", "clock"),
}
"""Through what something reached the case."""

LETTER_STATES: Words = {
    "due": ("por enviar", "to be sent"),
    "claimed": ("enviándose", "being sent"),
    "sent": ("enviado", "sent"),
    "failed": ("no se pudo entregar", "could not be delivered"),
    "uncertain": ("no se sabe si salió", "not known whether it went out"),
    "superseded": ("ya no hizo falta", "no longer needed"),
}
"""Where a letter is, as the ledger has it."""
