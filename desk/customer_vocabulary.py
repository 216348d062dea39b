"""What a customer's page says of the route and its ends, in Spanish and English."""

ROUTE = ("received", "assessment", "assignment", "investigation", "confirmation", "closed")
"""The steps of the procedure (§3 to §8), as the customer goes through them."""

STEPS = {
    "received": ("Recibida", "Received"),
    "assessment": ("Evaluación", "Assessment"),
    "assignment": ("Asignación al área", "Assignment"),
    "investigation": ("Investigación", "Investigation"),
    "confirmation": ("Respuesta", "Answer"),
    "closed": ("Cierre", "Closing"),
}
REACHED_BY = {"assessed": "assessment", "assigned": "assignment", "resolved": "investigation"}
"""The fact that completes a step."""

ENDS = {
    "satisfied": (
        "Usted nos dijo que está conforme, y cerramos su queja. Gracias.",
        "You told us that you are satisfied, and we closed your complaint. Thank you.",
    ),
    "decision": (
        "La escuela tomó una decisión final y cerró su queja; el motivo está en la carta que le enviamos.",
        "The school took a final decision and closed your complaint; the reason is in the letter we sent you.",
    ),
    "withdrawn": ("Usted retiró su queja, y la cerramos.", "You withdrew your complaint, and we closed it."),
    "not-a-complaint": (
        "Vimos que su mensaje no era una queja, y le respondimos por carta.",
        "We saw that your message was not a complaint, and answered it by letter.",
    ),
    "merged": (
        "Unimos su queja con otra suya sobre lo mismo; seguimos con las dos bajo el número {into}.",
        "We joined your complaint with another of yours about the same; both go on under the number {into}.",
    ),
    "silence": (
        "No tuvimos su respuesta y cerramos su queja.",
        "We did not get your answer, and closed your complaint.",
    ),
}
ALSO_TOLD = {
    "customer-satisfied": ("Usted nos dijo que está conforme.", "You told us that you are satisfied."),
    "survey-answered": ("Usted respondió la encuesta.", "You answered the survey."),
    "feedback-given": ("Usted opinó sobre la atención.", "You told us how it was handled."),
    "withdrawn": ("Usted retiró su queja.", "You withdrew your complaint."),
    "closed": ("Se cerró la queja.", "The complaint was closed."),
}
"""Of the journal, beside what letters tell customers."""

OWN_WORDS = {
    "details-received": "text", "message-received": "text", "customer-satisfied": "words",
    "customer-dissatisfied": "reason", "feedback-given": "text", "survey-answered": "comment", "withdrawn": "reason",
}  # fmt: skip
"""Of what the customer said: the field that holds their words."""
