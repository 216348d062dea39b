"""Sample mail that comes with the program: what `complaints demo` takes in."""
