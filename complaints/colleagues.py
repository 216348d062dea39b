"""Who is who today: the contacts of the file joined with the desk's accounts, and everybody who is away replaced.

Accounts are the representatives; whoever is away is followed to whoever stands in, for every post that they hold: a
post of the file is theirs where it has their address or their name.
"""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime
from zoneinfo import ZoneInfo

from complaints.contacts import Contacts, Person, Post, Substitute, name_key
from complaints.contacts_file import ContactsFile
from complaints.records.absences import Absence, Colleague, Workload
from complaints.records.store import Store
from complaints.words.catalogue import N_, Message


async def contacts_at(contacts: ContactsFile, store: Store, at: datetime, *, timezone: str) -> Contacts:
    """The contacts on the local day of `at`. Raises the records' errors."""
    return on_that_day(contacts.now(), await store.colleagues(), at.astimezone(ZoneInfo(timezone)).date())


def on_that_day(contacts: Contacts, colleagues: Sequence[Colleague], day: date) -> Contacts:
    """The same contacts, in which accounts are representatives and whoever is away that day has a substitute."""
    if not colleagues:
        return contacts
    here = _Here(contacts, colleagues, day)
    accounts = {one.account: post for one in colleagues if (post := here.post_of(one))}
    listed = {key: here.covered(post) for key, post in contacts.representatives.items() if key not in accounts}
    return contacts.model_copy(
        update={
            "people": {role: here.covered(post) for role, post in contacts.people.items()},
            "care_team": here.covered(contacts.care_team),
            "quality": here.covered(contacts.quality) if contacts.quality else None,
            "departments": {
                key: department.model_copy(update={"head": here.covered(department.head)})
                for key, department in contacts.departments.items()
            },
            "representatives": accounts | listed,
        }
    )


def named(text: str, colleagues: Iterable[Colleague]) -> Colleague | None:
    """Whom somebody means by an account, a name or an address; accents and case do not matter."""
    wanted = name_key(text)
    return next((one for one in colleagues if wanted in {name_key(name) for name in one.names}), None)


def standing_in(colleague: Colleague, colleagues: Iterable[Colleague], day: date) -> Colleague:
    """Who does that colleague's work on the day: themselves, or whoever stands in, or stands in for those.

    Where everybody in that row is away, or has left, the work stays with the last who is known.
    """
    by_account = {one.account: one for one in colleagues}
    seen = {colleague.account}
    while colleague.absence is not None and colleague.absence.covers(day):
        following = by_account.get(colleague.absence.substitute)
        if following is None or following.account in seen:
            break
        seen.add(following.account)
        colleague = following
    return colleague


def replaced_by(colleague: Colleague, colleagues: Sequence[Colleague], day: date) -> list[Colleague]:
    """Everybody whose work is that colleague's on the day."""
    return [
        one for one in colleagues if one != colleague and standing_in(one, colleagues, day).account == colleague.account
    ]


def posts_of(colleague: Colleague, contacts: Contacts) -> list[str]:
    """The posts of the contacts that are theirs: `people.general_director`, `departments.systems.head` …"""
    return [field for field, post in contacts.posts() if _is(post, colleague)]


def problem_with(absence: Absence, colleagues: Sequence[Colleague], today: date) -> Message | None:
    """Why an absence cannot be kept like that."""
    by_account = {one.account: one for one in colleagues}
    substitute = by_account.get(absence.substitute)
    if absence.account not in by_account or substitute is None or substitute.account == absence.account:
        return N_("Choose a colleague who stands in.")
    if absence.until < absence.since or absence.until < today:
        return N_("The last day must not be before the first, nor be over.")
    if substitute.email is None:
        return N_("{name} has no email in the account, so letters could not follow: add it first.",
                  name=substitute.name)  # fmt: skip
    if _overlaps(absence, colleagues):
        return N_("{name} is away on some of these days too: choose somebody else.", name=substitute.name)
    return None


def load_of(colleague: Colleague, loads: Mapping[tuple[str, str], Workload], *, roles: Iterable[str] = ()) -> Workload:
    """What they have of what is open: as the representative, or because their post answers for it."""
    own, roles = set(colleague.names), set(roles)
    return sum((load for (who, owner), load in loads.items() if who in own or owner in roles), Workload())


def _overlaps(absence: Absence, colleagues: Iterable[Colleague]) -> bool:
    """Whether the substitute is away on one of these days too."""
    other = next((one.absence for one in colleagues if one.account == absence.substitute), None)
    return other is not None and other.since <= absence.until and absence.since <= other.until


class _Here:
    def __init__(self, contacts: Contacts, colleagues: Sequence[Colleague], day: date) -> None:
        self._contacts, self._colleagues, self._day = contacts, colleagues, day
        self._reached = {one.account: self._person(one) for one in colleagues}

    def post_of(self, one: Colleague) -> Post | None:
        """An account as a representative; None where no letter of theirs can go anywhere."""
        stands_in = self._reached[standing_in(one, self._colleagues, self._day).account]
        own = self._reached[one.account]
        if stands_in is None or stands_in == own:
            return Post.model_construct(**own.model_dump(), substitutes=()) if own else None
        # Whoever has no address of their own is still found by name, and their letters go where they should.
        return self._with((own or stands_in).model_copy(update={"name": one.name}), stands_in)

    def covered(self, post: Post) -> Post:
        """The post with whoever stands in today: as the file says, and for those in turn as the desk says."""
        holder = post.on(self._day)
        colleague = next((one for one in self._colleagues if _is(holder, one)), None)
        if colleague is None:
            return post
        now = standing_in(colleague, self._colleagues, self._day)
        reached = self._reached[now.account]
        return post if now == colleague or reached is None else self._with(post, reached)

    def _with(self, post: Person, substitute: Person) -> Post:
        day = Substitute.model_construct(**substitute.model_dump(), since=self._day, until=self._day)
        return Post.model_construct(**{**post.model_dump(), "substitutes": (day,)})

    def _person(self, one: Colleague) -> Person | None:
        """Where their letters go; never an intake address, or each would come in as a complaint."""
        if one.email is None or self._contacts.is_intake(one.email):
            return None
        listed = next((post for _, post in self._contacts.posts() if _is(post, one)), None)
        phone, language = (listed.phone, listed.language) if listed else (None, None)
        return Person.model_construct(name=one.name, email=one.email, phone=phone, language=language)


def _is(person: Person, colleague: Colleague) -> bool:
    own = {name_key(name) for name in (colleague.name, colleague.email) if name}
    return name_key(person.email) in own or name_key(person.name) in own
