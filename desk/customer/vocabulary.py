"""What a customer's page says of the route and its ends, in Spanish and English."""

from complaints.words.catalogue import N_, NP_

ROUTE = ("received", "assessment", "assignment", "investigation", "confirmation", "closed")
"""The steps of the procedure (§3 to §8), as the customer goes through them."""

STEPS = {
    "received": N_("Received"),
    "assessment": N_("Assessment"),
    "assignment": NP_("step, to the customer", "Assignment"),
    "investigation": N_("Investigation"),
    "confirmation": N_("Answer"),
    "closed": N_("Closing"),
}
REACHED_BY = {"assessed": "assessment", "assigned": "assignment", "resolved": "investigation"}
"""The fact that completes a step."""

ENDS = {
    "satisfied": N_("You told us that you are satisfied, and we closed your complaint. Thank you."),
    "decision": N_(
        "The school took a final decision and closed your complaint; the reason is in the letter we sent you."
    ),
    "withdrawn": N_("You withdrew your complaint, and we closed it."),
    "not-a-complaint": N_("We saw that your message was not a complaint, and answered it by letter."),
    "merged": N_("We joined your complaint with another of yours about the same; both go on under the number {into}."),
    "silence": N_("We did not get your answer, and closed your complaint."),
}
ALSO_TOLD = {
    "customer-satisfied": N_("You told us that you are satisfied."),
    "survey-answered": N_("You answered the survey."),
    "feedback-given": N_("You told us how it was handled."),
    "withdrawn": N_("You withdrew your complaint."),
    "closed": N_("The complaint was closed."),
    "closed/merged": N_("We joined your complaint with another about the same matter."),
}
"""Of the journal, beside what letters tell customers."""

UNPROVEN = N_(
    "A message about your complaint came by mail. Nothing proves that you wrote it, so its words are not shown here."
)
OWN_WORDS = {
    "details-received": "text", "message-received": "text", "customer-satisfied": "words",
    "customer-dissatisfied": "reason", "feedback-given": "text", "survey-answered": "comment", "withdrawn": "reason",
}  # fmt: skip
"""Of what the customer said: the field that holds their words."""
