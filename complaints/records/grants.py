"""What the role of every day may do: what a day takes, and neither the schema nor history (README.md, two roles)."""

IS_OWNERS = """
SELECT EXISTS (SELECT FROM pg_roles WHERE rolname = 'complaints_app') AND current_user <> 'complaints_app'
"""
"""Whether there is such a role, and grants are ours to give; where there is none, one role does everything."""

GRANTS = (
    "GRANT USAGE ON SCHEMA public TO complaints_app",
    "GRANT SELECT ON ALL TABLES IN SCHEMA public TO complaints_app",
    "GRANT INSERT ON complaints, journal, afterwords, letters, calls, pending_complaints, messages, "
    "attachments, message_attachments, quarantine TO complaints_app",
    "GRANT INSERT ON reviews, review_cases, review_findings, review_actions, review_acts TO complaints_app",
    "GRANT UPDATE ON reviews, review_cases, review_actions TO complaints_app",
    "GRANT UPDATE ON complaints, letters, calls, pending_complaints, messages, quarantine TO complaints_app",
    "GRANT INSERT ON link_uses, link_ends, form_uses, settings_changes TO complaints_app",
    "GRANT INSERT, UPDATE ON staff, staff_sessions, staff_recovery_codes, mentions TO complaints_app",
    "GRANT INSERT, UPDATE ON api_tokens, sign_in_failures TO complaints_app",
    "GRANT INSERT ON api_requests TO complaints_app",
    "GRANT INSERT, UPDATE ON arrivals, payload_keys, given_files TO complaints_app",
    "GRANT INSERT ON floods, installation_secrets, verifications, chain TO complaints_app",
    "GRANT INSERT, UPDATE, DELETE ON search_words, search_vocabulary, saved_views, absences, presence, "
    "drafts TO complaints_app",
)
"""After each migration, as the owner; the guide has the same."""
