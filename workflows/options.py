"""Timeouts and retries of every activity, in one place."""

from datetime import timedelta
from typing import TypeVar

from temporalio.common import RetryPolicy
from temporalio.workflow import ActivityConfig, LocalActivityConfig

RULES_IN_FORCE = "rules_in_force"
TELL_AT_ONCE = "tell_at_once"
WRITE_RECORDS = "write_records"
READ_JOURNAL = "read_journal"
SEND_LETTER = "send_letter"
COMPILE_REVIEW = "compile_review"
SEND_REVIEW = "send_review"
OPEN_REVIEW = "open_review"
WHOM_TO_TELL = "whom_to_tell"
SEND_DIGEST = "send_digest"
LOST_RUNS = "lost_runs"
VERIFY_RECORDS = "verify_records"
ERASE_DUE = "erase_due"
SEND_ALARM = "send_alarm"
SEND_QUARANTINE_NOTICE = "send_quarantine_notice"

RULES_OPTIONS = LocalActivityConfig(start_to_close_timeout=timedelta(seconds=5))
"""Reads the rules as the school has them now: a small file, and only where it has changed."""

TELL_OPTIONS = LocalActivityConfig(
    schedule_to_close_timeout=timedelta(seconds=3),
    start_to_close_timeout=timedelta(seconds=3),
    retry_policy=RetryPolicy(maximum_attempts=1),
)
"""One short attempt within the workflow task, and never two at a time: those that run beside each other may end in
another order when they are replayed. Longer ones would hold up signals while Postgres or the mail server is away; the
activity itself says after two seconds what goes on elsewhere."""

RECORDS_OPTIONS = ActivityConfig(
    start_to_close_timeout=timedelta(seconds=30),
    retry_policy=RetryPolicy(
        initial_interval=timedelta(seconds=1), backoff_coefficient=2, maximum_interval=timedelta(minutes=5)
    ),
)
"""Then durably, for as long as it takes: nothing that happened stays unwritten (§9)."""

ALARM_AGAIN = timedelta(hours=1)
"""How long to wait after the records of a case contradict it, before they are looked at again."""

_LETTER_RETRY = RetryPolicy(
    initial_interval=timedelta(seconds=2), backoff_coefficient=2, maximum_interval=timedelta(minutes=10)
)

LETTER_OPTIONS = ActivityConfig(
    # RFC 5321 §4.5.3.2: the answer to the final dot may take ten minutes; giving up earlier makes duplicates.
    start_to_close_timeout=timedelta(minutes=15),
    heartbeat_timeout=timedelta(seconds=30),
    schedule_to_close_timeout=timedelta(hours=6),
    retry_policy=_LETTER_RETRY,
)
"""After six hours the workflow chooses anew what is still true, and orders that letter."""

REVIEW_OPTIONS = ActivityConfig(
    start_to_close_timeout=timedelta(minutes=5),
    retry_policy=RetryPolicy(initial_interval=timedelta(seconds=5), maximum_interval=timedelta(minutes=10)),
)

VERIFY_OPTIONS = ActivityConfig(
    start_to_close_timeout=timedelta(hours=2),
    heartbeat_timeout=timedelta(minutes=1),
    schedule_to_close_timeout=timedelta(hours=12),
    retry_policy=RetryPolicy(initial_interval=timedelta(minutes=1), maximum_interval=timedelta(minutes=30)),
)
"""Every complaint there is, in a process of its own; what is not done by evening is the next day's."""

ERASE_OPTIONS = ActivityConfig(
    start_to_close_timeout=timedelta(hours=1),
    heartbeat_timeout=timedelta(minutes=2),
    schedule_to_close_timeout=timedelta(hours=6),
    retry_policy=RetryPolicy(initial_interval=timedelta(minutes=1), maximum_interval=timedelta(minutes=30)),
)
"""Some hundred complaints, each by itself; what is not done by morning is the next night's."""

_Config = TypeVar("_Config", ActivityConfig, LocalActivityConfig)

SEND_REVIEW_OPTIONS = ActivityConfig(
    start_to_close_timeout=timedelta(minutes=15), heartbeat_timeout=timedelta(seconds=30), retry_policy=_LETTER_RETRY
)
"""As a letter, for as long as it takes: a month's figures do not grow old."""


SEND_DIGEST_OPTIONS = SEND_REVIEW_OPTIONS
"""As a letter, but only `until` the office closes: tomorrow there is another."""


def until(options: _Config, span: timedelta) -> _Config:
    """The same options, given up after that time."""
    limited = options.copy()
    limited["schedule_to_close_timeout"] = span
    return limited


def with_summary(options: _Config, summary: str) -> _Config:
    """The same options, with what Temporal's page says beside this activity."""
    told = options.copy()
    told["summary"] = summary
    return told
