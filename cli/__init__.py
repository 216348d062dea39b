"""The command line, on top of all: its commands are read when they are called."""
