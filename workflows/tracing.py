"""Traces from mail to letter (OpenTelemetry), through the SDK's own interceptor; a span holds numbers, and nobody.

Needs the extra `tracing`; whoever does not ask for traces never loads this file (workflows/traced.py).
"""

from collections.abc import Sequence

from opentelemetry.sdk.resources import Resource
from opentelemetry.sdk.trace import ReadableSpan, TracerProvider
from opentelemetry.sdk.trace.export import BatchSpanProcessor, SpanExporter, SpanExportResult
from opentelemetry.trace import Status
from temporalio.contrib.opentelemetry import TracingInterceptor

SERVICE = "complaint-desk"

SAID = frozenset({"temporalWorkflowID", "temporalRunID", "temporalActivityID"})
"""The attributes that leave: which complaint, which run. What else a library hangs on a span nobody has looked at."""


class Impersonal(SpanExporter):
    """Hands on spans without the words of errors: those may quote what somebody wrote."""

    def __init__(self, exporter: SpanExporter) -> None:
        self._exporter = exporter

    def export(self, spans: Sequence[ReadableSpan]) -> SpanExportResult:
        """The same spans, bare."""
        return self._exporter.export([_bare(span) for span in spans])

    def shutdown(self) -> None:
        """Nothing more comes."""
        self._exporter.shutdown()

    def force_flush(self, timeout_millis: int = 30_000) -> bool:
        """What waits is handed on now."""
        return self._exporter.force_flush(timeout_millis)


def interceptor_to(exporter: SpanExporter) -> TracingInterceptor:
    """The SDK's interceptor; its spans go there, some at a time."""
    provider = TracerProvider(resource=Resource.create({"service.name": SERVICE}))
    provider.add_span_processor(BatchSpanProcessor(Impersonal(exporter), schedule_delay_millis=1_000))
    return TracingInterceptor(provider.get_tracer("temporalio"))


def _bare(span: ReadableSpan) -> ReadableSpan:
    return ReadableSpan(
        name=span.name,
        context=span.get_span_context(),
        parent=span.parent,
        resource=span.resource,
        attributes={name: value for name, value in (span.attributes or {}).items() if name in SAID},
        links=span.links,
        kind=span.kind,
        instrumentation_scope=span.instrumentation_scope,
        status=Status(span.status.status_code),
        start_time=span.start_time,
        end_time=span.end_time,
    )
