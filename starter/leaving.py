"""How a program of ours ends: with a true exit code (docs/upstream.md)."""

import logging
import os
import sys
from contextlib import suppress
from typing import NoReturn

CORE = "temporalio.bridge.temporal_sdk_bridge"
"""Loaded by whatever speaks to Temporal."""


def leave(code: int) -> NoReturn:
    """Ends the process.

    The threads of Temporal's core outlive the event loop and may abort the interpreter while it winds down (seen with
    a plain client too), so where it was loaded nothing is wound down: all is written and closed by then.
    """
    if CORE not in sys.modules:
        sys.exit(code)
    logging.shutdown()
    for stream in (sys.stdout, sys.stderr):
        with suppress(OSError, ValueError):
            stream.flush()
    os._exit(code)
