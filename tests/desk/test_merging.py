"""Merging at the desk and over the API (F1): whose two complaints are, who may decide, what each customer reads."""

import re
from datetime import timedelta
from urllib.parse import quote

import pytest

from complaints.records.programs import Scope
from complaints.records.staff import Role
from complaints.rules.facts import Merged, Separated, Whose
from tests.api_caller import calling
from tests.customer_house import ARRIVED, customers_house, links_in
from tests.desk_house import House, a_mail, house_of, said
from tests.story import Story
from tests.waiting import until

LUIS = {"name": "Luis Paredes", "document": "40112233", "email": "luis@correo.example"}
ROSA = {"name": "Rosa Quispe", "document": "45678912", "email": "rosa@correo.example"}
HIS, HERS = "Pagué dos veces la matrícula de Revit.", "La matrícula se cobró dos veces."


@pytest.fixture
async def house(story: Story) -> House:
    house = house_of(story)
    await house.employs("ana")
    await house.employs("luisa", Role.MANAGER)
    return house


async def two_people(house: House) -> tuple[str, str]:
    return await house.opens(description=HIS, **LUIS), await house.opens(description=HERS, **ROSA)


async def test_an_agent_cannot_merge_two_customers_by_a_typed_number(house: House) -> None:
    his, hers = await two_people(house)
    async with house.signed_in("ana") as ana:
        page, action = f"/cases/{his}", f"/cases/{his}/acts/merge"
        answer = await ana.sends(page, action, into=hers)
        assert answer.status_code == 409
        assert "decide un gerente" in said(answer)
        forged = await ana.sends(page, action, into=hers, whose="other")
        assert forged.status_code == 409
        assert (await ana.reads(f"/cases/{his}/merge?into={hers}")).status_code == 403
    status = (await house.office.front_desk.status(his)).value
    assert (status.outcome, status.goes_with) == (None, None)


async def test_a_mistyped_number_is_told_at_once(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    """To wait for the records is for a complaint that runs, and that they are about to hear of."""
    monkeypatch.setattr("starter.merging.RECORDED_WITHIN", timedelta(days=1))
    his = await house.opens(description=HIS, **LUIS)
    async with house.signed_in("luisa") as luisa:
        for nobodys in ("Q-AAAA-AAAAA", "", "no hay"):
            assert (await luisa.reads(f"/cases/{his}/merge?into={quote(nobodys)}")).status_code == 404, nobodys


async def test_a_manager_sees_both_people_and_what_each_will_be_told_before_they_go_together(house: House) -> None:
    his, hers = await two_people(house)
    async with house.signed_in("luisa") as luisa:
        answer = await luisa.sends(f"/cases/{his}", f"/cases/{his}/acts/merge", into=hers)
        assert answer.status_code == 303
        side_by_side = answer.headers["location"]
        page = await luisa.reads(side_by_side)
        for words in (LUIS["name"], ROSA["name"], HIS, HERS, f"Veremos su queja {his}", f"Veremos su queja {hers}"):
            assert words in page.text, words
        unticked = await luisa.sends(side_by_side, f"/cases/{his}/merge")
        assert unticked.status_code == 409
        done = await luisa.sends(side_by_side, f"/cases/{his}/merge", sure="yes")
        assert done.status_code == 303, done.text
        await house.has_written(hers, "merged")
        hers_page = (await luisa.reads(f"/cases/{hers}")).text
        assert HIS in hers_page, "staff read both"
        assert f"/cases/{his}/acts/separate" in hers_page
        assert "También para los clientes que van junto" in hers_page

        apart = await luisa.sends(f"/cases/{hers}", f"/cases/{his}/acts/separate")
        assert apart.status_code == 303, apart.text
    await house.has_written(hers, "separated")
    assert (await house.office.front_desk.status(hers)).value.absorbed == ()


async def test_the_same_customers_open_cases_are_offered_and_files_and_words_come_along(house: House) -> None:
    mail = a_mail(HERS, sender=f"Rosa Quispe <{ROSA['email']}>")
    mail.add_attachment(b"%PDF-1.4 recibo", maintype="application", subtype="pdf", filename="recibo.pdf")
    second = (await house.takes_in(mail, hours_ago=2)).number
    await house.has_written(second, "received")
    first = await house.opens(description="Otra vez lo mismo.", **ROSA)
    async with house.signed_in("ana") as ana:
        page = f"/cases/{first}"
        answer = await ana.sends(page, f"/cases/{first}/acts/merge", into=second)
        assert answer.status_code == 303, answer.text
        await house.has_written(second, "merged")
        shown = (await ana.reads(f"/cases/{second}")).text
        assert "Otra vez lo mismo." in shown
        assert "Unida a esta: del mismo cliente" in shown
        back = await ana.sends(f"/cases/{second}", f"/cases/{first}/acts/separate", reason="Son dos asuntos.")
        assert back.status_code == 303, back.text
        await house.has_written(first, "separated")
        assert "Otra vez lo mismo." not in re.sub(r"(?s)<div class=\"hint same\">.*?</div>", "", (
            await ana.reads(f"/cases/{second}")).text)  # fmt: skip
    assert (await house.office.front_desk.status(first)).value.outcome is None


async def test_the_api_takes_the_scope_to_decide_for_two_customers(house: House) -> None:
    his, hers = await two_people(house)
    async with calling(house, Scope.ACTS, Scope.READ) as crm:
        refused = await crm.posts(f"/complaints/{his}/merge", {"into": hers, "whose": "other"}, key="m1")
        assert refused.status_code == 409
        as_same = await crm.posts(f"/complaints/{his}/merge", {"into": hers, "whose": "same"}, key="m2")
        assert as_same.status_code == 409
    async with calling(house, Scope.ACTS, Scope.READ, Scope.DECIDE, name="manager") as crm:
        granted = await crm.posts(f"/complaints/{his}/merge", {"into": hers, "whose": "other"}, key="m3")
        assert granted.json()["goes_with"] == hers, granted.text
        await house.has_written(hers, "merged")
        timeline = await crm.gets(f"/complaints/{hers}/timeline")
        assert HIS not in timeline.text
        assert (await crm.gets(f"/complaints/{hers}")).json()["joined"] == [his]
        apart = await crm.posts(f"/complaints/{his}/separate", {"reason": "Son dos asuntos."}, key="s1")
        assert apart.json()["goes_with"] is None


async def test_what_he_writes_stays_his_while_they_go_together(house: House) -> None:
    his, hers = await two_people(house)
    await house.office.front_desk.ask(his, "merge", Merged(into=hers, whose=Whose.OTHER))
    await house.has_written(hers, "merged")
    await until(lambda: house.story.sink.to(LUIS["email"]))
    mail = a_mail("¿Y mi dinero, S/ 480?", subject=f"Re: [{his}]", sender=f"Luis Paredes <{LUIS['email']}>")
    assert (await house.takes_in(mail, hours_ago=0)).number == his
    await house.has_written(his, "message-received")
    assert "S/ 480" not in str((await house.office.front_desk.timeline(hers)).value)
    async with house.signed_in("ana") as ana:  # nor does a colleague tell her of him by a slip
        page = f"/cases/{hers}"
        slip = await ana.sends(page, f"{page}/acts/reply", text="A usted y a luis paredes se les devuelve.")
        assert slip.status_code == 409, slip.text
        assert "nombra a otro cliente (luis paredes)" in said(slip)
        assert (await ana.sends(page, f"{page}/acts/reply", text="A usted se le devuelve.")).status_code == 303


# -- the links of those who were merged (M) ---------------------------------------------------------------------------


async def test_the_link_of_each_opens_their_own_page_joined_separated_and_after_the_others_address_was_corrected(
    story: Story,
) -> None:
    house = await customers_house(story)
    await story.complaint_arrives(ARRIVED)
    luis = story.another()
    await luis.complaint_arrives(ARRIVED, customer=LUIS, problem={"description": HIS})
    await luis.all_is_told()
    await luis.asks("merge", into=story.number, whose="other", by="Luisa")
    await story.comes_true(lambda status: bool(status.joined))
    for each in (story, luis):
        await each.all_is_told()
    [his] = links_in(await luis.text("joined", to=LUIS["email"]))
    [hers] = links_in(await story.text("joined"))
    await story.asks("receive_details", email="rosa.quispe@correo.example", by="ana")
    await house.has_written(story.number, "details-received")
    async with house.visitor() as visitor:
        assert (await visitor.reads(hers)).status_code == 410
        page = await visitor.reads(his)
        assert page.status_code == 200, "his link is his, whatever becomes of hers"
        assert HIS in page.text
        assert "junto con otra" in page.text
        for hers_alone in (story.number, "Rosa", "horas prometidas"):
            assert hers_alone not in page.text
    await luis.asks("separate", by="Luisa")
    await luis.all_is_told()
    async with house.visitor() as visitor:
        assert (await visitor.reads(his)).status_code == 200


async def test_what_one_person_wrote_in_two_complaints_stands_on_the_page_that_goes_on_until_they_are_separated(
    story: Story,
) -> None:
    house = await customers_house(story)
    await story.complaint_arrives(ARRIVED)
    first = story.another()
    await first.complaint_arrives(ARRIVED, problem={"description": "Y la matrícula se cobró dos veces."})
    await first.all_is_told()
    [link] = links_in(await first.text("acknowledgement"))
    [goes_on] = links_in(await story.text("acknowledgement"))
    await house.office.front_desk.merge(first.number, story.number)
    await house.has_written(first.number, "merged")
    await house.has_written(story.number, "merged")
    async with house.visitor() as rosa:
        page = (await rosa.reads(goes_on)).text
        assert f"{first.number}: Y la matrícula se cobró dos veces." in page
        assert "responda a cualquiera de nuestros correos" in (await rosa.reads(link)).text, "where words go from here"
        await house.office.front_desk.separate(first.number, Separated(by="ana"))
        await house.has_written(story.number, "separated")
        assert "matrícula" not in (await rosa.reads(goes_on)).text
        own = await rosa.reads(link)
        assert own.status_code == 200
        assert "Y la matrícula se cobró dos veces." in own.text


async def test_what_was_written_from_another_mailbox_stands_on_no_page_but_its_own(story: Story) -> None:
    """One document and one name: one person's. Yet whoever reads the one mailbox need not be who reads the other."""
    house = await customers_house(story)
    await story.complaint_arrives(ARRIVED)
    first = story.another()
    record = {"name": "Rosa Quispe", "document": "45678912", "email": "de.rosa@otro.example"}
    await story.asks("receive_details", document="45678912", by="ana")
    await first.complaint_arrives(ARRIVED, customer=record, problem={"description": "El martes lloré en el baño."})
    await story.all_is_told()
    await house.has_written(story.number, "details-received")
    [goes_on] = links_in(await story.text("acknowledgement"))
    await house.office.front_desk.merge(first.number, story.number)
    await house.has_written(story.number, "merged")
    await story.says("message-received", text="Y el jueves también.", of=first.number, by="customer", via="reply")
    await house.has_written(story.number, "message-received")
    async with house.visitor() as visitor:
        page = (await visitor.reads(goes_on)).text
        assert "Unimos a esta" in page or "unimos" in page.lower()
        for words in ("lloré", "jueves", first.number):
            assert words not in page, words


async def test_a_guardians_two_students_are_two_people(house: House) -> None:
    mother = {"email": "madre@correo.example", "phone": "987 654 321"}
    one = await house.opens(description=HIS, name="Ana Ríos", document="71112233", **mother)
    other = await house.opens(description=HERS, name="Beto Ríos", document="71112244", **mother)
    async with house.signed_in("ana") as ana:
        page = await ana.reads(f"/cases/{one}")
        assert "Quizá sobre lo mismo, pero de otro cliente" in page.text
        answer = await ana.sends(f"/cases/{one}", f"/cases/{one}/acts/merge", into=other)
        assert answer.status_code == 409
