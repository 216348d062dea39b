"""A request about personal data whose term is nearly over stands on the board of whoever answers for the records."""

import re
from datetime import timedelta

from complaints.records.staff import Role
from complaints.rules.privacy_requests import PrivacyAnswer, PrivacyRight
from starter.privacy_requests import note_answer, note_request
from tests.desk_house import house_of
from tests.story import Story


async def test_what_is_near_or_late_is_on_the_board_until_it_is_answered(story: Story) -> None:
    house = house_of(story)
    await house.employs("luz", Role.MANAGER)
    await house.employs("ana")
    number, office = await house.opens(phone="987 654 321"), house.office
    now = office.now()

    async def asked(right: PrivacyRight, *, days_ago: int) -> str:
        at = now - timedelta(days=days_ago)
        return (await note_request(office.store, office.policy, number, right, received_at=at, now=now, by="luz")).id

    late = await asked(PrivacyRight.ERASURE, days_ago=60)
    await asked(PrivacyRight.ACCESS, days_ago=0)
    async with house.signed_in("luz") as luz, house.signed_in("ana") as ana:
        board = (await luz.reads("/")).text
        assert ("1 persona espera" in board, "supriman mis datos" in board, "acceso" in board) == (True, True, False)
        assert re.search(r"supriman mis datos.*<b>tarde \d+ días hábiles</b>", board)
        assert "Ley 29733" not in (await ana.reads("/")).text, "who handles cases has enough to read"
        assert "solicitud sobre sus datos" in (await ana.reads(f"/cases/{number}")).text
        await note_answer(office.store, late, PrivacyAnswer.GRANTED, at=now, by="luz")
        assert "Ley 29733" not in (await luz.reads("/")).text
