"""Files that leave the desk: who took a dossier is remembered on the case."""

from complaints.records.staff import Role
from tests.desk_house import house_of
from tests.story import Story


async def test_a_dossier_is_taken_and_the_case_remembers_by_whom(story: Story) -> None:
    house = house_of(story)
    await house.employs("ana", name="Ana Torres")
    await story.complaint_arrives("2026-07-22 09:00")
    await story.all_is_told()
    async with house.signed_in("ana") as visitor:
        pdf = await visitor.reads(f"/cases/{story.number}/dossier.pdf")
        html = await visitor.reads(f"/cases/{story.number}/dossier.html")
        assert (await visitor.reads(f"/cases/{story.number}/dossier.doc")).status_code == 404
    assert pdf.content.startswith(b"%PDF-")
    assert pdf.headers["content-disposition"] == f"attachment; filename*=UTF-8''{story.number}.pdf"
    assert pdf.headers["cache-control"] == "no-store"
    assert "El curso de BIM no tuvo las horas prometidas." in html.text
    taken = [word for word in await story.store.afterwords(story.number) if word.what == "exported"]
    assert [word.by for word in taken] == ["Ana Torres", "Ana Torres"]


async def test_the_table_of_all_complaints_is_for_those_who_lead(story: Story) -> None:
    house = house_of(story)
    await house.employs("ana")
    await house.employs("rut", Role.QUALITY)
    await story.complaint_arrives("2026-07-22 09:00")
    await story.all_is_told()
    async with house.signed_in("rut") as visitor:
        table = await visitor.reads("/exports/complaints.csv?from=2026-07-22&to=2026-07-22")
        before = await visitor.reads("/exports/complaints.csv?to=2026-07-21")
        wrong = await visitor.reads("/exports/complaints.csv?from=ayer")
    assert story.number in table.text
    assert before.text.count("\n") == 1  # the head alone
    assert wrong.status_code == 400
    async with house.signed_in("ana") as visitor:
        assert (await visitor.reads("/exports/complaints.csv")).status_code == 403
