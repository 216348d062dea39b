"""A quarantined message is answered in its writer's language, where the school writes that."""

from datetime import UTC, datetime

import pytest

from complaints.records.quarantine import QuarantineItem
from complaints.rules.languages import Language
from complaints.rules.policy import Policy
from starter.answering import Answer, ordered
from tests.mail_made import mail, reading

IN_ENGLISH = "Nobody has answered my letters about the course, and I would like to know when you will."


@pytest.mark.parametrize(
    ("spoken", "written"),
    [(("es", "en"), "en"), (("es",), "es")],
)
def test_the_answer_is_in_a_language_that_the_school_writes(spoken: tuple[Language, ...], written: Language) -> None:
    found = reading(mail(IN_ENGLISH, {"Subject": "Nobody answers"}))
    assert found.language == "en"
    at = datetime(2026, 8, 4, 15, 0, tzinfo=UTC)
    item = QuarantineItem(
        digest="0" * 64, reason="unreadable", number=None, sender=found.from_address, subject=found.subject,
        received_at=at, due=at, quarantined_at=at, handled_at=None, handled_as=None, handled_by=None, handled_why=None,
        kind=None, score=None, evidence=None,
    )  # fmt: skip
    answer = Answer(item, b"", found, words="We have it.", by="ana", forced=False)
    policy = Policy(language="es", customer_languages=spoken)
    assert ordered(answer, "quarantine-0", attempt=1, policy=policy).language == written
