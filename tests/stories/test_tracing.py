"""Traces from mail to letter (OpenTelemetry): one trace a complaint, numbers in it and nobody; off unless asked for."""

import sys
from dataclasses import replace

import pytest
from opentelemetry.sdk.trace import ReadableSpan
from opentelemetry.sdk.trace.export.in_memory_span_exporter import InMemorySpanExporter
from temporalio.client import Client

from tests.chance import new_name
from tests.story import CUSTOMER, Story
from tests.waiting import until
from workflows.traced import ENDPOINT, TracingMissing, interceptors
from workflows.tracing import SAID, interceptor_to

SENDING = {"RunActivity:tell_at_once", "RunActivity:send_letter"}
"""The spans of what sends a letter: within the step that led to it, or by itself where that takes longer."""


async def test_a_complaint_and_its_letter_are_one_trace_that_names_nobody(story: Story) -> None:
    kept = InMemorySpanExporter()
    await story.worker_stops()
    config = story.client.config()
    config["interceptors"] = [*config.get("interceptors", ()), interceptor_to(kept)]
    settings = story.settings.model_copy(update={"task_queue": f"traced-{new_name(12)}"})
    traced = replace(story, client=Client(**config), settings=settings, _worker=None)
    await traced.worker_starts()
    try:
        await traced.complaint_arrives("2026-07-22 09:00")
        await traced.all_is_told()
        await until(lambda: SENDING & {span.name for span in kept.get_finished_spans()})
    finally:
        await traced.worker_stops()
    spans = kept.get_finished_spans()
    [start] = [span for span in spans if span.name == "StartWorkflow:Complaint"]
    sending = [span for span in spans if span.name in SENDING]
    assert {_trace(span) for span in sending} == {_trace(start)}
    assert {(span.attributes or {})["temporalWorkflowID"] for span in sending} == {traced.number}
    assert traced.sink.letters
    assert {name for span in spans for name in span.attributes or {}} <= SAID
    told = " ".join(span.to_json() for span in spans)
    assert str(CUSTOMER["email"]) not in told
    assert str(CUSTOMER["name"]) not in told
    assert not any(span.events or span.status.description for span in spans)


def _trace(span: ReadableSpan) -> int:
    context = span.get_span_context()
    assert context is not None
    return context.trace_id


def test_nobody_is_traced_unless_somebody_asks() -> None:
    assert interceptors({}) == []
    assert interceptors({ENDPOINT: " "}) == []


def test_who_asks_without_the_extra_is_told_what_to_type(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "opentelemetry.exporter.otlp.proto.http.trace_exporter", None)
    with pytest.raises(TracingMissing, match="complaint-desk\\[tracing\\]"):
        interceptors({ENDPOINT: "http://collector.example:4318"})
