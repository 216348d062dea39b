"""Starting complaints and asking about them: the front desk, the mailbox. It knows no terminal and no page."""
