"""Pages that are cut say so (kind L): calls, quarantine, what needs somebody now."""

import pytest

from desk.staff import calls, quarantine
from tests.chance import new_name
from tests.desk_house import House, a_mail, house_of
from tests.story import Story


@pytest.fixture
async def house(story: Story, monkeypatch: pytest.MonkeyPatch) -> House:
    for page, size in ((calls, "PAGE"), (quarantine, "MOST")):
        monkeypatch.setattr(page, size, 2)
    house = house_of(story)
    await house.employs("ana")
    return house


async def test_each_page_says_which_of_how_many_and_leads_on(house: House) -> None:
    family = f"Quispe{new_name(6)}"
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
        polled = (await ana.reads("/calls/part?poll=1&page=2")).text
        assert 'href="/calls?page=1" rel="prev"' in polled
