"""Whether traces are asked for: by OpenTelemetry's own variable, which says who takes them; off without it."""

from collections.abc import Mapping

from temporalio.client import Interceptor

ENDPOINT = "OTEL_EXPORTER_OTLP_ENDPOINT"
"""Such as http://collector:4318; the other OTEL_EXPORTER_OTLP_… variables count too."""


class TracingMissing(Exception):
    """Traces are asked for, and what makes them is not installed. The message says what to type."""


def interceptors(environ: Mapping[str, str]) -> list[Interceptor]:
    """What makes traces of all that a client and its workers do; none where nobody asked. Raises TracingMissing."""
    if not environ.get(ENDPOINT, "").strip():
        return []
    try:
        from opentelemetry.exporter.otlp.proto.http.trace_exporter import OTLPSpanExporter

        from workflows.tracing import interceptor_to
    except ImportError as error:
        raise TracingMissing(
            f"{ENDPOINT} asks for traces, and what makes them is not installed: add the extra `tracing` "
            "(pip install 'complaint-desk[tracing]'), or unset it."
        ) from error
    return [interceptor_to(OTLPSpanExporter())]
