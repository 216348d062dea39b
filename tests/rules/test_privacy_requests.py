"""Requests about personal data have the terms of Ley 29733, and are pointed out before these are over."""

from datetime import UTC, datetime, timedelta

import pytest

from complaints.contacts_file import ContactsFile
from complaints.digest import digests_of
from complaints.policy_file import load_policy
from complaints.rules.digest import DigestDay
from complaints.rules.policy import rules_in_force
from complaints.rules.privacy_requests import PrivacyRequest, PrivacyRight, answered_by
from starter.doctor import Health, privacy
from tests.story import LIMA

POLICY = load_policy(None)
RECEIVED = datetime(2026, 7, 13, 10, tzinfo=LIMA)
"""A Monday; 23, 28 and 29 July are holidays of the nation, and 6 August."""


def the_request(right: PrivacyRight) -> PrivacyRequest:
    calendar = rules_in_force(POLICY, RECEIVED.date()).legal_calendar
    due = answered_by(right, RECEIVED, calendar)
    return PrivacyRequest(id="r-1", number="Q-7KF3-02M9D", right=right, received_at=RECEIVED, due=due)


@pytest.mark.parametrize(
    ("right", "day"),
    [
        (PrivacyRight.ACCESS, "2026-08-14"),
        (PrivacyRight.RECTIFICATION, "2026-07-30"),
        (PrivacyRight.ERASURE, "2026-07-30"),
        (PrivacyRight.OPPOSITION, "2026-07-30"),
    ],
)
def test_each_right_has_the_days_of_the_law(right: PrivacyRight, day: str) -> None:
    assert the_request(right).due.astimezone(LIMA).date().isoformat() == day


def test_three_business_days_before_its_end_the_doctor_and_the_care_team_hear_of_it() -> None:
    one, contacts = the_request(PrivacyRight.ERASURE), ContactsFile(None).now()
    for days, health, told in ((8, Health.OK, 0), (14, Health.WARN, 1), (18, Health.BAD, 1)):
        now = (RECEIVED + timedelta(days=days)).astimezone(UTC)
        found = privacy([one], POLICY, now)
        assert (found.health, one.number in found.message) == (health, bool(told)), days
        day = DigestDay.of(now.date(), rules_in_force(POLICY, now.date()).calendar, at=now)
        digests = digests_of([], [], day=day, contacts=contacts, policy=POLICY, requests=[one])
        assert [(each.person, each.count) for each in digests] == [(contacts.care_team.on(day.day), 1)] * told, days
