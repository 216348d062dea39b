"""What staff read in a terminal, in Spanish or English as LANGUAGE says; light, for every command starts with it."""

from complaints.language import say, spoken

__all__ = ["say", "spoken"]
