"""One file a step of the schema, named by its revision."""
