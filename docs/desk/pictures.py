"""Pictures of the desk as people see it: a school with some weeks of complaints, on a real server and a real Postgres.

uv run --with pillow python docs/desk/pictures.py [--only board] [--to docs/desk]

Not part of the product and not run in CI: after a meant change of a page, run it and look.
"""

import argparse
import asyncio
import shutil
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from PIL import Image
from playwright.async_api import Browser, Page, async_playwright
from pydantic import SecretStr

sys.path.insert(0, str(Path(__file__).parents[2]))

import worker
from benchmarks.stage import Stage, stage
from complaints.contacts_file import ContactsFile
from complaints.mail.links import Link, page_address
from complaints.passwords import Passwords
from complaints.policy_file import load_policy
from complaints.records.staff import Role
from complaints.records.store import Store
from complaints.rules.case import Case
from complaints.rules.facts import UPDATES
from complaints.rules.journal import RecordBatch
from complaints.rules.letters import LetterOutcome, LetterState
from complaints.rules.notices import lanes, letter_ended, next_letter
from complaints.rules.number import complaint_number
from complaints.rules.policy import Policy, rules_in_force
from complaints.rules.received import ComplaintReceived
from complaints.rules.report.review import Month
from complaints.rules.report.review_record import NewFinding, Signed
from complaints.rules.status import record_of
from complaints.settings import Settings
from desk.app import application
from desk.app_state import AppState
from starter.front_desk import FrontDesk, utc_now
from starter.intake import taken_in
from tests.plugins_browser import on_a_port

HERE = Path(__file__).parent
KEY = "of-a-school-that-lives-for-a-minute"
PASSWORD = "cuatro gatos en el techo 7"  # noqa: S105 - of a school that lives for a minute
MAILBOX = "soporte@escuela.example"
QUARANTINED = (
    "From: Marta Ruiz <marta@empresa.example>\nTo: soporte@escuela.example\nMessage-ID: <q1@empresa.example>\n"
    "Auto-Submitted: auto-replied\nSubject: Fuera de la oficina\n\nVuelvo el lunes. Gracias.\n",
    "From: Ofertas <news@tienda.example>\nTo: soporte@escuela.example\nMessage-ID: <q2@tienda.example>\n"
    "List-Unsubscribe: <https://tienda.example/baja>\nPrecedence: bulk\nSubject: 40 % en impresoras\n\nSolo hoy.\n",
)

DESKTOP, PHONE = 1280, 380
COLOURS = 64

ANA, JORGE = "Ana Torres", "Jorge Ramos"


@dataclass(frozen=True)
class Scene:
    """A complaint of so many days ago, and what staff and customer did: (days after receipt, request, its fields)."""

    days_ago: float
    customer: str
    words: str
    acts: tuple[tuple[float, str, dict[str, Any]], ...] = ()
    channel: str = "email"
    product: str = "Curso de BIM"
    email: bool = True


def _assigned(category: str, department: str = "academic", *, by: str = ANA) -> tuple[Any, ...]:
    return (
        (0.2, "assess", {"category": category, "severity": "media", "by": by}),
        (0.9, "assign", {"department": department, "representative": JORGE, "by": by}),
    )


REVIEWED = 33
"""The month whose review is shown is that of so many days ago."""

SCENES = (
    Scene(9, "Rosa Quispe Huamán", "El curso de BIM tuvo 18 de las 24 horas prometidas. Pido que dicten el resto.",
          (*_assigned("horas del curso"),
           (2, "add_note", {"text": "El docente estuvo de licencia dos semanas.", "by": JORGE}),
           (3, "involve", {"whom": "systems", "question": "¿Qué sesiones quedaron grabadas?", "by": JORGE}),
           (4, "promise_date", {"date": "+12", "by": JORGE}))),
    Scene(0.1, "Luis Rojas Vega", "Pagué dos veces la misma cuota y nadie me contesta.", product="Pensión de marzo"),
    Scene(0.6, "Carmen Díaz Salas", "La plataforma no me deja entrar desde el lunes.", channel="phone",
          product="Aula virtual"),
    Scene(1.4, "Pedro Núñez Flores", "El certificado llegó con otro apellido.", product="Certificado de Revit"),
    Scene(2.2, "Inés Vega Rojas", "El profesor faltó tres veces y no avisan.", (_assigned("docencia")[0],)),
    Scene(3.1, "Raúl Huamán Díaz", "Me cobraron la matrícula y el curso no se abrió.", _assigned("cobros", "finance")),
    Scene(4.3, "Lucía Salas Quispe", "Los materiales del taller no llegaron.", _assigned("materiales")),
    Scene(5.2, "Jorge Flores Núñez", "La clase se corta todo el tiempo.", _assigned("plataforma", "systems"),
          product="Aula virtual"),
    Scene(6.4, "María Elena Paredes", "El horario cambió sin aviso y trabajo a esa hora.",
          (*_assigned("horarios"), (3, "request_details", {"question": "¿Qué turno eligió?", "by": JORGE}))),
    Scene(7.2, "Óscar Medina Ríos", "No me devuelven el depósito del carné.",
          (*_assigned("cobros", "finance"),
           (3, "resolve", {"text": "Le devolvimos S/ 45 el martes por transferencia.", "outcome": "upheld", "by": JORGE,
                           "cause": "La orden de pago no salió", "corrective_actions": ["Revisar pagos cada lunes"]}))),
    Scene(12, "Beatriz Campos León", "El curso terminó y no hay notas.",
          (*_assigned("notas"),
           (5, "resolve", {"text": "Las notas ya están publicadas.", "outcome": "partly", "by": JORGE,
                           "cause": "Carga tardía"}),
           (6, "dispute", {"reason": "Falta la nota del trabajo final.", "by": "customer", "via": "link"}))),
    Scene(15, "Hugo Cárdenas Soto", "Atendieron mal a mi mamá en la oficina.", _assigned("trato"), channel="phone",
          email=False),
    Scene(11, "Nélida Espinoza Cruz", "El enlace de pago no funciona.",
          (*_assigned("plataforma", "systems"),
           (2, "resolve", {"text": "Corregimos el enlace y lo probamos con usted.", "outcome": "upheld", "by": JORGE}),
           (3, "confirm_satisfied", {"words": "Ya pude pagar, gracias.", "by": "customer", "via": "link"}))),
    *(
        Scene(REVIEWED + 4 + days, who, words,
              (*_assigned(about, department),
               (days, "resolve", {"text": "Lo corregimos y se lo explicamos.", "outcome": "upheld", "by": JORGE,
                                  "cause": "Nadie tenía el encargo"}),
               (days + 1, "confirm_satisfied", {"by": "customer", "via": "link"})))
        for days, who, words, about, department in (
            (1, "Rocío Salcedo Vera", "Nadie abrió el aula a las ocho.", "horarios", "academic"),
            (3, "Iván Loayza Ruiz", "El recibo salió con otro nombre.", "cobros", "finance"),
            (11, "Delia Tapia Gómez", "El certificado no llega.", "certificado", "academic"),
        )
    ),
)  # fmt: skip


def lived(scene: Scene, index: int, policy: Policy) -> Case:
    """The case as weeks of work have left it: facts at their times, the clocks struck, letters delivered in minutes."""
    now = datetime.now(UTC)
    at = now - timedelta(days=scene.days_ago)
    customer = {"name": scene.customer, "document": f"{45_000_100 + index}", "phone": f"98765{4300 + index}"}
    if scene.email:
        customer["email"] = f"cliente{index}@correo.example"
    received = ComplaintReceived.model_validate(
        {
            "source_key": f"pictures/{index}",
            "channel": scene.channel,
            "received_at": at,
            "customer": customer,
            "problem": {"description": scene.words, "occurred_on": (at - timedelta(days=3)).date().isoformat()},
            "product": scene.product,
            "by": ANA if scene.channel == "phone" else None,
        }
    )
    rules = rules_in_force(policy, at.date())
    case = Case.opened(received, number=complaint_number(f"pictures/{index}"), rules=rules, now=at)
    acts = [(at + timedelta(days=days), request, fields) for days, request, fields in scene.acts]
    while at < now:
        case.settle(at)
        while acts and acts[0][0] <= at:
            _act(case, at, *acts.pop(0)[1:])
        _deliver(case)
        at += timedelta(minutes=30)
    return case


def _act(case: Case, at: datetime, request: str, fields: dict[str, Any]) -> None:
    given = {"via": "desk", **fields, "at": at}
    if str(given.get("date", "")).startswith("+"):
        given["date"] = (case.received_at + timedelta(days=float(given["date"]))).date().isoformat()
    case.apply(UPDATES[request].model_validate(given), now=at)


def _deliver(case: Case) -> None:
    for recipient in lanes(case):
        while notice := next_letter(case, recipient):
            letter_ended(case, notice.key, LetterOutcome(state=LetterState.SENT))


async def tell(desk: FrontDesk, store: Store, scene: Scene, index: int, policy: Policy) -> str:
    """The case's number: its records are kept, and a run goes on from them."""
    case = lived(scene, index, policy)
    await store.write(RecordBatch(record=record_of(case), rows=tuple(case.rows), calls=tuple(case.calls)))
    if not case.ended:
        await desk.restart_lost(case.number)
    return case.number


@dataclass(frozen=True)
class School:
    """The school of the pictures, and its numbers by customer."""

    at: Stage
    store: Store
    office: AppState
    address: str
    numbers: dict[str, str]


@asynccontextmanager
async def school() -> AsyncIterator[School]:
    """Everything of it, up, with a worker."""
    async with stage(durable=False) as at:
        settings = Settings.from_env({"DATABASE_URL": at.dsn}).model_copy(
            update={"smtp": at.sink.smtp, "secret_key": SecretStr(KEY), "public_url": "https://quejas.example"}
        )
        store, policy, contacts = await Store.connect(at.dsn), load_policy(None), ContactsFile(None)
        desk = FrontDesk(at.client, store, now=utc_now, policy=lambda: policy, contacts=contacts)
        office = AppState(
            front_desk=desk, store=store, contacts=contacts.now, policy_now=lambda: policy, settings=settings
        )
        try:
            async with worker.working(at.client, settings, store=store), on_a_port(application(office)) as address:
                for account, name, role in (
                    ("ana", ANA, Role.MANAGER),
                    ("jorge", JORGE, Role.AGENT),
                    ("rut", "Rut Salas", Role.ADMIN),
                ):
                    hashed = await Passwords().hashed(PASSWORD)
                    await store.add_staff(account, name=name, role=role, password_hash=hashed)
                    await store.set_password(account, hashed, temporary=False)
                told = enumerate(SCENES)
                numbers = {scene.customer: await tell(desk, store, scene, index, policy) for index, scene in told}
                await _everything_is_written(desk, numbers)
                await _review(store)
                for mail in QUARANTINED:
                    await taken_in(
                        desk, mail.encode(), mailbox="soporte@escuela.example", received_at=datetime.now(UTC)
                    )
                yield School(at, store, office, address, numbers)
        finally:
            await store.close()


async def _everything_is_written(desk: FrontDesk, numbers: dict[str, str]) -> None:
    async with asyncio.timeout(60):
        for number in numbers.values():
            while True:
                status = (await desk.status(number)).value
                if not status.letters_waiting and not status.unwritten_rows:
                    break
                await asyncio.sleep(0.1)


async def _review(store: Store) -> None:
    month = Month.named(f"{datetime.now(UTC) - timedelta(days=REVIEWED):%Y-%m}", timezone="America/Lima")
    await store.open_review(month, at=datetime.now(UTC))
    record = await store.review(month.name)
    assert record is not None
    assert record.cases
    ana = Signed(by=ANA, via="desk", at=datetime.now(UTC))
    await store.tick(month.name, [record.cases[0].number], ana)
    words = "Cuando la jefatura está de vacaciones nadie recibe lo que se le asigna."
    await store.note(month.name, NewFinding(words=words, number=record.cases[-1].number), ana, event_id="finding")


async def picture(page: Page, path: Path, *, whole: bool = True) -> None:
    """The page as it is; nobody should have to scroll sideways."""
    wide, width = await page.evaluate("[document.documentElement.scrollWidth, innerWidth]")
    if wide > width:
        raise SystemExit(f"{page.url} is {wide} px wide on a screen of {width}")
    if whole:  # a screen as high as the page: bars at the bottom of a telephone are at the bottom of the picture
        high = max(820, await page.evaluate("document.documentElement.scrollHeight"))
        await page.set_viewport_size({"width": width, "height": high})
    await page.screenshot(path=path)
    await page.set_viewport_size({"width": width, "height": 820})
    Image.open(path).quantize(COLOURS).save(path, optimize=True)
    print(path.name)


async def signed_in(browser: Browser, address: str, account: str, *, width: int) -> Page:
    """A page of somebody who works there."""
    context = await browser.new_context(
        viewport={"width": width, "height": 820}, locale="es-PE", timezone_id="America/Lima"
    )
    page = await context.new_page()
    await page.goto(f"{address}/sign-in")
    await page.fill("[name=account]", account)
    await page.fill("[name=password]", PASSWORD)
    await page.keyboard.press("Enter")
    await page.wait_for_selector("#board")
    return page


async def take(given: argparse.Namespace) -> None:
    """Every picture, or those whose name begins as asked."""
    chromium = shutil.which("chromium") or shutil.which("google-chrome")
    async with school() as there, async_playwright() as playwright:
        browser = await playwright.chromium.launch(executable_path=chromium, args=["--no-sandbox", "--disable-gpu"])
        rosa = there.numbers["Rosa Quispe Huamán"]
        pages = {
            "board": "/",
            "list": "/list",
            "case": f"/cases/{rosa}",
            "new": "/new",
            "find": "/find?q=certficado",
            "closed": "/list?closed=all",
            "calls": "/calls",
            "quarantine": "/quarantine",
            "report": f"/reports?month={datetime.now(UTC):%Y-%m}",
            "review": f"/reviews/{datetime.now(UTC) - timedelta(days=REVIEWED):%Y-%m}",
        }
        for width, name in ((DESKTOP, "desktop"), (PHONE, "phone")):
            page = await signed_in(browser, there.address, "ana", width=width)
            for what, path in pages.items():
                if what.startswith(given.only):
                    await page.goto(there.address + path)
                    await picture(page, given.to / f"{what}.{name}.png", whole=width == PHONE or what != "board")
        context = await browser.new_context(viewport={"width": PHONE, "height": 820}, locale="es-PE")
        for what, customer in (
            ("customer-investigation", "Rosa Quispe Huamán"),
            ("customer-answer", "Óscar Medina Ríos"),
        ):
            if what.startswith(given.only):
                page = await context.new_page()
                link = Link(there.numbers[customer], datetime.now(UTC).date() + timedelta(days=60))
                await page.goto(page_address(there.address, link, keys=[KEY.encode()]))
                await picture(page, given.to / f"{what}.phone.png")
        await browser.close()


def main() -> None:
    """The command."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--only", default="", help="pictures whose name begins so")
    parser.add_argument("--to", type=Path, default=HERE)
    asyncio.run(take(parser.parse_args()))


if __name__ == "__main__":
    main()
