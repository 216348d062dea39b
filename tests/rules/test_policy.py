"""The policy (§4-§8): its defaults, its file, what it refuses, and the rules that a case keeps."""

import re
import tomllib
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pytest
from pydantic import ValidationError

from complaints.policy_file import PolicyError, PolicyFile, changed, load_policy, numbers_of
from complaints.rules.calendar import EXTRA_CLOSED
from complaints.rules.details import Detail
from complaints.rules.letters import LetterKind
from complaints.rules.policy import Policy, Rules, rules_in_force
from complaints.words.catalogue import Message
from complaints.words.policy import NUMBERS

PACKAGED = Path(__file__).parents[2] / "complaints" / "policy.toml"


def test_the_packaged_file_says_what_the_model_says_by_default() -> None:
    assert load_policy() == Policy()


def test_the_packaged_file_names_every_setting() -> None:
    written = tomllib.loads(PACKAGED.read_text(encoding="utf-8"))
    for section, value in Policy().model_dump().items():
        assert section in written
        if isinstance(value, dict):
            assert set(written[section]) == set(value)


def test_every_number_in_the_packaged_file_has_a_comment_in_a_section_with_its_paragraph() -> None:
    lines = PACKAGED.read_text(encoding="utf-8").splitlines()
    section = ""
    for line in lines:
        if line.startswith("["):
            section = line
        elif re.match(r"[a-z_]+ = \[?\d", line):
            assert "#" in line, line
            assert "§" in section, section


def test_every_rule_has_words_at_the_terminal() -> None:
    """Else `complaints policy show` would say its place in the file twice."""
    assert set(numbers_of(Policy())) == set(NUMBERS) - {"closed_days", "legal_limit.counted_by"}


def test_the_defaults_are_the_procedures_numbers() -> None:
    policy = Policy()
    assert policy.acknowledgement.hours == 24
    assert (policy.windows.assessment, policy.windows.assignment, policy.windows.investigation) == (2, 1, 5)
    assert policy.windows.warn_before == 1
    assert policy.details.longest_pause == 5
    assert policy.updates.every_days == 3
    assert (policy.escalation.after, policy.escalation.counted_from) == (5, "receipt")
    assert policy.escalation.levels == ("administration_manager", "general_director")
    assert (policy.confirmation.remind_every_days, policy.confirmation.reminders) == (3, 3)
    assert policy.confirmation.silence_closes_after is None
    assert policy.reopening.within_days == 30
    assert (policy.legal_limit.business_days, policy.legal_limit.warn_on) == (15, (10, 13))
    assert (policy.calls.attempts, policy.calls.retry_after_office_hours, policy.calls.due_within_office_hours) == (
        3,
        4,
        4,
    )
    assert (policy.letters.retry_hours, policy.letters.undo_seconds) == (6, 60)
    assert policy.required_details == (Detail.IDENTIFICATION, Detail.OCCURRED_ON, Detail.PRODUCT)


@pytest.mark.parametrize(
    ("written", "sentence"),
    [
        ("[windows]\nassesment = 2", "windows.assesment is not known here. Did you mean windows.assessment?"),
        ("[windows]\nbudget = 2", "windows.budget is not known here. Known are: assessment, assignment"),
        ("[window]\nassessment = 2", "window is not known here. Did you mean windows?"),
        ("[windows]\nassessment = -2", "windows.assessment must be greater than 0; it is -2."),
        ("[windows]\nassessment = 0", "windows.assessment must be greater than 0; it is 0."),
        ("[windows]\nassessment = 251", "windows.assessment must be less than or equal to 250"),
        ("[windows]\nassessment = true", "windows.assessment must be a whole number; it is true."),
        ('[windows]\nassessment = "2"', 'windows.assessment must be a whole number; it is "2".'),
        ("[windows]\nassessment = 2.0", "windows.assessment must be a whole number"),
        ("windows = 3", "windows must be a table of settings"),
        ("[windows]\nwarn_before = -1", "windows.warn_before must be greater than or equal to 0"),
        ("[acknowledgement]\nhours = 0", "acknowledgement.hours must be greater than 0"),
        ("[details]\nlongest_pause = -1", "details.longest_pause must be greater than or equal to 0"),
        ("[updates]\nevery_days = 0", "updates.every_days must be greater than 0"),
        ("[escalation]\nafter = 0", "escalation.after must be greater than 0"),
        ("[escalation]\nlevels = []", "escalation.levels must not be empty"),
        ('[escalation]\nlevels = ["a", "a"]', "escalation.levels must not name anything twice"),
        ('[escalation]\nlevels = ["The Boss"]', "escalation.levels[0] must be a key of small letters"),
        ('[escalation]\ncounted_from = "assignment"', "escalation.counted_from must be 'receipt' or 'investigation'"),
        ("[confirmation]\nsilence_closes_after = -1", "confirmation.silence_closes_after must be greater than or"),
        ("[reopening]\nwithin_days = -30", "reopening.within_days must be greater than 0"),
        ("[legal_limit]\nwarn_on = [13, 10]", "legal_limit: warn_on (13, 10) must go up and end before business_days"),
        ("[legal_limit]\nwarn_on = [15]", "legal_limit: warn_on (15) must go up and end before business_days (15)"),
        (
            "[legal_limit]\nbusiness_days = 12",
            "legal_limit: warn_on (10, 13) must go up and end before business_days (12)",
        ),
        ("[calls]\nattempts = 0", "calls.attempts must be greater than 0"),
        ('[calls]\nafter_attempts = "nothing"', "calls.after_attempts must be 'letter' or 'manager'"),
        ("[letters]\nretry_hours = 0", "letters.retry_hours must be greater than 0; it is 0."),
        ("[letters]\nretry_hours = nan", "letters.retry_hours must be less than or equal to 720"),
        ('[letters]\nretry_hours = "1"', "letters.retry_hours must be a number"),
        ("[letters.resend_uncertain]\npostcard = true", "letters.resend_uncertain: 'postcard' is no kind of letter"),
        ('[letters.resend_uncertain]\nupdate = "no"', "letters.resend_uncertain.update must be true or false"),
        ('[calendar]\ntimezone = "Lima"', "calendar.timezone is not a time zone: write it like 'America/Lima'"),
        ('[calendar]\ntimezone = "America"', "calendar.timezone is not a time zone"),
        ('[calendar]\ntimezone = "../etc/passwd"', "calendar.timezone is not a time zone"),
        ("[calendar]\nwork_days = []", "calendar.work_days must not be empty"),
        ('[calendar]\nwork_days = ["lunes"]', "calendar.work_days[0] must be 'mon', 'tue'"),
        ('[calendar]\nwork_days = ["mon", "mon"]', "calendar.work_days must not name a day twice"),
        ("[calendar]\noffice_hours = []", "calendar.office_hours must not be empty"),
        (
            '[calendar]\noffice_hours = [["18:00", "09:00"]]',
            "calendar.office_hours: an interval must end after it starts",
        ),
        (
            '[calendar]\noffice_hours = [["09:00", "09:00"]]',
            "calendar.office_hours: an interval must end after it starts",
        ),
        (
            '[calendar]\noffice_hours = [["14:00", "18:00"], ["09:00", "13:00"]]',
            "calendar.office_hours: intervals must be in order and must not overlap: 09:00 comes before 18:00",
        ),
        (
            '[calendar]\noffice_hours = [["09:00", "13:00"], ["12:00", "18:00"]]',
            "calendar.office_hours: intervals must be in order and must not overlap",
        ),
        (
            '[calendar]\noffice_hours = [["9:00", "18:00"]]',
            "calendar.office_hours[0][0] must be a time of day like '09:00'",
        ),
        ('[calendar]\noffice_hours = [["09:00", "24:01"]]', "calendar.office_hours[0][1] must be a time of day"),
        ('[calendar]\noffice_hours = [["09:00"]]', "calendar.office_hours[0][1] is missing"),
        ('[calendar]\nnational_holidays = "CL"', "calendar.national_holidays must be 'PE' or 'none'"),
        (
            '[calendar]\nextra_closed_days = ["christmas"]',
            "calendar.extra_closed_days[0] must be a date like 2026-12-24",
        ),
        ('language = "fr"', "language must be 'es' or 'en'"),
        (
            'language = "en"\ncustomer_languages = ["es"]',
            "customer_languages must hold the school's own language, 'en'",
        ),
        ('required_details = ["dni"]', "required_details[0] must be 'identification', 'occurred_on' or 'product'"),
        ('version = ""', "version must not be empty"),
        ("windows.assessment = ", "policy.toml is not TOML"),
    ],
)
def test_a_wrong_policy_is_refused_with_the_field_and_the_reason(tmp_path: Path, written: str, sentence: str) -> None:
    path = tmp_path / "policy.toml"
    path.write_text(written, encoding="utf-8")
    with pytest.raises(PolicyError) as refused:
        load_policy(path)
    assert sentence in str(refused.value)
    assert str(refused.value).startswith("policy.toml")
    assert str(refused.value).endswith((".", "?"))


def test_every_mistake_is_told_at_once(tmp_path: Path) -> None:
    path = tmp_path / "ours.toml"
    path.write_text("[windows]\nassessment = -1\n[updates]\nevery_days = -3\n", encoding="utf-8")
    with pytest.raises(PolicyError, match=r"^ours\.toml: windows\.assessment .*\. updates\.every_days .*\.$"):
        load_policy(path)


def test_a_file_that_cannot_be_read_is_refused_with_what_to_do(tmp_path: Path) -> None:
    with pytest.raises(PolicyError, match=r"There is no file .*missing\.toml: write one, or name none"):
        load_policy(tmp_path / "missing.toml")
    with pytest.raises(PolicyError, match="cannot be read"):
        load_policy(tmp_path)
    latin = tmp_path / "latin.toml"
    latin.write_bytes('# días\nlanguage = "es"\n'.encode("latin-1"))
    with pytest.raises(PolicyError, match=r"latin\.toml is not UTF-8 text: save it as UTF-8"):
        load_policy(latin)


def test_a_file_says_only_what_differs(tmp_path: Path) -> None:
    path = tmp_path / "ours.toml"
    path.write_text('version = "ours"\n[calendar]\noffice_hours = [[08:30:00, 13:00:00], ["14:00", "17:30"]]\n')
    policy = load_policy(path)
    assert policy.calendar.office_hours == (("08:30", "13:00"), ("14:00", "17:30"))
    assert policy.windows == Policy().windows


@pytest.mark.parametrize(
    ("overrides", "same"),
    [
        ({"windows.assessment": 3}, {"windows": {"assessment": 3}}),
        ({"windows": {"assessment": 3}, "windows.assignment": 2}, {"windows": {"assessment": 3, "assignment": 2}}),
        ({"letters.resend_uncertain.update": False}, {"letters": {"resend_uncertain": {"update": False}}}),
        ({"escalation.levels": ["owner"]}, {"escalation": {"levels": ["owner"]}}),
        ({"language": "en"}, {"language": "en"}),
    ],
)
def test_a_policy_is_changed_by_dotted_or_nested_names(overrides: dict[str, Any], same: dict[str, Any]) -> None:
    assert changed(Policy(), overrides) == Policy.model_validate(same)
    assert Policy() == load_policy()  # the one it came from stays


@pytest.mark.parametrize(
    ("overrides", "sentence"),
    [
        ({"windows.assesment": 3}, "The changed policy: windows.assesment is not known here. Did you mean"),
        ({"windows.assessment": -3}, "The changed policy: windows.assessment must be greater than 0"),
        ({"windows.assessment.days": 3}, "The changed policy: windows.assessment must be a whole number"),
        ({"windows": 3}, "The changed policy: windows must be a table of settings"),
    ],
)
def test_a_wrong_change_is_refused(overrides: dict[str, Any], sentence: str) -> None:
    with pytest.raises(PolicyError) as refused:
        changed(Policy(), overrides)
    assert sentence in str(refused.value)


def test_changes_build_on_changes() -> None:
    once = changed(Policy(), {"windows.assessment": 3, "letters.resend_uncertain.update": False})
    twice = changed(once, {"windows.assignment": 2, "letters.resend_uncertain.closing": False})
    assert (twice.windows.assessment, twice.windows.assignment) == (3, 2)
    assert not twice.letters.resends(LetterKind.UPDATE)
    assert not twice.letters.resends(LetterKind.CLOSING)
    assert twice.letters.resends(LetterKind.REMINDER)


def test_uncertain_letters_follow_the_default_where_their_kind_is_not_named() -> None:
    policy = changed(Policy(), {"letters.resend_uncertain": {"default": False, "acknowledgement": True}})
    assert policy.letters.resends(LetterKind.ACKNOWLEDGEMENT)
    assert not policy.letters.resends(LetterKind.UPDATE)


def test_no_silence_rule_is_zero_or_absent() -> None:
    assert changed(Policy(), {"confirmation.silence_closes_after": 0}).confirmation.silence_closes_after is None
    assert changed(Policy(), {"confirmation.silence_closes_after": 10}).confirmation.silence_closes_after == 10


def test_a_policy_cannot_be_changed_in_place() -> None:
    with pytest.raises(ValidationError, match="frozen"):
        Policy().windows.assessment = 3


# The rules that a case keeps


def test_a_case_keeps_the_closed_days_of_the_next_24_months_and_of_the_three_before() -> None:
    closed = rules_in_force(Policy(), date(2026, 12, 9)).closed_days
    assert next(iter(closed)) == date(2026, 10, 8)  # a complaint received earlier may be merged into it
    assert list(closed)[-1] == date(2028, 12, 8)  # the 9th is the first day of the 25th month
    assert len(closed) == 35
    assert closed[date(2027, 3, 26)] == "Viernes Santo"


def test_closed_days_from_a_29th_of_february_end_with_the_february_two_years_later() -> None:
    policy = changed(Policy(), {"calendar.extra_closed_days": ["2030-02-28", "2030-03-01"]})
    closed = rules_in_force(policy, date(2028, 2, 29)).closed_days
    assert date(2030, 2, 28) in closed
    assert date(2030, 3, 1) not in closed


def test_holidays_are_named_in_the_schools_language() -> None:
    english = changed(Policy(), {"language": "en"})
    assert rules_in_force(english, date(2026, 1, 1)).closed_days[date(2026, 12, 25)] == "Christmas Day"


def test_the_schools_own_closed_days_join_the_holidays() -> None:
    policy = changed(Policy(), {"calendar.extra_closed_days": ["2026-12-24", "2026-12-25", "2031-01-02"]})
    closed = rules_in_force(policy, date(2026, 1, 1)).closed_days
    assert closed[date(2026, 12, 24)] == EXTRA_CLOSED
    assert closed[date(2026, 12, 25)] == "Navidad del Señor"
    assert date(2031, 1, 2) not in closed
    assert list(closed) == sorted(closed)


def test_a_school_elsewhere_has_only_its_own_closed_days() -> None:
    policy = changed(Policy(), {"calendar.national_holidays": "none", "calendar.extra_closed_days": ["2026-05-25"]})
    assert rules_in_force(policy, date(2026, 1, 1)).closed_days == {date(2026, 5, 25): EXTRA_CLOSED}


def test_rules_come_back_from_a_history_as_they_went_in() -> None:
    policy = changed(Policy(), {"calendar.extra_closed_days": ["2026-12-24"], "letters.resend_uncertain.update": False})
    rules = rules_in_force(policy, date(2026, 7, 1))
    deadline = rules.calendar.deadline(datetime(2026, 7, 22, 15, tzinfo=UTC), 5)  # the calendar is built, and not kept
    kept = rules.model_dump_json()
    assert set(rules.model_dump()) == {"policy", "closed_days", "national_days"}
    assert Rules.model_validate_json(kept) == rules
    assert Rules.model_validate_json(kept).calendar.deadline(datetime(2026, 7, 22, 15, tzinfo=UTC), 5) == deadline


def test_the_calendar_is_built_once_and_anew_for_other_rules() -> None:
    rules = rules_in_force(Policy(), date(2026, 7, 1))
    assert rules.calendar is rules.calendar
    assert not rules.calendar.is_business_day(date(2026, 7, 28))
    without = rules.model_copy(update={"closed_days": {}})
    assert without.calendar.is_business_day(date(2026, 7, 28))
    assert not rules.calendar.is_business_day(date(2026, 7, 28))


def test_a_history_kept_by_an_older_program_still_reads() -> None:
    kept = '{"policy": {"version": "old", "windows": {"assessment": 1}}, "closed_days": {}, "unknown": 1}'
    assert Rules.model_validate_json(kept).policy.windows.investigation == 5


def test_a_file_that_changes_is_read_again_and_a_spoiled_one_is_not(tmp_path: Path) -> None:
    path = tmp_path / "policy.toml"
    path.write_text('version = "one"\n', encoding="utf-8")

    def fits(policy: Policy) -> None:
        if policy.version == "lonely":
            raise PolicyError(Message("Nobody is on that ladder."))

    rules = PolicyFile(path, fits=fits)
    assert rules.now().version == "one"
    for version, text in (
        ("second", 'version = "second"\n'),
        ("second", 'version = "fourth"\nwindows.assessment = 0\n'),
        ("second", 'version = "lonely"\n'),
        ("second", "version = "),
        ("seventh", 'version = "seventh"\n'),
    ):
        path.write_text(text, encoding="utf-8")
        assert rules.now().version == version, text
    path.unlink()
    assert rules.now().version == "seventh"
    with pytest.raises(PolicyError):
        PolicyFile(path)
    assert PolicyFile(None).now() == Policy()
