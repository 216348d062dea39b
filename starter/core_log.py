"""What Temporal's core tells: its log goes to Python's logging, and its metrics to Prometheus where a port is named.

By itself the core writes its log on standard output, among the facts.
"""

import logging
from contextlib import suppress

from temporalio.runtime import (
    LogForwardingConfig,
    LoggingConfig,
    PrometheusConfig,
    Runtime,
    TelemetryConfig,
    TelemetryFilter,
)

from complaints.serving import At
from complaints.settings import SettingsError

LOGGER = "temporalio.core"


def forward_core_log(metrics: At | None = None) -> None:
    """For this process, before its first client; later it changes nothing. Without logging set up it is not shown.

    `metrics`: where Prometheus finds the core's own figures: tasks, slots, polls, the cache. Raises `SettingsError`
    where that port cannot be had.
    """
    logging.getLogger("temporalio").addHandler(logging.NullHandler())
    forwarding = LogForwardingConfig(logger=logging.getLogger(LOGGER), append_target_to_name=False)
    logs = LoggingConfig(filter=TelemetryFilter(core_level="WARN", other_level="ERROR"), forwarding=forwarding)
    runtime = _runtime(logs, metrics)
    with suppress(RuntimeError):  # there is one already
        Runtime.set_default(runtime)


def _runtime(logs: LoggingConfig, metrics: At | None) -> Runtime:
    if metrics is None:
        return Runtime(telemetry=TelemetryConfig(logging=logs))
    at = f"[{metrics.host}]:{metrics.port}" if ":" in metrics.host else f"{metrics.host}:{metrics.port}"
    exporter = PrometheusConfig(
        bind_address=at, counters_total_suffix=True, unit_suffix=True, durations_as_seconds=True
    )
    try:
        return Runtime(telemetry=TelemetryConfig(logging=logs, metrics=exporter))
    except (RuntimeError, ValueError) as error:
        raise SettingsError(f"WORKER_METRICS_LISTEN {at} cannot be listened on: {error}.") from None
