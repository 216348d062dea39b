"""Every letter as it is meant to look, in plain text and HTML; written anew with UPDATE_GOLDEN_LETTERS=1."""
