"""Naughty strings through the doors of the web (API, forms and fields of the desk, a customer's page) and signals."""

import json

import httpx
import pytest
from temporalio.api.common.v1 import Payload
from temporalio.common import RawValue

from tests.api_caller import COMPLAINT, calling
from tests.customer_house import ARRIVED, customers_house
from tests.desk_house import ADDRESS
from tests.naughty import NAUGHTY, RUNS, sendable
from tests.story import Story

TOO_LONG = {"very long line"}
"""Which of them no form takes: beyond a megabyte."""


def unharmed(answer: httpx.Response, name: str) -> None:
    """No 500, and nothing in it that would run where it is read."""
    assert answer.status_code < 500, (name, answer.status_code, answer.text[:500])
    if answer.headers.get("content-type", "").startswith("text/html"):
        assert [one for one in RUNS if one in answer.text] == [], name


@pytest.mark.slow
async def test_every_naughty_string_is_refused_with_a_sentence_or_shown_as_it_is(story: Story) -> None:
    house = await customers_house(story)
    await house.employs("ana", name="Ana Torres")
    await story.complaint_arrives(ARRIVED)
    number = story.number
    case = f"/cases/{number}"
    async with calling(house) as crm, house.signed_in("ana") as ana, house.visitor() as rosa:
        link = house.link().removeprefix(ADDRESS)
        taken: set[str] = set()
        for place, (name, text) in enumerate(NAUGHTY.items()):
            said = sendable(text)
            # The API: half a pair can be written in JSON, and NUL too.
            raw = json.dumps({"text": text, "by": text[:200]}).encode()
            answer = await crm.client.post(
                f"/api/complaints/{number}/add_note",
                content=raw,
                headers={"Idempotency-Key": f"n{place}", "Content-Type": "application/json"},
            )
            unharmed(answer, name)
            assert answer.status_code in (200, 400, 413, 422), (name, answer.text[:500])
            assert answer.status_code == 200 or answer.json()["detail"], name
            # Fields of questions.
            for path in ("/find", "/palette", "/list"):
                unharmed(await ana.client.get(path, params={"q": said[:2_000]}), f"{name} at {path}")
            unharmed(await crm.client.get("/api/find", params={"text": said[:2_000]}), f"{name} in the API's search")
            # Forms of staff and of customers.
            noted = await ana.sends(case, f"{case}/acts/add_note", text=said)
            unharmed(noted, name)
            if noted.status_code == 303:
                taken.add(name)
            if place < 12:  # a customer's page takes 30 forms in an hour
                unharmed(await rosa.sends(link, f"{link}/words", text=said), name)
            # A bare signal, as any program writes it.
            payload = RawValue(Payload(metadata={"encoding": b"json/plain"}, data=raw))
            await story.handle.signal("noted", args=[payload])
        assert len(taken) > len(NAUGHTY) / 2
        assert taken.isdisjoint({"blank", "NUL", *TOO_LONG})
        await story.all_is_told()
        for path in (case, f"{case}/news", "/", "/list", f"{case}/dossier.html", "/exports/complaints.csv"):
            unharmed(await ana.reads(path), path)
        unharmed(await rosa.reads(link), "the customer's page")
        told = await crm.gets(f"/complaints/{number}/timeline")
        assert told.status_code == 200
        assert "{{ 7 * 7 }}" in told.text, "and is no template of ours"
    for signal in ("assigned", "resolved", "customer-satisfied"):
        await story.says(signal)
    assert await story.outcome() == "satisfied"


@pytest.mark.parametrize("name", ["HTML", "header", "template", "right to left", "lone surrogate", "zalgo", "NUL"])
async def test_a_complaint_made_of_nothing_else_is_refused_or_becomes_one(story: Story, name: str) -> None:
    """Every field of a start by the API, and the letter and pages that come of it."""
    house = await customers_house(story)
    await house.employs("ana", name="Ana Torres")
    text = NAUGHTY[name]
    content = COMPLAINT | {
        "product": text[:200],
        "subject": text[:200],
        "customer": {"name": text[:200], "email": "rosa@correo.example", "address": text[:200], "document": text[:20]},
        "problem": {"description": text},
    }
    async with calling(house) as crm, house.signed_in("ana") as ana:
        answer = await crm.client.post(
            "/api/complaints",
            content=json.dumps(content).encode(),
            headers={"Idempotency-Key": story.number, "Content-Type": "application/json"},
        )
        unharmed(answer, name)
        if answer.status_code != 201:
            assert answer.status_code in (400, 422), answer.text
            assert answer.json()["detail"]
            return
        number = answer.json()["number"]
        letter = await house.has_sent(number, "acknowledgement")
        assert [one for one in RUNS if one in letter.html] == []
        [sent] = [one for one in story.sink.letters if one["X-Complaint"] == number and "rosa" in str(one["To"])]
        assert sent["Bcc"] is None
        unharmed(await ana.reads(f"/cases/{number}"), name)
