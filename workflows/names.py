"""The names that other programs depend on (design §4); workflow, worker, clients and documents take them from here."""

from temporalio.common import SearchAttributeKey

TASK_QUEUE = "complaints"
COMPLAINT = "Complaint"
QUALITY_REVIEW = "QualityReview"
QUARANTINE_WATCH = "QuarantineWatch"
DAILY_DIGEST = "DailyDigest"
VERIFY = "Verify"
RETENTION = "Retention"

STATUS = "status"
TIMELINE = "timeline"
EXPLAIN = "explain"

QUALITY_REVIEW_SCHEDULE = "quality-review"
DAILY_DIGEST_SCHEDULE = "daily-digest"
VERIFY_SCHEDULE = "verify"
RETENTION_SCHEDULE = "retention"
SCHEDULES = (QUALITY_REVIEW_SCHEDULE, DAILY_DIGEST_SCHEDULE, VERIFY_SCHEDULE, RETENTION_SCHEDULE)

STAGE = SearchAttributeKey.for_keyword("ComplaintStage")
DEPARTMENT = SearchAttributeKey.for_keyword("ComplaintDepartment")
CHANNEL = SearchAttributeKey.for_keyword("ComplaintChannel")
LEVEL = SearchAttributeKey.for_int("ComplaintLevel")
DUE = SearchAttributeKey.for_datetime("ComplaintDue")
LATE = SearchAttributeKey.for_bool("ComplaintLate")
UNREAD = SearchAttributeKey.for_bool("ComplaintUnread")

SEARCH_ATTRIBUTES = (STAGE, DEPARTMENT, CHANNEL, LEVEL, DUE, LATE, UNREAD)
"""All of them must be registered before a worker starts: one that is missing would freeze every case."""

KEY_DIGEST_MEMO = "source-key-digest"
"""The memo that tells two source keys of the same number apart."""

CONTENT_DIGEST_MEMO = "content-digest"
"""The memo that tells two arrivals under one source key apart: the second is refused."""
