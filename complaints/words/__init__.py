"""The only room that knows a language: English is the key of every sentence, and `es.po` has the Spanish beside it."""
