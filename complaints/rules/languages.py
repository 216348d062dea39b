"""The languages that the school writes and reads: the one list, on which types, catalogues and templates go."""

from typing import Literal, get_args

Language = Literal["es", "en"]

LANGUAGES: tuple[Language, ...] = get_args(Language)
"""Spanish first: it is said where nobody asked for another."""
