"""The intake API against what its own document allows, and against what it does not: no answer outside the document."""

import asyncio
import zlib
from typing import Any

import pytest
import schemathesis
from hypothesis import HealthCheck, Phase, given, settings, strategies
from schemathesis.checks import not_a_server_error
from schemathesis.core.result import Ok
from schemathesis.generation import GenerationMode
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_schema_conformance,
    status_code_conformance,
)

from desk.api.openapi import document
from tests.api_caller import calling
from tests.desk_house import House, house_of
from tests.plugins_browser import on_a_port
from tests.story import Story

pytestmark = pytest.mark.slow

CHECKS = [not_a_server_error, status_code_conformance, content_type_conformance, response_schema_conformance]
"""The first too: a server's error stands in the document, and none may be needed."""

EACH = 15
"""Requests an operation: 23 operations, a second or two each."""


@pytest.fixture
async def house(story: Story) -> House:
    return house_of(story)


async def test_nothing_that_is_sent_breaks_it(house: House) -> None:
    seen: dict[str, set[int]] = {}
    async with calling(house) as crm, on_a_port(house.app) as address:
        number = await crm.opens()
        for found in schemathesis.openapi.from_dict(document()).get_all_operations():
            assert isinstance(found, Ok)
            operation = found.ok()
            name = f"{operation.method} {operation.path}"
            seen[name] = await asyncio.to_thread(tried, operation, f"{address}/api", crm.token, number)
    # Which few requests an operation gets is hypothesis' to choose, and one that ends the case may be the first: that
    # acts come through is told in test_api.py.
    assert all(seen.values())
    assert {200, 404} <= set().union(*seen.values())
    assert {400, 422} & set().union(*seen.values())
    assert not {status for statuses in seen.values() for status in statuses if status >= 500}


def tried(operation: Any, address: str, token: str, number: str) -> set[int]:
    """Sends what hypothesis makes of the operation, valid and not, the same every time; the statuses that came."""
    valid = operation.as_strategy(generation_mode=GenerationMode.POSITIVE)
    invalid = operation.as_strategy(generation_mode=GenerationMode.NEGATIVE)
    statuses: set[int] = set()

    @settings(
        max_examples=EACH, deadline=None, derandomize=True, database=None, phases=[Phase.explicit, Phase.generate],
        suppress_health_check=list(HealthCheck),
    )  # fmt: skip
    @given(case=valid if operation.method == "get" else strategies.one_of(valid, invalid))
    def send(case: Any) -> None:
        # Half of it goes to a complaint that there is, and half has a key of its own.
        mark = zlib.crc32(repr((case.body, case.path_parameters)).encode())
        if case.path_parameters and mark % 2:
            case.path_parameters["number"] = number
        # What names a file says one that was given before, which nobody invents: every such act is one refusal.
        if isinstance(case.body, dict) and mark & 4:
            case.body.pop("files", None)
        if mark & 2:
            case.headers["Idempotency-Key"] = f"fuzzed-{mark}"
        answer = case.call(base_url=address, headers={"Authorization": f"Bearer {token}"}, timeout=60)
        case.validate_response(answer, checks=CHECKS)
        statuses.add(answer.status_code)

    send()
    return statuses
