"""What Temporal's core has to say goes to Python's logging: by itself it writes on standard output, among the facts."""

import logging
from contextlib import suppress

from temporalio.runtime import LogForwardingConfig, LoggingConfig, Runtime, TelemetryConfig, TelemetryFilter

LOGGER = "temporalio.core"


def forward_core_log() -> None:
    """For this process, before its first client; later it changes nothing. Without logging set up it is not shown."""
    logging.getLogger("temporalio").addHandler(logging.NullHandler())
    forwarding = LogForwardingConfig(logger=logging.getLogger(LOGGER), append_target_to_name=False)
    logs = LoggingConfig(filter=TelemetryFilter(core_level="WARN", other_level="ERROR"), forwarding=forwarding)
    with suppress(RuntimeError):  # there is one already
        Runtime.set_default(Runtime(telemetry=TelemetryConfig(logging=logs)))
