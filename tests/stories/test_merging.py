"""Two complaints about the same: nothing of the one reaches the other's customer; and how they part again."""

from complaints.rules.facts import Merged, Separated, Via, Whose
from starter.front_desk import FrontDesk
from tests.story import QUIET, Story, shown
from tests.waiting import comes

LUIS = {"name": "Luis Paredes", "document": "40112233", "email": "luis@correo.example", "phone": "912 345 678"}
HIS_WORDS = "Pagué dos veces la matrícula de Revit."


async def two_people(story: Story) -> tuple[Story, Story]:
    """Luis's complaint, and Rosa's, which came later."""
    luis = story.another()
    problem = {"description": HIS_WORDS}
    await luis.complaint_arrives("2026-07-22 09:00", policy=QUIET, customer=LUIS, problem=problem)
    await story.complaint_arrives("2026-07-24 09:00", policy=QUIET)
    return luis, story


async def joined(luis: Story, rosa: Story) -> None:
    await luis.asks("merge", into=rosa.number, whose="other", by="Luis Castellanos")
    await rosa.comes_true(lambda status: status.joined == (luis.number,))


async def test_two_peoples_go_along_and_neither_reads_a_word_of_the_other(story: Story) -> None:
    luis, rosa = await two_people(story)
    await joined(luis, rosa)
    await rosa.asks("assign", department="academic", by="Ana Flores")
    await luis.comes_true(lambda status: status.stage == "investigation")
    await rosa.asks("resolve", text="Rosa, le devolvemos S/ 300.", by="Ana Flores")
    await luis.comes_true(lambda status: status.stage == "confirmation")
    await rosa.says("customer-satisfied", by="customer")
    assert await rosa.outcome() == "satisfied"
    await luis.all_is_told()

    assert await luis.is_open(), "his own answer is his"
    assert await luis.kinds(LUIS["email"]) == ["acknowledgement", "joined", "resolution-decided"]
    assert await rosa.kinds() == ["acknowledgement", "joined", "resolution", "closing"]
    for mail, of_the_other in (
        (LUIS["email"], ("Rosa", "S/ 300", rosa.number)),
        ("rosa@correo.example", ("Luis Paredes", HIS_WORDS, luis.number)),
    ):
        letters = [str(letter.get_body(("plain",))) + str(letter["Subject"]) for letter in story.sink.to(mail)]
        assert len(letters) > 2
        assert [word for word in of_the_other for letter in letters if word in letter] == []
    assert HIS_WORDS not in str(await rosa.timeline())


async def test_an_answer_that_names_nobody_goes_to_everybody(story: Story) -> None:
    luis, rosa = await two_people(story)
    await joined(luis, rosa)
    await rosa.asks("resolve", text="Se dictarán las horas que faltan.", by="Ana Flores", for_joined=True)
    await luis.comes_true(lambda status: status.resolution is not None)
    await luis.all_is_told()
    assert "Se dictarán las horas que faltan." in await luis.text("resolution", LUIS["email"])


async def test_two_people_that_were_joined_part_again(story: Story) -> None:
    luis, rosa = await two_people(story)
    await joined(luis, rosa)
    await luis.asks("separate", by="Luis Castellanos")
    await rosa.comes_true(lambda status: not status.absorbed)
    await rosa.all_is_told()
    await luis.all_is_told()
    assert (await luis.kinds(LUIS["email"]))[-1] == (await rosa.kinds())[-1] == "separated"
    await rosa.asks("resolve", text="Se dictarán las horas.", for_joined=True)
    assert (await luis.status()).stage == "assessment"


async def test_one_persons_merged_by_mistake_are_two_again_each_by_its_own_receipt(story: Story) -> None:
    """The run of the one has ended, and begins again; the one that went on loses what was not its own."""
    gone = story.another()
    await gone.complaint_arrives("2026-07-22 09:00", policy=QUIET)
    await story.complaint_arrives("2026-07-24 09:00", policy=QUIET)
    desk = FrontDesk(story.client, story.store, now=None, task_queue=story.settings.task_queue)
    await story.is_recorded()
    await desk.merge(gone.number, story.number, Merged(by="Ana Flores", via=Via.DESK))
    assert await gone.outcome() == "merged"
    status = await story.comes_true(lambda status: status.absorbed == (gone.number,))
    assert shown(status.received_at) == "2026-07-22 09:00"
    row = next(row for row in await story.timeline() if row.what == "merged")
    assert (row.by, row.data["text"], row.data["email"]) == (
        "Ana Flores", "El curso de BIM no tuvo las horas prometidas.", "rosa@correo.example"
    )  # fmt: skip
    await story.says("message-received", text="¿Y mi primera queja?", of=gone.number, by="customer", event_id="m-1")

    status = await desk.separate(gone.number, Separated(by="Ana Flores"))
    assert (status.stage, status.outcome, shown(status.received_at)) == ("assessment", None, "2026-07-22 09:00")
    own = await story.comes_true(lambda status: not status.absorbed)
    assert shown(own.received_at) == "2026-07-24 09:00"
    await _has_heard(gone, "¿Y mi primera queja?")
    assert "¿Y mi primera queja?" not in str(await story.timeline())
    assert (await gone.kinds())[-1] == "separated"
    await gone.says("resolved", text="Se devuelve el pago.")
    await gone.says("customer-satisfied")
    assert await gone.outcome() == "satisfied"


async def test_separated_after_the_other_has_ended_it_gets_its_own_back_from_the_records(story: Story) -> None:
    gone = story.another()
    await gone.complaint_arrives("2026-07-22 09:00", policy=QUIET)
    await story.complaint_arrives("2026-07-24 09:00", policy=QUIET)
    desk = FrontDesk(story.client, story.store, now=None, task_queue=story.settings.task_queue)
    await gone.asks("merge", into=story.number, whose=Whose.SAME)
    assert await gone.outcome() == "merged"
    await story.comes_true(lambda status: status.absorbed == (gone.number,))
    await story.says("message-received", text="¿Y mi primera queja?", of=gone.number, by="customer", event_id="m-2")
    await story.says("withdrawn")
    assert await story.outcome() == "withdrawn"
    await desk.separate(gone.number, Separated(by="Ana Flores", event_id="s-1"))
    await _has_heard(gone, "¿Y mi primera queja?")
    told = (await desk.timeline(story.number)).value
    assert "¿Y mi primera queja?" not in str(told)
    again = await desk.separate(gone.number, Separated(by="Ana Flores", event_id="s-1"))
    assert again.outcome is None, "repeated, it is done once"
    assert [row.what for row in await gone.timeline()].count("separated") == 1


async def _has_heard(story: Story, words: str) -> None:
    async def heard() -> bool:
        return any(row.data.get("text") == words for row in await story.timeline())

    await comes(heard, f"“{words}”")
