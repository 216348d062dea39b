"""The words of the procedure: stages, roles, details, windows, the journal's vocabulary; each a message by its key."""

from collections.abc import Mapping

from complaints.rules.report.review_record import ActionKind
from complaints.words.catalogue import N_, Language, Message

__all__ = ["Language"]

Words = Mapping[str, Message]
"""A word's key, and how it is said."""

WEEKDAYS = (N_("Monday"), N_("Tuesday"), N_("Wednesday"), N_("Thursday"), N_("Friday"), N_("Saturday"), N_("Sunday"))
MONTHS = (
    N_("January"), N_("February"), N_("March"), N_("April"), N_("May"), N_("June"),
    N_("July"), N_("August"), N_("September"), N_("October"), N_("November"), N_("December"),
)  # fmt: skip
"""In Spanish as Peru spells them (a test asks CLDR); Babel would say them too, and cost each command 70 ms."""

STAGES: Words = {
    "assessment": N_("initial assessment"),
    "assignment": N_("assignment"),
    "investigation": N_("investigation"),
    "confirmation": N_("confirmation"),
    "closed": N_("closed"),
}
"""The stages by name, for tables and headings."""

STAGES_TO_CUSTOMER: Words = {
    "assessment": N_("we are assessing your complaint to see which department should look after it"),
    "assignment": N_("we have assessed your complaint and are assigning it to the department that should resolve it"),
    "investigation": N_("we are investigating what happened so that we can resolve it"),
    "confirmation": N_("your complaint has been resolved and we are waiting for your answer"),
    "closed": N_("your complaint is closed"),
}
"""The stages as a sentence goes on: "ahora mismo …"."""

PROGRAMS: Words = {
    "mailbox": N_("the mailbox"),
    "root": N_("whoever looks after the system"),
    "cli": N_("whoever looks after the system"),
}
"""Accounts that are nobody's name: of our own programs, and of the machine on whose command line something was done."""

ROLES: Words = {
    "customer": N_("customer"),
    "care_team": N_("Customer Care"),
    "representative": N_("representative in charge"),
    "department_head": N_("head of the department"),
    "administration_manager": N_("Administration Manager"),
    "general_director": N_("General Director"),
    "quality": N_("quality lead"),
}

LEVELS = (N_("Customer Care"), N_("Management"), N_("General Direction"))
"""Who has a case, by how often it rose (§7)."""

DETAILS: Words = {
    "identification": N_("your identity document number (DNI, foreigner's card or passport)"),
    "occurred_on": N_("the date when the problem happened"),
    "product": N_("the product or service it is about (for example, the course or programme)"),
    "name": N_("your full name"),
    "phone": N_("a telephone number where we can call you"),
    "email": N_("an email address"),
    "address": N_("your address"),
    "description": N_("what happened"),
    "remedy_sought": N_("what solution you expect"),
    "amount": N_("the amount you claim"),
    "kind": N_("whether it is about the service or about how you were treated"),
}
"""What is missing (§4), as an item of a list; other words are the representative's own and are printed as they are."""

UNDERSTOOD: Words = {
    "name": N_("Name"),
    "document": N_("Identity document"),
    "phone": N_("Telephone"),
    "email": N_("Email"),
    "address": N_("Address"),
    "guardian": N_("Parent or guardian"),
    "occurred_on": N_("Date of the problem"),
    "product": N_("Product or service"),
    "remedy_sought": N_("What you ask for"),
    "amount": N_("Amount"),
    "kind": N_("Kind"),
}
"""Labels of what we understood (§4)."""

UNDERSTOOD_BY_STAFF: Words = {
    "remedy_sought": N_("What is asked for"),
}
"""Where the same label is said otherwise to staff."""

KINDS: Words = {
    "reclamo": N_("Claim (reclamo: about the product or service)"),
    "queja": N_("Grievance (queja: about how you were attended)"),
}

REVIEW_ACTIONS: Mapping[ActionKind, Message] = {
    "service": N_("service"),
    "process": N_("process"),
    "training": N_("training"),
}
"""What an action of the review (§10) betters."""

OUTCOMES: Words = {
    "upheld": N_("your complaint is justified"),
    "partly": N_("your complaint is justified in part"),
    "not": N_("your complaint is not sufficiently justified"),
}
"""Outcomes of a resolution, as the sentence to the customer goes on: "Concluimos que …"."""

ENDS: Words = {
    "satisfied": N_("closed, confirmed by the customer"),
    "decision": N_("closed by decision"),
    "withdrawn": N_("withdrawn by the customer"),
    "not-a-complaint": N_("not a complaint"),
    "merged": N_("merged into another complaint"),
    "silence": N_("closed without an answer from the customer"),
}

SEEMS: Words = {
    "satisfied": N_("it seems that they are satisfied"),
    "not-satisfied": N_("it seems that they are not satisfied"),
    "withdrawal": N_("it seems that they withdraw the complaint"),
}
"""What a message seems to say; people decide."""

ESCALATION_REASONS: Words = {
    "time": N_("the time to resolve it has passed"),
    "dissatisfied": N_("the customer is not satisfied with the resolution"),
    "reopened": N_("the customer is not satisfied and the complaint was reopened"),
}

WINDOWS: Words = {
    "acknowledgement": N_("acknowledgement"),
    "assessment": N_("initial assessment"),
    "assignment": N_("assignment"),
    "investigation": N_("investigation and resolution"),
    "promise": N_("promised date"),
    "legal": N_("legal limit of 15 business days"),
    "call": N_("call to the customer"),
    "escalation": N_("resolution before escalation"),
    "update": N_("update to the customer"),
    "reminder": N_("reminder to the customer"),
    "confirmation-call": N_("confirmation call"),
    "silence": N_("closing after silence"),
    "message": N_("answer to the customer's message"),
    "undo": N_("what was sent from the desk goes out"),
}
"""Every deadline that runs, by its clock's name."""

LETTERS: Words = {
    "acknowledgement": N_("We received your complaint"),
    "details-request": N_("We need a few details"),
    "update": N_("How your complaint is going"),
    "reply": N_("A message about your complaint"),
    "resolution": N_("Our answer to your complaint"),
    "correction": N_("We corrected our answer to your complaint"),
    "resolution-decided": N_("A decision has been made"),
    "escalation": N_("Somebody new answers for your complaint"),
    "reminder": N_("Are you satisfied with our answer?"),
    "closing": N_("Your complaint is closed. Thank you"),
    "closed-in-silence": N_("We closed your complaint"),
    "decision": N_("Final decision on your complaint"),
    "withdrawal": N_("Your complaint is withdrawn"),
    "not-a-complaint": N_("About your message"),
    "merged": N_("We joined your two complaints"),
    "joined": N_("We look at your complaint together with another"),
    "separated": N_("Your complaint is handled by itself again"),
    "reopening": N_("We reopened your complaint"),
    "assignment": N_("Complaint assigned to your department"),
    "assignment/representative": N_("Complaint assigned to you"),
    "involvement": N_("Your help with a complaint, please"),
    "mention": N_("Mention in a note"),
    "warning": N_("Due soon"),
    "late": N_("Overdue"),
    "acknowledgement-late": N_("24 hours without acknowledgement"),
    "escalated-to-you": N_("Complaint escalated to you"),
    "escalated-from-you": N_("Complaint escalated; please carry on"),
    "promise-missed": N_("The promised date has passed"),
    "legal-warning": N_("The legal limit is near"),
    "legal-breach": N_("The legal limit has passed"),
    "call-needed": N_("The customer has to be called"),
    "call-late": N_("The call is overdue"),
    "unreachable": N_("The customer cannot be reached"),
    "explain": N_("Explain the resolution to the customer"),
    "customer-said": N_("The customer wrote"),
    "message-late": N_("The customer wrote and waits for an answer"),
    "disputed": N_("The customer is not satisfied"),
    "unconfirmed": N_("The customer did not answer"),
    "quarantine": N_("A message waits in the quarantine"),
    "quarantine-answer": N_("About your message"),
    "review": N_("Complaints reviewed"),
    "new-link": N_("Your link to your complaint"),
}
"""What each letter is about, by its kind: its subject and heading."""

DEADLINES: Words = {
    "warned": N_("A warning went out"),
    "late": N_("A deadline has passed"),
}
"""`warned/…` and `late/…` of the journal; the window's words follow."""

JOURNAL: Words = {
    "received": N_("The complaint was received"),
    "acknowledged": N_("The customer has the acknowledgement"),
    "assessed": N_("The complaint was assessed"),
    "details-requested": N_("The customer was asked for details"),
    "details-received": N_("The customer sent details"),
    "assigned": N_("It was assigned to the department"),
    "noted": N_("A note was added"),
    "involved": N_("Another person or department was asked to help"),
    "date-promised": N_("A date was promised to the customer"),
    "resolved": N_("The resolution was decided"),
    "customer-satisfied": N_("The customer is satisfied"),
    "customer-dissatisfied": N_("The customer is not satisfied"),
    "called": N_("There was a call with the customer"),
    "message-received": N_("The customer wrote"),
    "letter-bounced": N_("A letter came back"),
    "feedback-given": N_("The customer said how it was handled"),
    "survey-answered": N_("The customer answered the survey"),
    "withdrawn": N_("The customer withdrew the complaint"),
    "not-a-complaint": N_("It turned out not to be a complaint"),
    "merged": N_("It was merged with another complaint"),
    "separated": N_("It was separated from the other complaint"),
    "closed-by-decision": N_("It was closed by decision"),
    "rules-changed": N_("Other rules hold"),
    "messages-read": N_("Somebody read what the customer wrote"),
    "resolution-corrected": N_("The resolution was corrected"),
    "replied": N_("We wrote to the customer"),
    "act-held": N_("Sent from the desk; it waits so that it can be taken back"),
    "act-withdrawn": N_("It was taken back before it went out"),
    "act-sent-now": N_("It was sent without waiting any longer"),
    "reading-rejected": N_("What was read in the customer's words is not so"),
    "updated": N_("An update to the customer was prepared"),
    "reminded": N_("A reminder to the customer was prepared"),
    "unconfirmed": N_("The customer did not answer the reminders"),
    "escalated": N_("It was escalated"),
    "round": N_("A new round began"),
    "letter-sent": N_("A letter was sent"),
    "letter-failed": N_("A letter could not be delivered"),
    "letter-uncertain": N_("It is not known whether a letter went out"),
    "letter-resent": N_("A letter was sent again"),
    "call-taken": N_("Somebody took the call"),
    "link-given": N_("A link to the customer's page was handed out"),
    "links-revoked": N_("The links to the customer's page were ended"),
    "letter-superseded": N_("A letter was no longer needed"),
    "call-task": N_("The customer has to be called"),
    "call-done": N_("The task of calling the customer ended"),
    "ignored": N_("Something came that did not fit; it was not applied"),
    "held": N_("An answer was kept until it applies"),
    "closed": N_("The complaint was closed"),
    "reopened": N_("The complaint was reopened"),
    "exported": N_("Somebody took the dossier"),
    "erased": N_("Who complained was erased from it"),
    "hold-set": N_("It is kept for a court or an authority: nothing of it is erased"),
    "hold-released": N_("It need not be kept for a court or an authority any more"),
    "rectified": N_("The customer's data was corrected after the end"),
    "privacy-asked": N_("The customer asked about their data (Ley 29733)"),
    "privacy-answered": N_("The customer's request about their data was answered"),
}
"""Every `what` of the journal but `warned/…` and `late/…`, which are made from the window's words."""

JOURNAL_TO_CUSTOMER: Words = {
    "received": N_("We received your complaint."),
    "assessed": N_("We assessed your complaint."),
    "details-requested": N_("We asked you for some details."),
    "details-received": N_("We received the details you sent."),
    "assigned": N_("We assigned it to the right department."),
    "noted": N_("A note from the person handling your case:"),
    "involved": N_("We asked those who know the matter."),
    "date-promised": N_("We set a date for giving you an answer."),
    "late/promise": N_("The date that we promised you passed."),
    "resolved": N_("We reached a decision on your complaint."),
    "resolution-corrected": N_("We corrected our answer to your complaint."),
    "replied": N_("We wrote to you:"),
    "customer-dissatisfied": N_("You told us that you are not satisfied with the resolution."),
    "called": N_("We called you, or you called us."),
    "message-received": N_("We received your message."),
    "escalated": N_("The management of the school took your complaint over."),
    "escalated/2": N_("The General Direction of the school took your complaint over."),
    "merged": N_("We joined your other complaint to this one."),
    "separated": N_("Your complaint is handled by itself again."),
    "reopened": N_("We reopened your complaint."),
}
"""What a customer is told of the journal. What is not here is ours to know: clocks, letters, tasks."""

PRIVACY_RIGHTS: Words = {
    "access": N_("access: what do you have about me?"),
    "rectification": N_("rectification: this is wrong"),
    "erasure": N_("erasure: forget me"),
    "opposition": N_("opposition: no more letters"),
}
"""What somebody may ask about their data (Ley 29733)."""

VIAS: Words = {
    "desk": N_("desk"),
    "cli": N_("terminal"),
    "link": N_("link"),
    "reply": N_("reply"),
    "call": N_("call"),
    "signal": N_("another system"),
    "clock": N_("automatic"),
}
"""Through what something reached the case."""

LETTER_STATES: Words = {
    "due": N_("to be sent"),
    "claimed": N_("being sent"),
    "sent": N_("sent"),
    "failed": N_("could not be delivered"),
    "uncertain": N_("not known whether it went out"),
    "superseded": N_("no longer needed"),
}
"""Where a letter is, as the ledger has it."""
