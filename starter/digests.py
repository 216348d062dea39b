"""What everybody would get by mail today: the daily digest, looked at without sending it."""

from pydantic import BaseModel, ConfigDict

from complaints.contacts_file import ContactsFile
from complaints.digest import Digest, digests_of
from complaints.mail.digest import render_digest
from complaints.records.store import Store
from complaints.rules.digest import DigestDay, digest_order
from complaints.rules.policy import rules_in_force
from complaints.words.catalogue import N_
from starter.clock import utc_now
from starter.errors import Refused
from starter.place import Place


class Preview(BaseModel):
    """One digest as it would be sent."""

    model_config = ConfigDict(frozen=True)

    key: str
    name: str
    email: str
    subject: str
    text: str
    count: int
    """How many things it names."""


async def previews(store: Store, place: Place, *, only: str | None = None) -> list[Preview]:
    """Everybody's, or one person's. Raises Refused for somebody for whom nothing waits, or whom nobody knows."""
    policy, contacts = place.policy, ContactsFile(place.settings.contacts_file).now()
    now = utc_now()
    calendar = rules_in_force(policy, place.wording.day_of(now)).calendar
    day = DigestDay.of(calendar.local_date(now), calendar, at=now)
    standing, actions = await store.standing(day), await store.actions_due(day.next_day)
    requests = await store.privacy_requests()
    found = digests_of(standing, actions, day=day, contacts=contacts, policy=policy, requests=requests)
    if only is not None:
        found = [one for one in found if _is(one, only)]
        if not found:
            raise Refused(
                N_("Nothing waits for “{only}” today: `complaints digest` shows for whom it does.", only=only),
            )
    made = []
    for one in found:
        letter = render_digest(
            digest_order(one.key, day, language=policy.language), one.person, cases=one.cases, actions=one.actions,
            contacts=contacts, timezone=policy.calendar.timezone, calendar=calendar, desk_url=place.settings.public_url,
            requests=one.requests,
        )  # fmt: skip
        made.append(
            Preview(
                key=one.key, name=one.person.name, email=one.person.email, subject=letter.subject, text=letter.text,
                count=one.count,
            )
        )  # fmt: skip
    return made


def _is(one: Digest, text: str) -> bool:
    wanted = text.strip().casefold()
    return wanted in {one.key.casefold(), one.person.name.casefold(), one.person.email.casefold()}
