"""The acts of staff on a complaint, in one table: what each is called, what is filled in, and who may do it (§3 to §8).

From it come the forms of the desk, the commands of the terminal, and the operations of the API with their documents.
An act is named as the update that asks for it: `UPDATES` (complaints/rules/facts.py) says which fact it becomes, and
`TABLE` (complaints/rules/stages.py) in which stages it is possible. CONTRIBUTING.md has the recipe for a new one.

Light, because `complaints --help` reads it: no models, and nothing of the records or of Temporal.
"""

from dataclasses import dataclass
from enum import Enum
from typing import Literal

from complaints.words.catalogue import N_, NP_, Message
from complaints.words.labels import LABELS
from starter.permissions import Permission

Kind = Literal[
    "line", "text", "lines", "day", "when", "tick", "yes-no", "choice", "scale", "number",
    "department", "person", "category", "severity", "details", "files",
]  # fmt: skip
"""What is filled in:

line, text         words on one line, or on many; at the terminal a text may come from standard input
lines              one a line; at the terminal the option is repeated
day, when          a date; an instant, at the desk in the school's own time
tick               true where it is ticked, or the option given
yes-no             true or false, which must be said
choice, scale      one of the choices; a scale's are whole numbers
number             another complaint's
department, person, category, severity, details
                   a line (details: several) that the desk helps with: names that are known already
files              what goes with it; at the terminal the option names a file of this machine, and is repeated
"""


@dataclass(frozen=True)
class Field:
    """One thing that is filled in: a field of the act's fact, under the fact's own name for it."""

    name: str
    kind: Kind
    help: Message
    """What `--help` says of its option."""
    required: bool = False
    called: Message | None = None
    """What the desk's form calls it, where that is not what every form calls it (complaints/words/labels.py)."""
    hint: Message | None = None
    """Beside its name at the desk."""
    choices: tuple[tuple[str, Message | str], ...] = ()
    """Each value with its words, as the desk offers them."""
    checked: bool = False
    """A tick that is there until somebody takes it away."""
    option: str | None = None
    """The option at the terminal, where it is not called as the field is."""
    switch: str | None = None
    """Of a choice between two: at the terminal an option without a value, given for this one, and called as it unless
    `option` says otherwise."""
    argument: bool = False
    """At the terminal it stands after the complaint's number, without an option."""
    at_desk: bool = True
    """Whether the desk's form has it."""
    needed: bool = False
    """The desk's form wants it, where the act would be wrong without; programs and signals may leave it out."""
    reader: Literal["customer", "ours", "either"] | None = None
    """Who reads these words: the customer, nobody but us, or as the form's tick `for_customer` says. The desk tells
    them apart by sight."""
    standing: bool = False
    """The form begins with what stands now; what is emptied there is taken away."""

    @property
    def label(self) -> Message:
        """What the desk's form calls it."""
        return self.called or LABELS[self.name]


class Group(Enum):
    """What is not done every day."""

    CUSTOMER_SAID = N_("The customer said")
    ENDS_OTHERWISE = N_("Close another way")


@dataclass(frozen=True)
class Act:
    """One act of staff."""

    name: str
    """The update's."""
    command: str
    """At the terminal: `complaints COMMAND NUMBER …`."""
    line: Message
    """What `complaints --help` says of it, with its section."""
    title: Message
    """Over the form at the desk, and of the operation in the API's documents."""
    button: Message
    fields: tuple[Field, ...]
    example: str
    """What a program may send, for the API's documents: a JSON object."""
    takes: Permission = Permission.HANDLE
    """What a person must be allowed to do; a program needs the scope `acts`, and `decide` for what takes DECIDE."""
    first_in: str | None = None
    """The stage that waits for it (§5 to §8): there its form stands first, and open."""
    hint: Message | None = None
    """Under the title."""
    group: Group | None = None
    """With which others the desk collapses it; none for the everyday ones."""
    grave: bool = False
    """It ends the case: the button says so by its colour."""
    writes: bool = False
    """A letter goes out by it to the customer, or to whom is asked: the desk shows it before it is sent."""
    later: Message | None = None
    """At the desk a second button: done without the words for the customer, who is told them by telephone."""
    beside: bool = False
    """At the desk its button stands beside what it is about, and not among the others."""
    talk: bool = False
    """What it records passed between the customer and us: the desk's story shows it beside their letters (§5.4, §6)."""
    via: Literal["cli", "call", "asked"] = "cli"
    """Through what it is said at the terminal: `cli`, `call`, or whatever `--via` says, where the customer said it."""

    @property
    def form(self) -> tuple[Field, ...]:
        """The fields that the desk's form has."""
        return tuple(field for field in self.fields if field.at_desk)


_TEXT = N_("The text, or - to read it from standard input.")
_WORDS = N_("Their words, or - to read them from standard input.")
_REASON = N_("The reason, or - to read it from standard input.")

_FILE = N_("A file that goes with it. May be repeated.")
_JUSTIFIED = (("upheld", N_("Yes, justified")), ("partly", N_("In part")), ("not", N_("Not justified")))

ACTS: dict[str, Act] = {
    act.name: act
    for act in (
        # The update, the command, its line of help, the form's title and its button; the rest under its name.
        # A field: its name, how it is filled in, what --help says of its option; the rest under its name.
        Act(
            "assess", "assess", N_("Assess the complaint (§5.1)."), N_("Assess"), N_("Record assessment"),
            first_in="assessment",
            fields=(
                Field("category", "category", N_("What it is about."), needed=True),
                Field("severity", "severity", N_("How grave it is."), hint=N_("low, medium or high")),
                Field("note", "text", _TEXT, called=N_("Internal note"), reader="ours"),
            ),
            example='{"category": "horas del curso", "severity": "media"}',
        ),
        Act(
            "assign", "assign", N_("Assign the complaint (§5.2)."), N_("Assign"), N_("Assign"),
            first_in="assignment",
            fields=(
                Field("department", "department", N_("The department, by key or name.")),
                Field("representative", "person", N_("Who handles it.")),
            ),
            example='{"department": "academic", "representative": "Ana Rojas"}',
        ),
        Act(
            "resolve", "resolve", N_("Decide the resolution and tell it (§5.3, §6)."),
            N_("Resolve"), N_("Send the resolution"),
            first_in="investigation", writes=True,
            fields=(
                Field("text", "text", _TEXT, called=N_("Resolution, as the customer reads it"), needed=True,
                      reader="customer"),
                Field("outcome", "choice", N_("Whether the complaint was justified."), choices=_JUSTIFIED, needed=True,
                      reader="customer"),
                Field("corrective_actions", "lines", N_("A corrective action. May be repeated."),
                      called=N_("Measures that we will tell the customer"), hint=N_("one a line"), option="action",
                      reader="customer"),
                Field("files", "files", _FILE, option="file", reader="customer"),
                Field("cause", "line", N_("What caused it."), reader="ours"),
                Field("internal_actions", "lines", N_("A corrective action that only we know of. May be repeated."),
                      hint=N_("one a line"), option="internal-action", reader="ours"),
                Field("representative", "person", N_("Who handles it."), at_desk=False),
                Field("told_in_call", "tick", N_("The customer was told by telephone."),
                      called=N_("I told the customer by phone")),
                Field("for_joined", "tick", N_("The text names nobody: for those that go along with it, too."),
                      called=N_("Also for the customers that go along: it names nobody")),
            ),
            later=N_("Decided: I will explain it by phone"),
            example='{"text": "Se dictarán las horas que faltaron.", "outcome": "upheld", '
                    '"representative": "Ana Rojas"}',
        ),
        Act(
            "confirm_satisfied", "satisfied", N_("The customer is satisfied: closed (§8)."),
            N_("The customer is satisfied"), N_("Close: satisfied"),
            first_in="confirmation", group=Group.CUSTOMER_SAID, via="asked", writes=True,
            fields=(Field("words", "text", _WORDS),),
            talk=True, example='{"words": "Conforme, gracias", "via": "call"}',
        ),
        Act(
            "dispute", "dissatisfied", N_("The customer is not satisfied: the next manager has it (§7)."),
            N_("The customer is not satisfied"), N_("Record the dispute"),
            hint=N_("The next manager takes the complaint over."),
            first_in="confirmation", group=Group.CUSTOMER_SAID, via="asked", writes=True,
            fields=(Field("reason", "text", _WORDS),),
            talk=True, example='{"reason": "Faltan dos horas todavía", "via": "call"}',
        ),
        Act(
            "correct_resolution", "correct-resolution", N_("Correct the answer: the customer reads it anew (§6)."),
            N_("Correct the resolution"), N_("Send the corrected answer"),
            hint=N_("The customer gets the whole answer again: “We corrected our answer”. They are asked anew."),
            writes=True,
            fields=(
                Field("text", "text", _TEXT, required=True, called=N_("Resolution, as the customer reads it"),
                      reader="customer", standing=True),
                Field("outcome", "choice", N_("Whether the complaint was justified."), choices=_JUSTIFIED,
                      reader="customer", standing=True),
                Field("corrective_actions", "lines", N_("A corrective action. May be repeated."),
                      called=N_("Measures that we will tell the customer"), hint=N_("one a line"), option="action",
                      reader="customer", standing=True),
                Field("files", "files", _FILE, option="file", reader="customer", standing=True),
            ),
            example='{"text": "Se dictarán las tres horas que faltaron."}',
        ),
        Act(
            "request_details", "request-details", N_("Ask the customer for details; deadlines pause (§5.1)."),
            N_("Ask for details"), N_("Ask the customer"), hint=N_("Deadlines pause, 5 business days at most."),
            writes=True,
            fields=(
                Field("missing", "details", N_("What is missing: identification, occurred_on, product, or in your "
                                               "words. May be repeated.")),
                Field("question", "text", _TEXT, reader="customer"),
            ),
            example='{"missing": ["product"]}',
        ),
        Act(
            "receive_details", "receive-details", N_("Record the details that the customer sent (§5.1)."),
            N_("Record details"), N_("Record"),
            fields=(
                Field("text", "text", _TEXT, called=N_("What they said")),
                Field("document", "line", N_("Identity document.")),
                Field("customer_name", "line", N_("The customer's name."), option="name"),
                Field("phone", "line", N_("Telephone.")),
                Field("email", "line", N_("Email.")),
                Field("address", "line", N_("Address.")),
                Field("occurred_on", "day", N_("Date of the problem.")),
                Field("product", "line", N_("Product or service.")),
                Field("still_missing", "details", N_("What is still missing.")),
            ),
            talk=True, example='{"product": "Curso de BIM"}',
        ),
        Act(
            "add_note", "note", N_("Add a note (§5.3)."), N_("Note"), N_("Save note"),
            takes=Permission.NOTE,
            fields=(
                Field("text", "text", _TEXT, required=True, called=N_("Note"), reader="either"),
                Field("for_customer", "tick", N_("Goes into their next update."),
                      called=N_("Tell it in the next update")),
                Field("files", "files", _FILE, option="file", reader="either"),
            ),
            example='{"text": "El docente confirma la fecha.", "for_customer": true}',
        ),
        Act(
            "reply", "reply", N_("Write to the customer, now (§5.4)."), N_("Message to the customer"),
            N_("Send to the customer"), beside=True, writes=True,
            fields=(
                Field("text", "text", _TEXT, required=True, called=N_("Your message"), reader="customer"),
                Field("files", "files", _FILE, option="file", reader="customer"),
            ),
            example='{"text": "Mañana a las 10 le llamará el docente."}',
        ),
        Act(
            "record_call", "call", N_("Record a call (§3, §5.4, §6)."), N_("Call"), N_("Record call"), via="call",
            fields=(
                Field("reached", "yes-no", N_("Whether they were reached."), required=True,
                      called=N_("Did you reach them?"),
                      choices=(("true", N_("Yes, we spoke")), ("false", N_("No answer")))),
                Field("direction", "choice", N_("The customer called."), required=True, switch="inbound",
                      choices=(("outbound", N_("We called")), ("inbound", N_("They called")))),
                Field("with", "line", N_("Who was spoken to.")),
                Field("notes", "text", _WORDS, reader="ours"),
                Field("told", "tick", N_("Whether they were told where it stands."), checked=True),
                Field("next_at", "when", N_("When to call again.")),
                Field("files", "files", _FILE, option="file", reader="ours"),
            ),
            talk=True, example='{"reached": true, "direction": "outbound", "notes": "Se le explicó el avance."}',
        ),
        Act(
            "promise_date", "promise-date", N_("Promise the customer a date (§5.4)."),
            N_("Promise a date"), N_("Promise"),
            fields=(
                Field("date", "day", N_("Such as 2026-07-31."), required=True, called=N_("Date of the solution")),
                Field("note", "text", _TEXT, called=N_("Internal note"), reader="ours"),
            ),
            example='{"date": "2026-08-05"}',
        ),
        Act(
            "involve", "involve", N_("Ask a person or department for help (§5.3)."), N_("Involve"), N_("Send"),
            hint=N_("They do not see the customer's contact data."),
            writes=True,
            fields=(
                Field("whom", "person", N_("A department, key or address."), required=True,
                      called=N_("Whom: a department or a colleague, by name")),
                Field("question", "text", _TEXT, required=True, called=N_("What you need to know")),
                Field("answer_by", "day", N_("By when.")),
            ),
            example='{"whom": "systems", "question": "¿Hubo una caída ese día?", "answer_by": "2026-07-24"}',
        ),
        Act(
            "give_feedback", "feedback", N_("What they say of how it was handled (§6)."),
            N_("Customer's feedback"), N_("Save"),
            group=Group.CUSTOMER_SAID, via="asked",
            fields=(Field("text", "text", _WORDS, required=True, called=N_("On how it was handled")),),
            talk=True, example='{"text": "Me atendieron con paciencia."}',
        ),
        Act(
            "answer_survey", "survey", N_("Their answer to the survey (§8)."), N_("Survey"), N_("Save"),
            first_in="closed", group=Group.CUSTOMER_SAID, via="asked",
            fields=(
                Field("score", "scale", N_("From 1 (very dissatisfied) to 5 (very satisfied)."), required=True,
                      called=N_("1 (very bad) to 5 (very good)"),
                      choices=tuple((str(score), str(score)) for score in range(1, 6))),
                Field("comment", "text", _WORDS),
            ),
            talk=True, example='{"score": 5}',
        ),
        Act(
            "undo_act", "undo", N_("Take back what the desk sent and has not gone out yet (§5.4, §6)."),
            NP_("an act", "Taken back"), N_("Undo"), beside=True,
            fields=(Field("row", "line", N_("Its row of `timeline`; without it, whatever waits.")),),
            example='{"row": 12}',
        ),
        Act(
            "send_now", "send-now", N_("Send at once what the desk sent and still waits to go out (§5.4, §6)."),
            NP_("an act", "Sent at once"), N_("Send now"), beside=True,
            fields=(Field("row", "line", N_("Its row of `timeline`; without it, whatever waits.")),),
            example='{"row": 12}',
        ),
        Act(
            "mark_read", "mark-read", N_("What the customer wrote is read and needs no answer (§5.4)."),
            N_("Read: no answer needed"), N_("Mark as read"), beside=True,
            fields=(
                Field("up_to", "line", N_("The last row of `timeline` that you have seen; what came after it is "
                                          "still new.")),
                Field("row", "line", N_("That row alone, such as a colleague's answer.")),
            ),
            example='{"up_to": 12}',
        ),
        Act(
            "reject_reading", "reject-reading",
            N_("A detail that was read in the customer's words is not so (§4)."),
            N_("Not so"), N_("Not so"), beside=True,
            fields=(
                Field("field", "line", N_("Which detail: document, phone, occurred_on, product, customer_name or "
                                          "address."), required=True),
                Field("value", "line", N_("Which value, where several were read.")),
            ),
            example='{"field": "document"}',
        ),
        Act(
            "merge", "merge", N_("Merge it into another complaint (§3)."), NP_("title", "Merge"), N_("Merge"),
            group=Group.ENDS_OTHERWISE, grave=True,
            hint=N_("Of the same customer. Another customer's takes a manager, and both are shown first."),
            fields=(
                Field("into", "number", N_("The complaint that goes on."), required=True, argument=True),
                Field("whose", "choice", N_("It is another customer's, and a manager decided that they go together."),
                      switch="other", option="another-customer", at_desk=False,
                      choices=(("same", N_("one customer's")), ("other", N_("two customers'")))),
            ),
            example='{"into": "Q-J33A-T1ATA"}',
        ),
        Act(
            "separate", "separate", N_("Separate what was merged: it goes its own way again (§3)."),
            N_("Separate"), N_("Separate"),
            hint=N_("It goes on by itself, with its own words and by the clocks of its own receipt; its customer is "
                    "told."),
            group=Group.ENDS_OTHERWISE,
            fields=(Field("reason", "text", _REASON),),
            example='{"reason": "Eran dos asuntos distintos."}',
        ),
        Act(
            "withdraw", "withdraw", N_("The customer withdraws the complaint (§8)."), N_("Withdrawn"), N_("Withdraw"),
            group=Group.ENDS_OTHERWISE, grave=True, via="asked", writes=True,
            fields=(Field("reason", "text", _WORDS),),
            talk=True, example='{"reason": "Ya lo resolvió con el docente"}',
        ),
        Act(
            "dismiss", "dismiss", N_("It is no complaint: answered so (§3)."),
            N_("Not a complaint"), NP_("not a complaint", "Close"), hint=N_("The customer is told the reason."),
            group=Group.ENDS_OTHERWISE, grave=True, writes=True,
            fields=(Field("reason", "text", _REASON, needed=True, reader="customer"),),
            example='{"reason": "Es una consulta"}',
        ),
        Act(
            "close_by_decision", "close", N_("Close it by decision, with a reason (§7)."),
            N_("Close by decision"), N_("Close"),
            takes=Permission.DECIDE, group=Group.ENDS_OTHERWISE, grave=True, writes=True,
            fields=(Field("reason", "text", _REASON, required=True, called=N_("Written reason"), reader="customer"),),
            example='{"reason": "Se devolvió el pago y no hubo más respuesta."}',
        ),
    )
}  # fmt: skip
"""By the update's name, in the order of the desk and of `complaints --help`: the everyday ones first."""
