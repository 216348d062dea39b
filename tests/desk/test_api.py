"""The intake API: a complaint from opening to its end, once under each key; who is let in; what problems say."""

import uuid
from base64 import b64encode
from dataclasses import replace
from datetime import timedelta
from hashlib import sha256
from html import unescape
from typing import Any

import httpx
import pytest
from openapi_spec_validator import OpenAPIV31SpecValidator

from complaints.bearer import digest_of, generated, is_well_formed
from complaints.records.programs import Scope
from complaints.records.store import Store
from complaints.words.catalogue import Language, catalogue
from desk.api.call import LONGEST
from desk.api.openapi import document
from desk.api.operations import OPERATIONS
from desk.api.rate_limit import RateLimit
from desk.api.routes import api
from desk.app import application
from starter.front_desk import FrontDesk
from starter.schemas import schemas
from tests.api_caller import COMPLAINT, Caller, calling, token_of
from tests.chance import new_key
from tests.desk_house import House, house_of
from tests.patience import nobody_answers
from tests.story import NOBODYS, Story
from workflows.connection import connect


@pytest.fixture
async def house(story: Story) -> House:
    return house_of(story)


async def test_a_complaint_from_its_opening_to_the_customers_word(house: House) -> None:
    async with calling(house) as crm:
        opened = await crm.posts("/complaints", COMPLAINT, key="crm-7330")
        assert (opened.status_code, opened.headers["location"]) == (201, f"/api/complaints/{opened.json()['number']}")
        assert opened.json()["missing"] == ["identification", "occurred_on", "product"]
        case = opened.headers["location"].removeprefix("/api")
        for act, content in (
            ("assess", {"category": "horas"}),
            ("assign", {"department": "academic", "representative": "Ana Rojas"}),
            ("resolve", {"text": "Se dictarán las horas.", "outcome": "upheld"}),
            ("confirm_satisfied", {"words": "Gracias", "via": "call"}),
        ):
            answer = await crm.posts(f"{case}/{act}", content, key=f"8841-{act}")
            assert answer.status_code == 200, answer.text
        assert answer.json()["outcome"] == "satisfied"
        assert (await crm.gets(case)).json()["outcome"] == "satisfied"
        story = (await crm.gets(f"{case}/timeline")).json()
        resolved = next(row for row in story if row["what"] == "resolved")
        assert (resolved["by"], resolved["data"]["event_id"]) == ("crm", "api/crm/8841-resolve")


async def test_a_file_is_added_and_then_goes_with_the_act_that_names_it(house: House) -> None:
    data = b"Horas dictadas: 24\n"
    sent = {"name": "horas de Ñusta.txt", "content": b64encode(data).decode()}
    async with calling(house) as crm:
        number = await crm.opens()
        await house.has_written(number, "received")
        case = f"/complaints/{number}"
        kept = await crm.posts(f"{case}/files", sent, key=None)
        assert kept.status_code == 201, kept.text
        assert kept.json() == {"name": sent["name"], "digest": sha256(data).hexdigest(), "size": len(data)}
        assert (await crm.posts(f"{case}/files", sent, key=None)).json() == kept.json(), "the same is one"
        program = sent | {"content": b64encode(b"MZ" + bytes(99)).decode()}
        assert (await crm.posts(f"{case}/files", program, key=None)).json()["status"] == 409
        assert (await crm.posts(f"{case}/files", sent | {"content": "¿?"}, key=None)).json()["status"] == 422
        assert (await crm.posts(f"/complaints/{NOBODYS}/files", sent, key=None)).status_code == 404
        stranger = {"text": "Va.", "files": [kept.json() | {"digest": "e" * 64}]}
        assert (await crm.posts(f"{case}/reply", stranger, key="r0")).json()["status"] == 409
        replied = await crm.posts(f"{case}/reply", {"text": "Van las horas.", "files": [kept.json()]}, key="r1")
        assert replied.status_code == 200, replied.text
    row = await house.has_sent(number, "reply")
    assert [file.name for file in row.files] == [sent["name"]]
    [letter] = [one for one in house.story.sink.letters if str(one["Message-ID"]) == row.message_id]
    assert [part.get_payload(decode=True) for part in letter.iter_attachments()] == [data]


async def test_the_same_key_is_the_same_complaint_and_never_another(house: House) -> None:
    async with calling(house) as crm:
        key = uuid.uuid4().hex
        first = await crm.posts("/complaints", COMPLAINT, key=key)
        again = await crm.posts("/complaints", COMPLAINT, key=key)
        assert (first.status_code, again.status_code) == (201, 200)
        assert again.json() == first.json() | {"already": True}
        other = await crm.posts("/complaints", COMPLAINT | {"product": "Revit"}, key=key)
        assert (other.status_code, other.json()["type"]) == (422, "/api/docs#problem-key-reused")
        async with calling(house, name="web") as web:  # another program's key is another
            assert (await web.posts("/complaints", COMPLAINT, key=key)).json()["number"] != first.json()["number"]


async def test_one_source_key_is_one_complaint_whoever_sends_it(house: House) -> None:
    async with calling(house) as crm, calling(house, name="web") as web:
        source_key = new_key("form")
        number = await crm.opens(source_key=source_key)
        again = await web.posts("/complaints", COMPLAINT | {"source_key": source_key}, key=None)
        assert (again.status_code, again.json()["number"]) == (200, number)


async def test_an_act_counts_once_under_its_key(house: House) -> None:
    async with calling(house) as crm:
        number = await crm.opens()
        for _ in range(2):
            noted = await crm.posts(f"/complaints/{number}/add_note", {"text": "Llamó la madre"}, key="n1")
            assert noted.status_code == 200
        other = await crm.posts(f"/complaints/{number}/add_note", {"text": "Otra"}, key="n1")
        assert other.status_code == 422
        by_content = {"text": "Con su clave dentro", "event_id": "n2"}
        assert (await crm.posts(f"/complaints/{number}/add_note", by_content, key=None)).status_code == 200
        story = (await crm.gets(f"/complaints/{number}/timeline")).json()
        assert [row["data"]["text"] for row in story if row["what"] == "noted"] == [
            "Llamó la madre",
            "Con su clave dentro",
        ]


async def test_what_customers_say_is_taken_without_a_worker(house: House) -> None:
    async with calling(house, Scope.INTAKE) as form:
        number = await form.opens()
        await house.story.worker_stops()
        for what, content in (("messages", {"text": "¿Y?"}), ("details", {"document": "45678912"})):
            answer = await form.posts(f"/complaints/{number}/{what}", content, key=what)
            assert (answer.status_code, answer.json()["event_id"]) == (202, f"api/crm/{what}")


@pytest.mark.slow
async def test_a_complaint_is_kept_with_its_number_while_temporal_is_away(house: House, nowhere: str) -> None:
    client = await connect(address=nowhere, lazy=True)
    cut_off = FrontDesk(client, house.office.store, task_queue=house.story.settings.task_queue)
    away = replace(house, app=application(replace(house.office, front_desk=cut_off)))
    async with calling(away) as crm:
        with nobody_answers():
            kept = await crm.posts("/complaints", COMPLAINT, key="night")
        assert (kept.status_code, kept.json()["pending"]) == (202, True)
        number = kept.json()["number"]
        with nobody_answers():
            lost = await crm.posts(f"/complaints/{number}/messages", {"text": "¿Y?"}, key="m")
        assert (lost.status_code, lost.json()["type"]) == (504, "/api/docs#problem-not-known")
        assert lost.headers["retry-after"] == "5"
    assert await house.office.front_desk.start_pending() == [(number, None)]


async def test_without_the_records_nobody_is_let_in_and_nothing_is_half_done(house: House, nowhere: str) -> None:
    away = await Store.connect(f"postgresql://x:y@{nowhere}/x")
    shut = replace(house, app=application(replace(house.office, store=away)))
    async with (
        calling(house) as crm,
        httpx.AsyncClient(
            transport=httpx.ASGITransport(app=shut.app), base_url="http://desk.example", headers=crm.client.headers
        ) as client,
    ):
        answer = await client.post("/api/complaints", json=COMPLAINT, headers={"Idempotency-Key": uuid.uuid4().hex})
    assert (answer.status_code, answer.json()["type"]) == (503, "/api/docs#problem-away")
    assert answer.headers["retry-after"] == "15"


@pytest.mark.parametrize(
    ("content", "pointer", "detail"),
    [
        ({"customer": {}}, "/customer", "an email or a phone is needed, so that we can answer"),
        ({"customer": {"phone": "secreto"}}, "/customer/phone", "is not a telephone number"),
        ({"problem": {"description": ""}}, "/problem/description", "must not be empty"),
        ({"channel": "paloma"}, "/channel", "must be 'email', 'phone' or 'web'"),
        ({"received_at": "2026-07-22T09:00"}, "/received_at",
         "names no time zone: write it as 2026-07-22T09:00-05:00"),
    ],
)  # fmt: skip
async def test_a_problem_names_the_field_and_never_its_value(
    house: House, content: dict[str, Any], pointer: str, detail: str
) -> None:
    async with calling(house) as crm:
        key = uuid.uuid4().hex
        answer = await crm.posts("/complaints", COMPLAINT | content, key=key)
        assert (answer.status_code, answer.headers["content-type"]) == (422, "application/problem+json")
        assert answer.json()["errors"] == [{"pointer": pointer, "detail": detail}]
        assert "secreto" not in answer.text
        corrected = await crm.posts("/complaints", COMPLAINT, key=key)  # what was refused has not used up its key
        assert corrected.status_code == 201


async def test_a_refusal_of_the_case_is_told_in_the_callers_language(house: House) -> None:
    async with calling(house) as crm:
        number = await crm.opens()
        survey = f"/complaints/{number}/answer_survey"
        english = await crm.posts(survey, {"score": 5}, key="s")
        spanish = await crm.posts(survey, {"score": 5}, key="s", **{"Accept-Language": "es-PE,es;q=0.9"})
        assert (english.status_code, english.json()["title"]) == (409, "It does not fit the case as it stands")
        assert spanish.json()["detail"] == f"{number} está en evaluación inicial: la encuesta llega con el cierre."
        assert english.json()["detail"] == f"{number} is in assessment: the survey comes with the closing (§8)."
        why = [{"code": "survey.early", "field": "", "values": {}}]
        assert (english.json()["refusals"], spanish.json()["refusals"]) == (why, why)
        assert spanish.headers["content-language"] == "es"


async def test_a_complaint_is_merged_into_one_that_is_named(house: House) -> None:
    async with calling(house) as crm:
        number, other = await crm.opens(), await crm.opens(source_key=new_key("form"))
        for into in (None, "", "x y", "Q-0000-00000"):
            answer = await crm.posts(f"/complaints/{number}/merge", {"into": into}, key=f"m{into}".replace(" ", "-"))
            assert answer.status_code in (404, 409), answer.text
        spoken = other.replace("-", "").lower()
        merged = await crm.posts(f"/complaints/{number}/merge", {"into": spoken}, key="merge")
        assert merged.json().get("merged_into") == other, merged.text


@pytest.mark.parametrize(
    ("path", "content", "headers", "status", "kind"),
    [
        ("/complaints/Q-0000-00000", None, {}, 404, "not-found"),
        ("/complaints/%00", None, {}, 404, "not-found"),
        ("/nowhere", None, {}, 404, "not-found"),
        ("/complaints/a%0Ab/timeline", None, {}, 404, "not-found"),
        ("/complaints", b"[]", {}, 400, "not-json"),
        ("/complaints", b"{", {}, 400, "not-json"),
        ("/complaints", b'{"product": "\\ud800"}', {}, 400, "not-json"),
        ("/complaints", b"{}", {"content-type": "text/plain"}, 415, "media-type"),
        ("/complaints", b"{}", {"idempotency-key": ""}, 400, "no-key"),
        ("/complaints", b"{}", {"idempotency-key": "a b"}, 400, "no-key"),
        ("/complaints", b'{"policy": {}}', {}, 422, "invalid"),
        ("/complaints", b" " * (LONGEST + 1), {}, 413, "too-long"),
        (f"/complaints/{NOBODYS}/add_note", b'{"text": "x", "via": "link"}', {}, 422, "invalid"),
    ],
)
async def test_what_makes_no_sense_is_told_so(
    house: House, path: str, content: bytes | None, headers: dict[str, str], status: int, kind: str
) -> None:
    async with calling(house) as crm:
        usual = {"idempotency-key": uuid.uuid4().hex, "content-type": "application/json"}
        if content is None:
            answer = await crm.gets(path)
        else:
            answer = await crm.client.post(f"/api{path}", content=content, headers=usual | headers)
        assert (answer.status_code, answer.json()["type"]) == (status, f"/api/docs#problem-{kind}")
        wrong_method = await crm.client.delete("/api/complaints")
        assert (wrong_method.status_code, wrong_method.headers["allow"]) == (405, "POST")


@pytest.mark.parametrize("scope", Scope)
async def test_every_operation_takes_its_scope(house: House, scope: Scope) -> None:
    async with calling(house, scope) as crm:
        for one in OPERATIONS:
            path = one.path.replace("{number}", NOBODYS)
            answer = await (crm.gets(path) if one.method == "GET" else crm.posts(path, key=None))
            if one.scope is scope:
                assert answer.status_code in (400, 404, 422), (one.name, answer.text)  # find without words: 422
            else:
                assert (answer.status_code, answer.json()["type"]) == (403, "/api/docs#problem-scope"), one.name


async def test_only_a_live_token_is_let_in(house: House) -> None:
    store = house.office.store
    expired = await token_of(house, name="old", lasts=timedelta(seconds=-1))
    async with calling(house) as crm:
        for given in ("", "Bearer", "Basic x", f"Bearer {generated()}", f"Bearer {crm.token}x", f"Bearer {expired}"):
            answer = await crm.gets(f"/complaints/{NOBODYS}", Authorization=given)
            assert (answer.status_code, answer.headers["www-authenticate"]) == (401, 'Bearer realm="complaints"')
        assert (await crm.gets(f"/complaints/{NOBODYS}")).status_code == 404
        [used] = [one for one in await store.programs() if one.name == "crm"]
        assert used.used_at is not None
        await store.revoke_program("crm")
        assert (await crm.gets(f"/complaints/{NOBODYS}")).status_code == 401


def test_a_slip_in_a_token_is_told_without_the_records() -> None:
    token = generated()
    assert is_well_formed(token)
    assert not is_well_formed(token[:-1] + ("0" if token[-1] != "0" else "1"))
    assert token not in digest_of(token)


async def test_a_program_that_hurries_is_told_when_to_come_back(house: House) -> None:
    house.app.router.routes = [
        route for route in application(house.office).router.routes if getattr(route, "path", "") != "/api"
    ]
    clock = [0.0]
    house.app.mount("/api", api(house.office, RateLimit(per_minute=2, clock=lambda: clock[0])))
    async with calling(house) as crm:

        async def asked(caller: Caller) -> int:
            return (await caller.gets(f"/complaints/{NOBODYS}")).status_code

        assert [await asked(crm) for _ in range(3)] == [404, 404, 429]
        assert (await crm.gets(f"/complaints/{NOBODYS}")).headers["retry-after"] == "30"
        async with calling(house, name="web") as web:
            assert await asked(web) == 404
        clock[0] = 30.0
        assert [await asked(crm) for _ in range(2)] == [404, 429]


def test_the_document_is_openapi_and_says_what_the_published_schemas_say() -> None:
    OpenAPIV31SpecValidator(document()).validate()
    known = document()["components"]["schemas"]
    published = schemas()["start.complaint-received.json"]["properties"].keys()
    assert known["ComplaintReceived"]["properties"].keys() == published - {"policy", "clock_offset"}
    for name in ("assigned", "resolved", "called"):
        assert known[name.capitalize()]["properties"].keys() == schemas()[f"signal.{name}.json"]["properties"].keys()


@pytest.mark.parametrize("language", ["es", "en"])
async def test_the_page_of_the_api_shows_every_operation_without_a_script(house: House, language: Language) -> None:
    async with house.visitor() as somebody:
        page = await somebody.client.get("/api/docs", headers={"accept-language": language})
        assert page.status_code == 200
        assert f'<html lang="{language}">' in page.text
        for one in OPERATIONS:
            assert catalogue(language).say(one.title) in unescape(page.text)
            assert f"/api{one.path}" in page.text
        assert "<script>" not in page.text
        assert (await somebody.reads("/api/openapi.json")).json() == document()


async def test_a_program_finds_by_what_was_written_if_it_may(house: House) -> None:
    number = await house.opens(
        email="jorge@correo.example", name="Jorge Huamán", subject="Certificado mal escrito",
        description="Salió JORJE en el curso de AutoCAD.",
    )  # fmt: skip
    async with calling(house, Scope.FIND) as crm:
        answer = await crm.gets("/find?text=certficado+autocad")
        assert answer.status_code == 200, answer.text
        [found] = [one for one in answer.json() if one["number"] == number]
        assert found["way"] == "near", "a letter is missing"
        assert found["about"] == "Certificado mal escrito"
        assert "AutoCAD" in found["snippet"]
        assert (await crm.gets("/find?text=zzzzzz")).json() == []
        for wrong in ("", "?text=", "?text=x&limit=0", "?text=x&limit=101", f"?text={'x' * 201}"):
            refused = await crm.gets(f"/find{wrong}")
            assert (refused.status_code, refused.json()["type"]) == (422, "/api/docs#problem-invalid"), wrong
