"""Starting complaints and asking about them: the front desk, the command line, the mailbox's door."""
