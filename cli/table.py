"""Every command, in the order of `complaints --help`: its name, where its function is, and its line of help.

Light, because each command line begins here: what a command needs is imported by its own file, when it is called.
"""

from cli.known import Command, Group, Table
from complaints.words.catalogue import _, say
from starter import acts


def _acts(group: acts.Group | None) -> Table:
    return {
        act.command: Command("acting:command_of", say(act.line), act.name)
        for act in acts.ACTS.values()
        if act.group is group
    }


SECTIONS: dict[str, Table] = {
    _("Run it"): {
        "init": Command("host:init", _("Make this machine serve for real: asks once, tries each answer (§3 to §10).")),
        "up": Command("running:up", _("Run everything on this machine (§3 to §10).")),
        "service": Group(
            _("Start it with this machine, by systemd (§9)."),
            {
                "install": Command("service:install", _("Write the unit, and start it now and with the machine (§9).")),
                "status": Command("service:status", _("Whether it is installed, and runs (§9).")),
                "uninstall": Command("service:uninstall", _("Stop it and take the unit away; the home stays (§9).")),
            },
        ),
        "demo": Command("playing:demo", _("Show one complaint's whole life: three weeks in seconds (§3 to §8).")),
        "simulate": Command(
            "playing:simulate",
            _("Play a story by the real calendar: what happened, when, and when it was due (§4 to §8)."),
        ),
        "forward": Command("running:forward", _("Let time pass for one complaint (§5).")),
        "doctor": Command("running:doctor", _("Look at everything, say what to do (§9).")),
        "verify": Command("verify:verify", _("Prove that everything kept holds together, say what does not (§9).")),
        "upgrade": Command(
            "upgrading:upgrade", _("Take this home over from the program before, or leave all as it was (§9).")
        ),
        "replay": Command(
            "replay:replay", _("Try this program on the running complaints before it takes them on (§9).")
        ),
    },
    _("Take complaints in"): {
        "open": Command("intake:open_", _("Open a complaint (§3).")),
        "intake": Command("intake:intake", _("Take in a mail that is kept as a file (§3).")),
        "mailbox": Command("mailbox:mailbox", _("Read the complaints' mailbox (§3): IMAP_URL, LMTP_LISTEN, or both.")),
        "mail": Group(
            _("Look at mail without doing anything to it (§3)."),
            {
                "explain": Command(
                    "mail:explain",
                    _(
                        "Say what each message would be taken for, with the evidence: "
                        ".eml or .mbox files, folders, Maildir (§3)."
                    ),
                ),
            },
        ),
        "quarantine": Group(
            _("Mail that somebody must look at before it counts (§3): `complaints quarantine`."),
            {
                "list": Command("quarantine:list_", _("What waits, the most urgent first (§3).")),
                "show": Command("quarantine:show_", _("One message, and why it is here (§3).")),
                "release": Command(
                    "quarantine:release", _("Make it count: a complaint, or part of one, received when it came (§3).")
                ),
                "drop": Command(
                    "quarantine:drop", _("It is nothing for us: kept, with why, or answered with one letter (§3).")
                ),
            },
        ),
    },
    _("See where they stand"): {
        "list": Command("looking:list_", _("The open complaints (§9).")),
        "find": Command(
            "looking:find", _("Find by name, telephone, document, email, number, or any word that was written (§9).")
        ),
        "status": Command("looking:status", _("Where a complaint stands (§5 to §8).")),
        "timeline": Command("looking:timeline", _("Everything that happened to a complaint (§9).")),
        "explain": Command("looking:explain", _("Why each deadline is what it is, day by day (§5).")),
    },
    _("Work on a complaint"): {
        **_acts(None),
    },
    _("Hear the customer"): {
        "calls": Group(
            _("The calls to make (§4 to §6): list, take, done."),
            {
                "list": Command("calls:list_", _("The calls to make (§4 to §6).")),
                "take": Command("calls:take", _("Take a call, with its script (§4 to §6).")),
                "done": Command("calls:done", _("Record what came of the call (§5.4, §6).")),
            },
        ),
        **_acts(acts.Group.CUSTOMER_SAID),
        "letters": Group(
            _("The letters and what became of them (§4 to §8): `complaints letters [NUMBER] [--uncertain]`."),
            {
                "list": Command("letters:list_", _("The letters and what became of them (§4 to §8).")),
                "resend": Command("letters:resend", _("Send the same letter once more (§4 to §8).")),
            },
        ),
        "link": Command(
            "link:link",
            _(
                "The link to the customer's page, to hand out; with --revoke, the end of those that are out. "
                "It is noted (§5.4, §6)."
            ),
        ),
    },
    _("End it, or begin again"): {
        **_acts(acts.Group.ENDS_OTHERWISE),
        "reopen": Command("reopening:reopen", _("Reopen a closed complaint (§8).")),
    },
    _("Learn from them"): {
        "report": Command(
            "report:report", _("The complaints report of a month or a period (§10); without options, of last month.")
        ),
        "review": Group(
            _("The monthly review: what closed, what it taught, what is done (§10): `complaints review`."),
            {
                "list": Command("review:list_", _("The reviews, what is left (§10).")),
                "open": Command("review:open_", _("Open a past month's review (§10).")),
                "show": Command("review:show", _("One review, whole (§10).")),
                "tick": Command("review:tick", _("Mark complaints as reviewed (§10).")),
                "note": Command("review:note", _("Note a finding (§10).")),
                "action": Command("review:action", _("Add an action, owner and date (§10).")),
                "done": Command("review:done", _("Declare an action done (§10).")),
                "move": Command("review:move", _("Give an action another date (§10).")),
                "sign-off": Command("review:sign_off", _("Sign the review off (§10).")),
            },
        ),
        "digest": Command(
            "review:digest", _("What everybody responsible gets by mail today, without sending it (§5, §7, §10).")
        ),
        "dossier": Command(
            "exporting:dossier", _("The dossier of a complaint, whole, in one file: for INDECOPI or an auditor (§9).")
        ),
        "export": Command("exporting:export", _("All complaints as CSV, open and closed; no cell is a formula (§9).")),
    },
    _("Change the rules"): {
        "policy": Group(
            _("The rules, and changing them (§4 to §8)."),
            {
                "show": Command("policy:show", _("Show the rules (§4 to §8).")),
                "check": Command("policy:check", _("Check a policy.toml, and what it changes (§4 to §8).")),
                "apply": Command(
                    "policy:apply", _("Move running complaints to other rules; shows what changes first (§5, §7).")
                ),
                "close-day": Command(
                    "policy:close_day", _("A suddenly closed day: moves the deadlines of what is running (§5).")
                ),
            },
        ),
        "what-if": Command(
            "what_if:what_if",
            _("Replay past complaints under other rules, and say what would have changed (§4 to §8)."),
        ),
    },
    _("Operate"): {
        "desk": Command("desk:desk", _("Serve the desk to browsers (§3 to §8).")),
        "worker": Command("running:worker", _("Work on complaints (§3 to §10).")),
        "migrate": Command("running:migrate", _("Migrate the database (§9).")),
        "setup": Command("running:setup", _("Make database and Temporal ready; may be repeated (§9, §10).")),
        "keys": Group(
            _("The keys that seal what Temporal keeps (§9): `complaints keys`."),
            {
                "list": Command("keys:list_", _("Show which key seals, and which open (§9).")),
                "rotate": Command("keys:rotate", _("Seal with another key from now on (§9).")),
                "forget": Command("keys:forget", _("Give up a key that is lost, or that others may have (§9).")),
            },
        ),
        "privacy": Group(
            _("A person's data (§9): what they ask, erase, hold, and what goes by age."),
            {
                "erase": Command(
                    "privacy:erase", _("Erase who complained from a closed complaint; figures and proof stay (§9).")
                ),
                "hold": Command("privacy:hold", _("Keep it for a court or an authority: nothing is erased (§9).")),
                "release": Command("privacy:release", _("It need not be kept for them any more (§9).")),
                "rectify": Command("privacy:rectify", _("Note what is right of a closed complaint's customer (§9).")),
                "due": Command(
                    "privacy:due", _("What goes by age with the next night, what is held, and who waits (§9).")
                ),
                "request": Command("privacy:request", _("Note that somebody asked about their data (§9).")),
                "requests": Command("privacy:requests", _("Who waits for an answer about their data (§9).")),
                "answered": Command("privacy:answered", _("Note that they have their answer (§9).")),
            },
        ),
        "backup": Command("copying:backup", _("Copy everything into one file, while it runs (§9).")),
        "restore": Command("copying:restore", _("Bring a copy back into an empty home, and say how old it is (§9).")),
        "staff": Group(
            _("Who may sign in at the desk (§5)."),
            {
                "list": Command("desk:list_", _("Show the accounts (§5).")),
                "add": Command("desk:add", _("Make an account (§5).")),
                "disable": Command("desk:disable", _("Take access away, and end the sessions (§5).")),
                "role": Command("desk:role", _("Change the role (§5).")),
                "link": Command("desk:link", _("Say who they are at the identity provider, by email or subject (§5).")),
                "reset": Command("desk:reset", _("Give another password, and unlock (§5).")),
                "second-factor": Command(
                    "desk:second_factor", _("Take their second step away: telephone and codes are lost (§5).")
                ),
                "department": Command("team:department", _("Say in which department they work (§5).")),
                "cases": Command("team:cases", _("Who has how many open complaints, and who is away (§5).")),
                "away": Command("team:away", _("Say when they are away, and who stands in (§5).")),
                "back": Command("team:back", _("Forget the absence: they are here (§5).")),
                "hand-over": Command("team:hand_over", _("Give all their open complaints to another (§5.2).")),
            },
        ),
        "token": Group(
            _("Which programs use the intake API (§3)."),
            {
                "list": Command("token:list_", _("Show the programs with a token (§3).")),
                "add": Command("token:add", _("Give a program a token (§3).")),
                "revoke": Command("token:revoke", _("Take the token away: it is worth nothing (§3).")),
            },
        ),
    },
}

COMPLAINTS = Group(
    _("The school's complaints, from receipt to closing (§3 to §10)."),
    {name: known for section in SECTIONS.values() for name, known in section.items()},
    SECTIONS,
)
