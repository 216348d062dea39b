"""Twelve typical lives of a complaint, each told to its end: for runs without a cache, continued runs, and replay."""

from collections.abc import Awaitable, Callable

from temporalio.common import WorkflowIDReusePolicy

from complaints.policy_file import changed
from complaints.rules.facts import CustomerDissatisfied, Via
from complaints.rules.policy import Policy, rules_in_force
from complaints.rules.requests import Carried
from complaints.rules.retelling import told_again
from tests.story import Story, lima
from workflows import names

RESOLUTION = {"text": "Se dictarán las horas que faltan.", "by": "Jorge Ramos", "outcome": "upheld"}


async def smooth(story: Story) -> None:
    """Every step in time."""
    await story.complaint_arrives("2026-07-22 09:00")
    await story.asks("assess", by="Ana Flores", category="docencia")
    await story.until("2026-07-24 10:00")
    await story.asks("assign", department="academic", by="Ana Flores")
    await story.asks("involve", whom="systems", question="¿Cuántas horas se dictaron?")
    await story.asks("promise_date", date="2026-07-30")
    await story.until("2026-07-30 10:00")
    await story.asks("resolve", corrective_actions=["Revisar el horario"], **RESOLUTION)
    await story.all_is_told()
    await story.asks("give_feedback", text="Amables.", by="customer")
    await story.asks("confirm_satisfied", by="customer", via="reply")
    assert await story.outcome() == "satisfied"


async def silent_staff(story: Story) -> None:
    """Nobody does anything until the director has it and the law is broken."""
    await story.complaint_arrives("2026-07-22 09:00", customer={"document": None})
    await story.until("2026-08-19 12:00")
    await story.asks("resolve", **RESOLUTION)
    await story.says("customer-satisfied")
    assert await story.outcome() == "satisfied"
    assert (await story.handle.result()).level == 2


async def disputed_twice(story: Story) -> None:
    """Two answers that do not satisfy; then a decision."""
    await story.complaint_arrives("2026-07-22 09:00")
    await story.asks("assign", department="academic", representative="Jorge Ramos")
    for answer in ("No corresponde.", "Se dictará una hora."):
        await story.passes(days=2)
        await story.asks("resolve", text=answer, outcome="partly")
        await story.all_is_told()
        await story.passes(days=1)
        await story.asks("dispute", reason="No es suficiente.", by="customer", via="link")
    await story.passes(days=4)
    await story.asks("close_by_decision", reason="Se devolvió el pago entero.", by="Director General")
    assert await story.outcome() == "decision"


async def missing_details(story: Story) -> None:
    """The windows wait for the customer, five days at most."""
    await story.complaint_arrives("2026-07-22 09:00", customer={"document": None}, problem={"occurred_on": None})
    await story.until("2026-07-24 10:00")
    await story.asks("request_details", question="¿En qué aula?")
    await story.until("2026-08-06 10:00")
    await story.asks("receive_details", document="45678912", occurred_on="2026-07-01", by="customer")
    await story.asks("assign", department="academic")
    await story.asks("resolve", **RESOLUTION)
    await story.all_is_told()
    await story.until("2026-08-10 10:00")
    await story.says("customer-satisfied")
    assert await story.outcome() == "satisfied"


async def by_telephone(story: Story) -> None:
    """A customer without an email: calls, attempts, a call that nobody made in time."""
    await story.complaint_arrives("2026-07-22 10:30", channel="phone", customer={"email": None}, by="Ana Flores")
    await story.asks("assign", department="academic", representative="Ana Flores")
    await story.until("2026-07-28 12:00")
    await story.asks("record_call", reached=False, by="Ana Flores")
    await story.asks("record_call", reached=True, by="Ana Flores", notes="Lo espera.")
    await story.asks("resolve", text="Se devuelve el pago.", by="Ana Flores", told_in_call=True)
    await story.until("2026-08-15 10:00")
    await story.asks("confirm_satisfied", by="customer", via="call")
    assert await story.outcome() == "satisfied"


async def withdrawn(story: Story) -> None:
    """A dead address, a call, and the customer takes it back."""
    story.sink.refuses["rosa@correo.example"] = "554 5.1.1 No such mailbox"
    await story.complaint_arrives("2026-12-23 09:00")
    await story.comes_true(lambda status: status.call is not None)
    await story.until("2026-12-28 12:00")
    await story.asks("record_call", reached=True, by="Ana Flores", notes="Ya no quiere seguir.")
    await story.asks("withdraw", reason="Ya no quiere seguir.")
    assert await story.outcome() == "withdrawn"


async def out_of_order(story: Story) -> None:
    """Bare signals in the wrong order, strangers' signals, and a cancel request."""
    await story.complaint_arrives("2026-07-22 09:00", opened=False)
    await story.says("customer-satisfied")
    await story.handle.signal("assigned", args=["junk", 1, 2])
    await story.says("nobody-knows-this")
    await story.is_opened()
    await story.handle.cancel()
    await story.says("noted", text="Llamó la madre.", event_id="n-1")
    await story.until("2026-07-26 10:00")
    await story.says("noted", text="Llamó la madre.", event_id="n-1")
    await story.says("resolved")
    assert await story.outcome() == "satisfied"


async def reopened(story: Story) -> None:
    """Closed, disputed three weeks later, and closed by silence under the same number."""
    policy = {"confirmation": {"silence_closes_after": 3}}
    await story.complaint_arrives("2026-07-22 09:00", policy=policy)
    await story.asks("resolve", **RESOLUTION)
    await story.says("customer-satisfied")
    assert await story.outcome() == "satisfied"
    at = "2026-08-12 10:00"
    case = told_again(story.number, await story.store.journal(story.number))
    dispute = CustomerDissatisfied(reason="No se dictaron.", by="customer", via=Via.REPLY, at=lima(at))
    await story.client.start_workflow(
        names.COMPLAINT,
        Carried(carried=case, clock_offset=story.offset_for(at), reopening=dispute),
        id=story.number,
        task_queue=story.settings.task_queue,
        id_reuse_policy=WorkflowIDReusePolicy.ALLOW_DUPLICATE,
    )
    await story.is_opened()
    await story.until("2026-08-14 10:00")
    await story.asks("resolve", **RESOLUTION)
    await story.all_is_told()
    await story.until("2026-08-19 18:01")
    assert await story.outcome() == "silence"


async def rules_changed(story: Story) -> None:
    """A day is suddenly closed; later the days before an escalation are more."""
    await story.complaint_arrives("2026-07-22 09:00")
    received = lima("2026-07-22 09:00").date()
    for at, policy in (
        ("2026-07-23 10:00", {"calendar.extra_closed_days": ["2026-07-24"]}),
        ("2026-08-03 10:00", {"version": "seven", "escalation.after": 7}),
    ):
        await story.until(at)
        rules = rules_in_force(changed(Policy(), policy), received)
        await story.asks("change_rules", rules=rules.model_dump(mode="json"), by="Gerente", reason="Acordado")
    await story.until("2026-08-05 10:00")
    await story.asks("resolve", **RESOLUTION)
    await story.says("customer-satisfied")
    assert await story.outcome() == "satisfied"
    assert (await story.handle.result()).level == 0


async def merged(story: Story) -> None:
    """Ended as part of another by a bare signal, as programs sent it before a merger said whose the two are."""
    other = await _another_that_stays_open(story)
    await story.complaint_arrives("2026-07-24 09:00")
    await story.says("merged", into=other.number, by="Ana Flores")
    assert await story.outcome() == "merged"


async def absorbing(story: Story) -> None:
    """Goes on for an earlier complaint, whose clocks count from then on."""
    other = story.another()
    await other.complaint_arrives("2026-07-22 09:00")
    await story.complaint_arrives("2026-07-24 09:00")
    await other.says("merged", into=story.number, by="Ana Flores")
    assert await other.outcome() == "merged"
    await story.comes_true(lambda status: status.received_at == lima("2026-07-22 09:00"))
    await story.until("2026-07-28 10:00")
    await story.asks("resolve", **RESOLUTION)
    await story.says("customer-satisfied")
    assert await story.outcome() == "satisfied"


async def _another_that_stays_open(story: Story) -> Story:
    other = story.another()
    other.number = f"{story.number}-other"
    await other.complaint_arrives("2026-07-22 09:00")
    return other


async def mail_away(story: Story) -> None:
    """The mail server is away as the complaint comes: its letters wait in activities of their own, and go in order."""
    await story.sink.go_away()
    await story.complaint_arrives("2026-07-22 09:00")
    await story.asks("assign", department="academic", by="Ana Flores")
    await story.asks("involve", whom="systems", question="¿Cuántas horas se dictaron?")
    await story.sink.come_back()
    await story.passes(minutes=30)
    await story.all_is_told()
    await story.asks("resolve", **RESOLUTION)
    await story.all_is_told()
    await story.asks("confirm_satisfied", by="customer", via="reply")
    assert await story.outcome() == "satisfied"


LIVES: dict[str, Callable[[Story], Awaitable[None]]] = {
    "smooth": smooth,
    "silent-staff": silent_staff,
    "disputed-twice": disputed_twice,
    "missing-details": missing_details,
    "by-telephone": by_telephone,
    "withdrawn": withdrawn,
    "out-of-order": out_of_order,
    "reopened": reopened,
    "rules-changed": rules_changed,
    "merged": merged,
    "absorbing": absorbing,
    "mail-away": mail_away,
}
