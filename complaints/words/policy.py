"""The numbers of policy.toml in words: what each is, in which unit, and what it is good for (§4 to §8)."""

from collections.abc import Mapping
from typing import Any

from complaints.words.catalogue import N_, Message
from complaints.words.vocabulary import ROLES

# place in policy.toml: section, what it is
NUMBERS: Mapping[str, tuple[str, Message]] = {
    "version": ("–", N_("Name of these rules")),
    "language": ("–", N_("The school's language")),
    "customer_languages": ("–", N_("Languages for customers")),
    "required_details": ("§4", N_("Details asked of everybody")),
    "calendar.timezone": ("§5", N_("Time zone")),
    "calendar.work_days": ("§5", N_("Work days")),
    "calendar.office_hours": ("§5", N_("Office hours")),
    "calendar.national_holidays": ("§5", N_("National holidays")),
    "calendar.extra_closed_days": ("§5", N_("Other closed days")),
    "closed_days": ("§5", N_("Closed days, holidays included")),
    "acknowledgement.hours": ("§4", N_("Acknowledge within, hours")),
    "windows.assessment": ("§5.1", N_("Assess within, business days")),
    "windows.assignment": ("§5.2", N_("Assign within, business days")),
    "windows.investigation": ("§5.3", N_("Investigate within, business days")),
    "windows.warn_before": ("§5", N_("Warn so many business days before")),
    "details.longest_pause": ("§5.1", N_("Pause for details, business days")),
    "updates.every_days": ("§5.4", N_("Update the customer every so many days")),
    "messages.answer_within": ("§5.4", N_("Answer the customer's message within, business days")),
    "escalation.after": ("§7", N_("Escalate after so many business days")),
    "escalation.counted_from": ("§7", N_("… counted from")),
    "escalation.levels": ("§7", N_("Levels")),
    "confirmation.remind_every_days": ("§8", N_("Remind every so many days")),
    "confirmation.reminders": ("§8", N_("How many reminders")),
    "confirmation.silence_closes_after": ("§8", N_("Silence closes after")),
    "reopening.within_days": ("§8", N_("Reopen within so many days")),
    "merging.separate_within_days": ("§3", N_("Separate what was merged within so many days")),
    "legal_limit.business_days": ("Ley 31435", N_("Legal limit, business days")),
    "legal_limit.counted_by": ("Ley 31435", N_("Business days of the legal limit")),
    "legal_limit.warn_on": ("Ley 31435", N_("Managers are warned on days")),
    "calls.attempts": ("§4–§6", N_("Attempts to call")),
    "calls.retry_after_office_hours": ("§4–§6", N_("Try again after office hours")),
    "calls.due_within_office_hours": ("§4–§6", N_("Call within office hours")),
    "calls.after_attempts": ("§4–§6", N_("If nobody answers")),
    "retention.years": ("Ley 29733", N_("Erase who complained, years after the end")),
    "letters.retry_hours": ("§4–§8", N_("Send an uncertain letter again, hours")),
    "letters.undo_seconds": ("§5–§8", N_("What the desk sends can be taken back, seconds")),
    "letters.resend_uncertain.default": ("§4–§8", N_("Send uncertain letters again")),
}

VALUES: Mapping[Any, Message] = {
    "mon": N_("Monday"), "tue": N_("Tuesday"), "wed": N_("Wednesday"),
    "thu": N_("Thursday"), "fri": N_("Friday"), "sat": N_("Saturday"),
    "sun": N_("Sunday"), "PE": N_("Peru's"), "none": N_("none"),
    "nation": N_("the nation's"), "school": N_("the school's own"),
    "receipt": N_("receipt"), "investigation": N_("the investigation"),
    "letter": N_("a letter by post"),
    "manager": N_("a manager decides"),
    "identification": N_("identity document"), "product": N_("product"),
    "occurred_on": N_("date of the problem"), "es": N_("Spanish"),
    "en": N_("English"), "administration_manager": ROLES["administration_manager"],
    "general_director": ROLES["general_director"],
}  # fmt: skip
"""Values that are names."""

_BUSINESS, _CALENDAR, _HOURS = N_("business days"), N_("calendar days"), N_("hours")

UNITS: Mapping[str, Message] = {
    "acknowledgement.hours": _HOURS,
    "windows.assessment": _BUSINESS,
    "windows.assignment": _BUSINESS,
    "windows.investigation": _BUSINESS,
    "windows.warn_before": _BUSINESS,
    "details.longest_pause": _BUSINESS,
    "updates.every_days": _CALENDAR,
    "messages.answer_within": _BUSINESS,
    "escalation.after": _BUSINESS,
    "confirmation.remind_every_days": _CALENDAR,
    "confirmation.reminders": N_("letters"),
    "confirmation.silence_closes_after": _BUSINESS,
    "reopening.within_days": _CALENDAR,
    "merging.separate_within_days": _CALENDAR,
    "legal_limit.business_days": _BUSINESS,
    "legal_limit.warn_on": _BUSINESS,
    "calls.attempts": N_("calls"),
    "calls.retry_after_office_hours": N_("office hours"),
    "calls.due_within_office_hours": N_("office hours"),
    "retention.years": N_("years"),
    "letters.undo_seconds": N_("seconds"),
    "letters.retry_hours": _HOURS,
}

MEANINGS: Mapping[str, Message] = {
    "language": N_("What staff read, and customers whose language is not known."),
    "customer_languages": N_("Who writes in another is answered in the school's."),
    "required_details": N_(
        "Asked for in the acknowledgement where they are missing; never a reason to refuse a complaint."
    ),
    "calendar.timezone": N_("Changed in the file alone: everything that runs must be started again with it."),
    "calendar.office_hours": N_("A window ends at the last closing. With a break: 09:00-13:00, 14:00-18:00."),
    "calendar.national_holidays": N_("Peru's: article 6 of D.Leg. 713 and its changes."),
    "calendar.extra_closed_days": N_("One a line, such as 2026-12-24. They hold for complaints to come."),
    "acknowledgement.hours": N_("By the clock, from receipt: nights and holidays count."),
    "windows.assessment": N_("From receipt; the procedure says 1 to 2."),
    "windows.assignment": N_("From the assessment; the procedure says 1."),
    "windows.investigation": N_("From the assignment; the procedure says 3 to 5."),
    "windows.warn_before": N_("Who is responsible is warned so long before a window ends; 0: never."),
    "details.longest_pause": N_(
        "While the customer is asked for details so many days do not count, at most; 0: all count."
    ),
    "updates.every_days": N_("The customer hears from us at least so often, until the resolution."),
    "messages.answer_within": N_(
        "A message of the customer is late after that, and who answers for the case is told, once."
    ),
    "escalation.after": N_("Without a resolution; at each level again."),
    "escalation.counted_from": N_("The procedure does not say; the receipt is the stricter."),
    "escalation.levels": N_("In this order. Who they are stands under Settings."),
    "confirmation.remind_every_days": N_("While the customer does not say whether the resolution is right."),
    "confirmation.reminders": N_("Then one call; 0: the call at once."),
    "confirmation.silence_closes_after": N_(
        "Counted from the resolution; 0: never, for §8 closes on the customer's word alone."
    ),
    "reopening.within_days": N_("From closing: so long a customer who is not satisfied opens it again."),
    "merging.separate_within_days": N_("From the merge: so long two complaints that became one can be taken apart."),
    "legal_limit.business_days": N_("From receipt, by the nation's days; it never pauses."),
    "legal_limit.warn_on": N_("The managers are warned at the close of these days, as in: 10, 13."),
    "calls.attempts": N_("Calls that did not reach the customer."),
    "calls.retry_after_office_hours": N_("From one attempt to the next."),
    "calls.due_within_office_hours": N_("From the moment in which a call is due to the first attempt."),
    "calls.after_attempts": N_("What follows the last attempt."),
    "retention.years": N_("The complaint stays, its person is taken out, unless it is held; 0: never by itself."),
    "letters.undo_seconds": N_("0: what a person sends goes at once."),
    "letters.retry_hours": N_("A letter of which nobody knows whether it went out; 0.5 is half an hour."),
    "letters.resend_uncertain.default": N_("Read twice is better than never."),
}
"""What is not said by its name."""

TABLES: Mapping[str, tuple[str, Message]] = {
    "": ("§4", N_("The school, and what is asked of customers")),
    "calendar": ("§5", N_("Business days and office hours")),
    "acknowledgement": ("§4", N_("Acknowledgement")),
    "windows": ("§5.1–§5.3", N_("How long each step may take")),
    "details": ("§5.1", N_("Waiting for what the customer was asked")),
    "updates": ("§5.4", N_("News for the customer")),
    "messages": ("§5.4", N_("What a customer writes")),
    "escalation": ("§7", N_("Escalation")),
    "confirmation": ("§8", N_("A customer who does not answer")),
    "reopening": ("§8", N_("The customer comes back")),
    "merging": ("§3", N_("Two complaints about the same")),
    "legal_limit": ("Ley 31435", N_("The limit of the law")),
    "calls": ("§4–§6", N_("Calls to customers without a working email")),
    "retention": ("Ley 29733", N_("How long personal data is kept")),
    "letters": ("§4–§8", N_("Letters")),
}
"""The tables of the file, in its order; '' is what stands above the first."""
