"""Starting complaints and asking about them: the front desk, the mailbox's door. It knows no terminal and no page."""
