"""Pages that are cut say so (kind L): calls, quarantine, what needs somebody now."""

import pytest

from complaints.records.programs import Scope
from desk.staff import calls, finding, quarantine
from tests.api_caller import calling
from tests.chance import new_name
from tests.desk_house import House, a_mail, house_of
from tests.story import Story


@pytest.fixture
async def house(story: Story, monkeypatch: pytest.MonkeyPatch) -> House:
    for page, size in ((calls, "PAGE"), (quarantine, "MOST"), (finding, "MOST")):
        monkeypatch.setattr(page, size, 2)
    house = house_of(story)
    await house.employs("ana")
    return house


async def test_each_page_says_which_of_how_many_and_leads_on(house: House) -> None:
    family = f"Quispe{new_name()}"
    for digit in range(3):
        number = await house.opens(name=f"Rosa {family}", phone=f"98765432{digit}")
        await house.has_written(number, "call-task")
        await house.takes_in(a_mail("Out of office", subject="Respuesta automática", Auto_Submitted="auto-replied"))
    async with house.signed_in("ana") as ana:
        for path in ("/calls", "/quarantine"):
            first = (await ana.reads(path)).text
            assert "1–2 de 3" in first, path
            joined = "&amp;" if "?" in path else "?"
            assert f'href="{path}{joined}page=2" rel="next"' in first, path
            second = (await ana.reads(path + ("&" if "?" in path else "?") + "page=2")).text
            assert "3–3 de 3" in second, path
            assert 'rel="next"' not in second, path
        found = (await ana.reads(f"/find?q={family}")).text
        assert "1–2 de más de 2" in found
        assert f'href="/find?q={family}&amp;page=2" rel="next"' in found
        rest = (await ana.reads(f"/find?q={family}&page=2")).text
        assert "3–3 de 3" in rest
        assert 'rel="next"' not in rest
        assert "Volver a la primera página" in (await ana.reads(f"/find?q={family}&page=3")).text
        polled = (await ana.reads("/calls/part?poll=1&page=2")).text
        assert 'href="/calls?page=1" rel="prev"' in polled


async def test_the_api_says_where_the_next_page_of_what_was_found_is(house: House) -> None:
    family = f"Quispe{new_name()}"
    for name in ("Ana", "Beto", "Carla"):
        await house.opens(name=f"{name} {family}", email=f"{name.lower()}@correo.example")
    async with calling(house, Scope.FIND) as crm:
        first = await crm.gets(f"/find?text={family}&limit=2")
        assert first.headers["link"] == f'</api/find?text={family}&limit=2&page=2>; rel="next"'
        second = await crm.gets(f"/find?text={family}&limit=2&page=2")
        assert "link" not in second.headers
    assert len({one["number"] for page in (first, second) for one in page.json()}) == 3
